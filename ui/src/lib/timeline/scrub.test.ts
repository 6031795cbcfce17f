import { describe, expect, it } from 'vitest';
import { Geometry } from './geometry';
import { scrubStep, ticks } from './scrub';

function library(years: number, perMonth: number): Geometry {
  const geometry = new Geometry({ width: 1000, target: 200, gap: 4 }, { heading: 50, after: 20, seamless: false });
  geometry.setBuckets([
    ...Array.from({ length: years * 12 }, (_, index) => ({
      key: new Date(Date.UTC(2026, 11 - index, 1)).toISOString().slice(0, 7),
      count: perMonth,
      ratio_sum: perMonth * 1.3,
    })),
    { key: 'undated', count: 5, ratio_sum: 6 },
  ]);
  return geometry;
}

describe('the scrubber', () => {
  it('puts years where they begin, in proportion', () => {
    const geometry = library(4, 100);
    const end = geometry.height - 800;
    const years = ticks(geometry.sections, end, 700);
    expect(years.map(({ year, written }) => [year, written])).toEqual([
      ['2026', true],
      ['2025', true],
      ['2024', true],
      ['2023', true],
    ]);
    expect((years[1]?.share ?? 0) * end).toBeCloseTo(geometry.section('2025-12')?.top ?? 0);
  });

  it('never writes years over each other', () => {
    const geometry = library(60, 100);
    const marks = ticks(geometry.sections, geometry.height - 800, 400);
    const written = marks.filter((mark) => mark.written).map(({ share }) => share * 400);
    for (let at = 1; at < written.length; at += 1)
      expect((written[at] ?? 0) - (written[at - 1] ?? 0)).toBeGreaterThanOrEqual(22);
    expect(written.length).toBeGreaterThan(10);
  });

  it('is a slider of months, with years on PageUp and PageDown', () => {
    const keys = ['2026-03', '2026-01', '2025-12', '2025-02', '2023-07', 'undated'];
    expect(scrubStep('ArrowDown', 0, keys)).toBe(1);
    expect(scrubStep('ArrowUp', 0, keys)).toBe(0);
    expect(scrubStep('PageDown', 0, keys)).toBe(2);
    expect(scrubStep('PageUp', 3, keys)).toBe(0);
    expect(scrubStep('End', 0, keys)).toBe(5);
    expect(scrubStep('Home', 3, keys)).toBe(0);
    expect(scrubStep('a', 3, keys)).toBeNull();
  });
});
