import { expect, test } from 'vitest';
import type { Account, ExportCalendar, Filter, Home } from '$lib/backend';
import { home } from '../activity/samples';
import { calendar, series } from '../import/samples';
import { leavesOut, needs } from './needs';

const now = new Date('2026-11-22T14:00:00Z');
const account: Account = {
  signed_in: true,
  client: null,
  account: 'anna@example.com',
  scopes: [],
  whole_library: false,
  may_upload: false,
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

test('an export that did not come, and a year of exports that ends, are told before they are missed', () => {
  const line = (exports: ExportCalendar | null, demo = false) => {
    const [need] = needs(home({}, { exports }), account, { demo, filtered: false }, now);
    return need && `${need.amiss ? '!' : ''}${need.kind}: ${need.text}`;
  };
  expect(line(null)).toBeUndefined();
  expect(line(series())).toBeUndefined();
  expect(line(series({ notice: 'overdue', next_due: '2026-11-02T09:30:00Z' }))).toBe(
    '!export-overdue: The export that was due about Nov 2, 2026 has not come.',
  );
  expect(line(series({ notice: 'year-ends-soon', year_ends: '2026-12-02T09:30:00Z' }))).toBe(
    'exports-over: The year of exports that you ordered ends on Dec 2, 2026.',
  );
  expect(line(calendar({ exports: 1, notice: 'overdue', next_due: '2026-11-02T09:30:00Z' }))).toBe(
    'export-overdue: If you ordered an export every two months, one was due about Nov 2, 2026.',
  );
  const over = series({ notice: 'year-ended', year_ends: '2026-11-02T09:30:00Z' });
  expect(line(over)).toMatch(/^!exports-over: Since Nov 2, 2026 no export comes by itself/);
  expect(line(over, true)).toBeUndefined();
  const away = (exports: ExportCalendar) => needs(home({}, { exports }), account, none, now)[0]?.yearEnded;
  expect(away(over)).toBe('2026-11-02T09:30:00Z');
  expect(away(series({ notice: 'year-ends-soon', year_ends: '2026-12-02T09:30:00Z' }))).toBeUndefined();
  expect(line(calendar())).toBeUndefined();
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

test('what the last import could not take is told with its reasons', () => {
  const lacking = home({
    not_taken: [
      { reason: 'this file is empty', count: 2 },
      { reason: 'this is a web page', count: 1 },
    ],
    not_taken_notes: ['Part 2 is missing.'],
  });
  const [need] = needs(lacking, account, none, now);
  expect(need?.kind).toBe('not-taken');
  expect(need?.text).toContain('3 files');
  expect(need?.reasons).toEqual(['2 × this file is empty', '1 × this is a web page', 'Part 2 is missing.']);
  expect(needs(home({ not_taken_notes: ['Part 2 is missing.'] }), account, none, now)[0]?.text).toContain('missing');
});
