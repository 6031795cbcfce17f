import { describe, expect, it } from 'vitest';
import { gap, gridOf, moved, near, place } from './grid';

describe('the grid of a list', () => {
  it('fills the width with as many columns as fit', () => {
    const grid = gridOf(10, 1000, 48);
    expect(grid.columns).toBe(6);
    expect(grid.columns * grid.width + gap * (grid.columns - 1)).toBeLessThanOrEqual(1000);
    expect(grid.whole).toBe(2 * grid.height + gap);
    expect(gridOf(0, 1000, 48).whole).toBe(0);
    expect(gridOf(3, 40, 48).columns).toBe(1);
  });

  it('draws what is near the view and nothing else, at any length', () => {
    const count = 200_000;
    const grid = gridOf(count, 1000, 48);
    for (const top of [0, grid.whole / 2, grid.whole - 600]) {
      const [first, after] = near(grid, count, top, 600);
      expect(after - first).toBeLessThan(60);
      expect(place(grid, first).top).toBeLessThanOrEqual(top);
      expect(place(grid, after - 1).top + grid.height).toBeGreaterThanOrEqual(Math.min(top + 600, grid.whole));
    }
    expect(near(grid, 0, 0, 600)).toEqual([0, 0]);
  });

  it('is walked with the keys', () => {
    const go = (key: string, at: number) => moved(key, at, 10, 4, 2);
    expect([go('ArrowRight', 0), go('ArrowLeft', 0), go('ArrowDown', 1), go('ArrowUp', 5)]).toEqual([1, 0, 5, 1]);
    expect([go('ArrowUp', 2), go('ArrowDown', 7), go('Home', 7), go('End', 0)]).toEqual([2, 9, 0, 9]);
    expect([go('PageDown', 0), go('PageUp', 9), go('x', 3)]).toEqual([8, 1, null]);
    expect(moved('ArrowDown', 0, 0, 4, 2)).toBeNull();
  });
});
