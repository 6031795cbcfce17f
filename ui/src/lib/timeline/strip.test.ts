import { expect, test } from 'vitest';
import { stripOf } from './strip';

test('a row as a strip: every picture in its place and colour, the gaps between them free', () => {
  const shows = true;
  expect(
    stripOf([
      { left: 0, width: 100, color: '#112233', shows },
      { left: 104, width: 50, color: null, shows },
      { left: 154, width: 10, color: null, shows: false },
    ]),
  ).toBe(
    'linear-gradient(to right, #112233 0px 100px, transparent 100px 104px, var(--surface-hover) 104px 154px, ' +
      'var(--surface-sunken) 154px 164px, transparent 164px)',
  );
  expect(stripOf([])).toBe('none');
});
