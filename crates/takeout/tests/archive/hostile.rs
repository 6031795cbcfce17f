//! Zips that lie. Each lie is refused by itself; the honest entry beside it is read.

use photokeep_takeout::archive::{Archive, Reason};

use crate::build::{Desk, Raw, noise, paths, read, refusals, zip, zip_claiming};

fn open_error(bytes: &[u8]) -> Reason {
    let desk = Desk::new();
    Archive::open(&desk.put("x.zip", bytes)).unwrap_err().reason
}

#[test]
fn each_lie_is_refused_for_its_reason_and_the_rest_goes_on() {
    let with = |change: &dyn Fn(&mut Raw)| {
        let mut entry = Raw::deflated("Takeout/x.jpg", &noise(7, 1000));
        change(&mut entry);
        entry
    };
    let lies: Vec<(Raw, Reason)> = vec![
        (Raw::stored("../../etc/passwd", b"x"), Reason::ParentFolder),
        (Raw::stored("/etc/passwd", b"x"), Reason::AbsolutePath),
        (Raw::stored("C:/Windows/x", b"x"), Reason::DriveLetter),
        (Raw::stored("Takeout\\x.jpg", b"x"), Reason::Backslash),
        (Raw::stored("Takeout/a\0b.jpg", b"x"), Reason::ControlCharacter),
        (Raw::stored("Takeout/a\x1b[2J.jpg", b"x"), Reason::ControlCharacter),
        (Raw::stored("", b"x"), Reason::NameEmpty),
        (Raw::stored("x".repeat(5000), b"x"), Reason::NameTooLong),
        (with(&|entry| (entry.made_by, entry.attributes) = (0x0314, 0o120_777 << 16)), Reason::Link),
        (with(&|entry| (entry.made_by, entry.attributes) = (0x0314, 0o020_666 << 16)), Reason::SpecialEntry),
        (with(&|entry| entry.flags = 1), Reason::Encrypted),
        (with(&|entry| entry.method = 12), Reason::UnknownMethod),
        (with(&|entry| entry.method = 9), Reason::UnknownMethod),
        (with(&|entry| entry.method = 0), Reason::SizesDisagree),
        (with(&|entry| entry.size = 600 << 20), Reason::TooCompressed),
        (with(&|entry| entry.packed_size = 1 << 30), Reason::BeyondEnd),
        (with(&|entry| entry.offset = Some(1 << 30)), Reason::BeyondEnd),
    ];
    for (lie, reason) in lies {
        let honest = Raw::stored("Takeout/honest.jpg", b"honest");
        let desk = Desk::new();
        let archive = desk.open(&zip(&[honest.clone(), lie]));
        assert_eq!(refusals(&archive), [(1, reason)], "{reason:?}");
        assert_eq!(paths(&archive), ["Takeout/honest.jpg"]);
        assert_eq!(read(&archive, 0).unwrap(), b"honest");
        assert!(!archive.refused()[0].refusal.to_string().is_empty());
        assert!(!archive.refused()[0].name.chars().any(char::is_control));
    }
}

#[test]
fn bytes_that_differ_from_what_was_declared_are_stopped() {
    let data = noise(3, 5000);
    let with = |change: &dyn Fn(&mut Raw)| {
        let mut entry = Raw::deflated("Takeout/x.jpg", &data);
        change(&mut entry);
        let desk = Desk::new();
        let archive = desk.open(&zip(&[entry, Raw::stored("Takeout/y.jpg", b"y")]));
        assert_eq!(read(&archive, 1).unwrap(), b"y");
        read(&archive, 0)
    };
    assert_eq!(with(&|_| ()).unwrap(), data);
    assert_eq!(with(&|entry| entry.size = 4999), Err(Reason::LongerThanDeclared));
    assert_eq!(with(&|entry| entry.size = 0), Err(Reason::LongerThanDeclared));
    assert_eq!(with(&|entry| entry.size = 5001), Err(Reason::ShorterThanDeclared));
    assert_eq!(with(&|entry| entry.crc ^= 1), Err(Reason::ChecksumWrong));
    assert_eq!(with(&|entry| entry.packed_size -= 100), Err(Reason::CutShort));
    assert_eq!(with(&|entry| entry.packed[0] = 0xff), Err(Reason::Damaged));
}

