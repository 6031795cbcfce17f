// What goes on while nobody looks, as the engine tells it: the schedule of the open library, the tray, the start at login.

import { type Appearance, BackendError, type Background, backend, type Chosen } from '$lib/backend';
import { app } from '$lib/state/app.svelte';

/** Milliseconds that "Saved" stays. */
const SHOWN = 2500;

export class BackgroundChoices {
  #shown = $state.raw<Background | null>(null);
  #error = $state.raw<BackendError | null>(null);
  #saved = $state<string | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** How it stands; `null` until it was read. */
  get shown(): Background | null {
    return this.#shown;
  }

  /** Why the last question or change did not work. */
  get error(): BackendError | null {
    return this.#error;
  }

  /** What was saved a moment ago. */
  get saved(): string | null {
    return this.#saved;
  }

  load(): Promise<boolean> {
    return this.#ask(null, () => backend.call('background.show', {}));
  }

  /** Sets the schedule; `null` takes it away. */
  schedule(chosen: Chosen | null): Promise<boolean> {
    return this.#ask('schedule', () => backend.call('background.set_schedule', { chosen }));
  }

  startAtLogin(on: boolean): Promise<boolean> {
    return this.#ask('tray', () => backend.call('background.start_at_login', { on }));
  }

  resume(): Promise<boolean> {
    return this.#ask(null, async () => {
      await backend.call('background.resume', {});
      return backend.call('background.show', {});
    });
  }

  /** Changes what holds for the app as a whole. */
  set(name: string, change: Appearance): Promise<boolean> {
    return this.#ask(name, async () => {
      await app.set(change);
      return null;
    });
  }

  /** Listens for what others change: the tray's menu, the end of a run. Returns how to stop. */
  follow(): () => void {
    return backend.listen((event) => {
      if (event.event === 'glance' || event.event === 'resync') void this.load();
    });
  }

  async #ask(name: string | null, ask: () => Promise<Background | null>): Promise<boolean> {
    try {
      const shown = await ask();
      if (shown) this.#shown = shown;
      this.#error = null;
      if (name) this.#tell(name);
      return true;
    } catch (thrown) {
      this.#error = BackendError.from(thrown);
      return false;
    }
  }

  #tell(name: string): void {
    this.#saved = name;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.#saved = null), SHOWN);
  }
}
