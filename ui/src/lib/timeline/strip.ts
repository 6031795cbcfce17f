// A row while the view flies past: its pictures' places and colours as one background, so one element and not ten.

import type { ShownTile } from './window';

/** CSS background of a row. */
export function stripOf(tiles: Pick<ShownTile, 'left' | 'width' | 'color' | 'shows'>[]): string {
  let stops = '';
  let end = 0;
  for (const { left, width, color, shows } of tiles) {
    const paint = shows ? (color ?? 'var(--surface-hover)') : 'var(--surface-sunken)';
    if (left > end) stops += `, transparent ${end}px ${left}px`;
    end = left + width;
    stops += `, ${paint} ${left}px ${end}px`;
  }
  return stops ? `linear-gradient(to right${stops}, transparent ${end}px)` : 'none';
}
