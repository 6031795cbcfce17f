// What a comparison found, in words. Pure.

import type {
  Better,
  BetterWhy,
  Evidence,
  FileResult,
  KeepWhy,
  PassedOver,
  Platform,
  Summary,
  Trouble,
  TroubleWhy,
} from '$lib/backend';
import * as format from '$lib/format';
import { m } from '$lib/texts';
import { visible } from '$lib/visible';

const evidence: Record<Evidence, () => string> = {
  'same-bytes': m.compare_evidence_same_bytes,
  uploaded: m.compare_evidence_uploaded,
  'same-picture': m.compare_evidence_same_picture,
  'unique-id-clock': m.compare_evidence_unique_id_clock,
  'name-instant-pixels': m.compare_evidence_name_instant_pixels,
  'name-clock-pixels': m.compare_evidence_name_clock_pixels,
  'other-format': m.compare_evidence_other_format,
  similar: m.compare_evidence_similar,
  'name-only': m.compare_evidence_name_only,
};

/** Why a file is held to be one that the library has. */
export function evidenceWords(kind: Evidence): string {
  return evidence[kind]();
}

export function evidenceOf({ evidence: kind, distance }: FileResult): string | null {
  if (kind === null) return null;
  return kind === 'similar' && distance !== null
    ? m.compare_evidence_similar_bits({ bits: distance })
    : evidenceWords(kind);
}

const whys: Record<BetterWhy, () => string> = {
  whole: m.compare_why_whole,
  'more-pixels': m.compare_why_more_pixels,
  'more-bytes': m.compare_why_more_bytes,
  'tells-time': m.compare_why_tells_time,
  'only-here': m.compare_why_only_here,
  'more-behind': m.compare_why_more_behind,
  'tells-place': m.compare_why_tells_place,
  'same-picture': m.compare_why_same_picture,
  'camera-format': m.compare_why_camera_format,
  'same-size': m.compare_why_same_size,
};

/** Which of two files of one photo is the better one. */
export function betterWords({ one, why }: Better): string {
  const words = { why: whys[why]() };
  if (one === 'folder') return m.compare_better_folder(words);
  return one === 'library' ? m.compare_better_library(words) : m.compare_better_equal(words);
}

/** Where an old backup may lie, as an example. */
export function exampleFolder(platform: Platform): string {
  return { linux: '/media/anna/Backup/Pictures', windows: 'E:\\Backup\\Pictures', macos: '/Volumes/Backup/Pictures' }[
    platform
  ];
}

/** A path's last name, and what is before it. */
export function nameOf(path: string): { name: string; folder: string } {
  const at = path.lastIndexOf('/');
  return { name: visible(path.slice(at + 1)), folder: at < 0 ? '' : visible(path.slice(0, at)) };
}

export interface Fact {
  name: string;
  there: string;
  kept: string | null;
  /** Both are known and not the same. */
  differs: boolean;
}

/** A file and what it belongs to, side by side. */
export function facts(file: FileResult): Fact[] {
  const { kept } = file;
  const unknown = m.common_unknown();
  const pixels = (width: number | null, height: number | null) =>
    width !== null && height !== null ? `${format.number(width)} × ${format.number(height)}` : unknown;
  const taken = (seconds: number | null) => (seconds === null ? unknown : format.taken(seconds));
  const fact = (name: string, there: string, other: string | null): Fact => ({
    name,
    there,
    kept: other,
    differs: other !== null && there !== unknown && other !== unknown && there !== other,
  });
  const there = nameOf(file.path);
  const mine = kept?.path == null ? null : nameOf(kept.path);
  const unless = (text: string) => (kept ? text : null);
  return [
    fact(m.compare_pair_name(), there.name, mine?.name ?? unless(unknown)),
    // They lie in different places by their nature.
    {
      ...fact(m.compare_pair_place(), there.folder || '/', mine ? mine.folder || '/' : unless(unknown)),
      differs: false,
    },
    fact(m.compare_pair_bytes(), exact(file.bytes), kept ? (kept.bytes === null ? unknown : exact(kept.bytes)) : null),
    fact(m.compare_pair_pixels(), pixels(file.width, file.height), kept ? pixels(kept.width, kept.height) : null),
    fact(m.compare_pair_taken(), taken(file.taken), kept ? taken(kept.taken) : null),
  ];
}

/** Two sizes that round to the same are not the same. */
function exact(bytes: number): string {
  return bytes < 1000 ? format.bytes(bytes) : `${format.bytes(bytes)} (${format.number(bytes)} B)`;
}

const troubles: Record<TroubleWhy, () => string> = {
  changed: m.compare_trouble_changed,
  empty: m.compare_trouble_empty,
  'not-as-called': m.compare_trouble_not_as_called,
  'no-file': m.compare_trouble_no_file,
  denied: m.compare_trouble_denied,
  gone: m.compare_trouble_gone,
  disk: m.compare_trouble_disk,
};

/** Why something could not be read; what the system said of it stays in its words. */
export function troubleWords({ why, more }: Trouble): string {
  return more === null ? troubles[why]() : `${troubles[why]()} (${more})`;
}

const keeps: Record<KeepWhy, () => string> = {
  'own-name': m.compare_keep_own_name,
  'nearer-top': m.compare_keep_nearer_top,
  oldest: m.compare_keep_oldest,
  first: m.compare_keep_first,
};

/** Why one of several files with the same bytes is proposed to be kept. */
export function keepWords(why: KeepWhy): string {
  return m.compare_keep_why({ why: keeps[why]() });
}

const left: Record<string, () => string> = {
  link: m.compare_left_link,
  system: m.compare_left_system,
  hidden: m.compare_left_hidden,
  library: m.compare_left_library,
  own: m.compare_left_own,
  special: m.compare_left_special,
};

/** Why something was passed over. */
export function leftWords({ why, trouble }: Pick<PassedOver, 'why' | 'trouble'>): string {
  return trouble ? troubleWords(trouble) : (left[why]?.() ?? why);
}

/** How much has no place in the lists. */
export function leftOut({ not_media, passed_over }: Summary): number {
  return Object.values(passed_over).reduce((sum, count) => sum + (count ?? 0), not_media.count);
}

/** What stands where nothing is missing: of an empty folder, and of one that could be read in part only, less is said. */
export function nothingMissing(summary: Summary): string {
  const { found, different, unreadable, passed_over } = summary;
  if (unreadable.count > 0) return m.compare_missing_partly({ list: m.compare_unreadable() });
  if ((passed_over.unreadable ?? 0) > 0) return m.compare_missing_partly({ list: m.compare_tab_others() });
  return found.count + different.count === 0 ? m.compare_missing_empty() : m.compare_missing_none();
}

/** The same, short. */
export function nothingMissingShort({ found, different, unreadable, passed_over }: Summary): string {
  if (unreadable.count > 0 || (passed_over.unreadable ?? 0) > 0) return m.compare_past_partly();
  return found.count + different.count === 0 ? m.compare_past_empty() : m.compare_past_nothing();
}
