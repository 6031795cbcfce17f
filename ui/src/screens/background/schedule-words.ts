// A schedule between the engine's shape and the fields of a form, and what is said of it. Pure.

import type { Chosen, Every, ShownSchedule } from '$lib/backend';
import * as format from '$lib/format';
import { locale } from '$lib/locale.svelte';
import { m } from '$lib/texts';

export type Often = 'off' | 'hours' | 'daily' | 'weekly';

/** What is proposed where there is no schedule: once a night. */
export const proposed: Chosen = { every: 'daily', hour: 3, only_on_power: false, only_unmetered: false };

/** Hours between runs that are offered. */
export const offeredHours = [1, 2, 3, 6, 12];

export function oftenOf(every: Every | null): Often {
  if (every === null) return 'off';
  if (every === 'daily') return 'daily';
  return 'hours' in every ? 'hours' : 'weekly';
}

/** The engine's shape of a new choice; what was chosen before stays as far as it fits. */
export function everyOf(often: Exclude<Often, 'off'>): Every {
  return { hours: { hours: 6 }, daily: 'daily' as const, weekly: { weekly: 6 } }[often];
}

export const hoursOf = (every: Every): number => (typeof every === 'object' && 'hours' in every ? every.hours : 6);
export const dayOf = (every: Every): number => (typeof every === 'object' && 'weekly' in every ? every.weekly : 6);

/** A day of the week by its number, 0 for Monday. */
export function weekday(day: number): string {
  // The fifth of January 1970 was a Monday.
  return new Intl.DateTimeFormat(locale.current, { weekday: 'long', timeZone: 'UTC' }).format((4 + day) * 86_400_000);
}

/** The hour that a run begins in: its minute is drawn by lot. */
export function hourSpan(hour: number): string {
  const clock = (at: number) => `${String(at % 24).padStart(2, '0')}:00`;
  return m.background_between({ from: clock(hour), to: clock(hour + 1) });
}

/** What is to be said of a schedule now, a sentence each. */
export function scheduleLines(shown: ShownSchedule, keptHere: boolean, now: Date): string[] {
  const lines: string[] = [];
  if (shown.paused_until && Date.parse(shown.paused_until) > now.getTime()) {
    // The far end of time: no date that a person knows.
    const open = !(Date.parse(shown.paused_until) < now.getTime() + 3650 * 86_400_000);
    lines.push(open ? m.background_paused_open() : m.background_paused({ time: format.moment(shown.paused_until) }));
  } else if (shown.waits_for === null || shown.waits_for === 'time') {
    lines.push(m.background_next({ time: format.moment(shown.next) }));
  } else {
    lines.push(waits[shown.waits_for]());
  }
  if (shown.last) {
    const [how, at] = shown.last;
    const time = format.relative(at, now);
    lines.push(how === 'well' ? m.background_last_well({ time }) : m.background_last_trouble({ time }));
  }
  if (shown.kept && !keptHere) lines.push(m.background_elsewhere());
  return lines;
}

const waits = {
  person: m.background_paused_open,
  power: m.background_waits_power,
  unmetered: m.background_waits_unmetered,
  disk: m.background_waits_disk,
  room: m.background_waits_room,
  'another-try': m.background_waits_again,
};
