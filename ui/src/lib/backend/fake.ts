// A backend for tests: answers are given by the test, events sent by it.

import { type Backend, BackendError, type BackendEvent, type CommandName } from './backend';
import type { Commands } from './generated';
import { provideBackend } from './index';

export type Answers = {
  [C in CommandName]?: (request: Commands[C]['request']) => Commands[C]['response'] | Promise<Commands[C]['response']>;
};

export class FakeBackend implements Backend {
  /** What was called, in order. */
  readonly calls: { command: CommandName; request: unknown }[] = [];
  readonly #handlers = new Set<(event: BackendEvent) => void>();

  constructor(readonly answers: Answers = {}) {
    provideBackend(this);
  }

  /** How many listen. */
  get listeners(): number {
    return this.#handlers.size;
  }

  async call<C extends CommandName>(command: C, request: Commands[C]['request']): Promise<Commands[C]['response']> {
    this.calls.push({ command, request });
    const answer = this.answers[command];
    if (!answer) throw new BackendError({ code: 'usage', message: `The test gives no answer to ${command}.` });
    return answer(request);
  }

  listen(handler: (event: BackendEvent) => void): () => void {
    this.#handlers.add(handler);
    return () => void this.#handlers.delete(handler);
  }

  /** Sends an event to all who listen. */
  tell(event: BackendEvent): void {
    for (const handler of this.#handlers) handler(event);
  }

  comparedThumbnail = (key: string, file: number) => `/media/compared-thumbnail/${key}-${file}`;
  comparedMedia = (key: string, file: number) => `/media/compared-file/${key}-${file}`;
  thumbnail = (file: number) => `/media/thumbnail/${file}`;
  media = (file: number) => `/media/file/${file}`;
}
