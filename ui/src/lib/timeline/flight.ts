// The timeline while the view flies: headings, and every picture as its colour in its place, painted on one canvas. A frame
// later they are gone, and the elements for them would cost the web view time and, until they are swept up, much memory.

import { type Columns, cssColor } from './columns';
import type { Geometry, Section } from './geometry';
import { placesOf, rowAt } from './rows';

/** Colours and fonts as CSS has them. */
export interface Palette {
  surface: string;
  /** What is not read yet, and pictures whose colour is not known. */
  waiting: string;
  /** What there is no picture of. */
  drawn: string;
  text: string;
  /** Of the number beside a heading. */
  subtle: string;
  heading: Type;
  count: Type;
}

/** How words are set. */
export interface Type {
  /** As CSS has it. */
  font: string;
  /** Height of a line, in pixels. */
  line: number;
  /** Pixels between letters, beyond the font's. */
  spacing: number;
}

export interface Words {
  heading: string;
  count: string;
}

/** What of a canvas is needed. */
export type Brush = Pick<
  CanvasRenderingContext2D,
  'fillRect' | 'fillText' | 'measureText' | 'fillStyle' | 'font' | 'letterSpacing' | 'beginPath' | 'roundRect' | 'fill'
>;

/** Pixels between a heading and its number, and above its words: as in `TimelineSection.svelte`. */
const headingGap = 12;
const headingPadding = 4;
/** Pixels of a picture's round corners, as in `Tile.svelte`. */
const corner = 3;

/** Paints what is in view, `at` at the top. Coordinates are CSS pixels. */
export function paint(
  brush: Brush,
  geometry: Geometry,
  { at, view }: { at: number; view: number },
  columns: (section: Section) => Columns | undefined,
  palette: Palette,
  words: (section: Section) => Words,
): void {
  const { width } = geometry.sizes;
  brush.fillStyle = palette.surface;
  brush.fillRect(0, 0, width, view);
  const begin = geometry.sectionAt(at)?.index ?? 0;
  for (let index = begin; index < geometry.sections.length; index += 1) {
    const section = geometry.sections[index] as Section;
    const top = section.top - at;
    if (top >= view) break;
    const items = section.rows ? columns(section) : undefined;
    if (items) paintRows(brush, geometry, section, items, { top, view }, palette);
    else paintWaiting(brush, geometry, section, { top, view }, palette);
    if (geometry.spacing.heading) paintHeading(brush, geometry, section, top, palette, words(section));
  }
}

interface Stretch {
  /** Pixels from the top of the view. */
  top: number;
  view: number;
}

function paintRows(
  brush: Brush,
  { sizes, spacing }: Geometry,
  { rows }: Section,
  items: Columns,
  { top, view }: Stretch,
  palette: Palette,
): void {
  if (!rows) return;
  const first = top + spacing.heading;
  for (let row = rowAt(rows, -first); row < rows.top.length; row += 1) {
    const y = first + (rows.top[row] as number);
    if (y >= view) return;
    const height = Math.round(rows.height[row] as number);
    const begin = rows.first[row] as number;
    placesOf(rows, row, items.ratio, sizes.gap).forEach(({ left, width }, position) => {
      const index = begin + position;
      const known = cssColor(items.color[index] as number) ?? palette.waiting;
      brush.fillStyle = items.shows[index] ? known : palette.drawn;
      brush.beginPath();
      brush.roundRect(left, y, width, height, corner);
      brush.fill();
    });
  }
}

/** Shares of the width, where the gaps between pictures would be. */
const waitingGaps = [0.33, 0.58, 0.81, 1];

function paintWaiting(
  brush: Brush,
  { sizes, spacing }: Geometry,
  section: Section,
  { top, view }: Stretch,
  palette: Palette,
): void {
  const first = top + spacing.heading;
  const end = Math.min(view, top + section.height - spacing.after);
  const step = sizes.target + sizes.gap;
  brush.fillStyle = palette.waiting;
  for (let y = first + Math.max(0, Math.floor(-first / step)) * step; y < end; y += step) {
    let left = 0;
    for (const share of waitingGaps) {
      const right = Math.round(share * sizes.width);
      brush.fillRect(left, y, right - left - (share < 1 ? sizes.gap : 0), Math.min(sizes.target, end - y));
      left = right;
    }
  }
}

/** The heading stays at the top of the view as long as its bucket does. */
function paintHeading(
  brush: Brush,
  { sizes, spacing }: Geometry,
  section: Section,
  top: number,
  palette: Palette,
  { heading, count }: Words,
): void {
  const y = Math.max(top, Math.min(0, top + section.height - spacing.heading));
  brush.fillStyle = palette.surface;
  brush.fillRect(0, y, sizes.width, spacing.heading);
  const of = (words: string, type: Type) => {
    brush.font = type.font;
    brush.letterSpacing = `${type.spacing}px`;
    const { width, fontBoundingBoxAscent: ascent, fontBoundingBoxDescent: descent } = brush.measureText(words);
    // Half of what a line is higher than its letters stands above them.
    const top = (type.line - ascent - descent) / 2 + ascent;
    return { width, top, bottom: type.line - top };
  };
  const [one, other] = [of(heading, palette.heading), of(count, palette.count)];
  const [above, bottom] = [Math.max(one.top, other.top), Math.max(one.bottom, other.bottom)];
  const baseline = y + (spacing.heading - headingPadding - above - bottom) / 2 + headingPadding + above;
  brush.fillStyle = palette.subtle;
  brush.fillText(count, one.width + headingGap, baseline);
  brush.font = palette.heading.font;
  brush.letterSpacing = `${palette.heading.spacing}px`;
  brush.fillStyle = palette.text;
  brush.fillText(heading, 0, baseline);
}
