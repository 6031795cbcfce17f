import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { BackendError, type Capabilities, type Inboxes, type Start } from '$lib/backend';
import { type Answers, FakeBackend } from '$lib/backend/fake';
import { locale } from '$lib/locale.svelte';
import { app } from '$lib/state/app.svelte';
import { run } from '$lib/state/run.svelte';
import { idle } from '../activity/samples';
import { adding, downloads, found, inboxes, series, watchedFolder } from './samples';
import Watched from './Watched.svelte';

let engine: FakeBackend;
let stop: () => void;

async function show(shown: Inboxes | BackendError, { window = true, language = 'en', ...more }: Options = {}) {
  engine = new FakeBackend({
    'app.start': () =>
      ({
        version: '1',
        platform: 'linux',
        capabilities: { pick_folder: window } as Capabilities,
        settings: { language, theme: 'system', welcomed: true, library: null, filters: {}, years_put_away: {} },
        library: { folder: '/photos', name: 'photos', is_new: false, demo: false, trouble: null },
      }) as unknown as Start,
    'host.pick_folder': () => ({ path: downloads }),
    'inbox.show': () => {
      if (shown instanceof BackendError) throw shown;
      return shown;
    },
    'inbox.add': ({ folder, ...rest }) => inboxes({ inboxes: [watchedFolder(rest.then, { folder })] }),
    'inbox.remove': () => inboxes(),
    'inbox.import': () => ({}),
    'host.open_page': () => ({ address: 'https://takeout.google.com/', opened: false }),
    ...more.answers,
  });
  stop = run.follow();
  await app.load();
  engine.tell({ event: 'run', run: idle });
  return render(Watched);
}

interface Options {
  window?: boolean;
  language?: 'en' | 'de';
  answers?: Answers;
}

const said = (command: string) => engine.calls.filter((call) => call.command === command).map(({ request }) => request);

