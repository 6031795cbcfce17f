//! What is put behind a name that is taken: ` (n)`, `-gphotosync-<hex>` or `-gphotosync-<id>`; and how names are shortened for it.
//!
//! Every function keeps the result within the target's limit: the stem gives way, the extension stays. Which suffix comes when is
//! decided in [`layout::candidates`](super::layout::candidates).

use photokeep_model::{CaptureTime, Layout};
use unicode_segmentation::UnicodeSegmentation;

use super::facts::NameLimit;
use super::names::NameRules;

/// The longest extension, in bytes without its dot, that is kept when a name is shortened. A longer one is part of the stem.
const LONGEST_EXTENSION: usize = 16;

/// The fewest units of a stem that stay before an overlong item id is cut instead.
const LEAST_STEM: usize = 16;

impl NameRules {
    /// Puts ` (n)` before the last suffix: `a.jpg`, 2 gives `a (2).jpg`; `a.tar.gz` gives `a.tar (2).gz` (`predecessors.md` 1.5).
    pub fn numbered(&self, name: &str, n: u32) -> String {
        self.with_suffix(name, &format!(" ({n})"))
    }

    /// Puts ` (n)` behind a folder's name, whatever dots it has.
    pub fn numbered_folder(&self, name: &str, n: u32) -> String {
        let (limit, suffix) = (self.facts().limit, format!(" ({n})"));
        format!("{}{suffix}", cut_to(name, limit.max.saturating_sub(suffix.len()), limit))
    }

    /// The second name of gphotosync's strategy `unixhex`: lower-case hexadecimal of the nanoseconds since 1970
    /// (`predecessors.md` 2.4; Go's `strconv.FormatInt(t.UnixNano(), 16)`, so with a minus sign before 1970).
    pub fn gphotosync_suffix_unixhex(&self, name: &str, taken: CaptureTime) -> String {
        // In 128 bits: Go overflows before 1678 and after 2262, dates that no ordinary library has.
        let nanos = i128::from(taken.unix_seconds()) * 1_000_000_000 + i128::from(taken.nanos());
        let sign = if nanos < 0 { "-" } else { "" };
        self.with_suffix(name, &format!("-gphotosync-{sign}{:x}", nanos.unsigned_abs()))
    }

    /// The second name of gphotosync's strategy `id`. Google's ids are of `A-Z a-z 0-9 - _`; anything else becomes `_`, and an id too
    /// long for the target is cut.
    pub fn gphotosync_suffix_id(&self, name: &str, id: &str) -> String {
        self.with_suffix(name, &format!("-gphotosync-{}", self.plain_id(id)))
    }

    /// What rclone puts behind names that are there twice: ` {id}`, the id as in [`NameRules::gphotosync_suffix_id`].
    pub fn rclone_suffix(&self, name: &str, id: &str) -> String {
        self.with_suffix(name, &format!(" {{{}}}", self.plain_id(id)))
    }

    fn plain_id(&self, id: &str) -> String {
        let spare = LEAST_STEM + LONGEST_EXTENSION + 1 + "-gphotosync-".len() + " (4294967295)".len();
        id.chars()
            .map(|character| if character.is_ascii_alphanumeric() || "-_".contains(character) { character } else { '_' })
            .take(self.facts().limit.max.saturating_sub(spare))
            .collect()
    }

    /// Puts a suffix between stem and extension; the stem is cut as far as the limit demands.
    pub(super) fn with_suffix(&self, name: &str, suffix: &str) -> String {
        let limit = self.facts().limit;
        let (stem, extension) = match self.layout() {
            Layout::Photokeep => split_sanely(name),
            Layout::GphotosSync | Layout::GphotosSyncFlat => split_as_python(name),
            _ => split_as_go(name),
        };
        let whole = format!("{stem}{suffix}{extension}");
        if limit.measure(&whole) <= limit.max && !self.ends_badly(&whole) {
            return whole;
        }
        let (stem, extension) = split_sanely(name);
        let budget = limit.max.saturating_sub(limit.measure(suffix) + limit.measure(extension));
        format!("{}{suffix}{extension}", cut_to(stem, budget, limit))
    }

    /// A suffix before an extension that is only a dot leaves the dot last; so does Python's split of `a.` on a target that drops it.
    fn ends_badly(&self, name: &str) -> bool {
        name.ends_with(['.', ' ']) && !self.accepts(name)
    }
}

/// Splits off an extension worth keeping: at most [`LONGEST_EXTENSION`] bytes, without spaces, after a stem. With its dot.
pub(super) fn split_sanely(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(dot) if dot > 0 => {
            let extension = &name[dot + 1..];
            let sane = !extension.is_empty() && extension.len() <= LONGEST_EXTENSION && !extension.contains(char::is_whitespace);
            if sane { name.split_at(dot) } else { (name, "") }
        }
        _ => (name, ""),
    }
}

/// Python's `os.path.splitext`: the last suffix, whatever it is; leading dots belong to the stem.
fn split_as_python(name: &str) -> (&str, &str) {
    let leading = name.len() - name.trim_start_matches('.').len();
    match name.rfind('.') {
        Some(dot) if dot >= leading => name.split_at(dot),
        _ => (name, ""),
    }
}

