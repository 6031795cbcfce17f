//! The engine's sentences for front ends in other languages: which one a text is, and the names and numbers in it.
//!
//! The engine writes English, and the catalog keeps what it wrote: reasons of a list, notes of a receipt. A closed list of
//! the sentences with their places for names and numbers stands here; a text is looked up in it once, at the boundary, and
//! crosses with its [`SentenceCode`]. So receipts of years ago are read in today's language as well. A text that is in no
//! form of the list crosses without a code and is shown as it is.
//!
//! Tests hold this list against the engine's source and against the texts of the user interface in both languages.

use std::collections::BTreeMap;

use serde::Serialize;
use ts_rs::TS;

/// A sentence that a front end can say in its language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Sentence {
    /// Which sentence.
    pub code: SentenceCode,
    /// The engine's English words, with `{name}` where a value stands.
    pub words: &'static str,
    /// The names and numbers in it. From outside: shown as text, never as anything else.
    pub values: BTreeMap<String, String>,
    /// Those of the values that are sentences of the list themselves.
    // Written out, because a type inside itself is looked into without end.
    #[ts(type = "{ [key in string]: Sentence }")]
    pub parts: BTreeMap<String, Sentence>,
}

/// The sentences of an answer that have a code, by the text that stands in the answer.
pub type Sentences = BTreeMap<String, Sentence>;

/// A place of this name takes nothing but another sentence of the list.
const PART: &str = "sentence";

/// How deep sentences stand in one another: a note, why, and the detail of that. Names from outside cannot make it more.
const DEPTH: u32 = 3;

