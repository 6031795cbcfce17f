import { expect, test } from 'vitest';
import type { Plan } from '$lib/backend';
import { isIdle, spaceFor } from './fit';

const plan = (changes: Partial<Plan>): Plan => ({
  listed: 100,
  to_fetch: 10,
  photos: 10,
  videos: 0,
  retried: 0,
  restored: 0,
  updated: 0,
  already: 90,
  same_bytes: 0,
  absent: 0,
  removed_here: 0,
  estimated_bytes: 1000,
  free_bytes: 5000,
  albums: { listed: 3, new: 0 },
  notes: [],
  ...changes,
});

test('says before the start whether it fits', () => {
  expect(spaceFor(plan({}))).toEqual({ kind: 'fits', left: 4000 });
  expect(spaceFor(plan({ free_bytes: 999 }))).toEqual({ kind: 'short', missing: 1 });
  expect(spaceFor(plan({ free_bytes: 1000 }))).toEqual({ kind: 'tight', left: 0 });
  expect(spaceFor(plan({ free_bytes: 1150 }))).toEqual({ kind: 'fits', left: 150 });
});

test('does not pretend to know', () => {
  expect(spaceFor(plan({ estimated_bytes: null }))).toEqual({ kind: 'unknown', free: 5000 });
  expect(spaceFor(plan({ free_bytes: null }))).toEqual({ kind: 'unknown', free: null });
});

test('nothing to fetch fits anywhere, also on a full disk', () => {
  const nothing = plan({ to_fetch: 0, estimated_bytes: null, free_bytes: 0 });
  expect(spaceFor(nothing)).toEqual({ kind: 'fits', left: 0 });
  expect(isIdle(nothing)).toBe(true);
  expect(isIdle(plan({ to_fetch: 0, restored: 1 }))).toBe(false);
  expect(isIdle(plan({ to_fetch: 0, albums: { listed: 3, new: 1 } }))).toBe(false);
});
