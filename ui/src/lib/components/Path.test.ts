import { render } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import Path from './Path.svelte';

const shown = (path: string, whole = false) => {
  const { container } = render(Path, { path, whole });
  const end = container.querySelector('.end')?.textContent ?? null;
  return { text: container.textContent, end, element: container.querySelector('bdi') };
};

test('keeps the file name in sight', () => {
  expect(shown('/home/anna/Photos/2024/07/IMG_1.jpg')).toMatchObject({
    text: '/home/anna/Photos/2024/07/IMG_1.jpg',
    end: '/IMG_1.jpg',
  });
  expect(shown('C:\\Users\\anna\\Photos').end).toBe('\\Photos');
  expect(shown('/media/anna/Photos/').end).toBe('/Photos/');
});

test('keeps the end of a name that is long itself', () => {
  const { text, end } = shown(`/photos/${'a'.repeat(200)}-2024.jpg`);
  expect(end).toBe(`${'a'.repeat(23)}-2024.jpg`);
  expect(text?.length).toBe(8 + 200 + 9);
});

test('is never cut within a character', () => {
  const { text, end } = shown(`/${'🏔'.repeat(40)}.jpg`);
  expect(text).toBe(`/${'🏔'.repeat(40)}.jpg`);
  expect(end?.startsWith('🏔')).toBe(true);
});

test('is text, whatever it looks like, and turns and hides nothing', () => {
  const hostile = '/photos/<img src=x onerror=alert(1)>\u202Egpj.exe';
  const { text, element } = shown(hostile, true);
  expect(text).toBe('/photos/<img src=x onerror=alert(1)>‹202E›gpj.exe');
  expect(element?.querySelector('img')).toBeNull();
});

test('copes with nothing', () => expect(shown('').text).toBe(''));
