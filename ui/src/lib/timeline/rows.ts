// Justified rows: pictures of one row share a height and fill the width, as on a contact sheet. Pure numbers; what is drawn
// of them lives in `timeline.svelte.ts`, how the rows of many months stand on each other in `geometry.ts`.

export interface Sizes {
  /** Pixels there are across. */
  width: number;
  /** The height that rows should have, in pixels. */
  target: number;
  /** Pixels between pictures and between rows. */
  gap: number;
}

/** Rows of one bucket. Row `r` holds the items from `first[r]` to before `first[r + 1]`. */
export interface Rows {
  /** One more than there are rows: the last is the number of items. */
  first: Uint32Array;
  /** Pixels from the top of the first row, whole. */
  top: Float64Array;
  /** The height in which the row fills the width exactly; drawn rounded. */
  height: Float32Array;
  /** Pixels in all. */
  total: number;
}

/** A picture's place in its row. */
export interface Place {
  left: number;
  width: number;
}

/** Panoramas and strips of scans would make rows too low, or be too narrow to be hit. */
const narrowest = 0.4;
const widest = 3;

/** How much higher than wanted a full row may be before it takes a picture too many instead. */
const highest = 1.45;

export function clamped(ratio: number): number {
  return ratio > 0 ? Math.min(widest, Math.max(narrowest, ratio)) : 4 / 3;
}

/**
 * Lays pictures out. The last row keeps the wanted height and ends where its pictures end. With `fill` all rows, also the
 * last, fill the width: for a stretch that is followed by another one without a heading.
 */
export function justify(ratios: ArrayLike<number>, sizes: Sizes, fill = false): Rows {
  return stacked(fill ? evenly(ratios, sizes) : greedily(ratios, sizes), ratios, sizes, fill);
}

/** Row by row: each ends where its height comes nearest to the wanted one. Returns where rows begin. */
function greedily(ratios: ArrayLike<number>, { width, target, gap }: Sizes): number[] {
  const first: number[] = [0];
  let begin = 0;
  let sum = 0;
  for (let index = 0; index < ratios.length; index += 1) {
    const before = sum;
    sum += clamped(ratios[index] as number);
    const height = (width - gap * (index - begin)) / sum;
    if (height > target) continue;
    const without = before > 0 ? (width - gap * (index - begin - 1)) / before : Number.POSITIVE_INFINITY;
    if (without < target * highest && without - target < target - height) {
      first.push(index);
      begin = index;
      sum = clamped(ratios[index] as number);
      // A picture may fill a row all alone.
      if (width / sum > target) continue;
    }
    if (index + 1 < ratios.length) first.push(index + 1);
    begin = index + 1;
    sum = 0;
  }
  return first;
}

/** As many rows as come nearest to the wanted height, cut so that they are about equally long. */
function evenly(ratios: ArrayLike<number>, { width, target }: Sizes): number[] {
  let all = 0;
  for (let index = 0; index < ratios.length; index += 1) all += clamped(ratios[index] as number);
  const count = Math.max(1, Math.min(ratios.length, Math.round((all * target) / width)));
  const first: number[] = [0];
  let sum = 0;
  for (let index = 0; index < ratios.length && first.length < count; index += 1) {
    const ratio = clamped(ratios[index] as number);
    const cut = (all * first.length) / count;
    // The picture goes to the side on which more than half of it lies.
    if (sum + ratio / 2 > cut && index > (first[first.length - 1] as number)) first.push(index);
    sum += ratio;
  }
  return first;
}

function stacked(begins: number[], ratios: ArrayLike<number>, sizes: Sizes, fill: boolean): Rows {
  const { width, target, gap } = sizes;
  const rows = ratios.length === 0 ? 0 : begins.length;
  const result: Rows = {
    first: new Uint32Array(rows + 1),
    top: new Float64Array(rows),
    height: new Float32Array(rows),
    total: 0,
  };
  let top = 0;
  for (let row = 0; row < rows; row += 1) {
    const begin = begins[row] as number;
    const end = begins[row + 1] ?? ratios.length;
    let sum = 0;
    for (let index = begin; index < end; index += 1) sum += clamped(ratios[index] as number);
    const full = (width - gap * (end - begin - 1)) / sum;
    const last = row === rows - 1;
    const height = last && !(fill && full < target * highest) ? Math.min(target, full) : full;
    result.first[row] = begin;
    result.top[row] = top;
    result.height[row] = height;
    top += Math.round(height) + gap;
  }
  result.first[rows] = ratios.length;
  result.total = rows ? top - gap : 0;
  return result;
}

/** The places of a row's pictures, on whole pixels, so that no seams show and the right edge is straight. */
export function placesOf(rows: Rows, row: number, ratios: ArrayLike<number>, gap: number): Place[] {
  const places: Place[] = [];
  const height = rows.height[row] as number;
  const begin = rows.first[row] as number;
  const end = rows.first[row + 1] as number;
  let sum = 0;
  for (let index = begin; index < end; index += 1) {
    const from = Math.round(sum * height);
    sum += clamped(ratios[index] as number);
    places.push({ left: from + gap * (index - begin), width: Math.round(sum * height) - from });
  }
  return places;
}

/** How high a bucket will be, told from its sums alone. */
export function guess(count: number, ratioSum: number, { width, target, gap }: Sizes): { rows: number; total: number } {
  if (count === 0) return { rows: 0, total: 0 };
  const sum = ratioSum > 0 ? ratioSum : (count * 4) / 3;
  // Between n pictures of a row lie n - 1 gaps.
  const rows = Math.max(1, Math.min(count, Math.ceil((sum * target + count * gap) / (width + gap))));
  return { rows, total: rows * (Math.round(target) + gap) - gap };
}

/** The row in which an item is. */
export function rowOf(rows: Rows, index: number): number {
  return lastNotAfter(rows.first, index, rows.top.length);
}

/** The row at a height, or the one that ended just above it. */
export function rowAt(rows: Rows, y: number): number {
  return lastNotAfter(rows.top, y, rows.top.length);
}

/** Position of the last of the first `length` ascending numbers that is not above `value`; 0 if all are. */
export function lastNotAfter(ascending: ArrayLike<number>, value: number, length: number): number {
  let low = 0;
  let high = length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((ascending[middle] as number) <= value) low = middle;
    else high = middle - 1;
  }
  return Math.max(0, low);
}
