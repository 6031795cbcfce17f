import { beforeEach, describe, expect, test, vi } from 'vitest';
import * as format from './format';
import { locale } from './locale.svelte';

/** Intl puts narrow and ordinary no-break spaces where it likes. */
const plain = (text: string) => text.replace(/[\u00a0\u202f\u2009]/g, ' ');

const languages = (...tags: string[]) => vi.spyOn(navigator, 'languages', 'get').mockReturnValue(tags);

describe('in English', () => {
  beforeEach(() => {
    languages('en-GB', 'de-DE');
    locale.use('en');
  });

  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1 kB'],
    [1540, '1.5 kB'],
    [999_400, '999 kB'],
    [999_500, '1 MB'],
    [12_340_000, '12.3 MB'],
    [96_412_000_000, '96.4 GB'],
    [1_250_000_000, '1.25 GB'],
    [412_000_000_000, '412 GB'],
    [4_000_000_000_000, '4 TB'],
    [-5, '0 B'],
  ])('%i bytes are %s', (value, text) => expect(plain(format.bytes(value))).toBe(text));

  test('speed counts a second', () => expect(plain(format.speed(23_600_000))).toBe('23.6 MB/s'));

  test.each([
    [0, '0 secs'],
    [59.4, '59 secs'],
    [59.6, '1 min'],
    [61, '1 min'],
    [3599, '1 hr'],
    [7500, '2 hrs 5 mins'],
    [86_400, '1 day'],
    [90_000, '1 day 1 hr'],
  ])('%d seconds last %s', (seconds, text) => expect(plain(format.duration(seconds))).toBe(text));

  test.each([
    [7, '0:07'],
    [725, '12:05'],
    [3723, '1:02:03'],
  ])('a film of %i seconds shows %s', (seconds, text) => expect(format.clock(seconds)).toBe(text));

  test('a share is rounded down, so that 100 % means all', () => {
    expect(format.percent(0.999)).toBe('99%');
    expect(format.percent(1)).toBe('100%');
    expect(format.percent(0)).toBe('0%');
  });

  test.each([
    [-30, 'now'],
    [-60, '1 minute ago'],
    [-5 * 3600, '5 hours ago'],
    [-86_400, 'yesterday'],
    [-3 * 86_400, '3 days ago'],
    [-8 * 86_400, 'last week'],
    [2 * 3600, 'in 2 hours'],
  ])('%i seconds from now is %s', (seconds, text) => {
    const now = new Date('2026-11-22T14:05:00Z');
    expect(format.relative(new Date(now.getTime() + seconds * 1000), now)).toBe(text);
  });

  test('a photo keeps the clock of its place, whatever this computer’s time zone', () => {
    const seconds = Date.UTC(2019, 4, 3, 23, 50) / 1000;
    for (const zone of ['Pacific/Kiritimati', 'America/Los_Angeles', 'UTC']) {
      vi.stubEnv('TZ', zone);
      expect(plain(format.taken(seconds))).toBe('Fri, 3 May 2019, 23:50');
      expect(plain(format.taken('2019-05-03T23:50:00+09:00'))).toBe('Fri, 3 May 2019, 23:50');
      expect(plain(format.taken('2019-05-03', 'day'))).toBe('Fri, 3 May 2019');
      expect(format.month('2019-05')).toBe('May 2019');
    }
    vi.unstubAllEnvs();
  });

  test('a span does not repeat itself', () => {
    expect(plain(format.span('2019-05-03', '2019-05-09'))).toBe('3 – 9 May 2019');
    expect(plain(format.span('2019-05-03', '2019-05-03'))).toBe('3 May 2019');
  });

  test('a list is a sentence', () => expect(format.list(['a', 'b', 'c'])).toBe('a, b and c'));

  test('American dates for Americans', () => {
    languages('en-US');
    expect(plain(format.taken('2019-05-03', 'day'))).toBe('Fri, May 3, 2019');
  });
});

describe('in German', () => {
  beforeEach(() => {
    languages('de-DE', 'en-GB');
    locale.use('de');
  });

  test('numbers, sizes and shares', () => {
    expect(format.number(12345)).toBe('12.345');
    expect(plain(format.bytes(96_412_000_000))).toBe('96,4 GB');
    expect(plain(format.percent(0.42))).toBe('42 %');
  });

  test('times', () => {
    const now = new Date('2026-11-22T14:05:00Z');
    expect(plain(format.duration(7500))).toBe('2 Std. 5 Min.');
    expect(format.relative('2026-11-21T14:00:00Z', now)).toBe('gestern');
    expect(plain(format.taken('2019-05-03T23:50:00'))).toBe('Fr., 3. Mai 2019, 23:50');
    expect(format.month('2019-03')).toBe('März 2019');
    expect(format.list(['a', 'b', 'c'])).toBe('a, b und c');
  });

  test('a change of language reaches what was made before', () => {
    expect(format.number(12345)).toBe('12.345');
    locale.use('en');
    expect(format.number(12345)).toBe('12,345');
  });
});
