import { beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeBackend } from '../backend/fake';
import { moved, movedDate, movedPage } from './navigate';
import { albumOf, library, type Month } from './samples';
import { Timeline } from './timeline.svelte';
import { tileLimit } from './window';

const settled = () => new Promise((done) => setTimeout(done, 200));
const tiles = (timeline: Timeline) => timeline.shown.flatMap(({ rows }) => rows.flatMap((row) => row.tiles));

/** Place on the screen of an item that is drawn. */
function onScreen(timeline: Timeline, id: number): number | null {
  for (const { key, rows } of timeline.shown)
    for (const row of rows)
      if (row.tiles.some((tile) => tile.id === id))
        return (timeline.geometry.section(key)?.top ?? 0) + row.top - timeline.at;
  return null;
}

async function made(months: Month[], { width = 1000, view = 700 } = {}) {
  const engine = new FakeBackend(library(months));
  const timeline = new Timeline();
  const bar: number[] = [];
  timeline.write = (scroll) => bar.push(scroll);
  timeline.resize(width, view);
  await timeline.load();
  await settled();
  return { engine, timeline, bar };
}

const years = (count: number, items: number): Month[] =>
  Array.from({ length: count * 12 }, (_, index) => ({
    key: new Date(Date.UTC(2026, 11 - index, 1)).toISOString().slice(0, 7),
    count: items,
  }));

describe('the timeline', () => {
  beforeEach(() => {
    vi.useRealTimers();
  });

  it('asks only for months near the view', async () => {
    const { engine, timeline } = await made(years(20, 300));
    expect(timeline.total).toBe(240 * 300);
    const asked = engine.calls.filter(({ command }) => command === 'timeline.bucket').length;
    expect(asked).toBeLessThanOrEqual(3);
    expect(tiles(timeline).length).toBeGreaterThan(10);
  });

  it('never draws more than the limit, also in a month of 20,000', async () => {
    const { timeline } = await made([{ key: '2026-01', count: 20_000 }], { width: 2400, view: 1300 });
    for (const at of [0, 5000, 100_000, 250_000]) {
      timeline.goTo(at);
      expect(tiles(timeline).length).toBeLessThanOrEqual(tileLimit);
      const top = onScreen(timeline, tiles(timeline)[0]?.id ?? -1) ?? 1;
      expect(top).toBeLessThanOrEqual(60);
    }
  });

  it('asks for no pictures while the view flies, and does when it rests', async () => {
    const { timeline } = await made(years(10, 300));
    timeline.scrolled(400);
    expect(timeline.calm).toBe(true);
    timeline.scrolled(9000);
    expect(timeline.calm).toBe(false);
    await settled();
    expect(timeline.calm).toBe(true);
  });

  it('draws nothing new while the view flies, nothing behind it, and keeps the pictures that are there', async () => {
    const { timeline } = await made(years(1, 3000));
    const rows = () => timeline.shown.flatMap((section) => section.rows);
    const before = new Set(rows());
    timeline.goTo(2200);
    expect(timeline.calm).toBe(false);
    const { at } = timeline;
    for (const row of rows()) {
      expect(row.top + row.height).toBeGreaterThan(at);
      expect(before.has(row)).toBe(true);
    }
    timeline.goTo(20_000);
    expect(timeline.shown).toEqual([]);
    await settled();
    expect(rows()[0]?.top).toBeLessThan(20_000);
    expect(rows().length).toBeGreaterThan(5);
  });

  it('draws the item with the focus, also while the view flies', async () => {
    const { timeline } = await made(years(1, 3000));
    const first = timeline.firstInView();
    const last = first && (await moved(timeline, { ...first, index: 1500 }, 'down'));
    if (!last) throw new Error('nothing there');
    timeline.setCurrent(last, true);
    timeline.reveal(last);
    expect(timeline.calm).toBe(false);
    expect(tiles(timeline).some(({ id }) => id === last.id)).toBe(true);
  });

  it('asks on a flight for what lies on its way, but not after a single leap', async () => {
    const { engine, timeline } = await made(years(40, 40));
    const asked = () => engine.calls.filter(({ command }) => command === 'timeline.bucket').length;
    let before = asked();
    timeline.goTo(timeline.end / 2);
    await new Promise((done) => setTimeout(done, 20));
    expect(asked() - before).toBeLessThanOrEqual(4);
    await settled();
    before = asked();
    for (let step = 0; step < 5; step += 1) timeline.goTo(timeline.at + 3000);
    await new Promise((done) => setTimeout(done, 20));
    expect(asked() - before).toBeGreaterThan(8);
  });

  it('holds what is seen while months above it turn out higher', async () => {
    const { timeline } = await made(years(4, 120).map((month) => ({ ...month, ratioSum: 90 })));
    timeline.goTo(timeline.geometry.section('2025-06')?.top ?? 0);
    await settled();
    timeline.scrolled(timeline.geometry.section('2025-06')?.top ?? 0);
    await settled();
    const id = timeline.firstInView()?.id ?? -1;
    const before = onScreen(timeline, id);
    // The months above become exact.
    for (const key of ['2025-09', '2025-10', '2025-11'])
      await timeline.items(timeline.geometry.section(key) as NonNullable<ReturnType<typeof timeline.geometry.section>>);
    expect(onScreen(timeline, id)).toBe(before);
  });

  it('keeps its place when new photos come in above, and shows them at the top', async () => {
    const months = years(3, 120);
    const { engine, timeline } = await made(months);
    const stop = timeline.follow();
    timeline.goTo((timeline.geometry.section('2026-08')?.top ?? 0) + 300);
    await settled();
    const id = timeline.firstInView()?.id ?? -1;
    const before = onScreen(timeline, id);
    Object.assign(
      engine.answers,
      library([{ ...(months[0] as Month), count: 180, first: 900_000 }, ...months.slice(1)]),
    );
    engine.tell({ event: 'library' });
    await new Promise((done) => setTimeout(done, 700));
    expect(timeline.total).toBe(36 * 120 + 60);
    expect(onScreen(timeline, id)).toBe(before);
    timeline.goTo(0);
    await settled();
    expect(timeline.firstInView()?.id).toBe(900_000);
    stop();
  });

  it('keeps what it has on the screen when reading fails, and tries again', async () => {
    const { engine, timeline } = await made(years(2, 100));
    Object.assign(engine.answers, {
      'timeline.bucket': () => {
        throw { code: 'target-gone', message: 'gone', hint: null, severity: 'error', retry: 'no', details: {} };
      },
    });
    timeline.goTo(timeline.geometry.section('2025-03')?.top ?? 0);
    await settled();
    expect(timeline.trouble?.code).toBe('target-gone');
    Object.assign(engine.answers, library(years(2, 100)));
    timeline.retry();
    await settled();
    expect(timeline.trouble).toBeNull();
    expect(tiles(timeline).length).toBeGreaterThan(5);
  });

  it('is empty without months', async () => {
    const { timeline } = await made([]);
    expect(timeline.status).toBe('ready');
    expect(timeline.total).toBe(0);
    expect(timeline.firstInView()).toBeNull();
  });
});

