//! Corner cases, one row each. Names are as they occur in real exports and in reports about them.

use photokeep_model::FileRole;
use photokeep_takeout::edited_words::EditedWords;
use photokeep_takeout::pairing::{Folder, NoEvidence, Outcome, SidecarEntry, SidecarState, Tier, pair};

/// What a media file has to come to.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Want {
    /// The original of the sidecar with this number.
    P(usize),
    /// An edited copy of its item.
    E(usize),
    /// The moving part of its item.
    M(usize),
    /// Without a sidecar.
    Alone,
}
use Want::{Alone, E, M, P};

fn paired(media: &[&str], sidecars: &[(&str, &str)]) -> Outcome {
    let sidecars: Vec<SidecarEntry<'_>> = sidecars
        .iter()
        .map(|(name, title)| SidecarEntry { title: (!title.is_empty()).then_some(*title), ..SidecarEntry::named(name) })
        .collect();
    pair(&Folder { media, sidecars: &sidecars }, &EditedWords::default(), &NoEvidence)
}

fn got(outcome: &Outcome, at: usize) -> Want {
    let result = &outcome.media[at];
    match (result.sidecar, result.role) {
        (None, _) => Alone,
        (Some(sidecar), FileRole::Edited) => E(sidecar),
        (Some(sidecar), FileRole::Motion) => M(sidecar),
        (Some(sidecar), _) => P(sidecar),
    }
}

fn row(media: &[(&str, Want)], sidecars: &[(&str, &str)]) -> Outcome {
    let names: Vec<&str> = media.iter().map(|(name, _)| *name).collect();
    let outcome = paired(&names, sidecars);
    for (at, (name, want)) in media.iter().enumerate() {
        assert_eq!(got(&outcome, at), *want, "{name} of {names:?}\n{outcome:#?}");
    }
    // The order of a listing means nothing.
    let mut turned = media.to_vec();
    turned.reverse();
    let names: Vec<&str> = turned.iter().map(|(name, _)| *name).collect();
    let again = paired(&names, sidecars);
    for (at, (name, want)) in turned.iter().enumerate() {
        assert_eq!(got(&again, at), *want, "{name} of {names:?}, turned");
    }
    outcome
}

#[test]
fn exact_names_old_and_new_at_every_length() {
    for title in [
        "IMG_8213.JPG",
        "05yqt21kruxwwlhhgrwrdyb6chhwszi9bqmzu16w0 2.jpg",
        "signal-2020-10-26-163832.gif.jpg",
        "Urlaub in Knaufspesch in der Schneifel (38).JPG",
        "10423673_10152513486453049_8166713370923412_n-.jpg",
        "PXL_20230814_201154491.LONG_EXPOSURE-01.COVER.jpg",
        "00100sPORTRAIT_00100_BURST20181105180120932_COVER.jpg",
        "D7157814-D2D5-4A62-AFCE-9CF465CB7D66.jpeg",
        "😀😃😄😁😆😅😂🤣🥲☺️😊😇🙂🙃😉😌😍🥰😘😗😙😚😋😛.jpg",
        "IMG2021021.json74722.jpg",
        "ΟΔΟΣ – Σχολείο.png",
    ] {
        for form in [photokeep_takeout::naming::SidecarForm::Old, photokeep_takeout::naming::SidecarForm::New] {
            for index in [0, 1, 3516] {
                let media = photokeep_takeout::naming::media_name(title, index, None);
                let sidecar = photokeep_takeout::naming::sidecar_name(title, index, form);
                row(&[(&media, P(0))], &[(&sidecar, title)]);
                row(&[(&media.to_uppercase(), P(0))], &[(&sidecar, title)]);
                let whole = title.encode_utf16().count() + 1 < 46 || index == 0;
                let alone = paired(&[&media], &[(&sidecar, "")]);
                assert!(!whole || got(&alone, 0) == P(0), "{sidecar} without a title");
            }
        }
    }
}

