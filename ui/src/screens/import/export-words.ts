// An export in words: when, what kind, what is missing. Pure; drawn by `ExportCard.svelte`.

import type { ImportedExport } from '$lib/backend';
import * as format from '$lib/format';
import { m } from '$lib/texts';

export interface ExportTrouble {
  key: 'missing' | 'not-delivered' | 'without-photo' | 'open-pairs';
  title: string;
  text: string;
  examples: string[];
}

const kinds = new Map([
  ['first', m.import_kind_first],
  ['full', m.import_kind_full],
  ['increment', m.import_kind_increment],
  ['partial', m.import_kind_partial],
]);

/** The kind; one of a newer engine is just an export. */
export function kindWords({ kind }: ImportedExport): string {
  return (kinds.get(kind) ?? m.import_kind_other)();
}

/** When it was made. */
export function exportTitle({ made_at }: ImportedExport): string {
  return made_at ? m.import_export_of({ date: format.day(made_at) }) : m.import_export_undated();
}

/** What is missing in it, or could not be told. */
export function troubles(told: ImportedExport): ExportTrouble[] {
  const found: ExportTrouble[] = [];
  const add = (key: ExportTrouble['key'], title: string, text: string, examples: string[] = []) =>
    found.push({ key, title, text, examples });
  const { missing, not_delivered, without_photo, open_pairs } = told;
  if (missing.length > 0)
    add('missing', m.import_missing({ count: missing.length, list: ranges(missing) }), m.import_missing_text());
  if (not_delivered > 0)
    add(
      'not-delivered',
      m.import_not_delivered({ count: not_delivered }),
      m.import_not_delivered_text(),
      told.not_delivered_examples,
    );
  if (without_photo > 0)
    add('without-photo', m.import_without_photo({ count: without_photo }), m.import_without_photo_text());
  if (open_pairs > 0) add('open-pairs', m.import_open_pairs({ count: open_pairs }), m.import_open_pairs_text());
  return found;
}

/** Numbers as people write them: 2, 5–9 and 12. */
export function ranges(numbers: number[]): string {
  const parts: [number, number][] = [];
  for (const number of [...numbers].sort((one, other) => one - other)) {
    const last = parts.at(-1);
    if (last && number <= last[1] + 1) last[1] = number;
    else parts.push([number, number]);
  }
  return format.list(
    parts.map(([from, to]) => (from === to ? `${from}` : to === from + 1 ? `${from}, ${to}` : `${from}–${to}`)),
  );
}
