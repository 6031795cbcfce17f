// Where the tiles of a list stand: equal ones in rows, only those near the view are drawn. Pure.

export interface Grid {
  columns: number;
  /** Pixels of a tile. */
  width: number;
  height: number;
  /** Pixels of the whole list. */
  whole: number;
}

/** Pixels between tiles. */
export const gap = 12;

/** `words`: pixels below a picture, for its words. */
export function gridOf(count: number, inside: number, words: number): Grid {
  const least = 152;
  const columns = Math.max(1, Math.floor((inside + gap) / (least + gap)));
  const width = Math.max(1, Math.floor((inside - gap * (columns - 1)) / columns));
  const height = width + words;
  const rows = Math.ceil(count / columns);
  return { columns, width, height, whole: rows === 0 ? 0 : rows * (height + gap) - gap };
}

/** Which tiles are in sight, or nearly: the first, and the one after the last. */
export function near(grid: Grid, count: number, top: number, view: number): [number, number] {
  const step = grid.height + gap;
  const beside = 2;
  const first = Math.max(0, Math.floor(top / step) - beside);
  const after = Math.ceil((top + view) / step) + beside;
  return [Math.min(count, first * grid.columns), Math.min(count, after * grid.columns)];
}

export function place(grid: Grid, index: number): { left: number; top: number } {
  const row = Math.floor(index / grid.columns);
  return { left: (index % grid.columns) * (grid.width + gap), top: row * (grid.height + gap) };
}

/** Where a key leads from one tile; `null`: this key leads nowhere. */
export function moved(key: string, at: number, count: number, columns: number, rowsInView: number): number | null {
  const steps: Record<string, number> = {
    ArrowRight: 1,
    ArrowLeft: -1,
    ArrowDown: columns,
    ArrowUp: -columns,
    PageDown: columns * Math.max(1, rowsInView),
    PageUp: -columns * Math.max(1, rowsInView),
  };
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  const step = steps[key];
  if (step === undefined || count === 0) return null;
  // Up from the first row stays; down from the last but one reaches the last, also where that row is shorter.
  if (at + step < 0) return Math.abs(step) === 1 ? 0 : at % columns;
  return Math.min(count - 1, at + step);
}
