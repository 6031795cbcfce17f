// Can everybody use it? Axe on every screen and sheet in both themes and both languages, the keyboard alone through every
// screen, and no sideways scrolling at 200 % or in a narrow window.

import assert from 'node:assert/strict';
import { axeFinds, choose, press } from './browser.mjs';
import { places, visit } from './places.mjs';
import { play } from './play.mjs';
import { whole } from './words.mjs';

play('for everybody', { items: 24 }, async (stage, step) => {
  await step('axe finds nothing serious while there is nothing to see', async () => {
    await stage.call('library.open', { folder: stage.library });
    await stage.call('settings.set', { welcomed: true });
    const page = await stage.page('#/home', { theme: 'dark' });
    const found = [];
    for (const place of ['home', 'sync', 'photos', 'albums', 'activity', 'settings/account', 'settings/trash']) {
      await visit(page, place);
      found.push(...(await axeFinds(page)).map((finding) => `${place}: ${finding}`));
    }
    await page.close();
    assert.deepEqual(found, []);
  });

  await stage.filled();
  const albums = await stage.call('albums.list');
  const [{ run }] = await stage.call('activity.runs', { before: null, limit: 1 });
  const { items } = await stage.control('library');
  const everywhere = places({ album: albums.find(({ count }) => count > 1).id, run });

  for (const [language, theme] of [
    ['en', 'light'],
    ['de', 'dark'],
  ])
    await step(`axe finds nothing serious: ${language}, ${theme}`, async () => {
      await stage.call('settings.set', { language, theme });
      const page = await stage.page('#/home', { language, theme });
      const found = [];
      const look = async (where) => found.push(...(await axeFinds(page)).map((finding) => `${where}: ${finding}`));
      for (const place of everywhere) {
        await visit(page, place);
        await look(place);
      }
      await visit(page, 'photos');
      await page.locator('[role=gridcell][data-id]').first().click();
      await page.keyboard.press('i');
      await page.getByRole('dialog').getByRole('complementary').waitFor();
      await look('an open photo');
      await page.keyboard.press('Escape');
      // It goes one step back in the history, which takes a moment.
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
      await look('the keyboard sheet');
      await page.keyboard.press('Escape');
      await visit(page, `activity/${run}`);
      await page
        .getByRole('button', { name: new RegExp(`^${items.length}\\s`) })
        .first()
        .click();
      await look('a list of a receipt');
      await visit(page, 'settings/account');
      await press(page, 'settings_account_sign_out', { language });
      await look('signing out');
      await page.close();
      assert.deepEqual(found, []);
    });

  await step('axe finds nothing serious while a run waits, and in its words afterwards', async () => {
    await stage.call('settings.set', { language: 'en', theme: 'light' });
    const page = await stage.page('#/sync');
    await stage.control('library', {
      edit: 'add-item',
      id: 'one-more',
      filename: 'one-more.jpg',
      creation_time: '2025-11-02T12:00:00Z',
      seed: 1,
      size: 20_000,
    });
    await stage.fault({ where: 'list', what: '429-minute', retry_after: 60, times: 1 });
    await stage.call('sync.start');
    await page.getByText(whole('sync_wait_throttled_title')).first().waitFor();
    assert.deepEqual(await axeFinds(page), []);
    await stage.call('run.cancel');
    await stage.runEnds();
    await page.getByRole('button', { name: whole('common_done') }).waitFor();
    assert.deepEqual(await axeFinds(page), []);
    await stage.call('run.dismiss');
    await page.close();
  });

  await step('the keyboard alone reaches every control, and shows where it is', async () => {
    const page = await stage.page('#/home');
    for (const place of everywhere) {
      await visit(page, place);
      // Until its first photo is there, a grid itself has the Tab key's stop.
      await page.waitForFunction(
        () => !document.querySelector('[role=grid]') || document.querySelector('[role=gridcell][tabindex="0"]'),
      );
      await page.evaluate(() => document.activeElement?.blur());
      const wanted = await page.evaluate(tabbable);
      const reached = new Set();
      const unseen = [];
      for (let presses = 0; presses < wanted.length + 12 && reached.size < wanted.length; presses += 1) {
        await page.keyboard.press('Tab');
        const { name, visible } = await page.evaluate(focusNow);
        if (!visible) unseen.push(name);
        if (wanted.includes(name)) reached.add(name);
      }
      assert.deepEqual(
        wanted.filter((name) => !reached.has(name)),
        [],
        `${place}: not reached`,
      );
      assert.deepEqual(unseen, [], `${place}: focus cannot be seen`);
    }
    await page.close();
  });

  await step('a list that opens works by keys', async () => {
    const page = await stage.page('#/settings/library');
    await choose(page, 'settings_jobs', /^4$/);
    await page
      .getByRole('button', { name: /4/ })
      .or(page.getByRole('combobox', { name: /4/ }))
      .first()
      .focus();
    await page.keyboard.press('Enter');
    await page.getByRole('option').first().waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.querySelectorAll('[role=option]').length === 0);
    // The choice is saved on its way; the list does not wait for it.
    const saved = async () => (await stage.call('library.options')).options.jobs;
    for (let tries = 0; tries < 50 && (await saved()) !== 8; tries += 1) await page.waitForTimeout(100);
    assert.equal(await saved(), 8);
    await page.close();
  });

  for (const [name, options] of [
    ['at 200 %', { size: [1280, 800], zoom: 2 }],
    ['in a small window', { size: [900, 600] }],
    ['at 200 % in German', { size: [1280, 800], zoom: 2, language: 'de' }],
  ])
    await step(`nothing scrolls sideways ${name}`, async () => {
      await stage.call('settings.set', { language: options.language ?? 'en', theme: 'system' });
      const page = await stage.page('#/home', options);
      const wide = [];
      for (const place of everywhere) {
        await visit(page, place);
        const over = await page.evaluate(() => {
          const scrolls = [document.documentElement, ...document.querySelectorAll('main, main *')];
          const found = scrolls.find(
            (element) =>
              element.scrollWidth > element.clientWidth + 1 &&
              ['auto', 'scroll'].includes(getComputedStyle(element).overflowX),
          );
          if (found) return `${found.tagName}.${found.className} by ${found.scrollWidth - found.clientWidth}`;
          return document.documentElement.scrollWidth > innerWidth ? 'the page' : null;
        });
        if (over) wide.push(`${place}: ${over}`);
      }
      assert.deepEqual(wide, []);
      await page.close();
    });
});

