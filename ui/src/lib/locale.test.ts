import { describe, expect, test, vi } from 'vitest';
import { locale } from './locale.svelte';
import { m } from './texts';

const files = import.meta.glob<Record<string, unknown>>('../../messages/*/*.json', { eager: true, import: 'default' });

/** The names that a text is given, and those it shows. */
function names(message: unknown): { given: string[]; shown: string[] } {
  const text = JSON.stringify(message);
  const given = [...text.matchAll(/input (\w+)/g)].map((match) => match[1] ?? '');
  const shown = [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
  return { given: [...new Set(given)].sort(), shown: [...new Set(shown)].sort() };
}

describe('texts', () => {
  const rooms = [...new Set(Object.keys(files).map((path) => path.split('/').at(-2) ?? ''))];

  test.each(rooms)('of %s are the same in both languages', (room) => {
    const en = files[`../../messages/${room}/en.json`] ?? {};
    const de = files[`../../messages/${room}/de.json`] ?? {};
    expect(Object.keys(de).sort()).toEqual(Object.keys(en).sort());
    for (const key of Object.keys(en).filter((name) => name !== '$schema')) {
      expect(key.startsWith(`${room}_`), `${key} stands in the wrong room`).toBe(true);
      expect({ [key]: names(de[key]) }).toEqual({ [key]: names(en[key]) });
    }
  });

  test('plurals follow the number, grouped as the language does', () => {
    locale.use('en');
    expect(m.common_count_items({ count: 1 })).toBe('1 item');
    expect(m.common_count_items({ count: 12_345 })).toBe('12,345 items');
    expect(m.common_count_items({ count: 0 })).toBe('0 items');
    locale.use('de');
    expect(m.common_count_items({ count: 1 })).toBe('1 Element');
    expect(m.common_count_items({ count: 12_345 })).toBe('12.345 Elemente');
  });
});

describe('the language', () => {
  test('of the system is the first that there are texts for', () => {
    vi.spyOn(navigator, 'languages', 'get').mockReturnValue(['fr-FR', 'de-AT', 'en-US']);
    locale.use('system');
    expect(locale.current).toBe('de');
    expect(locale.tag).toBe('de-AT');
    expect(document.documentElement.lang).toBe('de');
  });

  test('is English where there are texts for none', () => {
    vi.spyOn(navigator, 'languages', 'get').mockReturnValue(['fr-FR']);
    locale.use('system');
    expect(locale.current).toBe('en');
  });

  test('is the one that was set', () => {
    vi.spyOn(navigator, 'languages', 'get').mockReturnValue(['fr-FR']);
    locale.use('de');
    expect([locale.current, locale.tag]).toEqual(['de', 'de']);
  });
});
