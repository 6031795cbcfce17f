//! Whatever titles meet: what the forward rule made is found again or stays open, and is never given to another item.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use photokeep_takeout::pairing::NoEvidence;

use crate::made::{Dates, export, ordinary};

proptest! {
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases.max(1000), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_pair_is_ever_wrong(export in export(false)) {
        if !export.unsolvable {
            let (_, wrong, _) = export.pair(true, &NoEvidence);
            prop_assert!(wrong.is_empty(), "{wrong:#?}\n{}", export.describe());
        }
    }

    #[test]
    fn no_pair_is_wrong_when_files_say_when_they_were_taken(export in export(false)) {
        if !export.unsolvable {
            let (_, wrong, _) = export.pair(true, &Dates(&export));
            prop_assert!(wrong.is_empty(), "{wrong:#?}\n{}", export.describe());
        }
    }

    #[test]
    fn ordinary_names_are_all_paired(export in ordinary()) {
        let (_, wrong, open) = export.pair(true, &NoEvidence);
        prop_assert!(wrong.is_empty() && open == 0, "{wrong:#?} open {open}\n{}", export.describe());
    }

    #[test]
    fn ordinary_names_need_no_titles(export in ordinary()) {
        let (_, wrong, open) = export.pair(false, &NoEvidence);
        prop_assert!(wrong.is_empty() && open == 0, "{wrong:#?} open {open}\n{}", export.describe());
    }
}

/// Never wrong is easy for a rule that leaves everything open.
#[test]
fn most_files_of_hostile_exports_are_found() {
    let mut runner = TestRunner::deterministic();
    let (mut all, mut open_by_name, mut open_by_date) = (0, 0, 0);
    for _ in 0..1000 {
        let export = export(false).new_tree(&mut runner).unwrap().current();
        all += export.media.len();
        open_by_name += export.pair(true, &NoEvidence).2;
        open_by_date += export.pair(true, &Dates(&export)).2;
    }
    assert!(open_by_name * 100 < all * 14, "{open_by_name} of {all}");
    assert!(open_by_date * 100 < all * 8, "{open_by_date} of {all}");
}
