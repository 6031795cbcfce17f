import { expect, test } from 'vitest';
import type { RunState } from '$lib/backend';
import { idle } from '../activity/samples';
import { steps } from './steps';

const at = (run: Partial<RunState>) =>
  steps({ ...idle, activity: 'running', kind: 'sync', ...run }).map(({ text, state }) => `${text} ${state}`);

test('a sync goes through six steps', () => {
  expect(at({ phase: 'fetching' })).toEqual([
    'Look done',
    'Albums done',
    'Plan done',
    'Fetch now',
    'Album folders later',
    'Finish later',
  ]);
});

test('before the first word of the engine, and while it tidies up, it is at the first step', () => {
  for (const phase of [null, 'recovering'] as const) expect(at({ phase })[0]).toBe('Look now');
});

test('a plan ends with the plan, a check has steps of its own', () => {
  expect(at({ planning: true, phase: 'planning' })).toEqual(['Look done', 'Albums done', 'Plan now']);
  expect(at({ kind: 'verify', phase: 'finishing' })).toEqual(['Check done', 'Finish now']);
});

test('a listing that is done again steps back instead of getting lost', () => {
  expect(at({ phase: 'listing' })[1]).toBe('Albums later');
  expect(at({ phase: 'verifying' })[0]).toBe('Look now');
});
