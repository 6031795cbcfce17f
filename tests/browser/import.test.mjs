// An export of Google Takeout becomes a library: from the guide to photos that show, with paths typed into a browser.

import assert from 'node:assert/strict';
import { readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { axeFinds, button, heading, press, reads } from './browser.mjs';
import { visit } from './places.mjs';
import { play } from './play.mjs';
import { makeExport } from './processes.mjs';
import { until } from './stage.mjs';
import { whole, within } from './words.mjs';

play('an export of Takeout', { items: 1, library: false, chain: true }, async (stage, step) => {
  const downloads = join(stage.folder, 'Downloads');
  await makeExport(downloads, ['--items', '60', '--albums', '4', '--parts', '3', '--only', '', '--pictures', 'small']);
  // Google's sign-in page under the name of a part, as a browser saves it when the sign-in has run out.
  writeFileSync(
    join(downloads, 'takeout-20260101T000000Z-009.zip'),
    '<!DOCTYPE html><html><title>Sign in</title></html>',
  );
  await stage.call('library.open', { folder: stage.library });
  await stage.call('settings.set', { welcomed: true });
  const page = await stage.page('#/home');
  const main = page.getByRole('main');
  let receipt;

  await step('a new library offers the import, and the guide leads to Google and back', async () => {
    await heading(page, 'import_home_new_title');
    await press(main, 'import_guide_open');
    await heading(page, 'import_guide_title');
    const link = main.getByRole('link', { name: whole('import_guide_open_link') });
    assert.equal(await link.getAttribute('href'), 'https://takeout.google.com/settings/takeout/custom/photos');
    await main.getByRole('radio', { name: whole('import_guide_often') }).click();
    await until('the other page', async () => (await link.getAttribute('href')) === 'https://takeout.google.com/');
    await heading(page, 'import_guide_unknown_title');
    assert.deepEqual(await axeFinds(page), []);
    await press(main, 'import_guide_import_do');
    await heading(page, 'import_title');
  });

  await step('a path that is not whole is refused before anything is asked for', async () => {
    const field = main.getByLabel(whole('import_paths_label'));
    await field.fill('Downloads');
    await press(main, 'import_plan_do');
    await reads(main, 'import_paths_wrong', { path: 'Downloads' });
    await field.fill(join(stage.folder, 'nowhere'));
    await press(main, 'import_plan_do');
    await page.getByRole('alert').waitFor();
    await press(main, 'import_again');
  });

  await step('the plan says what comes, and names what cannot be read', async () => {
    await main.getByLabel(whole('import_paths_label')).fill(`"${downloads}"`);
    await press(main, 'import_plan_do');
    await heading(page, 'import_plan_title');
    await main.getByText('takeout-20260101T000000Z-009.zip').waitFor();
    await reads(main, 'import_kind_first');
    const { plan, import: told } = await stage.call('run.show');
    assert.equal(plan.to_fetch, 60);
    assert.ok(told.account.open >= 60, 'photos in albums are in the archives twice');
    assert.equal(told.refused.length, 1);
    assert.deepEqual(await axeFinds(page), []);
    assert.equal((await stage.call('activity.runs', { before: null, limit: 9 })).length, 0, 'a plan is no run');
  });

  await step('the import ends with an account that adds up', async () => {
    await button(main, 'import_start').click();
    await heading(page, 'import_receipt_title', {}, { seconds: 90 });
    ({ receipt } = await stage.call('run.show'));
    const { entries, ...ended } = receipt.account;
    assert.equal(
      Object.values(ended).reduce((sum, count) => sum + count, 0),
      entries,
    );
    assert.equal(ended.open, 0);
    assert.ok(ended.stored >= 60);
    // The sign-in page was refused, so nobody is told to delete anything.
    await reads(main, 'import_next_keep');
    assert.deepEqual(await axeFinds(page), []);
  });

  await step('each number opens its list, and the report holds every entry', async () => {
    const stored = main.getByRole('button', { name: within('import_end_stored') });
    await stored.click();
    await main
      .getByText(/Photos from \d{4}\//)
      .first()
      .waitFor();
    await press(main, 'activity_list_close');
    assert.equal(await stored.getAttribute('aria-expanded'), 'false');
    assert.ok(await stored.evaluate((element) => element === document.activeElement), 'the focus is back');
    const [download] = await Promise.all([page.waitForEvent('download'), press(main, 'import_report')]);
    assert.equal(download.suggestedFilename(), `photokeep-import-${receipt.run}.csv`);
    const { content } = await stage.call('import.report', { run: receipt.run });
    assert.equal(content.trim().split(/\r?\n/).length, receipt.account.entries + 1);
  });

  await step('the photos show', async () => {
    await press(main, 'import_see_photos');
    await page.locator('[role=gridcell][data-id]').first().waitFor();
    const { buckets } = await stage.call('timeline.buckets', { album: null });
    const shown = buckets.reduce((sum, { count }) => sum + count, 0);
    assert.equal(shown, receipt.added);
  });

  await step('the same export again adds nothing', async () => {
    await visit(page, 'import');
    await main.getByLabel(whole('import_paths_label')).fill(downloads);
    await press(main, 'import_plan_do');
    await heading(page, 'import_plan_nothing_title');
    await press(main, 'import_cancel');
    await heading(page, 'import_title');
  });

  await step('a file dropped on a browser is explained, and the page stays', async () => {
    await visit(page, 'photos');
    await page.evaluate(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(['PK'], 'takeout-001.zip'));
      const event = new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true });
      document.body.dispatchEvent(event);
    });
    await reads(main, 'import_drop_browser_title');
  });
});

play('exports that were made to hurt', { items: 1, library: false }, async (stage, step) => {
  await stage.call('library.open', { folder: stage.library });
  await stage.call('settings.set', { welcomed: true, language: 'de' });
  const parts = (folder) => readdirSync(folder).sort();

  /** What a run says that has no code, and so would be shown in English to everybody. */
  async function withoutCode(run) {
    const { receipt, sentences } = run;
    const counted = [...receipt.failed, ...receipt.skipped].map(({ reason }) => reason);
    const told = [...receipt.notes, ...run.notes, ...run.import.refused.map(({ why }) => why), ...counted];
    assert.ok(told.length > 2, 'there is something to tell');
    const missing = told.filter((text) => sentences[text] === undefined);
    for (const ended of ['refused', 'other', 'service', 'companion', 'sidecar']) {
      const list = await stage.call('import.entries', { run: receipt.run, ended, offset: 0, limit: 1000 });
      const reasons = list.rows.map(({ reason }) => reason);
      missing.push(...reasons.filter((reason) => reason && list.sentences[reason] === undefined));
    }
    return missing;
  }

  for (const [name, container] of [
    ['zip archives with harm in them, and a part that is missing', 'zip'],
    ['a tgz that is cut off', 'tgz'],
  ])
    await step(`everything that is told of ${name} has a code`, async () => {
      const folder = join(stage.folder, container);
      const harm = container === 'zip' ? ['--hostile'] : ['--only', '', '--seed', '9'];
      await makeExport(folder, ['--items', '60', '--albums', '3', '--parts', '3', '--container', container, ...harm]);
      if (container === 'zip') rmSync(join(folder, parts(folder)[1]));
      else {
        const last = join(folder, parts(folder).at(-1));
        truncateSync(last, Math.floor(statSync(last).size * 0.6));
      }
      await stage.call('import.start', { paths: [folder], xmp: true });
      const run = await stage.runEnds(90);
      assert.deepEqual(await withoutCode(run), []);
      await stage.call('run.dismiss');
    });
});
