//! The demo library: a made-up Google with made-up photos, all of it on this computer.

use std::sync::Arc;

use photokeep_model::Result;

use super::Desk;
use super::folders::OpenLibrary;
use crate::boundary::Nothing;

/// How many items the demo library has.
#[cfg(feature = "demo")]
const ITEMS: usize = 300;

/// Starts the made-up Google and opens the demo library. Real libraries and sign-ins are not touched.
#[cfg(feature = "demo")]
pub(crate) async fn open(desk: &Arc<Desk>, _: Nothing) -> Result<OpenLibrary> {
    use super::folders::describe;
    use super::place::Place;

    if let Some(place) = desk.place().filter(|place| place.is_demo()) {
        return describe(&place).await;
    }
    if !desk.host.capabilities().choose_library {
        return Err(photokeep_model::Error::new(
            photokeep_model::Code::Usage,
            "This Photokeep was started for one library and opens no other.",
        ));
    }
    desk.must_be_idle()?;
    let demo = crate::demo::Demo::start(&desk.app.home().path().join("demo"), ITEMS).await?;
    desk.set_place(Place::demo(demo));
    describe(&desk.open_place()?).await
}

/// This Photokeep was built without the demo.
#[cfg(not(feature = "demo"))]
pub(crate) async fn open(_: &Arc<Desk>, _: Nothing) -> Result<OpenLibrary> {
    Err(photokeep_model::Error::new(photokeep_model::Code::Usage, "This Photokeep was built without the demo library."))
}
