// The sign-in as the engine tells it: under way, done or refused. It goes on while another screen is open; whoever comes
// back asks how it stands.

import { type Account, BackendError, backend, type CheckedClient, type SignInState } from '$lib/backend';

export type Stage = 'loading' | 'form' | 'waiting' | 'done';

const nothing: SignInState = {
  waiting: false,
  address: null,
  comes_back: true,
  note: null,
  sentences: {},
  signed_in: null,
  error: null,
};

/** A client file that was found to be right. */
export interface BroughtClient {
  /** A secret: held only while this sign-in may still need it, and nowhere else. */
  text: string;
  checked: CheckedClient;
}

export class SignIn {
  /** The client to sign in with; `null` for the one that is built in. */
  client = $state.raw<BroughtClient | null>(null);
  /** Whether to ask for everything. */
  wholeLibrary = $state(false);
  /** Whether to ask for the right to upload too. */
  upload = $state(false);
  #state = $state.raw<SignInState>(nothing);
  #account = $state.raw<Account | null>(null);
  #error = $state.raw<BackendError | null>(null);
  #loaded = $state(false);
  #beginning = $state(false);
  #pasting = $state(false);
  #opened = $state(false);
  #again = $state(false);

  get state(): SignInState {
    return this.#state;
  }

  /** Who is signed in; `null` until it was read. */
  get account(): Account | null {
    return this.#account;
  }

  /** Why the last word to the engine did not work. */
  get error(): BackendError | null {
    return this.#error;
  }

  get beginning(): boolean {
    return this.#beginning;
  }

  /** Whether a pasted address is being looked at. */
  get pasting(): boolean {
    return this.#pasting;
  }

  /** Whether the system's browser was asked to open the address. */
  get opened(): boolean {
    return this.#opened;
  }

  get stage(): Stage {
    if (this.#state.waiting) return 'waiting';
    if (!this.#loaded) return 'loading';
    if (this.#again) return 'form';
    // The engine still remembers a sign-in that was signed out of since; the account knows better, once it was read.
    const signedIn = this.#account ? this.#account.signed_in : this.#state.signed_in !== null;
    return signedIn ? 'done' : 'form';
  }

  async load(): Promise<void> {
    try {
      const [state, account] = await Promise.all([
        backend.call('account.sign_in_state', {}),
        backend.call('account.show', {}),
      ]);
      this.#state = state;
      this.#account = account;
      this.#error = null;
    } catch (thrown) {
      this.#error = BackendError.from(thrown);
    }
    this.#loaded = true;
  }

  /** Listens until the returned function is called. */
  follow(): () => void {
    return backend.listen((event) => {
      if (event.event === 'sign-in') this.#take(event.sign_in);
      if (event.event === 'resync' || event.event === 'library') void this.load();
    });
  }

  /** Shows the form although somebody is signed in. */
  again(): void {
    this.#again = true;
    // What was asked for the last time is asked for again.
    this.wholeLibrary = this.#account?.whole_library ?? this.wholeLibrary;
  }

  async begin(): Promise<void> {
    this.#beginning = true;
    await this.#tell(async () => {
      const client = this.client?.text ?? null;
      const { address, opened } = await backend.call('account.sign_in', {
        client,
        whole_library: this.wholeLibrary,
        ...(this.upload && { upload: true }),
      });
      this.#opened = opened;
      // The engine's own word may have come before this answer; both say the same.
      const comes_back = this.client?.checked.comes_back ?? true;
      this.#state = { ...nothing, waiting: true, address, comes_back };
    });
    this.#beginning = false;
  }

  async paste(address: string): Promise<void> {
    this.#pasting = true;
    this.#state = { ...this.#state, note: null };
    const told = await this.#tell(() => backend.call('account.paste', { address: address.trim() }));
    if (!told) this.#pasting = false;
  }

  async cancel(): Promise<void> {
    await this.#tell(async () => {
      await backend.call('account.cancel_sign_in', {});
      this.#state = nothing;
      this.#pasting = false;
    });
  }

  #take(state: SignInState): void {
    this.#state = state;
    this.#pasting = false;
    if (state.signed_in === null) return;
    this.#again = false;
    this.#account = null;
    this.client = null;
    void this.load();
  }

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
