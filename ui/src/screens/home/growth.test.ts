import { expect, test } from 'vitest';
import { bars, labelStep, scaleTop } from './growth';

const kept = (year: number | null, items = 1) => ({ year, items, bytes: items });

test('years between have a place, those without a date do not', () => {
  expect(bars([kept(2012), kept(2009), kept(null)]).map(({ year, items }) => [year, items])).toEqual([
    [2009, 1],
    [2010, 0],
    [2011, 0],
    [2012, 1],
  ]);
  expect(bars([kept(2020)])).toHaveLength(1);
  expect(bars([kept(null)])).toEqual([]);
  expect(bars([kept(1967), kept(2026)])).toHaveLength(60);
});

test('a camera with a wrong clock does not stretch the chart', () => {
  expect(bars([kept(1), kept(2020), kept(2099)]).map(({ year }) => year)).toEqual([1, 2020, 2099]);
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
