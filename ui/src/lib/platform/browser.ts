// The backend in an ordinary browser, talking to `photokeep serve` at the address the page came from: commands by POST
// /rpc, events from /events, pictures below /media, and an HttpOnly cookie from POST /session.

import { type Backend, BackendError, type BackendEvent, type CommandName } from '../backend/backend';

/** How the server wants to be let in by: the one-time address it prints, or a password. */
export type Entry = 'code' | 'password';

interface Options {
  /** Called when the server no longer knows this browser. */
  notLetIn: (entry: Entry) => void;
  /** First wait before events are asked for again, in milliseconds; doubles up to 32 times that. */
  reconnect?: number;
}

interface Door {
  /** Whether the server knows this browser; `null` when it does not answer. */
  inside: boolean | null;
  /** What it wants to see first. */
  entry: Entry;
}

/** How this browser stands with the server; it tells everybody. */
async function atTheDoor(): Promise<Door> {
  let body: unknown = null;
  try {
    body = await (await fetch('/session', { credentials: 'same-origin' })).json();
  } catch {
    // A server that does not answer is told of elsewhere.
  }
  const said = (name: string): unknown =>
    typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : undefined;
  const inside = said('inside');
  return {
    inside: typeof inside === 'boolean' ? inside : null,
    entry: said('password') === true ? 'password' : 'code',
  };
}

async function post(path: string, body: unknown): Promise<Response> {
  try {
    return await fetch(path, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  } catch (thrown) {
    throw new BackendError({
      code: 'host-gone',
      message: 'Photokeep does not answer.',
      retry: 'after-action',
      details: { cause: thrown instanceof Error ? thrown.message : String(thrown) },
    });
  }
}

/**
 * Exchanges the one-time code of the address (`#code=…`) for a cookie and takes it out of the address bar, so that it
 * lands in no history or bookmark. Does nothing without one.
 */
export async function redeemCode(): Promise<void> {
  const code = new URLSearchParams(location.hash.slice(1)).get('code');
  if (code === null) return;
  history.replaceState(null, '', location.pathname + location.search);
  await post('/session', { code });
}

/** A new address opened in a tab that shows this page already changes nothing but the fragment: begin anew with it. */
export function redeemLaterCodes(): void {
  addEventListener('hashchange', () => {
    if (!new URLSearchParams(location.hash.slice(1)).has('code')) return;
    void redeemCode()
      .catch(() => undefined)
      .then(() => location.reload());
  });
}

/** Hands the password in. Resolves to whether it was right. */
export async function givePassword(password: string): Promise<boolean> {
  return (await post('/session', { password })).ok;
}

export function browserBackend({ notLetIn, reconnect = 500 }: Options): Backend {
  const handlers = new Set<(event: BackendEvent) => void>();
  let source: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let wait = reconnect;
  let connected = false;
  let returning = false;
  let answered = false;

  const tell = (event: BackendEvent) => {
    for (const handler of handlers) handler(event);
  };

  function connect(): void {
    source = new EventSource('/events', { withCredentials: true });
    source.onopen = () => {
      wait = reconnect;
      connected = true;
      // Events are not kept for those who were away: whoever shows state reads it again. So does who has read it before
      // the events began.
      if (returning || answered) tell({ event: 'resync' });
      returning = true;
    };
    source.onmessage = (message) => tell(JSON.parse(message.data));
    // This page was too slow and missed some.
    source.addEventListener('resync', () => tell({ event: 'resync' }));
    source.onerror = () => {
      source?.close();
      clearTimeout(retry);
      if (connected) tell({ event: 'lost' });
      connected = false;
      if (handlers.size === 0) return;
      // An EventSource does not say why it failed. A server that was started anew knows nobody.
      void atTheDoor().then(({ inside, entry }) => {
        if (inside === false) notLetIn(entry);
      });
      retry = setTimeout(connect, wait);
      wait = Math.min(wait * 2, reconnect * 32);
    };
  }

  function disconnect(): void {
    clearTimeout(retry);
    source?.close();
    source = undefined;
    connected = false;
    returning = false;
    answered = false;
  }

  return {
    async call(command: CommandName, request: unknown) {
      const response = await post('/rpc', { command, payload: request });
      if (response.status === 401) {
        notLetIn((await atTheDoor()).entry);
        throw new BackendError({
          code: 'not-let-in',
          message: 'Photokeep does not know this browser.',
          retry: 'after-action',
        });
      }
      const body = await response.json().catch(() => null);
      if (response.ok && body !== null) {
        answered ||= !connected;
        return body;
      }
      throw body === null
        ? new BackendError({
            code: 'internal',
            message: 'Photokeep answered with something else than it should.',
            details: { status: String(response.status) },
          })
        : BackendError.from(body);
    },
    listen(handler) {
      handlers.add(handler);
      if (handlers.size === 1) connect();
      return () => {
        handlers.delete(handler);
        if (handlers.size === 0) disconnect();
      };
    },
    comparedThumbnail: (key, file) => `/media/compared-thumbnail/${key}-${file}`,
    comparedMedia: (key, file) => `/media/compared-file/${key}-${file}`,
    thumbnail: (file) => `/media/thumbnail/${file}`,
    media: (file) => `/media/file/${file}`,
  };
}
