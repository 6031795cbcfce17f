// Written by `cargo xtask types` from crates/app/src/boundary. Not edited by hand; a test fails when it is stale.

/** Who is signed in. */
export type Account = {
  /** Whether anybody is. */
  signed_in: boolean,
  /** The account's address, when Google told it. */
  account: string | null,
  /** What was granted, by short names. */
  scopes: Array<string>,
  /** Whether the whole library may be read, instead of what Photokeep itself uploaded. */
  whole_library: boolean,
  /** Whether Photokeep may upload. */
  may_upload: boolean,
  /** The client it was made with: with it the person can sign in again. */
  client: CheckedClient | null,
  /** Since when. */
  since: string | null,
  /** When Google will end it, when it said so. */
  ends: string | null,
  /** Whether the system's keychain keeps it; else a file that only the person can read does. */
  in_keychain: boolean,
  /** Where it is kept, in a sentence. */
  kept: string | null,
  /** The sentences in it that have a code. */
  sentences: { [key in string]: Sentence },
  /** Why it cannot be read. */
  trouble: ApiError | null,
};

/** A folder to watch. */
export type AddInbox = {
  /** The folder in which archives arrive; a whole path. */
  folder: string,
  /** What is done with an archive once everything in it is kept. */
  then: ArchiveThen,
};

/** What to add to the library, or to upload. */
export type AddMissing = {
  /** What the comparison is known by. */
  key: string,
  /** Only what the person chose. */
  chosen: boolean,
};

/** Which folder to take over. */
export type AdoptFolder = {
  /** The folder. */
  folder: string,
};

/** What taking a folder over would do. */
export type Adoption = {
  /** The tool that made it, as it calls itself. */
  maker: string,
  /** Photos and videos to take in. */
  files: number,
  /** Their bytes. */
  bytes: number,
  /** Albums. */
  albums: number,
  /** What does not fit, by reason; a few examples of each. */
  left: Array<LeftByReason>,
  /** The reasons, for front ends in other languages. */
  sentences: { [key in string]: Sentence },
};

/** Which albums a run is limited to. */
export type AlbumChoice = "all" | { "titled": string } | { "matching": string };

/** An album that an item is in. */
export type AlbumOfItem = {
  /** Its number. */
  id: number,
  /** Its title. */
  title: string | null,
};

/** An error as a front end gets it. Programs match `code`, never text. */
export type ApiError = {
  /** The kind, for programs. */
  code: Code,
  /** What happened and what it means for the photos. */
  message: string,
  /** What to do about it. */
  hint: string | null,
  /** How much it matters. */
  severity: Severity,
  /** Whether trying again can help. */
  retry: Retry,
  /** Facts for a bug report. Never secrets. */
  details: { [key in string]: string },
  /** The sentences in it that have a code. */
  sentences: { [key in string]: Sentence },
};

/** How the app looks and behaves; `None` leaves a setting as it is. */
export type Appearance = {
  /** The language. */
  language?: Language,
  /** Light or dark. */
  theme?: Theme,
  /** Whether the three steps of the welcome were walked through or skipped. */
  welcomed?: boolean,
  /** Whether closing the window leaves Photokeep in the tray. */
  stay_in_tray?: boolean,
  /** When notifications tell something. */
  notify?: Notify,
  /** Days after the last good run from which on a library needs attention; 0 for never. */
  stale_after_days?: number,
  /** Whether a run keeps the computer awake. */
  keep_awake?: boolean,
};

/** How every entry of the archives of an import ended. The numbers add up to `entries`. */
export type ArchiveAccount = {
  /** Files in the archives that were given; folders do not count. */
  entries: number,
  /** Photos and videos that are now in the library and were not before. */
  stored: number,
  /** Photos and videos whose very bytes the library has. */
  already: number,
  /** Sidecars: what Google says about photos and videos. */
  sidecars: number,
  /** Album files. */
  albums: number,
  /** Google's own lists and pages. */
  service: number,
  /** Files of other Google products. */
  other: number,
  /** What a Mac leaves beside files. */
  companions: number,
  /** Not taken, each with a reason. */
  refused: number,
  /** Not settled yet: the run stopped before. The next import of the same archives goes on there. */
  open: number,
};

/** A page of a list. */
export type ArchiveEntries = {
  /** Lines in all. */
  total: number,
  /** This page. */
  rows: Array<ArchiveEntry>,
  /** The reasons that have a code. */
  sentences: { [key in string]: Sentence },
};

/** Which list. */
export type ArchiveEntriesRequest = {
  /** The run. */
  run: number,
  /** How its entries ended. */
  ended: ArchiveEntryEnd,
  /** How many to pass over. */
  offset: number,
  /** How many, at most 1,000. */
  limit: number,
};

/** An entry of an archive. */
export type ArchiveEntry = {
  /** Name of the archive. */
  archive: string,
  /** Path inside it. */
  path: string,
  /** Bytes. */
  bytes: number,
  /** Why it ended so, if there is anything to say. */
  reason: string | null,
  /** Path below the library of the file that has its bytes. */
  file: string | null,
};

/** How an entry of an archive ended: one for each number of an account. */
export type ArchiveEntryEnd = "stored" | "already" | "sidecar" | "album" | "service" | "other" | "companion" | "refused" | "open";

/** Why an archive waits, or is left where it is. */
export type ArchiveReason = { "code": "other-part",
/** Its name. */
name: string, } | { "code": "unreadable",
/** The words. */
sentence: string, } | { "code": "refused",
/** The sentence. */
sentence: string, } | { "code": "unpacked" } | { "code": "copy",
/** That name. */
of: string, } | { "code": "name-not-text" } | { "code": "not-taken",
/** How many. */
files: number, } | { "code": "other-products",
/** How many. */
files: number, } | { "code": "not-as-stored",
/** Its path below the library. */
path: string, } | { "code": "unproven" } | { "code": "not-put-away",
/** The words. */
sentence: string,
};

/** How an archive in an inbox stands. */
export type ArchiveState = "growing" | "settling" | "waiting" | "not-here-yet" | "finished" | "kept" | "left" | "moved" | "trashed" | "refused";

/** What is done with an archive once everything in it is kept. Nothing is ever deleted. */
export type ArchiveThen = "leave" | "move" | "trash";

/** Whether Photokeep looks for newer versions by itself. */
export type Automatic = {
  /** Whether it does. */
  on: boolean,
};

/** The background, as the settings show it. */
export type Background = {
  /** The schedule of the open library, if it has one. */
  schedule: ShownSchedule | null,
  /** Whether this Photokeep keeps it; another one may. */
  kept_here: boolean,
  /** How the library stands. */
  glance: Glance,
  /** Whether there is a tray for Photokeep to stay in. */
  tray: boolean,
  /** Whether Photokeep starts when the person signs in to the computer; `None` where it cannot. */
  starts_at_login: boolean | null,
};

/** Whom to sign in. */
export type BeginSignIn = {
  /** The text of the `client_secret.json`; `None` for the client of the sign-in that is kept, else for the one that is built in. */
  client: string | null,
  /** Ask for the whole library instead of own uploads. */
  whole_library: boolean,
  /** Ask for the right to upload too. */
  upload?: boolean,
  /** Make the library anew if its folder was emptied on purpose. */
  start_over?: boolean,
};

/** Which of both is the better one, and why. */
export type Better = {
  /** Which. */
  one: BetterOne,
  /** Why. */
  why: BetterWhy,
};

/** The side whose file is the better one. */
export type BetterOne = "folder" | "library" | "equal";

/** Why. */
export type BetterWhy = "only-here" | "whole" | "more-pixels" | "more-bytes" | "tells-time" | "more-behind" | "tells-place" | "same-picture" | "camera-format" | "same-size";

/** A month, column by column: the n-th of each belongs together. Columns are a third of the size of rows, and numbers leave a page nothing to tidy away, as a text for each item would. */
export type Bucket = {
  /** Items. */
  id: Array<number>,
  /** The file that is shown. */
  file: Array<number>,
  /** Width through height. */
  ratio: Array<number>,
  /** Whether it is a video. */
  video: Array<boolean>,
  /** Seconds of the clock where the photo was taken. */
  taken: Array<number | null>,
  /** Words for the types, such as `JPEG` or `HEIC`; there are few. */
  types: Array<string>,
  /** Which of them, from 0. */
  type_number: Array<number>,
  /** Whether there is a picture of it; else a placeholder is drawn. */
  shows: Array<boolean>,
  /** The average colour (`0xrrggbb`), once a picture was made. */
  color: Array<number | null>,
};

/** Which month. */
export type BucketRequest = {
  /** An album; `None` for everything. */
  album: number | null,
  /** As in [`BucketSize::key`]. */
  key: string,
};

/** How much is in a month. */
export type BucketSize = {
  /** `2019-05`, `undated`, or the number of an album's stretch. */
  key: string,
  /** Items. */
  count: number,
  /** Sum of width through height over the items, to tell the height of the month before it is fetched. */
  ratio_sum: number,
};

