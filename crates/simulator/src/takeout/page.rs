//! `archive_browser.html`: Google's own list of what it wrote (`takeout-format.md` 1.6).

use std::collections::BTreeMap;

use super::chance::Chance;
use super::listing::Listing;
use super::spec::ExportSpec;

/// Size and number of the files that the header tells.
#[derive(Debug, Clone, Copy)]
pub(super) struct Totals {
    pub(super) files: usize,
    pub(super) bytes: u64,
}

/// The page of an export. It names what Google meant to write, so files that were not delivered as well.
pub(super) fn page(spec: &ExportSpec, listing: &Listing, totals: Totals, stamp: i64) -> Vec<u8> {
    let mut chance = Chance::part(spec.seed, 0x7061_6765 ^ stamp as u64);
    let root = format!("Takeout/{}/", spec.language.photos);
    let mut folders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for entry in &listing.entries {
        if let Some(folder) = listing.folders[entry.folder].strip_prefix(&root) {
            folders.entry(folder).or_default().push(&entry.name);
        }
    }
    let job = format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        chance.next() >> 32,
        chance.next() >> 48,
        chance.next() >> 48,
        chance.next() >> 48,
        chance.next() >> 16
    );
    let date = chrono::DateTime::from_timestamp(stamp - 8 * 3_600, 0).unwrap_or_default();
    let photos = escaped(&spec.language.photos);
    let mut html = format!(
        "<!DOCTYPE html><html><head><meta charset=\"UTF-8\"><title>Takeout</title></head><body><div class=\"container\">\
         <section class=\"header\"><div class=\"job-id hidden\">{job}</div><h1 class=\"header_title\">user@example.com</h1>\
         <div class=\"header_subtext\">{} GMT-8 • {:.1} MB</div></section>\
         <section class=\"info\"><div id=\"service-tile-PHOTOS\" class=\"service_wrapper\"><div class=\"service_name\">\
         <h1 class=\"data-folder-name\" data-english-name=\"PHOTOS\" data-folder-name=\"{photos}\">{photos}</h1>{} files</div></div>\
         <div class=\"service-files tab-content\"><div class=\"extracted-list\">",
        date.format("%-d %b %Y, %H:%M:%S"),
        totals.bytes as f64 / 1e6,
        totals.files,
    );
    for (folder, mut names) in folders {
        names.sort_unstable();
        html.push_str("<div class=\"table-row\"><button class=\"extracted-folder\"><div class=\"extracted-folder-name\">");
        html.push_str(&escaped(folder));
        html.push_str("</div></button>");
        for name in names {
            html.push_str("<div class=\"extracted-child extracted-file-name\"><div class=\"file-leaf\"><div class=\"extracted-file-name\"> ");
            html.push_str(&escaped(name));
            html.push_str("</div></div></div>");
        }
        html.push_str("</div>");
    }
    html.push_str("</div></div></section></div></body></html>");
    html.into_bytes()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}
