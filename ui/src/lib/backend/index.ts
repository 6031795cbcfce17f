// The backend that the whole UI uses. `main.ts` provides it once; tests provide their own.

import type { Backend } from './backend';

export * from './backend';
export type * from './generated';

let provided: Backend | undefined;

/** Sets the backend. Must be called before anything is rendered. */
export function provideBackend(backend: Backend): void {
  provided = backend;
}

function current(): Backend {
  if (!provided) throw new Error('no backend was provided');
  return provided;
}

/** The engine. */
export const backend: Backend = {
  call: (command, request) => current().call(command, request),
  listen: (handler) => current().listen(handler),
  comparedThumbnail: (key, file) => current().comparedThumbnail(key, file),
  comparedMedia: (key, file) => current().comparedMedia(key, file),
  thumbnail: (file) => current().thumbnail(file),
  media: (file) => current().media(file),
};
