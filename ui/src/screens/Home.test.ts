import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Account, Home as HomeAnswer, OpenLibrary, Start, Updates } from '$lib/backend';
import { BackendError } from '$lib/backend';
import { type Answers, FakeBackend } from '$lib/backend/fake';
import { app } from '$lib/state/app.svelte';
import { library } from '$lib/state/library.svelte';
import { run } from '$lib/state/run.svelte';
import Framed from './activity/Framed.svelte';
import { home, idle } from './activity/samples';
import Home from './Home.svelte';
import { series } from './import/samples';

const account: Account = {
  signed_in: true,
  client: null,
  account: null,
  scopes: [],
  whole_library: false,
  may_upload: false,
  since: null,
  ends: null,
  in_keychain: true,
  kept: null,
  sentences: {},
  trouble: null,
};
const open: OpenLibrary = { folder: '/photos', name: 'photos', is_new: false, demo: false, trouble: null };
const start = {
  version: '1.0.0',
  settings: { language: 'en', theme: 'system', welcomed: true, library: null, filters: {}, years_put_away: {} },
  capabilities: { open_address: true },
  films: null,
} as unknown as Start;

const unasked: Updates = {
  version: '1.0.0',
  site: 'example.org',
  automatic: null,
  looked: null,
  newer: null,
  put_away: false,
  failed: false,
};

