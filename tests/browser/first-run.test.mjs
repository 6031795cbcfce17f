// The way of a new user, once through: the printed address, the welcome, a folder, the client's file, signing in, plan, sync,
// receipt, photos, albums, history, report. Detours are in the other files.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { axeFinds, button, complete, heading, press, reads } from './browser.mjs';
import { play } from './play.mjs';
import { bringClient, signInAddress } from './sign-in.mjs';
import { whole } from './words.mjs';

const items = 24;

// A film has no small picture here; while it is new, the strip of arrivals asks for one all the same.
const noPicture = /404 \(Not Found\) \(\S+\/media\/thumbnail\/\d+\)/;

play('the first run', { chain: true, items, library: false }, async (stage, step) => {
  let page;

  await step('the printed address lets in, and the code leaves the address bar', async () => {
    page = await stage.strangersPage(stage.server.address, { expects: [noPicture] });
    await heading(page, 'welcome_start_title');
    assert.ok(!page.url().includes(stage.server.code), page.url());
  });

  await step('a part of a path is no folder', async () => {
    await press(page, 'welcome_start_set_up');
    await heading(page, 'welcome_folder_title');
    await page.getByLabel(whole('welcome_folder_field')).fill('Photos');
    await reads(page, 'welcome_folder_not_whole');
    assert.ok(await button(page, 'common_continue').isDisabled());
  });

  await step('a folder is tried, and what was found is said', async () => {
    await page.getByLabel(whole('welcome_folder_field')).fill(stage.library);
    await reads(page, 'welcome_finding_symlinks');
    await reads(page, 'welcome_folder_space');
    await press(page, 'common_continue');
    await heading(page, 'welcome_source_title');
    assert.ok(readdirSync(stage.library).length > 0, 'the library is made');
  });

  await step('the right client file opens the way to Google', async () => {
    assert.ok(await button(page, 'welcome_sign_in').isDisabled());
    await bringClient(page, stage.client);
    await reads(page, 'welcome_file_right');
    await page.getByRole('switch', { name: whole('welcome_whole') }).click();
    await press(page, 'welcome_sign_in');
    await reads(page, 'welcome_waiting_title');
  });

  await step('the sign-in goes on by itself once Google has said yes', async () => {
    await fetch(await stage.approve(await signInAddress(page)));
    await reads(page, 'welcome_signed_in_title');
    await page.getByText('demo@photokeep.example').first().waitFor();
  });

  await step('a schedule is set: when the next run is, is told', async () => {
    await press(page, 'common_continue');
    await heading(page, 'welcome_schedule_title');
    await page.getByRole('radio', { name: whole('background_daily') }).click();
    await reads(page, 'background_next');
    assert.deepEqual(await axeFinds(page), []);
  });

  await step('the plan says what is to come', async () => {
    await press(page, 'welcome_show_plan');
    await heading(page, 'sync_plan_title');
    await page.getByText(String(items), { exact: true }).first().waitFor();
    await reads(page, 'sync_plan_fetch');
  });

  await step('pictures show as they arrive, and the receipt says complete', async () => {
    await press(page, 'sync_start');
    await heading(page, 'sync_running_title');
    await page.locator('main img.there').first().waitFor();
    await complete(page);
    await heading(page, 'sync_receipt_title');
  });

  await step('a number of the receipt opens its list', async () => {
    await page
      .getByRole('button', { name: new RegExp(`^${items}\\s`) })
      .first()
      .click();
    await heading(page, 'activity_list_added');
    const lines = page.getByRole('listitem').filter({ has: page.locator('a[href*="photos?item="]') });
    await lines.nth(items - 1).waitFor();
    assert.equal(await lines.count(), items);
    await press(page, 'activity_list_close');
  });

  await step('photos, albums and history have it too', async () => {
    await page.getByRole('link', { name: whole('common_nav_photos') }).click();
    await page.getByRole('grid').locator('[data-id]').first().waitFor();
    await reads(page, 'common_count_items', { amount: items });
    await page.getByRole('link', { name: whole('common_nav_albums') }).click();
    await heading(page, 'albums_title');
    await page.locator('main a[href^="#/albums/"]').first().waitFor();
    await page.getByRole('link', { name: whole('common_nav_activity') }).click();
    await reads(page, 'activity_row_complete');
  });

  await step('the report is handed to the browser, for spreadsheets and for programs', async () => {
    await page.locator('main a[href^="#/activity/"]').first().click();
    await heading(page, 'activity_complete_title');
    for (const format of ['csv', 'json']) {
      await press(page, 'activity_export');
      const downloading = page.waitForEvent('download');
      await page.getByRole('menuitem', { name: whole(`activity_export_${format}`) }).click();
      const download = await downloading;
      assert.ok(download.suggestedFilename().endsWith(format), download.suggestedFilename());
      const report = readFileSync(await download.path(), 'utf8');
      if (format === 'json') JSON.parse(report);
      assert.ok(report.split('\n').filter((line) => line.includes('.jpg')).length > 5, report);
      await reads(page, 'activity_export_handed');
    }
  });

  await step('a reload stays inside and where it was', async () => {
    const place = page.url();
    await page.reload();
    await heading(page, 'activity_complete_title');
    assert.equal(page.url(), place);
  });

  await step('Google saw a well-behaved client', async () => {
    assert.deepEqual(await stage.control('violations'), []);
  });
});

play('the demo library', { chain: true, items: 3, library: false }, async (stage, step) => {
  let page;

  await step('opens from the first page and says on every screen what it is', async () => {
    page = await stage.strangersPage(stage.server.address, { expects: [noPicture] });
    await press(page, 'welcome_start_demo');
    await reads(page, 'home_demo_title');
    await page.getByRole('navigation').getByText(whole('common_demo')).first().waitFor();
  });

  await step('is signed in already, and leads back to a library of one’s own', async () => {
    await page.goto(`${stage.origin}/#/welcome/source`);
    await reads(page, 'welcome_source_demo');
    await press(page, 'welcome_source_needs_library_button');
    await page.getByLabel(whole('welcome_folder_field')).fill(stage.library);
    await reads(page, 'welcome_finding_symlinks');
    await press(page, 'common_continue');
    await heading(page, 'welcome_source_title');
    await reads(page, 'welcome_client_title');
    await page.goto(`${stage.origin}/#/home`);
    await heading(page, 'home_new_title');
  });
});
