//! The machine-readable description of the Library API, as far as clients that read it need it.
//!
//! google-api-python-client builds its methods from it; gphotos-sync reads only `baseUrl`, `path`, `httpMethod` and where
//! parameters go (`predecessors.md` 5.2).

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::wire::{Reply, json_reply};

/// The document for an API that stands at `base` (no slash at its end).
pub(crate) fn document(base: &str) -> Reply {
    json_reply(StatusCode::OK, &describe(base))
}

fn describe(base: &str) -> Value {
    let query = |kind: &str, format: &str| json!({ "type": kind, "format": format, "location": "query" });
    let page = json!({ "pageSize": query("integer", "int32"), "pageToken": { "type": "string", "location": "query" } });
    let mut album_page = page.clone();
    album_page["excludeNonAppCreatedData"] = json!({ "type": "boolean", "location": "query" });
    let in_path = |name: &str| json!({ name: { "type": "string", "location": "path", "required": true, "pattern": "^[^/]+$" } });
    let method = |id: &str, verb: &str, path: &str, parameters: Value, order: &[&str], request: Option<&str>, response: &str| {
        let mut method = json!({
            "id": format!("photoslibrary.{id}"), "httpMethod": verb, "path": path, "flatPath": path,
            "parameters": parameters, "parameterOrder": order, "response": { "$ref": response },
            "scopes": [READONLY, APP_DATA],
        });
        if let Some(request) = request {
            method["request"] = json!({ "$ref": request });
        }
        method
    };
    let ids = json!({ "mediaItemIds": { "type": "string", "location": "query", "repeated": true } });
    json!({
        "kind": "discovery#restDescription", "discoveryVersion": "v1", "id": "photoslibrary:v1", "name": "photoslibrary",
        "canonicalName": "Photos Library", "version": "v1", "version_module": true, "revision": "20240605",
        "title": "Photos Library API", "description": "Manage photos, videos, and albums in Google Photos",
        "ownerDomain": "google.com", "ownerName": "Google", "protocol": "rest", "batchPath": "batch",
        "fullyEncodeReservedExpansion": true,
        "rootUrl": format!("{base}/"), "baseUrl": format!("{base}/"), "servicePath": "", "basePath": "",
        "icons": { "x16": "", "x32": "" },
        "auth": { "oauth2": { "scopes": {
            READONLY: { "description": "View your Google Photos library" },
            APP_DATA: { "description": "View photos, videos and albums in your Google Photos library added by this app" },
        }}},
        "parameters": {
            "access_token": { "type": "string", "location": "query" },
            "alt": { "type": "string", "location": "query", "default": "json", "enum": ["json", "media", "proto"],
                     "enumDescriptions": ["", "", ""] },
            "callback": { "type": "string", "location": "query" },
            "fields": { "type": "string", "location": "query" },
            "key": { "type": "string", "location": "query" },
            "oauth_token": { "type": "string", "location": "query" },
            "prettyPrint": { "type": "boolean", "location": "query", "default": "true" },
            "quotaUser": { "type": "string", "location": "query" },
            "uploadType": { "type": "string", "location": "query" },
            "upload_protocol": { "type": "string", "location": "query" },
        },
        "resources": {
            "mediaItems": { "methods": {
                "list": method("mediaItems.list", "GET", "v1/mediaItems", page, &[], None, "ListMediaItemsResponse"),
                "get": method("mediaItems.get", "GET", "v1/mediaItems/{+mediaItemId}", in_path("mediaItemId"),
                              &["mediaItemId"], None, "MediaItem"),
                "batchGet": method("mediaItems.batchGet", "GET", "v1/mediaItems:batchGet", ids, &[], None,
                                   "BatchGetMediaItemsResponse"),
                "search": method("mediaItems.search", "POST", "v1/mediaItems:search", json!({}), &[],
                                 Some("SearchMediaItemsRequest"), "SearchMediaItemsResponse"),
            }},
            "albums": { "methods": {
                "list": method("albums.list", "GET", "v1/albums", album_page.clone(), &[], None, "ListAlbumsResponse"),
                "get": method("albums.get", "GET", "v1/albums/{+albumId}", in_path("albumId"), &["albumId"], None, "Album"),
            }},
            "sharedAlbums": { "methods": {
                "list": method("sharedAlbums.list", "GET", "v1/sharedAlbums", album_page, &[], None,
                               "ListSharedAlbumsResponse"),
                "get": method("sharedAlbums.get", "GET", "v1/sharedAlbums/{+shareToken}", in_path("shareToken"),
                              &["shareToken"], None, "Album"),
            }},
        },
        "schemas": schemas(),
    })
}

const READONLY: &str = "https://www.googleapis.com/auth/photoslibrary.readonly";
const APP_DATA: &str = "https://www.googleapis.com/auth/photoslibrary.readonly.appcreateddata";

