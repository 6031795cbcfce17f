import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test } from 'vitest';
import { type ApiError, BackendError, type FolderReport, type SignInState } from '$lib/backend';
import { address, router } from '$lib/router.svelte';
import { app } from '$lib/state/app.svelte';
import Welcome from '../Welcome.svelte';
import { type Answers, anna, fakeBackend, nobody, openLibrary, settings, start } from './fake-backend';
import { cards, guide } from './guide.svelte';

const report = (folder: string, change: Partial<FolderReport> = {}): FolderReport => ({
  folder,
  state: 'new',
  free_bytes: 412e9,
  total_bytes: 1000e9,
  file_system: 'ext4',
  findings: [{ grade: 'good', code: 'symlinks', text: 'never shown' }],
  trouble: null,
  link_kinds: ['copy', 'shortcut'],
  link_auto: 'copy',
  ...change,
});
const problem = (code: ApiError['code'], message: string): ApiError => ({
  code,
  message,
  hint: null,
  severity: 'error',
  retry: 'after-action',
  details: {},
  sentences: {},
});
const none: SignInState = {
  waiting: false,
  address: null,
  comes_back: true,
  note: null,
  sentences: {},
  signed_in: null,
  error: null,
};

async function open(step: string | null, answers: Answers = {}, begin = start) {
  const backend = fakeBackend({
    'app.start': () => begin,
    'settings.set': (change) => ({ ...settings, ...change }),
    'library.probe': ({ folder }) => report(folder),
    'library.preview': () => ({ photos: ['photos/2024/07/a.jpg'], albums: [] }),
    'account.show': () => nobody,
    'account.sign_in_state': () => none,
    'host.open_page': ({ page }) => ({ address: `https://example.org/${page}`, opened: true }),
    ...answers,
  });
  await app.load();
  router.go(address('welcome', step));
  return { ...backend, user: userEvent.setup(), ...render(Welcome) };
}

beforeEach(() => {
  for (const { page } of cards) guide.tick(page, false);
  guide.open = 0;
  guide.folded = false;
});

test('why Windows makes no symbolic links is said, with the way to its settings', async () => {
  const findings: FolderReport['findings'] = [
    { grade: 'note', code: 'hard-links', text: 'never shown' },
    { grade: 'note', code: 'developer-mode', text: 'never shown' },
  ];
  const { asked, user } = await open('folder', { 'library.probe': ({ folder }) => report(folder, { findings }) });
  await screen.findByText(/only in its developer mode/);
  await user.click(screen.getByRole('button', { name: /Open Windows’ settings/ }));
  await waitFor(() => expect(asked('host.open_page')).toEqual([{ page: 'windows-developers' }]));
});

test('skipping everything leads home and is remembered', async () => {
  const { user, asked } = await open(null);
  await user.click(screen.getByRole('link', { name: 'Set up my library' }));
  await user.click(await screen.findByRole('link', { name: 'Skip this step' }));
  await user.click(await screen.findByRole('button', { name: 'Skip this step' }));
  expect(router.route.screen).toBe('home');
  expect(asked('settings.set')).toEqual([{ welcomed: true }]);
});

test('the demo opens from the first page', async () => {
  const { user } = await open(null, { 'demo.open': () => ({ ...openLibrary, demo: true }) });
  await user.click(screen.getByRole('button', { name: /demo library/ }));
  await waitFor(() => expect(router.route.screen).toBe('home'));
  expect(app.library?.demo).toBe(true);
});

test('the language can be changed before anything else', async () => {
  const { user } = await open(null);
  await user.click(screen.getByRole('radio', { name: 'Deutsch' }));
  expect(await screen.findByText('Meine Bibliothek einrichten')).toBeTruthy();
});

test('the proposed folder is tried, and what does not work there cannot be chosen', async () => {
  const { user, asked } = await open('folder', { 'library.open': ({ folder }) => ({ ...openLibrary, folder }) });
  expect(await screen.findByText('412 GB free of 1 TB')).toBeTruthy();
  expect(screen.getByRole('radio', { name: /Symbolic links/ }).hasAttribute('disabled')).toBe(true);
  await user.click(screen.getByRole('radio', { name: /No album folders/ }));
  await user.click(screen.getByRole('button', { name: 'Continue' }));
  await waitFor(() => expect(router.route.id).toBe('source'));
  expect(asked('library.open')).toEqual([
    { folder: start.default_folder, options: { links: 'none', layout: 'photokeep', month: 'utc' } },
  ]);
});

test('a folder that cannot be used stops there and says why', async () => {
  await open('folder', {
    'library.probe': ({ folder }) =>
      report(folder, { state: 'unusable', findings: [{ grade: 'bad', code: 'unusable', text: 'No writing here.' }] }),
  });
  expect(await screen.findByText('No writing here.')).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Continue' }).hasAttribute('disabled')).toBe(true);
});

test('a library of a newer Photokeep is told where it was chosen', async () => {
  const { user } = await open('folder', {
    'library.probe': ({ folder }) => report(folder, { state: 'library' }),
    'library.open': () => {
      throw new BackendError({ code: 'catalog-newer', message: 'The catalog is newer.' });
    },
  });
  await user.click(await screen.findByRole('button', { name: 'Open this library' }));
  expect((await screen.findByRole('alert')).textContent).toContain('last used by a newer Photokeep');
  expect(router.route.id).toBe('folder');
});

test('somebody already signed in goes straight home', async () => {
  const { user } = await open('folder', { 'library.open': () => openLibrary, 'account.show': () => anna });
  await screen.findByText('412 GB free of 1 TB');
  await user.click(screen.getByRole('button', { name: 'Continue' }));
  await waitFor(() => expect(router.route.screen).toBe('home'));
});

