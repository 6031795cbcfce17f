// A receipt and a run for tests, to be varied.

import type { Home, PastRun, Receipt, RunState, StatusResponse } from '$lib/backend';

export const receipt = (changes: Partial<Receipt> = {}): Receipt => ({
  run: 41,
  kind: 'sync',
  started: '2026-11-22T13:30:00Z',
  ended: '2026-11-22T13:52:00Z',
  outcome: 'done',
  complete: true,
  all_fetched: true,
  doubtful: 0,
  listed: 18432,
  added: 214,
  added_bytes: 1_893_000_000,
  already: 18214,
  updated: 0,
  same_photo: 0,
  restored: 0,
  absent: 0,
  skipped: [],
  failed: [],
  albums: 63,
  account: null,
  links_made: 230,
  links_removed: 0,
  notes: [],
  ...changes,
});

export const pastRun = (changes: Partial<Receipt> | null = {}, run: Partial<PastRun> = {}): PastRun => {
  const made = changes === null ? null : receipt(changes);
  return {
    run: 41,
    kind: made?.kind ?? 'sync',
    started: '2026-11-22T13:30:00Z',
    ended: made?.ended ?? null,
    whole: true,
    complete: made?.complete ?? false,
    receipt: made,
    sentences: {},
    ...run,
  };
};

export const status = (changes: Partial<StatusResponse> = {}): StatusResponse => ({
  health: 'complete',
  folder_is_there: true,
  last_complete: '2026-11-22T13:52:00Z',
  last_run: '2026-11-22T13:52:00Z',
  last_run_complete: true,
  running: false,
  stopped: null,
  note: null,
  items: 18432,
  photos: 17204,
  videos: 1228,
  files: 18651,
  bytes: 96_400_000_000,
  pending: 0,
  failed: 0,
  damaged: 0,
  absent: 0,
  albums: 63,
  trash: 0,
  lost: 0,
  doubtful: 0,
  failures: [],
  takeout_alone: false,
  adopted: 0,
  not_taken: [],
  not_taken_notes: [],
  ...changes,
});

export const home = (changes: Partial<StatusResponse> | null = {}, more: Partial<Home> = {}): Home => ({
  status: changes === null ? null : status(changes),
  folder_is_there: true,
  free_bytes: 412_000_000_000,
  total_bytes: 1_000_000_000_000,
  years: [],
  exports: null,
  sentences: {},
  ...more,
});

export const idle: RunState = {
  activity: 'idle',
  planning: false,
  kind: null,
  started: null,
  phase: null,
  meter: null,
  wait: null,
  plan: null,
  import: null,
  archives: [],
  adding: null,
  from_inboxes: [],
  receipt: null,
  error: null,
  recent: [],
  failed: [],
  notes: [],
  sentences: {},
};
