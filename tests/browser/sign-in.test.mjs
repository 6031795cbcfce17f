// Signing in: every wrong file is named, no and yes at Google, the address pasted from another computer, and signing out.

import assert from 'node:assert/strict';
import { button, heading, press, reads } from './browser.mjs';
import { play } from './play.mjs';
import { bringClient, pasteText, signInAddress, wrongClients } from './sign-in.mjs';
import { until } from './stage.mjs';
import { whole, within } from './words.mjs';

// The engine's refusal is an answer with status 422, which Chromium writes into the console.
const refused = /422 \(Unprocessable Entity\) \(\S+\/rpc\)/;

play('signing in', { chain: true, items: 5 }, async (stage, step) => {
  let page;

  await step('without a library there is nothing to sign in for', async () => {
    page = await stage.page('#/welcome/source', { expects: [refused] });
    await heading(page, 'welcome_source_title');
    await page.goto(`${stage.origin}/#/welcome/folder`);
    await press(page, 'common_continue');
    await heading(page, 'welcome_source_title');
    await page.getByText(within('welcome_limits_text')).waitFor();
  });

  for (const { what, text, says } of wrongClients)
    await step(`${what} is called what it is`, async () => {
      await bringClient(page, text);
      await page.getByRole('alert').filter({ hasText: says }).waitFor();
      await reads(page, 'welcome_file_wrong');
      assert.ok(await button(page, 'welcome_sign_in').isDisabled());
    });

  await step('a fault is named in the language of the page', async () => {
    await stage.call('settings.set', { language: 'de' });
    await bringClient(page, '{"installed":{"client_id":"YOUR_CLIENT_ID","client_secret":"s"}}');
    await page.getByRole('alert').filter({ hasText: 'Sie endet nicht auf' }).waitFor();
    await stage.call('settings.set', { language: 'en' });
  });

  await step(
    'of a web client without an address of this computer the address has to be pasted, which is said',
    async () => {
      const redirect_uris = ['https://photos.example.org/back'];
      const web = { client_id: '12-a.apps.googleusercontent.com', client_secret: 's', redirect_uris };
      await bringClient(page, JSON.stringify({ web }));
      await page.getByText(within('welcome_file_web_paste')).waitFor();
      await press(page, 'welcome_sign_in');
      await reads(page, 'welcome_waiting_open_paste');
      await page.getByLabel(whole('welcome_paste_label')).waitFor();
      await press(page, 'welcome_cancel_sign_in');
      await press(page, 'welcome_file_other');
    },
  );

  await step('a file that is far too big is not even read', async () => {
    await bringClient(page, ' '.repeat(300 * 1024));
    await reads(page, 'common_file_too_big');
  });

  await step('the text of the right file can be pasted', async () => {
    await pasteText(page, stage.client);
    await reads(page, 'welcome_file_right');
    await page.getByText(within('welcome_file_desktop')).waitFor();
    assert.equal(await page.getByRole('alert').count(), 0, 'the old fault is gone');
  });

  await step('a no at Google is said, and one can try again with the same file', async () => {
    await page.getByRole('switch', { name: whole('welcome_whole') }).click();
    await press(page, 'welcome_sign_in');
    await fetch(await stage.approve(await signInAddress(page), { refuse: true }));
    await reads(page, 'error_access_refused_title');
    await reads(page, 'welcome_file_right');
    assert.ok(await button(page, 'welcome_sign_in').isEnabled());
  });

  await step('a sign-in can be broken off', async () => {
    await press(page, 'welcome_sign_in');
    await reads(page, 'welcome_waiting_title');
    await press(page, 'welcome_cancel_sign_in');
    await button(page, 'welcome_sign_in').waitFor();
    assert.equal((await stage.call('account.sign_in_state')).waiting, false);
  });

  await step('a reload while Google waits shows the same address', async () => {
    await page.getByRole('switch', { name: whole('welcome_whole') }).check();
    await press(page, 'welcome_sign_in');
    const address = await signInAddress(page);
    await page.reload();
    assert.equal(await signInAddress(page), address);
  });

  await step('a pasted address that is not it is refused', async () => {
    await page.getByText(whole('welcome_waiting_elsewhere')).click();
    await page.getByLabel(whole('welcome_paste_label')).fill('https://photos.google.com/');
    await press(page, 'welcome_paste_button');
    await until(
      'the fault',
      async () => (await page.getByLabel(whole('welcome_paste_label')).getAttribute('aria-invalid')) === 'true',
    );
  });

  await step('the address on which another computer ended signs in', async () => {
    const ended = await stage.approve(await signInAddress(page));
    await page.getByLabel(whole('welcome_paste_label')).fill(ended);
    await press(page, 'welcome_paste_button');
    await reads(page, 'welcome_signed_in_title');
  });

  await step('the client’s secret stays out of the page and of the browser’s store', async () => {
    const { client_secret: secret } = JSON.parse(stage.client).installed;
    const kept = await page.evaluate(
      () => document.documentElement.outerHTML + JSON.stringify({ ...localStorage, ...sessionStorage }),
    );
    assert.ok(!kept.includes(secret));
  });

  await step('signing in again needs no file: the client is kept with the sign-in', async () => {
    await press(page, 'welcome_sign_in_again');
    const start = JSON.parse(stage.client).installed.client_id.slice(0, 12);
    await reads(page, 'welcome_client_kept', { start });
    await press(page, 'welcome_sign_in');
    await fetch(await stage.approve(await signInAddress(page)));
    await reads(page, 'welcome_signed_in_title');
  });

  await step('settings say who, what and since when', async () => {
    await page.goto(`${stage.origin}/#/settings/account`);
    await page.getByText('demo@photokeep.example').first().waitFor();
    await reads(page, 'settings_scope_whole');
    await reads(page, 'settings_account_file');
  });

  await step('signing out is asked once more, and Google forgets', async () => {
    await press(page, 'settings_account_sign_out');
    await heading(page, 'settings_account_sign_out_title');
    await press(page, 'settings_account_stay');
    await press(page, 'settings_account_sign_out');
    await press(page, 'settings_account_sign_out');
    await reads(page, 'settings_account_signed_out');
    assert.equal((await stage.call('account.show')).signed_in, false);
    await page.goto(`${stage.origin}/#/home`);
    await reads(page, 'home_need_sign_in');
  });
});