/// Go's `filepath.Ext`: from the last dot on, even if it is the first character.
fn split_as_go(name: &str) -> (&str, &str) {
    name.rfind('.').map_or((name, ""), |dot| name.split_at(dot))
}

/// Cuts a stem to `max` units at a grapheme boundary, so that no emoji or accented letter is torn; never to nothing.
pub(super) fn cut_to(stem: &str, max: usize, limit: NameLimit) -> &str {
    if limit.measure(stem) <= max {
        return stem;
    }
    let within = |pieces: &mut dyn Iterator<Item = &str>| {
        let (mut used, mut end) = (0, 0);
        for piece in pieces {
            used += limit.measure(piece);
            if used > max {
                break;
            }
            end += piece.len();
        }
        end
    };
    let mut end = within(&mut stem.graphemes(true));
    if end == 0 {
        // One letter with hundreds of accents: cut between them.
        end = within(&mut stem.char_indices().map(|(at, character)| &stem[at..at + character.len_utf8()]));
    }
    match stem[..end].trim_end_matches([' ', '.']) {
        "" => "_",
        cut => cut,
    }
}

#[cfg(test)]
mod tests {
    use super::super::facts::NameFacts;
    use super::*;
    use rstest::rstest;

    fn rules(layout: Layout) -> NameRules {
        NameRules::from_names(NameFacts::permissive(), layout)
    }

    #[rstest]
    #[case::plain("a.jpg", "a (2).jpg")]
    #[case::last_suffix_only("a.tar.gz", "a.tar (2).gz")]
    #[case::no_extension("a", "a (2)")]
    #[case::remote_number_kept("a (7).jpg", "a (7) (2).jpg")]
    #[case::only_a_suffix(".jpg", ".jpg (2)")]
    fn numbers_go_before_the_last_suffix(#[case] name: &str, #[case] expected: &str) {
        assert_eq!(rules(Layout::Photokeep).numbered(name, 2), expected);
        assert_eq!(rules(Layout::GphotosSync).numbered(name, 2), expected);
    }

    #[test]
    fn a_sentence_after_a_dot_is_no_extension_except_for_the_predecessors() {
        assert_eq!(rules(Layout::Photokeep).numbered("Mr. Smith", 3), "Mr. Smith (3)");
        assert_eq!(rules(Layout::GphotosSync).numbered("Mr. Smith", 3), "Mr (3). Smith");
        assert_eq!(rules(Layout::Photokeep).numbered_folder("Trip 12.5", 2), "Trip 12.5 (2)");
    }

    #[rstest]
    #[case("2006-01-02T15:04:05Z", "a-gphotosync-fc4a4d5fdf6b200.jpg")]
    #[case("2019-05-10T12:00:00Z", "a-gphotosync-159d508a0d5d8000.jpg")]
    #[case("1969-12-31T23:59:59Z", "a-gphotosync--3b9aca00.jpg")]
    fn unixhex_is_nanoseconds_in_hexadecimal(#[case] time: &str, #[case] expected: &str) {
        let taken = CaptureTime::parse_google(time).unwrap_or_else(|| panic!("{time}"));
        assert_eq!(rules(Layout::Gphotosync).gphotosync_suffix_unixhex("a.jpg", taken), expected);
    }

    #[test]
    fn the_id_is_taken_unchanged_unless_it_could_harm() {
        let rules = rules(Layout::GphotosyncId);
        assert_eq!(rules.gphotosync_suffix_id("a.b.jpg", "AF1Qip-x_9"), "a.b-gphotosync-AF1Qip-x_9.jpg");
        assert_eq!(rules.gphotosync_suffix_id("a.jpg", "../x"), "a-gphotosync-___x.jpg");
        let long = rules.gphotosync_suffix_id("a.jpg", &"x".repeat(400));
        assert!(long.len() <= 255 && long.starts_with("a-gphotosync-xxx") && long.ends_with(".jpg"), "{long}");
    }

    #[test]
    fn the_stem_gives_way_and_the_extension_stays() {
        let name = format!("{}.jpeg", "ä".repeat(125));
        let numbered = rules(Layout::Photokeep).numbered(&name, 12);
        assert_eq!(numbered, format!("{} (12).jpeg", "ä".repeat(122)));
        assert!(numbered.len() <= 255);
    }

    #[test]
    fn an_emoji_sequence_is_cut_as_a_whole() {
        let limit = NameLimit { max: 30, unit: super::super::facts::LengthUnit::Bytes };
        let family = "👨‍👩‍👧‍👦"; // 25 bytes
        assert_eq!(cut_to(&format!("{family}{family}"), 30, limit), family);
        assert_eq!(cut_to(&format!("e{}", "\u{301}".repeat(40)), 30, limit).len(), 29, "one letter is cut between its accents");
        assert_eq!(cut_to("ab. .cd", 5, limit), "ab", "no dot or space is bared");
        assert_eq!(cut_to("...", 1, limit), "_");
    }
}
