// An archive in a watched folder in words: how it stands, and why. Pure; drawn by `ArchiveLine.svelte`.

import type { ArchiveReason, ArchiveState, FoundArchive } from '$lib/backend';
import type { IconName } from '$lib/components';
import { m } from '$lib/texts';

/** `going`: it takes care of itself. `kept`: nothing more is wanted of it. `attention`: something of it is not kept. */
export type ArchiveTone = 'going' | 'kept' | 'known' | 'attention';

const states: Record<ArchiveState, [() => string, IconName, ArchiveTone]> = {
  growing: [m.inbox_state_growing, 'download', 'going'],
  settling: [m.inbox_state_settling, 'clock', 'going'],
  waiting: [m.inbox_state_waiting, 'clock', 'going'],
  'not-here-yet': [m.inbox_state_not_here_yet, 'cloud', 'known'],
  finished: [m.inbox_state_finished, 'archive', 'going'],
  kept: [m.inbox_state_kept, 'done', 'kept'],
  left: [m.inbox_state_left, 'info', 'known'],
  moved: [m.inbox_state_moved, 'done', 'kept'],
  trashed: [m.inbox_state_trashed, 'done', 'kept'],
  refused: [m.inbox_state_refused, 'warning', 'attention'],
};

type ReasonCode = ArchiveReason['code'];

/** Reasons for which something is not kept, or not as it was wanted. */
const amiss: ReasonCode[] = ['not-taken', 'not-as-stored', 'unproven', 'not-put-away'];

/** How an archive stands; a state of a newer engine has no words. */
export function standOf({ state, why }: FoundArchive): { words: string; icon: IconName; tone: ArchiveTone } {
  const [words, icon, tone] = states[state] ?? [() => state, 'info', 'known'];
  if (why && amiss.includes(why.code)) return { words: words(), icon: 'warning', tone: 'attention' };
  return { words: words(), icon, tone };
}

/** Why: `words` are the app's, `engine` is a sentence of the engine or of the system that follows them. */
export function reasonOf({ state, why }: FoundArchive): { words?: string; engine?: string } {
  if (!why) return state === 'not-here-yet' ? { words: m.inbox_why_cloud() } : {};
  switch (why.code) {
    case 'other-part':
      return { words: m.inbox_why_other_part({ name: why.name }) };
    case 'unreadable':
    case 'refused':
      return { engine: why.sentence };
    case 'unpacked':
      return { words: m.inbox_why_unpacked() };
    case 'copy':
      return { words: m.inbox_why_copy({ name: why.of }) };
    case 'name-not-text':
      return { words: m.inbox_why_name_not_text() };
    case 'not-taken':
      return { words: m.inbox_why_not_taken({ count: why.files }) };
    case 'other-products':
      return { words: m.inbox_why_other_products({ count: why.files }) };
    case 'not-as-stored':
      return { words: m.inbox_why_not_as_stored({ path: why.path }) };
    case 'unproven':
      return { words: m.inbox_why_unproven() };
    case 'not-put-away':
      return { words: m.inbox_why_not_put_away(), engine: why.sentence };
    default:
      // All are here, says the compiler; a newer engine may know others.
      why satisfies never;
      return {};
  }
}
