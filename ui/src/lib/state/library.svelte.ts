// Where the open library stands: counts, health, space. Read when asked for, when the library changes and when a run ends.

import { BackendError, backend, type Home, type StatusResponse } from '../backend';

/** Milliseconds between two looks at whether the library is still as it was told. */
const glanceEvery = 4000;

class LibraryState {
  #home = $state.raw<Home | null>(null);
  #error = $state.raw<BackendError | null>(null);
  #loading = $state(false);
  #asked = 0;
  /** Whether somebody has asked for it: without a library there is nothing to ask for. */
  #wanted = false;

  /** Status, space and years; `null` until it was read. Stays while it is read again. */
  get home(): Home | null {
    return this.#home;
  }

  /** Counts and health; `null` until it was read, and as long as nothing was ever synced. */
  get status(): StatusResponse | null {
    return this.#home?.status ?? null;
  }

  get error(): BackendError | null {
    return this.#error;
  }

  get loading(): boolean {
    return this.#loading;
  }

  async load(): Promise<void> {
    this.#wanted = true;
    this.#asked += 1;
    const asked = this.#asked;
    this.#loading = true;
    try {
      const home = await backend.call('library.status', {});
      if (asked === this.#asked) {
        this.#home = home;
        this.#error = null;
      }
    } catch (thrown) {
      if (asked === this.#asked) this.#error = BackendError.from(thrown);
    } finally {
      if (asked === this.#asked) this.#loading = false;
    }
  }

  /** Looks again without a word: a disk may have been pulled out, or put back. What is shown changes only when that does. */
  async #glance(): Promise<void> {
    if (this.#loading || !this.#home || document.visibilityState !== 'visible') return;
    const asked = this.#asked;
    const home = await backend.call('library.status', {}).catch(() => null);
    if (home && asked === this.#asked && JSON.stringify(home) !== JSON.stringify(this.#home)) this.#home = home;
  }

  /** Forgets what was read: another library is open, or none. */
  clear(): void {
    this.#wanted = false;
    this.#asked += 1;
    this.#home = null;
    this.#error = null;
    this.#loading = false;
  }

  /** Listens until the returned function is called. */
  follow(): () => void {
    let running = false;
    const glancing = setInterval(() => void this.#glance(), glanceEvery);
    const stop = backend.listen((event) => {
      if (event.event === 'library' || (event.event === 'resync' && this.#wanted)) void this.load();
      if (event.event === 'run') {
        const ended = running && event.run.activity === 'ended';
        running = event.run.activity !== 'idle' && event.run.activity !== 'ended';
        if (ended) void this.load();
      }
    });
    return () => {
      clearInterval(glancing);
      stop();
    };
  }
}

export const library = new LibraryState();
