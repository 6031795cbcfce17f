// An old backup beside the library: choose the folder, compare, look at every list, choose, and add what is missing.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { axeFinds, button, heading, press, reads } from './browser.mjs';
import { visit } from './places.mjs';
import { play } from './play.mjs';
import { makeOldBackup } from './processes.mjs';
import { until } from './stage.mjs';
import { whole, within } from './words.mjs';

/** Every file below a folder with its bytes' hash and its time. */
function everything(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .sort()
    .map(
      (path) => `${path} ${createHash('sha256').update(readFileSync(path)).digest('hex')} ${statSync(path).mtimeMs}`,
    );
}

play('a folder compared with the library', { items: 60, chain: true }, async (stage, step) => {
  await stage.filled();
  const backup = join(stage.folder, 'Old backup');
  const truth = await makeOldBackup(join(stage.library, 'photos'), backup);
  const before = everything(backup);
  const page = await stage.page('#/compare');
  const main = page.getByRole('main');
  const tiles = () => main.getByRole('option');
  const tab = (name) => main.getByRole('tab', { name: within(`compare_${name}`) });
  let key;
  let missing;

  await step('a path that is not whole, and a folder that is not there', async () => {
    await heading(page, 'compare_title');
    assert.deepEqual(await axeFinds(page), []);
    const field = main.getByLabel(whole('compare_folder_label'));
    await field.fill('Old backup');
    await press(main, 'compare_start');
    await reads(main, 'compare_folder_wrong', { path: 'Old backup' });
    await field.fill(join(stage.folder, 'nowhere'));
    await press(main, 'compare_start');
    await page.getByRole('alert').waitFor();
    await button(main, 'common_close').first().click();
  });

  await step('the comparison leads to what it found', async () => {
    await main.getByLabel(whole('compare_folder_label')).fill(backup);
    await press(main, 'compare_start');
    await heading(page, 'compare_result_title');
    [{ key, summary: missing }] = await stage.call('compare.list');
    assert.match(page.url(), new RegExp(`#/compare/${key}$`));
    const { files, found, different, missing: lacking, unreadable, not_media } = missing;
    const parts = [found, different, lacking, unreadable, not_media];
    assert.equal(
      parts.reduce((sum, { count }) => sum + count, 0),
      files.count,
      'the numbers add up',
    );
    assert.equal(files.count, truth.length);
    assert.equal((await stage.call('run.show')).activity, 'idle', 'its result is put away');
    await tiles().first().waitFor();
    assert.equal(await tiles().count(), lacking.count);
    assert.deepEqual(await axeFinds(page), []);
  });

  await step('every list opens', async () => {
    for (const name of ['extra', 'duplicates', 'different', 'unreadable', 'found']) {
      await tab(name).click();
      const { count } = missing[name];
      if (name === 'duplicates')
        await main.getByRole('group').getByText(whole('compare_duplicates_keep')).first().waitFor();
      else if (count > 0) {
        await tiles().first().waitFor();
        assert.equal(await tiles().first().getAttribute('aria-setsize'), String(count), name);
      } else await reads(main, `compare_${name}_none`);
      assert.deepEqual(await axeFinds(page), [], name);
    }
    await page.reload();
    assert.equal(await tab('found').getAttribute('aria-selected'), 'true', 'the list is part of the address');
  });

  await step('two files of one photo stand side by side', async () => {
    await tab('different').click();
    await tiles().first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(whole('compare_pair_kept')).first().waitFor();
    await until('both pictures', () =>
      page.evaluate(
        () => [...document.querySelectorAll('figure img')].filter((image) => image.naturalWidth > 0).length === 2,
      ),
    );
    const name = await dialog.getByRole('heading').textContent();
    await page.keyboard.press('ArrowRight');
    await until('the next one', async () => (await dialog.getByRole('heading').textContent()) !== name);
    assert.deepEqual(await axeFinds(page), []);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  await step('a list is narrowed', async () => {
    await tab('missing').click();
    await tiles().first().waitFor();
    const years = await stage.call('compare.narrowings', { key, list: 'missing' });
    const [folder, count] = years.folders.find(([path]) => path !== '');
    await main
      .getByRole('button', { name: within('compare_filter_folder') })
      .or(main.getByRole('combobox', { name: within('compare_filter_folder') }))
      .first()
      .click();
    await page.getByRole('option', { name: `${folder} (${count})` }).click();
    await until('the narrowed list', async () => (await tiles().count()) === count);
    await press(main, 'compare_filter_clear');
    await until('the whole list', async () => (await tiles().count()) === missing.missing.count);
  });

  await step('files are chosen with mouse and keyboard, and stay chosen through a restart', async () => {
    await tiles().first().locator('[data-choose]').click();
    await tiles().first().focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press(' ');
    await until('two chosen', async () => (await stage.call('compare.show', { key })).chosen.count === 2);
    await page.close();
    await stage.stopServing();
    await stage.serve();
    const again = await stage.page(`#/compare/${key}`);
    await again.getByRole('option', { selected: true }).nth(1).waitFor();
    assert.equal(await again.getByRole('option', { selected: true }).count(), 2);
    await again.close();
  });

  let anew;
  let there;

  await step('what is chosen is planned, copied, and missing no longer', async () => {
    anew = await stage.page(`#/compare/${key}`);
    there = anew.getByRole('main');
    await there.getByRole('option').first().waitFor();
    await press(there, 'compare_add_chosen');
    await heading(anew, 'compare_add_plan_title');
    const { plan } = await stage.call('run.show');
    assert.ok(plan.to_fetch >= 1 && plan.to_fetch <= 2);
    assert.deepEqual(await axeFinds(anew), []);
    await press(there, 'compare_add_do');
    await heading(anew, 'compare_add_done', {}, { seconds: 60 });
    const { receipt } = await stage.call('run.show');
    assert.equal(receipt.added, plan.to_fetch);
    await button(there, 'compare_add_back').click();
    await heading(anew, 'compare_result_title');
    const after = await stage.call('compare.show', { key });
    assert.equal(after.summary.missing.count, missing.missing.count - 2);
    assert.equal(after.chosen.count, 0);
  });

  await step('everything else is added', async () => {
    await press(there, 'compare_add_all');
    await press(there, 'compare_add_do');
    await heading(anew, 'compare_add_done', {}, { seconds: 60 });
    await button(there, 'compare_add_back').click();
    await reads(there, 'compare_missing_none');
    assert.deepEqual(everything(backup), before, 'nothing in the folder was touched');
  });

  await step('links and a list to take away', async () => {
    await button(there, 'compare_more').click();
    await anew.getByRole('menuitem', { name: whole('compare_links_do') }).click();
    await there.getByText(join(stage.library, 'comparison')).waitFor();
    assert.ok(readdirSync(join(stage.library, 'comparison')).includes('duplicates'));
    await button(there, 'compare_more').click();
    const download = anew.waitForEvent('download');
    await anew.getByRole('menuitem', { name: whole('compare_report_csv') }).click();
    assert.equal((await download).suggestedFilename(), 'photokeep-comparison.csv');
  });

  await step('the folder of the library itself is refused, and what was compared is remembered', async () => {
    await visit(anew, 'compare');
    await there.getByText(backup).waitFor();
    await there.getByLabel(whole('compare_folder_label')).fill(stage.library);
    await press(there, 'compare_start');
    await anew.getByRole('alert').waitFor();
  });
});
