import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { RunState } from '$lib/backend';
import { FakeBackend } from '$lib/backend/fake';
import { locale } from '$lib/locale.svelte';
import { run } from '$lib/state/run.svelte';
import ProgressStrip from './ProgressStrip.svelte';

const state = (changes: Partial<RunState> = {}): RunState => ({
  activity: 'running',
  planning: false,
  kind: 'sync',
  started: '2026-11-22T14:00:00Z',
  phase: 'fetching',
  meter: {
    phase: 'fetching',
    done: 1240,
    total: 4210,
    bytes: 9_260_000_000,
    bytes_per_second: 23_600_000,
    seconds_left: 960,
    failed: 2,
  },
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

describe('the strip', () => {
  let engine: FakeBackend;
  let stop: () => void;

  beforeEach(() => {
    engine = new FakeBackend({
      'run.pause': () => ({}),
      'run.resume': () => ({}),
      'run.cancel': () => ({}),
      'run.dismiss': () => ({}),
    });
    stop = run.follow();
    engine.tell({ event: 'run', run: state() });
  });
  afterEach(() => stop());

  const text = () => screen.getByRole('region').textContent?.replace(/[\u00a0\u202f]/g, ' ');

  test('says what, how far, how much, how fast and how long', () => {
    render(ProgressStrip);
    for (const part of [
      'Fetching photos and videos',
      '1,240 of 4,210',
      '9.26 GB',
      '23.6 MB/s',
      'about 16 min',
      '2 failed',
    ])
      expect(text()).toContain(part);
    expect(screen.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('29');
  });

  test('changes the language without being made anew', async () => {
    render(ProgressStrip);
    const bar = screen.getByRole('progressbar');
    locale.use('de');
    await expect.poll(text).toContain('Holt Fotos und Videos');
    expect(text()).toContain('1.240 von 4.210');
    expect(screen.getByRole('progressbar')).toBe(bar);
  });

  test('pauses, resumes, stops and puts away', async () => {
    const user = userEvent.setup();
    render(ProgressStrip);
    await user.click(screen.getByRole('button', { name: 'Pause' }));
    engine.tell({ event: 'run', run: state({ activity: 'paused' }) });
    await user.click(await screen.findByRole('button', { name: 'Resume' }));
    await user.click(screen.getByRole('button', { name: 'Stop' }));
    engine.tell({ event: 'run', run: state({ activity: 'ended', meter: null }) });
    await user.click(await screen.findByRole('button', { name: 'Put away' }));
    expect(engine.calls.map(({ command }) => command)).toEqual([
      'run.pause',
      'run.resume',
      'run.cancel',
      'run.dismiss',
    ]);
  });

  test('says until when it waits, and no speed', async () => {
    render(ProgressStrip);
    engine.tell({ event: 'run', run: state({ wait: { reason: 'daily-quota', until: '2026-11-22T20:00:00Z' } }) });
    await expect.poll(text).toContain('limit for today');
    expect(text()).not.toContain('MB/s');
  });

  test('speaks at most every five seconds, but of a change at once', async () => {
    vi.useFakeTimers();
    render(ProgressStrip);
    const spoken = () => screen.getByRole('status').textContent;
    const tell = (done: number, changes: Partial<RunState> = {}) => {
      engine.tell({ event: 'run', run: state({ meter: { ...state().meter, done } as RunState['meter'], ...changes }) });
      return vi.advanceTimersByTimeAsync(0);
    };
    await vi.advanceTimersByTimeAsync(0);
    expect(spoken()).toContain('1,240 of 4,210');
    for (let done = 1241; done < 1257; done += 1) {
      await tell(done);
      await vi.advanceTimersByTimeAsync(250);
      expect(spoken()).toContain('1,240 of 4,210');
    }
    await vi.advanceTimersByTimeAsync(1250);
    expect(spoken()).toContain('1,256 of 4,210');
    await tell(1257, { activity: 'paused' });
    expect(spoken()).toContain('Paused, 1,257');
    vi.useRealTimers();
  });
});
