// The timeline as the screens use it: what is drawn, where the view stands, which item is the current one. It joins the
// layout (`geometry.ts`), the scroll bar (`scroll.ts`), what was read (`cache.ts`) and the window onto it (`window.ts`).
// Scrolling, reading and live changes all go through here, so that what is seen never jumps.

import { BackendError, backend } from '../backend';
import { BucketCache } from './cache';
import { type Columns, itemAt, type TimelineItem } from './columns';
import { Geometry, type Section } from './geometry';
import { ScrollMap } from './scroll';
import { drawn, RowStore, type ShownSection, wanted } from './window';

/** An item by its place; the number is what it is found again by after a change. */
export interface ItemPlace {
  key: string;
  index: number;
  id: number;
}

/** More than this many screens within this time, and no pictures are asked for: they would be gone before they came. */
const flingScreens = 3;
const flingMilliseconds = 200;
/** Quiet for so long, and scrolling has ended. */
const quietMilliseconds = 140;

export class Timeline {
  readonly geometry: Geometry;
  readonly #map = new ScrollMap();
  readonly #store = new RowStore();
  readonly #cache: BucketCache;
  /** Puts the scroll bar somewhere; set by the component that has it. */
  write: (scroll: number) => void = () => {};

  #shown = $state.raw<ShownSection[]>([]);
  #element = $state(0);
  #at = $state(0);
  #calm = $state(true);
  #status = $state<'loading' | 'ready' | 'failed'>('loading');
  #error = $state.raw<BackendError | null>(null);
  #trouble = $state.raw<BackendError | null>(null);
  #current = $state.raw<ItemPlace | null>(null);
  #version = $state(0);
  #signature = '';
  #recent: { time: number; by: number }[] = [];
  #quiet: ReturnType<typeof setTimeout> | undefined;
  #reloading: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;
  #pinned = false;
  #heading: -1 | 1 = 1;
  /** The bucket that was asked for by name last: not forgotten before it can be used, however big it is. */
  #held: string | null = null;

