// What the window knows about the app as a whole: host, version, settings, which library is open.

import { type Appearance, BackendError, backend, type OpenLibrary, type Settings, type Start } from '../backend';
import { locale } from '../locale.svelte';

class AppState {
  #start = $state.raw<Start | null>(null);
  #settings = $state.raw<Settings>({
    language: 'system',
    theme: 'system',
    welcomed: false,
    library: null,
    filters: {},
    years_put_away: {},
    stay_in_tray: null,
    notify: 'needed',
    stale_after_days: 14,
    keep_awake: false,
    look_for_updates: null,
  });
  #library = $state.raw<OpenLibrary | null>(null);
  #lost = $state(false);
  #error = $state.raw<BackendError | null>(null);
  /** How often settings were taken over. */
  #taken = 0;

  /** Host, version and abilities; `null` until the engine has answered. */
  get start(): Start | null {
    return this.#start;
  }

  get settings(): Settings {
    return this.#settings;
  }

  /** The library that is open. */
  get library(): OpenLibrary | null {
    return this.#library;
  }

  /** Whether the engine was there and no longer answers. What is shown may be old then. */
  get lost(): boolean {
    return this.#lost;
  }

  /** Why the app could not start. */
  get error(): BackendError | null {
    return this.#error;
  }

  /** Address of a film. Web views that cannot play films through the window's own protocol get them another way. */
  film(file: number): string {
    const films = this.#start?.films;
    return films ? `${films}/file/${file}` : backend.media(file);
  }

  /** Asks the engine how things stand. Also right after a lost connection. */
  async load(): Promise<void> {
    const taken = this.#taken;
    try {
      const start = await backend.call('app.start', {});
      this.#start = start;
      this.#library = start.library;
      this.#error = null;
      // What was told meanwhile is newer than this answer.
      if (taken === this.#taken) this.#take(start.settings);
    } catch (thrown) {
      this.#error = BackendError.from(thrown);
    }
  }

  /** Listens for changes made elsewhere: another window, the command line. Returns how to stop. */
  follow(): () => void {
    return backend.listen((event) => {
      if (event.event === 'settings') this.#take(event.settings);
      if (event.event === 'lost') this.#lost = true;
      if (event.event === 'resync') this.#lost = false;
      if (event.event === 'library' || event.event === 'resync') void this.load();
    });
  }

  /** Changes settings; shown at once, and taken back when the engine could not keep them. */
  async set(change: Appearance): Promise<void> {
    const before = this.#settings;
    this.#take({ ...before, ...change });
    try {
      this.#take(await backend.call('settings.set', change));
    } catch (thrown) {
      this.#take(before);
      throw thrown;
    }
  }

  /** Tells that a library was opened or left, with what `library.open` or `demo.open` answered. */
  opened(library: OpenLibrary | null): void {
    this.#library = library;
  }

  #take(settings: Settings): void {
    this.#taken += 1;
    this.#settings = settings;
    locale.use(settings.language);
    const root = document.documentElement;
    if (settings.theme === 'system') delete root.dataset.theme;
    else root.dataset.theme = settings.theme;
  }
}

export const app = new AppState();
