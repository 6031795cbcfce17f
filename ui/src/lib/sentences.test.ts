import { expect, test } from 'vitest';
import type { Sentence } from './backend';
import { locale } from './locale.svelte';
import { hintOf, say, spoken } from './sentences';

const text = "Google's listing left out 1200 items that Google still has. Nothing was removed.";
const sentences: Record<string, Sentence> = {
  [text]: {
    code: 'note-items-left-out',
    words: "Google's listing left out {count} items that Google still has. Nothing was removed.",
    values: { count: '1200' },
    parts: {},
  },
};

test('a sentence with a code is said in the language of the page', () => {
  locale.use('de');
  expect(say(text, sentences)).toContain('fehlten 1.200 Elemente');
  expect(spoken(text, sentences)).toBeUndefined();
  locale.use('en');
  expect(say(text, sentences)).toContain('left out 1,200 items');
});

test('a sentence without a code, or with one of a newer engine, is shown as the engine wrote it', () => {
  locale.use('de');
  const newer = { [text]: { code: 'moon-phase', words: '', values: {}, parts: {} } } as unknown as Record<
    string,
    Sentence
  >;
  for (const known of [undefined, {}, newer]) {
    expect(say(text, known)).toBe(text);
    expect(spoken(text, known)).toBe('en');
  }
  locale.use('en');
  expect(spoken(text, {})).toBeUndefined();
});

test('values from outside are text: a count is grouped, a name stays as it is', () => {
  locale.use('de');
  const album = {
    a: { code: 'note-album-unread', words: '', values: { title: '<b>{count}</b>' }, parts: {} },
  } as Record<string, Sentence>;
  expect(say('a', album)).toContain('„<b>{count}</b>“');
});

test('an English hint does not follow a translated sentence', () => {
  locale.use('de');
  expect(hintOf({ message: text, hint: 'Do this.', sentences })).toBeNull();
  expect(hintOf({ message: text, hint: 'Do this.', sentences: {} })).toBe('Do this.');
  locale.use('en');
  expect(hintOf({ message: text, hint: 'Do this.', sentences })).toBe('Do this.');
});

test('a sentence inside a sentence is said in the same language; one of a newer engine as it came', () => {
  const inner: Sentence = { code: 'archive-not-an-archive', words: '', values: {}, parts: {} };
  const detail: Sentence = {
    code: 'archive-detail',
    words: '',
    values: { sentence: 'x', detail: '12' },
    parts: { sentence: inner },
  };
  const note = (part: Sentence) => ({
    a: {
      code: 'note-not-taken',
      words: '',
      values: { name: 'a.zip', sentence: 'As it came.' },
      parts: { sentence: part },
    } as Sentence,
  });
  locale.use('de');
  expect(say('a', note(detail))).toBe(
    '„a.zip“ wurde nicht übernommen: Das ist weder ein Zip- noch ein tgz-Archiv. (12)',
  );
  expect(say('a', note({ code: 'moon' } as unknown as Sentence))).toBe('„a.zip“ wurde nicht übernommen: As it came.');
  locale.use('en');
});