#[test]
fn a_bomb_gives_no_byte_more_than_declared() {
    // 50 MB of zeros that claim to be 1,000 bytes.
    let mut bomb = Raw::deflated("Takeout/bomb.jpg", &vec![0; 50 << 20]);
    bomb.size = 1000;
    let desk = Desk::new();
    let archive = desk.open(&zip(&[bomb]));
    let mut got = Vec::new();
    let error = std::io::Read::read_to_end(&mut archive.read(0).unwrap(), &mut got).unwrap_err();
    assert!(got.len() < 1000);
    assert_eq!(photokeep_takeout::archive::Refusal::of(&error).reason, Reason::LongerThanDeclared);
}

#[test]
fn many_small_bombs_have_one_budget_and_a_white_scan_is_none() {
    let scan = Raw::deflated("Takeout/white scan.tiff", &vec![0xff; 20 << 20]);
    let mut entries = vec![scan.clone()];
    for number in 0..30 {
        let mut bomb = scan.clone();
        bomb.name = format!("Takeout/{number}.jpg").into_bytes();
        bomb.size = 250 << 20;
        entries.push(bomb);
    }
    let desk = Desk::new();
    let archive = desk.open(&zip(&entries));
    assert_eq!(read(&archive, 0).unwrap().len(), 20 << 20);
    let declared: u64 = archive.entries().map(|entry| entry.size).sum();
    assert!(declared <= 4 << 30);
    assert!(archive.refused().iter().all(|refused| refused.refusal.reason == Reason::TooCompressed));
    assert_eq!(archive.refused().len(), 31 - archive.entries().len());
}

#[test]
fn entries_that_share_bytes_are_taken_once_at_most() {
    // Three names for the bytes of one entry, as in a bomb of overlapping entries.
    let one = Raw::stored("Takeout/1.jpg", b"shared bytes");
    let again = |name: &str| Raw { offset: Some(0), packed: Vec::new(), ..Raw { name: name.into(), ..one.clone() } };
    let desk = Desk::new();
    let archive = desk.open(&zip(&[one.clone(), again("Takeout/2.jpg"), again("Takeout/3.jpg")]));
    assert_eq!(archive.entries().len(), 1);
    assert_eq!(refusals(&archive).iter().filter(|(_, reason)| *reason == Reason::Overlapping).count(), 2);

    // One that reaches into the next is refused, the next is not.
    let mut greedy = Raw::stored("Takeout/greedy.jpg", b"greedy");
    (greedy.size, greedy.packed_size) = (60, 60);
    let archive = desk.open(&zip(&[greedy, Raw::stored("Takeout/next.jpg", &[7; 100])]));
    assert_eq!(refusals(&archive), [(0, Reason::Overlapping)]);
    assert_eq!(read(&archive, 1).unwrap(), [7; 100]);
}

#[test]
fn the_second_of_equal_names_is_refused() {
    let desk = Desk::new();
    let twin = Raw::stored("Takeout/a.jpg", b"1");
    let archive = desk.open(&zip(&[twin.clone(), Raw::stored("Takeout/./a.jpg", b"2"), Raw::stored("Takeout/A.jpg", b"3")]));
    assert_eq!(refusals(&archive), [(1, Reason::DuplicatePath)]);
    assert_eq!(paths(&archive), ["Takeout/a.jpg", "Takeout/A.jpg"]);
    assert_eq!(read(&archive, 0).unwrap(), b"1");
    assert_eq!(read(&archive, 2).unwrap(), b"3");
}

#[test]
fn half_a_download_is_not_finished() {
    let bytes = zip(&[Raw::stored("Takeout/a.jpg", &noise(1, 5000)), Raw::stored("Takeout/b.jpg", &noise(2, 5000))]);
    for cut in [31, 100, 6000, bytes.len() - 100, bytes.len() - 22, bytes.len() - 10] {
        assert_eq!(open_error(&bytes[..cut]), Reason::NotFinished, "cut at {cut}");
    }
    assert_eq!(open_error(b""), Reason::NotFinished);
    assert_eq!(open_error(&[0; 5000]), Reason::NotFinished);
    assert_eq!(open_error(b"<!doctype html><html><title>Sign in - Google Accounts</title>"), Reason::WebPage);
}

