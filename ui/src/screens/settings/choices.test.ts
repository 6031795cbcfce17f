import { describe, expect, test } from 'vitest';
import type { Filter } from '$lib/backend';
import { faultsOf, fieldsOf, filterOf, isWhole, noFilter } from './filter-fields';
import { bestOf, linkCards } from './link-cards';
import { scopeWords } from './scopes';
import { sectionOf } from './sections';

describe('the filter in fields', () => {
  const filter: Filter = {
    ...noFilter,
    from: '2024-01-01',
    to: '2024-12-31',
    favorites: true,
    albums: { matching: '^Summer' },
    exclude_albums: ['Receipts', 'Screenshots'],
    skip_shared_albums: true,
  };

  test('comes back as it went in', () => {
    expect(filterOf(fieldsOf(filter), filter)).toEqual(filter);
    expect(filterOf(fieldsOf(noFilter), noFilter)).toEqual(noFilter);
  });

  test.each(['2024-13-01', '2023-02-29', 'yesterday', '1.7.2024'])('%s is not a day and limits nothing', (from) => {
    const fields = { ...fieldsOf(noFilter), from };
    expect(faultsOf(fields).from).toBeTruthy();
    expect(filterOf(fields, noFilter).from).toBeNull();
  });

  test('an end before the beginning is a fault of the end', () => {
    const fields = { ...fieldsOf(noFilter), from: '2024-07-02', to: '2024-07-01' };
    expect(Object.keys(faultsOf(fields))).toEqual(['to']);
    expect(filterOf(fields, noFilter)).toMatchObject({ from: '2024-07-02', to: null });
    expect(faultsOf({ ...fields, to: '2024-07-02' })).toEqual({});
  });

  test('a pattern that cannot be read, or is missing, leaves all albums', () => {
    for (const pattern of ['(abc', '', '  ']) {
      const fields = { ...fieldsOf(noFilter), albums: 'matching' as const, pattern };
      expect(faultsOf(fields, '(abc').pattern).toBeTruthy();
      expect(filterOf(fields, noFilter, '(abc').albums).toBe('all');
    }
    const fields = { ...fieldsOf(noFilter), albums: 'matching' as const, pattern: '(?i)summer' };
    expect(filterOf(fields, noFilter, '(abc').albums).toEqual({ matching: '(?i)summer' });
  });

  test('a title is kept to the letter', () => {
    const fields = { ...fieldsOf(noFilter), albums: 'titled' as const, title: ' Summer ' };
    expect(filterOf(fields, noFilter).albums).toEqual({ titled: ' Summer ' });
  });

  test('one excluded title a line, each once, empty lines left out', () => {
    const fields = { ...fieldsOf(noFilter), exclude: 'A\n\n  B \nA\n' };
    expect(filterOf(fields, noFilter).exclude_albums).toEqual(['A', 'B']);
  });

  test('archived items add to the whole; everything else takes from it', () => {
    expect(isWhole({ ...noFilter, archived: true })).toBe(true);
    for (const limit of [
      { from: '2024-01-01' },
      { to: '2024-01-01' },
      { favorites: true },
      { no_videos: true },
      { albums: { titled: 'A' } },
      { exclude_albums: ['A'] },
    ])
      expect(isWhole({ ...noFilter, ...limit })).toBe(false);
  });
});

describe('kinds of links', () => {
  test('what does not work here says so and cannot be chosen', () => {
    const cards = linkCards(['copy', 'shortcut'], 'copy');
    expect(cards.filter((card) => card.disabled).map((card) => card.value)).toEqual(['symlink', 'hardlink']);
    expect(cards[1]?.text).toBe('Does not work on this disk.');
    expect(cards[0]?.text).toContain('here only copies');
  });

  test('while a run is under way none can be chosen', () => {
    expect(linkCards(['symlink', 'hardlink', 'copy', 'shortcut'], 'symlink', true).every((card) => card.disabled)).toBe(
      true,
    );
  });

  test('automatic takes the best that works', () => {
    expect(bestOf(['shortcut', 'copy', 'hardlink'])).toBe('hardlink');
    expect(bestOf(['symlink', 'hardlink', 'copy'])).toBe('symlink');
    expect(bestOf([])).toBeNull();
  });
});

test('rights in words, photos first, each once, unknown ones by name', () => {
  expect(
    scopeWords(['openid', 'email', 'https://www.googleapis.com/auth/photoslibrary.readonly', 'drive.file']),
  ).toEqual(['See all photos and videos', 'Know which account this is', 'drive.file']);
});

test('an unknown section leads to the first', () => {
  expect([sectionOf('trash'), sectionOf('nonsense'), sectionOf(null)]).toEqual(['trash', 'library', 'library']);
});
