// What needs the person: one line each, worst first, with the one thing to do about it. Pure; the buttons are bound in
// `Needs.svelte`.

import type { Account, ExportCalendar, Filter, Home, StatusResponse } from '$lib/backend';
import * as format from '$lib/format';
import { say } from '$lib/sentences';
import { m } from '$lib/texts';

export type NeedKind =
  | 'folder'
  | 'sign-in'
  | 'space'
  | 'lost'
  | 'damaged'
  | 'failed'
  | 'failed-export'
  | 'pending'
  | 'doubtful'
  | 'not-taken'
  | 'export-lacks'
  | 'export-overdue'
  | 'exports-over'
  | 'filtered'
  | 'absent'
  | 'trash';

export interface Need {
  kind: NeedKind;
  /** Whether something is amiss; else it is only worth knowing. */
  amiss: boolean;
  text: string;
  /** Words on the button. */
  button: string;
  /** Why, a line each. */
  reasons?: string[];
  /** Whether the person can say that they have heard of it. */
  accepts?: boolean;
  /** The year of exports that is over, as long as the person wants to be told of it. */
  yearEnded?: string;
}

type Add = (
  kind: NeedKind,
  amiss: boolean,
  text: string,
  button: string,
  more?: Pick<Need, 'yearEnded' | 'reasons' | 'accepts'>,
) => void;

/** Google's word that a sign-in ends is passed on this long before (unverified clients: seven days in all). */
const signInWarningDays = 2;

/** Less than this is little: a hundred photos and a few videos. Bytes. */
export const littleSpace = 5_000_000_000;

/** What there is to do. `demo`: the simulated Google needs no sign-in of the person. */
export function needs(
  home: Home,
  account: Account | null,
  { demo, filtered }: { demo: boolean; filtered: boolean },
  now: Date,
): Need[] {
  const list: Need[] = [];
  const add: Add = (kind, amiss, text, button, more) => list.push({ kind, amiss, text, button, ...more });
  const status = home.status;
  if (!home.folder_is_there) add('folder', true, m.home_need_folder(), m.home_need_folder_do());
  const signIn =
    account && !demo && (account.signed_in || !home.status?.takeout_alone) ? signInNeed(account, now) : null;
  if (signIn) add('sign-in', true, signIn.text, signIn.button);
  if (home.free_bytes !== null && home.free_bytes < littleSpace) {
    const trash = (status?.trash ?? 0) > 0;
    const button = trash ? m.home_need_space_trash_do() : m.home_need_space_do();
    add('space', true, m.home_need_space({ free: format.bytes(home.free_bytes) }), button);
  }
  if (!status) return list;
  if (status.lost > 0) add('lost', true, m.home_need_lost({ count: status.lost }), m.home_need_lost_do());
  if (status.damaged > 0)
    add('damaged', true, m.home_need_damaged({ count: status.damaged }), m.home_need_damaged_do());
  if (status.failed > 0) {
    const count = { count: status.failed };
    // No sync brings what an archive could not give.
    if (status.takeout_alone) add('failed-export', true, m.home_need_failed_export(count), m.home_need_not_taken_do());
    else add('failed', true, m.home_need_failed(count), m.home_need_failed_do());
  }
  // `pending` counts everything that is to be fetched; what failed or is damaged has a line of its own.
  const rest = status.pending - status.failed - status.damaged;
  if (rest > 0 && status.health !== 'new' && home.folder_is_there)
    add('pending', true, m.home_need_pending({ count: rest }), m.home_need_pending_do());
  if (status.doubtful > 0)
    add('doubtful', true, m.home_need_doubtful({ count: status.doubtful }), m.home_need_doubtful_do());
  addNotTaken(home, status, add);
  if (!demo && home.exports) addExports(home.exports, add);
  if (filtered) add('filtered', false, m.home_need_filtered(), m.home_need_filtered_do());
  if (status.absent > 0) add('absent', false, m.home_need_absent({ count: status.absent }), m.home_need_absent_do());
  if (status.trash > 0) add('trash', false, m.home_need_trash({ count: status.trash }), m.home_need_trash_do());
  return list;
}

/** What exports could not give, and parts that are missing. */
function addNotTaken(home: Home, status: StatusResponse, add: Add): void {
  const reasons: string[] = status.not_taken.map(({ count, reason }) =>
    m.activity_reason({ count: format.number(count), reason: say(reason, home.sentences) }),
  );
  reasons.push(...status.not_taken_notes.map((note) => say(note, home.sentences)));
  if (reasons.length === 0) return;
  const count = status.not_taken.reduce((sum, counted) => sum + counted.count, 0);
  const text = count > 0 ? m.home_need_not_taken({ count }) : m.home_need_export_lacks();
  if (count > 0) add('not-taken', true, text, m.home_need_not_taken_see(), { reasons, accepts: true });
  else add('export-lacks', true, text, m.home_need_not_taken_do(), { reasons });
}

/** An export that did not come, and the end of a year of exports: without a word they would simply stay away. */
function addExports(calendar: ExportCalendar, add: Add): void {
  const { notice, next_due, series, year_ends } = calendar;
  if (notice === 'overdue' && next_due) {
    // Of a single export nobody knows whether more were ordered.
    const text = series ? m.inbox_need_overdue : m.inbox_need_overdue_if;
    add('export-overdue', series, text({ date: format.day(next_due) }), m.inbox_need_overdue_do());
  }
  if (notice === 'year-ends-soon' && year_ends)
    add('exports-over', false, m.inbox_need_year_soon({ date: format.day(year_ends) }), m.inbox_need_year_do());
  if (notice === 'year-ended' && year_ends) {
    const text = m.inbox_need_year_ended({ date: format.day(year_ends) });
    add('exports-over', true, text, m.inbox_need_year_do(), { yearEnded: year_ends });
  }
}

function signInNeed(account: Account, now: Date): { text: string; button: string } | null {
  const again = m.home_need_sign_in_again_do();
  if (account.trouble) return { text: m.home_need_sign_in_trouble(), button: again };
  if (!account.signed_in) return { text: m.home_need_sign_in(), button: m.home_need_sign_in_do() };
  if (account.ends === null) return null;
  const days = (Date.parse(account.ends) - now.getTime()) / 86_400_000;
  if (days <= 0) return { text: m.home_need_sign_in_ended(), button: again };
  if (days > signInWarningDays) return null;
  return { text: m.home_need_sign_in_ends({ time: format.relative(account.ends, now) }), button: again };
}

/** Whether a filter leaves something out, as the engine sees it (`Filter::is_whole`). */
export function leavesOut(filter: Filter | undefined): boolean {
  if (!filter) return false;
  const { from, to, favorites, no_videos, albums, exclude_albums } = filter;
  return from !== null || to !== null || favorites || no_videos || albums !== 'all' || exclude_albums.length > 0;
}