#[test]
fn an_index_is_an_index_only_where_the_title_says_so() {
    row(&[("DSC_0102(1).JPG", Alone)], &[("DSC_0102.JPG(2).json", "DSC_0102.JPG")]);
    row(&[("DSC_0102(1).JPG", Alone)], &[("DSC_0102.JPG.json", "DSC_0102.JPG")]);
    row(
        &[("img_(87).(vacation stuff).lol(87).jpg", P(0))],
        &[("img_(87).(vacation stuff).lol.jpg(87).json", "img_(87).(vacation stuff).lol.jpg")],
    );
    row(&[("IMG_2367(1).HEIC", P(0))], &[("IMG_2367.HEIC(1).supplemental-metadata.json", "IMG_2367.HEIC")]);
    row(
        &[("image000000.gif", P(2)), ("image000000.jpg", P(0))],
        &[
            ("image000000.jpg.json", "image000000.jpg"),
            ("image000000.jpg(1).json", "image000000.jpg"),
            ("image000000.gif.json", "image000000.gif"),
        ],
    );
    row(
        &[("21.12.11 - 1", P(0)), ("21.12(1).11 - 1", P(1))],
        &[
            ("21.12.11 - 1.supplemental-metadata.json", "21.12.11 - 1"),
            ("21.12.11 - 1.supplemental-metadata(1).json", "21.12.11 - 1"),
        ],
    );
}

#[test]
fn names_that_two_titles_could_have_stay_open() {
    let scan = row(
        &[("Scan.jpg", P(0)), ("Scan(1).jpg", Alone), ("Scan(1)(1).jpg", Alone)],
        &[("Scan.jpg.json", "Scan.jpg"), ("Scan(1).jpg.json", "Scan(1).jpg"), ("Scan.jpg(1).json", "Scan.jpg")],
    );
    assert_eq!((scan.open.len(), &scan.open[0].media[..], &scan.open[0].sidecars[..]), (1, &[1, 2][..], &[1, 2][..]));
    assert_eq!(scan.sidecars[1], SidecarState::Open(0));
    row(
        &[("2013-12-23.jpg", Alone), ("2013-12-23(1).jpg", Alone)],
        &[
            ("2013-12-23.supplemental-metadata.json", "2013-12-23"),
            ("2013-12-23.jpg.supplemental-metadata.json", "2013-12-23.jpg"),
        ],
    );
}

#[test]
fn extensions_that_are_added_changed_or_doubled() {
    row(&[("3_11_15 - 1.jpg", P(0))], &[("3_11_15 - 1.supplemental-metadata.json", "3/11/15 - 1")]);
    row(&[("27_06_12 - 1.mov", P(0))], &[("27_06_12 - 1.mov.json", "27/06/12 - 1")]);
    row(&[("Peanut Butter Balls.jpg", P(0))], &[("Peanut Butter Balls.supplemental-metadata.json", "")]);
    row(
        &[("20.06.13 - 9.jpg", P(0)), ("20.06.13 - 90.jpg", P(1))],
        &[
            ("20.06.13 - 9.supplemental-metadata.json", "20.06.13 - 9"),
            ("20.06.13 - 90.supplemental-metadata.json", "20.06.13 - 90"),
        ],
    );
    row(&[("2013-12-03(1).jpg", P(0))], &[("2013-12-03.supplemental-metadata(1).json", "2013-12-03")]);
    for (title, media) in
        [("a.JPG", "a.jpeg"), ("a.TIFF", "a.tif"), ("a.heif", "a.HEIC"), ("a.MOV", "a.mp4"), ("a.jfif", "a(2).jpg")]
    {
        let index = if media.contains('(') { "(2)" } else { "" };
        let outcome = row(&[(media, P(0))], &[(&format!("{title}{index}.json"), title)]);
        assert_eq!(outcome.media[0].tier, Tier::Extension);
    }
    row(
        &[("IMG_0001.MOV.mp4", P(0)), ("IMG_0001.JPG.jpeg", P(1)), ("IMG_0001-edited.JPG", E(1))],
        &[("IMG_0001.MOV.json", "IMG_0001.MOV"), ("IMG_0001.JPG.json", "IMG_0001.JPG")],
    );
    let other = row(&[("IMG_0002.JPEG", P(0))], &[("IMG_0002.PNG.json", "IMG_0002.PNG")]);
    assert_eq!(other.media[0].tier, Tier::OtherExtension);
    row(&[("IMG_0002.mp4", Alone)], &[("IMG_0002.PNG.json", "IMG_0002.PNG")]);
    row(&[("a.JPEG", Alone), ("a.webp", Alone)], &[("a.PNG.json", "a.PNG")]);
}

