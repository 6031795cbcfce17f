import { expect, it } from 'vitest';
import { parseDate } from './dates';
import type { Section } from './geometry';
import { sectionAtDate } from './navigate';

const english = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const german = [
  'Januar',
  'Februar',
  'März',
  'April',
  'Mai',
  'Juni',
  'Juli',
  'August',
  'September',
  'Oktober',
  'November',
  'Dezember',
];

it.each([
  ['2019', 2019, null, null],
  ['2019-05', 2019, 5, null],
  ['2019-05-14', 2019, 5, 14],
  ['2019/5', 2019, 5, null],
  ['14.5.2019', 2019, 5, 14],
  ['14. 5. 2019', 2019, 5, 14],
  ['5/2019', 2019, 5, null],
  ['May 2019', 2019, 5, null],
  ['14 May 2019', 2019, 5, 14],
  ['May 14, 2019', 2019, 5, 14],
  ['dec 1999', 1999, 12, null],
])('reads %s', (text, year, month, day) => {
  expect(parseDate(text, english)).toEqual({ year, month, day });
});

it('reads months in the language in use', () => {
  expect(parseDate('14. Mai 2019', german)).toEqual({ year: 2019, month: 5, day: 14 });
  expect(parseDate('März 2020', german)).toEqual({ year: 2020, month: 3, day: null });
});

it.each(['', 'soon', '2019-13', '31.2.2019', '0000', '19', 'Foo 2019'])('does not take %s for a date', (text) => {
  expect(parseDate(text, english)).toBeNull();
});

it('leads to the month, or to the nearest older one', () => {
  const sections = ['2024-06', '2022-12', '2022-01', '2019-03', 'undated'].map((key) => ({ key }) as Section);
  const at = (year: number, month: number | null = null) => sectionAtDate(sections, { year, month })?.key;
  expect(at(2022)).toBe('2022-12');
  expect(at(2022, 1)).toBe('2022-01');
  expect(at(2023)).toBe('2022-12');
  expect(at(2030)).toBe('2024-06');
  expect(at(1990)).toBe('2019-03');
});
