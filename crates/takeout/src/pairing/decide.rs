//! Deciding an open group by what is in the files: only if exactly one assignment fits.

use super::evidence::Fit;
use super::outcome::{Because, Confidence, OpenGroup, Tier};
use super::state::{Edge, State};
use super::table::Table;
use crate::naming::{fold, media_name};

/// The most pairs of one group that are compared. A larger group is no accident of names; it stays open.
const MOST_PAIRS: usize = 4096;

/// Decides a group or leaves it open. `strict`: each pair needs evidence of its own, none is made by elimination.
pub(super) fn decide(state: &mut State<'_, '_>, group: OpenGroup, strict: bool) {
    match assignment(state, &group, strict) {
        Some(edges) => {
            for &media in &group.media {
                state.locked_media[media] = false;
            }
            for &side in &group.sidecars {
                state.locked_sides[side] = false;
            }
            edges.into_iter().for_each(|edge| state.give(edge));
        }
        None => state.leave_open(group),
    }
}

/// The index that a media name has as a name of this sidecar's title.
pub(super) fn index_of(table: &Table<'_>, media: usize, side: usize) -> u32 {
    let Some(claim) = table.sides[side].claims.first() else { return 0 };
    let forms = &table.media[media].forms;
    let family = fold(&media_name(&claim.reading.title, 0, None));
    let by_family = || forms.iter().find(|form| form.key == family || form.stem == claim.key);
    let found = forms.iter().find(|form| form.index == claim.index).filter(|_| by_family().is_none());
    found.or_else(by_family).map_or(0, |form| form.index)
}

/// The only assignment that fits, if there is one. It has to cover the smaller side.
fn assignment(state: &mut State<'_, '_>, group: &OpenGroup, strict: bool) -> Option<Vec<Edge>> {
    let (rows, columns) = (group.sidecars.len(), group.media.len());
    if rows == 0 || columns == 0 || rows.checked_mul(columns)? > MOST_PAIRS {
        return None;
    }
    let fits: Vec<Vec<Fit>> =
        group.sidecars.iter().map(|&side| group.media.iter().map(|&media| state.fit(media, side)).collect()).collect();
    // With fewer sidecars than files (or the other way round) nothing follows from what the others are.
    let all_proved = strict || rows != columns;
    let allowed = |row: usize, column: usize| match fits[row][column] {
        Fit::Contradicts => false,
        Fit::Fits(_) => true,
        Fit::Unknown => true,
    };
    let chosen = if rows <= columns {
        only_cover(rows, columns, allowed)
    } else {
        only_cover(columns, rows, |column, row| allowed(row, column))
    }?;
    let pairs: Vec<(usize, usize)> =
        chosen.into_iter().enumerate().map(|(from, to)| if rows <= columns { (from, to) } else { (to, from) }).collect();
    let proved = pairs.iter().filter(|(row, column)| matches!(fits[*row][*column], Fit::Fits(_))).count();
    if proved == 0 || (all_proved && proved < pairs.len()) {
        return None;
    }
    let edges = pairs.into_iter().map(|(row, column)| {
        let (side, media) = (group.sidecars[row], group.media[column]);
        let because = match fits[row][column] {
            Fit::Fits(because) => because,
            _ => Because::OnlyOneLeft,
        };
        let index = index_of(state.table, media, side);
        Edge { sidecar: side, media, index, tier: Tier::Evidence, confidence: Confidence::Medium, because: vec![because] }
    });
    Some(edges.collect())
}

/// The assignment of every row to a column of its own, if there is exactly one.
///
/// A unique assignment always has a row with only one column left to it; taking these away one by one finds it, and
/// getting stuck proves that there are several or none.
pub(super) fn only_cover(rows: usize, columns: usize, allowed: impl Fn(usize, usize) -> bool) -> Option<Vec<usize>> {
    let mut chosen: Vec<Option<usize>> = vec![None; rows];
    let mut taken = vec![false; columns];
    for _ in 0..rows {
        let forced = (0..rows).filter(|&row| chosen[row].is_none()).find_map(|row| {
            let mut open = (0..columns).filter(|&column| !taken[column] && allowed(row, column));
            match (open.next(), open.next()) {
                (Some(column), None) => Some((row, column)),
                _ => None,
            }
        });
        let (row, column) = forced?;
        chosen[row] = Some(column);
        taken[column] = true;
    }
    chosen.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::only_cover;

    #[test]
    fn only_a_single_assignment_counts() {
        let of = |table: &[&[u8]]| only_cover(table.len(), table[0].len(), |row, column| table[row][column] == 1);
        assert_eq!(of(&[&[1, 0], &[1, 1]]), Some(vec![0, 1]));
        assert_eq!(of(&[&[1, 1], &[1, 1]]), None, "two ways");
        assert_eq!(of(&[&[1, 0], &[1, 0]]), None, "no way");
        assert_eq!(of(&[&[0, 1, 0], &[1, 0, 0]]), Some(vec![1, 0]));
        assert_eq!(of(&[&[0, 1, 1]]), None);
    }
}
