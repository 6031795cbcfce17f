import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { BackendError, type LibrarySettings, type TrashResponse } from '$lib/backend';
import { address, router } from '$lib/router.svelte';
import { app } from '$lib/state/app.svelte';
import Settings from '../Settings.svelte';
import { type Answers, anna, fakeBackend, nobody, openLibrary, settings, start } from '../welcome/fake-backend';
import { noFilter } from './filter-fields';

const library: LibrarySettings = {
  options: { layout: 'photokeep', links: 'auto', month: 'utc', jobs: 16, paths: {}, skip_shared_albums: false },
  filter: noFilter,
  layout_fixed: false,
  link_kinds: ['symlink', 'hardlink', 'copy', 'shortcut'],
};

async function open(
  section: string,
  answers: Answers = {},
  begin = { ...start, library: openLibrary as typeof start.library },
) {
  const backend = fakeBackend({
    'app.start': () => begin,
    'settings.set': (change) => ({ ...settings, ...change }),
    'library.options': () => library,
    'library.preview': ({ layout }) => ({ photos: [`${layout}/a.jpg`], albums: [] }),
    'host.open_page': () => ({ address: 'https://example.org/', opened: true }),
    ...answers,
  });
  await app.load();
  router.go(address('settings', section));
  return { ...backend, user: userEvent.setup(), ...render(Settings) };
}

test('a layout is saved when it is chosen, and its paths show', async () => {
  const { user, asked } = await open('library', {
    'library.set_options': ({ options }) => ({ ...library, options: { ...library.options, ...options } }),
  });
  await user.click(await screen.findByRole('radio', { name: /gphotos-sync, flat/ }));
  expect(asked('library.set_options')).toEqual([{ options: { layout: 'gphotos-sync-flat' } }]);
  expect(await screen.findByText('Saved')).toBeTruthy();
  const wanted = { layout: 'gphotos-sync-flat', month: 'utc', album: 'Summer in Brittany' };
  await waitFor(() => expect(asked('library.preview')).toContainEqual(wanted));
});

test('a change that is refused is taken back and said', async () => {
  const { user } = await open('library', {
    'library.set_options': () => {
      throw new BackendError({ code: 'library-busy', message: 'A run is under way.' });
    },
  });
  await user.click(await screen.findByRole('radio', { name: /Copies/ }));
  expect(await screen.findByRole('alert')).toBeTruthy();
  expect(screen.getByRole('radio', { name: /Automatic/ }).getAttribute('aria-checked')).toBe('true');
});

test('with photos kept, the layout is shown but not offered', async () => {
  await open('library', { 'library.options': () => ({ ...library, layout_fixed: true }) });
  expect(await screen.findByText(/a file keeps its name for life/)).toBeTruthy();
  expect(screen.queryByRole('radio', { name: /gphotosync/ })).toBeNull();
  expect(screen.getByRole('radio', { name: /Copies/ })).toBeTruthy();
});

test('a limit warns that runs are no longer whole; a field with a fault limits nothing', async () => {
  const { user, asked } = await open('filters', {
    'library.set_options': ({ filter }) => {
      if (typeof filter?.albums === 'object') throw new BackendError({ code: 'usage', message: 'Not valid.' });
      return { ...library, filter: filter ?? noFilter };
    },
  });
  await user.click(await screen.findByRole('switch', { name: 'Only favourites' }));
  expect(await screen.findByText('These runs see only a part')).toBeTruthy();
  await user.click(screen.getByRole('radio', { name: 'A pattern' }));
  await user.type(screen.getByLabelText('Pattern'), '(abc');
  await user.tab();
  expect(await screen.findByText(/cannot be read/)).toBeTruthy();
  expect(asked('library.set_options')).toEqual([
    { filter: { ...noFilter, favorites: true } },
    { filter: { ...noFilter, favorites: true, albums: { matching: '(abc' } } },
  ]);
  expect(screen.queryByText(/does not fit together/)).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Fetch everything' }));
  expect(asked('library.set_options').at(-1)).toEqual({ filter: noFilter });
});