#[test]
fn an_inner_zip_at_the_cut_is_not_taken_for_the_whole() {
    let inner = zip(&[Raw::stored("inner.txt", b"inner")]);
    let bytes = zip(&[
        Raw::stored("Takeout/a.jpg", &noise(1, 5000)),
        Raw::stored("Takeout/Drive/x.zip", &inner),
        Raw::stored("Takeout/b.jpg", b"b"),
    ]);
    let end = bytes.windows(4).position(|window| window == b"PK\x05\x06").unwrap() + 22;
    assert_eq!(open_error(&bytes[..end]), Reason::NotFinished);
    assert_eq!(Desk::new().open(&bytes).entries().len(), 3);
}

#[test]
fn a_directory_that_claims_too_much_or_is_damaged_gives_what_is_there() {
    let entries = [Raw::stored("Takeout/a.jpg", b"a"), Raw::stored("Takeout/b.jpg", b"b")];
    let desk = Desk::new();
    let archive = desk.open(&zip_claiming(&entries, 65_000));
    assert_eq!(archive.trouble().unwrap().reason, Reason::DirectoryDamaged);
    assert_eq!(read(&archive, 1).unwrap(), b"b");

    let mut bytes = zip(&entries);
    let second = bytes.windows(4).rposition(|window| window == b"PK\x01\x02").unwrap();
    bytes[second] = b'Q';
    let archive = desk.open(&bytes);
    assert_eq!(archive.trouble().unwrap().reason, Reason::DirectoryDamaged);
    assert_eq!(paths(&archive), ["Takeout/a.jpg"]);
}

#[test]
fn two_to_the_32_claimed_entries_allocate_nothing() {
    let mut bytes = zip(&[Raw::stored("Takeout/a.jpg", b"a")]);
    let end = bytes.split_off(bytes.len() - 22);
    let (size, start) =
        (u32::from_le_bytes(end[12..16].try_into().unwrap()), u32::from_le_bytes(end[16..20].try_into().unwrap()));
    let end64 = bytes.len() as u64;
    bytes.extend(b"PK\x06\x06");
    bytes.extend(44u64.to_le_bytes());
    bytes.extend([45, 3, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    for value in [1u64 << 32, 1 << 32, u64::from(size), u64::from(start)] {
        bytes.extend(value.to_le_bytes());
    }
    bytes.extend(b"PK\x06\x07\0\0\0\0");
    bytes.extend(end64.to_le_bytes());
    bytes.extend(1u32.to_le_bytes());
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend([0xff; 12]);
    bytes.extend([0, 0]);
    let archive = Desk::new().open(&bytes);
    assert_eq!(archive.trouble().unwrap().reason, Reason::DirectoryDamaged);
    assert_eq!(read(&archive, 0).unwrap(), b"a");
    assert!(archive.memory() < 10_000);
}

#[test]
fn one_wrong_offset_costs_one_entry() {
    let bytes = zip(&[Raw::stored("Takeout/a.jpg", &noise(1, 500)), Raw::stored("Takeout/b.jpg", b"b")]);
    let mut wrong = bytes.clone();
    let first = bytes.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    wrong[first + 42] = 40;
    let desk = Desk::new();
    let archive = desk.open(&wrong);
    assert_eq!(refusals(&archive), [(0, Reason::Overlapping)]);
    assert_eq!(read(&archive, 1).unwrap(), b"b");
}

#[test]
fn a_file_that_shrinks_while_it_is_open_is_noticed() {
    let desk = Desk::new();
    let path = desk.put("x.zip", &zip(&[Raw::stored("Takeout/a.jpg", &noise(1, 50_000))]));
    let archive = Archive::open(&path).unwrap();
    std::fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(1000).unwrap();
    assert_eq!(read(&archive, 0), Err(Reason::CutShort));
}
