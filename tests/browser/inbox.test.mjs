// Folders that are watched: added in the browser, what lies in them told, finished archives imported at a press and by
// themselves, and put away as was chosen.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { axeFinds, choose, heading, press, reads } from './browser.mjs';
import { visit } from './places.mjs';
import { play } from './play.mjs';
import { makeExport } from './processes.mjs';
import { until } from './stage.mjs';
import { whole } from './words.mjs';

const archivesIn = (folder) => readdirSync(folder).filter((name) => name.endsWith('.zip'));

/** An export whose parts were written a while ago. */
async function arrive(folder, seed, items) {
  await makeExport(folder, [
    '--items',
    String(items),
    '--albums',
    '1',
    '--parts',
    '2',
    '--only',
    '',
    '--seed',
    String(seed),
  ]);
  const before = new Date(Date.now() - 60_000);
  for (const name of archivesIn(folder)) utimesSync(join(folder, name), before, before);
  return archivesIn(folder);
}

play('watched folders', { items: 3, chain: true }, async (stage, step) => {
  const downloads = join(stage.folder, 'Downloads');
  const cloud = join(stage.folder, 'Dropbox');
  mkdirSync(downloads);
  mkdirSync(cloud);
  await stage.filled();
  // A plan that stands keeps the folders waiting, so that nothing begins before it is asked for.
  await stage.call('sync.plan');
  await stage.runEnds();
  const page = await stage.page('#/import', { expects: [/\b422\b/] });
  const main = page.getByRole('main');
  const field = main.getByLabel(whole('inbox_path_label'));
  const states = async () => (await stage.call('inbox.show')).found.map(({ state }) => state);

  await step('a folder is watched; a path that is not whole and the library itself are refused', async () => {
    await heading(page, 'inbox_title');
    await field.fill('Downloads');
    await press(main, 'inbox_add');
    await reads(main, 'import_paths_wrong', { path: 'Downloads' });
    await field.fill(stage.library);
    await press(main, 'inbox_add');
    await page.getByRole('alert').waitFor();
    assert.deepEqual((await stage.call('inbox.show')).inboxes, []);
    await field.fill(downloads);
    await field.press('Enter');
    await reads(main, 'inbox_added', { folder: downloads });
    await main.getByRole('heading', { name: downloads }).waitFor();
    await reads(main, 'inbox_empty');
    assert.equal(await page.getByRole('alert').count(), 0);
    assert.deepEqual(await axeFinds(page), []);
  });

  let parts;
  await step('what lies in it is told: what grows, what is refused and why, what is ready', async () => {
    parts = await arrive(downloads, 1, 12);
    const page_of_sign_in = join(downloads, 'takeout-20260101T000000Z-009.zip');
    writeFileSync(page_of_sign_in, '<!DOCTYPE html><html><title>Sign in</title></html>');
    utimesSync(page_of_sign_in, new Date(1_700_000_000_000), new Date(1_700_000_000_000));
    writeFileSync(join(downloads, 'takeout-20270101T000000Z-001.zip.crdownload'), 'PK');
    await visit(page, 'home');
    await visit(page, 'import');
    await main.getByText(whole('inbox_ready')).waitFor({ timeout: 60_000 });
    await reads(main, 'inbox_state_growing');
    await reads(main, 'inbox_state_refused');
    await main.getByText(/This is a web page, not an archive/).waitFor();
    assert.deepEqual((await states()).sort(), ['finished', 'finished', 'growing', 'refused']);
    assert.deepEqual(await axeFinds(page), []);
  });

  await step('archives go where it was chosen, once everything in them is kept', async () => {
    await choose(page, 'inbox_then', /“imported”/);
    await reads(main, 'inbox_saved');
    await main.getByText(whole('inbox_ready')).waitFor({ timeout: 60_000 });
    await press(main, 'inbox_import_now');
    await heading(page, 'import_receipt_title', {}, { seconds: 90 });
    await heading(page, 'inbox_put_away_title');
    assert.equal(await main.getByText(whole('inbox_state_moved')).count(), parts.length);
    assert.deepEqual(readdirSync(join(downloads, 'imported')).sort(), parts.toSorted());
    assert.equal(archivesIn(downloads).length, 1, 'the sign-in page stays');
    const { receipt, from_inboxes } = await stage.call('run.show');
    assert.equal(receipt.added, 12);
    assert.deepEqual(
      from_inboxes.map(({ state }) => state),
      ['moved', 'moved'],
    );
    assert.deepEqual(await axeFinds(page), []);
  });

  await step('the calendar knows when the last export came', async () => {
    await press(main, 'import_more');
    await heading(page, 'inbox_calendar_title');
    const { calendar } = await stage.call('inbox.show');
    assert.equal(calendar.exports, 1);
    assert.ok((await stage.call('library.status')).exports, 'who watches a folder waits for the next one');
  });

  await step('without a plan in sight an archive is imported by itself, and left where that was chosen', async () => {
    const names = await arrive(cloud, 2, 5);
    await field.fill(cloud);
    await field.press('Enter');
    await reads(main, 'inbox_added', { folder: cloud });
    await heading(page, 'import_receipt_title', {}, { seconds: 120 });
    await main.getByText(whole('inbox_state_kept')).first().waitFor();
    assert.deepEqual(archivesIn(cloud), names);
    await press(main, 'import_more');
  });

  await step('it is told in German too, and a folder is let go without touching it', async () => {
    await stage.call('settings.set', { language: 'de', theme: 'dark' });
    const german = await stage.page('#/import', { language: 'de', theme: 'dark' });
    await heading(german, 'inbox_title', { language: 'de' });
    await german.getByText(/Das ist eine Webseite, kein Archiv/).waitFor();
    assert.deepEqual(await axeFinds(german), []);
    const folder = german.getByRole('listitem').filter({ has: german.getByRole('heading', { name: downloads }) });
    await folder.getByRole('button', { name: whole('inbox_remove', { language: 'de' }) }).click();
    await reads(german, 'inbox_removed', { language: 'de', folder: downloads });
    await until('the folder to go', async () => (await german.getByRole('heading', { name: downloads }).count()) === 0);
    assert.equal(await german.evaluate(() => document.activeElement?.tagName), 'INPUT', 'the focus is not lost');
    assert.ok(existsSync(join(downloads, 'imported')));
    assert.equal(archivesIn(downloads).length, 1);
    const { inboxes } = await stage.call('inbox.show');
    assert.deepEqual(
      inboxes.map(({ folder }) => folder),
      [cloud],
    );
    await german.close();
  });
});

