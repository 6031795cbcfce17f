// A past run in a line of the list: how it ended, in a mark and words. Pure.

import type { PastRun } from '$lib/backend';
import type { IconName } from '$lib/components';
import { m } from '$lib/texts';
import { failedCount } from './receipt-lines';

export interface RunMark {
  tone: 'good' | 'attention' | 'plain' | 'busy';
  icon: IconName;
  words: string;
}

const kinds = new Map([
  ['sync', m.activity_kind_sync],
  ['retry', m.activity_kind_retry],
  ['verify', m.activity_kind_verify],
  ['prune', m.activity_kind_prune],
  ['import', m.activity_kind_import],
  ['add', m.activity_kind_add],
  ['upload', m.activity_kind_upload],
  ['adopt', m.activity_kind_adopt],
]);

/** What kind of run it was; a kind of a newer engine under its own name. */
export function kindWords(kind: string): string {
  return kinds.get(kind)?.() ?? kind;
}

/** How it ended. `going`: it is the one under way. `last`: no later run could have gone on from there. */
export function runMark(run: PastRun, { going, last }: { going: boolean; last: boolean }): RunMark {
  const mark = (tone: RunMark['tone'], icon: IconName, words: string): RunMark => ({ tone, icon, words });
  if (going) return mark('busy', 'sync', m.activity_row_running());
  const receipt = run.receipt;
  if (run.ended === null || !receipt)
    return mark('plain', 'stop', last ? m.activity_row_cut_off_last() : m.activity_row_cut_off());
  if (typeof receipt.outcome === 'object') return mark('plain', 'stop', m.activity_row_stopped());
  const count = failedCount(receipt);
  if (count > 0) {
    const words =
      run.kind === 'verify'
        ? m.activity_row_damaged({ count })
        : run.kind === 'prune'
          ? m.activity_row_stayed({ count })
          : m.activity_row_failed({ count });
    return mark('attention', 'warning', words);
  }
  if (run.kind === 'prune') return mark('good', 'check', m.activity_row_done());
  if (run.complete)
    return mark('good', 'check', run.kind === 'verify' ? m.activity_row_sound() : m.activity_row_complete());
  if (run.kind === 'verify') return mark('attention', 'link', m.activity_row_links());
  if (receipt.doubtful > 0) return mark('attention', 'warning', m.activity_row_doubtful({ count: receipt.doubtful }));
  return mark('plain', 'check', run.whole ? m.activity_row_done() : m.activity_row_partial());
}

/** What came of it, in a few words; `null` where there is nothing to say. */
export function gainWords({ kind, receipt }: PastRun): string | null {
  if (!receipt || kind === 'prune') return null;
  if (kind === 'verify') return m.activity_row_checked({ count: receipt.already });
  if (kind === 'upload') return m.activity_row_uploaded({ count: receipt.added });
  return receipt.added > 0 ? m.activity_row_added({ count: receipt.added }) : m.activity_row_none_added();
}
