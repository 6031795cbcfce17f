// The buckets near the view: asked for nearest first, few at a time, given up when the view has moved on before their turn
// came, and forgotten when they are long out of sight. What is wanted is never forgotten, however much it is.

import { BackendError, type Bucket } from '../backend';
import { type Columns, pack } from './columns';

export interface CacheOptions {
  fetch: (key: string) => Promise<Bucket>;
  /** A bucket came, for the first time or anew. */
  onload: (key: string, columns: Columns) => void;
  onfail: (key: string, error: BackendError) => void;
  /** Buckets and items kept beyond what is wanted. */
  keep?: { buckets: number; items: number };
  /** Requests at the same time. What is under way cannot be called back, so more only make the wanted ones wait. */
  atOnce?: number;
}

interface Kept {
  columns: Columns;
  /** What is shown may have changed since. */
  stale: boolean;
}

export class BucketCache {
  /** In order of use, the longest unused first. */
  readonly #kept = new Map<string, Kept>();
  readonly #failed = new Set<string>();
  readonly #running = new Map<string, Promise<Columns>>();
  readonly #options: Required<CacheOptions>;
  #wanted: string[] = [];
  #generation = 0;

  constructor(options: CacheOptions) {
    this.#options = { keep: { buckets: 12, items: 3000 }, atOnce: 3, ...options };
  }

  /** What is there, old or not. */
  get(key: string): Columns | undefined {
    return this.#kept.get(key)?.columns;
  }

  /** Says what the view needs, most urgent first. Requests for anything else that have not begun are given up. */
  want(keys: string[]): void {
    this.#wanted = keys;
    for (const key of keys) this.#used(key);
    this.#evict();
    this.#next();
  }

  /** Gets one at once, before everything that waits. Rejects with a [`BackendError`]. */
  load(key: string): Promise<Columns> {
    const kept = this.#kept.get(key);
    if (kept && !kept.stale) {
      this.#used(key);
      return Promise.resolve(kept.columns);
    }
    return this.#running.get(key) ?? this.#ask(key);
  }

  /** What is shown may have changed: everything is asked for again when it is next wanted, and shown as it was until then. */
  refresh(): void {
    this.#generation += 1;
    this.#running.clear();
    this.#failed.clear();
    for (const kept of this.#kept.values()) kept.stale = true;
  }

  /** Asks again for what could not be read. */
  retry(): void {
    this.#failed.clear();
    this.#next();
  }

  /** Forgets everything: another library. */
  clear(): void {
    this.refresh();
    this.#kept.clear();
    this.#wanted = [];
  }

  #next(): void {
    for (const key of this.#wanted) {
      if (this.#running.size >= this.#options.atOnce) return;
      const kept = this.#kept.get(key);
      if ((kept && !kept.stale) || this.#running.has(key) || this.#failed.has(key)) continue;
      this.#ask(key).catch(() => {});
    }
  }

  #ask(key: string): Promise<Columns> {
    const generation = this.#generation;
    const asked = this.#options.fetch(key).then(
      (bucket) => {
        const columns = pack(bucket);
        if (generation !== this.#generation) return columns;
        this.#running.delete(key);
        this.#kept.delete(key);
        this.#kept.set(key, { columns, stale: false });
        this.#failed.delete(key);
        this.#evict(key);
        this.#options.onload(key, columns);
        this.#next();
        return columns;
      },
      (thrown) => {
        const error = BackendError.from(thrown);
        if (generation === this.#generation) {
          this.#running.delete(key);
          this.#failed.add(key);
          this.#options.onfail(key, error);
          this.#next();
        }
        throw error;
      },
    );
    this.#running.set(key, asked);
    return asked;
  }

  #used(key: string): void {
    const kept = this.#kept.get(key);
    if (!kept) return;
    this.#kept.delete(key);
    this.#kept.set(key, kept);
  }

  #evict(justCame?: string): void {
    const spare = [...this.#kept].filter(([key]) => key !== justCame && !this.#wanted.includes(key));
    let items = spare.reduce((sum, [, { columns }]) => sum + columns.count, 0);
    let buckets = spare.length;
    for (const [key, { columns }] of spare) {
      if (buckets <= this.#options.keep.buckets && items <= this.#options.keep.items) return;
      this.#kept.delete(key);
      buckets -= 1;
      items -= columns.count;
    }
  }
}
