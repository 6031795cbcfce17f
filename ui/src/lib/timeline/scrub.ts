// The date scrubber in numbers: which years are written beside it, and what lies at a place of it.

import type { Section } from './geometry';

export interface Tick {
  year: string;
  /** 0 at the top of the track, 1 at its end. */
  share: number;
  /** Whether there is room to write it; else it is a dot. */
  written: boolean;
}

/** Years at the places where they begin, proportional to the height of their months. */
export function ticks(sections: Section[], end: number, track: number, room = 22): Tick[] {
  const result: Tick[] = [];
  let written = Number.NEGATIVE_INFINITY;
  let last = '';
  for (const { key, top } of sections) {
    const year = key.includes('-') ? key.slice(0, 4) : '';
    if (year === last) continue;
    last = year;
    if (year === '') continue;
    const share = end > 0 ? Math.min(1, top / end) : 0;
    const at = share * track;
    const fits = at - written >= room;
    if (fits) written = at;
    // Dots closer than this would make a line.
    else if (at - (result.at(-1)?.share ?? -1) * track < 5) continue;
    result.push({ year, share, written: fits });
  }
  return result;
}

/** The key that leads somewhere on the slider; `null` for all others. */
export function scrubStep(key: string, section: number, keys: string[]): number | null {
  const last = keys.length - 1;
  const year = (at: number) => (keys[at] ?? '').slice(0, 4);
  const clamp = (at: number) => Math.min(Math.max(at, 0), last);
  switch (key) {
    case 'ArrowDown':
    case 'ArrowRight':
      return clamp(section + 1);
    case 'ArrowUp':
    case 'ArrowLeft':
      return clamp(section - 1);
    case 'PageDown': {
      let at = section;
      while (at < last && year(at) === year(section)) at += 1;
      return at;
    }
    case 'PageUp': {
      let at = section;
      while (at > 0 && year(at) === year(section)) at -= 1;
      while (at > 0 && year(at - 1) === year(at)) at -= 1;
      return at;
    }
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
}
