// The folder that is being chosen: what is typed, what the probe says about it, and the choices that a new library is made
// with. Typing asks the probe after a short rest; only the answer to the last question counts.

import type { Platform } from '$lib/backend';
import {
  type Adoption,
  BackendError,
  backend,
  type FindingCode,
  type FolderReport,
  type Layout,
  type LinkChoice,
  type MonthZone,
  type OpenFolder,
} from '$lib/backend';
import { isWholePath } from './paths';

/** Milliseconds without typing before the folder is tried. */
export const REST = 350;

export class FolderChoice {
  #path = $state('');
  #report = $state.raw<FolderReport | null>(null);
  #error = $state.raw<BackendError | null>(null);
  #adoption = $state.raw<Adoption | null>(null);
  #trying = $state(false);
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  links = $state<LinkChoice>('auto');
  layout = $state<Layout>('photokeep');
  month = $state<MonthZone>('utc');

  constructor(readonly platform: Platform) {}

  /** As it stands in the field. */
  get path(): string {
    return this.#path;
  }

  set path(path: string) {
    if (path === this.#path) return;
    this.#path = path;
    this.#ask(REST);
  }

  get folder(): string {
    return this.#path.trim();
  }

  /** Whether something was typed that is not a whole path. */
  get isPart(): boolean {
    return this.folder !== '' && !isWholePath(this.folder, this.platform);
  }

  /** What was found about the folder; the last answer stays while the next is awaited. */
  get report(): FolderReport | null {
    return this.#report;
  }

  get error(): BackendError | null {
    return this.#error;
  }

  /** Whether an answer is on its way, or about to be asked for. */
  get trying(): boolean {
    return this.#trying;
  }

  /** Whether a library can be made or opened here. */
  get ready(): boolean {
    return !this.#trying && this.#report !== null && this.#report.state !== 'unusable';
  }

  /** Whether there is a library already, with choices of its own. */
  get isLibrary(): boolean {
    return this.#report?.state === 'library';
  }

  /** Takes a folder that was chosen, not typed. */
  take(path: string): void {
    this.#path = path;
    this.#ask(0);
  }

  /** Tries the folder again. */
  again(): void {
    this.#ask(0);
  }

  /** What another tool kept here and could be taken over. */
  get adoption(): Adoption | null {
    return this.#adoption;
  }

  /** What to open. The choices of a library that is there are left as they are. */
  get request(): OpenFolder {
    const { folder, links, layout, month } = this;
    return this.isLibrary ? { folder } : { folder, options: { links, layout, month } };
  }

  /** Forgets a question that is on its way. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#asked += 1;
  }

  #ask(rest: number): void {
    this.stop();
    this.#error = null;
    this.#adoption = null;
    this.#trying = this.folder !== '' && !this.isPart;
    if (this.#trying) this.#timer = setTimeout(() => this.#try(), rest);
    else this.#report = null;
  }

  async #try(): Promise<void> {
    const asked = this.#asked;
    try {
      const report = await backend.call('library.probe', { folder: this.folder });
      // What looks like another tool's may be none, or cannot be read: then it is a folder like any other.
      const adoptable = report.findings.some(({ code }) => code === 'adoptable');
      const folder = { folder: this.folder };
      const adoption = adoptable ? await backend.call('library.plan_adopt', folder).catch(() => null) : null;
      if (asked !== this.#asked) return;
      this.#report = without(report, adoption ? 'not-empty' : 'adoptable');
      this.#adoption = adoption;
      if (this.links !== 'auto' && this.links !== 'none' && !report.link_kinds.includes(this.links))
        this.links = 'auto';
    } catch (thrown) {
      if (asked !== this.#asked) return;
      this.#report = null;
      this.#error = BackendError.from(thrown);
    }
    this.#trying = false;
  }
}

/** The report without what does not hold: that other files are left alone, or that another tool made the folder. */
function without(report: FolderReport, what: FindingCode): FolderReport {
  const adoptable = report.findings.some(({ code }) => code === 'adoptable');
  return adoptable ? { ...report, findings: report.findings.filter(({ code }) => code !== what) } : report;
}
