// The layouts by name.

import type { Layout } from '$lib/backend';
import { m } from '$lib/texts';

/** Those that a new library can be made with; rclone's come with what it made. */
export function layoutCards(): { value: Layout; title: string; text: string; mark?: string }[] {
  return [
    {
      value: 'photokeep',
      title: m.settings_layout_photokeep(),
      text: m.settings_layout_photokeep_text(),
      mark: m.settings_layout_default(),
    },
    { value: 'gphotos-sync', title: m.settings_layout_gphotos_sync(), text: m.settings_layout_gphotos_sync_text() },
    {
      value: 'gphotos-sync-flat',
      title: m.settings_layout_gphotos_sync_flat(),
      text: m.settings_layout_gphotos_sync_flat_text(),
    },
    { value: 'gphotosync', title: m.settings_layout_gphotosync(), text: m.settings_layout_gphotosync_text() },
    { value: 'gphotosync-id', title: m.settings_layout_gphotosync_id(), text: m.settings_layout_gphotosync_id_text() },
  ];
}
