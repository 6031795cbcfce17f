// The chart of years, in numbers: which bars, how high, which labels. Pure; drawn by `Growth.svelte`.

import type { YearKept } from '$lib/backend';

/** A year with its place in the chart; or empty years folded into one narrow place, `year` being the first of them. */
export type Column = YearKept & { year: number; folded: boolean };

/** So many empty years in a row are folded: a scan from 1968 or a camera with a wrong clock must not press all others aside. */
const foldedFrom = 5;

/** Every year from the first to the last; without the undated. */
export function columns(years: YearKept[]): Column[] {
  const dated = years
    .filter((one): one is YearKept & { year: number } => one.year !== null)
    .sort((a, b) => a.year - b.year);
  return dated.flatMap((one, index) => {
    const before = dated[index - 1]?.year ?? one.year - 1;
    const empty = one.year - before - 1;
    const places = empty >= foldedFrom ? 1 : empty;
    const between = Array.from({ length: places }, (_, step) => ({
      year: before + 1 + step,
      items: 0,
      bytes: 0,
      folded: empty >= foldedFrom,
    }));
    return [...between, { ...one, folded: false }];
  });
}

/** Which columns have their year under them: every so many, counted from the last, and the last one before a fold. */
export function labelled(shown: Column[], step: number): Set<number> {
  const chosen = new Set<number>();
  for (let index = shown.length - 1; index >= 0; index -= step) if (!shown[index]?.folded) chosen.add(index);
  const free = (index: number) => [...chosen].every((other) => Math.abs(other - index) >= step);
  shown.forEach(({ folded }, index) => {
    if (folded) for (const beside of [index - 1, index + 1]) if (free(beside)) chosen.add(beside);
  });
  return chosen;
}

/** A round number no smaller than the greatest: the top of the scale, also readable in half. */
export function scaleTop(greatest: number): number {
  if (greatest <= 10) return Math.max(2, Math.ceil(greatest / 2) * 2);
  const power = 10 ** Math.floor(Math.log10(greatest));
  const step = [1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10].find((factor) => factor * power >= greatest) ?? 10;
  return Math.round(step * power);
}

/** Labels every so many bars, so that none touches the next; counted from the last, which always has one. */
export function labelStep(count: number, width: number, labelWidth = 48): number {
  if (count === 0 || width <= 0) return 1;
  const step = Math.ceil((count * labelWidth) / width);
  return [1, 2, 5, 10, 20].find((round) => round >= step) ?? step;
}