/** The months of a timeline, or the stretches of an album. */
export type Buckets = {
  /** Items in all. */
  total: number,
  /** Newest month first, those without a date last; an album's stretches in its order. */
  buckets: Array<BucketSize>,
};

/** Whose timeline. */
export type BucketsRequest = {
  /** An album, in its own order; `None` for everything by month. */
  album: number | null,
};

/** What is worth telling about the exports to come. */
export type CalendarNotice = "no-export" | "overdue" | "year-ends-soon" | "year-ended";

/** What the host can do; the user interface leaves out what it cannot. */
export type Capabilities = {
  /** Let the person choose a folder, or archives, in a dialog of the system. */
  pick_folder: boolean,
  /** Show a file in the system's file manager. */
  reveal: boolean,
  /** Let the person choose where a file is saved. */
  save_file: boolean,
  /** Open an address in the system's browser. */
  open_address: boolean,
  /** Open another library, the demo one for example. */
  choose_library: boolean,
};

/** What to change. */
export type ChangeOptions = {
  /** Options of the library. */
  options?: ChangedOptions,
  /** What a sync from here takes in. */
  filter?: Filter,
};

/** Options to change; those left out stay as they are. */
export type ChangedOptions = {
  /** Folders and names; only while the library is empty. */
  layout?: Layout,
  /** Album links. */
  links?: LinkChoice,
  /** Month folder by UTC or local time; only while the library is empty. */
  month?: MonthZone,
  /** Downloads at the same time. */
  jobs?: number,
};

/** A client file that is right. */
export type CheckedClient = {
  /** Whether it is of the kind "Desktop app", which needs no registered address. */
  desktop: boolean,
  /** Whether the browser comes back by itself; else the address that it ends at has to be pasted. */
  comes_back: boolean,
  /** The first part of its public number, to be recognised by. */
  client_id_start: string,
};

/** What is chosen from now on. */
export type ChooseFiles = {
  /** What the comparison is known by. */
  key: string,
  /** The list the person looks at. */
  list: FileList,
  /** These of it, at most 1,000. */
  files?: Array<number>,
  /** Or a stretch of it: its first one, counted from nought, and how many. Without either all of it. */
  stretch?: [number, number],
  /** Whether they are chosen, or no longer. */
  chosen: boolean,
};

/** What a person chooses of a schedule. */
export type Chosen = {
  /** How often. */
  every: Every,
  /** The hour of the local clock, for once a day or a week. */
  hour: number,
  /** Only while the computer is on wall power. */
  only_on_power: boolean,
  /** Only on a network that nobody pays for by what goes over it. */
  only_unmetered: boolean,
};

/** The text of a `client_secret.json`. */
export type ClientText = {
  /** The text. */
  text: string,
};

/** What kind of trouble it is. A code exists only where a front end treats it differently. */
export type Code = "usage" | "no-library" | "sign-in-needed" | "access-refused" | "client-file" | "network" | "quota" | "library-busy" | "target-full" | "target-read-only" | "target-gone" | "folder-gone" | "catalog-damaged" | "catalog-newer" | "catalog-locked" | "item-gone" | "item-not-media" | "item-failed" | "item-not-ready" | "cancelled" | "internal";

/** A report to be taken away. */
export type CompareReport = {
  /** What the comparison is known by. */
  key: string,
  /** In which form. */
  format: ReportFormat,
};

/** A page of what is there twice. */
export type ComparedDuplicates = {
  /** The whole list; only with its first page. */
  all: Duplicates | null,
  /** This page, the groups with the most to spare first. */
  rows: Array<DuplicateGroup>,
};

/** A page of what only the library has. */
export type ComparedExtra = {
  /** The whole list; only with its first page. */
  all: Numbers | null,
  /** This page, in the order of their paths. */
  rows: Array<Extra>,
};

/** One file of the folder. */
export type ComparedFileRequest = {
  /** What the comparison is known by. */
  key: string,
  /** Its number in the comparison. */
  file: number,
};

/** A page of a list of files. */
export type ComparedFiles = {
  /** The whole list; only with its first page. */
  all: Numbers | null,
  /** This page, in the order of their paths. */
  rows: Array<FileResult>,
};

/** A page of a list of files. */
export type ComparedFilesRequest = {
  /** What the comparison is known by. */
  key: string,
  /** Which files. */
  list: FileList,
  /** How many to pass over. */
  offset: number,
  /** How many, at most 1,000. */
  limit: number,
};

/** A page of what was passed over. */
export type ComparedPage = {
  /** What the comparison is known by. */
  key: string,
  /** How many to pass over. */
  offset: number,
  /** How many, at most 1,000. */
  limit: number,
};

/** Links that were made to what a comparison found. */
export type ComparisonLinks = {
  /** Where they lie. */
  folder: string,
  /** Links made. */
  made: number,
  /** Links that were there and are right. */
  kept: number,
  /** Links of an earlier comparison that were taken away. */
  removed: number,
  /** Links of an earlier comparison that are something else now, and stayed. */
  left_alone: number,
  /** Links that could not be made. */
  failed: number,
  /** Why one of them could not be made. */
  example: string | null,
};

/** A reason and how many items share it. */
export type Counted = {
  /** The reason, in a few words. */
  reason: string,
  /** How many. */
  count: number,
};

/** Something a front end wants to know at once. */
export type DeskEvent = { "event": "run",
/** All of it, so that none depends on the one before. */
run: RunState, } | { "event": "sign-in",
/** How it stands. */
sign_in: SignInState, } | { "event": "library" } | { "event": "glance",
/** So. */
glance: Glance, } | { "event": "closing" } | { "event": "show-activity" } | { "event": "updates",
/** This. */
updates: Updates, } | { "event": "settings",
/** What they are now. */
settings: Settings,
};

/** One of several files with the same bytes. */
export type DuplicateFile = {
  /** Its number in the comparison. */
  id: number,
  /** What it is. */
  kind: FileKind | null,
  /** Whether there can be a small picture of it. */
  shows: boolean,
  /** Below the folder. */
  path: string,
  /** Whether it is another name of a file of the group that stands before it. */
  is_same_file: boolean,
};

/** Files of the folder with the same bytes. */
export type DuplicateGroup = {
  /** Bytes of each. */
  bytes: number,
  /** Whether the library has them too. */
  is_kept: boolean,
  /** Why the first one is proposed as the one to keep. */
  why: KeepWhy,
  /** The first is proposed as the one to keep. */
  files: Array<DuplicateFile>,
};

/** Files of the folder that are there more than once. */
export type Duplicates = {
  /** Groups. */
  groups: number,
  /** Files in them beside the one to keep. */
  count: number,
  /** The bytes of those. */
  bytes: number,
};

/** How a run ended, as far as the schedule goes. */
export type Ended = "well" | "partly" | "network" | "full" | "disk-gone" | "sign-in" | "busy" | "stopped" | "otherwise" | "cut-off";

/** A page of a list. */
export type Entries = {
  /** Lines in all. */
  total: number,
  /** This page. */
  rows: Array<Entry>,
  /** The reasons that have a code. */
  sentences: { [key in string]: Sentence },
};

/** Which list. */
export type EntriesRequest = {
  /** The run. */
  run: number,
  /** What it is about. */
  what: EntryList,
  /** How many to pass over. */
  offset: number,
  /** How many, at most 1,000. */
  limit: number,
};

/** A line of a list. */
export type Entry = {
  /** The item. */
  item: number | null,
  /** Its title. */
  title: string | null,
  /** Its path below the library. */
  path: string | null,
  /** Why. */
  reason: string | null,
};

/** What a list of a run is about. */
export type EntryList = "added" | "updated" | "same-photo" | "restored" | "failed" | "skipped" | "absent" | "removed" | "damaged";

/** How often. */
export type Every = { "hours": number } | "daily" | { "weekly": number };

/** Why a file is held to be one that the library has, the surest first. */
export type Evidence = "same-bytes" | "same-picture" | "uploaded" | "unique-id-clock" | "name-instant-pixels" | "name-clock-pixels" | "other-format" | "similar" | "name-only";

/** When exports came and when the next one is due. */
export type ExportCalendar = {
  /** When the last export was made. */
  last: string | null,
  /** Exports that came, on different days. */
  exports: number,
  /** Whether they come in a series, about every two months. */
  series: boolean,
  /** How many of the present series came, of six. */
  of_series: number,
  /** When the next one is due. Without a series: if one was asked for every two months. */
  next_due: string | null,
  /** When the year of exports that was asked for runs out. */
  year_ends: string | null,
  /** What is worth telling now. */
  notice: CalendarNotice | null,
};

/** Which report. */
export type ExportRequest = {
  /** The run. */
  run: number,
  /** Its form. */
  format: ReportFormat,
};

/** A report. */
export type Exported = {
  /** Its name. */
  name: string,
  /** Where it was saved; `None` when the person chose nowhere, or the host cannot save. */
  saved_to: string | null,
  /** Its text, where the host cannot save. */
  content: string | null,
};

