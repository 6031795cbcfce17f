// Numbers, sizes, times and dates for people, in the language in use. Nothing else in the UI calls `Intl` or `toLocale…`.

import { locale } from './locale.svelte';

const made = new Map<string, unknown>();

/** `Intl` objects are slow to make (WebKitGTK: about a millisecond) and are asked for in lists. */
function once<T>(kind: string, options: object, make: (tag: string) => T): T {
  const tag = locale.tag;
  const key = `${tag} ${kind} ${JSON.stringify(options)}`;
  let formatter = made.get(key) as T | undefined;
  if (!formatter) {
    formatter = make(tag);
    made.set(key, formatter);
  }
  return formatter;
}

const numbers = (options: Intl.NumberFormatOptions) =>
  once('number', options, (tag) => new Intl.NumberFormat(tag, options));
const dates = (options: Intl.DateTimeFormatOptions) =>
  once('date', options, (tag) => new Intl.DateTimeFormat(tag, options));

/** 12,345 */
export function number(value: number): string {
  return numbers({ maximumFractionDigits: 0 }).format(value);
}

/** A share of one: 0.42 is 42 %. Never rounded up to 100 %. */
export function percent(share: number): string {
  const whole = share >= 1 ? 1 : Math.floor(share * 100) / 100;
  return numbers({ style: 'percent', maximumFractionDigits: 0 }).format(whole);
}

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** Bytes in decimal units, as file managers and disks count: 1.5 GB. Three significant digits. */
export function bytes(value: number): string {
  let amount = Math.max(0, value);
  let unit = 0;
  // 999.5 kB would be written as 1,000 kB.
  while (amount >= 999.5 && unit < byteUnits.length - 1) {
    amount /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || amount >= 99.95 ? 0 : amount >= 9.995 || unit === 1 ? 1 : 2;
  const rounded = numbers({ maximumFractionDigits: Math.min(digits, unit >= 3 ? 2 : 1) }).format(amount);
  return `${rounded}\u00a0${byteUnits[unit]}`;
}

/** Bytes a second. */
export function speed(bytesPerSecond: number): string {
  return `${bytes(bytesPerSecond)}/s`;
}

const unit = (value: number, name: string, unitDisplay: 'short' | 'long' = 'short') =>
  numbers({ style: 'unit', unit: name, unitDisplay, maximumFractionDigits: 0 }).format(value);

/** A stretch of time in at most two units: `2 hr, 5 min`, `40 sec`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return unit(whole, 'second');
  const minutes = Math.round(whole / 60);
  if (minutes < 60) return unit(minutes, 'minute');
  const hours = Math.floor(minutes / 60);
  if (hours < 24) {
    return minutes % 60 ? `${unit(hours, 'hour')} ${unit(minutes % 60, 'minute')}` : unit(hours, 'hour');
  }
  const days = Math.floor(hours / 24);
  return hours % 24 ? `${unit(days, 'day')} ${unit(hours % 24, 'hour')}` : unit(days, 'day');
}

/** The length of a video: 0:07, 12:05, 1:02:03. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** How long ago, or in how long: `3 hours ago`, `yesterday`, `in 2 minutes`. */
export function relative(time: string | Date, now: Date = new Date()): string {
  const formatter = once('relative', {}, (tag) => new Intl.RelativeTimeFormat(tag, { numeric: 'auto' }));
  const seconds = (asDate(time).getTime() - now.getTime()) / 1000;
  const steps: [Intl.RelativeTimeFormatUnit, number][] = [
    ['year', 365 * 86400],
    ['month', 30 * 86400],
    ['week', 7 * 86400],
    ['day', 86400],
    ['hour', 3600],
    ['minute', 60],
  ];
  for (const [name, length] of steps) {
    if (Math.abs(seconds) >= length) return formatter.format(Math.trunc(seconds / length), name);
  }
  return formatter.format(0, 'second');
}

/** A day on this computer's calendar: `Nov 22, 2026`. */
export function day(time: string | Date): string {
  return dates({ dateStyle: 'medium' }).format(asDate(time));
}

/** A moment on this computer's clock: `Nov 22, 2026, 2:05 PM`. */
export function moment(time: string | Date): string {
  return dates({ dateStyle: 'medium', timeStyle: 'short' }).format(asDate(time));
}

/** The time of day on this computer's clock. */
export function timeOfDay(time: string | Date): string {
  return dates({ timeStyle: 'short' }).format(asDate(time));
}

/** The same to the second, for a log. */
export function timeExact(time: string | Date): string {
  return dates({ timeStyle: 'medium' }).format(asDate(time));
}

/**
 * When a photo was taken, on the clock that hung where it was taken, with the day of the week. Takes local seconds as
 * `timeline.bucket` gives them, or the `taken_local` of an item; neither is ever moved into this computer's time zone.
 */
export function taken(local: number | string, parts: 'day' | 'moment' = 'moment'): string {
  return dates({
    weekday: 'short',
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    ...(parts === 'moment' ? { hour: 'numeric', minute: '2-digit' } : {}),
    timeZone: 'UTC',
  }).format(wallClock(local));
}

/** A month bucket's key, `2019-05`, as a heading: `May 2019`. */
export function month(key: string): string {
  return dates({ year: 'numeric', month: 'long', timeZone: 'UTC' }).format(new Date(`${key}-01T00:00:00Z`));
}

/** A span of local days without repeating what both share: `May 3 – 9, 2019`. */
export function span(from: number | string, to: number | string): string {
  return dates({ year: 'numeric', month: 'short', day: 'numeric', timeZone: 'UTC' }).formatRange(
    wallClock(from),
    wallClock(to),
  );
}

/** A list in a sentence: `a, b and c`. */
export function list(words: string[]): string {
  return once('list', {}, (tag) => new Intl.ListFormat(tag, { type: 'conjunction' })).format(words);
}

function asDate(time: string | Date): Date {
  return typeof time === 'string' ? new Date(time) : time;
}

/** A moment whose UTC fields are the fields on the photo's own clock. */
function wallClock(local: number | string): Date {
  if (typeof local === 'number') return new Date(local * 1000);
  const bare = local.replace(/(Z|[+-]\d\d:?\d\d)$/, '');
  return new Date(`${bare.includes('T') ? bare : `${bare}T00:00:00`}Z`);
}
