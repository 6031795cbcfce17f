// What is known of newer versions of Photokeep. The engine looks, and only when the person allowed it.

import { backend, type Updates } from '../backend';

class UpdatesState {
  #known = $state.raw<Updates | null>(null);
  #looking = $state(false);

  /** What is known; `null` until the engine has told. */
  get known(): Updates | null {
    return this.#known;
  }

  /** Whether the site is being asked. */
  get looking(): boolean {
    return this.#looking;
  }

  /** The newer version that is to be told of. */
  get news(): Updates['newer'] {
    return this.#known?.put_away ? null : (this.#known?.newer ?? null);
  }

  load(): Promise<void> {
    return this.#ask(() => backend.call('updates.show', {}));
  }

  look(): Promise<void> {
    return this.#ask(() => backend.call('updates.look', {}));
  }

  /** Has the engine look by itself once a week, or not. */
  setAutomatic(on: boolean): Promise<void> {
    return this.#ask(() => backend.call('updates.set_automatic', { on }));
  }

  putAway(): Promise<void> {
    return this.#ask(() => backend.call('updates.put_away', {}));
  }

  /** Listens for what is found meanwhile. Returns how to stop. */
  follow(): () => void {
    void this.load();
    return backend.listen((event) => {
      if (event.event === 'updates') this.#known = event.updates;
      if (event.event === 'resync') void this.load();
    });
  }

  /** Nothing of a person's photos hangs on it: what cannot be asked stays as it was. */
  async #ask(ask: () => Promise<Updates>): Promise<void> {
    this.#looking = true;
    this.#known = await ask().catch(() => this.#known);
    this.#looking = false;
  }
}

export const updates = new UpdatesState();
