// Hands a text to the browser as a file.

/** A link to a blob is a navigation to a download; the policy speaks of what a page loads, not of that. */
export function download(name: string, content: string, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has the bytes once it has begun; a minute is plenty for that.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
