// The account of an import as lines: how many entries ended how, in an order that people ask in. Pure; drawn by `Account.svelte`.

import type { ArchiveAccount, ArchiveEntryEnd, ImportPlan, Receipt } from '$lib/backend';
import { m } from '$lib/texts';

export interface AccountLine {
  ended: ArchiveEntryEnd;
  count: number;
  words: string;
  attention: boolean;
}

const lines: [ArchiveEntryEnd, keyof ArchiveAccount, (input: { count: number }) => string][] = [
  ['stored', 'stored', m.import_end_stored],
  ['already', 'already', m.import_end_already],
  ['open', 'open', m.import_end_open],
  ['sidecar', 'sidecars', m.import_end_sidecar],
  ['album', 'albums', m.import_end_album],
  ['service', 'service', m.import_end_service],
  ['other', 'other', m.import_end_other],
  ['companion', 'companions', m.import_end_companion],
  ['refused', 'refused', m.import_end_refused],
];

/** The lines that count anything. `planned`: nothing was read yet, so what is open is merely to come. */
export function accountLines(account: ArchiveAccount, planned = false): AccountLine[] {
  return lines
    .map(([ended, key, words]) => {
      const count = account[key];
      const open = ended === 'open' && planned;
      return {
        ended,
        count,
        words: (open ? m.import_end_open_plan : words)({ count }),
        attention: ended === 'refused' || (ended === 'open' && !planned),
      };
    })
    .filter(({ count }) => count > 0);
}

/** Whether the numbers add up. They always do, and if not that must be seen. */
export function addsUp(account: ArchiveAccount): boolean {
  return lines.reduce((sum, [, key]) => sum + account[key], 0) === account.entries;
}

/** Whether nothing in the archives is wanted any more: all of them read to the end, nothing refused or open. */
export function archivesAreDone(receipt: Receipt, plan: ImportPlan | null): boolean {
  const account = receipt.account;
  return (
    account !== null &&
    receipt.outcome === 'done' &&
    receipt.failed.length === 0 &&
    account.refused === 0 &&
    account.open === 0 &&
    plan !== null &&
    plan.refused.length === 0 &&
    plan.exports.every((told) => told.open_pairs === 0 && told.without_photo === 0)
  );
}
