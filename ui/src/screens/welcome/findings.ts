// What the probe found about a folder, in the user's language. Codes are translated; the probe's further remarks exist in
// English only and are kept apart.

import type { FindingCode, FolderFinding, FolderReport, Grade } from '$lib/backend';
import type { IconName } from '$lib/components';
import { m } from '$lib/texts';

const texts: Record<FindingCode, () => string> = {
  network: m.welcome_finding_network,
  'large-files': m.welcome_finding_large_files,
  'in-memory': m.welcome_finding_in_memory,
  symlinks: m.welcome_finding_symlinks,
  'hard-links': m.welcome_finding_hard_links,
  'no-links': m.welcome_finding_no_links,
  'developer-mode': m.welcome_finding_developer_mode,
  'no-privilege': m.welcome_finding_no_privilege,
  'share-rules': m.welcome_finding_share_rules,
  'case-insensitive': m.welcome_finding_case_insensitive,
  'refused-characters': m.welcome_finding_refused_characters,
  'coarse-times': m.welcome_finding_coarse_times,
  'no-locks': m.welcome_finding_no_locks,
  'not-empty': m.welcome_finding_not_empty,
  adoptable: m.welcome_finding_adoptable,
  library: m.welcome_finding_library,
  unusable: m.welcome_finding_unusable,
};

/** How a finding is said; `null` for remarks without a code of their own, and for codes of a newer engine. */
export function findingText(finding: FolderFinding): string | null {
  return Object.hasOwn(texts, finding.code) ? texts[finding.code]() : null;
}

export const gradeIcons: Record<Grade, IconName> = { good: 'done', note: 'info', warning: 'warning', bad: 'close' };

export function gradeName(grade: Grade): string {
  return {
    good: m.welcome_grade_good,
    note: m.welcome_grade_note,
    warning: m.welcome_grade_warning,
    bad: m.welcome_grade_bad,
  }[grade]();
}

/** The findings to show at once and the remarks to fold away. A warning is never folded away. */
export function sorted(report: FolderReport): { first: FolderFinding[]; more: FolderFinding[] } {
  const folded = (finding: FolderFinding) =>
    findingText(finding) === null && (finding.grade === 'note' || finding.grade === 'good');
  return {
    first: report.findings.filter((finding) => !folded(finding)),
    more: report.findings.filter(folded),
  };
}
