// The folders that are watched, as they stand, and what a person does with them. Read when asked for, when the library
// changes, and again and again while an archive is about to be finished.

import { type ArchiveThen, BackendError, backend, type Inboxes } from '$lib/backend';
import { m } from '$lib/texts';

/** Milliseconds between two looks while something is not settled. */
const lookEvery = 5000;

export class WatchedFolders {
  #shown = $state.raw<Inboxes | null>(null);
  #error = $state.raw<BackendError | null>(null);
  #busy = $state(false);
  #deed = $state<string | null>(null);
  #asked = 0;

  get shown(): Inboxes | null {
    return this.#shown;
  }

  get error(): BackendError | null {
    return this.#error;
  }

  get busy(): boolean {
    return this.#busy;
  }

  /** What has just been done, in a sentence. */
  get deed(): string | null {
    return this.#deed;
  }

  /** Whether another look may find something else. */
  get unsettled(): boolean {
    return this.#shown?.found.some(({ state }) => ['growing', 'settling', 'waiting'].includes(state)) ?? false;
  }

  async load(): Promise<void> {
    this.#asked += 1;
    const mine = this.#asked;
    try {
      const shown = await backend.call('inbox.show', {});
      if (mine !== this.#asked) return;
      this.#shown = shown;
      this.#error = null;
    } catch (thrown) {
      if (mine === this.#asked) this.#error = BackendError.from(thrown);
    }
  }

  /** Watches a folder. Answers whether that worked. */
  watch(folder: string): Promise<boolean> {
    // The person chooses something else once the folder is there.
    const then: ArchiveThen = 'leave';
    return this.#do(() => backend.call('inbox.add', { folder, then }), m.inbox_added({ folder }));
  }

  /** Changes what is done with the archives of a folder. */
  change(folder: string, then: ArchiveThen): Promise<boolean> {
    return this.#do(() => backend.call('inbox.add', { folder, then }), m.inbox_saved());
  }

  /** Watches a folder no more. */
  remove(folder: string): Promise<boolean> {
    return this.#do(() => backend.call('inbox.remove', { folder }), m.inbox_removed({ folder }));
  }

  /** Imports what is ready without waiting for the next look. */
  importNow(): Promise<boolean> {
    return this.#do(async () => {
      await backend.call('inbox.import', {});
      return null;
    }, null);
  }

  async #do(call: () => Promise<Inboxes | null>, deed: string | null): Promise<boolean> {
    this.#asked += 1;
    const mine = this.#asked;
    this.#busy = true;
    this.#deed = null;
    this.#error = null;
    try {
      const shown = await call();
      if (shown && mine === this.#asked) this.#shown = shown;
      this.#deed = deed;
      return true;
    } catch (thrown) {
      this.#error = BackendError.from(thrown);
      return false;
    } finally {
      this.#busy = false;
    }
  }

  /** Reads now, and whenever it may have changed, until the returned function is called. */
  follow(): () => void {
    void this.load();
    const looking = setInterval(() => {
      if (this.unsettled && !this.#busy && document.visibilityState === 'visible') void this.load();
    }, lookEvery);
    const stop = backend.listen((event) => {
      if (event.event === 'library' || event.event === 'resync') void this.load();
    });
    return () => {
      clearInterval(looking);
      stop();
    };
  }
}
