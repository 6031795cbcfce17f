// What is kept of a bucket: about 35 bytes an item, however many there are. The engine's answer is let go after that.

import type { Bucket } from '../backend';

export interface Columns {
  count: number;
  id: Float64Array;
  file: Float64Array;
  ratio: Float32Array;
  /** Seconds on the clock where the photo was taken; NaN without a date. */
  taken: Float64Array;
  /** 1 for videos. */
  video: Uint8Array;
  /** 1 where there is a picture of it. */
  shows: Uint8Array;
  /** 0xrrggbb, or -1. */
  color: Int32Array;
  /** Words for types; there are few. */
  types: string[];
  /** Position in `types`. */
  type: Uint8Array;
}

/** An item as tiles and the full view need it. */
export interface TimelineItem {
  id: number;
  /** The file that is shown. */
  file: number;
  ratio: number;
  /** Seconds on the clock where it was taken. */
  taken: number | null;
  video: boolean;
  shows: boolean;
  /** CSS colour. */
  color: string | null;
  /** Such as `JPEG`; may be empty. */
  type: string;
}

/** Packs an answer. Columns that are too short (an engine of another age) count as unknown. */
export function pack(bucket: Bucket): Columns {
  const count = bucket.id.length;
  return {
    count,
    id: Float64Array.from(bucket.id),
    file: Float64Array.from({ length: count }, (_, index) => bucket.file[index] ?? -1),
    ratio: Float32Array.from({ length: count }, (_, index) => bucket.ratio[index] ?? 0),
    taken: Float64Array.from({ length: count }, (_, index) => bucket.taken[index] ?? Number.NaN),
    video: Uint8Array.from({ length: count }, (_, index) => (bucket.video[index] ? 1 : 0)),
    shows: Uint8Array.from({ length: count }, (_, index) => (bucket.shows[index] ? 1 : 0)),
    color: Int32Array.from({ length: count }, (_, index) => bucket.color[index] ?? -1),
    types: bucket.types,
    type: Uint8Array.from({ length: count }, (_, index) => Math.min(bucket.type_number[index] ?? 255, 255)),
  };
}

/** One item, unpacked. */
export function itemAt(columns: Columns, index: number): TimelineItem {
  const taken = columns.taken[index] as number;
  const color = columns.color[index] as number;
  return {
    id: columns.id[index] as number,
    file: columns.file[index] as number,
    ratio: columns.ratio[index] as number,
    taken: Number.isNaN(taken) ? null : taken,
    video: columns.video[index] === 1,
    shows: columns.shows[index] === 1,
    color: cssColor(color),
    type: columns.types[columns.type[index] as number] ?? '',
  };
}

/** CSS colour of 0xrrggbb; none below 0. */
export function cssColor(color: number): string | null {
  return color < 0 ? null : `#${color.toString(16).padStart(6, '0')}`;
}
