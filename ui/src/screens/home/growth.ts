// The chart of years, in numbers: which bars, how high, which labels. Pure; drawn by `Growth.svelte`.

import type { YearKept } from '$lib/backend';

/** Years between two that have photos get a gap of their own, as long as the whole stays readable. */
const longestSpan = 60;

/** Every year from the first to the last, empty ones included; without the undated. */
export function bars(years: YearKept[]): (YearKept & { year: number })[] {
  const dated = years
    .filter((one): one is YearKept & { year: number } => one.year !== null)
    .sort((a, b) => a.year - b.year);
  const first = dated[0]?.year;
  const last = dated.at(-1)?.year;
  // A camera with a wrong clock must not turn the chart into a thousand empty years.
  if (first === undefined || last === undefined || last - first >= longestSpan) return dated;
  const known = new Map(dated.map((one) => [one.year, one]));
  return Array.from(
    { length: last - first + 1 },
    (_, index) => known.get(first + index) ?? { year: first + index, items: 0, bytes: 0 },
  );
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
