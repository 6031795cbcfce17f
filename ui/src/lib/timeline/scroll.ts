// Between the place in the timeline and the place of the scroll bar. They differ for two reasons: browsers cap how high an
// element can be (WebKit and Chromium at 33 million pixels, Firefox at 17; half of that on dense screens), and writing the
// scroll position while somebody scrolls stops their swing. So when something above the view changes its height, the
// timeline moves under a scroll bar that stays, and the two are brought together once it is quiet.

/** Well below every browser's cap, and exact to a sixty-fourth of a pixel. */
export const heightCap = 8_000_000;

export class ScrollMap {
  /** Pixels from the top of the timeline to the top of the view. */
  at = 0;
  /** Where the scroll bar stands. */
  scroll = 0;
  #height = 0;
  #view = 0;
  readonly #cap: number;

  constructor(cap = heightCap) {
    this.#cap = cap;
  }

  /** What has to be added to a place in the element to get the place in the timeline. */
  get shift(): number {
    return this.at - this.scroll;
  }

  /** Height of the element that is scrolled. */
  get element(): number {
    return Math.min(this.#height, this.#cap);
  }

  /** The lowest place. */
  get end(): number {
    return Math.max(0, this.#height - this.#view);
  }

  get view(): number {
    return this.#view;
  }

  resize(height: number, view: number): void {
    this.#height = height;
    this.#view = view;
    // The browser moves a bar that would stand below the element's end by itself.
    this.scroll = Math.min(this.scroll, this.#bar);
  }

  /** How far the scroll bar goes. */
  get #bar(): number {
    return Math.max(0, this.element - this.#view);
  }

  /** Near both ends pixels are pixels, so that the ends are reached as fast as anything; shares lie between. */
  get #zone(): number {
    return Math.min(50_000, this.#bar / 4);
  }

  /** Where the scroll bar belongs for a place in the timeline. */
  #scrollFor(at: number): number {
    const [bar, zone, end] = [this.#bar, this.#zone, this.end];
    if (this.#height <= this.#cap) return Math.min(at, bar);
    if (at <= zone) return at;
    if (at >= end - zone) return bar - (end - at);
    return zone + ((at - zone) / (end - 2 * zone)) * (bar - 2 * zone);
  }

  /** The place in the timeline for one of the scroll bar. */
  #atFor(scroll: number): number {
    const [bar, zone, end] = [this.#bar, this.#zone, this.end];
    if (this.#height <= this.#cap || scroll <= zone) return scroll;
    if (scroll >= bar - zone) return end - (bar - scroll);
    return zone + ((scroll - zone) / (bar - 2 * zone)) * (end - 2 * zone);
  }

  /** The scroll bar was moved. Returns where it has to be put, if it cannot stay there. */
  scrolled(scroll: number): number | null {
    const delta = scroll - this.scroll;
    this.scroll = scroll;
    // In a timeline that is higher than the element, pixels are pixels for small steps and shares for great ones.
    if (this.#height > this.#cap && Math.abs(delta) > 4 * this.#view) this.at = this.#atFor(scroll);
    else this.at += delta;
    const outside = this.at < 0 || this.at > this.end;
    this.at = Math.min(Math.max(this.at, 0), this.end);
    // Either has come to its end before the other.
    const stuck = (scroll <= 0 && this.at >= 1) || (scroll >= this.#bar - 0.5 && this.at <= this.end - 1);
    return outside || stuck ? this.#put() : null;
  }

  /** Goes somewhere. Returns where to put the scroll bar. */
  goTo(at: number): number {
    this.at = Math.min(Math.max(at, 0), this.end);
    return this.#put() ?? this.scroll;
  }

  /** What is in view is now at another place, since something above it changed: the scroll bar stays. */
  moved(at: number): void {
    this.at = Math.min(Math.max(at, 0), this.end);
  }

  /** It is quiet. Returns where to put the scroll bar, if that is somewhere else. */
  settle(): number | null {
    return this.#put();
  }

  #put(): number | null {
    const scroll = this.#scrollFor(this.at);
    if (Math.abs(scroll - this.scroll) < 1) return null;
    this.scroll = scroll;
    return scroll;
  }
}
