//! Tgz and tar, in one pass.

use std::ops::ControlFlow;

use photokeep_takeout::archive::{Archive, End, Form, Reason, Refusal, Walked};

use crate::build::{Desk, gzip, noise, tar, tar_entry};

type Seen = Vec<(u32, String, Result<Vec<u8>, Reason>)>;

fn walk(bytes: &[u8]) -> (Form, Seen, Walked) {
    let archive = Desk::new().open(bytes).walk_all();
    (archive.0, archive.1, archive.2)
}

trait WalkAll {
    fn walk_all(&self) -> (Form, Seen, Walked);
}

impl WalkAll for Archive {
    fn walk_all(&self) -> (Form, Seen, Walked) {
        let mut seen = Vec::new();
        let walked = self.walk(&mut |entry, reader| {
            let mut bytes = Vec::new();
            let outcome = reader.read_to_end(&mut bytes).map(|_| bytes).map_err(|error| Refusal::of(&error).reason);
            seen.push((entry.index, entry.path.to_owned(), outcome));
            ControlFlow::Continue(())
        });
        (self.form(), seen, walked)
    }
}

fn reasons(walked: &Walked) -> Vec<(u32, Reason)> {
    walked.refused.iter().map(|refused| (refused.index, refused.refusal.reason)).collect()
}

const LONG: &str = "Takeout/Google Foto/[E&S] 2016-01-05 - Castello De Albertis e Mostra d/20160105_121621_LLS with a long name that needs more than a hundred bytes.jpg";

#[test]
fn a_tgz_gives_its_entries_one_by_one() {
    let photo = noise(5, 700_000);
    let bytes = tar(&[("Takeout/a.json", b"{}"), (LONG, &photo), ("Takeout/empty", b"")]);
    for (bytes, form) in [(gzip(&bytes), Form::TarGzip), (bytes, Form::Tar)] {
        let (found, seen, walked) = walk(&bytes);
        assert_eq!(found, form);
        assert_eq!(walked.end, End::Whole);
        assert_eq!((walked.given, reasons(&walked)), (3, vec![]));
        assert_eq!(seen[1], (1, LONG.to_owned(), Ok(photo.clone())));
    }
}

#[test]
fn entries_that_nobody_reads_are_skipped() {
    let bytes = gzip(&tar(&[("Takeout/a.jpg", &noise(1, 400_000)), ("Takeout/b.jpg", b"b")]));
    let mut names = Vec::new();
    let walked = Desk::new().open(&bytes).walk(&mut |entry, reader| {
        let mut first = [0; 1];
        reader.read_exact(&mut first).unwrap();
        names.push(entry.path.to_owned());
        ControlFlow::Continue(())
    });
    assert_eq!((names.len(), walked.end), (2, End::Whole));
    let walked = Desk::new().open(&bytes).walk(&mut |_, _| ControlFlow::Break(()));
    assert_eq!((walked.given, walked.end), (1, End::Stopped));
}

#[test]
fn several_gzip_members_are_one_stream() {
    let bytes = tar(&[("Takeout/a.jpg", &noise(1, 40_000)), ("Takeout/b.jpg", b"b")]);
    let mut cut = gzip(&bytes[..10_000]);
    cut.extend(gzip(&bytes[10_000..]));
    let (_, seen, walked) = walk(&cut);
    assert_eq!((seen.len(), walked.end), (2, End::Whole));

    // Two whole parts joined with `cat`, and padding behind them.
    let mut joined = gzip(&tar(&[("Takeout/a.jpg", b"a")]));
    joined.extend(gzip(&tar(&[("Takeout/b.jpg", b"b")])));
    joined.extend([0; 1000]);
    let (_, seen, walked) = walk(&joined);
    assert_eq!((seen.len(), walked.end), (2, End::Whole));
}

#[test]
fn hostile_entries_are_refused_one_by_one() {
    let mut bytes = Vec::new();
    for (name, kind, data) in [
        (&b"Takeout/good.jpg"[..], b'0', &b"good"[..]),
        (b"../evil", b'0', b"x"),
        (b"/etc/passwd", b'0', b"x"),
        (b"C:/x", b'0', b"x"),
        (b"Takeout\\x", b'0', b"x"),
        (b"Takeout/a\x07", b'0', b"x"),
        (b"Takeout/link", b'2', b""),
        (b"Takeout/hard", b'1', b""),
        (b"dev/sda", b'4', b""),
        (b"dev/tty", b'3', b""),
        (b"pipe", b'6', b""),
        (b"Takeout/good.jpg", b'0', b"other"),
        (b"Takeout/folder/", b'5', b""),
        (b"Takeout/._x.jpg", b'0', b"mac"),
        (b"Takeout/last.jpg", b'0', b"last"),
    ] {
        bytes.extend(tar_entry(name, kind, data));
    }
    bytes.extend([0; 1024]);
    let (_, seen, walked) = walk(&gzip(&bytes));
    assert_eq!(walked.end, End::Whole);
    assert_eq!(walked.folders, 1);
    let found: Vec<&str> = seen.iter().map(|(_, path, _)| path.as_str()).collect();
    assert_eq!(found, ["Takeout/good.jpg", "Takeout/._x.jpg", "Takeout/last.jpg"]);
    let expected = [
        Reason::ParentFolder,
        Reason::AbsolutePath,
        Reason::DriveLetter,
        Reason::Backslash,
        Reason::ControlCharacter,
        Reason::Link,
        Reason::Link,
        Reason::SpecialEntry,
        Reason::SpecialEntry,
        Reason::SpecialEntry,
        Reason::DuplicatePath,
    ];
    assert_eq!(reasons(&walked), (1..).zip(expected).collect::<Vec<_>>());
    assert_eq!(usize::try_from(walked.given + walked.folders).unwrap() + walked.refused.len(), 15);
}

