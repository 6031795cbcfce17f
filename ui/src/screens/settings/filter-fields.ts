// The filter as it stands in fields, and what is wrong with it. A field with a fault is not sent; the rest is.

import type { AlbumChoice, Filter } from '$lib/backend';
import { m } from '$lib/texts';

export const noFilter: Filter = {
  from: null,
  to: null,
  favorites: false,
  no_videos: false,
  archived: false,
  albums: 'all',
  exclude_albums: [],
};

export type AlbumKind = 'all' | 'titled' | 'matching';

/** What people see and type. */
export interface FilterFields {
  from: string;
  to: string;
  favorites: boolean;
  noVideos: boolean;
  archived: boolean;
  albums: AlbumKind;
  title: string;
  pattern: string;
  /** One title a line. */
  exclude: string;
}

export type FilterFaults = Partial<Record<'from' | 'to' | 'title' | 'pattern', string>>;

export function fieldsOf(filter: Filter): FilterFields {
  const { albums } = filter;
  const titled = typeof albums === 'object' && 'titled' in albums ? albums.titled : null;
  const matching = typeof albums === 'object' && 'matching' in albums ? albums.matching : null;
  return {
    from: filter.from ?? '',
    to: filter.to ?? '',
    favorites: filter.favorites,
    noVideos: filter.no_videos,
    archived: filter.archived,
    albums: titled !== null ? 'titled' : matching !== null ? 'matching' : 'all',
    title: titled ?? '',
    pattern: matching ?? '',
    exclude: filter.exclude_albums.join('\n'),
  };
}

/** What is wrong, field by field. Whether a pattern can be read is the engine's to say: `refused` is one that it did not take. */
export function faultsOf(fields: FilterFields, refused: string | null = null): FilterFaults {
  const faults: FilterFaults = {};
  const from = fields.from.trim();
  const to = fields.to.trim();
  if (from && !isDay(from)) faults.from = m.settings_filters_not_a_day();
  if (to && !isDay(to)) faults.to = m.settings_filters_not_a_day();
  else if (from && to && !faults.from && to < from) faults.to = m.settings_filters_backwards();
  if (fields.albums === 'titled' && !fields.title.trim()) faults.title = m.settings_filters_title_missing();
  if (fields.albums === 'matching') {
    if (!fields.pattern.trim()) faults.pattern = m.settings_filters_pattern_missing();
    else if (fields.pattern === refused) faults.pattern = m.settings_filters_pattern_wrong();
  }
  return faults;
}

/** The filter to send. What has a fault counts as not set. */
export function filterOf(fields: FilterFields, before: Filter, refused: string | null = null): Filter {
  const faults = faultsOf(fields, refused);
  const day = (text: string, fault: string | undefined) => (fault ? null : text.trim() || null);
  return {
    ...before,
    from: day(fields.from, faults.from),
    to: day(fields.to, faults.to),
    favorites: fields.favorites,
    no_videos: fields.noVideos,
    archived: fields.archived,
    albums: albumsOf(fields, faults),
    exclude_albums: [...new Set(lines(fields.exclude))],
  };
}

function albumsOf(fields: FilterFields, faults: FilterFaults): AlbumChoice {
  if (fields.albums === 'titled' && !faults.title) return { titled: fields.title };
  if (fields.albums === 'matching' && !faults.pattern) return { matching: fields.pattern };
  return 'all';
}

/** Whether runs with it see everything, as the engine counts: archived items add to the whole. */
export function isWhole(filter: Filter): boolean {
  return (
    !filter.from &&
    !filter.to &&
    !filter.favorites &&
    !filter.no_videos &&
    filter.albums === 'all' &&
    filter.exclude_albums.length === 0
  );
}

function lines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