/// Declares the sentences: code, and the engine's words with places for names and numbers. The first one that fits counts.
macro_rules! sentences {
    ($($code:ident = $template:literal;)*) => {
        /// Which sentence of the engine it is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
        #[serde(rename_all = "kebab-case")]
        pub enum SentenceCode {
            $(#[doc = $template] $code,)*
        }

        /// Every sentence with the engine's words.
        const ALL: &[(SentenceCode, &str)] = &[$((SentenceCode::$code, $template),)*];
    };
}

sentences! {
    // The client file.
    ClientEmpty = "The client file is empty.";
    ClientWebPage = "The client file is a web page, not the JSON file that Google offers for download.";
    ClientNotJson = "The client file is not readable as JSON; it may have been cut off or edited.";
    ClientServiceAccount = "This is the key of a service account. Google Photos does not work with service accounts.";
    ClientTokens = "This is a file of tokens, not the client file that Google offers for download.";
    ClientApiKey = "This is an API key, not an OAuth client.";
    ClientOtherJson = "The file is JSON, but not a client file: it has neither an \"installed\" nor a \"web\" part.";
    ClientOddParts = "The client file has parts of an unexpected kind.";
    ClientNoId = "The client file has no \"client_id\".";
    ClientIdEnding = "The \"client_id\" is not one that Google gives out: it does not end in \".apps.googleusercontent.com\".";
    ClientIdNumber = "The \"client_id\" is not one that Google gives out: it does not begin with the number of a project.";
    ClientIdCharacters = "The \"client_id\" is not one that Google gives out: it has a character that does not belong there.";
    ClientNoSecret = "The client file has no \"client_secret\". Google shows a secret only once, when the client is made: add a new secret and download the file again.";
    ClientNoRedirect = "The client is of type \"Web application\" and has no redirect address registered.";
    ClientNone = "This Photokeep has no client of its own.";
    // The sign-in.
    PasteOtherSignIn = "That address belongs to another sign-in. Paste the one from this sign-in.";
    PasteNotTheAddress = "That is not the address that the browser ended at. It begins with http:// or https:// and holds `code=`.";
    SignInNotGiven = "You did not give access, so Photokeep has not read anything.";
    SignInRefused = "Google refused the sign-in.";
    SignInNobody = "Nobody is signed in for this library yet.";
    SignInNobodyFor = "Nobody is signed in for {library} yet.";
    SignInBoxNotTicked = "The sign-in worked, but the box that lets Photokeep see your photos was not ticked, or Google does not grant it to this client.";
    SignInNotLasting = "Google sent no lasting sign-in.";
    SignInNotAccepted = "Google no longer accepts the sign-in for this library. Your photos are safe.";
    SignInKeptInKeychain = "The sign-in is kept in the keychain of this system.";
    SignInKeptInFile = "No keychain answers here, so the sign-in is kept in a file that only you can read: {path}";
    SignInUploadNotTicked = "The box that lets Photokeep upload was not ticked: it can read, and not upload.";
    // Comparing with a folder.
    CompareWithItself = "This folder is the library itself, or lies in it.";
    CompareElsewhere = "Choose another place to compare with: an old backup, a camera card, a network share.";
    CompareNoFolder = "`{path}` is no folder.";
    CompareFolderGone = "The folder `{path}` is not there.";
    CompareFolderClosed = "The folder `{path}` cannot be opened.";
    CompareGone = "This comparison is not there any more.";
    CompareFileGone = "This file is not in the comparison any more.";
    CompareAgain = "Compare the folder again.";
    CompareBusy = "This folder is being compared with the library just now.";
    // Taking over what another tool made.
    AdoptUnlike = "`{path}` does not look like a folder that gphotos-sync, gphotosync or rclone made. Nothing was changed.";
    AdoptOtherLayout = "This folder is a library of Photokeep already, with another layout. Nothing was changed.";
    AdoptIndexUnreadable = "The index of gphotos-sync (gphotos.sqlite) cannot be read, so names and times of the files are gone by.";
    AdoptNotOnDisk = "Items that the index of gphotos-sync knows and of which no file is here: {count}. A sync fetches those that Google shows.";
    AdoptElsewhere = "lies where the tool puts no photos";
    AdoptNoMedia = "is empty, or no photo or video by its bytes";
    AdoptLeftover = "a run of the tool that was cut off left it";
    AdoptHidden = "is hidden, a system's own, or no file";
    AdoptLink = "is a link that belongs to no album of the tool";
    AdoptAlbum = "is in an album folder that is not named as the others";
    AdoptUnreadable = "cannot be read";
    AdoptNameNotText = "has a name that is no text";
    // Why an item could not be fetched.
    NoAddress = "Google gives no address for this item.";
    ChangedMeanwhile = "The item changed at Google while it was fetched.";
    EmptyFile = "Google sent an empty file instead of the photo.";
    WebPageCame = "A web page came instead of the photo.";
    EmptyInArchive = "The file in the archive is empty.";
    WebPageInArchive = "This is a web page and no photo or video.";
    OtherFileInArchive = "This is text or another kind of file and no photo or video.";
    OtherFileCame = "Text or another kind of file came instead of the photo.";
    StillCame = "A still picture came instead of the video.";
    UnknownForm = "What came is in no form of photo or video that Photokeep knows.";
    CutShort = "The file is cut short ({why}).";
    ItemRefused = "Google refuses to say anything about this item.";
    ItemFails = "Google fails again and again when asked for this item.";
    ItemProcessing = "Google is still processing this video.";
    BytesFail = "Google fails again and again when asked for these bytes.";
    BytesRefusedFresh = "Google refuses to hand out these bytes, with fresh addresses too.";
    BytesRefused = "Google refuses to hand out these bytes.";
    BytesNonsense = "The answer for these bytes makes no sense.";
    BrokeOff = "The download broke off again and again.";
    NoFreeName = "No free name could be found for this item.";
    NoFreeNameLeft = "No free name is left for this item.";
    NoFreeNameForFile = "No free name is left for this file.";
    NotAFileNow = "This is not a file any more.";
    ArchiveNotHere = "The archive that has this photo is not here.";
    FileUnreadable = "This file cannot be read: {error}.";
    ArchiveGone = "`{path}` cannot be read any more.";
    NotAtGoogle = "Google does not have it any more.";
    UploadNotMade = "Google did not make a photo or video of this file.";
    UploadNotShown = "Google took this file and does not show it.";
    UploadOtherSize = "Google keeps this picture in another size than it was uploaded in.";
    UploadNotInAlbum = "This file is in Google Photos now, but not in the album.";
    UploadNotTaken = "Google does not take this file.";
    UploadBrokeOff = "Sending this file broke off again and again.";
    UploadVideoTooLarge = "larger than the 20 GB that Google takes of a video";
    UploadPhotoTooLarge = "larger than the 200 MB that Google takes of a photo";
    UploadEmpty = "the file is empty";
    NextRunTries = "The next run tries it again by itself.";
    TriedAgain = "It is tried again by itself.";
    // Reasons in other lists.
    NoLongerAtGoogle = "no longer in Google Photos";
    WasOnTheDisk = "was already on the disk";
    FinishedLater = "finished after an interruption";
    OtherBytes = "other bytes than were stored";
    OtherSize = "{now} bytes instead of {stored}";
    NotThere = "is not there any more";
    ReplacedByNewer = "replaced by a newer version from the source";
    ReplacedChanged = "was no longer what was stored; replaced";
    PruneChanged = "{path} was changed meanwhile and stays.";
    RemovedHere = "You removed this here; it is not brought back by itself.";
    RemovedHereRestStays = "you removed this here; it is not brought back by itself, and what came of it before stays";
    RemovedHereBefore = "you removed this here; it is not brought back by itself";
    EntrySamePath = "the same path as in another part";
    EntryJsonUnreadable = "this JSON file cannot be read; the photo beside it is taken without it";
    EntryPhotoElsewhere = "its photo came with another export";
    EntryPhotoNowhere = "the photo it describes is in none of the archives";
    EntryFitsSeveral = "it fits several photos; nothing was guessed";
    EntryFitsSeveralDescriptions = "it fits several descriptions; nothing was guessed";
    // The disk.
    DiskFull = "The disk of the library is full. What is stored so far is safe.";
    DiskShareFull = "Your share of the library's disk is used up. What is stored so far is safe.";
    DiskReadOnly = "The disk of the library can only be read, not written.";
    DiskDenied = "Photokeep is not allowed to write to {path}.";
    DiskFails = "The disk reports an error at {path}: it failed or was unplugged.";
    DiskUnplugged = "The disk of the library is no longer connected.";
    DiskSilent = "The network disk of the library does not answer.";
    PathTooLong = "The path {path} is too long for this disk.";
    NameRefused = "This disk refuses the name {path}.";
    FileTooLarge = "This disk cannot hold a file as large as {path}. Nothing else is affected.";
    FileInTheWay = "On the way to {path} is a file where a folder is needed.";
    FileInUse = "Another program holds {path} open.";
    DiskRefused = "The disk of the library refused an operation on {path}.";
    NoSuchPlace = "There is no such place on this computer.";
    WasALibrary = "{path} was a library before, but its files are not there now. Nothing was changed.";
    NoLibraryIn = "There is no Photokeep library in {path}.";
    InboxImportedTaken = "`{name}` is not a folder.";
    NotAFolder = "{path} is not a folder.";
    PathMissing = "{path} is not there.";
    FolderPartTooLong = "A part of this path is longer than the 255 bytes that a name can have.";
    FolderZero = "This path holds a character that no name can have.";
    // Archives and what is in them.
    ArchiveNotFinished = "This archive has not finished downloading; download it again.";
    ArchiveWebPage = "This is a web page, not an archive: Google asked for a sign-in instead of sending the file; download it again.";
    ArchiveSplitZip = "This is one piece of a zip that was cut up; put the pieces together first.";
    ArchiveNotAnArchive = "This is neither a zip nor a tgz archive.";
    ArchiveDirectoryDamaged = "The table of contents of this archive is damaged; what stands before the damage is used, the rest cannot be seen.";
    ArchiveTooManyEntries = "This archive claims more entries than any export has; the rest is not read.";
    ArchiveUnreadable = "The disk could not be read here.";
    ArchiveNameEmpty = "The entry has no name.";
    ArchiveNameTooLong = "The name is longer than Google makes any.";
    ArchiveControlCharacter = "The name holds control characters.";
    ArchiveParentFolder = "The name points out of the archive.";
    ArchiveAbsolutePath = "The name points to a fixed place on a disk.";
    ArchiveDriveLetter = "The name starts with a drive letter.";
    ArchiveBackslash = "The name holds a backslash, which Google never writes; another program made this archive.";
    ArchiveLink = "This is a link to another place, not a file.";
    ArchiveSpecialEntry = "This is a device or another thing that is no file.";
    ArchiveDuplicatePath = "The same name is in this archive twice; the first one is used.";
    ArchiveEncrypted = "The entry is protected by a password, which Google never does.";
    ArchiveUnknownMethod = "The entry is compressed in a way that Google does not use.";
    ArchiveSizesDisagree = "The archive contradicts itself about the size of this entry; Google did not write it so.";
    ArchiveTooLarge = "The entry claims to be larger than anything Google Photos keeps.";
    ArchiveTooCompressed = "The entry would grow far more than photos can; this is how a zip bomb looks.";
    ArchiveOverlapping = "The bytes of this entry belong to another one as well.";
    ArchiveBeyondEnd = "The archive ends before this entry; it was cut off.";
    ArchiveLongerThanDeclared = "The entry is longer than the archive says.";
    ArchiveShorterThanDeclared = "The entry is shorter than the archive says.";
    ArchiveChecksumWrong = "The bytes are not the ones that Google packed: their checksum is wrong; download the archive again.";
    ArchiveDamaged = "The compressed bytes are damaged; download the archive again.";
    ArchiveCutShort = "The archive was cut off here; download it again.";
    // What keeps an import or an inbox from beginning.
    ImportNotThere = "`{path}` is not there. Nothing was imported.";
    ImportInLibrary = "`{path}` lies inside the library. Nothing was imported.";
    ImportCannot = "`{name}` cannot be imported: {sentence}";
    ImportNoExport = "No Google Takeout export was found there. Nothing was imported.";
    ImportNothingNamed = "No archive was named. Nothing was imported.";
    InboxNothingFinished = "There is no finished archive in the inboxes. Nothing was imported.";
    InboxNotAFolder = "`{path}` is not a folder. Nothing was changed.";
    InboxInLibrary = "`{path}` lies inside the library. Nothing was changed.";
    InboxNotText = "The name of `{path}` cannot be written down. Nothing was changed.";
    InboxNotWhole = "This is not a whole path. No folder was added.";
    InboxUnknown = "`{path}` is not an inbox of this library. Nothing was changed.";
    InboxLink = "It is a link to a file elsewhere.";
    // The whole run.
    QuotaUsedUp = "Google's quota for today is used up. Everything so far is kept.";
    SlowDown = "Google keeps asking to slow down. Everything so far is kept.";
    ServersDown = "Google's servers do not work at the moment. Everything so far is kept.";
    Unreachable = "Google cannot be reached. Everything so far is kept.";
    NotGoogle = "The answers do not come from Google. This network may want you to sign in on a web page first.";
    NoDownloadWorks = "No download works at the moment. Everything so far is kept.";
    Stopped = "Stopped. Everything so far is kept, and the next run goes on where this one stopped.";
    ImportStopped = "Stopped. Everything so far is kept, and the next import goes on where this one stopped.";
    VerifyStopped = "Stopped. What was compared until then is noted; nothing is said about the other files.";
    ListedInPart = "Google did not list the whole library this time. What it listed is kept; nothing was removed.";
    OutOfSight = "This sign-in does not see what an earlier one saw: {count} items are kept here that Google does not show now. Nothing was removed.";
    UploadNotAllowed = "This sign-in does not let Photokeep upload to Google Photos.";
    UploadOtherAccount = "This library keeps the photos of {library}, and you are signed in as {account}. Nothing was uploaded.";
    UploadFull = "Google takes no more: the storage of the account is full, or a limit is reached.";
    UploadUnplayable = "Google took this video and could not make it playable.";
    UploadNotTakenNow = "Google did not take the uploaded files.";
    UploadRefused = "Google did not take the uploaded files: the album may be full, or not one that Photokeep made.";
    FolderGone = "The folder `{path}` cannot be read any more.";
    // Notes of plans and receipts.
    NoteOwnUploads = "Google shows Photokeep only what Photokeep itself uploaded (its rule since 31 March 2025). For the whole library use a Google Takeout export.";
    NoteNoSharedAlbums = "Google does not show shared albums to apps any more, so they are not part of this run.";
    NoteAlbumUnread = "The album \"{title}\" could not be read; it vanished while it was listed, or Google does not show it now.";
    NoteListingBroken = "Google's listing did not come to its end. Nothing is concluded from what it left out.";
    NoteListingGrew = "Google's listing showed more each time it was asked for. Nothing was removed because of that; the next run asks again.";
    NoteItemsLeftOut = "Google's listing left out {count} items that Google still has. Nothing was removed because of that; the next run asks again.";
    NoteAlbumsLeftOut = "Google's list of albums left out {count} that Google still has. Nothing was removed because of that; the next run asks again.";
    NoteSettled = "The run before was cut off. Files that were just being stored and have been settled now: {count}.";
    NoteChangedFiles = "Files that are no longer what was stored: {count}, `{path}` for example. They were left as they are; `photokeep verify` says more.";
    NoteDiskSmall = "The disk may be too small for what is to come. The run stops safely when it is full.";
    NoteGoneElsewhere = "Files of the library that are gone or damaged, and in none of these archives: {gone}. Import the archives that have them once more.";
    NoteUnstorableDates = "Files with a date that this disk cannot hold: {count}. They carry the nearest one it can; the true date is kept in Photokeep's catalog, and the folder goes by it.";
    NoteAbsent = "Kept here and no longer in Google Photos: {count}. They stay; `photokeep prune` can move them to the trash.";
    NoteLinkChanged = "`{path}` is no longer what Photokeep made and was left alone.";
    NoteAlbumLeft = "The folder of the album `{title}` was left as it is: {why}";
    NoteLinkFailed = "The album entry `{path}` could not be made: {why}.";
    NoteCutShortAtGoogle = "\"{title}\": {sentence} Google has it so; it is kept.";
    NoteCutShortTwice = "\"{title}\": {sentence} Google sent it so twice; it is kept, and the next run compares it once more.";
    NoteNotTaken = "`{name}` was not taken: {sentence}";
    NotePartCut = "{name}: {sentence} What came before that is taken.";
    NotePartUnproven = "{name}: {sentence} Nothing of it is taken.";
    NotePartTrouble = "{name}: {sentence}";
    NotePartMissing = "Part {number} of the export {export} is missing. What is here is taken; import the rest when you have it, the pieces find each other.";
    NoteManyPartsMissing = "Parts {numbers} and {count} more of the export {export} are missing. What is here is taken; import the rest when you have it, the pieces find each other.";
    NotePartsMissing = "Parts {numbers} of the export {export} are missing. What is here is taken; import the rest when you have it, the pieces find each other.";
    NoteMayBeOne = "{one} and {other} were made in the same second and may be one export.";
    NoteMayBeUnpacked = "The unpacked Takeout in {path} may be the parts that are missing of the export {export}.";
    NoteCopy = "`{copy}` seems to be a copy of `{of}`: only that was read. If files of it are damaged, take it away and import again.";
    NoteCopyHelps = "`{copy}` is a copy of `{of}`: each file is taken once, from the one that has it whole.";
    NotePartsAgain = "Photos of {count} parts that came before could not be told from files of other products then. Import those parts once more, together with this one.";
    NoteNoGooglePhotos = "Nothing of Google Photos was found in what was given.";
    NoteIncrement = "Items in the export {export}: {count}; known from earlier ones: {known}. It is an increment. Nothing is concluded from what it leaves out.";
    NoteNotDelivered = "Google's own page lists {count} files that are in none of these archives, `{path}` for example. Download the parts that are missing, or ask Google for another export.";
    NoteOpenSidecars = "Descriptions that fit several photos: {count}. Nothing was guessed, so an album may lack a photo that is kept. The list of what was read names them.";
    NoteWithoutPhoto = "Photos that are described in these archives and not in them: {count}. They may be in a part that is missing, or Google did not deliver them; the next export may have them.";
    NoteXmpLeft = "XMP files written: {written}; unchanged: {unchanged}. Left alone, because they are not Photokeep's or were changed since: {left}.";
    NoteXmp = "XMP files written: {written}; unchanged: {unchanged}.";
    NoteReadOnly = "The disk of this library cannot be written to now; it is only read.";
    NoteNoLocks = "The disk of this library has no file locks ({why}), so Photokeep cannot notice a run from another computer. Runs on this computer still wait for each other.";
    NoteTakenOver = "This library was taken over with the catalog it carries.";
    NoteOtherComputer = "Another computer has worked on this library since; its catalog was taken over.";
    NoteCatalogCopy = "The catalog was damaged; the copy inside the library took its place. Your photos are not affected.";
    NoteCatalogNew = "The catalog of this library was damaged or missing and the library carries no usable copy; a new one is being made. Your photos are not affected: the next sync or import recognises files that lie where they belong by their bytes. Until then they are not known.";
    // A sentence about an archive with a detail. Last, because it fits around others.
    ArchiveDetail = "{sentence} ({detail})";
}

/// Which sentence a text is, if it is one of the list.
pub fn sentence(text: &str) -> Option<Sentence> {
    sentence_within(text, DEPTH)
}

fn sentence_within(text: &str, depth: u32) -> Option<Sentence> {
    let deeper = depth.checked_sub(1)?;
    ALL.iter().find_map(|(code, template)| {
        let values = values(template, text)?;
        let part = values.get(PART).map(|part| sentence_within(part, deeper));
        let parts = match part {
            Some(part) => BTreeMap::from([(PART.to_owned(), part?)]),
            None => BTreeMap::new(),
        };
        Some(Sentence { code: *code, words: template, values, parts })
    })
}

/// The sentences among these texts.
pub fn sentences<'a>(texts: impl IntoIterator<Item = &'a str>) -> Sentences {
    texts.into_iter().filter_map(|text| sentence(text).map(|sentence| (text.to_owned(), sentence))).collect()
}

/// What stands at the places of a template, when the text has its form.
fn values(template: &str, text: &str) -> Option<BTreeMap<String, String>> {
    let mut pieces = pieces(template);
    let (first, mut hole) = pieces.next()?;
    let mut rest = text.strip_prefix(first)?;
    let mut values = BTreeMap::new();
    for (words, next) in pieces {
        // The last words end the text; others end the value at their first place.
        let end = if next.is_none() { rest.strip_suffix(words)?.len() } else { rest.find(words)? };
        values.insert(hole?.to_owned(), rest.get(..end)?.to_owned());
        rest = rest.get(end + words.len()..)?;
        hole = next;
    }
    rest.is_empty().then_some(values)
}

/// The words of a template, each with the place that follows it.
fn pieces(template: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let mut rest = Some(template);
    std::iter::from_fn(move || {
        let now = rest?;
        let Some((words, (hole, after))) = now.split_once('{').and_then(|(words, after)| Some((words, after.split_once('}')?)))
        else {
            rest = None;
            return Some((now, None));
        };
        rest = Some(after);
        Some((words, Some(hole)))
    })
}

#[cfg(test)]
#[path = "sentence_tests.rs"]
mod tests;
