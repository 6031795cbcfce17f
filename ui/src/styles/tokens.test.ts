import { describe, expect, test } from 'vitest';
import css from './tokens.css?raw';

function block(start: string): Record<string, string> {
  const from = css.indexOf(start);
  const text = css.slice(css.indexOf('{', from) + 1, css.indexOf('}', from));
  return Object.fromEntries([...text.matchAll(/--([\w-]+):\s*([^;]+);/g)].map((match) => [match[1], match[2]]));
}

const light = block(':root {');
const dark = block(':root[data-theme="dark"] {');
const darkBySystem = block(':root:not([data-theme="light"]) {');

/** WCAG 2.2, relative luminance. */
function luminance(color: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(theme: Record<string, string>, front: string, back: string): number {
  const [darker = 0, lighter = 0] = [luminance(theme[front] ?? ''), luminance(theme[back] ?? '')].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

const surfaces = ['surface', 'surface-raised', 'surface-sunken', 'surface-hover'];
const pairs = [
  ...['text', 'text-subtle', 'text-subtlest', 'accent', 'good', 'attention', 'danger'].flatMap((front) =>
    surfaces.map((back): [string, string, number] => [front, back, 4.5]),
  ),
  ...['accent', 'good', 'attention', 'danger'].flatMap((tone): [string, string, number][] => [
    [tone, `${tone}-soft`, 4.5],
    ['text', `${tone}-soft`, 4.5],
    ['text-subtle', `${tone}-soft`, 4.5],
  ]),
  ['accent-text', 'accent', 4.5],
  ['accent-text', 'accent-hover', 4.5],
  ['danger-text', 'danger', 4.5],
  ['danger-text', 'danger-hover', 4.5],
  ...surfaces.flatMap((back): [string, string, number][] => [
    ['line-strong', back, 3],
    ['focus', back, 3],
  ]),
] as [string, string, number][];

describe.each([
  ['light', light],
  ['dark', dark],
])('in the %s theme', (_, theme) => {
  test.each(pairs)('%s on %s has a contrast of at least %d', (front, back, least) => {
    expect(contrast(theme, front, back)).toBeGreaterThanOrEqual(least);
  });
});

test('dark is the same by setting and by system', () => expect(darkBySystem).toEqual(dark));

test('every colour of the light theme has a dark one', () => {
  const colours = Object.keys(light).filter((name) => /^(#|rgb|0 1px)/.test(light[name] ?? ''));
  expect(colours.filter((name) => !(name in dark))).toEqual([]);
});
