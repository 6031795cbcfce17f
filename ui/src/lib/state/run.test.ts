import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BackendError, type RunState } from '../backend';
import { FakeBackend } from '../backend/fake';
import { run } from './run.svelte';

const state = (changes: Partial<RunState> = {}): RunState => ({
  activity: 'running',
  planning: false,
  kind: 'sync',
  started: '2026-11-22T14:00:00Z',
  phase: 'fetching',
  meter: { phase: 'fetching', done: 30, total: 120, bytes: 5, bytes_per_second: 1, seconds_left: 9, failed: 0 },
  wait: null,
  plan: null,
  import: null,
  archives: [],
  adding: null,
  from_inboxes: [],
  receipt: null,
  error: null,
  recent: [],
  failed: [],
  notes: [],
  sentences: {},
  ...changes,
});

describe('the run', () => {
  let engine: FakeBackend;
  let stop: () => void;

  beforeEach(() => {
    engine = new FakeBackend({ 'run.show': () => state({ activity: 'paused' }) });
    stop = run.follow();
  });
  afterEach(() => {
    stop();
    expect(engine.listeners).toBe(0);
  });

  test('is what the engine tells', () => {
    engine.tell({ event: 'run', run: state() });
    expect([run.active, run.ended, run.share]).toEqual([true, false, 0.25]);
    engine.tell({ event: 'run', run: state({ activity: 'ended', meter: null }) });
    expect([run.active, run.ended, run.share]).toEqual([false, true, null]);
    engine.tell({ event: 'run', run: state({ activity: 'idle' }) });
    expect([run.active, run.ended]).toEqual([false, false]);
  });

  test('is read anew after a lost connection', async () => {
    engine.tell({ event: 'run', run: state() });
    engine.tell({ event: 'resync' });
    await expect.poll(() => run.state.activity).toBe('paused');
    expect(run.active).toBe(true);
  });

  test('that is told while it is read holds: the answer is older', async () => {
    let answer = (_: RunState) => {};
    engine.answers['run.show'] = () => new Promise((resolve) => (answer = resolve));
    const loading = run.load();
    engine.tell({ event: 'run', run: state({ activity: 'paused' }) });
    answer(state({ activity: 'idle' }));
    await loading;
    expect(run.state.activity).toBe('paused');
  });

  test.each([
    [null, null],
    [0, null],
    [20, 1],
    [60, 0.5],
  ])('of %s in all is done to %s', (total, share) => {
    engine.tell({
      event: 'run',
      run: state({
        meter: { phase: 'fetching', done: 30, total, bytes: 0, bytes_per_second: 0, seconds_left: null, failed: 0 },
      }),
    });
    expect(run.share).toBe(share);
  });

  test('that could not be started says why, until the next word works', async () => {
    engine.answers['sync.start'] = () => {
      throw new BackendError({ code: 'library-busy', message: 'Busy.' });
    };
    expect(await run.sync()).toBe(false);
    expect(run.error?.code).toBe('library-busy');
    engine.answers['sync.start'] = () => ({});
    expect(await run.retry()).toBe(true);
    expect(run.error).toBeNull();
    expect(engine.calls.at(-1)).toEqual({ command: 'sync.start', request: { retry: true } });
  });
});