describe('Home', () => {
  let engine: FakeBackend;
  let stops: (() => void)[] = [];

  async function show(answer: HomeAnswer | BackendError, more: Answers = {}, opened: OpenLibrary | null = open) {
    engine = new FakeBackend({
      'app.start': () => ({ ...start, library: opened }),
      'library.status': () => {
        if (answer instanceof BackendError) throw answer;
        return answer;
      },
      'account.show': () => account,
      'run.show': () => idle,
      'timeline.buckets': () => ({ total: 0, buckets: [] }),
      'sync.start': () => ({}),
      ...more,
    });
    stops = [run.follow()];
    engine.tell({ event: 'run', run: idle });
    library.clear();
    await app.load();
    await library.load();
    render(Framed, { Screen: Home });
  }

  const heading = () => screen.getByRole('heading', { level: 1 }).textContent;
  beforeEach(() => {
    location.hash = '#/home';
  });
  afterEach(() => {
    for (const stop of stops) stop();
  });

  test('says when the catalog was lost', async () => {
    await show(home({ note: 'The catalog of this library was damaged.' }));
    await screen.findByText('The catalog of this library was damaged.');
  });

  test('a complete library: calm, nothing to do but the one button', async () => {
    await show(home());
    expect(heading()).toBe('Everything is kept');
    expect(screen.queryByText('What needs you')).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'Sync now' }));
    expect(engine.calls.at(-1)?.command).toBe('sync.start');
    expect(location.hash).toBe('#/sync');
  });

  test('failed files: what, why, and the button that tries again', async () => {
    const failure = {
      title: 'A <b>title</b>',
      code: 'item-failed',
      message: 'It broke.',
      hint: null,
      tries: 2,
      last_try: '2026-11-22T10:00:00Z',
    };
    await show(home({ health: 'attention', failed: 1, pending: 1, failures: [failure] }));
    expect(heading()).toBe('1 file has not arrived yet');
    await userEvent.click(screen.getByRole('button', { name: 'Show why' }));
    expect(screen.getByText('A <b>title</b>').tagName).toBe('BDI');
    expect(screen.getByText('This item did not arrive whole')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(engine.calls.at(-1)).toEqual({ command: 'sync.start', request: { retry: true } });
  });

  test.each(['en', 'de'] as const)(
    'the end of a year of exports is put away, and the focus is not lost (%s)',
    async (language) => {
      const exports = series({ notice: 'year-ended', year_ends: '2026-11-02T09:30:00Z' });
      const settings = { ...start.settings, language };
      let told = true;
      await show(home({}, { exports }), {
        'app.start': () => ({ ...start, settings, library: open }),
        'inbox.put_year_away': () => {
          told = false;
          return {};
        },
        'library.status': () => home({}, { exports: told ? exports : { ...exports, notice: null } }),
      });
      const words = language === 'de' ? 'Diesen Hinweis ausblenden' : 'Put this notice away';
      await userEvent.click(await screen.findByRole('button', { name: words }));
      await expect.poll(() => screen.queryByRole('button', { name: words })).toBeNull();
      expect(engine.calls.filter(({ command }) => command === 'inbox.put_year_away')).toEqual([
        { command: 'inbox.put_year_away', request: { year_ends: '2026-11-02T09:30:00Z' } },
      ]);
      expect(document.activeElement?.tagName).toBe('H1');
    },
  );

  test('a disk that is away cannot be synced to, and is looked for again on demand', async () => {
    await show(home({}, { folder_is_there: false, free_bytes: null, total_bytes: null }));
    expect(heading()).toBe('The library’s disk is not there');
    expect(screen.getByRole('button', { name: 'Sync now' })).toHaveProperty('disabled', true);
    engine.answers['library.status'] = () => home();
    await userEvent.click(screen.getByRole('button', { name: 'Look again' }));
    await expect.poll(heading).toBe('Everything is kept');
  });

  test('a run under way leads to it instead of starting another', async () => {
    await show(home());
    engine.tell({ event: 'run', run: { ...idle, activity: 'running', kind: 'sync' } });
    await expect.poll(heading).toBe('Photos are being kept');
    expect(screen.getByRole('link', { name: 'Show the run' })).toHaveProperty('hash', '#/sync');
    expect(screen.queryByRole('button', { name: 'Sync now' })).toBeNull();
  });

  test('nobody signed in: the one button is to sign in', async () => {
    await show(home(null), { 'account.show': () => ({ ...account, signed_in: false }) });
    expect(await screen.findByRole('link', { name: 'Sign in with Google' })).toHaveProperty('hash', '#/welcome/source');
    expect(screen.queryByRole('button', { name: 'Sync now' })).toBeNull();
  });

  test('a library that lives on exports needs no sign-in: the one button is the next export', async () => {
    const signedOut = { 'account.show': () => ({ ...account, signed_in: false }) };
    await show(home({ takeout_alone: true }), signedOut);
    expect(await screen.findByRole('link', { name: 'I have a Google Takeout export' })).toHaveProperty(
      'hash',
      '#/import',
    );
    expect(screen.queryByText(/not signed in/)).toBeNull();
    expect(screen.queryByRole('link', { name: 'Sign in with Google' })).toBeNull();
  });

  test.each([
    ['quota', /ended early: Google’s limit for today is reached/],
    ['cut-off', /ended early: Photokeep was closed or the computer went off/],
  ])('why the last run ended early: %s', async (stopped, words) => {
    await show(home({ health: 'attention', pending: 3, stopped }));
    expect(screen.getByText(words)).toBeTruthy();
  });

  test('a run that the person stopped needs no explanation', async () => {
    await show(home({ health: 'attention', pending: 3, stopped: 'cancelled' }));
    expect(screen.queryByText(/ended early/)).toBeNull();
  });

  test('the demo library is marked, with a way to a real one', async () => {
    await show(home(), { 'account.show': () => ({ ...account, signed_in: false }) }, { ...open, demo: true });
    expect(screen.getByText('You are looking at the demo library')).toBeTruthy();
    expect(screen.getByRole('link', { name: 'Choose a real folder' })).toHaveProperty('hash', '#/welcome/folder');
    expect(screen.queryByText(/not signed in/)).toBeNull();
  });

  test('a start that the engine refuses is said here, and nobody is sent away', async () => {
    const refused = () => {
      throw new BackendError({ code: 'library-busy', message: 'Another program.' });
    };
    await show(home(), { 'sync.start': refused });
    await userEvent.click(screen.getByRole('button', { name: 'Sync now' }));
    expect((await screen.findByRole('alert')).textContent).toContain('Another run works on this library');
    expect(location.hash).toBe('#/home');
  });

  test('a status that cannot be read says why, and never "everything is kept"', async () => {
    await show(new BackendError({ code: 'catalog-damaged', message: 'Page 3.' }));
    expect(screen.getByRole('alert').textContent).toContain('The catalog of this library is damaged');
    expect(screen.queryByText('Everything is kept')).toBeNull();
  });

  test('no library: the way to one', async () => {
    await show(home(null), {}, null);
    expect(screen.getByRole('link', { name: 'Choose a folder' })).toHaveProperty('hash', '#/welcome/folder');
  });

  test('the years can be walked by keyboard, with one stop for the Tab key, and read as a table', async () => {
    const years = [
      { year: 2019, items: 12, bytes: 1_000_000 },
      { year: 2021, items: 30, bytes: 2_000_000 },
      { year: null, items: 3, bytes: 1000 },
    ];
    await show(home({}, { years }));
    const bar = (year: number) => screen.getByRole('link', { name: new RegExp(`^${year}: `) });
    expect([bar(2019), bar(2021)].map((link) => link.getAttribute('tabindex'))).toEqual(['-1', '0']);
    bar(2021).focus();
    await userEvent.keyboard('{ArrowLeft}');
    expect(document.activeElement).toBe(bar(2019));
    expect(bar(2019)).toHaveProperty('hash', '#/photos?at=2019');
    expect(screen.getByText('3 items without a date')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'As a table' }));
    expect(screen.getAllByRole('row').map((row) => row.firstElementChild?.textContent?.trim())).toEqual([
      'Year',
      '2021',
      '2019',
      'Without a date',
    ]);
  });

  test('whether to look for new versions is asked once, and a new one is told until it is put away', async () => {
    const newer = { version: '1.1.0', page: 'https://example.org/v1.1.0' };
    await show(home(), {
      'updates.show': () => unasked,
      'updates.set_automatic': ({ on }) => ({ ...unasked, automatic: on, newer: on ? newer : null }),
      'updates.put_away': () => ({ ...unasked, automatic: true, newer, put_away: true }),
      'host.open_page': () => ({ address: newer.page, opened: false }),
    });
    const user = userEvent.setup();
    expect(await screen.findByText(/Photokeep then asks example.org/)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Yes, once a week' }));
    expect(await screen.findByText('Photokeep 1.1.0 is out')).toBeTruthy();
    expect(screen.queryByText(/Shall Photokeep look/)).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Skip this version' }));
    expect(screen.queryByText('Photokeep 1.1.0 is out')).toBeNull();
  });

  test('who does not want new versions looked for is not asked again', async () => {
    await show(home(), { 'updates.show': () => ({ ...unasked, automatic: false }) });
    await screen.findByRole('heading', { level: 1 });
    expect(screen.queryByText(/Shall Photokeep look/)).toBeNull();
  });
});
