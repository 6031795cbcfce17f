// How the buckets stand on each other: each has a heading and rows; exact where they were laid out, guessed from its sums
// where not. Knows no DOM and asks for nothing. Also says where the view has to be when a guess turns out wrong.

import type { BucketSize } from '../backend';
import { guess, justify, lastNotAfter, type Rows, rowAt, rowOf, type Sizes } from './rows';

export interface Spacing {
  /** Pixels of the heading above a bucket's rows; 0 without headings. */
  heading: number;
  /** Pixels below a bucket's rows. */
  after: number;
  /** Whether buckets follow each other without a mark, so that their last rows have to be full. */
  seamless: boolean;
}

export interface Section {
  key: string;
  index: number;
  count: number;
  ratioSum: number;
  /** Items before it. */
  before: number;
  /** Pixels from the top of the timeline. */
  top: number;
  /** Pixels, with heading and the space below. */
  height: number;
  /** Rows of the grid before it, headings included. */
  rowsBefore: number;
  /** `null` as long as it is guessed. */
  rows: Rows | null;
  /** The items, to find them again. Stays when the rest is forgotten. */
  ids: Float64Array | null;
}

/** What must stay where it is on the screen while the layout changes. */
export interface Anchor {
  key: string;
  section: number;
  /** The item whose row is held, when the bucket is laid out. */
  id: number | null;
  index: number;
  /** Share of the height, where the bucket is only guessed. */
  share: number;
  /** Pixels from what is held to the top of the view. */
  offset: number;
}

export class Geometry {
  sections: Section[] = [];
  height = 0;
  total = 0;
  rowCount = 0;
  sizes: Sizes;
  spacing: Spacing;
  readonly #byKey = new Map<string, Section>();
  #tops = new Float64Array(0);

  constructor(sizes: Sizes, spacing: Spacing) {
    this.sizes = sizes;
    this.spacing = spacing;
  }

  section(key: string): Section | undefined {
    return this.#byKey.get(key);
  }

  /** Takes the sums of all buckets. What is laid out stays so while its counts are the same or `keeps` says so. */
  setBuckets(buckets: BucketSize[], keeps: (key: string) => boolean = () => false): void {
    const former = new Map(this.#byKey);
    this.#byKey.clear();
    this.sections = buckets
      .filter(({ count }) => count > 0)
      .map(({ key, count, ratio_sum }, index) => {
        const was = former.get(key);
        const same = was && ((was.count === count && Math.abs(was.ratioSum - ratio_sum) < 0.01) || keeps(key));
        const section: Section = {
          key,
          index,
          count,
          ratioSum: ratio_sum,
          before: 0,
          top: 0,
          height: 0,
          rowsBefore: 0,
          rows: same ? was.rows : null,
          ids: same ? was.ids : null,
        };
        this.#byKey.set(key, section);
        return section;
      });
    this.#stack();
  }

  /** Lays a bucket out exactly. */
  setItems(key: string, ids: Float64Array, ratios: ArrayLike<number>): void {
    const section = this.#byKey.get(key);
    if (!section) return;
    section.rows = this.#rows(section, ratios);
    section.ids = ids;
    this.#stack();
  }

  /** Other sizes: what `ratios` still knows is laid out anew, the rest is guessed again. */
  setSizes(sizes: Sizes, ratios: (key: string) => ArrayLike<number> | undefined): void {
    this.sizes = sizes;
    for (const section of this.sections) {
      const known = section.rows && ratios(section.key);
      section.rows = known ? this.#rows(section, known) : null;
      if (!known) section.ids = null;
    }
    this.#stack();
  }

  #rows(section: Section, ratios: ArrayLike<number>): Rows {
    return justify(ratios, this.sizes, this.spacing.seamless && section.index < this.sections.length - 1);
  }

  #stack(): void {
    let top = 0;
    let before = 0;
    let rowsBefore = 0;
    const { heading, after } = this.spacing;
    this.#tops = new Float64Array(this.sections.length);
    for (const section of this.sections) {
      const guessed = section.rows ? null : guess(section.count, section.ratioSum, this.sizes);
      section.top = top;
      section.before = before;
      section.rowsBefore = rowsBefore;
      section.height = heading + (section.rows?.total ?? guessed?.total ?? 0) + after;
      this.#tops[section.index] = top;
      top += section.height;
      before += section.count;
      rowsBefore += (section.rows?.top.length ?? guessed?.rows ?? 0) + (heading ? 1 : 0);
    }
    this.height = top;
    this.total = before;
    this.rowCount = rowsBefore;
  }

  /** The bucket at a height; `undefined` only in an empty timeline. */
  sectionAt(y: number): Section | undefined {
    return this.sections[lastNotAfter(this.#tops, y, this.sections.length)];
  }

  /** The bucket in which the n-th item of all is. */
  sectionOf(ordinal: number): Section | undefined {
    const counts = this.sections.map(({ before }) => before);
    return this.sections[lastNotAfter(counts, ordinal, counts.length)];
  }

  /** Top and height of an item's row, from the top of the timeline; a guess where the bucket is not laid out. */
  boxOf(key: string, index: number): { top: number; height: number } | null {
    const section = this.#byKey.get(key);
    if (!section) return null;
    const first = section.top + this.spacing.heading;
    if (!section.rows) {
      const inside = section.height - this.spacing.heading - this.spacing.after;
      return { top: first + (index / section.count) * inside, height: this.sizes.target };
    }
    const row = rowOf(section.rows, index);
    return {
      top: first + (section.rows.top[row] ?? 0),
      height: Math.round(section.rows.height[row] ?? this.sizes.target),
    };
  }

  /** What stands at the top of the view, to be held there. `null` at the very top: there, what is new should show. */
  anchor(at: number, view: number): Anchor | null {
    const section = this.sectionAt(at);
    if (!section || at <= 0) return null;
    const inside = at - section.top;
    const held = { key: section.key, section: section.index, id: null, index: 0, share: 0, offset: 0 };
    if (section.rows) {
      const y = inside - this.spacing.heading;
      if (y < 0) return { ...held, offset: inside };
      const row = rowAt(section.rows, y);
      const index = section.rows.first[row] ?? 0;
      return { ...held, id: section.ids?.[index] ?? null, index, offset: y - (section.rows.top[row] ?? 0) };
    }
    // Of two buckets in view, the one whose pictures are seen is held.
    const next = this.sections[section.index + 1];
    if (next?.rows && next.top < at + view)
      return { ...held, key: next.key, section: next.index, offset: at - next.top };
    return { ...held, share: inside / section.height, id: null, index: -1 };
  }

  /** Where the view has to be for the anchor to stand where it stood. */
  placeOf(anchor: Anchor): number {
    const section = this.#byKey.get(anchor.key);
    if (!section) return this.sections[Math.min(anchor.section, this.sections.length - 1)]?.top ?? 0;
    if (anchor.index < 0) return section.top + anchor.share * section.height;
    const { heading } = this.spacing;
    if (anchor.id === null) return section.top + anchor.offset;
    if (!section.rows)
      return section.top + heading + (anchor.index / section.count) * (section.height - heading) + anchor.offset;
    const found = section.ids?.indexOf(anchor.id) ?? -1;
    const index = found < 0 ? Math.min(anchor.index, section.count - 1) : found;
    const row = rowOf(section.rows, index);
    const height = Math.round(section.rows.height[row] ?? 0);
    return section.top + heading + (section.rows.top[row] ?? 0) + Math.min(anchor.offset, height);
  }
}
