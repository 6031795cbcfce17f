// Zoom and place of a picture in the full view, in numbers. At 1 it fits into the view.

export interface Zoom {
  scale: number;
  /** Pixels by which the picture's middle is moved from the view's middle. */
  x: number;
  y: number;
}

export const fit: Zoom = { scale: 1, x: 0, y: 0 };
export const largest = 8;

/** Zooms by a factor around a point, measured from the view's middle: what is under the point stays under it. */
export function zoomed(from: Zoom, factor: number, x: number, y: number, width: number, height: number): Zoom {
  const scale = Math.min(largest, Math.max(1, from.scale * factor));
  const by = scale / from.scale;
  return held({ scale, x: x - (x - from.x) * by, y: y - (y - from.y) * by }, width, height);
}

/** Moves the picture; its edges stay out of the view where it is larger than that. */
export function held({ scale, x, y }: Zoom, width: number, height: number): Zoom {
  if (scale <= 1) return fit;
  const across = (width * (scale - 1)) / 2;
  const down = (height * (scale - 1)) / 2;
  return { scale, x: Math.min(across, Math.max(-across, x)), y: Math.min(down, Math.max(-down, y)) };
}