async function findings(): Promise<string[]> {
  // Colours are looked at in a real browser.
  const { violations } = await axe.run(document.body, {
    rules: { 'color-contrast': { enabled: false }, region: { enabled: false }, 'heading-order': { enabled: false } },
  });
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

afterEach(() => {
  stop();
  engine.tell({ event: 'run', run: idle });
  vi.useRealTimers();
});

describe('nothing is watched', () => {
  test('the window lets a folder be chosen, and watches it without touching its archives', async () => {
    await show(inboxes());
    expect(await screen.findByText(/Let Photokeep watch the folder/)).toBeTruthy();
    expect(screen.getByRole('link', { name: 'Get your photos from Google' })).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Watch a folder' }));
    expect(said('inbox.add')).toEqual([adding(downloads, 'leave')]);
    expect(screen.getByRole('status').textContent).toContain(`Photokeep now watches “${downloads}”.`);
    expect(screen.getByRole('heading', { name: downloads })).toBeTruthy();
    expect(await findings()).toEqual([]);
  });

  test('nothing chosen watches nothing', async () => {
    await show(inboxes(), { answers: { 'host.pick_folder': () => ({ path: null }) } });
    await userEvent.click(screen.getByRole('button', { name: 'Watch a folder' }));
    expect(said('inbox.add')).toEqual([]);
  });

  test('in a browser a whole path is typed', async () => {
    await show(inboxes(), { window: false });
    const field = screen.getByLabelText('Folder to watch');
    await userEvent.type(field, 'Downloads{enter}');
    expect(screen.getByText(/“Downloads” is not a whole path/)).toBeTruthy();
    expect(said('inbox.add')).toEqual([]);
    await userEvent.clear(field);
    await userEvent.type(field, ' /srv/exports {enter}');
    expect(said('inbox.add')).toEqual([adding('/srv/exports', 'leave')]);
    expect(field).toHaveProperty('value', '');
    expect(await findings()).toEqual([]);
  });

  test('a folder that the engine refuses is said in the language of the page, and the path stays', async () => {
    const message = '`/photos/in` lies inside the library. Nothing was changed.';
    const refuse = () => {
      throw new BackendError({
        code: 'usage',
        message,
        sentences: { [message]: { code: 'inbox-in-library', words: '', values: { path: '/photos/in' }, parts: {} } },
      });
    };
    await show(inboxes(), { window: false, language: 'de', answers: { 'inbox.add': refuse } });
    await waitFor(() => expect(locale.current).toBe('de'));
    const field = screen.getByLabelText('Ordner, der beobachtet werden soll');
    await userEvent.type(field, '/photos/in{enter}');
    expect((await screen.findByRole('alert')).textContent).toContain('„/photos/in“ liegt in der Bibliothek.');
    expect(field).toHaveProperty('value', '/photos/in');
    locale.use('en');
  });
});

describe('a watched folder', () => {
  const refusal = 'This is neither a zip nor a tgz archive.';
  const full = inboxes({
    inboxes: [watchedFolder('move'), watchedFolder('leave', { folder: '/media/anna/Takeout', there: false })],
    found: [
      found('growing', { size: 2_500_000_000 }),
      found('refused', { name: '<img src=x>.zip', why: { code: 'refused', sentence: refusal } }),
      found('left', { why: { code: 'not-taken', files: 3 } }),
    ],
    calendar: series(),
    sentences: { [refusal]: { code: 'archive-not-an-archive', words: refusal, values: {}, parts: {} } },
  });

  test('shows how each archive stands and why; names are nothing but text', async () => {
    const { container } = await show(full);
    const list = await screen.findByRole('list', { name: `Archives in ${downloads}` });
    expect(within(list).getAllByRole('listitem')).toHaveLength(3);
    for (const text of ['Still growing', 'Not imported', refusal, '2.5 GB'])
      expect(within(list).getByText(text), text).toBeTruthy();
    expect(within(list).getByText(/^3 files in it are not in your library/)).toBeTruthy();
    expect(within(list).getByText('<img src=x>.zip').tagName).toBe('BDI');
    expect(container.querySelector('img')).toBeNull();
    expect(screen.getByText(/This folder is not there now/)).toBeTruthy();
    expect(screen.getByText(/3 of the six exports of this year have come/)).toBeTruthy();
    expect(await findings()).toEqual([]);
  });

  test('in German too, the engine’s sentences among it', async () => {
    await show(full, { language: 'de' });
    await waitFor(() => expect(locale.current).toBe('de'));
    expect(await screen.findByText('Das ist weder ein Zip- noch ein tgz-Archiv.')).toBeTruthy();
    expect(screen.getByText(/^3 Dateien daraus sind nicht in deiner Bibliothek/)).toBeTruthy();
    locale.use('en');
  });

  test('what becomes of its archives is chosen from a list, by keys', async () => {
    await show(full);
    const [choice] = await screen.findAllByRole('combobox', { name: /^When everything in an archive is kept/ });
    expect(choice?.textContent).toContain('Move it into “imported”');
    choice?.focus();
    await userEvent.keyboard('{Enter}');
    await userEvent.click(await screen.findByRole('option', { name: /Put it into the trash/ }));
    expect(said('inbox.add')).toEqual([adding(downloads, 'trash')]);
    await waitFor(() => expect(screen.getByText(/It also holds for archives that lie there already/)).toBeTruthy());
  });

  test('a choice that was not saved is not shown as if it were', async () => {
    const fail = () => {
      throw new BackendError({ code: 'catalog-locked', message: 'Busy.' });
    };
    await show(full, { answers: { 'inbox.add': fail } });
    const [choice] = await screen.findAllByRole('combobox', { name: /^When everything in an archive is kept/ });
    choice?.focus();
    await userEvent.keyboard('{Enter}');
    await userEvent.click(await screen.findByRole('option', { name: /Put it into the trash/ }));
    expect(await screen.findByRole('alert')).toBeTruthy();
    expect(choice?.textContent).toContain('Move it into “imported”');
  });

  test('it is watched no more, nothing is asked, and the focus is not lost', async () => {
    await show(full);
    const [button] = await screen.findAllByRole('button', { name: 'Stop watching' });
    expect(button && document.getElementById(button.getAttribute('aria-describedby') ?? '')?.textContent).toBe(
      downloads,
    );
    if (button) await userEvent.click(button);
    expect(said('inbox.remove')).toEqual([{ folder: downloads }]);
    expect(screen.getByRole('status').textContent).toContain('Nothing in it was touched.');
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Watch a folder' })));
  });

  test('what is ready need not be waited for, but for a run that is under way', async () => {
    await show(inboxes({ inboxes: [watchedFolder()], found: [found('finished')] }));
    await userEvent.click(await screen.findByRole('button', { name: 'Import now' }));
    expect(said('inbox.import')).toHaveLength(1);
    engine.tell({ event: 'run', run: { ...idle, activity: 'running', kind: 'sync' } });
    await waitFor(() => expect(screen.getByRole('button', { name: 'Import now' })).toHaveProperty('disabled', true));
  });

  test('an archive that grows is looked at again; where all is settled nobody asks', async () => {
    vi.useFakeTimers();
    await show(full);
    await vi.advanceTimersByTimeAsync(100);
    const before = said('inbox.show').length;
    engine.answers['inbox.show'] = () => inboxes({ inboxes: [watchedFolder()], found: [found('kept')] });
    await vi.advanceTimersByTimeAsync(6000);
    expect(said('inbox.show')).toHaveLength(before + 1);
    expect(screen.getByText('Everything in it is kept')).toBeTruthy();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(said('inbox.show')).toHaveLength(before + 1);
  });

  test('when they cannot be read, that is said, with a way to try again', async () => {
    await show(new BackendError({ code: 'catalog-locked', message: 'Busy.' }));
    expect(await screen.findByRole('alert')).toBeTruthy();
    engine.answers['inbox.show'] = () => full;
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('Still growing')).toBeTruthy();
    expect(screen.queryByRole('alert')).toBeNull();
  });
});