fn schemas() -> Value {
    let object = |id: &str, properties: Value| json!({ "id": id, "type": "object", "properties": properties });
    let text = || json!({ "type": "string" });
    let list = |of: &str| json!({ "type": "array", "items": { "$ref": of } });
    let texts = || json!({ "type": "array", "items": { "type": "string" } });
    let number = || json!({ "type": "integer", "format": "int32" });
    let long = || json!({ "type": "string", "format": "int64" });
    let to = |name: &str| json!({ "$ref": name });
    let all = [
        object("ListMediaItemsResponse", json!({ "mediaItems": list("MediaItem"), "nextPageToken": text() })),
        object("SearchMediaItemsResponse", json!({ "mediaItems": list("MediaItem"), "nextPageToken": text() })),
        object("BatchGetMediaItemsResponse", json!({ "mediaItemResults": list("MediaItemResult") })),
        object("MediaItemResult", json!({ "mediaItem": to("MediaItem"), "status": to("Status") })),
        object("Status", json!({ "code": number(), "message": text() })),
        object("ListAlbumsResponse", json!({ "albums": list("Album"), "nextPageToken": text() })),
        object("ListSharedAlbumsResponse", json!({ "sharedAlbums": list("Album"), "nextPageToken": text() })),
        object(
            "Album",
            json!({
                "id": text(), "title": text(), "productUrl": text(), "isWriteable": { "type": "boolean" },
                "mediaItemsCount": long(), "coverPhotoBaseUrl": text(), "coverPhotoMediaItemId": text(),
            }),
        ),
        object(
            "MediaItem",
            json!({
                "id": text(), "description": text(), "productUrl": text(), "baseUrl": text(), "mimeType": text(),
                "filename": text(), "mediaMetadata": to("MediaMetadata"),
            }),
        ),
        object(
            "MediaMetadata",
            json!({
                "creationTime": { "type": "string", "format": "google-datetime" }, "width": long(), "height": long(),
                "photo": to("Photo"), "video": to("Video"),
            }),
        ),
        object("Photo", json!({ "cameraMake": text(), "cameraModel": text() })),
        object(
            "Video",
            json!({
                "cameraMake": text(), "cameraModel": text(), "fps": { "type": "number", "format": "double" }, "status": text(),
            }),
        ),
        object(
            "SearchMediaItemsRequest",
            json!({
                "albumId": text(), "pageSize": number(), "pageToken": text(), "filters": to("Filters"), "orderBy": text(),
            }),
        ),
        object(
            "Filters",
            json!({
                "dateFilter": to("DateFilter"), "contentFilter": to("ContentFilter"), "mediaTypeFilter": to("MediaTypeFilter"),
                "featureFilter": to("FeatureFilter"), "includeArchivedMedia": { "type": "boolean" },
                "excludeNonAppCreatedData": { "type": "boolean" },
            }),
        ),
        object("DateFilter", json!({ "dates": list("Date"), "ranges": list("DateRange") })),
        object("DateRange", json!({ "startDate": to("Date"), "endDate": to("Date") })),
        object("Date", json!({ "year": number(), "month": number(), "day": number() })),
        object("ContentFilter", json!({ "includedContentCategories": texts(), "excludedContentCategories": texts() })),
        object("MediaTypeFilter", json!({ "mediaTypes": texts() })),
        object("FeatureFilter", json!({ "includedFeatures": texts() })),
    ];
    let mut schemas = serde_json::Map::new();
    for schema in all {
        let name = schema["id"].as_str().unwrap_or_default().to_owned();
        schemas.insert(name, schema);
    }
    Value::Object(schemas)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;

    /// Every `$ref` in the document.
    fn references(value: &Value, out: &mut Vec<String>) {
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    match value {
                        Value::String(name) if key == "$ref" => out.push(name.clone()),
                        _ => references(value, out),
                    }
                }
            }
            Value::Array(list) => list.iter().for_each(|value| references(value, out)),
            _ => {}
        }
    }

    #[test]
    fn what_gphotos_sync_reads_is_there_and_every_reference_leads_somewhere() {
        let document = describe("http://127.0.0.1:1");
        assert_eq!(document["baseUrl"], "http://127.0.0.1:1/");
        for (resource, methods) in
            [("mediaItems", vec!["list", "get", "batchGet", "search"]), ("albums", vec!["list"]), ("sharedAlbums", vec!["list"])]
        {
            for method in methods {
                let method = &document["resources"][resource]["methods"][method];
                assert!(method["path"].as_str().unwrap().starts_with("v1/"), "{resource}");
                assert!(method["httpMethod"].is_string() && method["parameters"].is_object());
            }
        }
        let mut names = Vec::new();
        references(&document, &mut names);
        assert!(names.len() > 20);
        for name in names {
            assert!(document["schemas"][&name].is_object(), "{name}");
        }
    }
}
