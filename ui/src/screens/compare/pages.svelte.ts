// The lines of a long list, a page at a time: asked for when the view comes near, and only those near it kept.

import { SvelteMap } from 'svelte/reactivity';
import { BackendError } from '$lib/backend';

export const pageSize = 200;
/** Pages kept: some screens before and after the view. */
const kept = 12;
/** Pages asked for at the same time. */
const atOnce = 2;

export class Pages<Row> {
  readonly #read: (offset: number, limit: number) => Promise<Row[]>;
  readonly #pages = new SvelteMap<number, Row[]>();
  readonly #asked = new Set<number>();
  /** Pages that the view is at now. */
  #wanted: number[] = [];
  #failed = false;
  /** Grows when everything is asked for anew: what was on its way is of no use then. */
  #age = 0;
  #error = $state.raw<BackendError | null>(null);

  constructor(read: (offset: number, limit: number) => Promise<Row[]>) {
    this.#read = read;
  }

  /** Why a page did not come. */
  get error(): BackendError | null {
    return this.#error;
  }

  /** The line at an index, if its page is here. */
  at(index: number): Row | undefined {
    return this.#pages.get(Math.floor(index / pageSize))?.[index % pageSize];
  }

  /** Asks for what is missing of a stretch. What was wanted before and is not asked for yet is not wanted any more. */
  want(first: number, after: number): void {
    this.#wanted = [];
    if (after <= first) return;
    for (let page = Math.floor(first / pageSize); page <= Math.floor((after - 1) / pageSize); page += 1) {
      this.#wanted.push(page);
    }
    this.#askOn();
  }

  /** Changes lines that are here. */
  change(change: (row: Row, index: number) => Row): void {
    for (const [page, rows] of this.#pages) {
      this.#pages.set(
        page,
        rows.map((row, at) => change(row, page * pageSize + at)),
      );
    }
  }

  /** Asks anew for what the view is at, and for the first page, which tells how many there are. */
  reload(): void {
    this.#age += 1;
    this.#asked.clear();
    this.#pages.clear();
    if (!this.#wanted.includes(0)) this.#wanted.unshift(0);
    this.again();
  }

  /** Asks again for what did not come. */
  again(): void {
    this.#error = null;
    this.#failed = false;
    this.#askOn();
  }

  #askOn(): void {
    for (const page of this.#wanted) {
      if (this.#failed || this.#asked.size >= atOnce) return;
      if (!this.#pages.has(page) && !this.#asked.has(page)) void this.#ask(page);
    }
  }

  async #ask(page: number): Promise<void> {
    const age = this.#age;
    this.#asked.add(page);
    try {
      const rows = await this.#read(page * pageSize, pageSize);
      if (age !== this.#age) return;
      this.#pages.set(page, rows);
      this.#error = null;
      this.#drop(page);
    } catch (thrown) {
      if (age !== this.#age) return;
      // Or it would be asked for without end.
      this.#failed = true;
      this.#error = BackendError.from(thrown);
    }
    this.#asked.delete(page);
    this.#askOn();
  }

  #drop(near: number): void {
    if (this.#pages.size <= kept) return;
    const far = [...this.#pages.keys()].sort((one, other) => Math.abs(other - near) - Math.abs(one - near));
    for (const page of far.slice(0, this.#pages.size - kept)) this.#pages.delete(page);
  }
}
