import { expect, test } from 'vitest';
import { gainWords, kindWords, runMark } from './past-run';
import { pastRun } from './samples';

const past = { going: false, last: false };

test('how a run ended, in a mark and words', () => {
  expect(runMark(pastRun(), past)).toMatchObject({ tone: 'good', words: 'Everything was kept' });
  const failed = { complete: false, outcome: 'some-failed', failed: [{ reason: 'x', count: 5 }] } as const;
  expect(runMark(pastRun(failed as never), past)).toMatchObject({ tone: 'attention', words: '5 failed' });
  expect(runMark(pastRun({ complete: false, outcome: { stopped: { code: 'network' } } }), past).words).toBe(
    'Stopped before its end',
  );
  expect(runMark(pastRun({ complete: false }, { whole: false }), past).words).toBe('Done, for a part of the library');
  expect(runMark(pastRun({ complete: false }), past)).toMatchObject({ tone: 'plain', words: 'Done' });
});

test('a run without an end was cut off, unless it is the one under way', () => {
  const cut = pastRun(null);
  expect(runMark(cut, past).words).toBe('Cut off; the next run went on from there');
  expect(runMark(cut, { going: false, last: true }).words).toBe('Cut off; the next run goes on from there');
  expect(runMark(cut, { going: true, last: true })).toMatchObject({ tone: 'busy', words: 'Under way' });
});

test('a check and a prune have words of their own', () => {
  const verify = { kind: 'verify', already: 9, complete: true } as const;
  expect(runMark(pastRun(verify), past).words).toBe('Every file was sound');
  expect(runMark(pastRun({ ...verify, complete: false }), past).words).toBe('Some album links led nowhere');
  expect(gainWords(pastRun(verify))).toBe('9 files sound');
  expect(runMark(pastRun({ kind: 'prune', complete: false }), past).tone).toBe('good');
  expect(gainWords(pastRun({ kind: 'prune' }))).toBeNull();
});

test('what came of it', () => {
  expect(gainWords(pastRun({ added: 1 }))).toBe('1 added');
  expect(gainWords(pastRun({ added: 0 }))).toBe('nothing new');
  expect(gainWords(pastRun(null))).toBeNull();
});

test('a kind of a newer engine keeps its name', () => {
  expect(kindWords('verify')).toBe('Check of all files');
  expect(kindWords('constructor')).toBe('constructor');
});
