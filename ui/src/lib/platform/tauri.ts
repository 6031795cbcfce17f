// The backend inside the window: one command, one event channel, one custom protocol for pictures.

import { convertFileSrc, invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import { type Backend, BackendError, type BackendEvent } from '../backend/backend';

/** Whether this page runs inside the window. */
export function insideWindow(): boolean {
  return '__TAURI_INTERNALS__' in window;
}

/** `convertFileSrc` knows how each system spells a custom protocol, but it would escape the `/` of a path. */
const media = (path: string) => convertFileSrc('', 'photokeep') + path;

export const windowBackend: Backend = {
  async call(command, request) {
    try {
      return await invoke('rpc', { command, payload: request });
    } catch (thrown) {
      throw BackendError.from(thrown);
    }
  },
  listen(handler) {
    const listening = [
      listen<BackendEvent>('photokeep', ({ payload }) => handler(payload)),
      // Tauri tells these to the window by itself.
      listen('tauri://drag-enter', () => handler({ event: 'dragging', over: true })),
      listen('tauri://drag-leave', () => handler({ event: 'dragging', over: false })),
      listen<{ paths: string[] }>('tauri://drag-drop', ({ payload }) =>
        handler({ event: 'dropped', paths: payload.paths }),
      ),
      // The window was too slow and missed some.
      listen('photokeep-resync', () => handler({ event: 'resync' })),
    ];
    return () => {
      for (const one of listening) void one.then((stop) => stop());
    };
  },
  comparedThumbnail: (key, file) => media(`compared-thumbnail/${key}-${file}`),
  comparedMedia: (key, file) => media(`compared-file/${key}-${file}`),
  thumbnail: (file) => media(`thumbnail/${file}`),
  media: (file) => media(`file/${file}`),
};