/** In the page: names of all controls that Tab should reach, numbered. */
function tabbable() {
  const all = [
    ...document.querySelectorAll('a[href], button, input, select, textarea, summary, video[controls], [tabindex="0"]'),
  ];
  const reachable = all.filter((element) => {
    if (element.disabled || element.tabIndex < 0 || element.closest('[inert]')) return false;
    return (
      element.checkVisibility({ checkVisibilityCSS: true }) &&
      !(element.matches('input[type=radio]') && !element.checked)
    );
  });
  return reachable.map((element, index) => {
    element.dataset.reach = String(index);
    const style = getComputedStyle(element);
    element.dataset.calm = [
      style.outlineStyle,
      style.outlineWidth,
      style.boxShadow,
      style.borderColor,
      style.backgroundColor,
    ].join();
    return `${index} ${element.tagName} ${(element.getAttribute('aria-label') ?? element.textContent ?? '').trim().slice(0, 40)}`;
  });
}

/** In the page: the control that has the focus, and whether it looks any different for that. */
function focusNow() {
  const element = document.activeElement;
  if (!element || element === document.body) return { name: 'nothing', visible: true };
  const style = getComputedStyle(element);
  const looks = [
    style.outlineStyle,
    style.outlineWidth,
    style.boxShadow,
    style.borderColor,
    style.backgroundColor,
  ].join();
  const box = element.getBoundingClientRect();
  const name = `${element.dataset.reach} ${element.tagName} ${(element.getAttribute('aria-label') ?? element.textContent ?? '').trim().slice(0, 40)}`;
  // Of a date, Chromium marks the day, the month or the year.
  const marked = element.matches('input[type=date]') || looks !== element.dataset.calm;
  return { name, visible: marked && box.width > 0 && box.height > 0 };
}
