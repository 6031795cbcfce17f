// The way of a new user, once through: the printed address, the welcome, a folder, the client's file, signing in, plan, sync,
// receipt, photos, albums, history, report. Detours are in the other files.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, afterEach, before, test } from 'node:test';
import { button, cannot, heading, press, reads } from './browser.mjs';
import { Stage } from './stage.mjs';
import { whole, within } from './words.mjs';

const items = 24;

test('the first run', { skip: cannot }, async (run) => {
  let stage;
  let page;
  before(async () => {
    stage = await Stage.set({ items, library: false });
  });
  after(() => stage?.strike());
  afterEach(() => stage.browser.calm());

  await run.test('the printed address lets in, and the code leaves the address bar', async () => {
    page = await stage.browser.page(stage.server.address);
    await heading(page, 'welcome_start_title');
    assert.ok(!page.url().includes(stage.server.code), page.url());
  });

  await run.test('a part of a path is no folder', async () => {
    await press(page, 'welcome_start_set_up');
    await heading(page, 'welcome_folder_title');
    await page.getByLabel(whole('welcome_folder_field')).fill('Photos');
    await reads(page, 'welcome_folder_not_whole');
    assert.ok(await button(page, 'common_continue').isDisabled());
  });

  await run.test('a folder is tried, and what was found is said', async () => {
    await page.getByLabel(whole('welcome_folder_field')).fill(stage.library);
    await reads(page, 'welcome_finding_symlinks');
    await reads(page, 'welcome_folder_space');
    await press(page, 'common_continue');
    await heading(page, 'welcome_source_title');
    assert.ok(readdirSync(stage.library).length > 0, 'the library is made');
  });

  await run.test('the right client file opens the way to Google', async () => {
    assert.ok(await button(page, 'welcome_sign_in').isDisabled());
    await page.locator('input[type=file]').setInputFiles({ name: 'client_secret.json', mimeType: 'application/json', buffer: Buffer.from(stage.client) });
    await reads(page, 'welcome_file_right');
    await page.getByRole('switch', { name: within('welcome_whole') }).click();
    await press(page, 'welcome_sign_in');
    await reads(page, 'welcome_waiting_title');
  });

  await run.test('the sign-in goes on by itself once Google has said yes', async () => {
    const address = await page.getByText(/^http\S+\/auth\?/).or(page.locator('input[readonly], textarea[readonly]')).first();
    const text = (await address.inputValue().catch(() => null)) ?? (await address.textContent());
    await fetch(await stage.approve(text.trim()));
    await reads(page, 'welcome_signed_in_title');
    await page.getByText('demo@photokeep.example').first().waitFor();
  });

  await run.test('the plan says what is to come', async () => {
    await press(page, 'welcome_show_plan');
    await heading(page, 'sync_plan_title');
    await page.getByText(String(items), { exact: true }).first().waitFor();
    await reads(page, 'sync_plan_fetch');
  });

  await run.test('pictures show as they arrive, and the receipt says complete', async () => {
    await press(page, 'sync_start');
    await heading(page, 'sync_running_title');
    await page.locator('main img.there').first().waitFor();
    await heading(page, 'sync_receipt_title');
    await heading(page, 'activity_complete_title');
  });

  await run.test('a number of the receipt opens its list', async () => {
    const line = page.getByRole('button', { name: new RegExp(`^${items}\\b.*`) }).first();
    await line.click();
    await page.getByRole('heading', { name: whole('activity_list_added') }).waitFor();
    assert.equal(await page.getByRole('row').or(page.locator('table tbody tr')).count() >= items, true);
    await press(page, 'activity_list_close');
  });

  await run.test('photos, albums and history have it too', async () => {
    await page.getByRole('link', { name: whole('common_nav_photos') }).click();
    await page.getByRole('grid').getByRole('gridcell').first().waitFor();
    await reads(page, 'common_count_items', { amount: items });
    await page.getByRole('link', { name: whole('common_nav_albums') }).click();
    await heading(page, 'albums_title');
    await page.getByText('Lofoten').or(page.locator('main a[href^="#/albums/"]')).first().waitFor();
    await page.getByRole('link', { name: whole('common_nav_activity') }).click();
    await reads(page, 'activity_row_complete');
  });

  await run.test('the report is handed to the browser', async () => {
    await page.locator('main a[href^="#/activity/"]').first().click();
    await heading(page, 'activity_complete_title');
    await press(page, 'activity_export');
    const download = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: whole('activity_export_json') }).click();
    const report = JSON.parse(readFileSync(await (await download).path(), 'utf8'));
    assert.ok(JSON.stringify(report).includes('"added"'), 'the report names what was added');
    await reads(page, 'activity_export_handed');
  });

  await run.test('a reload stays inside and where it was', async () => {
    const place = page.url();
    await page.reload();
    await heading(page, 'activity_complete_title');
    assert.equal(page.url(), place);
  });

  await run.test('Google saw a well-behaved client', async () => {
    assert.deepEqual(await stage.control('violations'), []);
  });
});
