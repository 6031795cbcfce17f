//! How a name from outside becomes a name in the library, and when two names are one on the target.
//!
//! Promises, for any text whatever: the result is one path component, never empty, `.` or `..`, holds no character of
//! [`never_in_a_name`], is taken by the target as its probe found it, and fits its limit. Cleaning a cleaned name changes nothing in
//! the Photokeep layout. The presets of both predecessors give their names byte for byte (`predecessors.md` 1.5, 2.4) wherever those
//! keep this promise.
//!
//! Numbers and suffixes for names that are taken are in [`numbering`](super::numbering), folders in [`layout`](super::layout).

use photokeep_model::Layout;
use unicode_normalization::UnicodeNormalization;

use super::characters::{device_name, fold_case, ignorable, never_in_a_name};
use super::facts::{Ending, NameFacts, TargetFacts};
use super::numbering::{cut_to, split_sanely};

/// Room left free in cleaned names of the Photokeep layout, in the limit's unit: for ` (99999)` and a further `.xmp`.
const ROOM: usize = 16;

/// The rules for names in one library: its layout and what its disk takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameRules {
    layout: Layout,
    facts: NameFacts,
}

impl NameRules {
    /// The rules of a layout on a probed target.
    pub fn new(target: &TargetFacts, layout: Layout) -> Self {
        Self::from_names(target.names.clone(), layout)
    }

    /// The rules of a layout where only the facts about names are at hand.
    pub fn from_names(facts: NameFacts, layout: Layout) -> Self {
        Self { layout, facts }
    }

    /// The layout these rules are for.
    pub fn layout(&self) -> Layout {
        self.layout
    }

    /// What the target takes.
    pub fn facts(&self) -> &NameFacts {
        &self.facts
    }

    /// The name under which a photo or video of that remote name is kept.
    ///
    /// `fallback_extension` (without a dot) is used only when nothing is left of the name: `photo.jpg`, `video.mp4`.
    pub fn clean_file_name(&self, raw: &str, fallback_extension: &str) -> String {
        let name = match self.style(Component::File) {
            Style::GphotosSync => self.settle(&without_remote_number(raw), Component::File),
            Style::Photokeep | Style::Raw => self.settle(raw, Component::File),
        };
        if name.is_empty() { fallback_name(fallback_extension) } else { name }
    }

    /// The name of a folder made from a title. A title of which nothing is left becomes [`NameRules::untitled`].
    pub fn clean_folder_name(&self, raw: &str) -> String {
        let name = self.settle(raw, Component::Folder);
        if name.is_empty() { self.untitled().to_owned() } else { name }
    }

