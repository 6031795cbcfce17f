import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { BackendError, type Home, type RunActivity, type RunState } from '../backend';
import { FakeBackend } from '../backend/fake';
import { library } from './library.svelte';

const home = (free_bytes: number): Home => ({
  status: null,
  folder_is_there: true,
  free_bytes,
  total_bytes: 100,
  years: [],
  exports: null,
  sentences: {},
});
const run = (activity: RunActivity) => ({ event: 'run' as const, run: { activity } as RunState });

describe('what is known of the library', () => {
  let engine: FakeBackend;
  let stop: () => void;
  let free = 1;

  beforeEach(() => {
    library.clear();
    free = 1;
    engine = new FakeBackend({ 'library.status': () => home(free) });
    stop = library.follow();
  });
  afterEach(() => stop());

  test('is not asked for where nobody has asked: there may be no library', async () => {
    const engine = new FakeBackend({ 'library.status': () => home(1) });
    library.clear();
    const stop = library.follow();
    engine.tell({ event: 'resync' });
    expect(engine.calls).toEqual([]);
    await library.load();
    engine.tell({ event: 'resync' });
    expect(engine.calls).toHaveLength(2);
    stop();
  });

  test('is read anew when a run ends, not while it goes on', async () => {
    await library.load();
    free = 2;
    engine.tell(run('running'));
    engine.tell(run('paused'));
    expect(engine.calls.length).toBe(1);
    engine.tell(run('ended'));
    engine.tell(run('ended'));
    expect(engine.calls.length).toBe(2);
    await expect.poll(() => library.home?.free_bytes).toBe(2);
  });

  test('is looked at again by itself: a disk that is pulled out shows, and so does its return', async () => {
    vi.useFakeTimers();
    stop();
    stop = library.follow();
    await library.load();
    engine.answers['library.status'] = () => ({ ...home(1), folder_is_there: false });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(library.home?.folder_is_there).toBe(false);
    engine.answers['library.status'] = () => home(1);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(library.home?.folder_is_there).toBe(true);
    vi.useRealTimers();
  });

  test('stays in sight when it cannot be read again', async () => {
    await library.load();
    engine.answers['library.status'] = () => {
      throw new BackendError({ code: 'target-gone', message: 'Gone.' });
    };
    await library.load();
    expect([library.home?.free_bytes, library.error?.code, library.loading]).toEqual([1, 'target-gone', false]);
    engine.answers['library.status'] = () => home(3);
    engine.tell({ event: 'resync' });
    await expect.poll(() => library.error).toBeNull();
  });

  test('never comes from an answer that was overtaken', async () => {
    const answers: ((home: Home) => void)[] = [];
    engine.answers['library.status'] = () => new Promise((answer) => answers.push(answer));
    const first = library.load();
    const second = library.load();
    answers[1]?.(home(2));
    await second;
    answers[0]?.(home(1));
    await first;
    expect(library.home?.free_bytes).toBe(2);
    const third = library.load();
    library.clear();
    answers[2]?.(home(3));
    await third;
    expect(library.home).toBeNull();
  });
});