#[test]
fn what_came_before_a_cut_is_good() {
    let photo = noise(1, 100_000);
    let plain = tar(&[("Takeout/a.jpg", b"a"), ("Takeout/b.jpg", &photo), ("Takeout/c.jpg", b"c")]);
    let packed = gzip(&plain);
    for (whole, half) in [(&packed, packed.len() / 2), (&plain, plain.len() / 2)] {
        let (_, seen, walked) = walk(&whole[..half]);
        assert_eq!(seen[0].2, Ok(b"a".to_vec()));
        assert_eq!(seen[1].2, Err(Reason::CutShort));
        assert_eq!(walked.end, End::Cut(Reason::CutShort.into()));
        assert_eq!(reasons(&walked), [(1, Reason::CutShort)]);
    }
    // Between two entries, at the end mark, and inside the last checksum.
    assert_eq!(walk(&plain[..1024]).2.end, End::Cut(Reason::CutShort.into()));
    assert_eq!(walk(&packed[..packed.len() - 4]).2.end, End::Cut(Reason::CutShort.into()));
    // Nobody reads: the cut is seen all the same.
    let walked = Desk::new().open(&packed[..packed.len() / 2]).walk(&mut |_, _| ControlFlow::Continue(()));
    assert_eq!(reasons(&walked), [(1, Reason::CutShort)]);
}

#[test]
fn a_wrong_checksum_of_a_tgz_proves_nothing() {
    let mut bytes = gzip(&tar(&[("Takeout/a.jpg", b"a")]));
    let place = bytes.len() - 8;
    bytes[place] ^= 1;
    let (_, seen, walked) = walk(&bytes);
    assert_eq!(seen.len(), 1);
    assert_eq!(walked.end, End::Unproven(Reason::ChecksumWrong.into()));

    let mut bytes = gzip(&tar(&[("Takeout/a.jpg", &noise(1, 100_000)), ("Takeout/b.jpg", &noise(2, 100_000))]));
    for byte in &mut bytes[120_000..120_064] {
        *byte = !*byte;
    }
    let walked = walk(&bytes).2;
    assert!(matches!(walked.end, End::Unproven(_)), "{:?}", walked.end);
}

#[test]
fn a_damaged_header_ends_the_pass_and_says_so() {
    let mut bytes = tar_entry(b"Takeout/a.jpg", b'0', b"a");
    let second = bytes.len();
    bytes.extend(tar_entry(b"Takeout/b.jpg", b'0', b"b"));
    bytes[second + 10] ^= 1;
    bytes.extend([0; 1024]);
    let (_, seen, walked) = walk(&bytes);
    assert_eq!(seen.len(), 1);
    assert!(matches!(&walked.end, End::Cut(refusal) if refusal.reason == Reason::Damaged), "{:?}", walked.end);
}

#[test]
fn a_name_that_eats_memory_is_stopped() {
    // A long-name header that claims, and has, 60 MB; packed it is 60 KB.
    let mut bytes = tar_entry(b"././@LongLink", b'L', &vec![b'x'; 60 << 20]);
    bytes.extend(tar_entry(b"Takeout/x", b'0', b"x"));
    let (_, seen, walked) = walk(&gzip(&bytes));
    assert_eq!(seen.len(), 0);
    assert_eq!(walked.end, End::Cut(Reason::NameTooLong.into()));
}

#[test]
fn a_size_that_is_claimed_only_is_cut_short() {
    let mut bytes = tar_entry(b"Takeout/x", b'0', b"x");
    let mut header = tar::Header::new_gnu();
    header.as_old_mut().name[..9].copy_from_slice(b"Takeout/y");
    header.set_entry_type(tar::EntryType::Regular);
    header.set_size(90 << 30);
    header.set_cksum();
    bytes.extend(header.as_bytes());
    bytes.extend([7; 1000]);
    let (_, seen, walked) = walk(&bytes);
    assert_eq!(seen[0].2, Ok(b"x".to_vec()));
    assert_eq!(seen[1].2, Err(Reason::CutShort));
    assert_eq!(walked.end, End::Cut(Reason::CutShort.into()));
}

#[test]
fn a_tgz_has_no_list_and_no_single_entries() {
    let archive = Desk::new().open(&gzip(&tar(&[("Takeout/a.jpg", b"a")])));
    assert!(archive.is_sequential());
    assert_eq!(archive.entries().len(), 0);
    assert!(archive.read(0).is_err());
}
