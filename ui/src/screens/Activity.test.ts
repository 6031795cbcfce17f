import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, test, vi } from 'vitest';
import type { PastRun } from '$lib/backend';
import { type Answers, FakeBackend } from '$lib/backend/fake';
import { address, router } from '$lib/router.svelte';
import Activity from './Activity.svelte';
import Framed from './activity/Framed.svelte';
import { pastRun } from './activity/samples';

const numbered = (count: number, from = count): PastRun[] =>
  Array.from({ length: count }, (_, index) => pastRun({ run: from - index }, { run: from - index }));

describe('Activity', () => {
  function show(runs: PastRun[], at: string, more: Answers = {}) {
    const engine = new FakeBackend({
      'activity.runs': ({ before, limit }) => runs.filter(({ run }) => before === null || run < before).slice(0, limit),
      'activity.entries': ({ what }) => ({ total: what === 'added' ? 7 : 0, rows: [], sentences: {} }),
      ...more,
    });
    router.go(at);
    return { engine, ...render(Framed, { Screen: Activity }) };
  }

  test('lists fifty runs and then the older ones', async () => {
    const { engine } = show(numbered(70), address('activity'));
    expect(await screen.findAllByRole('listitem')).toHaveLength(50);
    await userEvent.click(screen.getByRole('button', { name: 'Show older runs' }));
    await expect.poll(() => screen.getAllByRole('listitem').length).toBe(70);
    expect(engine.calls.at(-1)?.request).toEqual({ before: 21, limit: 50 });
    expect(screen.queryByRole('button', { name: 'Show older runs' })).toBeNull();
  });

  test('is read anew when a run ends, keeping the older ones', async () => {
    const runs = numbered(60);
    const { engine } = show(runs, address('activity'));
    await screen.findAllByRole('listitem');
    await userEvent.click(screen.getByRole('button', { name: 'Show older runs' }));
    runs.unshift(pastRun({ run: 61, added: 5 }, { run: 61 }));
    engine.tell({ event: 'library' });
    await screen.findByText('5 added');
    expect(screen.getAllByRole('listitem')).toHaveLength(61);
  });

  test('a library without runs says what would be here', async () => {
    show([], address('activity'));
    expect(await screen.findByText('No run so far')).toBeTruthy();
  });

  test('one run: its receipt and its number', async () => {
    show(numbered(3), address('activity', 2));
    expect(await screen.findByText('Everything is kept')).toBeTruthy();
    expect(screen.getByText('Run 2')).toBeTruthy();
  });

  test('a run that does not exist, or never could', async () => {
    const { unmount } = show(numbered(3), address('activity', 9));
    expect(await screen.findByText('There is no such run')).toBeTruthy();
    unmount();
    show(numbered(3), address('activity', 'x'));
    expect(await screen.findByText('There is no such run')).toBeTruthy();
  });

  test('a run that was cut off says that nothing was lost, and what it had done', async () => {
    show([pastRun(null, { run: 5 })], address('activity', 5));
    expect(await screen.findByText('This run was cut off')).toBeTruthy();
    expect(screen.getByText(/Nothing was lost/)).toBeTruthy();
    expect(await screen.findByRole('button', { name: '7 added, open list' })).toBeTruthy();
  });

  test('a report that the host cannot save is handed to the browser, and its text can be copied', async () => {
    const blobs: Blob[] = [];
    const made = vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => `blob:${blobs.push(blob as Blob)}`);
    const clicked = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => {});
    const content = 'what,title,path,reason\r\n';
    show(numbered(3), address('activity', 2), {
      'activity.export': () => ({ name: 'photokeep-run-2.csv', saved_to: null, content }),
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Export the report' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'For spreadsheets (CSV)' }));
    expect(await screen.findByText(/photokeep-run-2.csv was handed to your browser/)).toBeTruthy();
    expect(await blobs[0]?.text()).toBe(content);
    expect(clicked.mock.contexts[0]).toMatchObject({ download: 'photokeep-run-2.csv' });
    await userEvent.click(screen.getByRole('button', { name: 'Copy its text' }));
    expect(await navigator.clipboard.readText()).toBe(content);
    clicked.mockRestore();
    made.mockRestore();
  });

  test('a report that nobody chose a place for is not claimed to be saved', async () => {
    show(numbered(3), address('activity', 2), {
      'activity.export': () => ({ name: 'photokeep-run-2.csv', saved_to: null, content: null }),
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Export the report' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'For programs (JSON)' }));
    await new Promise((done) => setTimeout(done, 50));
    expect(screen.getByRole('status').textContent?.trim()).toBe('');
  });
});