/** Something the library has and the folder has not. */
export type Extra = {
  /** Number of the item. */
  item: number,
  /** Number of its file in the catalog. */
  file: number | null,
  /** What it is. */
  kind: FileKind | null,
  /** Whether there can be a small picture of it. */
  shows: boolean,
  /** Below the library; `None` where it is known and not on the disk. */
  path: string | null,
  /** Bytes. */
  bytes: number,
};

/** An item that could not be fetched. */
export type FailedItem = {
  /** Its title. */
  title: string,
  /** Machine-readable reason. */
  code: string,
  /** Why. */
  message: string,
  /** What to do. */
  hint: string | null,
  /** How often it was tried. */
  tries: number,
  /** Last try. */
  last_try: string,
};

/** An item that just failed. */
export type FailedNow = {
  /** Its title. */
  title: string,
  /** Why. */
  error: ApiError,
};

/** What a file is, by its bytes. */
export type FileKind = "photo" | "video";

/** Which files. */
export type FileList = {
  /** With this verdict. */
  verdict: Verdict,
  /** In this folder or below it; empty: at the top, in no folder. */
  folder?: string,
  /** Taken in this year, by the clock where it was taken. */
  year?: number,
  /** Of which nobody knows when they were taken. */
  undated: boolean,
  /** Of this kind. */
  kind?: FileKind,
  /** With this evidence. */
  evidence?: Evidence,
  /** That end before their structure does. */
  cut_short: boolean,
  /** That the person chose. */
  chosen: boolean,
};

/** A file of an item. */
export type FileOfItem = {
  /** Its number. */
  id: number,
  /** `original`, `edited`, `motion` or `rendition`. */
  role: string,
  /** Whether it is on the disk as it was stored. */
  stored: boolean,
  /** Path below the library. */
  path: string | null,
  /** Bytes. */
  size: number | null,
  /** Type by content. */
  mime_type: string | null,
  /** A word for the type. */
  type_name: string,
};

/** Which file. */
export type FileRequest = {
  /** Its number. */
  file: number,
};

/** A file of the folder and its verdict. */
export type FileResult = {
  /** Its number in the comparison. */
  id: number,
  /** Below the folder. */
  path: string,
  /** Bytes. */
  bytes: number,
  /** What it is; `None` where it was not looked into. */
  kind: FileKind | null,
  /** Whether there can be a small picture of it. */
  shows: boolean,
  /** When it was taken, in seconds since 1970 on the clock where it was taken. */
  taken: number | null,
  /** Width in pixels, as it is stored. */
  width: number | null,
  /** Height in pixels, as it is stored. */
  height: number | null,
  /** Why it is held to be one that the library has; with `name-only` it is still missing. */
  evidence: Evidence | null,
  /** In how many bits both look otherwise, where they were found to look alike. */
  distance: number | null,
  /** What it belongs to. */
  kept: KeptFile | null,
  /** Why it cannot be read. */
  trouble: Trouble | null,
  /** Whether it ends before its structure does: a copy that was broken off, perhaps. */
  cut_short: boolean,
  /** Of a photo that the library has in other bytes: which of both is the better one. */
  better: Better | null,
  /** Whether the person chose it. */
  chosen: boolean,
};

/** What a film's own tile says, where there is no picture of it. */
export type FilmFacts = {
  /** Name of the file. From outside: shown as text, never as anything else. */
  name: string,
  /** How long it is, where the file tells. */
  seconds: number | null,
};

/** What a run takes in. */
export type Filter = {
  /** First day (UTC, inclusive). */
  from: string | null,
  /** Last day (UTC, inclusive). */
  to: string | null,
  /** Favourites only. */
  favorites: boolean,
  /** Leave videos out. */
  no_videos: boolean,
  /** Take archived items as well. */
  archived: boolean,
  /** The albums to be limited to. */
  albums: AlbumChoice,
  /** Titles of albums to leave out. */
  exclude_albums: Array<string>,
  /** Do not ask for shared albums. Set by the library's options: the person does not want them at all, so a run without them sees the whole. */
  skip_shared_albums?: boolean,
};

/** What was found about a folder. */
export type FindingCode = "symlinks" | "hard-links" | "no-links" | "developer-mode" | "no-privilege" | "share-rules" | "case-insensitive" | "refused-characters" | "coarse-times" | "no-locks" | "network" | "large-files" | "in-memory" | "not-empty" | "adoptable" | "library" | "unusable";

/** A sentence about a folder. */
export type FolderFinding = {
  /** How good that is. */
  grade: Grade,
  /** What was found, for programs: front ends say it in their language. */
  code: FindingCode,
  /** What was found, in a sentence. */
  text: string,
};

/** What was found out about a folder by trying. */
export type FolderReport = {
  /** The folder. */
  folder: string,
  /** What it is to Photokeep. */
  state: FolderState,
  /** Bytes free on its disk. */
  free_bytes: number | null,
  /** Bytes its disk holds in all. */
  total_bytes: number | null,
  /** The file system, when the system tells. */
  file_system: string | null,
  /** What was found, most important first. */
  findings: Array<FolderFinding>,
  /** Why no library can be here. */
  trouble: ApiError | null,
  /** Kinds of album links that work here. */
  link_kinds: Array<LinkKind>,
  /** The kind that `auto` means here. */
  link_auto: LinkKind | null,
};

/** What a folder is to Photokeep. */
export type FolderState = "new" | "library" | "not-empty" | "unusable";

/** An archive in an inbox. */
export type FoundArchive = {
  /** Its name. */
  name: string,
  /** Where it lies. */
  path: string,
  /** The inbox it lies in. */
  inbox: string,
  /** Bytes. */
  size: number,
  /** When it was changed last. */
  modified: string | null,
  /** How it stands. */
  state: ArchiveState,
  /** Why, where that needs telling. */
  why: ArchiveReason | null,
};

/** What the tray shows: how the open library stands, at a glance. */
export type Glance = {
  /** In one word. */
  signal: Signal,
  /** Why. */
  why: Reason,
  /** The open library's name; `None` while none is open. */
  library: string | null,
  /** When everything was kept for the last time. */
  last_complete: string | null,
  /** When the last run ended. */
  last_run: string | null,
  /** How far the run under way is, in hundredths, where that can be said. */
  percent: number | null,
  /** Whether the person paused: the run under way, or the schedule. */
  paused: boolean,
  /** Until when, where it goes on by itself. */
  paused_until: string | null,
  /** Whether this is the demo, of which nothing is told outside. */
  demo: boolean,
};

/** How a check went. */
export type Grade = "good" | "note" | "warning" | "bad";

/** In a word. */
export type Health = "complete" | "attention" | "new";

/** What the first screen shows. */
export type Home = {
  /** Where the library stands; `None` while there is none in the folder. */
  status: StatusResponse | null,
  /** Whether the library's folder is there now. */
  folder_is_there: boolean,
  /** Bytes free on its disk. */
  free_bytes: number | null,
  /** Bytes its disk holds in all. */
  total_bytes: number | null,
  /** What was taken in which year, oldest first. */
  years: Array<YearKept>,
  /** When the next export is due; `None` where nobody waits for one: no folder is watched and no series came so far. Does not tell of the end of a year that the person put away. */
  exports: ExportCalendar | null,
  /** The reasons of failures that have a code. */
  sentences: { [key in string]: Sentence },
};

/** Where the user interface runs. */
export type HostKind = "window" | "browser";

/** What an import would do. */
export type ImportPlan = {
  /** In counts and bytes. */
  plan: Plan,
  /** What the entries of the archives are. Photos and videos count as `open`: they are settled when they are read. */
  account: ArchiveAccount,
  /** The exports that were given. */
  exports: Array<ImportedExport>,
  /** Files that could not be taken. */
  refused: Array<RefusedArchive>,
  /** Archives that hold no export; they are left alone. */
  others: Array<string>,
  /** Names of exports that were made in the same second, and that a person may take as one. */
  may_be_one: Array<string>,
  /** Whether such exports were taken as one. */
  joined: boolean,
};

/** Of which import. */
export type ImportReport = {
  /** The run. */
  run: number,
};

/** One export of a plan or receipt. */
export type ImportedExport = {
  /** Its name, as in the names of its parts. */
  name: string,
  /** When Google made it, if the name tells. */
  made_at: string | null,
  /** `first`, `full`, `increment` or `partial`. */
  kind: string,
  /** Names of the parts that were given. */
  parts: Array<string>,
  /** Numbers of the parts that are missing. */
  missing: Array<number>,
  /** Items in it. */
  items: number,
  /** Albums in it. */
  albums: number,
  /** Files that Google's own page lists and that no part has. */
  not_delivered: number,
  /** Some of those. */
  not_delivered_examples: Array<string>,
  /** Photos of which it cannot be told what Google says about them: several sidecars fit. */
  open_pairs: number,
  /** Sidecars whose photo is in no part. */
  without_photo: number,
  /** Everything of it is known from before. */
  known: boolean,
};

/** The inboxes of the library that is open. */
export type Inboxes = {
  /** The watched folders. */
  inboxes: Array<ShownInbox>,
  /** The archives in them. */
  found: Array<FoundArchive>,
  /** When exports came and when the next one is due. */
  calendar: ExportCalendar,
  /** The reasons that have a code. */
  sentences: { [key in string]: Sentence },
};

