// The heading of the import's screen, by where its run is. Pure.

import type { RunState } from '$lib/backend';
import { m } from '$lib/texts';

export interface Heading {
  title: string;
  lead?: string;
}

/** What stands above an import. A run of another kind leaves the screen at its beginning. */
export function importHeading(run: RunState): Heading {
  const at = run.kind === 'import' ? run.activity : 'idle';
  if (at === 'idle') return { title: m.import_title(), lead: m.import_lead() };
  if (at !== 'ended') {
    if (run.planning) return { title: m.import_looking_title(), lead: m.import_looking_lead() };
    return { title: m.import_running_title(), lead: m.import_running_lead() };
  }
  if (run.planning && !run.error && run.import) return { title: m.import_plan_title(), lead: m.import_plan_lead() };
  return { title: run.receipt ? m.import_receipt_title() : m.import_ended_title() };
}
