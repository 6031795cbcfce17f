import { describe, expect, it } from 'vitest';
import { pack } from './columns';
import { type Brush, type Palette, paint } from './flight';
import { Geometry } from './geometry';

const palette: Palette = {
  surface: 'surface',
  waiting: 'waiting',
  drawn: 'drawn',
  text: 'text',
  subtle: 'subtle',
  heading: { font: '600 17px sans-serif', line: 21, spacing: -0.2 },
  count: { font: '13px sans-serif', line: 19, spacing: 0 },
};

interface Rectangle {
  color: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A brush that tells what was painted with it. */
function told() {
  const rectangles: Rectangle[] = [];
  const texts: { text: string; x: number; y: number }[] = [];
  const brush: Brush = {
    fillStyle: '',
    font: '',
    letterSpacing: '0px',
    beginPath: () => {},
    roundRect: (x, y, width, height) =>
      rectangles.push({ color: String(brush.fillStyle), x, y: y ?? 0, width: width ?? 0, height: height ?? 0 }),
    fill: () => {},
    fillRect: (x, y, width, height) => rectangles.push({ color: String(brush.fillStyle), x, y, width, height }),
    fillText: (text, x, y) => texts.push({ text, x, y }),
    measureText: (text) =>
      ({ width: 10 * text.length, fontBoundingBoxAscent: 14, fontBoundingBoxDescent: 4 }) as TextMetrics,
  };
  return { brush, rectangles, texts };
}

const items = pack({
  id: [1, 2, 3, 4],
  file: [1, 2, 3, 4],
  ratio: [1, 1, 1, 1],
  video: [false, false, true, false],
  taken: [4, 3, 2, 1],
  types: ['JPEG'],
  type_number: [0, 0, 0, 0],
  shows: [true, true, false, true],
  color: [0x112233, null, null, 0xffeedd],
});

function painted(at: number, view = 1000) {
  const geometry = new Geometry({ width: 616, target: 200, gap: 4 }, { heading: 52, after: 20, seamless: false });
  geometry.setBuckets([
    { key: '2026-02', count: 4, ratio_sum: 4 },
    { key: '2026-01', count: 6, ratio_sum: 6 },
  ]);
  geometry.setItems('2026-02', items.id, items.ratio);
  const all = told();
  const columns = ({ key }: { key: string }) => (key === '2026-02' ? items : undefined);
  paint(all.brush, geometry, { at, view }, columns, palette, ({ key, count }) => ({ heading: key, count: `${count}` }));
  return { geometry, ...all };
}

describe('a flight', () => {
  it('paints every picture in its place and colour', () => {
    const { rectangles } = painted(0);
    expect(rectangles.slice(1, 5)).toEqual([
      { color: '#112233', x: 0, y: 52, width: 203, height: 203 },
      { color: 'waiting', x: 207, y: 52, width: 202, height: 203 },
      { color: 'drawn', x: 413, y: 52, width: 203, height: 203 },
      { color: '#ffeedd', x: 0, y: 259, width: 200, height: 200 },
    ]);
  });

  it('paints grey rows for what is not read yet, as high as they are thought to be', () => {
    const { geometry, rectangles } = painted(0, 2000);
    const top = geometry.section('2026-01')?.top ?? 0;
    const waiting = rectangles.filter(({ color, y }) => color === 'waiting' && y > top);
    expect(waiting.length).toBe(8);
    expect(Math.min(...waiting.map(({ y }) => y))).toBe(top + 52);
    expect(Math.max(...waiting.map(({ y, height }) => y + height))).toBe(geometry.height - 20);
  });

  it('holds the heading at the top of the view until the next one pushes it away', () => {
    const heading = (at: number) => painted(at).texts.find(({ text }) => text === '2026-02')?.y;
    expect(heading(0)).toBe(33);
    expect(heading(100)).toBe(33);
    const { geometry } = painted(0);
    expect(heading((geometry.section('2026-01')?.top ?? 0) - 40)).toBe(21);
  });

  it('paints nothing that is out of view', () => {
    const { geometry, rectangles, texts } = painted(0, 100);
    expect(rectangles.filter(({ color }) => color !== 'surface').length).toBe(3);
    expect(texts.map(({ text }) => text)).toEqual(['4', '2026-02']);
    const later = painted((geometry.section('2026-01')?.top ?? 0) + 60, 100);
    expect(later.texts.map(({ text }) => text)).toEqual(['6', '2026-01']);
    expect(later.rectangles.every(({ y, height }) => y < 100 && y + height > 0)).toBe(true);
  });
});
