// Settings: languages and themes at once, examples of paths that follow the choice, limits that say what they mean, the trash.

import assert from 'node:assert/strict';
import { axeFinds, choose, heading, press, reads } from './browser.mjs';
import { play } from './play.mjs';
import { runPhotokeep } from './processes.mjs';
import { until } from './stage.mjs';
import { whole, within } from './words.mjs';

play('settings', { items: 12 }, async (stage, step) => {
  let page;
  await stage.call('library.open', { folder: stage.library });
  await stage.call('settings.set', { welcomed: true });

  const section = async (name) => {
    await page.goto(`${stage.origin}/#/settings/${name}`);
  };
  const paths = () =>
    page
      .getByRole('main')
      .getByText(/\/2\d{3}|^2\d{3}/)
      .allTextContents();

  await step('the language changes without loading anew', async () => {
    page = await stage.page('#/settings/appearance');
    await page.evaluate(() => {
      window.stillTheSamePage = true;
    });
    await heading(page, 'common_nav_settings');
    await choose(page, 'settings_language', 'Deutsch');
    await heading(page, 'common_nav_settings', { language: 'de' });
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'de');
    assert.match(await page.title(), within('common_nav_settings', { language: 'de' }));
    for (const screen of ['home', 'photos', 'albums', 'activity'])
      await page.getByRole('link', { name: whole(`common_nav_${screen}`, { language: 'de' }) }).waitFor();
    await choose(page, 'settings_language', 'English', { language: 'de' });
    await heading(page, 'common_nav_settings');
    assert.equal(await page.evaluate(() => window.stillTheSamePage), true);
  });

  await step('the theme changes at once, in every page that is open, and stays', async () => {
    const other = await stage.page('#/home');
    const surface = (where) => where.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await surface(page);
    await page.getByRole('radio', { name: whole('settings_theme_dark') }).click();
    await until('the dark', async () => (await surface(page)) !== light);
    await until('the dark elsewhere', async () => (await surface(other)) === (await surface(page)));
    await page.reload();
    await heading(page, 'common_nav_settings');
    assert.notEqual(await surface(page), light);
    await page.getByRole('radio', { name: whole('settings_theme_system') }).click();
    await until('the light', async () => (await surface(page)) === light);
    await other.close();
  });

  await step('examples follow the layout and the month rule', async () => {
    await section('library');
    await reads(page, 'settings_preview');
    await until('examples', async () => (await paths()).length > 0);
    const before = await paths();
    await page.getByRole('radio', { name: within('settings_layout_gphotos_sync_flat') }).click();
    await until('other examples', async () => JSON.stringify(await paths()) !== JSON.stringify(before));
    const flat = await paths();
    await page.getByRole('radio', { name: whole('settings_month_local') }).click();
    await until('other months', async () => JSON.stringify(await paths()) !== JSON.stringify(flat));
    await until('both choices to be kept', async () => {
      const { options } = await stage.call('library.options');
      return options.layout === 'gphotos-sync-flat' && options.month === 'local';
    });
  });

  await step('a filter backwards limits nothing; a right one says what it means', async () => {
    await section('filters');
    await page.getByLabel(whole('settings_filters_from')).fill('2024-05-01');
    await page.getByLabel(whole('settings_filters_to')).fill('2023-05-01');
    await page.keyboard.press('Tab');
    await page.getByText(within('settings_filters_backwards')).waitFor();
    assert.equal((await stage.call('library.options')).filter.to, null);
    await page.getByLabel(whole('settings_filters_to')).fill('2024-06-01');
    await page.keyboard.press('Tab');
    await reads(page, 'settings_filters_partial');
    await until('the limit', async () => (await stage.call('library.options')).filter.to === '2024-06-01');
    await press(page, 'settings_filters_clear');
    await page.getByText(within('settings_filters_whole')).waitFor();
    assert.equal((await stage.call('library.options')).filter.from, null);
  });

  await step('a schedule is set, changed and taken away; when the next run is, is told', async () => {
    await section('background');
    const kept = async () => (await stage.call('background.show')).schedule?.schedule ?? null;
    assert.equal(await kept(), null);
    await page.getByRole('radio', { name: whole('background_weekly') }).click();
    await reads(page, 'background_next');
    assert.deepEqual((await kept()).every, { weekly: 6 });
    const { minute } = await kept();
    await choose(page, 'background_on', /Wednesday/);
    await until('the day', async () => (await kept()).every.weekly === 2);
    await page.getByRole('switch', { name: whole('background_power') }).click();
    await until('the condition', async () => (await kept()).only_on_power);
    await page.getByRole('radio', { name: whole('background_hours') }).click();
    await until('the hours', async () => (await kept()).every.hours === 6);
    assert.equal((await kept()).minute, minute, 'drawn once');
    assert.equal(await page.getByText(whole('background_tray')).count(), 0, 'a browser has no tray');
    assert.deepEqual(await axeFinds(page), []);
    await page.getByRole('radio', { name: whole('background_off') }).click();
    await until('no schedule', async () => (await kept()) === null);
  });

  await step('from when on a library is late is a choice', async () => {
    await choose(page, 'background_stale', /30/);
    await until('the days', async () => (await stage.call('app.start')).settings.stale_after_days === 30);
  });

  await step('an empty trash says so', async () => {
    await stage.signIn();
    await stage.sync();
    await section('trash');
    await reads(page, 'settings_trash_empty');
  });

  await step('folders and names are fixed once photos are kept', async () => {
    await section('library');
    await page.getByText(within('settings_layout_fixed')).waitFor();
    assert.equal(await page.getByRole('radio', { name: within('settings_layout_photokeep_text') }).count(), 0);
  });

  await step('what was moved to the trash shows there at once, and can be put back', async () => {
    const { items } = await stage.control('library');
    const gone = items.filter(({ video, archived }) => !video && !archived).slice(0, 2);
    await stage.control(
      'library',
      gone.map(({ id }) => ({ edit: 'remove-item', id })),
    );
    await stage.sync();
    const pruned = await runPhotokeep(['prune', stage.library, '--yes'], stage.environment);
    assert.equal(pruned.code, 0, pruned.complaints);
    await section('trash');
    const files = page.getByRole('listitem').getByRole('checkbox', { name: whole('settings_trash_select') });
    await files.first().waitFor();
    assert.equal(await files.count(), 2);
    await files.first().check();
    await press(page, 'settings_trash_restore');
    await page
      .getByText(within('settings_trash_restored', { amount: 1 }))
      .first()
      .waitFor();
    assert.equal((await stage.call('trash.list')).files.length, 1);
  });

  await step('deleting for good is asked in a dialog, and cancelled by Escape', async () => {
    await press(page, 'settings_trash_do_empty');
    const dialog = page.getByRole('alertdialog').or(page.getByRole('dialog'));
    await dialog.getByText(whole('settings_trash_question')).waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    assert.equal((await stage.call('trash.list')).files.length, 1);
    await press(page, 'settings_trash_do_empty');
    await press(dialog, 'settings_trash_delete');
    await page
      .getByText(within('settings_trash_emptied', { amount: 1 }))
      .first()
      .waitFor();
    assert.equal((await stage.call('trash.list')).files.length, 0);
  });
});