    /// What an album without a title is called.
    pub fn untitled(&self) -> &'static str {
        match self.layout {
            Layout::GphotosSync | Layout::GphotosSyncFlat => "none", // predecessors.md 1.12
            _ => "Untitled",
        }
    }

    /// Whether nothing of a title would be left.
    pub(super) fn is_blank(&self, title: &str) -> bool {
        self.settle(title, Component::Folder).trim().is_empty()
    }

    /// Whether the target takes the name as it is, and it is safe.
    pub fn accepts(&self, name: &str) -> bool {
        let end = |ending: Ending, character: char| ending == Ending::Kept || !name.ends_with(character);
        !matches!(name, "" | "." | "..")
            && !name.chars().any(|character| self.replaced(character))
            && end(self.facts.trailing_dot, '.')
            && end(self.facts.trailing_space, ' ')
            && (self.facts.device_names || device_name(name).is_none())
            && self.facts.limit.measure(name) <= self.facts.limit.max
    }

    /// What must be unique on the target: two paths with one key are one file there. Where the target tells all names apart, the
    /// path itself.
    pub fn collision_key(&self, path: &str) -> String {
        let facts = &self.facts;
        let mut key = path.to_owned();
        let drops = |character: char| match character {
            '.' => facts.trailing_dot == Ending::Dropped,
            ' ' => facts.trailing_space == Ending::Dropped,
            _ => false,
        };
        if drops('.') || drops(' ') {
            key = key.split('/').map(|component| component.trim_end_matches(drops)).collect::<Vec<_>>().join("/");
        }
        if facts.ignores_invisible {
            key.retain(|character| !ignorable(character));
        }
        match (facts.case_sensitive, facts.normalization_sensitive) {
            (true, true) => key,
            (true, false) => key.nfc().collect(),
            (false, true) => fold_case(key.chars()),
            // Folding may compose and decompose: normalise before, so that it sees letters, and after, so that the key is one form.
            (false, false) => fold_case(key.nfd()).nfc().collect(),
        }
    }

    /// Repeats the steps until they change nothing: cutting can bare a trailing dot, and cutting that a device name.
    fn settle(&self, raw: &str, component: Component) -> String {
        let mut name = raw.to_owned();
        // Every step but the first replacement shortens the name or marks a device name, so this ends; the bound is for proof.
        for _ in 0..16 {
            let next = self.step(&name, component);
            if next == name {
                return name;
            }
            name = next;
        }
        String::new()
    }

    fn step(&self, name: &str, component: Component) -> String {
        let style = self.style(component);
        let replace = |character: char| if self.replaced(character) { '_' } else { character };
        let mut name: String = match style {
            Style::Photokeep => name.nfc().map(replace).collect(),
            Style::GphotosSync => name.trim_end_matches([' ', '\t']).chars().map(replace).collect(),
            Style::Raw => name.chars().map(replace).collect(),
        };
        name.truncate(self.without_ending(&name, style).len());
        if style == Style::Photokeep && name.starts_with('.') {
            name.replace_range(..1, "_");
        }
        if matches!(name.as_str(), "." | "..") {
            return String::new();
        }
        if let Some(end) = device_name(&name).filter(|_| style == Style::Photokeep || !self.facts.device_names) {
            name.insert(end, '_');
        }
        self.shortened(name, component)
    }

    fn without_ending<'a>(&self, name: &'a str, style: Style) -> &'a str {
        let facts = &self.facts;
        match style {
            Style::Photokeep => name.trim_end_matches([' ', '.']),
            Style::GphotosSync if facts.windows_like() => name.trim_end_matches([' ', '.']),
            Style::GphotosSync | Style::Raw => name.trim_end_matches(|character| match character {
                '.' => facts.trailing_dot != Ending::Kept,
                ' ' => facts.trailing_space != Ending::Kept,
                _ => false,
            }),
        }
    }

    fn style(&self, component: Component) -> Style {
        match (self.layout, component) {
            (Layout::Photokeep, _) => Style::Photokeep,
            (Layout::GphotosSync | Layout::GphotosSyncFlat, _) => Style::GphotosSync,
            (_, Component::File) => Style::Raw,
            // gphotosync knew no albums, and rclone's are copies: their folders are named as Photokeep's own.
            (_, Component::Folder) => Style::Photokeep,
        }
    }

    fn shortened(&self, name: String, component: Component) -> String {
        let limit = self.facts.limit;
        let room = if self.style(component) == Style::Photokeep { ROOM } else { 0 };
        let max = limit.max.saturating_sub(room);
        if limit.measure(&name) <= max {
            return name;
        }
        let (stem, extension) = match component {
            Component::File => split_sanely(&name),
            Component::Folder => (name.as_str(), ""),
        };
        let stem = cut_to(stem, max.saturating_sub(limit.measure(extension)), limit);
        format!("{stem}{extension}")
    }

    /// Whether a character becomes `_`.
    fn replaced(&self, character: char) -> bool {
        let facts = &self.facts;
        if never_in_a_name(character) || facts.refused.contains(&character) {
            return true;
        }
        let preset = matches!(self.layout, Layout::GphotosSync | Layout::GphotosSyncFlat);
        if preset && facts.windows_like() && ",<>:\"\\|?*".contains(character) {
            return true;
        }
        match (facts.non_ascii, facts.emoji) {
            (true, true) => false,
            // gphotos-sync tried one emoji and, when it was refused, replaced everything (predecessors.md 1.14).
            (true, false) if !preset => u32::from(character) > 0xffff || joins_emoji(character),
            _ => !character.is_ascii(),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Component {
    File,
    Folder,
}

/// Whose way of cleaning it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Photokeep,
    /// `predecessors.md` 1.5.
    GphotosSync,
    /// As it comes, but for what is dangerous: `predecessors.md` 2.4.
    Raw,
}

/// What only has a meaning beside an emoji.
fn joins_emoji(character: char) -> bool {
    matches!(character, '\u{200d}' | '\u{fe0e}' | '\u{fe0f}')
}

/// A name for an item that has none.
fn fallback_name(extension: &str) -> String {
    let extension: String = extension.chars().filter(char::is_ascii_alphanumeric).take(8).collect();
    const VIDEO: [&str; 15] =
        ["mp4", "mov", "m4v", "avi", "mkv", "webm", "3gp", "3g2", "mpg", "mpeg", "mts", "m2ts", "wmv", "asf", "ogv"];
    let stem = if VIDEO.contains(&extension.to_ascii_lowercase().as_str()) { "video" } else { "photo" };
    if extension.is_empty() { stem.to_owned() } else { format!("{stem}.{extension}") }
}

/// Drops the ` (n)` before the extension once, as gphotos-sync's `(.*)[ ]\(\d+\)(\..*)` does: greedily, so the last one that a dot
/// follows (`predecessors.md` 1.5, step 1).
fn without_remote_number(name: &str) -> String {
    for (close, _) in name.rmatch_indices(").") {
        let before = &name[..close];
        let digits = before.bytes().rev().take_while(u8::is_ascii_digit).count();
        if digits > 0
            && let Some(kept) = before[..close - digits].strip_suffix(" (")
        {
            return format!("{kept}{}", &name[close + 1..]);
        }
    }
    name.to_owned()
}

#[cfg(test)]
#[path = "names_tests.rs"]
mod tests;
