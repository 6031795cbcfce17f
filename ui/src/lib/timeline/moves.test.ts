import { describe, expect, it } from 'vitest';
import { dice } from './dice';
import { type LaidOut, nextDay, nextSection, step } from './moves';
import { justify, rowOf } from './rows';

const gap = 4;
function month(ratios: number[]): LaidOut {
  return { rows: justify(ratios, { width: 1000, target: 200, gap }), ratio: ratios, gap };
}
const some = (seed: number, count: number) => {
  const next = dice(seed);
  return month(Array.from({ length: count }, () => [4 / 3, 3 / 4, 16 / 9, 2.6][Math.floor(next() * 4)] as number));
};

describe('arrows', () => {
  it('go one on and leave the month at its ends', () => {
    const laid = some(1, 30);
    expect(step('right', 4, laid)).toEqual({ to: 'here', index: 5 });
    expect(step('left', 0, laid)).toEqual({ to: -1, at: 'last' });
    expect(step('right', 29, laid)).toEqual({ to: 1, at: 'first' });
  });

  it('up and down always reach the neighbouring row and no other', () => {
    for (let seed = 0; seed < 40; seed += 1) {
      const laid = some(seed, 50);
      for (let index = 0; index < 50; index += 1) {
        const row = rowOf(laid.rows, index);
        const down = step('down', index, laid);
        if (down.to === 'here') expect(rowOf(laid.rows, down.index)).toBe(row + 1);
        else expect(row).toBe(laid.rows.top.length - 1);
        const up = step('up', index, laid);
        if (up.to === 'here') expect(rowOf(laid.rows, up.index)).toBe(row - 1);
        else expect([up.to, row]).toEqual([-1, 0]);
      }
    }
  });

  it('down goes to what lies below', () => {
    // Rows of five equal pictures.
    const laid = month(Array.from({ length: 15 }, () => 1));
    expect(step('down', 2, laid)).toEqual({ to: 'here', index: 7 });
    expect(step('up', 13, laid)).toEqual({ to: 'here', index: 8 });
  });

  it('carry the place across over to the next month', () => {
    const laid = month([1, 1]);
    expect(step('down', 1, laid)).toEqual({ to: 1, at: 'row', x: 304 });
  });
});

describe('D, M and Y', () => {
  const day = (number: number) => number * 86_400 + 3600;
  // Newest first: three of the 9th, one of the 5th, two of the 4th.
  const taken = [day(9), day(9), day(9), day(5), day(4), day(4)];

  it('go to the next day and back to the begin of days', () => {
    expect(nextDay(taken, 0, 1)).toBe(3);
    expect(nextDay(taken, 3, 1)).toBe(4);
    expect(nextDay(taken, 4, 1)).toBeNull();
    expect(nextDay(taken, 5, -1)).toBe(4);
    expect(nextDay(taken, 4, -1)).toBe(3);
    expect(nextDay(taken, 3, -1)).toBe(0);
    expect(nextDay(taken, 0, -1)).toBeNull();
  });

  it('know no day of what has no date', () => {
    expect(nextDay([Number.NaN, Number.NaN], 0, 1)).toBeNull();
  });

  it('go by month and year', () => {
    const keys = ['2026-03', '2026-01', '2025-12', '2025-02', '2023-07', 'undated'];
    expect(nextSection(keys, 0, 'month', 1)).toBe(1);
    expect(nextSection(keys, 0, 'month', -1)).toBeNull();
    expect(nextSection(keys, 0, 'year', 1)).toBe(2);
    expect(nextSection(keys, 3, 'year', 1)).toBe(4);
    expect(nextSection(keys, 3, 'year', -1)).toBe(0);
    expect(nextSection(keys, 4, 'year', -1)).toBe(2);
    expect(nextSection(keys, 5, 'year', 1)).toBeNull();
  });
});
