import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Home, Start } from '../backend';
import { FakeBackend } from '../backend/fake';
import { handleKey } from '../keys';
import { address, router } from '../router.svelte';
import { app } from '../state/app.svelte';
import { library as state } from '../state/library.svelte';
import Gallery from './Gallery.svelte';
import { detailsOf, library } from './samples';
import { Timeline } from './timeline.svelte';

const start = {
  version: '1.0.0',
  settings: { language: 'en', theme: 'system', welcomed: true, library: null, filters: {}, years_put_away: {} },
  capabilities: { reveal: true },
  library: { folder: '/home/anna/Photos', name: 'Photos', is_new: false, demo: false, trouble: null },
  films: null,
} as unknown as Start;

describe('the gallery', () => {
  let engine: FakeBackend;
  let timeline: Timeline;

  beforeEach(async () => {
    engine = new FakeBackend({
      ...library([
        { key: '2026-01', count: 30 },
        { key: '2025-12', count: 30 },
      ]),
      'app.start': () => start,
      'item.reveal': () => ({}),
      'item.open_at_google': () => ({ address: 'https://photos.google.com/lr/photo/x', opened: false }),
    });
    vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(1000);
    vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(700);
    window.addEventListener('keydown', handleKey);
    await app.load();
    router.go('#/photos', { replace: true });
    timeline = new Timeline();
    await timeline.load();
  });

  afterEach(() => {
    window.removeEventListener('keydown', handleKey);
    vi.restoreAllMocks();
  });

  async function show() {
    render(Gallery, {
      timeline,
      label: 'Photos by month',
      here: (item: number | null) => address('photos', null, item === null ? undefined : { item }),
    });
    await screen.findAllByRole('gridcell');
    await waitFor(() => expect(tile(1)).toBeTruthy());
  }
  const tile = (id: number) => document.querySelector<HTMLElement>(`[data-id="${id}"]`) as HTMLElement;
  const open = async (id: number) => {
    router.go(address('photos', null, { item: id }));
    return screen.findByRole('dialog', { name: 'Open photo' });
  };

  it('is a grid with one tab stop, rows and months', async () => {
    await show();
    const grid = screen.getByRole('grid', { name: 'Photos by month' });
    expect(Number(grid.getAttribute('aria-rowcount'))).toBeGreaterThan(8);
    expect(grid.querySelectorAll('[tabindex="0"]')).toHaveLength(1);
    expect(screen.getByRole('heading', { name: 'January 2026' })).toBeTruthy();
    expect(tile(11).getAttribute('aria-label')).toMatch(/^Photo \(HEIC\), .*2026/);
    expect(tile(11).querySelector('img')).toBeNull();
    expect(tile(2).querySelector('img')?.getAttribute('src')).toBe('/media/thumbnail/5000002');
  });

  it('draws a stand-in for a picture that does not come', async () => {
    await show();
    await fireEvent.error(tile(2).querySelector('img') as HTMLImageElement);
    expect(tile(2).querySelector('img')).toBeNull();
    expect(tile(2).querySelector('[data-type="JPEG"]')).toBeTruthy();
  });

  it('walks by arrows, opens with Enter, closes with Escape and puts the focus back', async () => {
    await show();
    const user = userEvent.setup();
    await user.keyboard('{ArrowRight}');
    await waitFor(() => expect(document.activeElement).toBe(tile(1)));
    await user.keyboard('{ArrowRight}{ArrowRight}');
    await waitFor(() => expect(document.activeElement).toBe(tile(3)));
    await user.keyboard('{Enter}');
    await screen.findByRole('dialog', { name: 'Open photo' });
    expect(router.route.query.get('item')).toBe('3');
    await user.keyboard('{ArrowRight}');
    await waitFor(() => expect(router.route.query.get('item')).toBe('4'));
    expect(screen.getByText('Photo 4 of 60')).toBeTruthy();
    const back = vi.spyOn(router, 'back').mockImplementation(() => router.go('#/photos', { replace: true }));
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog', { name: 'Open photo' })).toBeNull());
    expect(back).toHaveBeenCalledOnce();
    await waitFor(() => expect(document.activeElement).toBe(tile(4)));
  });

  it('goes by month with M and back with Shift', async () => {
    await show();
    const user = userEvent.setup();
    await user.keyboard('{ArrowRight}m');
    await waitFor(() => expect(document.activeElement).toBe(tile(1001)));
    await user.keyboard('{Shift>}M{/Shift}');
    await waitFor(() => expect(document.activeElement).toBe(tile(1)));
  });

  it('opens what the address names, in a month that was not read', async () => {
    await show();
    await open(1010);
    expect(await screen.findByText('Photo 40 of 60')).toBeTruthy();
  });

  it('says calmly that an item is not there', async () => {
    await show();
    router.go(address('photos', null, { item: 777_777 }));
    expect(await screen.findByText('This photo is not here')).toBeTruthy();
    expect(screen.queryByRole('dialog', { name: 'Open photo' })).toBeNull();
  });

  it('shows the small picture until the large one is there, and a sentence when that cannot be read', async () => {
    await show();
    const dialog = await open(2);
    const images = () => [...dialog.querySelectorAll('img')].map((image) => image.getAttribute('src'));
    expect(images()).toEqual(['/media/thumbnail/5000002', '/media/file/5000002']);
    const large = dialog.querySelector('img.full') as HTMLImageElement;
    await fireEvent.load(large);
    expect(images()).toEqual(['/media/file/5000002']);
    await fireEvent.error(large);
    expect(await screen.findByText('This picture cannot be read')).toBeTruthy();
  });

  it('names the type of what cannot be shown, and shows it in its folder', async () => {
    await show();
    await open(11);
    expect(await screen.findByText('HEIC cannot be shown here')).toBeTruthy();
    await userEvent.click(screen.getAllByRole('button', { name: 'Show in folder' })[1] as HTMLElement);
    expect(engine.calls.at(-1)).toMatchObject({ command: 'item.reveal', request: { file: 5_000_011 } });
  });

  it('plays a video, and says so when it cannot', async () => {
    await show();
    const dialog = await open(13);
    const film = dialog.querySelector('video') as HTMLVideoElement;
    expect(film.getAttribute('src')).toBe('/media/file/5000013');
    expect(film.controls).toBe(true);
    await fireEvent.error(film);
    expect(await screen.findByText('This video cannot be played here')).toBeTruthy();
  });

  it('tells what is known, clamps 100,000 characters and takes nothing for HTML', async () => {
    engine.answers['item.show'] = ({ id }) => ({
      ...detailsOf(id),
      title: '<img src=x onerror=alert(1)>',
      description: '<b>word</b> '.repeat(9000),
      people: ['Anna', 'ليلى'],
      albums: [{ id: 3, title: 'Kittens' }],
      latitude: 48.11731,
      longitude: -3.4,
    });
    await show();
    const dialog = await open(2);
    dialog.focus();
    await userEvent.keyboard('i');
    expect(await screen.findByText('<img src=x onerror=alert(1)>')).toBeTruthy();
    expect(screen.getByText('48.1173, -3.4000')).toBeTruthy();
    expect(screen.getByText('UTC+02:00')).toBeTruthy();
    expect(screen.getByRole('link', { name: 'Kittens' }).getAttribute('href')).toBe('#/albums/3');
    const text = dialog.querySelector('.text') as HTMLElement;
    expect(text.textContent?.length).toBeLessThan(300);
    await userEvent.click(screen.getByRole('button', { name: 'Show all' }));
    expect(text.textContent?.length).toBe(9000 * '<b>word</b> '.length);
    expect(dialog.querySelector('b')).toBeNull();
  });

  it('shows the address when the window cannot open Google Photos', async () => {
    await show();
    await open(2);
    await userEvent.click(await screen.findByRole('button', { name: 'Open in Google Photos' }));
    const link = await screen.findByRole('link', { name: 'https://photos.google.com/lr/photo/x' });
    expect(link.getAttribute('rel')).toBe('noreferrer');
  });

  it('keeps Tab inside', async () => {
    await show();
    const dialog = await open(2);
    // happy-dom lays nothing out.
    vi.spyOn(Element.prototype, 'getClientRects').mockReturnValue([1] as unknown as DOMRectList);
    for (let step = 0; step < 12; step += 1) {
      await userEvent.tab();
      expect(dialog.contains(document.activeElement)).toBe(true);
    }
  });

  it('does not blame a picture when the disk is away, and shows it when the disk is back', async () => {
    let there = true;
    engine.answers['library.status'] = () => ({ folder_is_there: there }) as Home;
    await state.load();
    await show();
    await open(1);
    const full = () => document.querySelector<HTMLImageElement>('.pictures img:not(.small)');
    await waitFor(() => expect(full()).toBeTruthy());
    there = false;
    await fireEvent.error(full() as HTMLImageElement);
    expect(await screen.findByText('The library’s folder is not there')).toBeTruthy();
    expect(screen.queryByText(/cannot be read/)).toBeNull();
    there = true;
    await state.load();
    await waitFor(() => expect(full()).toBeTruthy());
    state.clear();
  });
});