/** Everything that is known of an item. */
export type ItemDetails = {
  /** Its number. */
  id: number,
  /** Title at the source. From outside: shown as text, never as anything else. */
  title: string,
  /** Whether it is a video. */
  video: boolean,
  /** When it was taken. */
  taken: string | null,
  /** The same on the clock where it was taken, as Unix seconds of that clock; UTC's where that is not known. */
  taken_local: number | null,
  /** That clock's distance from UTC in seconds. */
  offset: number | null,
  /** The person's own text. */
  description: string | null,
  /** Pixels. */
  width: number | null,
  /** Pixels. */
  height: number | null,
  /** Make and model. */
  camera: string | null,
  /** Degrees. */
  latitude: number | null,
  /** Degrees. */
  longitude: number | null,
  /** Names of people in it. */
  people: Array<string>,
  /** Albums it is in. */
  albums: Array<AlbumOfItem>,
  /** Favourite; `None` when no source told. */
  favorite: boolean | null,
  /** Archived; `None` when no source told. */
  archived: boolean | null,
  /** Whether it can be opened in Google Photos. */
  at_google: boolean,
  /** Its files, the one that is shown first. */
  files: Array<FileOfItem>,
};

/** Which item. */
export type ItemRequest = {
  /** Its number. */
  id: number,
};

/** Why one of several files with the same bytes is proposed to be kept. */
export type KeepWhy = "own-name" | "nearer-top" | "oldest" | "first";

/** What the library has of a file of the folder. */
export type KeptFile = {
  /** Number of the item. */
  item: number,
  /** Number of the file in the catalog; `None` where the item is known and not on the disk. */
  file: number | null,
  /** Whether there can be a small picture of it. */
  shows: boolean,
  /** Below the library. */
  path: string | null,
  /** Bytes. */
  bytes: number | null,
  /** When it was taken, in seconds since 1970 on the clock where it was taken. */
  taken: number | null,
  /** Width in pixels. */
  width: number | null,
  /** Height in pixels. */
  height: number | null,
};

/** The language of the user interface. */
export type Language = "system" | "en" | "de";

/** How folders and names are made. The presets of both predecessors are byte for byte theirs (`predecessors.md` 1.4-1.6, 2.4). */
export type Layout = "photokeep" | "gphotos-sync" | "gphotos-sync-flat" | "gphotosync" | "gphotosync-id" | "rclone-by-month" | "rclone-by-year" | "rclone-by-day" | "rclone-all";

/** What a person answered who closed the window. */
export type LeaveWindow = {
  /** Whether Photokeep stays in the tray; remembered. */
  stay: boolean,
};

/** Things that do not fit, for one reason. */
export type LeftByReason = {
  /** Why, in a sentence that begins with a verb. */
  why: string,
  /** How many. */
  count: number,
  /** The first of them. */
  examples: Array<string>,
};

/** What is set once for a library. */
export type LibraryOptions = {
  /** Folders and names. */
  layout: Layout,
  /** Album links. */
  links: LinkChoice,
  /** Month folder by UTC or local time. */
  month: MonthZone,
  /** Downloads at the same time. */
  jobs: number,
  /** Folders and names that differ from the layout's. */
  paths: PathOptions,
  /** Shared albums are not asked for. */
  skip_shared_albums: boolean,
};

/** What is decided for the library that is open. */
export type LibrarySettings = {
  /** Its options. */
  options: LibraryOptions,
  /** What a sync from here takes in. */
  filter: Filter,
  /** Whether layout and month rule can no longer be changed, because photos are kept already. */
  layout_fixed: boolean,
  /** Kinds of album links that work on its disk. */
  link_kinds: Array<LinkKind>,
};

/** Which kind of link the user wants. */
export type LinkChoice = "auto" | "symlink" | "hardlink" | "copy" | "shortcut" | "none";

/** An album's entry on disk. */
export type LinkKind = "symlink" | "hardlink" | "copy" | "shortcut";

/** One of the lists that a comparison comes to. */
export type ListName = "found" | "different" | "missing" | "unreadable" | "not-media" | "extra" | "duplicates";

/** What happened. */
export type LogEvent = { "what": "began",
/** What kind of run. */
kind: RunKind, } | { "what": "phase",
/** Which. */
phase: Phase,
/** Things done. */
done: number,
/** Bytes done. */
bytes: number,
/** Items that failed. */
failed: number, } | { "what": "planned",
/** Items to fetch for the first time. */
to_fetch: number,
/** Items that failed before and are tried again. */
retried: number,
/** Files that vanished or were damaged, to be fetched again. */
restored: number, } | { "what": "waited",
/** Why. */
reason: WaitReason,
/** When it was to go on. */
due: string, } | { "what": "paused" } | { "what": "failed",
/** Its title. */
title: string,
/** The kind of trouble. */
code: Code,
/** Why, in a sentence. */
message: string, } | { "what": "noted",
/** The sentence. */
text: string, } | { "what": "stopping" } | { "what": "ended" } | { "what": "broke",
/** The kind of trouble. */
code: Code,
/** Why, in a sentence. */
message: string,
};

/** Which run. */
export type LogRequest = {
  /** Its number. */
  run: number,
};

/** Something that happened in a run. */
export type LogStep = {
  /** When it happened or began. */
  at: string,
  /** When it ended, for what lasts. */
  until: string | null,
  /** What happened. */
  event: LogEvent,
};

/** How far a phase is. All numbers count from the start of the phase. */
export type Meter = {
  /** Which phase. */
  phase: Phase,
  /** Things done (items, albums, files: whatever the phase works through). */
  done: number,
  /** Things in all, when known. */
  total: number | null,
  /** Bytes done. */
  bytes: number,
  /** Bytes a second, over the last few seconds. */
  bytes_per_second: number,
  /** Seconds left at this speed, when that can be said. */
  seconds_left: number | null,
  /** Items that failed so far. */
  failed: number,
};

/** Which clock decides the month folder. */
export type MonthZone = "utc" | "local";

/** A page of what only the library has, or of what is there twice. */
export type NarrowedPage = {
  /** What the comparison is known by. */
  key: string,
  /** What of the list is wanted. */
  narrowing: Narrowing,
  /** How many to pass over. */
  offset: number,
  /** How many, at most 1,000. */
  limit: number,
};

/** What of a list is wanted. Nothing named: all of it. */
export type Narrowing = {
  /** In this folder or below it; empty: at the top, in no folder. */
  folder?: string,
  /** Taken in this year, by the clock where it was taken. */
  year?: number,
  /** Of which nobody knows when they were taken. */
  undated: boolean,
  /** Of this kind. */
  kind?: FileKind,
  /** With this evidence. */
  evidence?: Evidence,
  /** That end before their structure does. */
  cut_short: boolean,
  /** That the person chose. */
  chosen: boolean,
};

/** What a list can be narrowed to, each with the number of its files. */
export type Narrowings = {
  /** Folders with the files in and below them, in the order of their paths; of more than 500, those nearest to the top. The empty one stands for the files that lie in no folder. */
  folders: Array<[string, number]>,
  /** Years in which files were taken, the latest first. */
  years: Array<[number, number]>,
  /** Files of which nobody knows when they were taken. */
  undated: number,
  /** What files are. */
  kinds: Array<[FileKind, number]>,
  /** Why files are held to be one that the library has. */
  evidence: Array<[Evidence, number]>,
  /** Files that end before their structure does. */
  cut_short: number,
};

/** What a list can be narrowed to. */
export type NarrowingsRequest = {
  /** What the comparison is known by. */
  key: string,
  /** Which list. */
  list: ListName,
};

/** A request without fields, and an answer without any. */
export type Nothing = Record<symbol, never>;

/** When the system's notifications tell something. */
export type Notify = "never" | "needed" | "always";

/** So many files, and their bytes. */
export type Numbers = {
  /** Files. */
  count: number,
  /** Their bytes. */
  bytes: number,
};

/** Which folder to open. */
export type OpenFolder = {
  /** The folder; a library is made in it when it holds none. */
  folder: string,
  /** What to decide for it. */
  options?: ChangedOptions,
};

/** The library that is open. */
export type OpenLibrary = {
  /** Its folder. */
  folder: string,
  /** The name people know it by. */
  name: string,
  /** Whether nothing was ever kept in it. */
  is_new: boolean,
  /** Whether it is the demo library. */
  demo: boolean,
  /** Why it cannot be used now: its disk is away, its catalog is newer. */
  trouble: ApiError | null,
};

/** Which page to open. */
export type OpenPage = {
  /** The page. */
  page: Page,
};

/** How a run ended. */
export type Outcome = "done" | "some-failed" | { "stopped": {
  /** Why. */
  code: Code, } };

/** A page elsewhere. Front ends name pages, never addresses, so that nothing from outside can be opened. */
export type Page = "console-project" | "console-api" | "console-consent" | "console-audience" | "console-client" | "takeout" | "takeout-start" | "google-connections" | "new-version" | "windows-developers";

