// Which rows of which buckets are drawn: those in view and about a screen around, never more than `tileLimit` pictures
// beyond what the view itself holds. Pure; `timeline.svelte.ts` calls it whenever the view has moved.

import { type Columns, itemAt, type TimelineItem } from './columns';
import type { Geometry, Section } from './geometry';
import { placesOf, rowAt, rowOf } from './rows';

/** WebKitGTK is smooth up to about this many pictures (tauri-apps/tauri#3988). */
export const tileLimit = 280;

export interface ShownTile extends TimelineItem {
  /** Position in its bucket. */
  index: number;
  left: number;
  width: number;
}

export interface ShownRow {
  row: number;
  /** Pixels from the top of the bucket. */
  top: number;
  height: number;
  /** Number of the row in the whole grid, from 1. */
  number: number;
  tiles: ShownTile[];
}

export interface ShownSection {
  key: string;
  index: number;
  count: number;
  /** Pixels from the top of the element that is scrolled. */
  top: number;
  height: number;
  /** Number of the heading's row in the grid, from 1. */
  number: number;
  /** Whether its items are here; else only its height is known. */
  loaded: boolean;
  rows: ShownRow[];
}

interface View {
  at: number;
  view: number;
  /** What stands between the place in the timeline and the one in the element. */
  shift: number;
}

/** How far beyond the view is drawn, in pixels. */
export function overscan({ sizes }: Geometry, view: number): number {
  const inView = (sizes.width / (sizes.target * 1.25)) * (view / sizes.target);
  const room = Math.max(0, tileLimit / Math.max(1, inView) - 1) / 2;
  return Math.max(sizes.target, Math.min(view, room * view));
}

/** Makes rows once for as long as they are in the window, so that what has not changed is not drawn again. */
export class RowStore {
  #rows = new Map<string, Map<number, ShownRow>>();

  forget(key: string): void {
    this.#rows.delete(key);
  }

  clear(): void {
    this.#rows.clear();
  }

  has(key: string, row: number): boolean {
    return this.#rows.get(key)?.has(row) ?? false;
  }

  get(geometry: Geometry, section: Section, columns: Columns, row: number): ShownRow {
    let made = this.#rows.get(section.key);
    if (!made) {
      made = new Map();
      this.#rows.set(section.key, made);
    }
    const number = section.rowsBefore + row + (geometry.spacing.heading ? 2 : 1);
    const there = made.get(row);
    if (there) return there.number === number ? there : put(made, { ...there, number });
    const rows = section.rows;
    const begin = rows?.first[row] ?? 0;
    const places = rows ? placesOf(rows, row, columns.ratio, geometry.sizes.gap) : [];
    return put(made, {
      row,
      top: geometry.spacing.heading + (rows?.top[row] ?? 0),
      height: Math.round(rows?.height[row] ?? 0),
      number,
      tiles: places.map(({ left, width }, position) => ({
        ...itemAt(columns, begin + position),
        index: begin + position,
        left,
        width,
      })),
    });
  }

  /** Lets go of what is out of the window. */
  keepOnly(shown: ShownSection[]): void {
    const keys = new Map(shown.map(({ key, rows }) => [key, new Set(rows.map(({ row }) => row))]));
    for (const [key, made] of this.#rows) {
      const kept = keys.get(key);
      if (!kept) this.#rows.delete(key);
      else for (const row of made.keys()) if (!kept.has(row)) made.delete(row);
    }
  }
}

function put(made: Map<number, ShownRow>, row: ShownRow): ShownRow {
  made.set(row.row, row);
  return row;
}

/**
 * The window onto the timeline. `pinned` is drawn wherever it is: the item with the focus. While the view flies (`heading` is
 * not 0) nothing is drawn that is behind it or was not there before: `flight.ts` paints that.
 */
