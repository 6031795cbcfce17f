import { expect, it } from 'vitest';
import { beginning, coordinates, megapixels, offsetText, wholePath } from './item-words';
import { webShowable } from './web-types';
import { fit, held, zoomed } from './zoom';

it('keeps what is under the pointer under it', () => {
  const at = zoomed(fit, 2, 100, -50, 800, 600);
  // A point of the picture at (100, -50) is drawn at scale * 100 + x.
  expect(at).toEqual({ scale: 2, x: -100, y: 50 });
});

it('fits again when it is made small enough, and ends at the largest', () => {
  expect(zoomed({ scale: 1.2, x: 40, y: 0 }, 0.5, 0, 0, 800, 600)).toEqual(fit);
  expect(zoomed(fit, 100, 0, 0, 800, 600).scale).toBe(8);
});

it('does not let the picture out of the view', () => {
  expect(held({ scale: 2, x: 5000, y: -5000 }, 800, 600)).toEqual({ scale: 2, x: 400, y: -300 });
});

it('says offsets, places and sizes', () => {
  expect([7200, -16_200, 0].map(offsetText)).toEqual(['+02:00', '\u221204:30', '+00:00']);
  expect(coordinates(48.11728, -3.40211)).toBe('48.1173, -3.4021');
  expect([12_192_768, 786_432, 9_960_000].map(megapixels)).toEqual([12, 0.8, 10]);
});

it('writes paths as the system does', () => {
  expect(wholePath('/home/anna/Photos/', 'photos/2019/05/a b.jpg')).toBe('/home/anna/Photos/photos/2019/05/a b.jpg');
  expect(wholePath('D:\\Photos', 'photos/2019/a.jpg')).toBe('D:\\Photos\\photos\\2019\\a.jpg');
});

it('begins a long text between words, and leaves a short one alone', () => {
  expect(beginning('short')).toBe('short');
  const long = 'word '.repeat(20_000);
  expect(beginning(long).length).toBeLessThan(300);
  expect(beginning(long).endsWith('word')).toBe(true);
  // No half of a pair at the end.
  expect(beginning('🙂'.repeat(50_000)).at(-1)).toBe('🙂'.at(-1));
  expect(beginning('line\n'.repeat(100)).split('\n')).toHaveLength(6);
});

it('knows what a web view shows', () => {
  expect(['JPEG', 'PNG', 'WEBP', 'GIF', 'AVIF', 'BMP'].every(webShowable)).toBe(true);
  expect(['HEIC', 'DNG', 'MP4', 'TIFF', ''].some(webShowable)).toBe(false);
});
