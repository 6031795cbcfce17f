// A receipt as lines: number, words, and the list or screen that the number opens. And the sentence above them. Pure; drawn by
// `Receipt.svelte`.

import type { Counted, EntryList, Receipt } from '$lib/backend';
import * as format from '$lib/format';
import { address } from '$lib/router.svelte';
import { type Sentences, say } from '$lib/sentences';
import { m } from '$lib/texts';

export type LineGroup = 'kept' | 'google' | 'open' | 'checked' | 'know' | 'albums' | 'trash';

export interface ReceiptLine {
  key: string;
  group: LineGroup;
  count: number;
  /** What follows the number. */
  words: string;
  /** It is counted only: which items these were is kept nowhere, so there is nothing exact to open. */
  unlisted?: boolean;
  /** Something to add: how many bytes. */
  note?: string;
  /** Why, and how many share it. From the engine, in English. */
  reasons?: Counted[];
  /** The list that the number opens. */
  list?: EntryList;
  /** Or the screen. */
  href?: string;
  attention?: boolean;
}

export interface Verdict {
  tone: 'good' | 'attention' | 'plain';
  title: string;
  text: string;
}

/** How many items failed. */
export function failedCount(receipt: Receipt): number {
  return receipt.failed.reduce((sum, { count }) => sum + count, 0);
}

/** How the run ended, in a sentence and what it means. "Everything" is said only of a complete receipt. */
export function verdict(receipt: Receipt, whole = true): Verdict {
  const failed = failedCount(receipt);
  const stopped = typeof receipt.outcome === 'object' ? receipt.outcome.stopped.code : null;
  const say = (tone: Verdict['tone'], title: string, text: string): Verdict => ({ tone, title, text });
  if (receipt.kind === 'verify') {
    if (stopped) return say('plain', m.activity_check_stopped_title(), m.activity_check_stopped_text());
    if (failed > 0) return say('attention', m.activity_damaged_title({ count: failed }), m.activity_damaged_text());
    if (!receipt.complete) return say('attention', m.activity_links_title(), m.activity_links_text());
    return say('good', m.activity_sound_title(), m.activity_sound_text({ count: receipt.already }));
  }
  if (receipt.kind === 'import') return importVerdict(receipt, stopped, failed);
  if (receipt.kind === 'add') return addVerdict(receipt, stopped, failed);
  if (receipt.kind === 'upload') return uploadVerdict(receipt, stopped, failed);
  if (receipt.kind === 'adopt')
    return stopped
      ? say('plain', m.activity_cancelled_title(), m.activity_adopt_stopped_text())
      : say('good', m.activity_adopt_title(), m.activity_adopt_text({ count: receipt.added + receipt.already }));
  if (stopped) {
    // The person's own word is nothing amiss.
    if (stopped === 'cancelled') return say('plain', m.activity_cancelled_title(), m.activity_stopped_text());
    return say('attention', m.activity_stopped_title(), m.activity_stopped_text());
  }
  if (receipt.kind === 'prune') {
    const title = failed > 0 ? m.activity_pruned_some_title() : m.activity_pruned_title();
    return say(failed > 0 ? 'attention' : 'good', title, m.activity_pruned_text());
  }
  if (failed > 0)
    return say(
      'attention',
      m.activity_failed_title({ count: failed }),
      whole ? m.activity_failed_text() : m.activity_failed_partial_text(),
    );
  if (receipt.complete) return say('good', m.activity_complete_title(), m.activity_complete_text());
  if (receipt.all_fetched && receipt.doubtful > 0)
    return say('attention', m.activity_doubtful_title({ count: receipt.doubtful }), m.activity_doubtful_text());
  if (!whole) return say('plain', m.activity_partial_title(), m.activity_partial_text());
  return say('attention', m.activity_done_title(), m.activity_done_text());
}

function importVerdict(receipt: Receipt, stopped: string | null, failed: number): Verdict {
  const say = (tone: Verdict['tone'], title: string, text: string): Verdict => ({ tone, title, text });
  if (stopped === 'cancelled') return say('plain', m.activity_cancelled_title(), m.import_stopped_text());
  if (stopped) return say('attention', m.activity_stopped_title(), m.import_stopped_text());
  if (failed > 0) return say('attention', m.import_failed_title({ count: failed }), m.import_failed_text());
  if (receipt.complete) return say('good', m.import_complete_title(), m.import_complete_text());
  return say('plain', m.import_done_title(), m.import_done_text());
}

