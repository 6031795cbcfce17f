// What each code means for the photos and what helps, in the user's language. The engine's own sentence (English, with the
// paths and numbers of the case) is shown below it as a detail; text is never matched.

import type { ErrorCode, ShownError } from './backend';
import { hintOf, say, spoken } from './sentences';
import { m } from './texts';

/** What the button of an error does. `retry` belongs to whoever shows the error; the rest the app can do by itself. */
export type ErrorAction = 'retry' | 'sign-in' | 'choose-folder' | 'choose-client' | 'open-sync' | 'reload' | 'settings';

export interface ErrorText {
  /** What happened. */
  title: string;
  /** What it means for the photos, and what to do. */
  meaning: string;
  action: ErrorAction | null;
  /** Words on the button. */
  button: string | null;
}

interface Entry {
  title: () => string;
  meaning: () => string;
  action: ErrorAction | null;
}

const texts: Record<ErrorCode, Entry> = {
  usage: { title: m.error_usage_title, meaning: m.error_usage_meaning, action: null },
  'no-library': { title: m.error_no_library_title, meaning: m.error_no_library_meaning, action: 'choose-folder' },
  'sign-in-needed': { title: m.error_sign_in_needed_title, meaning: m.error_sign_in_needed_meaning, action: 'sign-in' },
  'access-refused': { title: m.error_access_refused_title, meaning: m.error_access_refused_meaning, action: 'sign-in' },
  'client-file': { title: m.error_client_file_title, meaning: m.error_client_file_meaning, action: 'choose-client' },
  network: { title: m.error_network_title, meaning: m.error_network_meaning, action: 'retry' },
  quota: { title: m.error_quota_title, meaning: m.error_quota_meaning, action: null },
  'library-busy': { title: m.error_library_busy_title, meaning: m.error_library_busy_meaning, action: 'open-sync' },
  'target-full': { title: m.error_target_full_title, meaning: m.error_target_full_meaning, action: 'retry' },
  'target-read-only': {
    title: m.error_target_read_only_title,
    meaning: m.error_target_read_only_meaning,
    action: 'retry',
  },
  'target-gone': { title: m.error_target_gone_title, meaning: m.error_target_gone_meaning, action: 'retry' },
  'folder-gone': { title: m.error_folder_gone_title, meaning: m.error_folder_gone_meaning, action: 'retry' },
  'catalog-damaged': { title: m.error_catalog_damaged_title, meaning: m.error_catalog_damaged_meaning, action: null },
  'catalog-newer': { title: m.error_catalog_newer_title, meaning: m.error_catalog_newer_meaning, action: null },
  'catalog-locked': { title: m.error_catalog_locked_title, meaning: m.error_catalog_locked_meaning, action: 'retry' },
  'item-gone': { title: m.error_item_gone_title, meaning: m.error_item_gone_meaning, action: null },
  'item-not-media': { title: m.error_item_not_media_title, meaning: m.error_item_not_media_meaning, action: null },
  'item-failed': { title: m.error_item_failed_title, meaning: m.error_item_failed_meaning, action: 'retry' },
  'item-not-ready': { title: m.error_item_not_ready_title, meaning: m.error_item_not_ready_meaning, action: null },
  cancelled: { title: m.error_cancelled_title, meaning: m.error_cancelled_meaning, action: null },
  internal: { title: m.error_internal_title, meaning: m.error_internal_meaning, action: 'retry' },
  'host-gone': { title: m.error_host_gone_title, meaning: m.error_host_gone_meaning, action: 'reload' },
  'not-let-in': { title: m.error_not_let_in_title, meaning: m.error_not_let_in_meaning, action: 'reload' },
};

const buttons: Record<ErrorAction, () => string> = {
  retry: m.error_button_retry,
  'sign-in': m.error_button_sign_in,
  'choose-folder': m.error_button_choose_folder,
  'choose-client': m.error_button_choose_client,
  'open-sync': m.error_button_open_sync,
  reload: m.error_button_reload,
  settings: m.error_button_settings,
};

/** Whether there is a text for it. A newer engine may know codes that this UI does not. */
function known(code: string): code is ErrorCode {
  return Object.hasOwn(texts, code);
}

/** The words for an error; for a code that is not known here, the engine's own. What a choice cannot be is said by its sentence. */
export function describe(
  error: Pick<ShownError, 'message' | 'hint'> & { code: string; sentences?: ShownError['sentences'] },
): ErrorText {
  const { sentences } = error;
  if (error.code === 'usage' && sentences && spoken(error.message, sentences) === undefined) {
    const meaning = hintOf({ ...error, sentences }) ?? '';
    return { title: say(error.message, sentences), meaning, action: null, button: null };
  }
  if (!known(error.code)) return { title: error.message, meaning: error.hint ?? '', action: null, button: null };
  const { title, meaning, action } = texts[error.code];
  // Which folder it is, where that can be said.
  const named = error.code === 'folder-gone' && sentences?.[error.message] ? say(error.message, sentences) : null;
  return { title: named ?? title(), meaning: meaning(), action, button: action && buttons[action]() };
}

/** Everything for a bug report, as text; English, since those who read it may not be able to read the user's language. */
export function report(error: ShownError, version: string | undefined): string {
  const lines = [`Photokeep ${version ?? '(version unknown)'}`, `${error.code}: ${error.message}`];
  if (error.hint) lines.push(error.hint);
  for (const [name, value] of Object.entries(error.details)) lines.push(`${name}: ${value}`);
  return lines.join('\n');
}