play('a year of exports that is over', { items: 1, chain: true }, async (stage, step) => {
  const old = join(stage.folder, 'old');
  mkdirSync(old);
  await stage.filled();
  for (const [seed, day] of [
    [1, '20200110'],
    [2, '20200311'],
  ]) {
    const folder = join(stage.folder, day);
    const names = await arrive(folder, seed, 3);
    for (const name of names) renameSync(join(folder, name), join(old, name.replace(/-\d{8}T/, `-${day}T`)));
  }
  await stage.call('import.start', { paths: [old], xmp: false });
  await stage.runEnds();
  const told = async () => (await stage.call('library.status')).exports.notice;

  await step('it is told on Home, and put away for good', async () => {
    assert.equal(await told(), 'year-ended');
    const page = await stage.page('#/home');
    const main = page.getByRole('main');
    const away = main.getByRole('button', { name: whole('inbox_need_year_put_away') });
    await away.waitFor();
    assert.deepEqual(await axeFinds(page), []);
    await away.press('Enter');
    await until('the line to go', async () => (await away.count()) === 0);
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'H1', 'the focus is not lost');
    assert.equal(await told(), null);
    assert.equal((await stage.call('inbox.show')).calendar.notice, 'year-ended', 'the page Import still says it');
    await page.reload();
    await main.getByRole('heading', { level: 1 }).waitFor();
    assert.equal(await away.count(), 0);
    await page.close();
  });
});
