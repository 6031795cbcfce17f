// The kinds of album links as cards: what each costs, which works on the disk, which is recommended.

import type { LinkChoice, LinkKind } from '$lib/backend';
import { m } from '$lib/texts';

export interface LinkCard {
  value: LinkChoice;
  title: string;
  text: string;
  mark?: string;
  disabled: boolean;
}

/** `auto` is the kind that automatic means on this disk; `null` where that is not known. */
export function linkCards(works: LinkKind[], auto: LinkKind | null, locked = false): LinkCard[] {
  const kind = (value: LinkKind, title: string, text: string): LinkCard => {
    const possible = works.includes(value);
    return { value, title, text: possible ? text : m.settings_links_not_here(), disabled: locked || !possible };
  };
  return [
    {
      value: 'auto',
      title: m.settings_links_auto(),
      text: autoText(auto),
      mark: m.settings_links_recommended(),
      disabled: locked,
    },
    kind('symlink', m.settings_links_symlink(), m.settings_links_symlink_text()),
    kind('hardlink', m.settings_links_hardlink(), m.settings_links_hardlink_text()),
    kind('copy', m.settings_links_copy(), m.settings_links_copy_text()),
    kind('shortcut', m.settings_links_shortcut(), m.settings_links_shortcut_text()),
    { value: 'none', title: m.settings_links_none(), text: m.settings_links_none_text(), disabled: locked },
  ];
}

function autoText(auto: LinkKind | null): string {
  switch (auto) {
    case 'symlink':
      return m.settings_links_auto_symlink();
    case 'hardlink':
      return m.settings_links_auto_hardlink();
    case 'copy':
      return m.settings_links_auto_copy();
    default:
      return m.settings_links_auto_unknown();
  }
}

/** What automatic takes where these kinds work: the same order as the engine's. */
export function bestOf(works: LinkKind[]): LinkKind | null {
  return (['symlink', 'hardlink', 'copy'] as const).find((kind) => works.includes(kind)) ?? null;
}