#[test]
fn letter_case_and_unicode_form_do_not_matter() {
    row(&[("IMG_4081(1).jpg", P(0))], &[("IMG_4081.JPG(1).json", "IMG_4081.JPG")]);
    row(&[("Cafe\u{301}-edytowane.jpg", E(0)), ("Café.jpg", P(0))], &[("Cafe\u{301}.jpg.json", "Café.jpg")]);
    row(
        &[("IMG_0170.jpg", P(0)), ("IMG_0170(1).JPG", P(1))],
        &[("IMG_0170.jpg.json", "IMG_0170.jpg"), ("IMG_0170.JPG(1).json", "IMG_0170.JPG")],
    );
    row(&[("a.jpg", P(0)), ("A.JPG", P(1))], &[("a.jpg.json", "a.jpg"), ("A.JPG.json", "A.JPG")]);
}

#[test]
fn only_the_sidecars_collide() {
    let x = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrst";
    let (png, jpg) = (format!("{x}.png"), format!("{x}.jpg"));
    let (first, second) = (format!("{x}.json"), format!("{x}(1).json"));
    let outcome = row(&[(&jpg, P(1)), (&png, P(0))], &[(&first, &png), (&second, &jpg)]);
    assert_eq!((outcome.media[0].tier, outcome.media[1].tier), (Tier::IndexOnSidecar, Tier::Exact));
    row(&[(&jpg, P(1)), (&png, P(0)), (&format!("{x}-.jpg"), E(1))], &[(&first, &png), (&second, &jpg)]);
    // The first sidecar is in another part: nobody knows of which title it is.
    row(&[(&jpg, Alone)], &[(&second, &jpg)]);
    // Three items, two of one title: the second JPEG has the third sidecar.
    let third = format!("{x}(2).json");
    row(&[(&jpg, P(1)), (&format!("{x}(1).jpg"), P(2)), (&png, P(0))], &[(&first, &png), (&second, &jpg), (&third, &jpg)]);
}

#[test]
fn edited_copies_in_every_language_and_length() {
    for word in photokeep_takeout::edited_words::KNOWN {
        for index in ["", "(1)"] {
            let media =
                [format!("IMG_0777{index}.jpg"), format!("IMG_0777-{word}{index}.jpg"), format!("IMG_0777-{word}{index}.HEIC")];
            let sidecar = format!("IMG_0777.jpg.supplemental-metadata{index}.json");
            row(&[(&media[0], P(0)), (&media[1], E(0)), (&media[2], E(0))], &[(&sidecar, "IMG_0777.jpg")]);
        }
        for length in 30..60 {
            let title = format!("{}.jpg", "x".repeat(length));
            let media = photokeep_takeout::naming::media_name(&title, 0, None);
            let edited = photokeep_takeout::naming::edited_name(&title, word, ".jpg", u32::from(length >= 47));
            let sidecar = photokeep_takeout::naming::sidecar_name(&title, 0, photokeep_takeout::naming::SidecarForm::New);
            row(&[(&media, P(0)), (&edited, E(0))], &[(&sidecar, &title)]);
        }
    }
    row(&[("IMG20210211125718-edited.jpg", E(0))], &[("IMG20210211125718.jpg.json", "IMG20210211125718.jpg")]);
    row(&[("2014-04-04.jpg", P(0)), ("2014-04-04-edited.jpg", E(0))], &[("2014-04-04.supplemental-metadata.json", "2014-04-04")]);
    row(
        &[("IMG_0102.HEIC", P(0)), ("IMG_0102.PNG", P(1)), ("IMG_0102-edited.PNG", E(1))],
        &[("IMG_0102.HEIC.json", "IMG_0102.HEIC"), ("IMG_0102.PNG.json", "IMG_0102.PNG")],
    );
    row(&[("image-edited.jpg", P(0))], &[("image-edited.jpg.json", "image-edited.jpg")]);
    row(&[("x-edited.jpg", E(0)), ("x-edited(1).jpg", E(0)), ("x.jpg", P(0))], &[("x.jpg.json", "x.jpg")]);
}

