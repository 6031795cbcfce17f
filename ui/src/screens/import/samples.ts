// A plan, an account and an export for tests, to be varied.

import type {
  AddInbox,
  ArchiveAccount,
  ArchiveState,
  ArchiveThen,
  ExportCalendar,
  FoundArchive,
  ImportedExport,
  ImportPlan,
  Inboxes,
  Plan,
  RunState,
  ShownInbox,
} from '$lib/backend';
import { idle, receipt } from '../activity/samples';

export const plan = (changes: Partial<Plan> = {}): Plan => ({
  listed: 18_432,
  to_fetch: 18_200,
  photos: 17_000,
  videos: 1200,
  retried: 0,
  restored: 0,
  updated: 12,
  already: 232,
  same_bytes: 0,
  absent: 0,
  removed_here: 3,
  estimated_bytes: 96_400_000_000,
  free_bytes: 412_000_000_000,
  albums: { listed: 63, new: 4 },
  notes: [],
  ...changes,
});

export const account = (changes: Partial<ArchiveAccount> = {}): ArchiveAccount => ({
  entries: 45_010,
  stored: 18_200,
  already: 8232,
  sidecars: 18_432,
  albums: 63,
  service: 9,
  other: 70,
  companions: 0,
  refused: 4,
  open: 0,
  ...changes,
});

export const told = (changes: Partial<ImportedExport> = {}): ImportedExport => ({
  name: 'takeout-20261122T093000Z',
  made_at: '2026-11-22T09:30:00Z',
  kind: 'first',
  parts: ['takeout-20261122T093000Z-001.zip', 'takeout-20261122T093000Z-002.zip'],
  missing: [],
  items: 18_432,
  albums: 63,
  not_delivered: 0,
  not_delivered_examples: [],
  open_pairs: 0,
  without_photo: 0,
  known: false,
  ...changes,
});

export const importPlan = (changes: Partial<ImportPlan> = {}): ImportPlan => ({
  plan: plan(),
  account: account({ stored: 0, already: 0, open: 26_432 }),
  exports: [told()],
  refused: [],
  others: [],
  may_be_one: [],
  joined: false,
  ...changes,
});

export const archives = ['/home/anna/Downloads'];

export const calendar = (changes: Partial<ExportCalendar> = {}): ExportCalendar => ({
  last: null,
  exports: 0,
  series: false,
  of_series: 0,
  next_due: null,
  year_ends: null,
  notice: 'no-export',
  ...changes,
});

/** A calendar of exports that come every two months. */
export const series = (changes: Partial<ExportCalendar> = {}): ExportCalendar =>
  calendar({
    last: '2026-09-20T09:30:00Z',
    exports: 3,
    series: true,
    of_series: 3,
    next_due: '2026-11-20T09:30:00Z',
    year_ends: '2027-05-20T09:30:00Z',
    notice: null,
    ...changes,
  });

export const downloads = '/home/anna/Downloads';

export const watchedFolder = (then: ArchiveThen = 'leave', changes: Partial<ShownInbox> = {}): ShownInbox => ({
  folder: downloads,
  then,
  there: true,
  ...changes,
});

/** What is asked of the engine for a folder. */
export const adding = (folder: string, then: ArchiveThen): AddInbox => ({ folder, then });

export const found = (state: ArchiveState, changes: Partial<FoundArchive> = {}): FoundArchive => {
  const name = changes.name ?? `takeout-20261120T093000Z-${state}.zip`;
  const inbox = changes.inbox ?? downloads;
  return { name, path: `${inbox}/${name}`, inbox, size: 1_000_000, modified: null, state, why: null, ...changes };
};

export const inboxes = (changes: Partial<Inboxes> = {}): Inboxes => ({
  inboxes: [],
  found: [],
  calendar: calendar(),
  sentences: {},
  ...changes,
});

/** A plan that stands. */
export const planned = (changes: Partial<ImportPlan> = {}): RunState => {
  const made = importPlan(changes);
  return { ...idle, activity: 'ended', kind: 'import', planning: true, plan: made.plan, import: made, archives };
};

/** An import that has ended. */
export const imported = (changes: Partial<ArchiveAccount> = {}, more: Partial<ImportPlan> = {}): RunState => {
  const counts = account(changes);
  const made = receipt({ kind: 'import', account: counts, added: counts.stored, already: 0, run: 7 });
  return { ...idle, activity: 'ended', kind: 'import', receipt: made, import: importPlan(more), archives };
};
