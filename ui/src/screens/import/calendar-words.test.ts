import { afterEach, expect, test } from 'vitest';
import { locale } from '$lib/locale.svelte';
import { calendarWords } from './calendar-words';
import { calendar, series } from './samples';

const now = new Date('2026-11-01T12:00:00Z');
const text = (of = series()) => calendarWords(of, now)?.texts.join(' ');

afterEach(() => locale.use('en'));

test('before the first export there is nothing to tell', () => expect(calendarWords(calendar(), now)).toBeNull());

test('a series: when the last came, how many, when the next is due, when the year ends', () => {
  expect(text()).toBe(
    'The last one is of Sep 20, 2026. 3 of the six exports of this year have come. The next one is due about Nov 20, 2026. The year that you ordered ends on May 20, 2027.',
  );
  expect(text(series({ next_due: '2026-10-30T09:30:00Z' }))).toContain('The next one was due about Oct 30, 2026.');
});

test('a single export promises nothing, and is never called overdue', () => {
  const single = calendar({ last: '2026-08-01T09:30:00Z', exports: 1, next_due: '2026-12-01T09:30:00Z', notice: null });
  expect(text(single)).toBe(
    'The last one is of Aug 1, 2026. If you ordered one every two months, the next is due about Dec 1, 2026.',
  );
  const late = calendarWords({ ...single, next_due: '2026-10-01T09:30:00Z', notice: 'overdue' }, now);
  expect(late).toMatchObject({ title: 'Your exports', attention: false });
  expect(late?.texts.join(' ')).toContain('the next was due about Oct 1, 2026. What is kept is safe.');
});

test('what is worth telling comes in time, in both languages', () => {
  const titles = (notice: 'overdue' | 'year-ends-soon' | 'year-ended') => {
    const words = calendarWords(series({ notice }), now);
    return [words?.title, words?.attention];
  };
  expect(titles('overdue')).toEqual(['An export is overdue', true]);
  expect(titles('year-ends-soon')).toEqual(['Your year of exports ends soon', false]);
  expect(titles('year-ended')).toEqual(['Your year of exports is over', true]);
  locale.use('de');
  expect(titles('overdue')).toEqual(['Ein Export ist überfällig', true]);
  expect(text(series({ notice: 'year-ended', year_ends: '2026-10-20T09:30:00Z' }))).toMatch(
    /Seit dem 20\.10\.2026 kommt keiner mehr von selbst\. Bestell das nächste Jahr\.$/,
  );
});
