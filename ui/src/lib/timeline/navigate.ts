// Moves of the current item through the whole timeline: the steps of `moves.ts`, over the borders of buckets that may first
// have to be read.

import type { Section } from './geometry';
import { dayOf, type LaidOut, type Move, nearest, nextDay, nextSection, type Step, step, type Unit } from './moves';
import { rowAt } from './rows';
import type { ItemPlace, Timeline } from './timeline.svelte';

export type Direction = -1 | 1;

interface Open {
  section: Section;
  laid: LaidOut;
  ids: Float64Array;
  taken: Float64Array;
}

async function open(timeline: Timeline, section: Section): Promise<Open | null> {
  const columns = timeline.itemsNow(section) ?? (await timeline.items(section));
  // Reading may have replaced the layout.
  const now = timeline.geometry.section(section.key);
  if (!now?.rows) return null;
  return {
    section: now,
    laid: { rows: now.rows, ratio: columns.ratio, gap: timeline.geometry.sizes.gap },
    ids: columns.id,
    taken: columns.taken,
  };
}

function placed({ section, ids }: Open, index: number): ItemPlace | null {
  const id = ids[index];
  return id === undefined ? null : { key: section.key, index, id };
}

/** Where a key leads; `null` at the ends. Rejects with a [`BackendError`]. */
export async function moved(timeline: Timeline, from: ItemPlace, move: Move): Promise<ItemPlace | null> {
  const { sections } = timeline.geometry;
  if (move === 'first' || move === 'last') {
    const section = sections.at(move === 'first' ? 0 : -1);
    const there = section && (await open(timeline, section));
    return there ? placed(there, move === 'first' ? 0 : there.ids.length - 1) : null;
  }
  const section = timeline.geometry.section(from.key);
  const here = section && (await open(timeline, section));
  if (!here) return null;
  return follow(timeline, here, step(move, from.index, here.laid));
}

async function follow(timeline: Timeline, here: Open, next: Step): Promise<ItemPlace | null> {
  if (next.to === 'here') return placed(here, next.index);
  const section = timeline.geometry.sections[here.section.index + next.to];
  const there = section && (await open(timeline, section));
  if (!there) return null;
  if (next.at === 'first') return placed(there, 0);
  if (next.at === 'last') return placed(there, there.ids.length - 1);
  const row = next.to === 1 ? 0 : there.laid.rows.top.length - 1;
  return placed(there, nearest(there.laid, row, next.x));
}

/** A screen up or down. */
export async function movedPage(timeline: Timeline, from: ItemPlace, direction: Direction): Promise<ItemPlace | null> {
  const { geometry } = timeline;
  const box = geometry.boxOf(from.key, from.index);
  if (!box) return null;
  const by = Math.max(geometry.sizes.target, timeline.view - geometry.spacing.heading - box.height / 2);
  const y = Math.min(Math.max(box.top + box.height / 2 + direction * by, 0), geometry.height - 1);
  const section = geometry.sectionAt(y);
  const there = section && (await open(timeline, section));
  if (!there) return null;
  const row = rowAt(there.laid.rows, y - there.section.top - geometry.spacing.heading);
  return placed(there, there.laid.rows.first[row] ?? 0);
}

/** To the next day, month or year; back leads to its newest item. */
export async function movedDate(
  timeline: Timeline,
  from: ItemPlace,
  unit: Unit,
  direction: Direction,
): Promise<ItemPlace | null> {
  const { sections } = timeline.geometry;
  const section = timeline.geometry.section(from.key);
  if (!section) return null;
  if (unit === 'day') {
    const here = await open(timeline, section);
    const index = here && nextDay(here.taken, from.index, direction);
    if (here && index !== null && index !== undefined) return placed(here, index);
    const beside = sections[section.index + direction];
    const there = beside && (await open(timeline, beside));
    if (!there) return null;
    if (direction === 1) return placed(there, 0);
    return placed(there, dayOf(there.taken, there.ids.length - 1));
  }
  const keys = sections.map(({ key }) => key);
  const index = nextSection(keys, section.index, unit, direction);
  const target = index === null ? undefined : sections[index];
  const there = target && (await open(timeline, target));
  return there ? placed(there, 0) : null;
}

/** The newest item that is not after a date; month and day count from 1. */
export async function atDate(
  timeline: Timeline,
  date: { year: number; month: number | null; day: number | null },
): Promise<ItemPlace | null> {
  const section = sectionAtDate(timeline.geometry.sections, date);
  const there = section && (await open(timeline, section));
  if (!there) return null;
  if (date.month === null || date.day === null) return placed(there, 0);
  const end = Date.UTC(date.year, date.month - 1, date.day + 1) / 1000;
  const index = there.taken.findIndex((taken) => taken < end);
  return placed(there, index < 0 ? there.ids.length - 1 : index);
}

/** The month in which a date is, or the one before it; the oldest when all are younger. */
export function sectionAtDate(
  sections: Section[],
  { year, month }: { year: number; month: number | null },
): Section | undefined {
  const key = `${String(year).padStart(4, '0')}-${String(month ?? 12).padStart(2, '0')}`;
  const dated = sections.filter((section) => section.key.includes('-'));
  return dated.find((section) => section.key <= key) ?? dated.at(-1);
}
