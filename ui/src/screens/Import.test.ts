import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ApiError, Capabilities, RunState, Start } from '$lib/backend';
import { FakeBackend } from '$lib/backend/fake';
import { locale } from '$lib/locale.svelte';
import { router } from '$lib/router.svelte';
import { app } from '$lib/state/app.svelte';
import { run } from '$lib/state/run.svelte';
import Framed from './activity/Framed.svelte';
import { idle } from './activity/samples';
import Import from './Import.svelte';
import { dropping } from './import/dropping.svelte';
import { account, archives, found, imported, inboxes, planned, told } from './import/samples';

const long = `${'Ferienfotos-mit-einem-sehr-langen-Namen-'.repeat(8)}.zip`;
const hostile = '<img src=x onerror=alert(1)>\u202Egpj.zip';
const fault: ApiError = {
  code: 'usage',
  message: 'No Google Takeout export was found there. Nothing was imported.',
  hint: null,
  severity: 'error',
  retry: 'no',
  details: {},
  sentences: {},
};
const running: RunState = {
  ...idle,
  activity: 'running',
  kind: 'import',
  phase: 'fetching',
  archives,
  meter: {
    phase: 'fetching',
    done: 1240,
    total: 4210,
    bytes: 9_260_000_000,
    bytes_per_second: 23_600_000,
    seconds_left: 960,
    failed: 0,
  },
};

let engine: FakeBackend;
let stop: () => void;

async function show(state: RunState, { window = false, language = 'en' as 'en' | 'de', place = '#/import' } = {}) {
  const can = { pick_folder: window, save_file: window, open_address: false } as Capabilities;
  engine = new FakeBackend({
    'app.start': () =>
      ({
        version: '1',
        platform: 'linux',
        host: window ? 'window' : 'browser',
        capabilities: can,
        settings: { language, theme: 'system', welcomed: true, library: null, filters: {}, years_put_away: {} },
        library: { folder: '/photos', name: 'photos', is_new: false, demo: false, trouble: null },
      }) as unknown as Start,
    'import.pick': () => ({ paths: ['/downloads/a.zip', '/downloads/b.zip'] }),
    'import.plan': () => ({}),
    'import.start': () => ({}),
    'import.entries': ({ offset, limit }) => ({
      total: 214,
      rows: Array.from({ length: Math.min(limit, 214 - offset) }, (_, index) => ({
        archive: 'takeout-001.zip',
        path: `Google Photos/Photos from 2019/IMG_${offset + index}.jpg`,
        bytes: 12,
        reason: 'The name points out of the archive.',
        file: null,
      })),
      sentences: {},
    }),
    'import.report': ({ run: number }) => ({
      name: `photokeep-import-${number}.csv`,
      saved_to: '/home/r.csv',
      content: null,
    }),
    'inbox.show': () => inboxes(),
    'run.dismiss': () => ({}),
    'run.pause': () => ({}),
    'host.open_page': ({ page }) => ({ address: `https://takeout.google.com/${page}`, opened: false }),
  });
  router.go(place);
  stop = run.follow();
  await app.load();
  engine.tell({ event: 'run', run: state });
  return render(Framed, { Screen: Import });
}

const said = (command: string) => engine.calls.filter((call) => call.command === command).map(({ request }) => request);

