// What a key does in the grid: pure steps from one item to another. A step that leaves the bucket says into which one and
// where, since that may first have to be read.

import { placesOf, type Rows, rowOf } from './rows';

export type Move = 'left' | 'right' | 'up' | 'down' | 'first' | 'last' | 'row-first' | 'row-last';
export type Unit = 'day' | 'month' | 'year';

/** An item of this bucket, or one of the bucket before (-1) or after (1). */
export type Step =
  | { to: 'here'; index: number }
  | { to: -1 | 1; at: 'first' }
  | { to: -1 | 1; at: 'last' }
  | { to: -1 | 1; at: 'row'; x: number };

/** A bucket that is laid out. */
export interface LaidOut {
  rows: Rows;
  ratio: ArrayLike<number>;
  gap: number;
}

export function step(move: Move, index: number, { rows, ratio, gap }: LaidOut): Step {
  const count = ratio.length;
  switch (move) {
    case 'left':
      return index > 0 ? { to: 'here', index: index - 1 } : { to: -1, at: 'last' };
    case 'right':
      return index + 1 < count ? { to: 'here', index: index + 1 } : { to: 1, at: 'first' };
    case 'first':
      return { to: 'here', index: 0 };
    case 'last':
      return { to: 'here', index: count - 1 };
    default: {
      const row = rowOf(rows, index);
      if (move === 'row-first') return { to: 'here', index: rows.first[row] ?? 0 };
      if (move === 'row-last') return { to: 'here', index: (rows.first[row + 1] ?? count) - 1 };
      const x = centre({ rows, ratio, gap }, row, index);
      const next = row + (move === 'up' ? -1 : 1);
      if (next < 0) return { to: -1, at: 'row', x };
      if (next >= rows.top.length) return { to: 1, at: 'row', x };
      return { to: 'here', index: nearest({ rows, ratio, gap }, next, x) };
    }
  }
}

function centre({ rows, ratio, gap }: LaidOut, row: number, index: number): number {
  const place = placesOf(rows, row, ratio, gap)[index - (rows.first[row] ?? 0)];
  return place ? place.left + place.width / 2 : 0;
}

/** The item of a row that lies nearest to a place across. */
export function nearest({ rows, ratio, gap }: LaidOut, row: number, x: number): number {
  let best = 0;
  let distance = Number.POSITIVE_INFINITY;
  const places = placesOf(rows, row, ratio, gap);
  for (const [index, { left, width }] of places.entries()) {
    const away = Math.max(left - x, x - (left + width), 0);
    if (away < distance) {
      best = index;
      distance = away;
    }
  }
  return (rows.first[row] ?? 0) + best;
}

/** The first item of the next (or the one before) day in a bucket; `null` when that is in another bucket. */
export function nextDay(taken: ArrayLike<number>, index: number, direction: -1 | 1): number | null {
  const day = (at: number) => Math.floor((taken[at] as number) / 86_400);
  const here = day(index);
  if (Number.isNaN(here)) return null;
  let at = index;
  if (direction === 1) {
    while (at < taken.length && day(at) === here) at += 1;
    return at < taken.length ? at : null;
  }
  // Back: to the begin of this day, or when already there, of the one before.
  const begin = dayBegin(day, index);
  if (begin < index) return begin;
  at = begin - 1;
  return at < 0 ? null : dayBegin(day, at);
}

/** The first item of the day on which a bucket's item was taken. */
export function dayOf(taken: ArrayLike<number>, index: number): number {
  return dayBegin((at) => Math.floor((taken[at] as number) / 86_400), index);
}

function dayBegin(day: (at: number) => number, index: number): number {
  let at = index;
  while (at > 0 && day(at - 1) === day(index)) at -= 1;
  return at;
}

/** The bucket to which the next month or year leads; `null` when there is none. */
export function nextSection(keys: string[], section: number, unit: 'month' | 'year', direction: -1 | 1): number | null {
  if (unit === 'month') {
    const next = section + direction;
    return next >= 0 && next < keys.length ? next : null;
  }
  const year = (at: number) => (keys[at] ?? '').slice(0, 4);
  let at = section;
  while (at >= 0 && at < keys.length && year(at) === year(section)) at += direction;
  if (at < 0 || at >= keys.length) return null;
  if (direction === 1) return at;
  // Back leads to the newest month of the year before.
  while (at > 0 && year(at - 1) === year(at)) at -= 1;
  return at;
}
