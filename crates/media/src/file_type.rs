//! The kinds of file Photokeep knows, as constants. How they are told apart is in `sniff.rs`.

use serde::Serialize;

/// What a file is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A still picture, RAW files included.
    Photo,
    /// A film.
    Video,
    /// Anything else: a document, sound, an archive, an error page.
    NotMedia,
}

/// What a file is, by its content.
///
/// Values come from [`sniff`](crate::sniff) only, so two equal types are the same format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct FileType {
    /// Media type, for example `image/jpeg`.
    pub mime: &'static str,
    /// The usual extension, lower case, without the dot.
    pub extension: &'static str,
    /// Photo, video or neither.
    pub kind: Kind,
    /// How the bytes are laid out; decides which reader is used.
    #[serde(skip)]
    pub(crate) family: Family,
}

/// How a file is laid out, as far as the readers of this crate care.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Family {
    Jpeg,
    Png,
    Gif,
    Webp,
    /// TIFF and the RAW formats built on it.
    Tiff,
    /// Pictures in ISO boxes with a `meta` box: HEIC, HEIF, AVIF.
    BoxedPicture,
    /// Canon's CR3: ISO boxes with a `moov` box that holds a still picture.
    Cr3,
    /// Fujifilm's RAF: a header with an ordinary JPEG inside.
    Raf,
    /// JPEG 2000 in ISO-like boxes.
    Jp2,
    /// Pictures of which only the pixel size is read.
    SizeOnly,
    /// MP4, QuickTime, 3GPP.
    Movie,
    Avi,
    Matroska,
    Asf,
    Flv,
    MpegProgram,
    /// MPEG transport stream with packets of 188 or (M2TS) 192 bytes.
    MpegTransport,
    /// Known, and nothing but the type is read.
    Opaque,
}

impl FileType {
    const fn photo(mime: &'static str, extension: &'static str, family: Family) -> Self {
        Self { mime, extension, kind: Kind::Photo, family }
    }

    const fn video(mime: &'static str, extension: &'static str, family: Family) -> Self {
        Self { mime, extension, kind: Kind::Video, family }
    }

    pub(crate) const fn not_media(mime: &'static str, extension: &'static str) -> Self {
        Self { mime, extension, kind: Kind::NotMedia, family: Family::Opaque }
    }
}

