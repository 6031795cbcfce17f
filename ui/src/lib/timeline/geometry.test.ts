import { describe, expect, it } from 'vitest';
import type { BucketSize } from '../backend';
import { Geometry } from './geometry';

const sizes = { width: 1000, target: 200, gap: 4 };
const spacing = { heading: 50, after: 20, seamless: false };

function months(count: number, items = 60): BucketSize[] {
  return Array.from({ length: count }, (_, index) => ({
    key: index === count - 1 ? 'undated' : new Date(Date.UTC(2026, 10 - index, 1)).toISOString().slice(0, 7),
    count: items,
    ratio_sum: items * 1.3,
  }));
}

const ids = (first: number, count: number) => Float64Array.from({ length: count }, (_, index) => first + index);
/** Pictures that need more room than the sum told. */
const wide = (count: number) => Float32Array.from({ length: count }, (_, index) => (index % 2 ? 2.6 : 1.8));

function made(count = 12): Geometry {
  const geometry = new Geometry(sizes, spacing);
  geometry.setBuckets(months(count));
  return geometry;
}

describe('geometry', () => {
  it('knows its full height and count from the sums alone', () => {
    const geometry = made();
    expect(geometry.total).toBe(720);
    const { top, height } = geometry.sections.at(-1) ?? { top: 0, height: 0 };
    expect(geometry.height).toBe(top + height);
    expect(geometry.sections.every((section) => section.rows === null)).toBe(true);
  });

  it('stacks without holes, whatever is laid out', () => {
    const geometry = made();
    for (const index of [3, 0, 7])
      geometry.setItems(geometry.sections[index]?.key ?? '', ids(index * 100, 60), wide(60));
    let top = 0;
    for (const section of geometry.sections) {
      expect(section.top).toBe(top);
      top += section.height;
      expect(geometry.sectionAt(section.top)).toBe(section);
      expect(geometry.sectionAt(top - 1)).toBe(section);
    }
    expect(geometry.height).toBe(top);
  });

  it('drops months without items', () => {
    const geometry = new Geometry(sizes, spacing);
    geometry.setBuckets([{ key: '2026-01', count: 0, ratio_sum: 0 }, ...months(2)]);
    expect(geometry.sections.map(({ key }) => key)).toEqual(['2026-11', 'undated']);
  });

  it('keeps the layout of what has not changed over a new reading', () => {
    const geometry = made();
    geometry.setItems('2026-11', ids(0, 60), wide(60));
    geometry.setItems('2026-10', ids(100, 60), wide(60));
    const changed = months(12);
    changed[1] = { key: '2026-10', count: 61, ratio_sum: 80 };
    geometry.setBuckets(changed);
    expect(geometry.section('2026-11')?.rows).not.toBeNull();
    expect(geometry.section('2026-10')?.rows).toBeNull();
  });
});

describe('the anchor', () => {
  it('holds the seen row when a month above becomes exact', () => {
    const geometry = made();
    geometry.setItems('2026-08', ids(300, 60), wide(60));
    const before = geometry.boxOf('2026-08', 30)?.top ?? 0;
    const at = before + 17;
    const anchor = geometry.anchor(at, 600);
    geometry.setItems('2026-10', ids(100, 60), wide(60));
    geometry.setItems('2026-11', ids(0, 60), wide(60));
    const moved = geometry.boxOf('2026-08', 30)?.top ?? 0;
    expect(moved).toBeGreaterThan(before);
    expect(anchor && geometry.placeOf(anchor)).toBe(moved + 17);
  });

  it('holds the pictures that are seen, not the grey month above them', () => {
    const geometry = made();
    geometry.setItems('2026-08', ids(300, 60), wide(60));
    const top = geometry.section('2026-08')?.top ?? 0;
    const anchor = geometry.anchor(top - 100, 600);
    geometry.setItems('2026-09', ids(200, 60), wide(60));
    expect(anchor && geometry.placeOf(anchor)).toBe((geometry.section('2026-08')?.top ?? 0) - 100);
  });

  it('finds the photo again when others came before it in its month', () => {
    const geometry = made();
    geometry.setItems('2026-08', ids(300, 60), wide(60));
    const top = geometry.boxOf('2026-08', 30)?.top ?? 0;
    const anchor = geometry.anchor(top, 600);
    const held = anchor?.id ?? -1;
    const more = Float64Array.from([...ids(900, 8), ...ids(300, 60)]);
    geometry.setItems('2026-08', more, wide(68));
    expect(anchor && geometry.placeOf(anchor)).toBe(geometry.boxOf('2026-08', more.indexOf(held))?.top);
  });

  it('keeps the photo in view when the window gets narrower', () => {
    const geometry = made();
    const ratios = wide(60);
    for (const { key, index } of geometry.sections) geometry.setItems(key, ids(index * 100, 60), ratios);
    const at = (geometry.boxOf('2026-05', 24)?.top ?? 0) + 5;
    const anchor = geometry.anchor(at, 600);
    const index = anchor?.index ?? 0;
    geometry.setSizes({ ...sizes, width: 610, target: 150 }, () => ratios);
    const box = geometry.boxOf('2026-05', index);
    const place = anchor ? geometry.placeOf(anchor) : 0;
    expect(place).toBeGreaterThanOrEqual(box?.top ?? 0);
    expect(place).toBeLessThanOrEqual((box?.top ?? 0) + (box?.height ?? 0));
  });

  it('holds nothing at the very top, so that new photos show', () => {
    expect(made().anchor(0, 600)).toBeNull();
  });

  it('goes to what stands in the place of a month that is gone', () => {
    const geometry = made();
    const anchor = geometry.anchor((geometry.section('2026-09')?.top ?? 0) + 300, 600);
    geometry.setBuckets(months(12).filter(({ key }) => key !== '2026-09'));
    expect(anchor && geometry.placeOf(anchor)).toBe(geometry.section('2026-08')?.top);
  });
});
