// Small facts of an item as text.

/** How much of a description is shown at first. */
const clampedLength = 280;

/** `+02:00`, `−04:30`. */
export function offsetText(seconds: number): string {
  const minutes = Math.round(Math.abs(seconds) / 60);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${seconds < 0 ? '\u2212' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** Degrees to about ten metres, as maps take them: `48.1173, -3.4021`. */
export function coordinates(latitude: number, longitude: number): string {
  return `${latitude.toFixed(4)}, ${longitude.toFixed(4)}`;
}

/** Millions of pixels, to a tenth below ten. */
export function megapixels(pixels: number): number {
  const millions = pixels / 1e6;
  return millions < 9.95 ? Math.round(millions * 10) / 10 : Math.round(millions);
}

/** A path below the library as the system writes it. */
export function wholePath(folder: string, path: string): string {
  const windows = /^[a-z]:|^\\\\/i.test(folder);
  const separator = windows ? '\\' : '/';
  return `${folder.replace(/[\\/]+$/, '')}${separator}${windows ? path.replaceAll('/', '\\') : path}`;
}

/** The beginning of a long text, cut between words where one is near, and at most six lines. */
export function beginning(text: string): string {
  let end = text.length;
  for (let lines = 0, at = -1; lines < 6 && end === text.length; lines += 1) {
    at = text.indexOf('\n', at + 1);
    if (at < 0) break;
    if (lines === 5) end = at;
  }
  // A little too long is not worth a button.
  if (end > clampedLength * 1.3) {
    const space = text.lastIndexOf(' ', clampedLength);
    end = space > clampedLength - 40 ? space : clampedLength;
    // Not between the halves of a surrogate pair.
    const unit = text.charCodeAt(end);
    if (unit >= 0xdc00 && unit <= 0xdfff) end -= 1;
  }
  return text.slice(0, end);
}
