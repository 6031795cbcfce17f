//! What lies in an export beside items and albums: service files, other products, what macOS leaves, the archive page.

use super::chance::Chance;
use super::listing::{Body, Listing, Planned};
use super::sidecar;
use super::spec::ExportSpec;
use super::truth::EntryKind;
use crate::generate;

/// AppleDouble, version 2, with one empty entry: how every `._` companion begins.
const APPLE_DOUBLE: &[u8] = b"\0\x05\x16\x07\0\x02\0\0Mac OS X        \0\x01\0\0\0\x02\0\0\0\x26\0\0\0\0";

/// Adds them to `listing` as the variants ask.
pub(super) fn add(spec: &ExportSpec, listing: &mut Listing) {
    let on = &spec.variants;
    let push = |listing: &mut Listing, folder: usize, name: &str, kind: EntryKind, body: Body| {
        listing.entries.push(Planned::plain(folder, name, kind, body));
    };
    push(listing, 0, &spec.language.page, EntryKind::ArchivePage, Body::Page);
    if on.service_files {
        for (name, bytes) in sidecar::service_files(spec) {
            push(listing, 1, name, EntryKind::ServiceFile, Body::Bytes(bytes));
        }
    }
    if on.other_products {
        let picture = generate::filler(spec.seed ^ 0x6f74_6865, 1_700);
        let contacts = listing.folder("Takeout/Contacts/All Contacts".to_owned());
        push(listing, contacts, "Jan.jpg", EntryKind::OtherProduct, Body::Bytes(picture.clone()));
        push(listing, contacts, "All Contacts.vcf", EntryKind::OtherProduct, Body::Bytes(b"BEGIN:VCARD\r\nEND:VCARD\r\n".into()));
        let drive = listing.folder("Takeout/Drive/Photos from 2019".to_owned());
        push(listing, drive, "IMG_0001.jpg", EntryKind::OtherProduct, Body::Bytes(picture));
        let chat = listing.folder("Takeout/Hangouts".to_owned());
        push(listing, chat, "Hangouts.json", EntryKind::OtherProduct, Body::Bytes(br#"{"conversations": []}"#.to_vec()));
        // The name of an album file and a field that items have, in another product.
        let fit = listing.folder("Takeout/Fit".to_owned());
        push(listing, fit, "metadata.json", EntryKind::OtherProduct, Body::Bytes(br#"{"title": "Steps"}"#.to_vec()));
    }
    if on.mac_companions {
        let mut chance = Chance::part(spec.seed, 0x6d61_6373);
        let photos: Vec<(usize, String)> = listing
            .entries
            .iter()
            .filter(|entry| entry.kind == EntryKind::Media || entry.kind == EntryKind::Sidecar)
            .filter(|_| chance.happens(0.01))
            .take(60)
            .map(|entry| (entry.folder, entry.name.clone()))
            .collect();
        for (nth, (folder, name)) in photos.into_iter().enumerate() {
            let folder = if nth % 2 == 0 {
                let path = format!("__MACOSX/{}", listing.folders[folder]);
                listing.folder(path)
            } else {
                folder
            };
            push(listing, folder, &format!("._{name}"), EntryKind::MacCompanion, Body::Bytes(APPLE_DOUBLE.to_vec()));
        }
        let root = listing.folder(format!("Takeout/{}", spec.language.photos));
        push(listing, root, ".DS_Store", EntryKind::MacCompanion, Body::Bytes(b"\0\0\0\x01Bud1".to_vec()));
    }
}
