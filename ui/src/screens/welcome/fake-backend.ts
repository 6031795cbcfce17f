// A backend for tests: answers by command, remembers what was asked, and tells events when a test says so.

import { vi } from 'vitest';
import {
  type Account,
  BackendError,
  type BackendEvent,
  type CommandName,
  type Commands,
  type OpenLibrary,
  provideBackend,
  type Settings,
  type Start,
} from '$lib/backend';

export type Answers = { [C in CommandName]?: (request: Commands[C]['request']) => unknown };

export const settings: Settings = {
  language: 'en',
  theme: 'system',
  welcomed: false,
  library: null,
  filters: {},
  years_put_away: {},
  stay_in_tray: null,
  notify: 'needed',
  stale_after_days: 14,
  keep_awake: false,
  look_for_updates: null,
};

export const start: Start = {
  version: '1.2.3',
  platform: 'linux',
  host: 'window',
  capabilities: { pick_folder: true, reveal: true, save_file: true, open_address: true, choose_library: true },
  settings,
  library: null,
  demo: true,
  built_in_client: false,
  default_folder: '/home/anna/Pictures/Photokeep',
  films: null,
};

export const openLibrary: OpenLibrary = {
  folder: '/home/anna/Pictures/Photokeep',
  name: 'Photokeep',
  is_new: true,
  demo: false,
  trouble: null,
};

export const nobody: Account = {
  signed_in: false,
  client: null,
  account: null,
  scopes: [],
  whole_library: false,
  may_upload: false,
  since: null,
  ends: null,
  in_keychain: false,
  kept: null,
  sentences: {},
  trouble: null,
};

export const anna: Account = {
  ...nobody,
  signed_in: true,
  client: null,
  account: 'anna@example.org',
  scopes: ['photoslibrary.readonly.appcreateddata', 'openid', 'email'],
  since: '2026-11-20T10:00:00Z',
  in_keychain: true,
  kept: 'The sign-in is kept in the keychain of this system.',
};

/** Provides it; what has no answer here is refused, so that a test notices. */
export function fakeBackend(answers: Answers) {
  const listeners = new Set<(event: BackendEvent) => void>();
  const call = vi.fn(async (command: CommandName, request: unknown) => {
    const answer = answers[command] as ((request: unknown) => unknown) | undefined;
    if (!answer) throw new BackendError({ code: 'internal', message: `no answer for ${command}` });
    return answer(request);
  });
  provideBackend({
    call: call as never,
    listen: (handler) => {
      listeners.add(handler);
      return () => listeners.delete(handler);
    },
    comparedThumbnail: (key, file) => `${key}-${file}`,
    comparedMedia: (key, file) => `${key}-${file}`,
    thumbnail: String,
    media: String,
  });
  return {
    call,
    /** Requests of one command, in order. */
    asked: (command: CommandName) => call.mock.calls.filter(([name]) => name === command).map(([, request]) => request),
    tell: (event: BackendEvent) => {
      for (const listener of listeners) listener(event);
    },
  };
}
