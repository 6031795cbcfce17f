// Whether the server let this browser in.

import type { Entry } from '$lib/platform';

class EntryState {
  #wanted = $state<Entry | null>(null);

  /** What the server asks for; `null` as long as it knows this browser. */
  get wanted(): Entry | null {
    return this.#wanted;
  }

  ask(wanted: Entry): void {
    this.#wanted = wanted;
  }

  /** The server knows this browser now. */
  entered(): void {
    this.#wanted = null;
  }
}

export const entry = new EntryState();