/** A page's address. */
export type PageAddress = {
  /** For hosts that cannot open it themselves: shown as a link. */
  address: string,
  /** Whether the system's browser was asked to open it. */
  opened: boolean,
};

/** When the first useful paint happened. */
export type Painted = {
  /** Milliseconds since the page began to load. */
  milliseconds: number,
};

/** Something in the folder that has no verdict, because it was not looked at. */
export type PassedOver = {
  /** Below the folder. */
  path: string,
  /** The word of a [`crate::LeftWhy`], or `unreadable`. */
  why: string,
  /** Why it could not be opened. */
  trouble: Trouble | null,
};

/** A folder that was compared with a library before. */
export type PastComparison = {
  /** What it is known by. */
  key: string,
  /** The folder. */
  folder: string,
  /** Whether the folder is there now. */
  is_there: boolean,
  /** When its last comparison ended, or began where it did not end. */
  at: string,
  /** The last one that ended, in numbers. */
  summary: Summary | null,
  /** Whether a later one was stopped or cut off. What it read is remembered. */
  broken_off: boolean,
  /** Within which threshold pictures that look alike were asked for. */
  similar: number | null,
};

/** A past run. */
export type PastRun = {
  /** Its number. */
  run: number,
  /** What kind: `sync`, `retry`, `verify` or `prune`. */
  kind: string,
  /** When it began. */
  started: string,
  /** When it ended; absent when it was cut off or still runs. */
  ended: string | null,
  /** Whether it looked at the whole library, without filters. */
  whole: boolean,
  /** Whether everything was kept, or sound, at its end. */
  complete: boolean,
  /** What it did. */
  receipt: Receipt | null,
  /** The sentences in it that have a code. */
  sentences: { [key in string]: Sentence },
};

/** The address on which the browser ended, for sign-ins on another computer. */
export type PastedAddress = {
  /** The whole address, or the code in it. */
  address: string,
};

/** Folders and names where they differ from what the layout has. The switches of gphotos-sync (`predecessors.md` 1.2). */
export type PathOptions = {
  /** Where photos lie below the library, with `/`; `.` for its top. */
  photos?: string,
  /** Where albums lie below the library. */
  albums?: string,
  /** Where shared albums lie below the library. */
  shared_albums?: string,
  /** Album folders are named by their title alone. Wins over `path_format`. */
  omit_album_date?: boolean,
  /** The date of an album folder is that of its earliest item instead of its latest. */
  album_date_by_first_photo?: boolean,
  /** The date part of an album folder's name, in `strftime`'s words: `%m%d`. */
  month_format?: string,
  /** An album folder's name: `{0}` is the date part and `{1}` the title; in the flat layout `{0}` the year, `{1}` the date part and `{2}` the title. */
  path_format?: string,
  /** Album entries have no `NNNN_` in front. */
  no_album_sorting?: boolean,
  /** Album entries are numbered from the last item to the first. */
  album_invert?: boolean,
};

/** Nothing begins by itself, and what is under way pauses. */
export type PauseBackground = {
  /** For how long. */
  how_long: PauseFor,
};

/** How long nothing is to begin by itself. */
export type PauseFor = "hour" | "tomorrow" | "open";

/** A named stretch of a run. */
export type Phase = "recovering" | "listing" | "listing-albums" | "planning" | "fetching" | "comparing" | "uploading" | "adopting" | "linking" | "verifying" | "finishing";

/** What to choose. */
export type PickArchives = {
  /** A folder that holds archives or an unpacked export, instead of archives. */
  folder?: boolean,
};

/** Where to begin looking. */
export type PickFolder = {
  /** The folder shown first. */
  start?: string,
};

/** What was chosen. */
export type PickedArchives = {
  /** Archives, or one folder; empty when nothing was chosen. */
  paths: Array<string>,
};

/** What was chosen. */
export type PickedFolder = {
  /** The folder; `None` when nothing was chosen. */
  path: string | null,
};

/** What a run will do. */
export type Plan = {
  /** Items the source listed in this run. */
  listed: number,
  /** Items to fetch for the first time. */
  to_fetch: number,
  /** Photos among them. */
  photos: number,
  /** Videos among them. */
  videos: number,
  /** Items that failed before and are tried again. */
  retried: number,
  /** Items whose file has vanished or was found damaged, to be fetched again. */
  restored: number,
  /** Items whose name, date or description changed. */
  updated: number,
  /** Items that are already kept. */
  already: number,
  /** Files of an import to be read for which nothing will be stored: as size and checksum tell, their bytes are kept already, or come more than once. Not counted in `to_fetch`. */
  same_bytes: number,
  /** Items that were here and the source no longer has; shown, never acted on. */
  absent: number,
  /** Items left alone because the user removed them here. */
  removed_here: number,
  /** Estimated bytes to fetch, from the sizes of what is already kept; `None` without any experience. The Library API does not tell sizes (`google-apis.md` 2.3). */
  estimated_bytes: number | null,
  /** Bytes free on the library's disk. */
  free_bytes: number | null,
  /** Albums. */
  albums: PlannedAlbums,
  /** Sentences worth reading before going on. */
  notes: Array<string>,
};

/** Of what to show a plan. */
export type PlanImport = {
  /** Archives, folders with archives, unpacked exports; in any order. */
  paths: Array<string>,
  /** Take exports that were made in the same second as one. */
  join?: boolean,
};

/** The albums of a plan. */
export type PlannedAlbums = {
  /** Albums the source has. */
  listed: number,
  /** Albums that are not on disk yet. */
  new: number,
};

/** The system underneath. */
export type Platform = "linux" | "windows" | "macos";

/** What paths would come of options. */
export type Preview = {
  /** Of photos and videos. */
  photos: Array<string>,
  /** Of album entries. */
  albums: Array<string>,
};

/** Options whose names to show. */
export type PreviewRequest = {
  /** Folders and names. */
  layout: Layout,
  /** Month folder by UTC or local time. */
  month: MonthZone,
  /** Title of the album in it, in the person's language. */
  album?: string,
};

/** Which folder to try. */
export type ProbeFolder = {
  /** The folder; it need not exist. */
  folder: string,
};

/** "Your year of exports is over" is not to be told any more. */
export type PutYearAway = {
  /** When that year ended; a later one is told again. */
  year_ends: string,
};

/** Why a library stands so; the weightiest reason. */
export type Reason = "new" | "complete" | "running" | "folder-away" | "disk-full" | "disk-read-only" | "sign-in-needed" | "access-refused" | "sign-in-ends" | "lost" | "damaged" | "failed" | "stale" | "incomplete";

/** What a run did. */
export type Receipt = {
  /** Number of the run in the catalog. */
  run: number,
  /** Kind of run. */
  kind: RunKind,
  /** When it began. */
  started: string,
  /** When it ended. */
  ended: string,
  /** How it ended. */
  outcome: Outcome,
  /** Whether, at its end, everything the source has was kept. Only ever true after a whole, unfiltered, undisturbed listing with nothing failed, missing or damaged. */
  complete: boolean,
  /** Whether everything the source has was fetched and nothing is amiss but files that look cut short (`doubtful`). */
  all_fetched: boolean,
  /** Files kept that look cut short, although the source sent them so twice. The next run compares them once more; only then can it be called complete. */
  doubtful: number,
  /** Items the source listed. */
  listed: number,
  /** Items fetched for the first time. */
  added: number,
  /** Bytes of those. */
  added_bytes: number,
  /** Items that were already kept. */
  already: number,
  /** Items whose name, date or description was taken over. */
  updated: number,
  /** Items that turned out to be a photo already kept under another key (same bytes). */
  same_photo: number,
  /** Files fetched again because they had vanished, were damaged or changed at the source. */
  restored: number,
  /** Items that were here before and that Google, asked by id, no longer has. Nothing was done about them. */
  absent: number,
  /** Items not fetched, by reason. */
  skipped: Array<Counted>,
  /** Items that failed, by reason; the next run tries them again. */
  failed: Array<Counted>,
  /** Albums listed. */
  albums: number,
  /** Of an import: how every entry of the archives ended. */
  account: ArchiveAccount | null,
  /** Links made. */
  links_made: number,
  /** Links removed or renamed. */
  links_removed: number,
  /** Sentences worth reading. */
  notes: Array<string>,
};

/** A file that just came. */
export type RecentFile = {
  /** Its number, for its picture. */
  file: number,
  /** Path below the library. */
  path: string,
  /** Bytes. */
  bytes: number,
};

/** A file that could not be taken as an archive. */
export type RefusedArchive = {
  /** Its name. */
  name: string,
  /** Why, and what to do. */
  why: string,
};

/** A version that came out. */
export type Release = {
  /** Its number, as in `1.2.3`. */
  version: string,
  /** Where it is told what is new in it, and where it is fetched. */
  page: string,
};

/** A folder to watch no more. */
export type RemoveInbox = {
  /** The folder, as it is shown. */
  folder: string,
};

/** The form of a report. */
export type ReportFormat = "csv" | "json";

