import { describe, expect, it } from 'vitest';
import { Geometry } from './geometry';
import { wanted } from './window';

/** Asked for from the first of many months, at a speed that comes to the last one in 300 ms. */
function askedFor(lastHas: number): string[] {
  const geometry = new Geometry({ width: 1000, target: 200, gap: 4 }, { heading: 52, after: 20, seamless: false });
  const months = Array.from({ length: 5 }, (_, month) => ({ key: `2026-0${5 - month}`, count: 20, ratio_sum: 20 }));
  geometry.setBuckets([...months, { key: 'undated', count: lastHas, ratio_sum: lastHas }], () => false);
  const view = { at: 0, view: 200, shift: 0 };
  const distance = (geometry.section('undated')?.top ?? 0) - view.view / 2;
  return wanted(geometry, view, 1, distance / 300);
}

describe('what a flight asks for', () => {
  it('is the next bucket, and those that it comes to before they can be there', () => {
    expect(askedFor(20)).toEqual(['2026-05', '2026-04', '2026-03']);
  });

  it('is a big one sooner, because it takes longer to come', () => {
    expect(askedFor(9000)).toEqual(['2026-05', '2026-04', '2026-03', 'undated']);
  });
});
