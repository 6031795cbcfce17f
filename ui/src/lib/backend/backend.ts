// The one way from the UI to the engine. What is called and what comes back is declared in `generated.ts` (by the
// engine); how it travels lives in `src/lib/platform`, the only place that knows the window or HTTP.

import type { ApiError, Code, Commands, DeskEvent, Retry, Sentence, Severity } from './generated';

export type CommandName = keyof Commands;
export type Request<C extends CommandName> = Commands[C]['request'];
export type Response<C extends CommandName> = Commands[C]['response'];

/** Files from outside over the window, or let go on it: only the window itself learns where they lie. */
export type DropEvent = { event: 'dragging'; over: boolean } | { event: 'dropped'; paths: string[] };

/**
 * What a handler of [`Backend.listen`] gets: the engine's events, files dropped on the window, word that some may have been missed,
 * and that the engine is gone.
 */
export type BackendEvent = DeskEvent | DropEvent | { event: 'resync' } | { event: 'lost' };

/** Trouble between the UI and its engine, before the engine could give a code of its own. */
export type HostCode = 'host-gone' | 'not-let-in';

/** Every code that the UI may meet. */
export type ErrorCode = Code | HostCode;

/** An error as the UI shows it: the engine's, or one of the way to it. */
export interface ShownError extends Omit<ApiError, 'code'> {
  code: ErrorCode;
}

export interface Backend {
  /** Calls a command of the engine. Rejects with a [`BackendError`], never with anything else. */
  call<C extends CommandName>(command: C, request: Request<C>): Promise<Response<C>>;
  /** Listens to all events until the returned function is called. */
  listen(handler: (event: BackendEvent) => void): () => void;
  /** Address of the small picture of a file. */
  thumbnail(file: number): string;
  /** Address of the small picture of a file of a folder that was compared: by the comparison's key and its number there. */
  comparedThumbnail(key: string, file: number): string;
  /** Address of such a file itself. */
  comparedMedia(key: string, file: number): string;
  /** Address of a file itself; ranges are answered, so videos can be wound. */
  media(file: number): string;
}

/** What [`Backend.call`] rejects with. */
export class BackendError extends Error implements ShownError {
  readonly code: ErrorCode;
  readonly hint: string | null;
  readonly severity: Severity;
  readonly retry: Retry;
  readonly details: Record<string, string>;
  readonly sentences: Record<string, Sentence>;

  constructor(error: Pick<ShownError, 'code' | 'message'> & Partial<ShownError>) {
    super(error.message);
    this.name = 'BackendError';
    this.code = error.code;
    this.hint = error.hint ?? null;
    this.severity = error.severity ?? 'error';
    this.retry = error.retry ?? 'no';
    this.details = error.details ?? {};
    this.sentences = error.sentences ?? {};
  }

  /** Makes one of whatever was thrown or sent: the engine's error object, a failed fetch, a mistake in the UI. */
  static from(thrown: unknown): BackendError {
    if (thrown instanceof BackendError) return thrown;
    if (isShownError(thrown)) return new BackendError(thrown);
    if (thrown instanceof Error) {
      return new BackendError({ code: 'internal', message: thrown.message, details: { kind: thrown.name } });
    }
    return new BackendError({ code: 'internal', message: String(thrown) });
  }
}

function isShownError(value: unknown): value is ShownError {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as ShownError).code === 'string' &&
    typeof (value as ShownError).message === 'string'
  );
}
