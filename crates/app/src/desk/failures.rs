//! What could not be fetched so far, and why.

use std::sync::Arc;

use photokeep_model::Result;

use super::Desk;
use crate::FailedItem;
use crate::boundary::Nothing;

/// Lists what could not be fetched so far; the next sync tries it again.
pub(crate) async fn list(desk: &Arc<Desk>, _: Nothing) -> Result<Vec<FailedItem>> {
    let failures = desk.open_place()?.look(|catalog, _| catalog.failures()).await?;
    Ok(failures.unwrap_or_default().into_iter().map(FailedItem::from).collect())
}
