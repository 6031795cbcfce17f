import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { BackendEvent } from '../backend/backend';
import { browserBackend, givePassword, redeemCode } from './browser';

class FakeEventSource extends EventTarget {
  static made: FakeEventSource[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: string }) => void) | null = null;
  onerror: (() => void) | null = null;
  closed = false;

  constructor(readonly url: string) {
    super();
    FakeEventSource.made.push(this);
  }

  close(): void {
    this.closed = true;
  }
}

const answer = (status: number, body?: unknown) =>
  new Response(body === undefined ? null : JSON.stringify(body), { status });
const server = vi.fn<typeof fetch>();
const sent = () => server.mock.calls.map(([path, init]) => [path, init?.body ? JSON.parse(String(init.body)) : null]);

beforeEach(() => {
  FakeEventSource.made = [];
  server.mockReset();
  vi.stubGlobal('fetch', server);
  vi.stubGlobal('EventSource', FakeEventSource);
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('a call', () => {
  const notLetIn = vi.fn();
  const backend = browserBackend({ notLetIn });

  test('posts the command and gives the answer', async () => {
    server.mockResolvedValue(answer(200, { path: null }));
    expect(await backend.call('host.pick_folder', {})).toEqual({ path: null });
    expect(sent()).toEqual([['/rpc', { command: 'host.pick_folder', payload: {} }]]);
    expect(server.mock.calls[0]?.[1]?.credentials).toBe('same-origin');
  });

  test('rejects with the engine’s error', async () => {
    server.mockResolvedValue(
      answer(422, {
        code: 'quota',
        message: 'Later.',
        hint: null,
        severity: 'warning',
        retry: 'next-run',
        details: { until: 'noon' },
      }),
    );
    await expect(backend.call('sync.plan', {})).rejects.toMatchObject({
      code: 'quota',
      retry: 'next-run',
      details: { until: 'noon' },
    });
  });

  test('rejects when nobody answers, or not Photokeep', async () => {
    server.mockRejectedValueOnce(new TypeError('connection refused'));
    await expect(backend.call('run.show', {})).rejects.toMatchObject({ code: 'host-gone' });
    server.mockResolvedValueOnce(new Response('<html>', { status: 502 }));
    await expect(backend.call('run.show', {})).rejects.toMatchObject({ code: 'internal', details: { status: '502' } });
  });

  test.each([
    [true, 'password'],
    [false, 'code'],
  ])('by a stranger asks how to enter (password: %s)', async (password, entry) => {
    server.mockResolvedValueOnce(answer(401)).mockResolvedValueOnce(answer(200, { inside: false, password }));
    await expect(backend.call('run.show', {})).rejects.toMatchObject({ code: 'not-let-in' });
    expect(notLetIn).toHaveBeenLastCalledWith(entry);
  });
});

describe('the one-time code', () => {
  test('is exchanged and leaves the address bar', async () => {
    server.mockResolvedValue(answer(204));
    location.hash = '#code=abc-123';
    await redeemCode();
    expect(sent()).toEqual([['/session', { code: 'abc-123' }]]);
    expect(location.href).not.toContain('abc-123');
  });

  test('leaves the address bar even when nobody answers', async () => {
    server.mockRejectedValue(new TypeError('connection refused'));
    location.hash = '#code=abc-123';
    await expect(redeemCode()).rejects.toMatchObject({ code: 'host-gone' });
    expect(location.href).not.toContain('abc-123');
  });

  test('is not looked for in the address of a screen', async () => {
    location.hash = '#/photos';
    await redeemCode();
    expect(server).not.toHaveBeenCalled();
    expect(location.hash).toBe('#/photos');
  });

  test('has a password as its sister', async () => {
    server.mockResolvedValueOnce(answer(403)).mockResolvedValueOnce(answer(204));
    expect([await givePassword('no'), await givePassword('yes')]).toEqual([false, true]);
  });
});

describe('events', () => {
  test('come to all who listen, and the connection ends with the last', () => {
    const backend = browserBackend({ notLetIn: vi.fn() });
    const heard: BackendEvent[][] = [[], []];
    const stops = heard.map((list) => backend.listen((event) => list.push(event)));
    const [source] = FakeEventSource.made;
    expect(FakeEventSource.made.length).toBe(1);
    source?.onopen?.();
    source?.onmessage?.({ data: '{"event":"library"}' });
    source?.dispatchEvent(new Event('resync'));
    expect(heard).toEqual([
      [{ event: 'library' }, { event: 'resync' }],
      [{ event: 'library' }, { event: 'resync' }],
    ]);
    for (const stop of stops) stop();
    expect(source?.closed).toBe(true);
  });

  test('are asked for again ever more slowly, with word of the gap', () => {
    const backend = browserBackend({ notLetIn: vi.fn(), reconnect: 100 });
    const heard: string[] = [];
    const stop = backend.listen(({ event }) => heard.push(event));
    const last = () => FakeEventSource.made.at(-1);
    last()?.onopen?.();
    expect(heard).toEqual([]);
    last()?.onerror?.();
    expect(heard).toEqual(['lost']);
    vi.advanceTimersByTime(100);
    expect(FakeEventSource.made.length).toBe(2);
    last()?.onerror?.();
    vi.advanceTimersByTime(199);
    expect(FakeEventSource.made.length).toBe(2);
    vi.advanceTimersByTime(1);
    expect(FakeEventSource.made.length).toBe(3);
    last()?.onopen?.();
    expect(heard).toEqual(['lost', 'resync']);
    stop();
  });

  test('begin with word of the gap for whoever has read something before', async () => {
    server.mockResolvedValue(answer(200, {}));
    const backend = browserBackend({ notLetIn: vi.fn() });
    const heard: string[] = [];
    const stop = backend.listen(({ event }) => heard.push(event));
    await backend.call('app.start', {});
    FakeEventSource.made[0]?.onopen?.();
    expect(heard).toEqual(['resync']);
    stop();
  });

  test('are not asked for again once nobody listens', () => {
    const backend = browserBackend({ notLetIn: vi.fn(), reconnect: 100 });
    const stop = backend.listen(() => undefined);
    FakeEventSource.made[0]?.onerror?.();
    stop();
    vi.advanceTimersByTime(60_000);
    expect(FakeEventSource.made.length).toBe(1);
  });
});

test('pictures and films have addresses on the same server', () => {
  const backend = browserBackend({ notLetIn: vi.fn() });
  expect([backend.thumbnail(12), backend.media(12)]).toEqual(['/media/thumbnail/12', '/media/file/12']);
});
