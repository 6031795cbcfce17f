import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, test } from 'vitest';
import type { ApiError, Plan, RunState, Start } from '$lib/backend';
import { FakeBackend } from '$lib/backend/fake';
import { app } from '$lib/state/app.svelte';
import { library } from '$lib/state/library.svelte';
import { run } from '$lib/state/run.svelte';
import Framed from './activity/Framed.svelte';
import { idle, receipt } from './activity/samples';
import Sync from './Sync.svelte';

const plan: Plan = {
  listed: 4300,
  to_fetch: 4210,
  photos: 3980,
  videos: 230,
  retried: 0,
  restored: 0,
  updated: 0,
  already: 90,
  same_bytes: 0,
  absent: 0,
  removed_here: 0,
  estimated_bytes: 500_000_000_000,
  free_bytes: 412_000_000_000,
  albums: { listed: 3, new: 1 },
  notes: [],
};
const fault = (code: ApiError['code'], message = 'No.'): ApiError => ({
  code,
  message,
  hint: null,
  severity: 'error',
  retry: 'after-action',
  details: {},
  sentences: {},
});
const running: RunState = {
  ...idle,
  activity: 'running',
  kind: 'sync',
  phase: 'fetching',
  started: '2026-11-22T13:30:00Z',
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

describe('Sync', () => {
  let engine: FakeBackend;
  let stop: () => void;

  async function show(state: RunState) {
    engine = new FakeBackend({
      'app.start': () =>
        ({
          version: '1',
          settings: { language: 'en', theme: 'system', welcomed: true, library: null, filters: {}, years_put_away: {} },
          library: { folder: '/photos', name: 'photos', is_new: false, demo: false, trouble: null },
        }) as unknown as Start,
      'sync.plan': () => ({}),
      'sync.start': () => ({}),
      'verify.start': () => ({}),
      'run.pause': () => ({}),
      'run.resume': () => ({}),
      'run.cancel': () => ({}),
      'run.dismiss': () => ({}),
    });
    location.hash = '#/sync';
    stop = run.follow();
    library.clear();
    await app.load();
    engine.tell({ event: 'run', run: state });
    return render(Framed, { Screen: Sync });
  }
  afterEach(() => stop());

  const press = (name: string | RegExp) => userEvent.click(screen.getByRole('button', { name }));
  const called = () => engine.calls.at(-1);
  const heading = () => screen.getByRole('heading', { level: 1 }).textContent;

  test('idle: the plan first, the start and the check beside it', async () => {
    await show(idle);
    await press('Show the plan');
    expect(called()?.command).toBe('sync.plan');
    await press('Start now');
    expect(called()).toEqual({ command: 'sync.start', request: {} });
    await press('Check all files');
    expect(called()?.command).toBe('verify.start');
  });

  test('a plan that does not fit says so before the start, and can be started all the same', async () => {
    await show({ ...idle, activity: 'ended', planning: true, kind: 'sync', plan });
    expect(screen.getByText('It does not fit')).toBeTruthy();
    expect(screen.getByText(/About 88.GB are missing/)).toBeTruthy();
    expect(screen.getByText('3,980 photos and 230 videos')).toBeTruthy();
    await press('Start');
    expect(called()?.command).toBe('sync.start');
  });

  test('a plan without sizes does not invent any', async () => {
    await show({ ...idle, activity: 'ended', planning: true, kind: 'sync', plan: { ...plan, estimated_bytes: null } });
    expect(screen.getByText('Unknown until it is fetched')).toBeTruthy();
    expect(screen.queryByText('It does not fit')).toBeNull();
  });

  test('running: how far, how fast, how long; pause keeps the focus and becomes resume', async () => {
    await show(running);
    expect(screen.getByRole('progressbar').getAttribute('aria-valuetext')).toBe('1,240 of 4,210');
    expect(screen.getByText(/^23.6.MB\/s$/)).toBeTruthy();
    const button = screen.getByRole('button', { name: 'Pause' });
    await userEvent.click(button);
    expect(called()?.command).toBe('run.pause');
    engine.tell({ event: 'run', run: { ...running, activity: 'paused' } });
    await screen.findByRole('button', { name: 'Resume' });
    expect(document.activeElement).toBe(button);
    expect(screen.queryByText(/^23.6.MB\/s$/)).toBeNull();
  });

  test('waiting for Google: nothing is lost, and when it goes on', async () => {
    await show({ ...running, wait: { reason: 'daily-quota', until: '2026-11-23T08:00:00Z' } });
    expect(screen.getByText('Google’s limit for today is reached')).toBeTruthy();
    expect(screen.getByText(/^Nothing is lost; what has arrived is kept\./)).toBeTruthy();
  });

  test('failures so far are text, whatever they are called, with the reason in words', async () => {
    const title = '<img src=x onerror=alert(1)>';
    const { container } = await show({ ...running, failed: [{ title, error: fault('item-not-ready') }] });
    expect(screen.getByText('1 item has failed so far')).toBeTruthy();
    expect(screen.getByText(title).tagName).toBe('BDI');
    expect(screen.getByText('Google is still working on this video')).toBeTruthy();
    expect(container.querySelector('.name img')).toBeNull();
  });

  test('ended with failures: try again, or done, which leads home', async () => {
    const failed = [{ reason: 'x', count: 5 }];
    const ended = receipt({ outcome: 'some-failed', complete: false, failed });
    await show({ ...idle, activity: 'ended', kind: 'sync', receipt: ended });
    expect(screen.getByText('Done, but 5 items did not arrive')).toBeTruthy();
    await press('Try again');
    expect(called()).toEqual({ command: 'sync.start', request: { retry: true } });
    await press('Done');
    expect(called()?.command).toBe('run.dismiss');
    expect(location.hash).toBe('#/home');
  });

  test('broken off: why, what it means, and the receipt of what was kept', async () => {
    const stopped = receipt({ outcome: { stopped: { code: 'target-full' } }, complete: false, added: 12 });
    await show({ ...idle, activity: 'ended', kind: 'sync', receipt: stopped, error: fault('target-full') });
    expect(screen.getByRole('alert').textContent).toContain('The library’s disk is full');
    expect(screen.getByText('Stopped before its end')).toBeTruthy();
    await press('Try again');
    expect(called()?.command).toBe('sync.start');
  });

  test('stopped by the person is no trouble, and goes on when asked', async () => {
    const stopped = receipt({ outcome: { stopped: { code: 'cancelled' } }, complete: false });
    await show({ ...idle, activity: 'ended', kind: 'sync', receipt: stopped, error: fault('cancelled') });
    expect(screen.queryByRole('alert')).toBeNull();
    expect(screen.getByText('Stopped, as you asked')).toBeTruthy();
    await press('Go on');
    expect(called()).toEqual({ command: 'sync.start', request: {} });
  });

  test('a plan that could not be made is asked for again, not a sync', async () => {
    await show({ ...idle, activity: 'ended', planning: true, kind: 'sync', error: fault('network') });
    expect(heading()).toBe('The run has ended');
    await press('Try again');
    expect(called()?.command).toBe('sync.plan');
  });
});
