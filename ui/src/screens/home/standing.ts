// Can its owner sleep well? One sentence from the numbers of `library.status` and the run under way. Says "everything" only
// when the engine's health is complete; what there is to do about it lives in `needs.ts`.

import type { Home, RunState } from '$lib/backend';
import type { IconName } from '$lib/components';
import * as format from '$lib/format';
import { m } from '$lib/texts';

export type StandingKind =
  | 'away'
  | 'stopping'
  | 'paused'
  | 'waiting'
  | 'planning'
  | 'verifying'
  | 'running'
  | 'new'
  | 'adopted'
  | 'unfinished'
  | 'lost'
  | 'damaged'
  | 'failed'
  | 'failed-export'
  | 'pending'
  | 'begun'
  | 'doubtful'
  | 'filtered'
  | 'incomplete'
  | 'exports-incomplete'
  | 'stale'
  | 'complete'
  | 'exports-complete';

export type Tone = 'good' | 'attention' | 'busy' | 'new';

export interface Standing {
  kind: StandingKind;
  /** What the sentence counts; 0 where it counts nothing. */
  count: number;
  /** When everything was kept for the last time. */
  lastComplete: string | null;
  /** What is to be said of the rest, beside what the sentence counts; `null` where nothing is certain. */
  rest: 'kept' | { pending: number } | null;
}

/** What the first screen says. `filtered`: the settings leave a part of the library out of every sync. */
export function standing(home: Home, run: RunState, filtered: boolean): Standing {
  const status = home.status;
  const lastComplete = status?.last_complete ?? null;
  const as = (kind: StandingKind, count = 0, rest: Standing['rest'] = null): Standing => ({
    kind,
    count,
    lastComplete,
    rest,
  });
  if (!home.folder_is_there) return as('away');
  const doing = activity(run);
  if (doing) return as(doing);
  if (!status) return as('new');
  // A part that was chosen may be all that is ever to come.
  const partDone = filtered && status.pending === 0 && status.failed === 0;
  if (status.health === 'new' && !(partDone && status.items > 0))
    return status.items > 0 ? as(status.adopted > 0 ? 'adopted' : 'unfinished', status.items) : as('new');
  /** Of the rest, where this many files are what the sentence is about. */
  const beside = (count: number): Standing['rest'] => {
    const others = status.lost + status.damaged + status.failed + status.pending - count;
    if (others > 0) return status.pending > 0 && others === status.pending ? { pending: others } : null;
    const unsure = filtered || status.doubtful > 0 || status.health === 'new' || status.takeout_alone;
    return unsure ? null : 'kept';
  };
  // The worst first; what is fetched again by itself comes after what is not.
  if (status.lost > 0) return as('lost', status.lost, beside(status.lost));
  if (status.damaged > 0) return as('damaged', status.damaged, beside(status.damaged));
  if (status.failed > 0)
    return as(status.takeout_alone ? 'failed-export' : 'failed', status.failed, beside(status.failed));
  if (status.pending > 0) return as(status.items > 0 ? 'pending' : 'begun', status.pending, beside(status.pending));
  if (status.health === 'complete') {
    if (status.stale) return as('stale');
    return as(status.takeout_alone ? 'exports-complete' : 'complete');
  }
  if (status.doubtful > 0) return as('doubtful', status.doubtful);
  // No filter leaves anything out of an export.
  if (status.takeout_alone) return as('exports-incomplete');
  return as(filtered ? 'filtered' : 'incomplete');
}

function activity(run: RunState): StandingKind | null {
  // A comparison changes nothing of what is kept.
  if (run.kind === 'compare' || run.kind === 'upload') return null;
  switch (run.activity) {
    case 'idle':
    case 'ended':
      return null;
    case 'stopping':
    case 'paused':
      return run.activity;
    case 'running':
      if (run.wait) return 'waiting';
      if (run.planning) return 'planning';
      return run.kind === 'verify' ? 'verifying' : 'running';
  }
}

interface Said extends Standing {
  /** When everything was kept for the last time, as "3 weeks ago". */
  time: string;
}

interface Look {
  tone: Tone;
  icon: IconName;
  title: (standing: Said) => string;
  text: (standing: Said) => string;
}

const good = { tone: 'good', icon: 'shield' } as const;
const attention = { tone: 'attention', icon: 'warning' } as const;
const busy = { tone: 'busy', icon: 'sync' } as const;
const calm = { tone: 'new', icon: 'cloud' } as const;

const looks: Record<StandingKind, Look> = {
  away: { ...attention, icon: 'disk', title: m.home_away_title, text: m.home_away_text },
  stopping: { ...busy, icon: 'stop', title: m.home_stopping_title, text: m.home_stopping_text },
  paused: { ...busy, icon: 'pause', title: m.home_paused_title, text: m.home_paused_text },
  waiting: { ...busy, icon: 'clock', title: m.home_waiting_title, text: m.home_waiting_text },
  planning: { ...busy, title: m.home_planning_title, text: m.home_planning_text },
  verifying: { ...busy, title: m.home_verifying_title, text: m.home_verifying_text },
  running: { ...busy, title: m.home_running_title, text: m.home_running_text },
  new: { ...calm, title: m.home_new_title, text: m.home_new_text },
  adopted: { ...calm, icon: 'shield', title: m.home_adopted_title, text: m.home_adopted_text },
  unfinished: { ...calm, title: m.home_unfinished_title, text: m.home_unfinished_text },
  lost: { ...attention, title: m.home_lost_title, text: m.home_lost_text },
  damaged: { ...attention, title: m.home_damaged_title, text: m.home_damaged_text },
  failed: { ...attention, title: m.home_failed_title, text: m.home_failed_text },
  'failed-export': { ...attention, title: m.home_failed_title, text: m.home_failed_export_text },
  pending: { ...attention, title: m.home_pending_title, text: m.home_pending_text },
  begun: { ...attention, title: m.home_pending_title, text: m.home_begun_text },
  doubtful: { ...attention, title: m.home_doubtful_title, text: m.home_doubtful_text },
  filtered: { ...calm, icon: 'shield', title: m.home_filtered_title, text: m.home_filtered_text },
  incomplete: { ...attention, title: m.home_incomplete_title, text: m.home_incomplete_text },
  'exports-incomplete': { ...attention, title: m.home_exports_incomplete_title, text: m.home_exports_incomplete_text },
  stale: { ...attention, icon: 'clock', title: m.home_stale_title, text: m.home_stale_text },
  complete: { ...good, title: m.home_complete_title, text: m.home_complete_text },
  'exports-complete': { ...good, title: m.home_complete_title, text: m.home_exports_complete_text },
};

/** The words, the mark and its tone. */
export function standingWords(
  standing: Standing,
  now: Date,
): { tone: Tone; icon: IconName; title: string; text: string } {
  const { tone, icon, title, text } = looks[standing.kind];
  const said = { ...standing, time: standing.lastComplete ? format.relative(standing.lastComplete, now) : '' };
  return { tone, icon, title: capital(title(said)), text: [restWords(standing), text(said)].filter(Boolean).join(' ') };
}

function restWords({ kind, rest }: Standing): string {
  // Nothing is kept yet.
  if (rest === null || kind === 'begun') return '';
  return rest === 'kept' ? m.home_rest_kept() : m.home_rest_pending({ count: rest.pending });
}

/** German puts the time first, where `relative` gives it in small letters. */
function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
