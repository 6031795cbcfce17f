import { describe, expect, it } from 'vitest';
import { dice } from './dice';
import { clamped, guess, justify, placesOf, rowAt, rowOf, type Sizes } from './rows';

function library(seed: number, count: number): number[] {
  const next = dice(seed);
  const usual = [4 / 3, 3 / 4, 16 / 9, 9 / 16, 1, 3 / 2, 2.6, 9, 0.1, 0];
  return Array.from({ length: count }, () => usual[Math.floor(next() * usual.length)] as number);
}

const cases = Array.from({ length: 200 }, (_, seed) => {
  const next = dice(seed + 7);
  const width = 280 + Math.floor(next() * 3000);
  const sizes: Sizes = { width, target: width < 800 ? 150 : 200, gap: 4 };
  return { seed, sizes, ratios: library(seed, Math.floor(next() ** 3 * 800)), fill: seed % 3 === 0 };
});

describe('justified rows', () => {
  it('hold every item once and in order', () => {
    for (const { sizes, ratios, fill, seed } of cases) {
      const { first } = justify(ratios, sizes, fill);
      expect(first[0], `seed ${seed}`).toBe(0);
      expect(first.at(-1), `seed ${seed}`).toBe(ratios.length);
      for (let row = 1; row < first.length; row += 1)
        expect(first[row], `seed ${seed} row ${row}`).toBeGreaterThan(first[row - 1] as number);
    }
  });

  it('fill the width to the pixel, but for the last', () => {
    for (const { sizes, ratios, fill, seed } of cases) {
      const rows = justify(ratios, sizes, fill);
      for (let row = 0; row < rows.top.length - 1; row += 1) {
        const last = placesOf(rows, row, ratios, sizes.gap).at(-1);
        expect((last?.left ?? 0) + (last?.width ?? 0), `seed ${seed} row ${row}`).toBe(sizes.width);
      }
    }
  });

  it('leave exactly the gap between neighbours and never overlap', () => {
    for (const { sizes, ratios, fill } of cases) {
      const rows = justify(ratios, sizes, fill);
      for (let row = 0; row < rows.top.length; row += 1) {
        const places = placesOf(rows, row, ratios, sizes.gap);
        for (let at = 1; at < places.length; at += 1) {
          const before = places[at - 1] as { left: number; width: number };
          expect((places[at]?.left ?? 0) - before.left - before.width).toBe(sizes.gap);
        }
        if (row > 0)
          expect(rows.top[row]).toBe(
            (rows.top[row - 1] as number) + Math.round(rows.height[row - 1] as number) + sizes.gap,
          );
      }
    }
  });

  it('stay near the wanted height', () => {
    for (const { sizes, ratios, seed } of cases) {
      const { height } = justify(ratios, sizes);
      for (const [row, one] of height.entries()) {
        expect(one, `seed ${seed} row ${row}`).toBeLessThan(sizes.target * 1.45 + 0.1);
        // A picture of the widest kind may have to go along in a narrow window.
        expect(one, `seed ${seed} row ${row}`).toBeGreaterThan(Math.min(sizes.target, sizes.width / 3) * 0.44);
      }
    }
  });

  it('do not stretch the last one, except where another stretch follows', () => {
    const sizes = { width: 1000, target: 200, gap: 4 };
    expect(justify([1, 1], sizes).height[0]).toBe(200);
    const rows = justify(
      Array.from({ length: 103 }, () => 4 / 3),
      sizes,
      true,
    );
    const last = placesOf(
      rows,
      rows.top.length - 1,
      Array.from({ length: 103 }, () => 4 / 3),
      4,
    ).at(-1);
    expect((last?.left ?? 0) + (last?.width ?? 0)).toBe(1000);
    for (const height of rows.height) expect(Math.abs(height - 200)).toBeLessThan(70);
  });

  it('clamp panoramas, strips and nonsense', () => {
    expect([9, 0.1, 0, Number.NaN, -1, 1.5].map(clamped)).toEqual([3, 0.4, 4 / 3, 4 / 3, 4 / 3, 1.5]);
  });

  it('of nothing are none', () => {
    expect(justify([], { width: 1000, target: 200, gap: 4 })).toMatchObject({ total: 0, height: new Float32Array(0) });
    expect(guess(0, 0, { width: 1000, target: 200, gap: 4 })).toEqual({ rows: 0, total: 0 });
  });

  it('are found again by item and by height', () => {
    for (const { sizes, ratios } of cases) {
      if (ratios.length === 0) continue;
      const rows = justify(ratios, sizes);
      for (let row = 0; row < rows.top.length; row += 1) {
        expect(rowOf(rows, rows.first[row] as number)).toBe(row);
        expect(rowOf(rows, (rows.first[row + 1] as number) - 1)).toBe(row);
        expect(rowAt(rows, rows.top[row] as number)).toBe(row);
        expect(rowAt(rows, (rows.top[row] as number) + Math.round(rows.height[row] as number) - 1)).toBe(row);
      }
      expect(rowAt(rows, -50)).toBe(0);
    }
  });
});

describe('the guess', () => {
  it('is near the truth for months of some size', () => {
    for (const { sizes, seed } of cases) {
      const next = dice(seed);
      const ratios = Array.from({ length: 400 }, () => [4 / 3, 3 / 4, 16 / 9][Math.floor(next() * 3)] as number);
      const truth = justify(ratios, sizes).total;
      const told = guess(
        ratios.length,
        ratios.reduce((sum, ratio) => sum + ratio, 0),
        sizes,
      ).total;
      expect(Math.abs(told - truth) / truth, `seed ${seed}, width ${sizes.width}`).toBeLessThan(
        sizes.width < 700 ? 0.35 : 0.12,
      );
    }
  });
});

it('lays out a month of 20,000 quickly', () => {
  const ratios = Float32Array.from(library(1, 20_000));
  const begin = performance.now();
  justify(ratios, { width: 1200, target: 200, gap: 4 });
  expect(performance.now() - begin).toBeLessThan(100);
});
