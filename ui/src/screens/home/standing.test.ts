import { expect, test } from 'vitest';
import type { RunState, StatusResponse } from '$lib/backend';
import { locale } from '$lib/locale.svelte';
import { home, idle } from '../activity/samples';
import { standing, standingWords } from './standing';

const now = new Date('2026-11-22T14:00:00Z');
const kind = (changes: Partial<StatusResponse> | null, run: RunState = idle, filtered = false) =>
  standing(home(changes), run, filtered).kind;
const attention = { health: 'attention' } as const;

test('says that nothing is kept while nothing is', () => {
  expect(kind({ health: 'attention', pending: 3, items: 0 })).toBe('begun');
  expect(kind({ health: 'attention', pending: 3, items: 5 })).toBe('pending');
});

test('everything is kept only when the engine says complete and nothing is amiss', () => {
  expect(kind({})).toBe('complete');
  for (const amiss of ['lost', 'damaged', 'failed', 'pending'] as const)
    expect(kind({ ...attention, [amiss]: 3 }), amiss).toBe(amiss);
  // Even if health lagged behind.
  expect(kind({ health: 'complete', failed: 1 })).toBe('failed');
});

test('a library of exports says nothing of what Google shows', () => {
  const of = (changes: Partial<StatusResponse>) => standing(home({ takeout_alone: true, ...changes }), idle, false);
  expect(standingWords(of({}), now).text).toBe('Everything in the exports you gave Photokeep lies on your own disk.');
  expect(standingWords(of(attention), now).text).toContain('the receipt of the import says which');
  expect(of({ ...attention, failed: 1 }).kind).toBe('failed-export');
});

test('the worst is told first', () => {
  expect(kind({ ...attention, lost: 1, damaged: 1, failed: 1, pending: 3, doubtful: 1 })).toBe('lost');
  expect(kind({ ...attention, damaged: 1, failed: 1, pending: 3 })).toBe('damaged');
  expect(kind({ ...attention, failed: 1, pending: 3 })).toBe('failed');
});

test('of the rest nothing is claimed that is not so', () => {
  const text = (changes: Partial<StatusResponse>, filtered = false) =>
    standingWords(standing(home({ ...attention, ...changes }), idle, filtered), now).text;
  expect(text({ failed: 1 })).toContain('Everything else is kept.');
  expect(text({ failed: 1, pending: 11 })).toBe(
    'Besides, 11 files are still to come. Each sync tries again by itself.',
  );
  for (const changes of [
    { lost: 1, failed: 2 },
    { failed: 1, doubtful: 1 },
    { failed: 1, takeout_alone: true },
  ])
    expect(text(changes)).not.toContain('Everything else');
  expect(text({ pending: 4 }, true)).not.toContain('Everything else');
});

test('a library that was complete long ago is told so', () => {
  const before = standing(home({ stale: true, last_complete: '2026-10-13T14:00:00Z' }), idle, false);
  expect(before.kind).toBe('stale');
  expect(standingWords(before, now).title).toBe('Everything was kept last month');
  locale.use('de');
  expect(standingWords(before, now).title).toBe('Letzten Monat war alles gesichert');
  expect(kind({ last_complete: '2026-11-09T14:00:01Z' })).toBe('complete');
});

test('never synced, and a first sync that was broken off', () => {
  expect(kind(null)).toBe('new');
  expect(kind({ health: 'new', items: 0, last_complete: null })).toBe('new');
  const cut = standing(home({ health: 'new', items: 14_000, pending: 4000, last_complete: null }), idle, false);
  expect(cut.kind).toBe('unfinished');
  expect(standingWords(cut, now).text).toContain('14,000 items are kept already');
  // A part that was chosen has come, and nothing more ever will.
  expect(kind({ health: 'new', items: 9, last_complete: null }, idle, true)).toBe('filtered');
  expect(kind({ health: 'new', items: 9, pending: 1, last_complete: null }, idle, true)).toBe('unfinished');
  // What another tool kept and was taken over is no sync that was begun.
  expect(kind({ health: 'new', items: 9, adopted: 9, last_complete: null }, idle, false)).toBe('adopted');
});

test('a part that was chosen is not a part that could not be seen', () => {
  expect(kind(attention, idle, true)).toBe('filtered');
  expect(kind(attention)).toBe('incomplete');
  expect(kind({ ...attention, doubtful: 2 })).toBe('doubtful');
});

test('a run under way comes before the state, a disk that is away before all', () => {
  const run = { ...idle, activity: 'running', kind: 'sync' } as const;
  expect(kind({ ...attention, failed: 3 }, run)).toBe('running');
  expect(kind({}, { ...run, planning: true })).toBe('planning');
  expect(kind({}, { ...run, kind: 'verify' })).toBe('verifying');
  expect(kind({}, { ...run, wait: { reason: 'network', until: '2026-11-22T14:01:00Z' } })).toBe('waiting');
  expect(kind({}, { ...run, activity: 'paused' })).toBe('paused');
  expect(kind({}, { ...run, activity: 'stopping' })).toBe('stopping');
  expect(kind({}, { ...run, activity: 'ended' })).toBe('complete');
  expect(standing(home({}, { folder_is_there: false }), run, false).kind).toBe('away');
});
