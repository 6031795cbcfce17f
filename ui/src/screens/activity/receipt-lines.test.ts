import { expect, test } from 'vitest';
import type { Receipt } from '$lib/backend';
import { failedCount, grouped, lineName, reasonWords, receiptLines, tookWords, verdict } from './receipt-lines';
import { receipt } from './samples';

const failed = [
  { reason: 'It arrived incomplete.', count: 3 },
  { reason: 'Google is still processing it.', count: 2 },
];
const stopped = (code: 'cancelled' | 'target-full') => ({ outcome: { stopped: { code } }, complete: false }) as const;
const title = (changes: Partial<Receipt>, whole = true) => verdict(receipt(changes), whole).title;

test('"everything" is said of a complete receipt alone', () => {
  expect(title({})).toBe('Everything is kept');
  const others: Partial<Receipt>[] = [
    { complete: false },
    { complete: false, all_fetched: true, doubtful: 1 },
    { complete: false, outcome: 'some-failed', failed },
    stopped('target-full'),
  ];
  for (const other of others) expect(title(other)).not.toMatch(/everything is kept/i);
});

test('an end for each outcome', () => {
  expect(title({ outcome: 'some-failed', complete: false, failed })).toBe('Done, but 5 items did not arrive');
  expect(title(stopped('cancelled'))).toBe('Stopped, as you asked');
  expect(title(stopped('target-full'))).toBe('Stopped before its end');
  expect(verdict(receipt(stopped('target-full'))).text).toContain('What was kept stays kept');
  expect(title({ complete: false, all_fetched: true, doubtful: 1 })).toContain('1 file looks cut short');
  expect(title({ complete: false, all_fetched: false }, false)).toBe('Done, for the part you chose');
  expect(title({ complete: false, all_fetched: false })).toBe('Done');
});

test('a check has words of its own', () => {
  const verify = { kind: 'verify', already: 18_651 } as const;
  expect(title(verify)).toBe('Every file is sound');
  expect(verdict(receipt(verify)).text).toContain('18,651 files were read');
  expect(title({ ...verify, complete: false, failed: [{ reason: 'missing', count: 4 }] })).toBe(
    '4 files are not what was stored',
  );
  expect(title({ ...verify, complete: false })).toContain('some album links lead nowhere');
  expect(title({ ...verify, ...stopped('cancelled') })).toBe('Stopped before every file was read');
  const lines = receiptLines(receipt({ ...verify, complete: false, failed: [{ reason: 'missing', count: 4 }] }));
  expect(lines.map(({ key, count, list }) => [key, count, list])).toEqual([
    ['sound', 18_651, undefined],
    ['damaged', 4, 'damaged'],
  ]);
});

test('every number that is not zero leads to a list or a screen, but for what nobody has listed', () => {
  const lines = receiptLines(
    receipt({
      updated: 1,
      same_photo: 2,
      restored: 3,
      absent: 4,
      doubtful: 1,
      failed,
      skipped: [{ reason: 'x', count: 1 }],
      links_removed: 1,
    }),
  );
  const leadless = lines.filter(({ list, href }) => !list && !href).map(({ key }) => key);
  expect(leadless).toEqual(['already', 'doubtful']);
  expect(lines.find(({ key }) => key === 'failed')).toMatchObject({ count: 5, list: 'failed', reasons: failed });
  expect(grouped(lines).map(({ title: heading }) => heading)).toEqual(['Kept', 'Not kept', 'Good to know', 'Albums']);
});

test('zeros are left out, but for what was added and what was there', () => {
  const lines = receiptLines(receipt({ added: 0, already: 0, albums: 0, links_made: 0 }));
  expect(lines.map(({ key, note }) => [key, note])).toEqual([
    ['added', undefined],
    ['already', undefined],
  ]);
});

test('a prune counts what its list holds, and names what stayed', () => {
  const pruned = receipt({
    kind: 'prune',
    outcome: 'some-failed',
    failed: [{ reason: 'a.jpg was changed meanwhile and stays.', count: 1 }],
  });
  expect(receiptLines(pruned, 12).slice(0, 2)).toMatchObject([
    { count: 12, list: 'removed' },
    { key: 'stayed', count: 1 },
  ]);
  expect(verdict(pruned).title).toBe('Moved to the trash, but not everything');
});

test('buttons are named for what they open', () => {
  const [added, , albums] = receiptLines(receipt());
  const name = (line: typeof added) => (line ? lineName(line).replace(/\u00a0/g, ' ') : null);
  expect(name(added)).toBe('214 added, 1.89 GB, open list');
  expect(name(albums)).toBe('63 albums, open albums');
});

test('findings are words, sentences of the engine stay what they are', () => {
  const verify = receipt({ kind: 'verify' });
  expect(reasonWords(verify, 'missing')).toBe('not there any more');
  expect(reasonWords(verify, 'toString')).toBe('toString');
  expect(reasonWords(receipt(), 'missing')).toBe('missing');
});

test('how many failed and how long it took', () => {
  expect(failedCount(receipt({ failed }))).toBe(5);
  expect(tookWords(receipt())).toMatch(/^took 22.min/);
  expect(tookWords(receipt({ ended: receipt().started }))).toBe('took less than a second');
});
