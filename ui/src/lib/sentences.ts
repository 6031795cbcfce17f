// The engine's sentences in the user's language. The engine sends each that it knows with a code; text is never matched here.

import type { Sentence, SentenceCode, ShownError } from './backend';
import * as format from './format';
import { locale } from './locale.svelte';
import { m } from './texts';

/** The sentences of an answer that have a code, by the text that stands in the answer. */
export type Sentences = Record<string, Sentence>;

type Values = Record<string, string>;

const value = (values: Values, name: string): string => {
  const text = values[name] ?? '';
  return /^\d{1,15}$/.test(text) ? format.number(Number(text)) : text;
};

const words: Record<SentenceCode, (values: Values) => string> = {
  'client-empty': () => m.sentence_client_empty(),
  'client-web-page': () => m.sentence_client_web_page(),
  'client-not-json': () => m.sentence_client_not_json(),
  'client-service-account': () => m.sentence_client_service_account(),
  'client-tokens': () => m.sentence_client_tokens(),
  'client-api-key': () => m.sentence_client_api_key(),
  'client-other-json': () => m.sentence_client_other_json(),
  'client-odd-parts': () => m.sentence_client_odd_parts(),
  'client-no-id': () => m.sentence_client_no_id(),
  'client-id-ending': () => m.sentence_client_id_ending(),
  'client-id-number': () => m.sentence_client_id_number(),
  'client-id-characters': () => m.sentence_client_id_characters(),
  'client-no-secret': () => m.sentence_client_no_secret(),
  'client-no-redirect': () => m.sentence_client_no_redirect(),
  'client-none': () => m.sentence_client_none(),
  'paste-other-sign-in': () => m.sentence_paste_other_sign_in(),
  'paste-not-the-address': () => m.sentence_paste_not_the_address(),
  'sign-in-not-given': () => m.sentence_sign_in_not_given(),
  'sign-in-refused': () => m.sentence_sign_in_refused(),
  'sign-in-nobody': () => m.sentence_sign_in_nobody(),
  'sign-in-nobody-for': (v) => m.sentence_sign_in_nobody_for({ library: value(v, 'library') }),
  'sign-in-box-not-ticked': () => m.sentence_sign_in_box_not_ticked(),
  'sign-in-not-lasting': () => m.sentence_sign_in_not_lasting(),
  'sign-in-not-accepted': () => m.sentence_sign_in_not_accepted(),
  'sign-in-kept-in-keychain': () => m.sentence_sign_in_kept_in_keychain(),
  'sign-in-kept-in-file': (v) => m.sentence_sign_in_kept_in_file({ path: value(v, 'path') }),
  'sign-in-upload-not-ticked': () => m.sentence_sign_in_upload_not_ticked(),
  'compare-with-itself': () => m.sentence_compare_with_itself(),
  'compare-elsewhere': () => m.sentence_compare_elsewhere(),
  'compare-no-folder': (v) => m.sentence_compare_no_folder({ path: value(v, 'path') }),
  'compare-folder-gone': (v) => m.sentence_compare_folder_gone({ path: value(v, 'path') }),
  'compare-folder-closed': (v) => m.sentence_compare_folder_closed({ path: value(v, 'path') }),
  'compare-gone': () => m.sentence_compare_gone(),
  'compare-file-gone': () => m.sentence_compare_file_gone(),
  'compare-again': () => m.sentence_compare_again(),
  'compare-busy': () => m.sentence_compare_busy(),
  'no-address': () => m.sentence_no_address(),
  'changed-meanwhile': () => m.sentence_changed_meanwhile(),
  'empty-file': () => m.sentence_empty_file(),
  'web-page-came': () => m.sentence_web_page_came(),
  'other-file-came': () => m.sentence_other_file_came(),
  'still-came': () => m.sentence_still_came(),
  'unknown-form': () => m.sentence_unknown_form(),
  'cut-short': (v) => m.sentence_cut_short({ why: value(v, 'why') }),
  'bytes-fail': () => m.sentence_bytes_fail(),
  'bytes-refused-fresh': () => m.sentence_bytes_refused_fresh(),
  'bytes-refused': () => m.sentence_bytes_refused(),
  'bytes-nonsense': () => m.sentence_bytes_nonsense(),
  'broke-off': () => m.sentence_broke_off(),
  'no-free-name': () => m.sentence_no_free_name(),
  'empty-in-archive': () => m.sentence_empty_in_archive(),
  'web-page-in-archive': () => m.sentence_web_page_in_archive(),
  'other-file-in-archive': () => m.sentence_other_file_in_archive(),
  'item-refused': () => m.sentence_item_refused(),
  'item-fails': () => m.sentence_item_fails(),
  'item-processing': () => m.sentence_item_processing(),
  'no-free-name-left': () => m.sentence_no_free_name_left(),
  'no-free-name-for-file': () => m.sentence_no_free_name_for_file(),
  'not-a-file-now': () => m.sentence_not_a_file_now(),
  'archive-not-here': () => m.sentence_archive_not_here(),
  'file-unreadable': (v) => m.sentence_file_unreadable({ error: value(v, 'error') }),
  'archive-gone': (v) => m.sentence_archive_gone({ path: value(v, 'path') }),
  'not-at-google': () => m.sentence_not_at_google(),
  'upload-not-made': () => m.sentence_upload_not_made(),
  'upload-not-shown': () => m.sentence_upload_not_shown(),
  'upload-other-size': () => m.sentence_upload_other_size(),
  'upload-not-in-album': () => m.sentence_upload_not_in_album(),
  'upload-not-taken': () => m.sentence_upload_not_taken(),
  'upload-broke-off': () => m.sentence_upload_broke_off(),
  'upload-video-too-large': () => m.sentence_upload_video_too_large(),
  'upload-photo-too-large': () => m.sentence_upload_photo_too_large(),
  'upload-empty': () => m.sentence_upload_empty(),
  'next-run-tries': () => m.sentence_next_run_tries(),
  'tried-again': () => m.sentence_tried_again(),
  'no-longer-at-google': () => m.sentence_no_longer_at_google(),
  'was-on-the-disk': () => m.sentence_was_on_the_disk(),
  'finished-later': () => m.sentence_finished_later(),
  'other-bytes': () => m.sentence_other_bytes(),
  'other-size': (v) => m.sentence_other_size({ now: value(v, 'now'), stored: value(v, 'stored') }),
  'not-there': () => m.sentence_not_there(),
  'replaced-by-newer': () => m.sentence_replaced_by_newer(),
  'replaced-changed': () => m.sentence_replaced_changed(),
  'prune-changed': (v) => m.sentence_prune_changed({ path: value(v, 'path') }),
  'removed-here': () => m.sentence_removed_here(),
  'removed-here-rest-stays': () => m.sentence_removed_here_rest_stays(),
  'removed-here-before': () => m.sentence_removed_here_before(),
  'entry-same-path': () => m.sentence_entry_same_path(),
  'entry-json-unreadable': () => m.sentence_entry_json_unreadable(),
  'entry-photo-elsewhere': () => m.sentence_entry_photo_elsewhere(),
  'entry-photo-nowhere': () => m.sentence_entry_photo_nowhere(),
  'entry-fits-several': () => m.sentence_entry_fits_several(),
  'entry-fits-several-descriptions': () => m.sentence_entry_fits_several_descriptions(),
  'disk-full': () => m.sentence_disk_full(),
  'disk-share-full': () => m.sentence_disk_share_full(),
  'disk-read-only': () => m.sentence_disk_read_only(),
  'disk-denied': (v) => m.sentence_disk_denied({ path: value(v, 'path') }),
  'disk-fails': (v) => m.sentence_disk_fails({ path: value(v, 'path') }),
  'disk-unplugged': () => m.sentence_disk_unplugged(),
  'disk-silent': () => m.sentence_disk_silent(),
  'path-too-long': (v) => m.sentence_path_too_long({ path: value(v, 'path') }),
  'name-refused': (v) => m.sentence_name_refused({ path: value(v, 'path') }),
  'file-too-large': (v) => m.sentence_file_too_large({ path: value(v, 'path') }),
  'file-in-the-way': (v) => m.sentence_file_in_the_way({ path: value(v, 'path') }),
  'file-in-use': (v) => m.sentence_file_in_use({ path: value(v, 'path') }),
  'disk-refused': (v) => m.sentence_disk_refused({ path: value(v, 'path') }),
  'no-such-place': () => m.sentence_no_such_place(),
  'was-a-library': (v) => m.sentence_was_a_library({ path: value(v, 'path') }),
  'no-library-in': (v) => m.sentence_no_library_in({ path: value(v, 'path') }),
  'inbox-imported-taken': (v) => m.sentence_inbox_imported_taken({ name: value(v, 'name') }),
  'not-a-folder': (v) => m.sentence_not_a_folder({ path: value(v, 'path') }),
  'path-missing': (v) => m.sentence_path_missing({ path: value(v, 'path') }),
  'folder-part-too-long': () => m.sentence_folder_part_too_long(),
  'folder-zero': () => m.sentence_folder_zero(),
  'archive-not-finished': () => m.sentence_archive_not_finished(),
  'archive-web-page': () => m.sentence_archive_web_page(),
  'archive-split-zip': () => m.sentence_archive_split_zip(),
  'archive-not-an-archive': () => m.sentence_archive_not_an_archive(),
  'archive-directory-damaged': () => m.sentence_archive_directory_damaged(),
  'archive-too-many-entries': () => m.sentence_archive_too_many_entries(),
  'archive-unreadable': () => m.sentence_archive_unreadable(),
  'archive-name-empty': () => m.sentence_archive_name_empty(),
  'archive-name-too-long': () => m.sentence_archive_name_too_long(),
  'archive-control-character': () => m.sentence_archive_control_character(),
  'archive-parent-folder': () => m.sentence_archive_parent_folder(),
  'archive-absolute-path': () => m.sentence_archive_absolute_path(),
  'archive-drive-letter': () => m.sentence_archive_drive_letter(),
  'archive-backslash': () => m.sentence_archive_backslash(),
  'archive-link': () => m.sentence_archive_link(),
  'archive-special-entry': () => m.sentence_archive_special_entry(),
  'archive-duplicate-path': () => m.sentence_archive_duplicate_path(),
  'archive-encrypted': () => m.sentence_archive_encrypted(),
  'archive-unknown-method': () => m.sentence_archive_unknown_method(),
  'archive-sizes-disagree': () => m.sentence_archive_sizes_disagree(),
  'archive-too-large': () => m.sentence_archive_too_large(),
  'archive-too-compressed': () => m.sentence_archive_too_compressed(),
  'archive-overlapping': () => m.sentence_archive_overlapping(),
  'archive-beyond-end': () => m.sentence_archive_beyond_end(),
  'archive-longer-than-declared': () => m.sentence_archive_longer_than_declared(),
  'archive-shorter-than-declared': () => m.sentence_archive_shorter_than_declared(),
  'archive-checksum-wrong': () => m.sentence_archive_checksum_wrong(),
  'archive-damaged': () => m.sentence_archive_damaged(),
  'archive-cut-short': () => m.sentence_archive_cut_short(),
  'archive-detail': (v) => m.sentence_archive_detail({ sentence: value(v, 'sentence'), detail: value(v, 'detail') }),
  'import-not-there': (v) => m.sentence_import_not_there({ path: value(v, 'path') }),
  'import-in-library': (v) => m.sentence_import_in_library({ path: value(v, 'path') }),
  'import-cannot': (v) => m.sentence_import_cannot({ name: value(v, 'name'), sentence: value(v, 'sentence') }),
  'import-no-export': () => m.sentence_import_no_export(),
  'import-nothing-named': () => m.sentence_import_nothing_named(),
  'inbox-nothing-finished': () => m.sentence_inbox_nothing_finished(),
  'inbox-not-a-folder': (v) => m.sentence_inbox_not_a_folder({ path: value(v, 'path') }),
  'inbox-in-library': (v) => m.sentence_inbox_in_library({ path: value(v, 'path') }),
  'inbox-not-text': (v) => m.sentence_inbox_not_text({ path: value(v, 'path') }),
  'inbox-not-whole': () => m.sentence_inbox_not_whole(),
  'inbox-unknown': (v) => m.sentence_inbox_unknown({ path: value(v, 'path') }),
  'inbox-link': () => m.sentence_inbox_link(),
  'quota-used-up': () => m.sentence_quota_used_up(),
  'slow-down': () => m.sentence_slow_down(),
  'servers-down': () => m.sentence_servers_down(),
  unreachable: () => m.sentence_unreachable(),
  'not-google': () => m.sentence_not_google(),
  'no-download-works': () => m.sentence_no_download_works(),
  stopped: () => m.sentence_stopped(),
  'import-stopped': () => m.sentence_import_stopped(),
  'verify-stopped': () => m.sentence_verify_stopped(),
  'listed-in-part': () => m.sentence_listed_in_part(),
  'out-of-sight': (v) => m.sentence_out_of_sight({ count: value(v, 'count') }),
  'upload-not-allowed': () => m.sentence_upload_not_allowed(),
  'upload-other-account': (v) =>
    m.sentence_upload_other_account({ library: value(v, 'library'), account: value(v, 'account') }),
  'upload-full': () => m.sentence_upload_full(),
  'upload-unplayable': () => m.sentence_upload_unplayable(),
  'upload-not-taken-now': () => m.sentence_upload_not_taken_now(),
  'upload-refused': () => m.sentence_upload_refused(),
  'folder-gone': (v) => m.sentence_folder_gone({ path: value(v, 'path') }),
  'note-own-uploads': () => m.sentence_note_own_uploads(),
  'note-no-shared-albums': () => m.sentence_note_no_shared_albums(),
  'note-album-unread': (v) => m.sentence_note_album_unread({ title: value(v, 'title') }),
  'note-listing-broken': () => m.sentence_note_listing_broken(),
  'note-listing-grew': () => m.sentence_note_listing_grew(),
  'note-items-left-out': (v) => m.sentence_note_items_left_out({ count: value(v, 'count') }),
  'note-albums-left-out': (v) => m.sentence_note_albums_left_out({ count: value(v, 'count') }),
  'note-settled': (v) => m.sentence_note_settled({ count: value(v, 'count') }),
  'note-changed-files': (v) => m.sentence_note_changed_files({ count: value(v, 'count'), path: value(v, 'path') }),
  'note-disk-small': () => m.sentence_note_disk_small(),
  'note-absent': (v) => m.sentence_note_absent({ count: value(v, 'count') }),
  'note-link-changed': (v) => m.sentence_note_link_changed({ path: value(v, 'path') }),
  'note-album-left': (v) => m.sentence_note_album_left({ title: value(v, 'title'), why: value(v, 'why') }),
  'note-link-failed': (v) => m.sentence_note_link_failed({ path: value(v, 'path'), why: value(v, 'why') }),
  'note-cut-short-at-google': (v) =>
    m.sentence_note_cut_short_at_google({ title: value(v, 'title'), sentence: value(v, 'sentence') }),
  'note-cut-short-twice': (v) =>
    m.sentence_note_cut_short_twice({ title: value(v, 'title'), sentence: value(v, 'sentence') }),
  'note-not-taken': (v) => m.sentence_note_not_taken({ name: value(v, 'name'), sentence: value(v, 'sentence') }),
  'note-part-cut': (v) => m.sentence_note_part_cut({ name: value(v, 'name'), sentence: value(v, 'sentence') }),
  'note-part-unproven': (v) =>
    m.sentence_note_part_unproven({ name: value(v, 'name'), sentence: value(v, 'sentence') }),
  'note-part-trouble': (v) => m.sentence_note_part_trouble({ name: value(v, 'name'), sentence: value(v, 'sentence') }),
  'note-part-missing': (v) => m.sentence_note_part_missing({ number: value(v, 'number'), export: value(v, 'export') }),
  'note-many-parts-missing': (v) =>
    m.sentence_note_many_parts_missing({
      numbers: value(v, 'numbers'),
      count: value(v, 'count'),
      export: value(v, 'export'),
    }),
  'note-parts-missing': (v) =>
    m.sentence_note_parts_missing({ numbers: value(v, 'numbers'), export: value(v, 'export') }),
  'note-may-be-unpacked': (v) =>
    m.sentence_note_may_be_unpacked({ path: value(v, 'path'), export: value(v, 'export') }),
  'note-copy': (v) => m.sentence_note_copy({ copy: value(v, 'copy'), of: value(v, 'of') }),
  'note-copy-helps': (v) => m.sentence_note_copy_helps({ copy: value(v, 'copy'), of: value(v, 'of') }),
  'note-may-be-one': (v) => m.sentence_note_may_be_one({ one: value(v, 'one'), other: value(v, 'other') }),
  'note-parts-again': (v) => m.sentence_note_parts_again({ count: value(v, 'count') }),
  'note-no-google-photos': () => m.sentence_note_no_google_photos(),
  'note-increment': (v) =>
    m.sentence_note_increment({ export: value(v, 'export'), count: value(v, 'count'), known: value(v, 'known') }),
  'note-not-delivered': (v) => m.sentence_note_not_delivered({ count: value(v, 'count'), path: value(v, 'path') }),
  'note-open-sidecars': (v) => m.sentence_note_open_sidecars({ count: value(v, 'count') }),
  'note-without-photo': (v) => m.sentence_note_without_photo({ count: value(v, 'count') }),
  'note-xmp-left': (v) =>
    m.sentence_note_xmp_left({
      written: value(v, 'written'),
      unchanged: value(v, 'unchanged'),
      left: value(v, 'left'),
    }),
  'note-xmp': (v) => m.sentence_note_xmp({ written: value(v, 'written'), unchanged: value(v, 'unchanged') }),
  'note-unstorable-dates': (v) => m.sentence_note_unstorable_dates({ count: value(v, 'count') }),
  'note-read-only': () => m.sentence_note_read_only(),
  'note-no-locks': (v) => m.sentence_note_no_locks({ why: value(v, 'why') }),
  'note-taken-over': () => m.sentence_note_taken_over(),
  'note-other-computer': () => m.sentence_note_other_computer(),
  'note-catalog-copy': () => m.sentence_note_catalog_copy(),
  'note-catalog-new': () => m.sentence_note_catalog_new(),
};