#[test]
fn edited_copies_of_titles_with_brackets() {
    row(
        &[("N-35(1).jpg", P(0)), ("N-35(1)-editat.jpg", E(0)), ("N-35(1)(1).jpg", P(1)), ("N-35(1)-editat(1).jpg", E(1))],
        &[
            ("N-35(1).jpg.supplemental-metadata.json", "N-35(1).jpg"),
            ("N-35(1).jpg.supplemental-metadata(1).json", "N-35(1).jpg"),
        ],
    );
    row(&[("IMG(1).jpg", P(0)), ("IMG(1)-edited.jpg", E(0))], &[("IMG.jpg(1).json", "IMG.jpg")]);
}

#[test]
fn a_word_is_learned_from_three_originals() {
    row(&[("holiday-best.jpg", Alone), ("holiday.jpg", P(0))], &[("holiday.jpg.json", "holiday.jpg")]);
    let names: Vec<String> =
        ["a", "b", "c"].iter().flat_map(|stem| [format!("{stem}.jpg"), format!("{stem}-redigerad.jpg")]).collect();
    let sidecars = [
        ("a.jpg.json", "a.jpg"),
        ("b.jpg.json", "b.jpg"),
        ("c.jpg.json", "c.jpg"),
        ("d-redigerad.jpg.json", "d-redigerad.jpg"),
        ("d.jpg.json", "d.jpg"),
    ];
    let want = [P(0), E(0), P(1), E(1), P(2), E(2)];
    let media: Vec<(&str, Want)> = names.iter().map(String::as_str).zip(want).collect();
    let outcome = row(&media, &sidecars[..3]);
    assert_eq!(outcome.learned_words, ["redigerad"]);
    // The same word on an item of its own: it is somebody's habit.
    let mut habit: Vec<(&str, Want)> =
        media.iter().map(|(name, want)| (*name, if matches!(want, E(_)) { Alone } else { *want })).collect();
    habit.extend([("d.jpg", P(4)), ("d-redigerad.jpg", P(3))]);
    assert!(row(&habit, &sidecars).learned_words.is_empty());
    // Two of three needed.
    row(&[media[0], (media[1].0, Alone), media[2], (media[3].0, Alone)], &sidecars[..2]);
}

#[test]
fn moving_parts_join_their_still() {
    for (still, film) in [
        ("IMG_0007.HEIC", "IMG_0007.mp4"),
        ("20231227_152817.jpg", "20231227_152817.MP4"),
        ("MVIMG_20180418_113218.jpg", "MVIMG_20180418_113218"),
        ("PXL_20231118_035751175.MP.jpg", "PXL_20231118_035751175.MP"),
        ("PXL_20230330_184138390.MOTION-01.COVER.jpg", "PXL_20230330_184138390.MOTION-01.COVER"),
        ("IMG_1.jpg", "IMG_1.MV"),
    ] {
        row(&[(still, P(0)), (film, M(0))], &[(&format!("{still}.json"), still)]);
    }
    row(&[("IMG_1976(1).HEIC", P(0)), ("IMG_1976(1).MP4", M(0))], &[("IMG_1976.HEIC(1).json", "IMG_1976.HEIC")]);
    row(
        &[("P.MP~2.jpg", P(1)), ("P.MP.jpg", P(0)), ("P.MP", M(0)), ("P.MP~2", M(1))],
        &[("P.MP.jpg.json", "P.MP.jpg"), ("P.MP~2.jpg.json", "P.MP~2.jpg")],
    );
    let long = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz.HEIC";
    row(
        &[
            ("abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrst.HEIC", P(0)),
            ("abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstu.MP4", M(0)),
        ],
        &[("abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrst.json", long)],
    );
}