test('the native dialog fills the field', async () => {
  const { user, asked } = await open('folder', { 'host.pick_folder': () => ({ path: '/media/disk' }) });
  await user.click(screen.getByRole('button', { name: 'Choose …' }));
  await waitFor(() => expect(asked('library.probe')).toContainEqual({ folder: '/media/disk' }));
  expect((screen.getByLabelText('Folder') as HTMLInputElement).value).toBe('/media/disk');
});

test('without a library the sign-in sends to the folder first', async () => {
  await open('source');
  expect(screen.getByText('First choose a folder')).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Sign in with Google' })).toBeNull();
});

const withLibrary = { ...start, library: openLibrary };

test('the five cards are ticked off one after the other and fold away', async () => {
  const { user } = await open('source', {}, withLibrary);
  await user.click(await screen.findByRole('button', { name: /New project/ }));
  for (let index = 0; index < cards.length; index += 1) {
    expect(screen.queryByText('Show the five steps')).toBeNull();
    await user.click(screen.getByRole('checkbox', { name: 'Done' }));
  }
  expect(screen.getByText('Show the five steps')).toBeTruthy();
});

test('where no browser can be opened the pages are links', async () => {
  const browser = { ...withLibrary, capabilities: { ...start.capabilities, open_address: false } };
  const page: Answers = { 'host.open_page': ({ page }) => ({ address: `https://example.org/${page}`, opened: false }) };
  await open('source', page, browser);
  const link = await screen.findByRole('link', { name: /New project/ });
  expect(link.getAttribute('href')).toBe('https://example.org/console-project');
});

test('a wrong file is named, a right one lets the sign-in begin', async () => {
  const { user, asked, container } = await open(
    'source',
    {
      'account.check_client': ({ text }) => {
        if (text === 'wrong') throw new BackendError({ code: 'client-file', message: 'This is an API key.' });
        return { desktop: true, comes_back: true, client_id_start: '4051' };
      },
      'account.sign_in': () => ({ address: 'https://accounts.example/', opened: true }),
    },
    withLibrary,
  );
  const button = await screen.findByRole('button', { name: 'Sign in with Google' });
  expect(button.hasAttribute('disabled')).toBe(true);
  const input = container.querySelector('input[type=file]') as HTMLInputElement;
  await user.upload(input, new File(['wrong'], 'key.json', { type: 'application/json' }));
  expect(await screen.findByText('This is an API key.')).toBeTruthy();
  await user.upload(
    container.querySelector('input[type=file]') as HTMLInputElement,
    new File(['right'], 'c.json', { type: 'application/json' }),
  );
  expect(await screen.findByText('Desktop app client 4051')).toBeTruthy();
  await user.click(screen.getByRole('button', { name: 'Sign in with Google' }));
  expect(await screen.findByText('Waiting for you to sign in')).toBeTruthy();
  expect(asked('account.sign_in')).toEqual([{ client: 'right', whole_library: false }]);
});

test('with a client built in nothing has to be brought', async () => {
  const { user, asked } = await open(
    'source',
    { 'account.sign_in': () => ({ address: 'https://accounts.example/', opened: false }) },
    { ...withLibrary, built_in_client: true },
  );
  await user.click(await screen.findByRole('button', { name: 'Sign in with Google' }));
  expect(asked('account.sign_in')).toEqual([{ client: null, whole_library: false }]);
  expect((await screen.findByRole('link', { name: /accounts\.example/ })).getAttribute('href')).toBe(
    'https://accounts.example/',
  );
});

test('signed in, the schedule follows, and then the plan', async () => {
  const { user, asked } = await open('source', { 'account.show': () => anna, 'sync.plan': () => ({}) }, withLibrary);
  expect(await screen.findByText('anna@example.org')).toBeTruthy();
  expect(screen.getByText('See what Photokeep itself uploaded')).toBeTruthy();
  await user.click(screen.getByRole('link', { name: 'Continue' }));
  await user.click(await screen.findByRole('button', { name: 'Show what will be fetched' }));
  await waitFor(() => expect(router.route.screen).toBe('sync'));
  expect(asked('sync.plan')).toHaveLength(1);
});

test('a refused sign-in says why and can be begun again with the same file', async () => {
  const { user, asked, tell, container } = await open(
    'source',
    {
      'account.check_client': () => ({ desktop: true, comes_back: true, client_id_start: '4051' }),
      'account.sign_in': () => ({ address: 'https://accounts.example/', opened: true }),
    },
    withLibrary,
  );
  await screen.findByText('Your own Google client');
  const input = container.querySelector('input[type=file]') as HTMLInputElement;
  await user.upload(input, new File(['right'], 'c.json', { type: 'application/json' }));
  await user.click(await screen.findByRole('button', { name: 'Sign in with Google' }));
  const refused = problem('access-refused', 'The box was not ticked.');
  tell({ event: 'sign-in', sign_in: { ...none, error: refused } });
  expect(await screen.findByText('The box was not ticked.')).toBeTruthy();
  await user.click(screen.getByRole('button', { name: 'Sign in with Google' }));
  expect(asked('account.sign_in')).toHaveLength(2);
  expect(asked('account.sign_in')[1]).toEqual({ client: 'right', whole_library: false });
});

test('with the disk of the library away nothing is made in its place', async () => {
  const trouble = problem('target-gone', 'The folder is not there.');
  await open('folder', {}, { ...start, library: { ...openLibrary, trouble } });
  expect((await screen.findByRole('alert')).textContent).toContain('not there');
  await new Promise((done) => setTimeout(done, 50));
  expect(screen.queryByText('412 GB free of 1 TB')).toBeNull();
  expect(screen.getByRole('button', { name: 'Continue' }).hasAttribute('disabled')).toBe(true);
});