/** Whether there are words for it here. A newer engine may know sentences that this UI does not. */
function known(sentence: Sentence | undefined): sentence is Sentence {
  return sentence !== undefined && Object.hasOwn(words, sentence.code);
}

/** A sentence of the engine in the user's language; one without a code as the engine wrote it. */
export function say(text: string, sentences: Sentences | undefined): string {
  const sentence = sentences?.[text];
  return known(sentence) ? put(sentence) : text;
}

/** A sentence with its values; those that are sentences themselves are said first. */
function put({ code, values, parts }: Sentence): string {
  const said = Object.entries(parts).map(([name, part]) => [name, known(part) ? put(part) : (values[name] ?? '')]);
  return words[code]({ ...values, ...Object.fromEntries(said) });
}

/** What an error says to do, where that goes with the language of its sentence. */
export function hintOf({
  message,
  hint,
  sentences,
}: Pick<ShownError, 'message' | 'hint' | 'sentences'>): string | null {
  if (hint === null) return null;
  // An English hint behind a translated sentence reads as a mistake; the meaning of the code says what to do as well.
  const mixed = spoken(message, sentences) === undefined && spoken(hint, sentences) === 'en';
  return mixed ? null : say(hint, sentences);
}

/** The language a sentence is shown in, for screen readers; `undefined` for that of the page. */
export function spoken(text: string, sentences: Sentences | undefined): 'en' | undefined {
  return locale.current === 'en' || known(sentences?.[text]) ? undefined : 'en';
}
