// What is decided for the open library, read once and saved change by change.

import { BackendError, backend, type ChangedOptions, type Filter, type LibrarySettings } from '$lib/backend';

/** Milliseconds that "Saved" stays. */
const SHOWN = 2500;

export class LibraryChoices {
  #settings = $state.raw<LibrarySettings | null>(null);
  #error = $state.raw<BackendError | null>(null);
  #fault = $state.raw<BackendError | null>(null);
  #saved = $state<string | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;

  get settings(): LibrarySettings | null {
    return this.#settings;
  }

  /** Why it could not be read. */
  get error(): BackendError | null {
    return this.#error;
  }

  /** Why the last change was not taken. */
  get fault(): BackendError | null {
    return this.#fault;
  }

  /** What was saved a moment ago: the name that was given to [`save`]. */
  get saved(): string | null {
    return this.#saved;
  }

  async load(): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    try {
      const settings = await backend.call('library.options', {});
      if (asked !== this.#asked) return;
      this.#settings = settings;
      this.#error = null;
    } catch (thrown) {
      if (asked === this.#asked) this.#error = BackendError.from(thrown);
    }
  }

  /** Saves options; shown at once, and taken back when the engine does not take them. */
  options(name: string, options: ChangedOptions): Promise<void> {
    return this.#save(name, { options }, (now) => ({ ...now, options: { ...now.options, ...options } }));
  }

  filter(name: string, filter: Filter): Promise<void> {
    return this.#save(name, { filter }, (now) => ({ ...now, filter }));
  }

  /** The fault is told elsewhere. */
  dismiss(): void {
    this.#fault = null;
  }

  async #save(
    name: string,
    change: { options?: ChangedOptions; filter?: Filter },
    shown: (now: LibrarySettings) => LibrarySettings,
  ): Promise<void> {
    const before = this.#settings;
    if (!before) return;
    this.#settings = shown(before);
    this.#fault = null;
    this.#asked += 1;
    const asked = this.#asked;
    try {
      const settings = await backend.call('library.set_options', change);
      // A later change is on its way; its answer is the one that counts.
      if (asked === this.#asked) this.#settings = settings;
      this.#saved = name;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => (this.#saved = null), SHOWN);
    } catch (thrown) {
      if (asked === this.#asked) this.#settings = before;
      this.#saved = null;
      this.#fault = BackendError.from(thrown);
    }
  }
}