describe('steps through the timeline', () => {
  it('go over months that are not read yet, from one end to the other', async () => {
    const { timeline } = await made(years(1, 7));
    let place = timeline.firstInView();
    let count = 0;
    for (let next = place; next; next = await moved(timeline, next, 'right')) {
      place = next;
      count += 1;
    }
    expect(count).toBe(84);
    expect(place && timeline.ordinal(place)).toBe(84);
    for (let next = place; next; next = await moved(timeline, next, 'up')) place = next;
    expect(place && timeline.ordinal(place)).toBeLessThan(8);
    const last = place && (await moved(timeline, place, 'last'));
    expect(last && timeline.ordinal(last)).toBe(84);
  });

  it('by day, month and year', async () => {
    const { timeline } = await made(years(3, 60));
    const first = timeline.firstInView();
    if (!first) throw new Error('nothing is shown');
    const year = await movedDate(timeline, first, 'year', 1);
    expect(year).toMatchObject({ key: '2025-12', index: 0 });
    const back = year && (await movedDate(timeline, year, 'month', -1));
    expect(back?.key).toBe('2026-01');
    const day = await movedDate(timeline, first, 'day', 1);
    expect(day?.index).toBeGreaterThan(0);
    const before = year && (await movedDate(timeline, year, 'day', -1));
    expect(before?.key).toBe('2026-01');
  });

  it('by screens', async () => {
    const { timeline } = await made(years(3, 60));
    const first = timeline.firstInView();
    const page = first && (await movedPage(timeline, first, 1));
    const box = page && timeline.geometry.boxOf(page.key, page.index);
    expect(box?.top).toBeGreaterThan(300);
    expect(box?.top).toBeLessThan(1000);
  });
});

describe('an album', () => {
  it('has its own order and full rows where one stretch follows another', async () => {
    const engine = new FakeBackend(albumOf(250));
    const timeline = new Timeline(4);
    timeline.resize(1000, 700);
    await timeline.load();
    await settled();
    expect(engine.calls.find(({ command }) => command === 'timeline.buckets')?.request).toEqual({ album: 4 });
    const place = await timeline.find(4207);
    expect(place).toEqual({ key: '2', index: 7, id: 4207 });
    expect(place && timeline.ordinal(place)).toBe(208);
    expect(await timeline.find(1)).toBeNull();
    const rows = timeline.geometry.section('0')?.rows;
    expect(Math.abs((rows?.height.at(-1) ?? 0) - 200)).toBeLessThan(80);
  });
});
