import { expect, test } from 'vitest';
import { columns, labelled, labelStep, scaleTop } from './growth';

const kept = (year: number | null, items = 1) => ({ year, items, bytes: items });

test('years between have a place, those without a date do not', () => {
  expect(columns([kept(2012), kept(2009), kept(null)]).map(({ year, items }) => [year, items])).toEqual([
    [2009, 1],
    [2010, 0],
    [2011, 0],
    [2012, 1],
  ]);
  expect(columns([kept(2020)])).toHaveLength(1);
  expect(columns([kept(null)])).toEqual([]);
});

test('many empty years are folded into one place', () => {
  const shape = (...years: number[]) =>
    columns(years.map((year) => kept(year))).map(({ year, folded }) => (folded ? `${year}…` : year));
  expect(shape(1968, 2016, 2017)).toEqual([1968, '1969…', 2016, 2017]);
  expect(shape(2000, 2005)).toEqual([2000, 2001, 2002, 2003, 2004, 2005]);
  expect(shape(2000, 2006)).toEqual([2000, '2001…', 2006]);
  expect(shape(1, 2020, 2099)).toEqual([1, '2…', 2020, '2021…', 2099]);
});

test('labels: counted from the last, and beside a fold where there is room', () => {
  const shown = columns([1968, 2016, 2017, 2018, 2019, 2020].map((year) => kept(year)));
  const years = (step: number) => [...labelled(shown, step)].map((index) => shown[index]?.year).sort();
  expect(years(1)).toEqual([1968, 2016, 2017, 2018, 2019, 2020]);
  expect(years(2)).toEqual([1968, 2016, 2018, 2020]);
  expect(years(5)).toEqual([1968, 2020]);
  for (const step of [1, 2, 5])
    expect(shown.some((one, index) => one.folded && labelled(shown, step).has(index))).toBe(false);
});

test('the scale ends at a round number that can be halved', () => {
  for (const [greatest, top] of [
    [1, 2],
    [3, 4],
    [10, 10],
    [11, 12],
    [99, 100],
    [101, 120],
    [2980, 3000],
    [3001, 4000],
    [54_321, 60_000],
  ] as const)
    expect(scaleTop(greatest), String(greatest)).toBe(top);
});

test('labels keep off each other at every width', () => {
  expect(labelStep(18, 900)).toBe(1);
  expect(labelStep(60, 900)).toBe(5);
  expect(labelStep(60, 300)).toBe(10);
  expect(labelStep(0, 0)).toBe(1);
  for (const width of [280, 500, 900])
    for (let count = 1; count <= 60; count += 1)
      expect((width / count) * labelStep(count, width), `${count} in ${width}`).toBeGreaterThanOrEqual(48);
});
