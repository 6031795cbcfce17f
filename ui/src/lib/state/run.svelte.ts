// The run that is under way, or the one that has just ended: the engine's `RunState`, kept current by its events and read
// anew after a lost connection.

import { BackendError, backend, type RunState } from '../backend';

const idle: RunState = {
  activity: 'idle',
  planning: false,
  kind: null,
  started: null,
  phase: null,
  meter: null,
  wait: null,
  plan: null,
  import: null,
  archives: [],
  adding: null,
  from_inboxes: [],
  receipt: null,
  error: null,
  recent: [],
  failed: [],
  notes: [],
  sentences: {},
};

type Step = 'run.pause' | 'run.resume' | 'run.cancel' | 'run.dismiss';

class CurrentRun {
  #state = $state.raw<RunState>(idle);
  #error = $state.raw<BackendError | null>(null);
  /** How often it was told or asked for. */
  #told = 0;

  /** Everything about it. */
  get state(): RunState {
    return this.#state;
  }

  /** Why the last word to the engine (start, pause, …) did not work. */
  get error(): BackendError | null {
    return this.#error;
  }

  /** Whether it is at work or paused. */
  get active(): boolean {
    return this.#state.activity !== 'idle' && this.#state.activity !== 'ended';
  }

  /** Whether it has ended and nobody has put its result away. */
  get ended(): boolean {
    return this.#state.activity === 'ended';
  }

  /** Done so far as a share of one; `null` when the whole is not known. */
  get share(): number | null {
    const meter = this.#state.meter;
    if (!meter?.total) return null;
    return Math.min(1, meter.done / meter.total);
  }

  /** What is told while it is read is newer than the answer, and holds. */
  async load(): Promise<void> {
    this.#told += 1;
    const told = this.#told;
    try {
      const state = await backend.call('run.show', {});
      if (told === this.#told) this.#state = state;
    } catch (thrown) {
      if (told === this.#told) this.#error = BackendError.from(thrown);
    }
  }

  /** Listens until the returned function is called. */
  follow(): () => void {
    return backend.listen((event) => {
      if (event.event === 'run') {
        this.#told += 1;
        this.#state = event.run;
      }
      if (event.event === 'resync') void this.load();
    });
  }

  /** Works out what a sync would do; the plan arrives in [`state`]. */
  plan = () => this.#tell(() => backend.call('sync.plan', {}));
  sync = () => this.#tell(() => backend.call('sync.start', {}));
  /** Tries the failed items again. */
  retry = () => this.#tell(() => backend.call('sync.start', { retry: true }));
  verify = () => this.#tell(() => backend.call('verify.start', {}));
  /** Works out what an import of these archives and folders would do. */
  planImport = (paths: string[], join = false) =>
    this.#tell(() => backend.call('import.plan', { paths, ...(join && { join }) }));
  importNow = (paths: string[], xmp: boolean, join = false) =>
    this.#tell(() => backend.call('import.start', { paths, xmp, ...(join && { join }) }));
  compare = (folder: string, similar: number | null) =>
    this.#tell(() => backend.call('compare.start', { folder, ...(similar !== null && { similar }) }));
  /** Works out what adding what a comparison found missing would do: all of it, or what the person chose. */
  planAdd = (key: string, chosen: boolean) => this.#tell(() => backend.call('compare.plan_add', { key, chosen }));
  addMissing = (key: string, chosen: boolean) => this.#tell(() => backend.call('compare.add', { key, chosen }));
  /** Uploads what a comparison found missing to Google Photos, into an album if it has a title. */
  uploadMissing = (key: string, chosen: boolean, album: string) =>
    this.#tell(() => backend.call('compare.upload', { key, chosen, ...(album !== '' && { album }) }));
  pause = () => this.#step('run.pause');
  resume = () => this.#step('run.resume');
  cancel = () => this.#step('run.cancel');
  /** Puts the result of an ended run away. */
  dismiss = () => this.#step('run.dismiss');

  #step(step: Step): Promise<boolean> {
    return this.#tell(() => backend.call(step, {}));
  }

  /** Resolves to whether the engine took it; the reason why not is in [`error`]. */
  async #tell(say: () => Promise<unknown>): Promise<boolean> {
    this.#error = null;
    try {
      await say();
      return true;
    } catch (thrown) {
      this.#error = BackendError.from(thrown);
      return false;
    }
  }
}

export const run = new CurrentRun();
