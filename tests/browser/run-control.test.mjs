// A run under way: paused, resumed, looked at from a page that was loaded anew, stopped, gone on with; what Google's limits and
// bad answers look like, and what is said of items that did not arrive.

import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { button, complete, heading, press, reads } from './browser.mjs';
import { play } from './play.mjs';
import { until } from './stage.mjs';
import { whole, within } from './words.mjs';

// Films have no small picture here, made-up fillers are none; refusals are answers with status 422.
const expects = [/404 \(Not Found\) \(\S+\/media\/thumbnail\/\d+\)/, /422 \(Unprocessable Entity\) \(\S+\/rpc\)/];

/** Adds a cheap photo to the account, so that there is something to fetch. */
function added(stage, number) {
  const day = String(number).padStart(2, '0');
  return stage.control('library', {
    edit: 'add-item',
    id: `added-${number}`,
    filename: `added-${number}.jpg`,
    creation_time: `2025-11-${day}T12:00:00Z`,
    seed: number,
    size: 20_000,
  });
}

play('a run', { chain: true, items: 30, latency: 150 }, async (stage, step) => {
  let page;
  const strip = () => page.getByRole('region', { name: whole('common_run_region') });
  const done = async () => Number(await page.getByRole('main').getByRole('progressbar').getAttribute('aria-valuenow'));

  /** Puts the result away, which leads home: only then may the test go elsewhere. */
  const putAway = async () => {
    await press(page, 'common_done');
    await page.waitForURL(/#\/home$/);
  };

  await stage.call('library.open', { folder: stage.library, options: { jobs: 1 } });
  await stage.signIn();
  await stage.call('settings.set', { welcomed: true });

  await step('starts from the first screen', async () => {
    page = await stage.page('#/home', { expects });
    await heading(page, 'home_new_title');
    await press(page, 'home_sync');
    await heading(page, 'sync_running_title');
    await strip().waitFor();
    await reads(strip(), 'common_phase_fetching');
  });

  await step('pauses, and nothing goes on meanwhile', async () => {
    await until('some progress', async () => (await stage.call('run.show')).meter?.done > 1);
    await press(page.getByRole('main'), 'common_run_pause');
    await reads(page, 'sync_paused_text');
    // What was under way ends; then nothing moves.
    const meter = await until('the standstill', async () => {
      const before = (await stage.call('run.show')).meter;
      await sleep(1500);
      const now = (await stage.call('run.show')).meter;
      return now.done === before.done && now;
    });
    assert.ok(meter.done < meter.total, `${meter.done} of ${meter.total}`);
  });

  await step('is still paused after a reload, at the same place', async () => {
    const before = await done();
    await page.reload();
    await reads(page, 'sync_paused_text');
    assert.equal(await done(), before);
    assert.equal(
      await strip()
        .getByRole('button', { name: whole('common_run_resume') })
        .count(),
      1,
    );
  });

  await step('resumes from the strip, on any screen', async () => {
    await page.goto(`${stage.origin}/#/settings`);
    await press(strip(), 'common_run_resume');
    await strip()
      .getByRole('button', { name: whole('common_run_pause') })
      .waitFor();
    await reads(page, 'settings_locked');
  });

  await step('goes on while no page is open, and a new one shows the truth', async () => {
    const before = (await stage.call('run.show')).meter.done;
    await page.close();
    await until('more progress', async () => (await stage.call('run.show')).meter.done > before + 1);
    page = await stage.page('#/sync', { expects });
    await heading(page, 'sync_running_title');
    assert.ok((await done()) > 0);
  });

  await step('stops when told, keeps what has arrived, and goes on later', async () => {
    await press(page.getByRole('main'), 'common_run_stop');
    await reads(page, 'activity_cancelled_title');
    const kept = (await stage.call('library.status')).status.items;
    assert.ok(kept > 0 && kept < 30, `${kept} kept`);
    await press(page, 'sync_go_on');
    await complete(page);
    assert.equal((await stage.call('library.status')).status.items, 30);
    await putAway();
    await heading(page, 'home_complete_title');
  });

  await step('waits when Google asks for it, says until when, and goes on by itself', async () => {
    await added(stage, 1);
    await stage.fault({ where: 'media', what: '429-minute', retry_after: 4, times: 1 });
    await page.goto(`${stage.origin}/#/sync`);
    await press(page, 'sync_start_now');
    await reads(page, 'sync_wait_throttled_title');
    await page.getByText(within('sync_wait_throttled_text')).first().waitFor();
    await strip().getByText(within('common_run_waiting_throttled')).first().waitFor();
    await complete(page);
    await putAway();
  });

  await step('ends when the limit for the day is reached, in words', async () => {
    await added(stage, 2);
    await stage.fault({ where: 'api', what: '429-day' });
    await page.goto(`${stage.origin}/#/sync`);
    await press(page, 'sync_start_now');
    await reads(page, 'error_quota_title');
    await stage.clearFaults();
    await putAway();
  });

  await step('names what did not arrive and why, and Home says so', async () => {
    await stage.fault({ where: 'media', match: { filename: 'added-2.jpg' }, what: 'html-200' });
    await page.goto(`${stage.origin}/#/sync`);
    await press(page, 'sync_start_now');
    await page
      .getByRole('heading', { name: whole('activity_failed_title', { amount: 1 }) })
      .waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: /^1\s+\S*failed/ }).click();
    await heading(page, 'activity_list_failed');
    await page.getByText('added-2.jpg').first().waitFor();
    await page
      .getByText(/web page/)
      .first()
      .waitFor();
    await page.goto(`${stage.origin}/#/home`);
    await page.getByRole('heading', { name: whole('home_failed_title', { amount: 1 }) }).waitFor();
    await press(page, 'home_need_failed_show');
    await reads(page, 'error_item_not_media_title');
  });

  await step('tries the failed ones again', async () => {
    await stage.clearFaults();
    await press(page, 'home_need_failed_do');
    await complete(page);
    await page.goto(`${stage.origin}/#/home`);
    await heading(page, 'home_complete_title');
  });

  await step('a sign-in that Google has ended leads to a new one', async () => {
    await added(stage, 3);
    await stage.control('reject-tokens', {});
    await stage.fault({ where: 'token', what: 'refresh-refused' });
    await page.goto(`${stage.origin}/#/sync`);
    await stage.call('run.dismiss');
    await press(page, 'sync_start_now');
    await reads(page, 'error_sign_in_needed_title');
    await press(page.getByRole('main'), 'error_button_sign_in');
    await heading(page, 'welcome_source_title');
  });

  await step('every file can be checked', async () => {
    await stage.call('run.dismiss');
    await page.goto(`${stage.origin}/#/sync`);
    await press(page, 'sync_check_do');
    await heading(page, 'activity_sound_title');
    assert.equal(await button(page, 'sync_again').count(), 0);
  });
});