#[test]
fn films_with_a_sidecar_are_items_and_doubtful_ones_stay_open() {
    let (heic, jpg) = (("I.HEIC.json", "I.HEIC"), ("I.JPG.json", "I.JPG"));
    row(&[("I.HEIC", P(0)), ("I.MP4", M(0)), ("I.MOV", P(1))], &[heic, ("I.MOV.json", "I.MOV")]);
    row(&[("I.HEIC", P(0)), ("I.MP4", P(1)), ("I(1).MP4", M(0))], &[heic, ("I.MP4.json", "I.MP4")]);
    row(&[("I.HEIC", P(0)), ("I.JPG", P(1)), ("I.MP4", M(0)), ("I(1).MP4", M(1))], &[heic, jpg]);
    let two_stills = row(&[("I.HEIC", P(0)), ("I.JPG", P(1)), ("I.MP4", Alone)], &[heic, jpg]);
    assert_eq!(two_stills.open.len(), 1);
    row(&[("I.HEIC", P(0)), ("I.MP4", Alone), ("I.MOV", Alone)], &[heic]);
}

#[test]
fn other_limits_than_the_known_ones() {
    let name = "Screenshot_20260801-101112_An app with a long name";
    let title = format!("{name}.png");
    row(
        &[(&title, P(0)), (&format!("{name}-edited.png"), E(0)), (&format!("{name}(1).png"), P(1))],
        &[(&format!("{title}.supplemental-metadata.json"), &title), (&format!("{title}.supplemental-metadata(1).json"), &title)],
    );
    let long = format!("{}0123456789.jpg", "abcdefghijklmnopqrstuvwxyz-".repeat(2));
    for cut in [58, 60, 62] {
        let media = format!("{}.jpg", &long[..cut]);
        for sidecar in [46, 50, 55, 60] {
            row(&[(&media, P(0))], &[(&format!("{}.json", &long[..sidecar]), &long)]);
        }
    }
    // Two titles of one beginning are numbered alike on both sides.
    let other = format!("{}0123456780.jpg", "abcdefghijklmnopqrstuvwxyz-".repeat(2));
    row(
        &[(&format!("{}.jpg", &long[..60]), P(0)), (&format!("{}(1).jpg", &long[..60]), P(1))],
        &[(&format!("{}.json", &long[..55]), &long), (&format!("{}(1).json", &other[..55]), &other)],
    );
}

#[test]
fn the_inferred_edit_of_a_name_at_the_limit() {
    let title = "original_1d4caa6f-16c6-4c3d-901b-9387de10e528_PXL_20220516_164814158.jpg";
    let outcome = row(
        &[
            ("original_1d4caa6f-16c6-4c3d-901b-9387de10e528_P.jpg", P(0)),
            ("original_1d4caa6f-16c6-4c3d-901b-9387de10e528_P(1).jpg", E(0)),
        ],
        &[("original_1d4caa6f-16c6-4c3d-901b-9387de10e528_.json", title)],
    );
    assert_eq!(outcome.media[1].tier, Tier::InferredEdit);
}

#[test]
fn a_file_at_the_limit_is_no_copy_of_a_later_or_another_item() {
    let stem = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrst";
    // The sidecar of the first item, or of the item with the other extension, is in another part.
    let title = format!("{stem}uvwxyz.jpg");
    row(&[(&format!("{stem}u.jpg"), Alone), (&format!("{stem}u(1).jpg"), P(0))], &[(&format!("{stem}(1).json"), &title)]);
    let title = format!("{stem}.jpg");
    row(&[(&title, P(0)), (&format!("{stem}.jpeg"), Alone)], &[(&format!("{stem}.json"), &title)]);
    row(&[(&title, P(0)), (&format!("{stem}.HEIC"), Alone)], &[(&format!("{stem}.json"), &title)]);
}