pub(crate) const JPEG: FileType = FileType::photo("image/jpeg", "jpg", Family::Jpeg);
pub(crate) const PNG: FileType = FileType::photo("image/png", "png", Family::Png);
/// An animated PNG: readers that do not know it show the first picture, hence the extension.
pub(crate) const APNG: FileType = FileType::photo("image/apng", "png", Family::Png);
pub(crate) const GIF: FileType = FileType::photo("image/gif", "gif", Family::Gif);
pub(crate) const WEBP: FileType = FileType::photo("image/webp", "webp", Family::Webp);
pub(crate) const BMP: FileType = FileType::photo("image/bmp", "bmp", Family::SizeOnly);
pub(crate) const ICO: FileType = FileType::photo("image/x-icon", "ico", Family::SizeOnly);
pub(crate) const PSD: FileType = FileType::photo("image/vnd.adobe.photoshop", "psd", Family::SizeOnly);
pub(crate) const JXL: FileType = FileType::photo("image/jxl", "jxl", Family::SizeOnly);
pub(crate) const JP2: FileType = FileType::photo("image/jp2", "jp2", Family::Jp2);
pub(crate) const J2K: FileType = FileType::photo("image/x-jp2-codestream", "j2k", Family::Opaque);
pub(crate) const HEIC: FileType = FileType::photo("image/heic", "heic", Family::BoxedPicture);
pub(crate) const HEIF: FileType = FileType::photo("image/heif", "heif", Family::BoxedPicture);
pub(crate) const AVIF: FileType = FileType::photo("image/avif", "avif", Family::BoxedPicture);
pub(crate) const TIFF: FileType = FileType::photo("image/tiff", "tif", Family::Tiff);
/// TIFF with 64-bit offsets; recognised, not read.
pub(crate) const BIG_TIFF: FileType = FileType::photo("image/tiff", "tif", Family::Opaque);
pub(crate) const DNG: FileType = FileType::photo("image/x-adobe-dng", "dng", Family::Tiff);
pub(crate) const CR2: FileType = FileType::photo("image/x-canon-cr2", "cr2", Family::Tiff);
pub(crate) const CR3: FileType = FileType::photo("image/x-canon-cr3", "cr3", Family::Cr3);
pub(crate) const CRW: FileType = FileType::photo("image/x-canon-crw", "crw", Family::Opaque);
pub(crate) const NEF: FileType = FileType::photo("image/x-nikon-nef", "nef", Family::Tiff);
pub(crate) const ARW: FileType = FileType::photo("image/x-sony-arw", "arw", Family::Tiff);
pub(crate) const ORF: FileType = FileType::photo("image/x-olympus-orf", "orf", Family::Tiff);
pub(crate) const RW2: FileType = FileType::photo("image/x-panasonic-rw2", "rw2", Family::Tiff);
pub(crate) const PEF: FileType = FileType::photo("image/x-pentax-pef", "pef", Family::Tiff);
pub(crate) const SRW: FileType = FileType::photo("image/x-samsung-srw", "srw", Family::Tiff);
pub(crate) const RAF: FileType = FileType::photo("image/x-fuji-raf", "raf", Family::Raf);
pub(crate) const X3F: FileType = FileType::photo("image/x-sigma-x3f", "x3f", Family::Opaque);
pub(crate) const MRW: FileType = FileType::photo("image/x-minolta-mrw", "mrw", Family::Opaque);

pub(crate) const MP4: FileType = FileType::video("video/mp4", "mp4", Family::Movie);
pub(crate) const M4V: FileType = FileType::video("video/x-m4v", "m4v", Family::Movie);
pub(crate) const MOV: FileType = FileType::video("video/quicktime", "mov", Family::Movie);
pub(crate) const THREE_GP: FileType = FileType::video("video/3gpp", "3gp", Family::Movie);
pub(crate) const THREE_G2: FileType = FileType::video("video/3gpp2", "3g2", Family::Movie);
pub(crate) const AVI: FileType = FileType::video("video/x-msvideo", "avi", Family::Avi);
pub(crate) const MKV: FileType = FileType::video("video/x-matroska", "mkv", Family::Matroska);
pub(crate) const WEBM: FileType = FileType::video("video/webm", "webm", Family::Matroska);
pub(crate) const WMV: FileType = FileType::video("video/x-ms-wmv", "wmv", Family::Asf);
pub(crate) const FLV: FileType = FileType::video("video/x-flv", "flv", Family::Flv);
pub(crate) const MPG: FileType = FileType::video("video/mpeg", "mpg", Family::MpegProgram);
pub(crate) const TS: FileType = FileType::video("video/mp2t", "ts", Family::MpegTransport);
/// A transport stream as camcorders (AVCHD) and Blu-ray write it: four more bytes before each packet.
pub(crate) const MTS: FileType = FileType::video("video/mp2t", "mts", Family::MpegTransport);
/// A bare MPEG-4 part 2 stream without a container.
pub(crate) const MPEG4_STREAM: FileType = FileType::video("video/mp4v-es", "m4v", Family::Opaque);

pub(crate) const M4A: FileType = FileType::not_media("audio/mp4", "m4a");
pub(crate) const HTML: FileType = FileType::not_media("text/html", "html");
pub(crate) const JSON: FileType = FileType::not_media("application/json", "json");
pub(crate) const XML: FileType = FileType::not_media("application/xml", "xml");
pub(crate) const TEXT: FileType = FileType::not_media("text/plain", "txt");
pub(crate) const NOTHING: FileType = FileType::not_media("application/x-empty", "");
pub(crate) const UNKNOWN: FileType = FileType::not_media("application/octet-stream", "bin");