function addVerdict(receipt: Receipt, stopped: string | null, failed: number): Verdict {
  const say = (tone: Verdict['tone'], title: string, text: string): Verdict => ({ tone, title, text });
  if (stopped === 'cancelled') return say('plain', m.activity_cancelled_title(), m.activity_add_stopped_text());
  if (stopped) return say('attention', m.activity_stopped_title(), m.activity_add_stopped_text());
  if (failed > 0) return say('attention', m.activity_add_failed_title({ count: failed }), m.activity_add_failed_text());
  return say('good', m.activity_add_title(), m.activity_add_text({ count: receipt.added }));
}

function uploadVerdict(receipt: Receipt, stopped: string | null, failed: number): Verdict {
  const say = (tone: Verdict['tone'], title: string, text: string): Verdict => ({ tone, title, text });
  if (stopped === 'cancelled') return say('plain', m.activity_cancelled_title(), m.activity_upload_stopped_text());
  if (stopped) return say('attention', m.activity_stopped_title(), m.activity_upload_stopped_text());
  if (failed > 0)
    return say('attention', m.activity_upload_failed_title({ count: failed }), m.activity_upload_failed_text());
  return say('good', m.activity_upload_title(), m.activity_upload_text({ count: receipt.added + receipt.already }));
}

/** The lines. Numbers of zero are left out, but for the two that every sync is asked about. `removed`: files that a prune moved. */
export function receiptLines(receipt: Receipt, removed = 0): ReceiptLine[] {
  if (receipt.kind === 'verify') return verifyLines(receipt);
  if (receipt.kind === 'prune') return pruneLines(receipt, removed);
  if (receipt.kind === 'upload') return uploadLines(receipt);
  const lines: ReceiptLine[] = [
    {
      key: 'added',
      group: 'kept',
      count: receipt.added,
      words: m.activity_line_added({ count: receipt.added }),
      note: receipt.added > 0 && receipt.added_bytes > 0 ? format.bytes(receipt.added_bytes) : undefined,
      list: 'added',
    },
  ];
  // The account of an import says more exactly what was there.
  if (receipt.kind !== 'import')
    lines.push({
      key: 'already',
      group: 'kept',
      count: receipt.already,
      words: m.activity_line_already({ count: receipt.already }),
      unlisted: true,
    });
  const add = (line: ReceiptLine) => line.count > 0 && lines.push(line);
  const plain = (
    key: string,
    group: LineGroup,
    count: number,
    words: (input: { count: number }) => string,
    list?: EntryList,
  ) => add({ key, group, count, words: words({ count }), list });
  plain('updated', 'kept', receipt.updated, m.activity_line_updated, 'updated');
  plain('same-photo', 'kept', receipt.same_photo, m.activity_line_same_photo, 'same-photo');
  plain('restored', 'kept', receipt.restored, m.activity_line_restored, 'restored');
  for (const line of openLines(receipt)) add(line);
  add({
    key: 'doubtful',
    group: 'know',
    count: receipt.doubtful,
    words: m.activity_line_doubtful({ count: receipt.doubtful }),
    attention: true,
  });
  plain('absent', 'know', receipt.absent, m.activity_line_absent, 'absent');
  albumLines(receipt, lines);
  return lines;
}

/** What was not done, and why. */
function openLines(receipt: Receipt): ReceiptLine[] {
  const failed = failedCount(receipt);
  const skipped = receipt.skipped.reduce((sum, { count }) => sum + count, 0);
  return [
    {
      key: 'failed',
      group: 'open',
      count: failed,
      words: m.activity_line_failed({ count: failed }),
      reasons: receipt.failed,
      list: 'failed',
      attention: true,
    },
    {
      key: 'skipped',
      group: 'open',
      count: skipped,
      words: m.activity_line_skipped({ count: skipped }),
      reasons: receipt.skipped,
      list: 'skipped',
    },
  ];
}

function uploadLines(receipt: Receipt): ReceiptLine[] {
  const { added, added_bytes, already, same_photo } = receipt;
  const lines: ReceiptLine[] = [
    {
      key: 'uploaded',
      group: 'google',
      count: added,
      words: m.activity_line_uploaded({ count: added }),
      note: added_bytes > 0 ? format.bytes(added_bytes) : undefined,
      list: 'added',
    },
    {
      key: 'already',
      group: 'google',
      count: already,
      words: m.activity_line_uploaded_before({ count: already }),
      unlisted: true,
    },
    {
      key: 'same-photo',
      group: 'google',
      count: same_photo,
      words: m.activity_line_uploaded_same({ count: same_photo }),
      unlisted: true,
    },
  ];
  return [...lines, ...openLines(receipt)].filter(({ key, count }) => key === 'uploaded' || count > 0);
}

