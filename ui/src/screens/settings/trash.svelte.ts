// The library's trash as it is listed, and what was picked from it.

import { SvelteSet } from 'svelte/reactivity';
import { BackendError, backend, type TrashList as TrashContent, type TrashResponse } from '$lib/backend';

/** What has just been done with it. */
export type TrashDeed = { what: 'restored' | 'emptied'; files: number; bytes: number };

export class TrashList {
  #content = $state.raw<TrashContent | null>(null);
  #error = $state.raw<BackendError | null>(null);
  #busy = $state(false);
  #deed = $state.raw<TrashDeed | null>(null);
  /** Former paths that are picked. */
  readonly picked = new SvelteSet<string>();

  get content(): TrashContent | null {
    return this.#content;
  }

  get error(): BackendError | null {
    return this.#error;
  }

  get busy(): boolean {
    return this.#busy;
  }

  get deed(): TrashDeed | null {
    return this.#deed;
  }

  /** Different paths in it; one path can have been thrown away more than once. */
  get paths(): string[] {
    return [...new Set(this.#content?.files.map((file) => file.path))];
  }

  async load(): Promise<void> {
    try {
      this.#content = await backend.call('trash.list', {});
      this.#error = null;
      const there = new Set(this.paths);
      for (const path of this.picked) if (!there.has(path)) this.picked.delete(path);
    } catch (thrown) {
      this.#error = BackendError.from(thrown);
    }
  }

  pick(path: string, picked: boolean): void {
    if (picked) this.picked.add(path);
    else this.picked.delete(path);
  }

  pickAll(picked: boolean): void {
    for (const path of this.paths) this.pick(path, picked);
  }

  /** Puts back what is picked. Never everything by an empty list, which is how the engine would read it. */
  async restore(): Promise<void> {
    if (this.picked.size === 0) return;
    await this.#do('restored', () => backend.call('trash.restore', { paths: [...this.picked] }));
  }

  /** Deletes everything in it for good. */
  async empty(): Promise<void> {
    await this.#do('emptied', () => backend.call('trash.empty', {}));
  }

  async #do(what: TrashDeed['what'], call: () => Promise<TrashResponse>): Promise<void> {
    this.#busy = true;
    this.#deed = null;
    try {
      const { files, bytes } = await call();
      this.#deed = { what, files: files.length, bytes };
      this.picked.clear();
      this.#error = null;
      await this.load();
    } catch (thrown) {
      this.#error = BackendError.from(thrown);
    }
    this.#busy = false;
  }
}
