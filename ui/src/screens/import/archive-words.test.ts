import { afterEach, expect, test } from 'vitest';
import type { ArchiveReason, ArchiveState, FoundArchive } from '$lib/backend';
import { locale } from '$lib/locale.svelte';
import { reasonOf, standOf } from './archive-words';
import { found } from './samples';

// One of each; the compiler says when one is missing.
const states: Record<ArchiveState, true> = {
  growing: true,
  settling: true,
  waiting: true,
  'not-here-yet': true,
  finished: true,
  kept: true,
  left: true,
  moved: true,
  trashed: true,
  refused: true,
};
const reasons: { [C in ArchiveReason['code']]: Extract<ArchiveReason, { code: C }> } = {
  'other-part': { code: 'other-part', name: 'A' },
  unreadable: { code: 'unreadable', sentence: 'S' },
  refused: { code: 'refused', sentence: 'S' },
  unpacked: { code: 'unpacked' },
  copy: { code: 'copy', of: 'A' },
  'name-not-text': { code: 'name-not-text' },
  'not-taken': { code: 'not-taken', files: 1200 },
  'other-products': { code: 'other-products', files: 1200 },
  'not-as-stored': { code: 'not-as-stored', path: 'A' },
  unproven: { code: 'unproven' },
  'not-put-away': { code: 'not-put-away', sentence: 'S' },
};

const stand = (state: string) => standOf(found(state as ArchiveState));
const why = (code: ArchiveReason['code']) => reasonOf(found('left', { why: reasons[code] }));

afterEach(() => locale.use('en'));

test('every state and every reason has words of its own in both languages', () => {
  const said = (language: 'en' | 'de') => {
    locale.use(language);
    return [
      ...Object.keys(states).map((state) => stand(state).words),
      ...Object.values(reasons).flatMap((reason) => reasonOf(found('left', { why: reason })).words ?? []),
    ];
  };
  const [english, german] = [said('en'), said('de')];
  expect(new Set(english).size).toBe(Object.keys(states).length + Object.keys(reasons).length - 2);
  expect(german).toHaveLength(english.length);
  for (const [index, words] of german.entries()) expect(words).not.toBe(english[index]);
});

test('names and counts are in their places', () => {
  expect(why('other-part').words).toBe('“A” of the same export is not finished yet.');
  expect(why('not-taken').words).toMatch(/^1,200 files in it are not in your library/);
  expect(why('refused')).toEqual({ engine: 'S' });
  expect(why('not-put-away').engine).toBe('S');
});

test('what is not kept asks for attention; what is left for another reason does not', () => {
  const tone = (archive: FoundArchive) => standOf(archive).tone;
  const left = (code: ArchiveReason['code']) => tone(found('left', { why: reasons[code] }));
  expect(['not-taken', 'not-as-stored', 'unproven', 'not-put-away'].map((code) => left(code as 'unproven'))).toEqual(
    Array(4).fill('attention'),
  );
  expect([left('copy'), left('other-products'), left('unpacked')]).toEqual(Array(3).fill('known'));
  expect([tone(found('refused')), tone(found('trashed')), tone(found('growing'))]).toEqual([
    'attention',
    'kept',
    'going',
  ]);
});

test('a file that cannot be read may be in the cloud only; a state of a newer engine breaks nothing', () => {
  expect(reasonOf(found('not-here-yet')).words).toMatch(/only in the cloud/);
  expect(stand('teleported')).toMatchObject({ words: 'teleported', tone: 'known' });
  const newer = { code: 'moon' } as unknown as ArchiveReason;
  expect(reasonOf(found('left', { why: newer }))).toEqual({});
});