export function drawn(
  geometry: Geometry,
  { at, view, shift }: View,
  columns: (key: string) => Columns | undefined,
  store: RowStore,
  pinned: { key: string; index: number } | null,
  heading: -1 | 0 | 1 = 0,
): ShownSection[] {
  const flies = heading !== 0;
  const over = overscan(geometry, view);
  const from = at - (heading > 0 ? 0 : over);
  const to = at + view + (heading < 0 ? 0 : over);
  const shown: ShownSection[] = [];
  let tiles = 0;
  const show = (section: Section): ShownSection => ({
    key: section.key,
    index: section.index,
    count: section.count,
    top: section.top - shift,
    height: section.height,
    number: section.rowsBefore + 1,
    loaded: false,
    rows: [],
  });
  const begin = geometry.sectionAt(from)?.index ?? 0;
  for (let index = begin; index < geometry.sections.length; index += 1) {
    const section = geometry.sections[index] as Section;
    if (section.top >= to) break;
    if (section.top + section.height <= from) continue;
    const one = show(section);
    shown.push(one);
    const items = columns(section.key);
    if (!items || !section.rows) {
      if (flies) shown.pop();
      continue;
    }
    one.loaded = true;
    const offset = section.top + geometry.spacing.heading;
    for (let row = rowAt(section.rows, from - offset); row < section.rows.top.length; row += 1) {
      const top = offset + (section.rows.top[row] as number);
      if (top >= to) break;
      const bottom = top + (section.rows.height[row] as number);
      if (bottom <= from) continue;
      const inView = bottom > at && top < at + view;
      const count = (section.rows.first[row + 1] as number) - (section.rows.first[row] as number);
      if (!inView && tiles + count > tileLimit) continue;
      if (flies && !store.has(section.key, row)) continue;
      tiles += count;
      one.rows.push(store.get(geometry, section, items, row));
    }
    if (flies && one.rows.length === 0) shown.pop();
  }
  if (pinned) {
    const section = geometry.section(pinned.key);
    const items = section && columns(section.key);
    if (section?.rows && items && pinned.index < items.count) {
      const row = rowOf(section.rows, pinned.index);
      let one = shown.find(({ key }) => key === pinned.key);
      if (!one) {
        one = { ...show(section), loaded: true };
        shown.push(one);
        shown.sort((a, b) => a.index - b.index);
      }
      if (!one.rows.some((there) => there.row === row)) {
        one.rows.push(store.get(geometry, section, items, row));
        one.rows.sort((a, b) => a.row - b.row);
      }
    }
  }
  store.keepOnly(shown);
  return shown;
}

/** A flight asks for no more buckets than these on its way, and looks no further. */
const onTheWay = 12;
/** So long a bucket takes to come: any, and more for each of its items. */
const anyMilliseconds = 150;
const itemMilliseconds = 0.12;

/**
 * The buckets to ask for, most urgent first: in view from the middle outwards, then around it, then one further on each side.
 * While the view flies (`heading` is not 0) only what is in view and what lies on its way: the next bucket, and those that it
 * will reach, at `speed` pixels a millisecond, before they can come, so that they are there when it does.
 */
export function wanted(geometry: Geometry, { at, view }: View, heading: -1 | 0 | 1 = 0, speed = 0): string[] {
  const over = heading === 0 ? overscan(geometry, view) : 0;
  const first = geometry.sectionAt(at - over)?.index;
  if (first === undefined) return [];
  const middle = at + view / 2;
  const distance = ({ top, height }: Section) => Math.max(top - middle, middle - (top + height), 0);
  const near: Section[] = [];
  let index = first;
  for (; index < geometry.sections.length; index += 1) {
    const section = geometry.sections[index] as Section;
    if (section.top >= at + view + over) break;
    near.push(section);
  }
  near.sort((a, b) => distance(a) - distance(b));
  const around: Section[] = [];
  const go = (from: number, step: -1 | 1) => {
    for (let next = from; Math.abs(next - from) < onTheWay; next += step) {
      const section = geometry.sections[next];
      if (!section) return;
      const takes = anyMilliseconds + section.count * itemMilliseconds;
      if (next === from || distance(section) < takes * speed) around.push(section);
      if (heading === 0) return;
    }
  };
  if (heading >= 0) go(index, 1);
  if (heading <= 0) go(first - 1, -1);
  return [...near, ...around].map(({ key }) => key);
}
