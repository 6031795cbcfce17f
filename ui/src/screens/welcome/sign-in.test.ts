import { expect, test, vi } from 'vitest';
import { BackendError, type SignInState } from '$lib/backend';
import { anna, fakeBackend, nobody } from './fake-backend';
import { SignIn } from './sign-in.svelte';

const none: SignInState = {
  waiting: false,
  address: null,
  comes_back: true,
  note: null,
  sentences: {},
  signed_in: null,
  error: null,
};
const waiting: SignInState = { ...none, waiting: true, address: 'https://accounts.example/' };
const signedIn: SignInState = {
  ...none,
  signed_in: { account: 'anna@example.org', scopes: [], kept: '', notes: [] },
};

test('whoever comes back finds the sign-in still waiting', async () => {
  fakeBackend({ 'account.sign_in_state': () => waiting, 'account.show': () => nobody });
  const signIn = new SignIn();
  expect(signIn.stage).toBe('loading');
  await signIn.load();
  expect(signIn.stage).toBe('waiting');
});

test('a sign-in that was signed out of since is not shown as done', async () => {
  fakeBackend({ 'account.sign_in_state': () => signedIn, 'account.show': () => nobody });
  const signIn = new SignIn();
  await signIn.load();
  expect(signIn.stage).toBe('form');
});

test('from the form through the browser to done', async () => {
  let account = nobody;
  const backend = fakeBackend({
    'account.sign_in_state': () => (account === anna ? signedIn : none),
    'account.show': () => account,
    'account.sign_in': () => ({ address: 'https://accounts.example/', opened: true }),
  });
  const signIn = new SignIn();
  const stop = signIn.follow();
  await signIn.load();
  signIn.client = { text: '{}', checked: { desktop: true, comes_back: true, client_id_start: '4051' } };
  signIn.wholeLibrary = true;
  await signIn.begin();
  expect([signIn.stage, signIn.opened]).toEqual(['waiting', true]);
  expect(backend.asked('account.sign_in')).toEqual([{ client: '{}', whole_library: true }]);
  account = anna;
  backend.tell({ event: 'sign-in', sign_in: signedIn });
  expect(signIn.stage).toBe('done');
  await vi.waitFor(() => expect(signIn.account?.account).toBe('anna@example.org'));
  expect(signIn.client, 'the secret is let go of').toBeNull();
  signIn.again();
  expect(signIn.stage).toBe('form');
  stop();
});

test('a wrong address keeps waiting and says why; the next note ends the look at it', async () => {
  const backend = fakeBackend({
    'account.sign_in_state': () => waiting,
    'account.show': () => nobody,
    'account.paste': () => ({}),
  });
  const signIn = new SignIn();
  signIn.follow();
  await signIn.load();
  await signIn.paste(' http://127.0.0.1:9/?code=1 ');
  expect(signIn.pasting).toBe(true);
  expect(backend.asked('account.paste')).toEqual([{ address: 'http://127.0.0.1:9/?code=1' }]);
  backend.tell({ event: 'sign-in', sign_in: { ...waiting, note: 'not that one' } });
  expect([signIn.pasting, signIn.stage, signIn.state.note]).toEqual([false, 'waiting', 'not that one']);
});

test('a client that is refused leaves the form with the reason', async () => {
  fakeBackend({
    'account.sign_in_state': () => none,
    'account.show': () => nobody,
    'account.sign_in': () => {
      throw new BackendError({ code: 'client-file', message: 'no' });
    },
  });
  const signIn = new SignIn();
  await signIn.load();
  await signIn.begin();
  expect([signIn.stage, signIn.error?.code, signIn.beginning]).toEqual(['form', 'client-file', false]);
});
