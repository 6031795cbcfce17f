import { readFileSync } from 'node:fs';
import { expect, describe as group, test } from 'vitest';
import { BackendError } from './backend';
import { describe, report } from './errors';
import { locale } from './locale.svelte';

const codes = readFileSync('../crates/model/src/error.rs', 'utf8');

/** The codes of the engine, from its source: an enum between `pub enum Code {` and `}`. */
const known = [...(codes.match(/pub enum Code \{([^}]*)\}/)?.[1] ?? '').matchAll(/^ {4}([A-Z]\w+),/gm)].map((match) =>
  (match[1] ?? '').replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase(),
);

const error = (code: string) => ({ code, message: 'The engine’s sentence.', hint: 'The engine’s hint.' });

group('an error', () => {
  test('of every code of the engine has words of its own in both languages', () => {
    expect(known.length).toBeGreaterThanOrEqual(20);
    for (const code of [...known, 'host-gone', 'not-let-in']) {
      locale.use('en');
      const english = describe(error(code));
      locale.use('de');
      const german = describe(error(code));
      expect(english.title, code).not.toBe('The engine’s sentence.');
      expect(german.title, code).not.toBe(english.title);
      expect(german.meaning, code).not.toBe(english.meaning);
      expect(english.meaning.length, code).toBeGreaterThan(20);
    }
  });

  test('of a choice that cannot be is told by its sentence, where there is one', () => {
    const message = 'This folder is the library itself, or lies in it.';
    const sentences = { [message]: { code: 'compare-with-itself' as const, words: message, values: {}, parts: {} } };
    locale.use('de');
    expect(describe({ ...error('usage'), message, sentences }).title).toMatch(/^Dieser Ordner ist die Bibliothek/);
    expect(describe({ ...error('usage'), sentences: {} }).title).not.toBe('The engine’s sentence.');
    locale.use('en');
    expect(describe({ ...error('usage'), sentences: {} })).toMatchObject({
      title: 'The engine’s sentence.',
      meaning: 'The engine’s hint.',
    });
  });

  test('of a code from a newer engine shows what the engine says', () => {
    expect(describe(error('toString'))).toEqual({
      title: 'The engine’s sentence.',
      meaning: 'The engine’s hint.',
      action: null,
      button: null,
    });
    expect(describe({ ...error('moon-phase'), hint: null }).meaning).toBe('');
  });

  test('that a sign-in helps offers one', () => {
    expect(describe(error('sign-in-needed'))).toMatchObject({ action: 'sign-in', button: 'Sign in with Google' });
    expect(describe(error('cancelled')).button).toBeNull();
  });

  test('can be reported whole', () => {
    const whole = new BackendError({
      code: 'target-full',
      message: 'Full.',
      hint: 'Make space.',
      details: { path: '/mnt', free: '0' },
    });
    expect(report(whole, '0.1.0')).toBe('Photokeep 0.1.0\ntarget-full: Full.\nMake space.\npath: /mnt\nfree: 0');
  });
});

group('whatever was thrown', () => {
  test('becomes an error with a code', () => {
    expect(BackendError.from({ code: 'quota', message: 'Later.', severity: 'note' })).toMatchObject({
      code: 'quota',
      severity: 'note',
      details: {},
    });
    expect(BackendError.from(new TypeError('x is undefined'))).toMatchObject({
      code: 'internal',
      message: 'x is undefined',
      details: { kind: 'TypeError' },
    });
    expect(BackendError.from(null)).toMatchObject({ code: 'internal', message: 'null' });
  });
});
