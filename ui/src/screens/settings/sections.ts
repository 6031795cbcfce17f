// The sections of the settings, in order, as they stand in the address: `#/settings/trash`.

import type { IconName } from '$lib/components';
import { m } from '$lib/texts';

export const sections = ['library', 'filters', 'account', 'background', 'appearance', 'trash', 'about'] as const;
export type SectionName = (typeof sections)[number];

/** The section an address names; the first for names nobody knows. */
export function sectionOf(id: string | null): SectionName {
  return sections.find((section) => section === id) ?? 'library';
}

export const sectionIcons: Record<SectionName, IconName> = {
  library: 'disk',
  filters: 'list',
  account: 'person',
  background: 'clock',
  appearance: 'screen',
  trash: 'trash',
  about: 'info',
};

export function sectionTitle(section: SectionName): string {
  return {
    library: m.settings_library,
    filters: m.settings_filters,
    account: m.settings_account,
    background: m.background_title,
    appearance: m.settings_appearance,
    trash: m.settings_trash,
    about: m.settings_about,
  }[section]();
}