/** What to put back. */
export type RestoreRequest = {
  /** Former paths, as listed; none means everything. */
  paths: Array<string>,
};

/** Whether trying again can help. */
export type Retry = "no" | "next-run" | "after-action";

/** What the run is doing. */
export type RunActivity = "idle" | "running" | "paused" | "stopping" | "ended";

/** What kind of run it was. */
export type RunKind = "sync" | "retry" | "verify" | "prune" | "import" | "add" | "upload" | "adopt" | "compare";

/** The log of one run. */
export type RunLog = {
  /** When it began. */
  began: string,
  /** What happened, oldest first. */
  steps: Array<LogStep>,
  /** Steps that were left out because there were too many. */
  left_out: number,
};

/** The run under way, or the last one until it is put away. */
export type RunState = {
  /** What it does. */
  activity: RunActivity,
  /** Whether it only finds out what a sync would do. */
  planning: boolean,
  /** What kind of run. */
  kind: RunKind | null,
  /** When it began. */
  started: string | null,
  /** The stretch it is in. */
  phase: Phase | null,
  /** How far that stretch is. */
  meter: Meter | null,
  /** What it waits for. */
  wait: Wait | null,
  /** What it will do. */
  plan: Plan | null,
  /** Of an import: what is in the archives; after it, what became of them. */
  import: ImportPlan | null,
  /** Of an import: the archives and folders that the person gave. */
  archives: Array<string>,
  /** Which missing files the plan of an addition, or the addition itself, is about. */
  adding: AddMissing | null,
  /** Of an import from watched folders: its archives, and what became of each; empty until its end. */
  from_inboxes: Array<FoundArchive>,
  /** What it did. */
  receipt: Receipt | null,
  /** Why it stopped before its end. */
  error: ApiError | null,
  /** The files that came last, newest first, at most 24. */
  recent: Array<RecentFile>,
  /** Items that failed, newest first, at most 20. */
  failed: Array<FailedNow>,
  /** Sentences worth reading, newest first, at most 50. */
  notes: Array<string>,
  /** The sentences in it, its plan and its receipt that have a code. */
  sentences: { [key in string]: Sentence },
};

/** Which runs. */
export type RunsRequest = {
  /** Only those with a smaller number. */
  before: number | null,
  /** How many, at most 200. */
  limit: number,
};

/** When runs are due. */
export type Schedule = {
  /** The minute, drawn once: 1 to 59. */
  minute: number,
  /** Decides the delays. */
  seed: number,
  /** How often. */
  every: Every,
  /** The hour of the local clock, for once a day or a week. */
  hour: number,
  /** Only while the computer is on wall power. */
  only_on_power: boolean,
  /** Only on a network that nobody pays for by what goes over it. */
  only_unmetered: boolean,
};

/** A sentence that a front end can say in its language. */
export type Sentence = {
  /** Which sentence. */
  code: SentenceCode,
  /** The engine's English words, with `{name}` where a value stands. */
  words: string,
  /** The names and numbers in it. From outside: shown as text, never as anything else. */
  values: { [key in string]: string },
  /** Those of the values that are sentences of the list themselves. */
  parts: { [key in string]: Sentence },
};

/** Which sentence of the engine it is. */
export type SentenceCode = "client-empty" | "client-web-page" | "client-not-json" | "client-service-account" | "client-tokens" | "client-api-key" | "client-other-json" | "client-odd-parts" | "client-no-id" | "client-id-ending" | "client-id-number" | "client-id-characters" | "client-no-secret" | "client-no-redirect" | "client-none" | "paste-other-sign-in" | "paste-not-the-address" | "sign-in-not-given" | "sign-in-refused" | "sign-in-nobody" | "sign-in-nobody-for" | "sign-in-box-not-ticked" | "sign-in-not-lasting" | "sign-in-not-accepted" | "sign-in-kept-in-keychain" | "sign-in-kept-in-file" | "sign-in-upload-not-ticked" | "compare-with-itself" | "compare-elsewhere" | "compare-no-folder" | "compare-folder-gone" | "compare-folder-closed" | "compare-gone" | "compare-file-gone" | "compare-again" | "compare-busy" | "adopt-unlike" | "adopt-other-layout" | "adopt-index-unreadable" | "adopt-not-on-disk" | "adopt-elsewhere" | "adopt-no-media" | "adopt-leftover" | "adopt-hidden" | "adopt-link" | "adopt-album" | "adopt-unreadable" | "adopt-name-not-text" | "no-address" | "changed-meanwhile" | "empty-file" | "web-page-came" | "empty-in-archive" | "web-page-in-archive" | "other-file-in-archive" | "other-file-came" | "still-came" | "unknown-form" | "cut-short" | "item-refused" | "item-fails" | "item-processing" | "bytes-fail" | "bytes-refused-fresh" | "bytes-refused" | "bytes-nonsense" | "broke-off" | "no-free-name" | "no-free-name-left" | "no-free-name-for-file" | "not-a-file-now" | "archive-not-here" | "file-unreadable" | "archive-gone" | "not-at-google" | "upload-not-made" | "upload-not-shown" | "upload-other-size" | "upload-not-in-album" | "upload-not-taken" | "upload-broke-off" | "upload-video-too-large" | "upload-photo-too-large" | "upload-empty" | "next-run-tries" | "tried-again" | "no-longer-at-google" | "was-on-the-disk" | "finished-later" | "other-bytes" | "other-size" | "not-there" | "replaced-by-newer" | "replaced-changed" | "prune-changed" | "removed-here" | "removed-here-rest-stays" | "removed-here-before" | "entry-same-path" | "entry-json-unreadable" | "entry-photo-elsewhere" | "entry-photo-nowhere" | "entry-fits-several" | "entry-fits-several-descriptions" | "disk-full" | "disk-share-full" | "disk-read-only" | "disk-denied" | "disk-fails" | "disk-unplugged" | "disk-silent" | "path-too-long" | "name-refused" | "file-too-large" | "file-in-the-way" | "file-in-use" | "disk-refused" | "no-such-place" | "was-a-library" | "no-library-in" | "inbox-imported-taken" | "not-a-folder" | "path-missing" | "folder-part-too-long" | "folder-zero" | "archive-not-finished" | "archive-web-page" | "archive-split-zip" | "archive-not-an-archive" | "archive-directory-damaged" | "archive-too-many-entries" | "archive-unreadable" | "archive-name-empty" | "archive-name-too-long" | "archive-control-character" | "archive-parent-folder" | "archive-absolute-path" | "archive-drive-letter" | "archive-backslash" | "archive-link" | "archive-special-entry" | "archive-duplicate-path" | "archive-encrypted" | "archive-unknown-method" | "archive-sizes-disagree" | "archive-too-large" | "archive-too-compressed" | "archive-overlapping" | "archive-beyond-end" | "archive-longer-than-declared" | "archive-shorter-than-declared" | "archive-checksum-wrong" | "archive-damaged" | "archive-cut-short" | "import-not-there" | "import-in-library" | "import-cannot" | "import-no-export" | "import-nothing-named" | "inbox-nothing-finished" | "inbox-not-a-folder" | "inbox-in-library" | "inbox-not-text" | "inbox-not-whole" | "inbox-unknown" | "inbox-link" | "quota-used-up" | "slow-down" | "servers-down" | "unreachable" | "not-google" | "no-download-works" | "stopped" | "import-stopped" | "verify-stopped" | "listed-in-part" | "out-of-sight" | "upload-not-allowed" | "upload-other-account" | "upload-full" | "upload-unplayable" | "upload-not-taken-now" | "upload-refused" | "folder-gone" | "note-own-uploads" | "note-no-shared-albums" | "note-album-unread" | "note-listing-broken" | "note-listing-grew" | "note-items-left-out" | "note-albums-left-out" | "note-settled" | "note-changed-files" | "note-disk-small" | "note-gone-elsewhere" | "note-unstorable-dates" | "note-absent" | "note-link-changed" | "note-album-left" | "note-link-failed" | "note-cut-short-at-google" | "note-cut-short-twice" | "note-not-taken" | "note-part-cut" | "note-part-unproven" | "note-part-trouble" | "note-part-missing" | "note-many-parts-missing" | "note-parts-missing" | "note-may-be-one" | "note-may-be-unpacked" | "note-copy" | "note-copy-helps" | "note-parts-again" | "note-no-google-photos" | "note-increment" | "note-not-delivered" | "note-open-sidecars" | "note-without-photo" | "note-xmp-left" | "note-xmp" | "note-read-only" | "note-no-locks" | "note-taken-over" | "note-other-computer" | "note-catalog-copy" | "note-catalog-new" | "archive-detail";

/** A schedule to be kept from now on. */
export type SetSchedule = {
  /** What was chosen; `None` for no schedule. */
  chosen: Chosen | null,
};

