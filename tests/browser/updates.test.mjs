// New versions: asked once, looked for only when it was allowed, and never more than a link.

import assert from 'node:assert/strict';
import { axeFinds, press, reads } from './browser.mjs';
import { visit } from './places.mjs';
import { play } from './play.mjs';
import { whole } from './words.mjs';

play('new versions', { chain: true, items: 8, newest: '99.0.0' }, async (stage, step) => {
  let page;
  let main;
  await stage.call('library.open', { folder: stage.library });
  await stage.call('settings.set', { welcomed: true });
  await stage.signIn();
  await stage.sync();

  await step('the first page asks, and asks nobody before it has an answer', async () => {
    page = await stage.page('#/home');
    main = page.getByRole('main');
    await reads(page, 'settings_updates_ask');
    assert.equal(stage.releasesAsked, 0);
    assert.deepEqual(await axeFinds(page), []);
    await press(main, 'settings_updates_yes');
    await reads(page, 'settings_updates_newer', { version: '99.0.0' });
    assert.equal(stage.releasesAsked, 1);
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'H1');
    assert.deepEqual(await axeFinds(page), []);
  });

  await step('the new version is a link to the site, and no more', async () => {
    const link = main.getByRole('link', { name: whole('settings_updates_open') });
    assert.equal(await link.getAttribute('href'), `${stage.releases}/v99.0.0`);
    await press(main, 'settings_updates_put_away');
    await main.getByText(whole('settings_updates_newer', { version: '99.0.0' })).waitFor({ state: 'detached' });
    await page.reload();
    await reads(page, 'home_complete_title');
    assert.equal(await main.getByText(whole('settings_updates_ask')).count(), 0);
  });

  await step('the settings tell it still, and switch it off', async () => {
    await visit(page, 'settings/about');
    await reads(page, 'settings_updates_newer', { version: '99.0.0' });
    const automatic = main.getByRole('switch', { name: whole('settings_updates_switch') });
    assert.equal(await automatic.getAttribute('aria-checked'), 'true');
    await automatic.click();
    await page.waitForFunction(() => document.querySelector('[role=switch]')?.getAttribute('aria-checked') === 'false');
    assert.equal((await stage.call('updates.show')).automatic, false);
    assert.equal(stage.releasesAsked, 1);
    assert.deepEqual(await axeFinds(page), []);
  });
});
