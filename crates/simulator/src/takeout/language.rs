//! What Takeout calls its folders and files in an account's language (`takeout-format.md` 1.3, 3.5).
//!
//! Names that no real export has shown yet are plausible translations: a reader must not need them.

use serde::{Deserialize, Serialize};

/// The localised names of one export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Language {
    /// Short code, for example `de`; `xx` is the invented language.
    pub code: String,
    /// Folder of the photos below `Takeout`.
    pub photos: String,
    /// Year folder; `{year}` stands for the year.
    pub year: String,
    /// Album file with its extension.
    pub album_file: String,
    /// Suffix of edited copies with its hyphen.
    pub edited: String,
    /// Folder of archived items.
    pub archive: String,
    /// Folder of trashed items.
    pub trash: String,
    /// Folder of albums without a title.
    pub untitled: String,
    /// File name of the archive page.
    pub page: String,
}

/// Code, photos, year, album file, edited suffix, archive, trash, untitled, archive page.
type Row = [&'static str; 9];

const ROWS: [Row; 15] = [
    ["en", "Google Photos", "Photos from {year}", "metadata", "-edited", "Archive", "Trash", "Untitled", "archive_browser"],
    ["de", "Google Fotos", "Fotos von {year}", "Metadaten", "-bearbeitet", "Archiv", "Papierkorb", "Unbenannt", "archiv_browser"],
    [
        "fr",
        "Google Photos",
        "Photos de {year}",
        "métadonnées",
        "-modifié",
        "Archiver",
        "Corbeille",
        "Sans titre",
        "archive_browser",
    ],
    ["es", "Google Fotos", "Fotos de {year}", "metadatos", "-ha editado", "Archivo", "Papelera", "Sin título", "archive_browser"],
    ["pt", "Google Fotos", "Fotos de {year}", "metadados", "-editado", "Arquivo", "Lixeira", "Sem título", "archive_browser"],
    ["it", "Google Foto", "Foto da {year}", "metadati", "-modificato", "Archivio", "Cestino", "Senza titolo", "archive_browser"],
    [
        "nl",
        "Google Foto_s",
        "Foto_s van {year}",
        "metagegevens",
        "-bewerkt",
        "Archief",
        "Prullenbak",
        "Naamloos",
        "archive_browser",
    ],
    [
        "pl",
        "Zdjęcia Google",
        "Zdjęcia z {year}",
        "metadane",
        "-edytowane",
        "Archiwum",
        "Kosz",
        "Bez tytułu",
        "przeglądarka_archiwum",
    ],
    [
        "tr",
        "Google Fotoğraflar",
        "{year} yılına ait fotoğraflar",
        "meta veriler",
        "-düzenlendi",
        "Arşiv",
        "Çöp kutusu",
        "Adsız",
        "archive_browser",
    ],
    ["ja", "Google フォト", "{year} 年の写真", "メタデータ", "-編集済み", "アーカイブ", "ゴミ箱", "無題", "archive_browser"],
    [
        "ru",
        "Google Фото",
        "Фото за {year} год",
        "метаданные",
        "-измененный",
        "Архив",
        "Корзина",
        "Без названия",
        "archive_browser",
    ],
    ["hu", "Google Fotók", "Fotók – {year}", "metaadatok", "-szerkesztett", "Archívum", "Kuka", "Névtelen", "archive_browser"],
    ["sk", "Fotky Google", "Fotky z roku {year}", "metadáta", "-upravené", "Archív", "Kôš", "Bez názvu", "archive_browser"],
    ["he", "Google Photos", "תמונות משנת {year}", "מטא נתונים", "-נערך", "ארכיון", "אשפה", "ללא שם", "archive_browser"],
    // Nobody's language: a reader that knows lists of words only fails here.
    [
        "xx",
        "Gugel Vidoj",
        "Vidoj el jaro {year}",
        "priskriboj",
        "-ŝanĝitaĵo",
        "Flankejo",
        "Rubujo",
        "Sennoma",
        "arkiva_rigardilo",
    ],
];

impl Language {
    /// The names of a language by its code; `None` for a code that is not known here.
    pub fn of(code: &str) -> Option<Self> {
        ROWS.iter().find(|row| row[0] == code).map(Self::from_row)
    }

    /// All codes that [`Language::of`] knows; the last one, `xx`, is invented.
    pub fn codes() -> impl Iterator<Item = &'static str> {
        ROWS.iter().map(|row| row[0])
    }

    fn from_row(row: &Row) -> Self {
        let [code, photos, year, album_file, edited, archive, trash, untitled, page] = row.map(str::to_owned);
        let (album_file, page) = (album_file + ".json", page + ".html");
        Self { code, photos, year, album_file, edited, archive, trash, untitled, page }
    }

    /// Whether the words are invented, so that no list can hold them.
    pub fn is_invented(&self) -> bool {
        self.code == "xx"
    }

    pub(super) fn year_folder(&self, year: i32) -> String {
        self.year.replace("{year}", &year.to_string())
    }
}

impl Default for Language {
    fn default() -> Self {
        Self::from_row(&ROWS[0])
    }
}
