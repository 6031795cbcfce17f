import { emit } from '@tauri-apps/api/event';
import { clearMocks, mockConvertFileSrc, mockIPC } from '@tauri-apps/api/mocks';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { insideWindow, windowBackend } from './tauri';

afterEach(() => {
  clearMocks();
  Reflect.deleteProperty(window, '__TAURI_INTERNALS__');
});

describe('inside the window', () => {
  test('a call is one command with a name and a payload', async () => {
    const heard = vi.fn().mockReturnValue({ path: '/photos' });
    mockIPC(heard);
    expect(insideWindow()).toBe(true);
    expect(await windowBackend.call('host.pick_folder', { start: '/home' })).toEqual({ path: '/photos' });
    expect(heard.mock.calls[0]?.slice(0, 2)).toEqual([
      'rpc',
      { command: 'host.pick_folder', payload: { start: '/home' } },
    ]);
  });

  test('a refused call rejects with the engine’s error', async () => {
    mockIPC(() =>
      Promise.reject({
        code: 'target-full',
        message: 'Full.',
        hint: null,
        severity: 'error',
        retry: 'after-action',
        details: {},
      }),
    );
    await expect(windowBackend.call('sync.start', {})).rejects.toMatchObject({
      name: 'BackendError',
      code: 'target-full',
    });
  });

  test('events arrive until nobody listens any more, and word of lost ones', async () => {
    mockIPC(() => undefined, { shouldMockEvents: true });
    const heard = vi.fn();
    const stop = windowBackend.listen(heard);
    await Promise.resolve();
    await emit('photokeep', { event: 'library' });
    await emit('photokeep-resync');
    expect(heard.mock.calls).toEqual([[{ event: 'library' }], [{ event: 'resync' }]]);
    stop();
    await new Promise((done) => setTimeout(done));
    await emit('photokeep', { event: 'library' });
    expect(heard).toHaveBeenCalledTimes(2);
  });

  test.each([
    ['linux', 'photokeep://localhost/thumbnail/12'],
    ['windows', 'http://photokeep.localhost/thumbnail/12'],
  ])('pictures come by the protocol as %s spells it', (system, address) => {
    mockConvertFileSrc(system);
    expect(windowBackend.thumbnail(12)).toBe(address);
    expect(windowBackend.media(12)).toBe(address.replace('thumbnail', 'file'));
  });
});

test('an ordinary browser is told apart', () => expect(insideWindow()).toBe(false));
