// What a film's tile says where there is no picture of it: name and length, read from the file once and kept for the films that
// were seen last. Only films that are in view and asked for, few at a time.

import { backend, type FilmFacts } from '../backend';
import { app } from '../state/app.svelte';

/** Films whose facts are kept; a name and a number each. */
const most = 400;

const kept = new Map<string, Promise<FilmFacts | null>>();

/** Name and length of a film; `null` when it cannot be said. */
export function filmFacts(file: number): Promise<FilmFacts | null> {
  // Another library has other films under the same numbers.
  const key = `${file} ${app.library?.folder}`;
  const known = kept.get(key);
  if (known) return known;
  const asked = backend.call('item.film', { file }).catch(() => {
    // Asked again when it is next seen: its disk may be back then.
    kept.delete(key);
    return null;
  });
  kept.set(key, asked);
  for (const oldest of kept.keys()) {
    if (kept.size <= most) break;
    kept.delete(oldest);
  }
  return asked;
}
