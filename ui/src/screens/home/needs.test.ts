import { expect, test } from 'vitest';
import type { Account, Filter, Home } from '$lib/backend';
import { home } from '../activity/samples';
import { leavesOut, needs } from './needs';

const now = new Date('2026-11-22T14:00:00Z');
const account: Account = {
  signed_in: true,
  account: 'anna@example.com',
  scopes: [],
  whole_library: false,
  since: '2026-10-01T00:00:00Z',
  ends: null,
  in_keychain: true,
  kept: null,
  sentences: {},
  trouble: null,
};
const none = { demo: false, filtered: false };
const kinds = (of: Home, who: Account | null = account, what = none) =>
  needs(of, who, what, now).map(({ kind, amiss }) => (amiss ? kind : `(${kind})`));

test('nothing, when nothing is amiss', () => expect(kinds(home())).toEqual([]));

test('every kind of trouble has a line, what is only worth knowing last', () => {
  const all = home(
    { health: 'attention', lost: 1, damaged: 2, failed: 3, pending: 9, doubtful: 1, absent: 4, trash: 5 },
    { free_bytes: 1_000_000 },
  );
  expect(kinds(all, { ...account, signed_in: false }, { demo: false, filtered: true })).toEqual([
    'sign-in',
    'space',
    'lost',
    'damaged',
    'failed',
    'pending',
    'doubtful',
    '(filtered)',
    '(absent)',
    '(trash)',
  ]);
});

test('what is still to come does not count failed and damaged files twice', () => {
  const text = (pending: number) =>
    needs(home({ failed: 3, damaged: 2, pending }), account, none, now).find(({ kind }) => kind === 'pending')?.text;
  expect(text(5)).toBeUndefined();
  expect(text(7)).toBe('2 files are still to come.');
});

test('the sign-in: missing, unreadable, ended, about to end', () => {
  const line = (changes: Partial<Account>) => needs(home(), { ...account, ...changes }, none, now)[0]?.text;
  expect(line({ signed_in: false })).toMatch(/^Photokeep is not signed in/);
  expect(line({ ends: '2026-11-22T13:00:00Z' })).toMatch(/has ended/);
  expect(line({ ends: '2026-11-23T20:00:00Z' })).toBe('The sign-in with Google ends tomorrow.');
  expect(line({ ends: '2026-11-28T14:00:00Z' })).toBeUndefined();
  const trouble = {
    code: 'internal',
    message: 'No.',
    hint: null,
    severity: 'error',
    retry: 'no',
    details: {},
    sentences: {},
  } as const;
  expect(line({ trouble })).toMatch(/cannot be read/);
});

test('the demo library needs no sign-in, and an account that could not be asked is not accused', () => {
  expect(kinds(home(), { ...account, signed_in: false }, { demo: true, filtered: false })).toEqual([]);
  expect(kinds(home(), null)).toEqual([]);
});

test('a disk that is away, and one whose space nobody knows', () => {
  expect(kinds(home({}, { folder_is_there: false, free_bytes: null }))).toEqual(['folder']);
  expect(kinds(home(null))).toEqual([]);
});

test('which filters leave something out', () => {
  const whole: Filter = {
    from: null,
    to: null,
    favorites: false,
    no_videos: false,
    archived: false,
    albums: 'all',
    exclude_albums: [],
  };
  expect(leavesOut(undefined)).toBe(false);
  expect(leavesOut({ ...whole, archived: true, skip_shared_albums: true })).toBe(false);
  for (const part of [
    { from: '2020-01-01' },
    { no_videos: true },
    { albums: { titled: 'A' } },
    { exclude_albums: ['A'] },
  ])
    expect(leavesOut({ ...whole, ...part })).toBe(true);
});