/** What was set. */
export type Settings = {
  /** The language. */
  language: Language,
  /** Light or dark. */
  theme: Theme,
  /** Whether the three steps of the welcome were walked through or skipped. */
  welcomed: boolean,
  /** The library that was open last. */
  library: string | null,
  /** What each library takes in when it is synced from here, by folder. */
  filters: { [key in string]: Filter },
  /** The end of the year of exports that the person was told of and wants to hear no more of, by the library's folder. */
  years_put_away: { [key in string]: string },
  /** Whether closing the window leaves Photokeep in the tray; `None` while nobody was asked. */
  stay_in_tray: boolean | null,
  /** When notifications tell something. */
  notify: Notify,
  /** Days after the last good run from which on a library needs attention; 0 for never. */
  stale_after_days: number,
  /** Whether a run keeps the computer awake. */
  keep_awake: boolean,
  /** Whether Photokeep looks for newer versions by itself; `None` while nobody was asked, and then it does not. */
  look_for_updates: boolean | null,
};

/** How much it matters. */
export type Severity = "note" | "warning" | "error";

/** An album. */
export type ShownAlbum = {
  /** Its number. */
  id: number,
  /** Its title. From outside: shown as text, never as anything else. */
  title: string | null,
  /** Items of it that are kept. */
  count: number,
  /** The file whose picture is its cover. */
  cover: number | null,
  /** Whether there is a picture of the cover. */
  cover_shows: boolean,
  /** Whether it is shared. */
  shared: boolean,
  /** Whether it is the account's own. */
  own: boolean,
  /** Whether the source no longer has it. */
  gone: boolean,
  /** Its oldest item, in Unix seconds of the clock where that was taken. */
  first_taken: number | null,
  /** Its newest item. */
  last_taken: number | null,
};

/** A comparison that came to its end. */
export type ShownComparison = {
  /** What it is known by. */
  key: string,
  /** The folder that was compared. */
  folder: string,
  /** Whether the folder is there now. */
  is_there: boolean,
  /** When it ended. */
  ended: string,
  /** In numbers. */
  summary: Summary,
  /** Files that are missing and that the person chose. */
  chosen: Numbers,
};

/** An inbox as it stands. */
export type ShownInbox = {
  /** The folder. */
  folder: string,
  /** What is done with an archive once everything in it is kept. */
  then: ArchiveThen,
  /** Whether the folder is there now. */
  there: boolean,
};

/** The log of a run. */
export type ShownLog = {
  /** What happened when; `None` for runs of which none is kept. */
  log: RunLog | null,
  /** The sentences in it that have a code. */
  sentences: { [key in string]: Sentence },
};

/** A schedule, as it stands. */
export type ShownSchedule = {
  /** What was chosen and drawn. */
  schedule: Schedule,
  /** When the next run begins, if nothing keeps it back. */
  next: string,
  /** What keeps it from beginning; `None` while nothing does. */
  waits_for: WaitsFor | null,
  /** How the last scheduled run ended, and when. */
  last: [Ended, string] | null,
  /** Until when no run begins, because the person said so. */
  paused_until: string | null,
  /** Whether something keeps the schedule now: a daemon. */
  kept: boolean,
};

/** Where the person signs in. */
export type SignInAddress = {
  /** The address. */
  address: string,
  /** Whether the system's browser was asked to open it. */
  opened: boolean,
};

/** How a sign-in stands. */
export type SignInState = {
  /** Whether it waits for the person. */
  waiting: boolean,
  /** The address to open. */
  address: string | null,
  /** Whether the browser comes back by itself; else the address that it ends at has to be pasted. */
  comes_back: boolean,
  /** Why a pasted address did not do. */
  note: string | null,
  /** The sentences in it that have a code. */
  sentences: { [key in string]: Sentence },
  /** How it ended, when it worked. */
  signed_in: SignedIn | null,
  /** How it ended, when it did not. */
  error: ApiError | null,
};

/** How a library stands, in one word. */
export type Signal = "idle" | "working" | "attention" | "stopped";

/** A sign-in that worked. */
export type SignedIn = {
  /** The account, when Google told it. */
  account: string | null,
  /** What was granted, by short names. */
  scopes: Array<string>,
  /** Where the sign-in is kept, as a sentence. */
  kept: string,
  /** Sentences worth reading. */
  notes: Array<string>,
};

/** A sign-out. */
export type SignedOut = {
  /** Whether Google confirmed it; the sign-in is forgotten here in any case. */
  revoked: boolean,
};

/** What a front end needs before it can show anything. */
export type Start = {
  /** Photokeep's version. */
  version: string,
  /** The system underneath. */
  platform: Platform,
  /** Where the user interface runs. */
  host: HostKind,
  /** What the host can do. */
  capabilities: Capabilities,
  /** What was set. */
  settings: Settings,
  /** The library that is open. */
  library: OpenLibrary | null,
  /** Whether the demo library can be opened. */
  demo: boolean,
  /** Whether a client is built in, so that no file of the user's is needed to sign in. */
  built_in_client: boolean,
  /** A folder to propose for a new library. */
  default_folder: string,
  /** What stands before `/file/12` for films, where they cannot come the way pictures do. */
  films: string | null,
};

/** Whether Photokeep starts with the computer. */
export type StartAtLogin = {
  /** Whether it does. */
  on: boolean,
};

/** What to compare with the library. */
export type StartCompare = {
  /** The folder. */
  folder: string,
  /** Also find pictures that look alike, and may differ in this many of 256 bits. */
  similar?: number,
};

/** What to import. */
export type StartImport = {
  /** Archives, folders with archives, unpacked exports; in any order. */
  paths: Array<string>,
  /** Write what Google says beside the files, as XMP. */
  xmp: boolean,
  /** As it was planned. */
  join?: boolean,
};

/** How to sync. */
export type StartSync = {
  /** Only another name in the history: failed items are tried again by every sync. */
  retry?: boolean,
  /** Begin again although the folder was emptied. */
  start_over?: boolean,
};

/** Where a library stands. */
export type StatusResponse = {
  /** Whether everything is kept, in a word. */
  health: Health,
  /** What the tray shows: the same word for a person who only glances. */
  signal: Signal,
  /** The weightiest reason for it. */
  why: Reason,
  /** Whether the last good run is longer ago than the person wants it to be. */
  stale: boolean,
  /** When the sign-in ends, where Google said so. */
  sign_in_ends: string | null,
  /** Whether the library's folder is there now; when it is not, the rest is how it stood when it was. */
  folder_is_there: boolean,
  /** When the last run ended at whose end everything was kept. */
  last_complete: string | null,
  /** When the last run ended; `None` while it runs or when it was cut off. */
  last_run: string | null,
  /** Whether the last run ended with everything kept. */
  last_run_complete: boolean,
  /** Whether a run is under way now. */
  running: boolean,
  /** Why the last run ended early: a machine-readable reason, `archives-gone`, or `cut-off` when it ended without a word. `None` when it came to its end, or is under way. */
  stopped: string | null,
  /** What is to be known about the catalog, as a sentence. */
  note: string | null,
  /** Items kept. */
  items: number,
  /** Photos among them. */
  photos: number,
  /** Videos among them. */
  videos: number,
  /** Files kept. */
  files: number,
  /** Bytes kept. */
  bytes: number,
  /** Files still to come, failed ones included. */
  pending: number,
  /** Files that failed in their last try. */
  failed: number,
  /** Files that vanished or are no longer what was stored: as the last run found, or as a glance at some of them shows now. */
  damaged: number,
  /** Items kept here that Google no longer has. */
  absent: number,
  /** Albums. */
  albums: number,
  /** Files in the trash. */
  trash: number,
  /** Files that vanished or were damaged here and that Google no longer has either. */
  lost: number,
  /** Files that look cut short although Google sent them so twice; the next sync compares them once more. */
  doubtful: number,
  /** What failed and why. */
  failures: Array<FailedItem>,
  /** Whether everything known came in Takeout archives, so that nobody needs to be signed in. */
  takeout_alone: boolean,
  /** Items that were taken over from another tool's folder and that no source has shown since. */
  adopted: number,
  /** What exports could not give so far, by reason, until it comes or is accepted. */
  not_taken: Array<Counted>,
  /** What else kept the last import from being complete, in sentences: parts that are missing, for example. */
  not_taken_notes: Array<string>,
};

/** Everything in numbers. `found`, `different`, `missing`, `unreadable` and `not_media` add up to `files`. */
export type Summary = {
  /** Files of the folder. */
  files: Numbers,
  /** The library has their very bytes. */
  found: Numbers,
  /** The library has the same photo in other bytes. */
  different: Numbers,
  /** Those of the different ones of which the library has no file on its disk: known, and not fetched. */
  only_here: Numbers,
  /** The library does not have them. */
  missing: Numbers,
  /** Those of the missing ones that end before their structure does. */
  cut_short: Numbers,
  /** They cannot be read. */
  unreadable: Numbers,
  /** Neither photo nor video. */
  not_media: Numbers,
  /** Photos and videos that the library has and the folder has not. */
  extra: Numbers,
  /** Files that are there more than once, each group's first one not counted: what could be spared. */
  duplicates: Duplicates,
  /** What was passed over, by reason. */
  passed_over: { [key in string]: number },
  /** In how many bits pictures might look otherwise and still be held to be the same; `None` where that was not asked. */
  similar: number | null,
  /** Whether the library's folder was there. When not, what its catalog says was believed without a look. */
  library_is_there: boolean,
};

