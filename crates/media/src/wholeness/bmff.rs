//! Files made of ISO boxes: the boxes must fit into the file, and the one that describes the rest must be there.

use std::io::{self, Read, Seek};

use super::Wholeness;
use crate::boxes::{box_at, find};
use crate::heif;
use crate::source::Source;

/// A film in fragments of a second has two a second.
const MOST_BOXES: usize = 1_000_000;

/// What the file is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// A still picture: described by `meta`, or by `moov` if it is a sequence.
    Picture,
    /// A film: described by `moov`. Canon's CR3 too.
    Film,
}

#[derive(Default)]
struct Seen {
    /// The box that describes the rest.
    description: bool,
    /// The pictures or sound themselves.
    data: bool,
    /// A film in fragments, which can end behind any of them, but for those with an index at the end.
    fragments: bool,
    fragment_index: bool,
}

pub(super) fn check<R: Read + Seek>(source: &mut Source<R>, holds: Holds) -> io::Result<Wholeness> {
    if holds == Holds::Picture && heif::reaches_behind_the_end(source)? {
        return Ok(Wholeness::cut("a part of the picture"));
    }
    let length = source.length();
    let mut seen = Seen::default();
    let mut at = 0;
    for _ in 0..MOST_BOXES {
        if at >= length {
            return Ok(seen.verdict());
        }
        let Some(found) = box_at(source, at, length)?.filter(|found| found.body.end > at) else {
            // No box, or less than a header: a maker's trailer, or padding, if all there is to know came before.
            return Ok(if seen.description && seen.data { seen.verdict() } else { Wholeness::cut("a box") });
        };
        if found.body.end > length {
            // A size that is nonsense before a name that is nonsense is a trailer.
            let trailer = seen.description && seen.data && !is_known(&found.name);
            return Ok(if trailer { seen.verdict() } else { Wholeness::cut("the rest of a box") });
        }
        match &found.name {
            b"moov" => seen.description = true,
            b"meta" if holds == Holds::Picture => {
                seen.description = true;
                // Small pictures can lie in the description.
                seen.data |= find(source, found.body.start + 4..found.body.end, b"idat")?.is_some();
            }
            b"mdat" => seen.data = true,
            b"moof" => seen.fragments = true,
            b"mfra" => seen.fragment_index = true,
            _ => {}
        }
        at = found.body.end;
    }
    Ok(Wholeness::CannotTell)
}

impl Seen {
    /// Once the boxes have been walked to the end of the file.
    fn verdict(&self) -> Wholeness {
        match self {
            Self { description: false, .. } => Wholeness::cut("the box that describes the rest"),
            // Cut right behind the description, or a QuickTime file that refers to others.
            Self { data: false, .. } => Wholeness::CannotTell,
            Self { fragments: true, fragment_index: false, .. } => Wholeness::CannotTell,
            _ => Wholeness::Whole,
        }
    }
}

/// Boxes that stand at the top of a file.
fn is_known(name: &[u8; 4]) -> bool {
    matches!(
        name,
        b"ftyp"
            | b"styp"
            | b"moov"
            | b"moof"
            | b"mdat"
            | b"meta"
            | b"free"
            | b"skip"
            | b"wide"
            | b"uuid"
            | b"mfra"
            | b"sidx"
            | b"ssix"
            | b"pdin"
            | b"pnot"
            | b"udta"
            | b"emsg"
            | b"mpvd"
    )
}

#[cfg(test)]
pub(crate) mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use crate::boxes::tests::boxed;
    use std::io::Cursor;

    /// A picture with a description and some bytes.
    pub(crate) fn picture() -> Vec<u8> {
        [boxed(b"ftyp", b"heic\0\0\0\0mif1heic"), boxed(b"meta", &[0; 40]), boxed(b"mdat", &[5; 500])].concat()
    }

    fn of(bytes: &[u8], holds: Holds) -> Wholeness {
        check(&mut Source::new(Cursor::new(bytes)).unwrap(), holds).unwrap()
    }

    #[test]
    fn a_film_needs_its_index() {
        let film = [boxed(b"ftyp", b"qt  \0\0\0\0"), boxed(b"mdat", &[5; 500])].concat();
        assert!(matches!(of(&film, Holds::Film), Wholeness::CutShort { .. }));
        let with_meta = [film, boxed(b"meta", &[0; 40])].concat();
        assert!(matches!(of(&with_meta, Holds::Film), Wholeness::CutShort { .. }));
        assert_eq!(of(&with_meta, Holds::Picture), Wholeness::Whole);
    }

    #[test]
    fn a_cut_between_two_boxes_before_the_index() {
        let start = boxed(b"ftyp", b"isom\0\0\0\0isom");
        assert!(matches!(of(&start, Holds::Film), Wholeness::CutShort { .. }));
    }

    #[test]
    fn a_cut_right_behind_the_description_cannot_be_told() {
        let file = picture();
        let description = file.len() - 508;
        assert_eq!(of(&file[..description], Holds::Picture), Wholeness::CannotTell);
        assert!(matches!(of(&file[..description + 3], Holds::Picture), Wholeness::CutShort { .. }));
    }

    #[test]
    fn fragments_can_end_anywhere() {
        let moov = boxed(b"moov", &[0; 40]);
        let fragment = [boxed(b"moof", &[0; 40]), boxed(b"mdat", &[5; 50])].concat();
        let film = [moov, fragment.clone(), fragment].concat();
        assert_eq!(of(&film, Holds::Film), Wholeness::CannotTell);
        assert_eq!(of(&[film, boxed(b"mfra", &[0; 8])].concat(), Holds::Film), Wholeness::Whole);
    }

    #[test]
    fn a_last_box_to_the_end_of_the_file() {
        let film = [boxed(b"ftyp", b"qt  \0\0\0\0"), boxed(b"moov", &[0; 40]), b"\0\0\0\0mdat1234".to_vec()].concat();
        assert_eq!(of(&film, Holds::Film), Wholeness::Whole);
    }
}
