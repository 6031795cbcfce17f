//! What is asked of Google around an upload: the album, and whether what was uploaded is shown.

use std::collections::{HashMap, HashSet};

use photokeep_google::{LibraryApi, ListRequest, MediaItem, Scopes, Trouble};
use photokeep_model::Result;

use super::of_creation;
use super::send::Sender;

/// The album that uploads are put into.
pub(super) struct Album {
    pub id: String,
    /// What it is known to hold.
    pub holds: HashSet<String>,
    /// What it has to hold at the end, with the paths of the files.
    pub wanted: HashMap<String, String>,
}

/// What Google says of items.
#[derive(Default)]
pub(super) struct Answers {
    /// Those that it shows, by their keys.
    pub shown: HashMap<String, MediaItem>,
    /// Those of which it says that there are none. What it says nothing of is in neither.
    pub gone: HashSet<String>,
}

impl Sender {
    /// What Google says of items, by their keys.
    pub(super) async fn ask_for(&self, mut ids: Vec<&str>) -> Result<Answers> {
        ids.sort_unstable();
        ids.dedup();
        let mut answers = Answers::default();
        if ids.is_empty() {
            return Ok(answers);
        }
        let api = &self.api;
        match self.gate.ask(|| api.batch_get(&ids)).await? {
            Ok(results) => {
                // In the order that was asked for; only a whole answer is read so.
                let in_order = results.len() == ids.len();
                for (at, result) in results.into_iter().enumerate() {
                    match (result.media_item, result.status, ids.get(at)) {
                        (Some(item), ..) => drop(answers.shown.insert(item.id.clone(), item)),
                        (None, Some(status), Some(id)) if in_order && status.says_gone() => {
                            answers.gone.insert((*id).to_owned());
                        }
                        _ => {}
                    }
                }
            }
            // One broken id can spoil the call (`google-apis.md` 2.8).
            Err(Trouble::Server { .. } | Trouble::BadRequest { .. } | Trouble::NotFound) => {
                for id in ids {
                    match self.gate.ask(|| api.get(id)).await? {
                        Ok(item) => drop(answers.shown.insert(item.id.clone(), item)),
                        Err(Trouble::NotFound | Trouble::BadRequest { .. }) => {
                            answers.gone.insert(id.to_owned());
                        }
                        Err(trouble) => return Err(trouble.into_error()),
                    }
                }
            }
            Err(trouble) => return Err(trouble.into_error()),
        }
        Ok(answers)
    }

    /// Finds the album of a title that Photokeep may write to, or makes it.
    pub(super) async fn open_album(&self, title: &str) -> Result<Album> {
        let api = &self.api;
        let there = self.gate.ask(|| find_album(api, title)).await?.map_err(Trouble::into_error)?;
        if let Some(id) = there {
            let holds = self.items_of(&id).await?;
            return Ok(Album { id, holds, wanted: HashMap::new() });
        }
        let mut was_asked = false;
        let made = self.gate.ask(|| {
            let may_be_there = std::mem::replace(&mut was_asked, true);
            async move {
                // The answer that was lost may have been that it was made.
                if may_be_there && let Some(id) = find_album(api, title).await? {
                    return Ok(id);
                }
                api.create_album(title).await.map(|album| album.id)
            }
        });
        let id = made.await?.map_err(|trouble| of_creation(trouble, true))?;
        Ok(Album { id, holds: HashSet::new(), wanted: HashMap::new() })
    }

    /// Which items an album holds.
    pub(super) async fn items_of(&self, album: &str) -> Result<HashSet<String>> {
        let (api, request) = (&self.api, ListRequest::Album(album.to_owned()));
        let (mut items, mut page) = (HashSet::new(), None::<String>);
        loop {
            let listed = self.gate.ask(|| api.items(&request, page.as_deref())).await?.map_err(Trouble::into_error)?;
            items.extend(listed.items.into_iter().map(|item| item.id));
            page = listed.next;
            if page.is_none() {
                return Ok(items);
            }
        }
    }
}

/// The album of a title that Photokeep may write to.
async fn find_album(api: &LibraryApi, title: &str) -> Result<Option<String>, Trouble> {
    // With the right to own data alone every album that is listed is one that this client made.
    let all_own = api.session().asked().await == Scopes::OwnUploads;
    let mut page: Option<String> = None;
    loop {
        let albums = api.albums(false, page.as_deref()).await?;
        let mut fitting = albums.albums.into_iter().filter(|album| album.title.as_deref() == Some(title));
        if let Some(album) = fitting.find(|album| album.is_writeable || all_own) {
            return Ok(Some(album.id));
        }
        page = albums.next;
        if page.is_none() {
            return Ok(None);
        }
    }
}
