// What an old backup has and the library lacks, uploaded to Google Photos: the right to it, the upload, the receipt, and once more.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { axeFinds, button, heading, press, reads } from './browser.mjs';
import { play } from './play.mjs';
import { makeOldBackup } from './processes.mjs';
import { signInAddress } from './sign-in.mjs';
import { until } from './stage.mjs';
import { whole, within } from './words.mjs';

play('what is missing, uploaded to Google Photos', { items: 40, chain: true }, async (stage, step) => {
  await stage.filled();
  const backup = join(stage.folder, 'Old backup');
  await makeOldBackup(join(stage.library, 'photos'), backup);
  const atGoogle = async () => (await stage.control('stats')).requests.uploaded_bytes;
  const page = await stage.page('#/compare');
  const main = page.getByRole('main');
  let key;
  let missing;

  await step('nothing is sent before it is allowed', async () => {
    await main.getByLabel(whole('compare_folder_label')).fill(backup);
    await press(main, 'compare_start');
    await heading(page, 'compare_result_title', {}, { seconds: 60 });
    [{ key, summary: missing }] = await stage.call('compare.list');
    assert.ok(missing.missing.count > 0);
    await main.getByRole('link', { name: whole('compare_upload_all') }).click();
    await heading(page, 'compare_upload_title');
    await reads(main, 'compare_upload_right_title');
    const plan = await stage.call('compare.plan_upload', { key, chosen: false });
    assert.deepEqual([plan.signed_in, plan.may_upload], [true, false]);
    assert.deepEqual(await axeFinds(page), []);
    await stage.call('compare.upload', { key, chosen: false });
    const refused = await until('the refusal', async () => {
      const run = await stage.call('run.show');
      return run.activity === 'ended' ? run : null;
    });
    assert.equal(refused.error.code, 'access-refused');
    await stage.call('run.dismiss');
    assert.equal(await atGoogle(), 0);
  });

  await step('it is allowed at Google, and the way leads back here', async () => {
    await button(main, 'compare_upload_right_do').click();
    const address = await until('the address', () => signInAddress(page).catch(() => null));
    assert.match(address, /photoslibrary\.appendonly/);
    const answer = await stage.approve(address);
    await fetch(answer);
    await main.getByLabel(within('compare_upload_album')).waitFor();
    assert.equal((await stage.call('account.show')).may_upload, true);
    assert.deepEqual(await axeFinds(page), []);
  });

  await step('everything is uploaded into an album and seen there', async () => {
    await main.getByLabel(within('compare_upload_album')).fill('Old backup');
    await press(main, 'compare_upload_do');
    await heading(page, 'compare_upload_done', {}, { seconds: 60 });
    const { receipt, error } = await stage.call('run.show');
    assert.equal(error, null);
    assert.equal(receipt.kind, 'upload');
    assert.equal(receipt.added + receipt.same_photo, receipt.listed);
    assert.ok((await atGoogle()) >= receipt.added_bytes);
    await reads(main, 'activity_upload_title');
    assert.deepEqual(await axeFinds(page), []);
    await button(main, 'compare_add_back').click();
    await heading(page, 'compare_result_title');
  });

  await step('a second time nothing is sent', async () => {
    const before = await atGoogle();
    await main.getByRole('link', { name: whole('compare_upload_all') }).click();
    await press(main, 'compare_upload_do');
    await heading(page, 'compare_upload_done', {}, { seconds: 60 });
    const { receipt } = await stage.call('run.show');
    assert.equal(receipt.added, 0);
    assert.ok(receipt.already > 0);
    assert.equal(await atGoogle(), before);
    await page.goBack();
    await stage.call('run.dismiss');
  });

  await step('the run stands among the others', async () => {
    const again = await stage.page('#/activity');
    await again.getByText(whole('activity_kind_upload')).first().waitFor();
    await again.getByText(whole('activity_kind_upload')).first().click();
    await again.getByRole('main').getByText(within('activity_line_uploaded_before')).first().waitFor();
    assert.deepEqual(await axeFinds(again), []);
  });
});