test('signing out is asked once more in place', async () => {
  let account = anna;
  const { user, asked } = await open('account', {
    'account.show': () => account,
    'account.sign_out': () => {
      account = nobody;
      return { revoked: false };
    },
  });
  await user.click(await screen.findByRole('button', { name: 'Sign out' }));
  expect(screen.getByText(/All photos stay on your disk/)).toBeTruthy();
  expect(asked('account.sign_out')).toEqual([]);
  expect(screen.queryByRole('dialog')).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Sign out' }));
  expect(await screen.findByText('Nobody is signed in')).toBeTruthy();
  expect(screen.getByText(/Google could not be told/)).toBeTruthy();
});

const trash: TrashResponse = {
  files: ['a.jpg', 'b.jpg', '<b>c</b>.jpg'].map((path) => ({
    path,
    now: null,
    size: 1000,
    reason: 'no longer in Google Photos',
    removed_at: '2026-11-01T10:00:00Z',
  })),
  bytes: 3000,
};

test('only what was picked is put back', async () => {
  const { user, asked } = await open('trash', {
    'trash.list': () => trash,
    'trash.restore': ({ paths }) => ({ files: trash.files.filter((file) => paths.includes(file.path)), bytes: 1000 }),
  });
  const button = await screen.findByRole('button', { name: 'Put back' });
  expect(button.hasAttribute('disabled')).toBe(true);
  await user.click(screen.getByRole('checkbox', { name: 'Select <b>c</b>.jpg' }));
  await user.click(screen.getByRole('button', { name: 'Put 1 back' }));
  expect(asked('trash.restore')).toEqual([{ paths: ['<b>c</b>.jpg'] }]);
  expect(await screen.findByText('1 file is back in the library.')).toBeTruthy();
});

test('emptying asks in a dialog what is lost, and only then deletes', async () => {
  const { user, asked } = await open('trash', { 'trash.list': () => trash, 'trash.empty': () => trash });
  await user.click(await screen.findByRole('button', { name: 'Empty the trash …' }));
  const dialog = await screen.findByRole('dialog');
  expect(within(dialog).getByText(/3 files with 3\skB are deleted/)).toBeTruthy();
  expect(asked('trash.empty')).toEqual([]);
  await user.click(within(dialog).getByRole('button', { name: 'Delete for good' }));
  await waitFor(() => expect(asked('trash.empty')).toHaveLength(1));
});

test('without a library its sections say what to do; the rest works', async () => {
  const { user } = await open('library', {}, { ...start, library: null });
  expect(screen.getByText('No library is open')).toBeTruthy();
  router.go(address('settings', 'appearance'));
  await user.click(await screen.findByRole('radio', { name: 'Dark' }));
  expect(document.documentElement.dataset.theme).toBe('dark');
});

const unasked = {
  version: '1.0.0',
  site: 'example.org',
  automatic: null,
  looked: null,
  newer: null,
  put_away: false,
  failed: false,
};

test('new versions are looked for when the person says so, and what was found is told', async () => {
  const newer = { version: '1.1.0', page: 'https://example.org/v1.1.0' };
  const { user, asked } = await open('about', {
    'updates.show': () => unasked,
    'updates.look': () => ({ ...unasked, failed: true }),
    'updates.set_automatic': ({ on }) => ({ ...unasked, automatic: on, looked: '2026-11-24T08:00:00Z', newer }),
  });
  const automatic = await screen.findByRole('switch', { name: /once a week/ });
  expect(automatic.getAttribute('aria-checked')).toBe('false');
  expect(screen.getByText(/Nothing else is sent/)).toBeTruthy();
  await user.click(screen.getByRole('button', { name: 'Look now' }));
  expect(await screen.findByText(/did not answer/)).toBeTruthy();
  await user.click(automatic);
  expect(asked('updates.set_automatic')).toEqual([{ on: true }]);
  expect(await screen.findByText('Photokeep 1.1.0 is out')).toBeTruthy();
  await user.click(screen.getByRole('button', { name: /What is new/ }));
  await waitFor(() => expect(asked('host.open_page')).toContainEqual({ page: 'new-version' }));
});

test('a copy that was built without an address offers no look', async () => {
  await open('about', { 'updates.show': () => ({ ...unasked, site: null }) });
  expect(await screen.findByText(/looks for no new versions/)).toBeTruthy();
  expect(screen.queryByRole('switch')).toBeNull();
});
