// For tests: answers of an engine with a library or an album of any size.

import type { Bucket, ItemDetails } from '../backend';
import type { Answers } from '../backend/fake';

export interface Month {
  key: string;
  count: number;
  /** Number of its first item; else the months are counted through. */
  first?: number;
  /** What the counts tell, when it is not the truth. */
  ratioSum?: number;
}

const usual = [4 / 3, 3 / 4, 16 / 9, 1];
const ratioOf = (id: number) => usual[(id * 7) % 4] as number;

/** Every 13th is a video, every 11th a HEIC without a picture. */
export function bucketOf(key: string, first: number, count: number): Bucket {
  const id = Array.from({ length: count }, (_, index) => first + index);
  const end = key.includes('-') ? Date.parse(`${key}-28T12:00:00Z`) / 1000 : null;
  return {
    id,
    file: id.map((one) => one + 5_000_000),
    ratio: id.map(ratioOf),
    video: id.map((one) => one % 13 === 0),
    taken: id.map((_, index) => (end === null ? null : end - Math.floor((index * 26) / count) * 86_400)),
    types: ['JPEG', 'HEIC', 'MP4'],
    type_number: id.map((one) => (one % 13 === 0 ? 2 : one % 11 === 0 ? 1 : 0)),
    shows: id.map((one) => one % 11 !== 0 || one % 13 === 0),
    color: id.map(() => 0x708090),
  };
}

export function detailsOf(id: number, key = '2026-01'): ItemDetails {
  return {
    id,
    title: `IMG_${id}.JPG`,
    video: id % 13 === 0,
    taken: `${key}-28T10:00:00Z`,
    taken_local: Date.parse(`${key}-28T12:00:00Z`) / 1000,
    offset: 7200,
    description: null,
    width: 4032,
    height: 3024,
    camera: null,
    latitude: null,
    longitude: null,
    people: [],
    albums: [],
    favorite: null,
    archived: null,
    at_google: true,
    files: [
      {
        id: id + 5_000_000,
        role: 'original',
        stored: true,
        path: `photos/2026/01/IMG_${id}.JPG`,
        size: 4_000_000,
        mime_type: 'image/jpeg',
        type_name: 'JPEG',
      },
    ],
  };
}

export function library(months: Month[]): Answers {
  let next = 1;
  const numbered = months.map((month) => {
    const first = month.first ?? next;
    // Numbers stay when a month elsewhere grows.
    next += 1000 * Math.ceil(month.count / 1000);
    return { ...month, first };
  });
  return {
    'timeline.buckets': () => ({
      total: months.reduce((sum, { count }) => sum + count, 0),
      buckets: numbered.map(({ key, count, first, ratioSum }) => ({
        key,
        count,
        ratio_sum:
          ratioSum ?? Array.from({ length: count }, (_, index) => ratioOf(first + index)).reduce((a, b) => a + b),
      })),
    }),
    'timeline.bucket': ({ key }) => {
      const month = numbered.find((one) => one.key === key);
      return bucketOf(key, month?.first ?? 0, month?.count ?? 0);
    },
    'item.show': ({ id }) =>
      detailsOf(id, numbered.find(({ first, count }) => id >= first && id < first + count)?.key ?? '1900-01'),
  };
}

/** An album in stretches of a hundred, its items numbered from 4000. */
export function albumOf(count: number): Answers {
  return {
    'timeline.buckets': () => ({
      total: count,
      buckets: Array.from({ length: Math.ceil(count / 100) }, (_, index) => ({
        key: String(index),
        count: Math.min(100, count - index * 100),
        ratio_sum: Math.min(100, count - index * 100) * 1.2,
      })),
    }),
    'timeline.bucket': ({ key }) => bucketOf(key, 4000 + Number(key) * 100, Math.min(100, count - Number(key) * 100)),
  };
}