  constructor(readonly album: number | null = null) {
    this.geometry = new Geometry(
      { width: 0, target: 200, gap: 4 },
      album === null ? { heading: 52, after: 20, seamless: false } : { heading: 0, after: 4, seamless: true },
    );
    this.#cache = new BucketCache({
      fetch: (key) => backend.call('timeline.bucket', { album, key }),
      onload: (key, columns) => this.#came(key, columns),
      onfail: (_key, error) => {
        this.#trouble = error;
      },
    });
  }

  // --- what the screen shows

  /** The buckets and rows to draw. */
  get shown(): ShownSection[] {
    return this.#shown;
  }

  /** Height of the element that is scrolled. */
  get element(): number {
    return this.#element;
  }

  /** Place of the view, in pixels from the top. */
  get at(): number {
    return this.#at;
  }

  /** The lowest place of the view. */
  get end(): number {
    void this.#version;
    return this.#map.end;
  }

  /** Whether the view moves slowly enough for pictures to be worth asking for. */
  get calm(): boolean {
    return this.#calm;
  }

  get status(): 'loading' | 'ready' | 'failed' {
    return this.#status;
  }

  /** Why nothing can be shown. */
  get error(): BackendError | null {
    return this.#error;
  }

  /** Why some buckets could not be read. */
  get trouble(): BackendError | null {
    return this.#trouble;
  }

  get total(): number {
    void this.#version;
    return this.geometry.total;
  }

  get rowCount(): number {
    void this.#version;
    return this.geometry.rowCount;
  }

  get sections(): Section[] {
    void this.#version;
    return this.geometry.sections;
  }

  /** The bucket at the top of the view. */
  get section(): Section | undefined {
    void this.#version;
    return this.geometry.sectionAt(this.#at + 1);
  }

  /** The item that the keyboard is on. */
  get current(): ItemPlace | null {
    return this.#current;
  }

  // --- reading

  /** Reads the counts. Called again after a change: what is in view stays where it is. */
  async load(): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    try {
      const { buckets } = await backend.call('timeline.buckets', { album: this.album });
      if (asked !== this.#asked) return;
      this.#cache.refresh();
      this.#change(() => this.geometry.setBuckets(buckets, (key) => this.#cache.get(key) !== undefined));
      this.#status = 'ready';
      this.#error = null;
      this.#trouble = null;
    } catch (thrown) {
      if (asked !== this.#asked) return;
      this.#error = BackendError.from(thrown);
      // What was read stays on the screen.
      if (this.geometry.total === 0) this.#status = 'failed';
      else this.#trouble = this.#error;
    }
  }

  /** Reads again what could not be read. */
  retry(): void {
    if (this.#error) void this.load();
    this.#trouble = null;
    this.#cache.retry();
  }

  /** Reads again when the library has changed, until the returned function is called. */
  follow(): () => void {
    const stop = backend.listen(({ event }) => {
      if (event !== 'library' && event !== 'resync') return;
      clearTimeout(this.#reloading);
      this.#reloading = setTimeout(() => void this.load(), 300);
    });
    return () => {
      stop();
      clearTimeout(this.#reloading);
      clearTimeout(this.#quiet);
    };
  }

  #came(key: string, columns: Columns): void {
    this.#store.forget(key);
    this.#change(() => this.geometry.setItems(key, columns.id, columns.ratio));
    const current = this.#current;
    if (current?.key === key && columns.id[current.index] !== current.id) {
      const index = columns.id.indexOf(current.id);
      this.#current = index < 0 ? null : { ...current, index };
    }
  }

  // --- the view

  /** The size of the view in CSS pixels. */
  resize(width: number, view: number): void {
    const target = width < 800 ? 150 : 200;
    const { sizes } = this.geometry;
    if (width <= 0 || view <= 0) return;
    const wider = width !== sizes.width;
    if (!wider && view === this.#map.view) return;
    if (wider) this.#store.clear();
    this.#change(() => {
      if (wider) this.geometry.setSizes({ ...sizes, width, target }, (key) => this.#cache.get(key)?.ratio);
    }, view);
    this.#settle();
  }

  /** The scroll bar was moved. */
  scrolled(scroll: number): void {
    const before = this.#map.at;
    const put = this.#map.scrolled(scroll);
    if (put !== null) this.write(put);
    this.#movedBy(this.#map.at - before);
    this.#draw();
  }

  /** Goes to a place. */
  goTo(at: number): void {
    const before = this.#map.at;
    this.write(this.#map.goTo(at));
    this.#movedBy(this.#map.at - before);
    this.#draw();
  }

  /** Goes to the begin of a bucket. */
  goToSection(index: number): void {
    const section = this.geometry.sections[index];
    if (section) this.goTo(section.top);
  }

  /** Moves the view as little as shows an item's whole row, below the heading that stays at the top. */
  reveal(place: ItemPlace, middle = false): void {
    const box = this.geometry.boxOf(place.key, place.index);
    if (!box) return;
    const { heading } = this.geometry.spacing;
    const { at, view } = this.#map;
    if (box.top - heading >= at && box.top + box.height <= at + view) return;
    if (middle) this.goTo(box.top + box.height / 2 - view / 2);
    else if (box.top - heading < at) this.goTo(box.top - heading);
    else this.goTo(box.top + box.height + 8 - view);
  }

  /** Something is about to change above, in or below the view: what is seen stays. */
  #change(change: () => void, view = this.#map.view): void {
    const anchor = this.geometry.anchor(this.#map.at, this.#map.view);
    change();
    this.#map.resize(this.geometry.height, view);
    this.#element = this.#map.element;
    this.#map.moved(anchor ? this.geometry.placeOf(anchor) : this.#map.at);
    this.#version += 1;
    if (this.#recent.length === 0) this.#settle();
    this.#draw();
  }

  #movedBy(by: number): void {
    const time = performance.now();
    if (by !== 0) this.#heading = by < 0 ? -1 : 1;
    this.#recent = this.#recent.filter((one) => time - one.time < flingMilliseconds);
    this.#recent.push({ time, by: Math.abs(by) });
    const distance = this.#recent.reduce((sum, one) => sum + one.by, 0);
    this.#calm = distance <= flingScreens * this.#map.view;
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => {
      this.#recent = [];
      this.#calm = true;
      this.#settle();
      this.#draw();
    }, quietMilliseconds);
  }

  /** Pixels a millisecond in a flight. A single leap is none. */
  #speed(): number {
    if (this.#recent.length < 3) return 0;
    return this.#recent.reduce((sum, one) => sum + one.by, 0) / flingMilliseconds;
  }

  #settle(): void {
    const put = this.#map.settle();
    if (put !== null) this.write(put);
  }

  #draw(): void {
    const { at, view, shift } = this.#map;
    this.#at = at;
    if (view === 0 || this.geometry.sizes.width === 0) return;
    const place = { at, view, shift };
    const pinned = this.#pinned ? this.#current : null;
    const heading = this.#calm ? 0 : this.#heading;
    const shown = drawn(this.geometry, place, (key) => this.#cache.get(key), this.#store, pinned, heading);
    const signature = `${this.#version} ${shift} ${shown.map(({ key, rows }) => `${key}:${rows[0]?.row}-${rows.at(-1)?.row}+${rows.length}`)}`;
    const keys = wanted(this.geometry, place, heading, this.#speed());
    for (const key of [this.#held, pinned?.key]) if (key && !keys.includes(key)) keys.push(key);
    this.#cache.want(keys);
    if (signature === this.#signature) return;
    this.#signature = signature;
    this.#shown = shown;
  }

  // --- items

  /** What is known of an item, when its bucket is here. */
  item(place: ItemPlace): TimelineItem | null {
    const columns = this.#cache.get(place.key);
    return columns && place.index < columns.count ? itemAt(columns, place.index) : null;
  }

  /** The items of a bucket, read if need be; laid out when this resolves. Rejects with a [`BackendError`]. */
  async items(section: Section): Promise<Columns> {
    this.#held = section.key;
    return this.#cache.get(section.key) ?? (await this.#cache.load(section.key));
  }

  itemsNow(section: Section): Columns | undefined {
    return section.rows ? this.#cache.get(section.key) : undefined;
  }

  /** Which one of all it is, from 1. */
  ordinal(place: ItemPlace): number {
    void this.#version;
    return (this.geometry.section(place.key)?.before ?? 0) + place.index + 1;
  }

  /** The item before or after; `null` at the ends. Rejects with a [`BackendError`]. */
  async beside(place: ItemPlace, direction: -1 | 1): Promise<ItemPlace | null> {
    let section = this.geometry.section(place.key);
    let index = place.index + direction;
    while (section) {
      const columns = await this.items(section);
      if (index < 0) {
        section = this.geometry.sections[section.index - 1];
        index = section ? (await this.items(section)).count - 1 : -1;
      } else if (index >= columns.count) {
        section = this.geometry.sections[section.index + 1];
        index = 0;
      } else return { key: section.key, index, id: columns.id[index] as number };
    }
    return null;
  }

  /** Where an item is; `null` when it is not in this timeline. Rejects with a [`BackendError`]. */
  async find(id: number): Promise<ItemPlace | null> {
    const within = (section: Section, columns: Columns): ItemPlace | null => {
      const index = columns.id.indexOf(id);
      return index < 0 ? null : { key: section.key, index, id };
    };
    for (const section of this.geometry.sections) {
      const columns = this.#cache.get(section.key);
      const place = columns && within(section, columns);
      if (place) return place;
    }
    if (this.album === null) {
      const { taken_local } = await backend.call('item.show', { id });
      const month = taken_local === null ? 'undated' : new Date(taken_local * 1000).toISOString().slice(0, 7);
      const section = this.geometry.section(month);
      return section ? within(section, await this.items(section)) : null;
    }
    for (const section of this.geometry.sections) {
      const place = within(section, await this.items(section));
      if (place) return place;
    }
    return null;
  }

  /** Makes an item the current one. `pin` keeps it drawn wherever the view goes: it has the focus. */
  setCurrent(place: ItemPlace | null, pin = this.#pinned): void {
    this.#current = place;
    this.#pinned = pin;
    this.#draw();
  }

  /** The focus has left the grid. */
  unpin(): void {
    this.#pinned = false;
  }

  /** The first item that is wholly in view. */
  firstInView(): ItemPlace | null {
    const { at, view, shift } = this.#map;
    for (const { key, top, rows } of this.#shown)
      for (const row of rows) {
        const from = top + shift + row.top;
        if (from < at + this.geometry.spacing.heading - 1 || from + Math.min(row.height, view / 2) > at + view)
          continue;
        const tile = row.tiles[0];
        if (tile) return { key, index: tile.index, id: tile.id };
      }
    return null;
  }

  /** Whether some of an item's row is in view. */
  inView(place: ItemPlace): boolean {
    const box = this.geometry.boxOf(place.key, place.index);
    return box !== null && box.top + box.height > this.#map.at && box.top < this.#map.at + this.#map.view;
  }

  /** Height of the view. */
  get view(): number {
    return this.#map.view;
  }
}
