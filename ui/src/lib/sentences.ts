// The engine's sentences in the user's language. The engine sends each that it knows with a code and its own English words; text is
// never matched here. German stands in `sentences.de.json`; a test of the engine holds it against the engine's list.

import type { Sentence, ShownError } from './backend';
import * as format from './format';
import { locale } from './locale.svelte';
import words from './sentences.de.json';

/** The sentences of an answer that have a code, by the text that stands in the answer. */
export type Sentences = Record<string, Sentence>;

type Values = Record<string, string>;

const value = (values: Values, name: string): string => {
  const text = values[name] ?? '';
  return /^\d{1,15}$/.test(text) ? format.number(Number(text)) : text;
};

const german: Record<string, string> = words;

/** Whether there are words for it here. A newer engine may know sentences that this UI does not. */
function known(sentence: Sentence | undefined): sentence is Sentence {
  return sentence !== undefined && (locale.current === 'en' || Object.hasOwn(german, sentence.code));
}

/** A sentence of the engine in the user's language; one without a code as the engine wrote it. */
export function say(text: string, sentences: Sentences | undefined): string {
  const sentence = sentences?.[text];
  return known(sentence) ? put(sentence) : text;
}

/** A sentence with its values; those that are sentences themselves are said first. */
function put({ code, words, values, parts }: Sentence): string {
  const said = Object.entries(parts).map(([name, part]) => [name, known(part) ? put(part) : (values[name] ?? '')]);
  const all: Values = { ...values, ...Object.fromEntries(said) };
  const template = locale.current === 'en' ? words : (german[code] ?? words);
  return template.replace(/\{(\w+)\}/g, (_, name: string) => value(all, name));
}

/** What an error says to do, where that goes with the language of its sentence. */
export function hintOf({
  message,
  hint,
  sentences,
}: Pick<ShownError, 'message' | 'hint' | 'sentences'>): string | null {
  if (hint === null) return null;
  // An English hint behind a translated sentence reads as a mistake; the meaning of the code says what to do as well.
  const mixed = spoken(message, sentences) === undefined && spoken(hint, sentences) === 'en';
  return mixed ? null : say(hint, sentences);
}

/** The language a sentence is shown in, for screen readers; `undefined` for that of the page. */
export function spoken(text: string, sentences: Sentences | undefined): 'en' | undefined {
  return locale.current === 'en' || known(sentences?.[text]) ? undefined : 'en';
}