/** Light or dark. */
export type Theme = "system" | "light" | "dark";

/** A file in the trash, or one that was. */
export type TrashFile = {
  /** Where it was, below the library. */
  path: string,
  /** Where it is now, when it was restored. */
  now: string | null,
  /** Bytes. */
  size: number,
  /** Why it went there. */
  reason: string,
  /** When. */
  removed_at: string | null,
};

/** What is in the trash. */
export type TrashList = {
  /** The reasons that have a code. */
  sentences: { [key in string]: Sentence },
  /** Files in the trash, restored or deleted. */
  files: Array<TrashFile>,
  /** Bytes of those. */
  bytes: number,
};

/** What is in the trash, or what was done. */
export type TrashResponse = {
  /** Files in the trash, restored or deleted. */
  files: Array<TrashFile>,
  /** Bytes of those. */
  bytes: number,
};

/** Why something could not be read, with what the system said. */
export type Trouble = {
  /** Why. */
  why: TroubleWhy,
  /** What the system said, in its own words. */
  more: string | null,
};

/** Why something could not be read. */
export type TroubleWhy = "changed" | "empty" | "not-as-called" | "no-file" | "denied" | "gone" | "disk";

/** What is known of newer versions. */
export type Updates = {
  /** The version that runs. */
  version: string,
  /** The site that is asked; `None` where this copy was built without one and never looks. */
  site: string | null,
  /** Whether Photokeep looks by itself, once a week; `None` while nobody was asked. */
  automatic: boolean | null,
  /** When the site answered for the last time. */
  looked: string | null,
  /** The newest version, if it is newer than this one. */
  newer: Release | null,
  /** Whether the person wants to hear no more of that one. */
  put_away: boolean,
  /** Whether the site did not answer when it was asked for the last time. */
  failed: boolean,
};

/** What to upload to Google Photos. */
export type UploadMissing = {
  /** What the comparison is known by. */
  key: string,
  /** Only what the person chose. */
  chosen: boolean,
  /** Title of the album they are put into. */
  album?: string,
};

/** What uploading would do. */
export type UploadPlan = {
  /** Files to send. */
  files: number,
  /** Photos among them. */
  photos: number,
  /** Videos among them. */
  videos: number,
  /** Their bytes. */
  bytes: number,
  /** Files that an earlier upload has brought there; an album gets them as well. */
  already: number,
  /** Files that Google does not take: too large, or empty. */
  left_alone: number,
  /** On how many days it will be at work, as Google allows so many requests a day. */
  days: number,
  /** Whether anybody is signed in. */
  signed_in: boolean,
  /** Whether the sign-in lets Photokeep upload. */
  may_upload: boolean,
  /** Into whose Google Photos, when Google told it. */
  account: string | null,
};

/** What a file of the compared folder is to the library. Each has exactly one. */
export type Verdict = "found" | "different" | "missing" | "unreadable" | "not-media";

/** A pause of the whole run. */
export type Wait = {
  /** Why. */
  reason: WaitReason,
  /** Until when. */
  until: string,
};

/** Why a run is waiting. */
export type WaitReason = "throttled" | "daily-quota" | "network";

/** What keeps a run from beginning now. */
export type WaitsFor = "time" | "person" | "power" | "unmetered" | "disk" | "room" | "another-try";

/** Which comparison. */
export type WhichComparison = {
  /** What it is known by. */
  key: string,
};

/** What is kept of one year. */
export type YearKept = {
  /** The year in which the photos were taken; `None` for those without a date. */
  year: number | null,
  /** Items. */
  items: number,
  /** Bytes. */
  bytes: number,
};

/** Every command: what it takes and what it gives. */
export interface Commands {
  "app.start": { request: Nothing; response: Start };
  "app.painted": { request: Painted; response: Nothing };
  "settings.set": { request: Appearance; response: Settings };
  "host.pick_folder": { request: PickFolder; response: PickedFolder };
  "host.open_page": { request: OpenPage; response: PageAddress };
  "library.probe": { request: ProbeFolder; response: FolderReport };
  "library.open": { request: OpenFolder; response: OpenLibrary };
  "library.plan_adopt": { request: AdoptFolder; response: Adoption };
  "library.adopt": { request: AdoptFolder; response: OpenLibrary };
  "library.options": { request: Nothing; response: LibrarySettings };
  "library.set_options": { request: ChangeOptions; response: LibrarySettings };
  "library.preview": { request: PreviewRequest; response: Preview };
  "library.status": { request: Nothing; response: Home };
  "account.show": { request: Nothing; response: Account };
  "account.check_client": { request: ClientText; response: CheckedClient };
  "account.sign_in": { request: BeginSignIn; response: SignInAddress };
  "account.paste": { request: PastedAddress; response: Nothing };
  "account.sign_in_state": { request: Nothing; response: SignInState };
  "account.cancel_sign_in": { request: Nothing; response: Nothing };
  "account.sign_out": { request: Nothing; response: SignedOut };
  "demo.open": { request: Nothing; response: OpenLibrary };
  "sync.plan": { request: Nothing; response: Nothing };
  "sync.start": { request: StartSync; response: Nothing };
  "verify.start": { request: Nothing; response: Nothing };
  "import.pick": { request: PickArchives; response: PickedArchives };
  "import.plan": { request: PlanImport; response: Nothing };
  "import.start": { request: StartImport; response: Nothing };
  "import.entries": { request: ArchiveEntriesRequest; response: ArchiveEntries };
  "import.accept": { request: Nothing; response: Nothing };
  "import.report": { request: ImportReport; response: Exported };
  "compare.start": { request: StartCompare; response: Nothing };
  "compare.list": { request: Nothing; response: Array<PastComparison> };
  "compare.show": { request: WhichComparison; response: ShownComparison };
  "compare.files": { request: ComparedFilesRequest; response: ComparedFiles };
  "compare.extra": { request: NarrowedPage; response: ComparedExtra };
  "compare.duplicates": { request: NarrowedPage; response: ComparedDuplicates };
  "compare.passed_over": { request: ComparedPage; response: Array<PassedOver> };
  "compare.narrowings": { request: NarrowingsRequest; response: Narrowings };
  "compare.choose": { request: ChooseFiles; response: Numbers };
  "compare.plan_add": { request: AddMissing; response: Nothing };
  "compare.add": { request: AddMissing; response: Nothing };
  "compare.plan_upload": { request: AddMissing; response: UploadPlan };
  "compare.upload": { request: UploadMissing; response: Nothing };
  "compare.links": { request: WhichComparison; response: ComparisonLinks };
  "compare.report": { request: CompareReport; response: Exported };
  "compare.reveal": { request: ComparedFileRequest; response: Nothing };
  "inbox.show": { request: Nothing; response: Inboxes };
  "inbox.add": { request: AddInbox; response: Inboxes };
  "inbox.import": { request: Nothing; response: Nothing };
  "inbox.put_year_away": { request: PutYearAway; response: Nothing };
  "inbox.remove": { request: RemoveInbox; response: Inboxes };
  "background.show": { request: Nothing; response: Background };
  "background.set_schedule": { request: SetSchedule; response: Background };
  "background.pause": { request: PauseBackground; response: Nothing };
  "background.resume": { request: Nothing; response: Nothing };
  "background.run": { request: Nothing; response: Nothing };
  "background.start_at_login": { request: StartAtLogin; response: Background };
  "background.leave": { request: LeaveWindow; response: Nothing };
  "run.show": { request: Nothing; response: RunState };
  "run.pause": { request: Nothing; response: Nothing };
  "run.resume": { request: Nothing; response: Nothing };
  "run.cancel": { request: Nothing; response: Nothing };
  "run.dismiss": { request: Nothing; response: Nothing };
  "timeline.buckets": { request: BucketsRequest; response: Buckets };
  "timeline.bucket": { request: BucketRequest; response: Bucket };
  "item.show": { request: ItemRequest; response: ItemDetails };
  "item.film": { request: FileRequest; response: FilmFacts };
  "item.reveal": { request: FileRequest; response: Nothing };
  "item.open_at_google": { request: ItemRequest; response: PageAddress };
  "albums.list": { request: Nothing; response: Array<ShownAlbum> };
  "activity.runs": { request: RunsRequest; response: Array<PastRun> };
  "activity.entries": { request: EntriesRequest; response: Entries };
  "activity.log": { request: LogRequest; response: ShownLog };
  "activity.export": { request: ExportRequest; response: Exported };
  "failures.list": { request: Nothing; response: Array<FailedItem> };
  "trash.list": { request: Nothing; response: TrashList };
  "trash.restore": { request: RestoreRequest; response: TrashResponse };
  "trash.empty": { request: Nothing; response: TrashResponse };
  "updates.show": { request: Nothing; response: Updates };
  "updates.look": { request: Nothing; response: Updates };
  "updates.set_automatic": { request: Automatic; response: Updates };
  "updates.put_away": { request: Nothing; response: Updates };
}