function albumLines(receipt: Receipt, lines: ReceiptLine[]): void {
  const counts = [
    ['albums', receipt.albums, m.activity_line_albums],
    ['links-made', receipt.links_made, m.activity_line_links_made],
    ['links-removed', receipt.links_removed, m.activity_line_links_removed],
  ] as const;
  for (const [key, count, words] of counts) {
    if (count > 0) lines.push({ key, group: 'albums', count, words: words({ count }), href: address('albums') });
  }
}

function verifyLines(receipt: Receipt): ReceiptLine[] {
  const failed = failedCount(receipt);
  const lines: ReceiptLine[] = [
    {
      key: 'sound',
      group: 'checked',
      count: receipt.already,
      words: m.activity_line_sound({ count: receipt.already }),
      unlisted: true,
    },
  ];
  if (failed > 0)
    lines.push({
      key: 'damaged',
      group: 'checked',
      count: failed,
      words: m.activity_line_damaged({ count: failed }),
      reasons: receipt.failed,
      list: 'damaged',
      attention: true,
    });
  return lines;
}

function pruneLines(receipt: Receipt, removed: number): ReceiptLine[] {
  const failed = failedCount(receipt);
  const lines: ReceiptLine[] = [
    {
      key: 'removed',
      group: 'trash',
      count: removed,
      words: m.activity_line_removed({ count: removed }),
      list: 'removed',
    },
  ];
  if (failed > 0)
    lines.push({
      key: 'stayed',
      group: 'trash',
      count: failed,
      words: m.activity_line_stayed({ count: failed }),
      reasons: receipt.failed,
      attention: true,
    });
  albumLines(receipt, lines);
  return lines;
}

const groupTitles: Record<LineGroup, () => string> = {
  kept: m.activity_group_kept,
  google: m.activity_group_google,
  open: m.activity_group_open,
  checked: m.activity_group_checked,
  know: m.activity_group_know,
  albums: m.activity_group_albums,
  trash: m.activity_group_trash,
};

/** The lines under their headings, in order. */
export function grouped(lines: ReceiptLine[]): { group: LineGroup; title: string; lines: ReceiptLine[] }[] {
  const groups = [...new Set(lines.map(({ group }) => group))];
  return groups.map((group) => ({
    group,
    title: groupTitles[group](),
    lines: lines.filter((line) => line.group === group),
  }));
}

// The kinds of findings of a verify are words of a closed set; every other reason is a sentence of the engine.
const findings = new Map([
  ['missing', m.activity_reason_missing],
  ['damaged', m.activity_reason_damaged],
  ['unreadable', m.activity_reason_unreadable],
]);

/** A reason as people read it. */
export function reasonWords(receipt: Receipt | null, reason: string, sentences?: Sentences): string {
  return (receipt?.kind === 'verify' && findings.get(reason)?.()) || say(reason, sentences);
}

/** What a button that opens a line is called. */
export function lineName(line: ReceiptLine): string {
  const text = `${format.number(line.count)} ${line.words}${line.note ? `, ${line.note}` : ''}`;
  if (line.list) return m.activity_open_list({ line: text });
  return m.activity_open_albums({ line: text });
}

const listTitles: Record<EntryList, () => string> = {
  added: m.activity_list_added,
  updated: m.activity_list_updated,
  'same-photo': m.activity_list_same_photo,
  restored: m.activity_list_restored,
  failed: m.activity_list_failed,
  skipped: m.activity_list_skipped,
  absent: m.activity_list_absent,
  removed: m.activity_list_removed,
  damaged: m.activity_list_damaged,
};

const listWords: Record<EntryList, (input: { count: number }) => string> = {
  added: m.activity_line_added,
  updated: m.activity_line_updated,
  'same-photo': m.activity_line_same_photo,
  restored: m.activity_line_restored,
  failed: m.activity_line_failed,
  skipped: m.activity_line_skipped,
  absent: m.activity_line_absent,
  removed: m.activity_line_removed,
  damaged: m.activity_line_damaged,
};

/** The line of a list alone, for a run that was cut off before it could write a receipt. */
export function listLine(list: EntryList, count: number): ReceiptLine {
  return { key: list, group: 'kept', count, words: listWords[list]({ count }), list };
}

/** The heading of a list. */
export function listTitle(list: EntryList): string {
  return listTitles[list]();
}

/** Seconds that a run took. */
export function seconds({ started, ended }: { started: string; ended: string }): number {
  return Math.max(0, (Date.parse(ended) - Date.parse(started)) / 1000);
}

/** How long it took, in words. */
export function tookWords(times: { started: string; ended: string }): string {
  const taken = seconds(times);
  return taken < 1 ? m.activity_took_under() : m.activity_took({ time: format.duration(taken) });
}
