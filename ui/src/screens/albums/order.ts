// Which albums are shown, and in which order.

import type { ShownAlbum } from '$lib/backend';

export type AlbumOrder = 'newest' | 'title';

/** Titles that contain all words, whatever their case and accents. */
export function matching(albums: ShownAlbum[], search: string): ShownAlbum[] {
  const words = folded(search).split(/\s+/).filter(Boolean);
  if (words.length === 0) return albums;
  return albums.filter(({ title }) => {
    const text = folded(title ?? '');
    return words.every((word) => text.includes(word));
  });
}

function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase();
}

/** Compares titles as people of a language sort them, numbers by their value. */
export function titleOrder(language: string): (a: string, b: string) => number {
  return new Intl.Collator(language, { numeric: true, sensitivity: 'base' }).compare;
}

/** Newest: by their newest item, empty albums last. By title: those without one last. */
export function ordered(
  albums: ShownAlbum[],
  order: AlbumOrder,
  compare: (a: string, b: string) => number,
): ShownAlbum[] {
  const byTitle = (a: ShownAlbum, b: ShownAlbum) => {
    if (!a.title || !b.title) return Number(!a.title) - Number(!b.title) || a.id - b.id;
    return compare(a.title, b.title) || a.id - b.id;
  };
  return albums.toSorted(
    order === 'title'
      ? byTitle
      : (a, b) =>
          (b.last_taken ?? Number.NEGATIVE_INFINITY) - (a.last_taken ?? Number.NEGATIVE_INFINITY) || byTitle(a, b),
  );
}
