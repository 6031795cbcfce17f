// Names from outside, so that what is read is what is there.

/** Characters that turn the direction of what follows, and those that cannot be seen at all. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const hidden = /[\u0000-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** A name with what would hide or turn part of it shown as its number: `photo‹202E›gpj.exe`. */
export function visible(name: string): string {
  return name.replace(
    hidden,
    (character) => `‹${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}›`,
  );
}
