import { expect, it } from 'vitest';
import type { ShownAlbum } from '$lib/backend';
import { matching, ordered, titleOrder } from './order';

const album = (id: number, title: string | null, last_taken: number | null = id): ShownAlbum => ({
  id,
  title,
  count: 1,
  cover: null,
  cover_shows: false,
  shared: false,
  own: true,
  gone: false,
  first_taken: null,
  last_taken,
});

const albums = [
  album(1, 'Zürich'),
  album(2, 'Album 10', null),
  album(3, 'Album 9'),
  album(4, null),
  album(5, 'Äpfel 2019'),
];
const titles = (list: ShownAlbum[]) => list.map(({ title }) => title);

it('finds all words, whatever case and accents', () => {
  expect(titles(matching(albums, 'zuri'))).toEqual(['Zürich']);
  expect(titles(matching(albums, ' 2019 APFEL '))).toEqual(['Äpfel 2019']);
  expect(matching(albums, 'zürich 2019')).toEqual([]);
  expect(matching(albums, '  ')).toBe(albums);
});

it('sorts by title as people do, without a title last', () => {
  expect(titles(ordered(albums, 'title', titleOrder('de')))).toEqual([
    'Album 9',
    'Album 10',
    'Äpfel 2019',
    'Zürich',
    null,
  ]);
});

it('sorts newest first, without a date last', () => {
  expect(ordered(albums, 'newest', titleOrder('en')).map(({ id }) => id)).toEqual([5, 4, 3, 1, 2]);
});