async function findings(): Promise<string[]> {
  // Colours are looked at in a real browser.
  const { violations } = await axe.run(document.body, {
    rules: { 'color-contrast': { enabled: false }, region: { enabled: false } },
  });
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

beforeEach(() => {
  dropping.trouble = null;
});
afterEach(() => {
  stop();
  engine.tell({ event: 'run', run: idle });
});

describe('before an import', () => {
  test('in the window archives are chosen, and their plan asked for at once', async () => {
    await show(idle, { window: true });
    await userEvent.click(screen.getByRole('button', { name: 'Choose archives' }));
    expect(said('import.pick')).toEqual([{ folder: false }]);
    expect(said('import.plan')).toEqual([{ paths: ['/downloads/a.zip', '/downloads/b.zip'] }]);
    expect(await findings()).toEqual([]);
  });

  test('nothing chosen asks for nothing', async () => {
    await show(idle, { window: true });
    engine.answers['import.pick'] = () => ({ paths: [] });
    await userEvent.click(screen.getByRole('button', { name: 'Choose a folder' }));
    expect(said('import.plan')).toEqual([]);
  });

  test('in a browser whole paths are typed, one in each line', async () => {
    await show(idle);
    expect(screen.queryByRole('button', { name: 'Choose archives' })).toBeNull();
    const field = screen.getByLabelText('Where the archives are');
    await userEvent.type(field, 'Downloads{enter}');
    await userEvent.click(screen.getByRole('button', { name: 'Show what is in them' }));
    expect(screen.getByText(/“Downloads” is not a whole path/)).toBeTruthy();
    expect(said('import.plan')).toEqual([]);
    await userEvent.clear(field);
    await userEvent.type(field, ' /a/one.zip {enter}{enter}"/a/two parts"');
    await userEvent.click(screen.getByRole('button', { name: 'Show what is in them' }));
    expect(said('import.plan')).toEqual([{ paths: ['/a/one.zip', '/a/two parts'] }]);
    expect(await findings()).toEqual([]);
  });

  test('a run of another kind has to end first', async () => {
    await show({ ...running, kind: 'sync' }, { window: true });
    expect(screen.getByText('Another run is under way')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Choose archives' })).toHaveProperty('disabled', true);
  });
});

describe('the plan', () => {
  test('says what comes, whether it fits, and starts with what was chosen', async () => {
    await show(planned());
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('What is in your archives');
    expect(screen.getByText('18,200')).toBeTruthy();
    expect(screen.getByText(/^Export of .*2026$/)).toBeTruthy();
    expect(screen.getByText('The first export that Photokeep sees of these photos')).toBeTruthy();
    await userEvent.click(screen.getByRole('switch', { name: 'Write XMP files as well' }));
    await userEvent.click(screen.getByRole('button', { name: 'Import' }));
    expect(said('import.start')).toEqual([{ paths: archives, xmp: true }]);
    expect(await findings()).toEqual([]);
  });

  test('names every trouble, and names from outside are nothing but text', async () => {
    const { container } = await show(
      planned({
        exports: [
          told({
            kind: 'partial',
            missing: [2, 5, 6, 7],
            not_delivered: 3,
            not_delivered_examples: [hostile],
            without_photo: 1,
            open_pairs: 2,
          }),
          told({ made_at: null, kind: 'of tomorrow' }),
        ],
        refused: [{ name: hostile, why: 'This is neither a zip nor a tgz archive.' }],
        others: [long],
      }),
    );
    for (const text of [
      'Parts 2 and 5–7 are missing',
      'Google lists 3 files that are in no part',
      '1 description without its photo',
      '2 photos fit several descriptions',
      'Export without a date',
      'An export',
      '1 file cannot be imported',
      'This is neither a zip nor a tgz archive.',
      '1 archive is no Google export and is left alone',
    ])
      expect(screen.getByText(text), text).toBeTruthy();
    expect(screen.getAllByText(hostile)).toHaveLength(2);
    expect(container.querySelector('img')).toBeNull();
    expect(await findings()).toEqual([]);
  });

  test('a disk that is too small is said before anything is copied', async () => {
    const small = planned();
    if (small.import) small.import = { ...small.import, plan: { ...small.import.plan, free_bytes: 1_000_000_000 } };
    await show(small);
    expect(screen.getByText('It does not fit')).toBeTruthy();
  });

  test('exports of one second are taken as one where the person says so', async () => {
    const names = ['takeout-20260101T080000Z-3', 'takeout-20260101T080000Z-4'];
    const apart = planned();
    if (apart.import) apart.import = { ...apart.import, may_be_one: names };
    await show(apart);
    expect(screen.getByText(/takeout-20260101T080000Z-3 and takeout-20260101T080000Z-4 may be one/)).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Take them as one' }));
    expect(said('import.plan')).toEqual([{ paths: apart.archives, join: true }]);
    expect(await findings()).toEqual([]);
  });

  test('what was planned as one is imported as one', async () => {
    const joined = planned();
    if (joined.import) joined.import = { ...joined.import, joined: true };
    await show(joined);
    await userEvent.click(screen.getByRole('button', { name: /^Import/ }));
    expect(said('import.start')).toEqual([{ paths: joined.archives, xmp: false, join: true }]);
    await userEvent.click(screen.getByRole('button', { name: 'Take them apart again' }));
    expect(said('import.plan')).toEqual([{ paths: joined.archives }]);
  });

  test('archives without any photo are not "kept already"', async () => {
    const made = planned();
    if (made.import) made.import = { ...made.import, plan: { ...made.import.plan, listed: 0, to_fetch: 0 } };
    await show(made);
    expect(screen.getByText('There are no photos in these archives')).toBeTruthy();
    expect(screen.getByRole('button', { name: /^Import/ })).toHaveProperty('disabled', true);
  });

  test('everything kept already says so, in German too', async () => {
    const made = planned();
    if (made.import) made.import = { ...made.import, plan: { ...made.import.plan, to_fetch: 0 } };
    await show(made, { language: 'de' });
    await waitFor(() => expect(locale.current).toBe('de'));
    expect(screen.getByText('Alles darin ist schon gesichert')).toBeTruthy();
    expect(screen.getByText(/^Export vom 22\..*2026$/)).toBeTruthy();
    expect(await findings()).toEqual([]);
  });
});

test('while it works it reads and copies, and asks nobody', async () => {
  await show(running);
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Importing');
  expect(screen.getByRole('heading', { name: 'Copying photos and videos' })).toBeTruthy();
  expect(screen.queryByText(/Google/)).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Pause' }));
  expect(said('run.pause')).toHaveLength(1);
  expect(await findings()).toEqual([]);
});

describe('the receipt', () => {
  test('every number opens its list, page by page', async () => {
    const { container } = await show(imported());
    const refused = screen.getByRole('button', { name: '4 not taken, each with a reason, open list' });
    await userEvent.click(refused);
    expect(said('import.entries')).toEqual([{ run: 7, ended: 'refused', offset: 0, limit: 100 }]);
    await screen.findByText('1–100 of 214');
    expect(screen.getAllByText('The name points out of the archive.')).toHaveLength(100);
    await userEvent.click(screen.getByRole('button', { name: 'Next page' }));
    await screen.findByText('101–200 of 214');
    expect(container.querySelectorAll('section.list li')).toHaveLength(100);
    await userEvent.click(screen.getByRole('button', { name: 'Close the list' }));
    expect(document.activeElement).toBe(refused);
    expect(await findings()).toEqual([]);
  });

  test('the report is saved', async () => {
    await show(imported());
    await userEvent.click(screen.getByRole('button', { name: 'Save the report' }));
    expect(said('import.report')).toEqual([{ run: 7 }]);
    expect(await screen.findByText('/home/r.csv')).toBeTruthy();
  });

  test.each([
    ['nothing refused or open', imported({ refused: 0, entries: 45_006 }), true],
    ['something refused', imported(), false],
    ['something open', imported({ refused: 0, open: 4 }), false],
    [
      'an archive that could not be read',
      imported({ refused: 0, entries: 45_006 }, { refused: [{ name: 'a', why: 'b' }] }),
      false,
    ],
    [
      'a photo that fits several descriptions',
      imported({ refused: 0, entries: 45_006 }, { exports: [told({ open_pairs: 1 })] }),
      false,
    ],
  ])('archives may go only when everything in them is kept: %s', async (_, state, free) => {
    await show(state);
    expect(screen.queryByText(/can be deleted or kept/) !== null).toBe(free);
    expect(screen.queryByText(/Keep the archives for now/) !== null).toBe(!free);
  });

  test('archives of a watched folder: what became of each is told, and no advice that does not fit', async () => {
    const from_inboxes = [
      found('moved', { name: hostile }),
      found('left', { why: { code: 'not-put-away', sentence: 'It is a link to a file elsewhere.' } }),
    ];
    await show({ ...imported(), archives: [], from_inboxes });
    expect(screen.getByText('Everything in it is kept; it is in “imported” now')).toBeTruthy();
    expect(screen.getByText(hostile).tagName).toBe('BDI');
    expect(screen.getByText('It is a link to a file elsewhere.')).toBeTruthy();
    expect(screen.queryByText(/can be deleted or kept|Keep the archives for now|let Photokeep watch/)).toBeNull();
    // It came by itself, so the folders are still at hand.
    expect(await screen.findByRole('heading', { name: 'Watched folders' })).toBeTruthy();
    expect(await findings()).toEqual([]);
  });

  test('numbers that do not add up are not hidden', async () => {
    await show(imported({ entries: 45_011 }));
    expect(screen.getByText(/do not add up/)).toBeTruthy();
  });

  test('an error says what happened and leads back', async () => {
    await show({ ...idle, activity: 'ended', kind: 'import', planning: true, error: fault, archives });
    expect(screen.getByRole('alert')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Choose other archives' }));
    expect(said('run.dismiss')).toHaveLength(1);
  });
});

test('the guide opens the page that fits, and says what is not known', async () => {
  await show(idle, { place: '#/import/guide' });
  await waitFor(() => expect(said('host.open_page')).toEqual([{ page: 'takeout' }]));
  expect(screen.queryByText('What nobody knows for sure')).toBeNull();
  await userEvent.click(screen.getByRole('radio', { name: 'Every two months' }));
  await waitFor(() => expect(said('host.open_page').at(-1)).toEqual({ page: 'takeout-start' }));
  expect(screen.getByText('What nobody knows for sure')).toBeTruthy();
  expect(await findings()).toEqual([]);
});

test('the sample adds up', () => {
  const { entries, ...rest } = account();
  expect(Object.values(rest).reduce((sum, count) => sum + count, 0)).toBe(entries);
});
