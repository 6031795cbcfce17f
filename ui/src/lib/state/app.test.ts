import { describe, expect, test } from 'vitest';
import { BackendError, type Settings, type Start } from '../backend';
import { FakeBackend } from '../backend/fake';
import { locale } from '../locale.svelte';
import { app } from './app.svelte';

const settings: Settings = {
  language: 'de',
  theme: 'dark',
  welcomed: true,
  library: null,
  filters: {},
  years_put_away: {},
  stay_in_tray: null,
  notify: 'needed',
  stale_after_days: 14,
  keep_awake: false,
  look_for_updates: null,
};
const start: Start = {
  version: '1.2.3',
  platform: 'linux',
  host: 'browser',
  capabilities: { pick_folder: false, reveal: false, save_file: false, open_address: false, choose_library: true },
  settings,
  library: { folder: '/photos', name: 'photos', is_new: false, demo: false, trouble: null },
  demo: true,
  built_in_client: false,
  default_folder: '/home/anna/Photokeep',
  films: null,
};

describe('the app', () => {
  test('takes over what the engine says at the start', async () => {
    new FakeBackend({ 'app.start': () => start });
    await app.load();
    expect([app.start?.version, app.library?.folder, locale.current]).toEqual(['1.2.3', '/photos', 'de']);
    expect(document.documentElement.dataset.theme).toBe('dark');
  });

  test('holds what was told while the start was asked for', async () => {
    let answer: (told: typeof start) => void = () => undefined;
    const asked = new Promise<typeof start>((resolve) => {
      answer = resolve;
    });
    const engine = new FakeBackend({ 'app.start': () => asked });
    const stop = app.follow();
    const loading = app.load();
    engine.tell({ event: 'settings', settings: { ...settings, language: 'en' } });
    answer(start);
    await loading;
    expect([app.start?.version, locale.current]).toEqual(['1.2.3', 'en']);
    stop();
  });

  test('shows a setting at once and takes it back when it could not be kept', async () => {
    const engine = new FakeBackend({ 'app.start': () => start });
    await app.load();
    engine.answers['settings.set'] = () => {
      expect([locale.current, document.documentElement.dataset.theme]).toEqual(['en', 'dark']);
      throw new BackendError({ code: 'internal', message: 'No space for settings.' });
    };
    await expect(app.set({ language: 'en' })).rejects.toMatchObject({ code: 'internal' });
    expect(locale.current).toBe('de');
  });

  test('follows the system when told to', async () => {
    new FakeBackend({ 'app.start': () => start, 'settings.set': (change) => ({ ...settings, ...change }) });
    await app.load();
    await app.set({ theme: 'system' });
    expect(document.documentElement.dataset.theme).toBeUndefined();
  });

  test('hears of changes made elsewhere, and that the engine is gone', async () => {
    const engine = new FakeBackend({ 'app.start': () => ({ ...start, library: null }) });
    const stop = app.follow();
    engine.tell({ event: 'settings', settings: { ...settings, language: 'en' } });
    expect(locale.current).toBe('en');
    engine.tell({ event: 'lost' });
    expect(app.lost).toBe(true);
    engine.tell({ event: 'resync' });
    await expect.poll(() => app.library).toBeNull();
    expect(app.lost).toBe(false);
    stop();
  });

  test('that cannot start keeps the reason', async () => {
    new FakeBackend({
      'app.start': () => {
        throw new BackendError({ code: 'host-gone', message: 'Gone.' });
      },
    });
    await app.load();
    expect(app.error?.code).toBe('host-gone');
  });

  test('plays films where the engine says', async () => {
    new FakeBackend({ 'app.start': () => ({ ...start, films: 'http://127.0.0.1:999/secret' }) });
    await app.load();
    expect(app.film(12)).toBe('http://127.0.0.1:999/secret/file/12');
    new FakeBackend({ 'app.start': () => start });
    await app.load();
    expect(app.film(12)).toBe('/media/file/12');
  });
});