#[test]
fn what_numbering_leaves_open_is_not_paired_exactly() {
    // Which of the three got "Café.jpg" depends on whether numbers are dealt without regard to letter case.
    row(
        &[("CAFÉ.jpg", Alone), ("Café.jpg", Alone), ("Café(1).jpg", Alone)],
        &[("CAFÉ.json", "CAFÉ"), ("Café.json", "Café"), ("Café.jpg.json", "Café.jpg")],
    );
    // The third of one title, numbered as "(1)(1)"; and its moving part, or the item itself.
    row(
        &[("PXL_1(1)(1).jpg", Alone), ("PXL_1(2)", Alone)],
        &[("PXL_1.json", "PXL_1"), ("PXL_1(1).json", "PXL_1"), ("PXL_1(2).json", "PXL_1")],
    );
    // Two items that differ in letter case only, at the limit: the second is no edited copy of the first.
    let title = "abcdefghijabcdefghijabcdefghijabcdefghijabcdef-1";
    let (upper, lower) = (format!("{title}.JPG"), format!("{title}.jpg"));
    let sidecars = [(format!("{upper}.json"), upper.clone()), (format!("{title}.jpg(1).json"), lower)];
    let outcome =
        paired(&[&upper, &format!("{title}(1).jpg")], &sidecars.each_ref().map(|(name, title)| (name.as_str(), title.as_str())));
    assert!(outcome.media.iter().all(|result| result.role == FileRole::Original), "{outcome:#?}");
}

/// Found by fuzzing: of two sidecars whose titles differ in letter case only, with one time and one address, the one that the
/// folder listed first was called a spare of the other, and its file stayed without.
#[test]
fn the_order_of_a_folder_decides_nothing_between_letter_cases() {
    let side = |name, title| SidecarEntry { title: Some(title), taken: Some(77), url: Some("u1"), ..SidecarEntry::named(name) };
    let mut media = ["IMG_1.jpg", "IMG_1.JPG"];
    let mut sidecars = [side("IMG_1.jpg.json", "IMG_1.jpg"), side("IMG_1.JPG.json", "IMG_1.JPG")];
    for _ in 0..2 {
        let outcome = pair(&Folder { media: &media, sidecars: &sidecars }, &EditedWords::default(), &NoEvidence);
        assert_eq!([outcome.media[0].sidecar, outcome.media[1].sidecar], [Some(0), Some(1)], "{media:?}");
        let one = pair(&Folder { media: &media[..1], sidecars: &sidecars }, &EditedWords::default(), &NoEvidence);
        assert_eq!(one.media[0].sidecar, Some(0), "{media:?}");
        media.reverse();
        sidecars.reverse();
    }
}

#[test]
fn every_file_is_accounted_for() {
    let outcome = row(
        &[("stray.jpg", Alone), ("a.jpg", P(1))],
        &[("gone.jpg.json", "gone.jpg"), ("a.jpg.supplemental-metadata.json", "a.jpg")],
    );
    assert_eq!(outcome.sidecars, [SidecarState::MediaMissing, SidecarState::Used(1)]);
    // Both forms of one sidecar, as two exports unpacked into one folder have them.
    let same = |name| SidecarEntry { title: Some("a.jpg"), taken: Some(5), url: Some("u"), ..SidecarEntry::named(name) };
    let sidecars = [same("a.jpg.json"), same("a.jpg.supplemental-metadata.json")];
    let both = pair(&Folder { media: &["a.jpg"], sidecars: &sidecars }, &EditedWords::default(), &NoEvidence);
    assert_eq!(both.sidecars, [SidecarState::SameAs(1), SidecarState::Used(0)]);
    // Three of them, and another cut: all the others are spares of the one that speaks, not of each other.
    let sidecars = [same("a.jpg.json"), same("a.jpg.suppl.json"), same("a.jpg.supplemental-metadata.json")];
    let three = pair(&Folder { media: &["a.jpg"], sidecars: &sidecars }, &EditedWords::default(), &NoEvidence);
    assert_eq!(three.sidecars, [SidecarState::SameAs(2), SidecarState::SameAs(2), SidecarState::Used(0)]);
}
