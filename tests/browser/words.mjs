// The words of the user interface by their keys, so that a test names what a text means and not how it is put today.

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../ui/messages/', import.meta.url));
const tables = new Map();

function table(language) {
  if (!tables.has(language)) {
    const rooms = readdirSync(folder).map((room) =>
      JSON.parse(readFileSync(`${folder}${room}/${language}.json`, 'utf8')),
    );
    tables.set(language, Object.assign({}, ...rooms));
  }
  return tables.get(language);
}

/** Every form of a text: one, or those of singular and plural. */
function forms(key, language) {
  const text = table(language)[key];
  if (text === undefined) throw new Error(`there is no text ${key} in ${language}`);
  return typeof text === 'string' ? [text] : Object.values(text[0].match);
}

function pattern(text, values) {
  const parts = text.split(/\{(\w+)\}/);
  return parts
    .map((part, index) => {
      if (index % 2 === 1) return values[part] === undefined ? '.*?' : escaped(String(values[part]));
      return escaped(part);
    })
    .join('');
}

// Between number and unit there is a space that does not break; it counts as a space.
const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s+');

/** Matches a whole text, whatever is put into its places; `values` fixes some of them. */
export function whole(key, { language = 'en', ...values } = {}) {
  return new RegExp(
    `^\\s*(?:${forms(key, language)
      .map((text) => pattern(text, values))
      .join('|')})\\s*$`,
  );
}

/** Matches where a text occurs. */
export function within(key, { language = 'en', ...values } = {}) {
  return new RegExp(
    forms(key, language)
      .map((text) => pattern(text, values))
      .join('|'),
  );
}
