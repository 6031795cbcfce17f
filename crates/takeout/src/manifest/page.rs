//! What the tags of the page mean: classes and attributes that Google gives them, as seen in 2021 (format document, 1.6).

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::io::{self, Read};
use std::rc::Rc;

use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{IoReader, Span, Tokenizer};

use super::{Failure, ListedFolder, MAX_PAGE_BYTES, Manifest, PHOTOS, Product};

/// Bytes of one text or attribute that are kept.
const MAX_TEXT: usize = 16 << 10;

/// Bytes without a tag, an attribute or a text, from which on this is no page. Keeps one endless comment from the memory.
const MAX_SILENCE: u64 = 4 << 20;

/// Elements inside each other that are followed. The page has about 12.
const MAX_DEPTH: usize = 256;

/// Failures that are kept.
const MAX_FAILURES: usize = 10_000;

/// Products that are kept. Google has about 70.
const MAX_PRODUCTS: usize = 500;

/// Bytes of a folder's path that are kept. Google cuts a folder's name at 50 characters and makes no deeper ones.
const MAX_FOLDER: usize = 1024;

/// Bytes that are kept of a page in all. The names of 700,000 files need 30 MB. Without it, folders inside each other make
/// much out of little: each row below repeats the names of all above.
const MAX_KEPT: usize = 64 << 20;

/// What a kept row costs beside its texts.
const ROW: usize = 160;

/// What an element is for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Role {
    Nothing,
    Job,
    Title,
    Subtitle,
    /// The tile or the details of one product.
    Product(String),
    ProductName,
    Summary,
    /// A row of the list: a folder with its files, or one file.
    Row(String),
    FolderName,
    FileName,
    Failure,
}

struct Element {
    tag: Vec<u8>,
    role: Role,
    text: String,
}

impl Element {
    fn add(&mut self, value: &[u8]) {
        if self.text.len() < MAX_TEXT {
            self.text.push_str(&String::from_utf8_lossy(head(value)));
        }
    }
}

/// The attributes that matter, of the tag that is open.
#[derive(Default)]
struct Attributes {
    class: String,
    id: String,
    english: String,
    folder: String,
}

#[derive(Default)]
struct Page {
    manifest: Manifest,
    stack: Vec<Element>,
    tag: Vec<u8>,
    attribute: Vec<u8>,
    attributes: Attributes,
    folders: HashMap<String, usize>,
    kept: usize,
    /// Something was left out.
    lacking: bool,
}

/// Elements that have no end tag.
const VOID: [&[u8]; 14] =
    [b"area", b"base", b"br", b"col", b"embed", b"hr", b"img", b"input", b"link", b"meta", b"param", b"source", b"track", b"wbr"];

/// Reads a page.
pub(super) fn read(reader: impl Read) -> io::Result<Manifest> {
    let page = Rc::new(RefCell::new(Page::default()));
    let silence = Rc::new(Cell::new(0));
    let (inner, quiet) = (Rc::clone(&page), Rc::clone(&silence));
    let mut emitter = CallbackEmitter::new(move |event: CallbackEvent<'_>, _: Span<()>| -> Option<()> {
        quiet.set(0);
        inner.borrow_mut().event(event);
        None
    });
    // Without it, what stands in scripts would count as tags.
    emitter.naively_switch_states(true);
    let over = Rc::new(Cell::new(false));
    let limited = Limited { inner: reader, left: MAX_PAGE_BYTES, silence, over: Rc::clone(&over) };
    let mut outcome = Ok(());
    for token in Tokenizer::new_with_emitter(IoReader::new(limited), emitter) {
        if let Err(error) = token {
            outcome = Err(error);
            break;
        }
    }
    if !over.get() {
        outcome?;
    }
    let mut page = page.borrow_mut();
    page.close(0);
    page.manifest.whole &= !over.get() && !page.lacking;
    Ok(std::mem::take(&mut page.manifest))
}

/// Ends pages that are too long or say nothing for too long.
struct Limited<R> {
    inner: R,
    left: u64,
    silence: Rc<Cell<u64>>,
    over: Rc<Cell<bool>>,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 || self.silence.get() > MAX_SILENCE {
            self.over.set(true);
            return Ok(0);
        }
        let wanted = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        let length = self.inner.read(&mut buffer[..wanted])?;
        self.left -= length as u64;
        self.silence.set(self.silence.get() + length as u64);
        Ok(length)
    }
}

impl Page {
    fn event(&mut self, event: CallbackEvent<'_>) {
        match event {
            CallbackEvent::OpenStartTag { name } => {
                self.tag = head(name).to_vec();
                self.attributes = Attributes::default();
                self.attribute.clear();
            }
            CallbackEvent::AttributeName { name } => self.attribute = head(name).to_vec(),
            CallbackEvent::AttributeValue { value } => {
                let place = match self.attribute.as_slice() {
                    b"class" => &mut self.attributes.class,
                    b"id" => &mut self.attributes.id,
                    b"data-english-name" => &mut self.attributes.english,
                    b"data-folder-name" => &mut self.attributes.folder,
                    _ => return,
                };
                *place = String::from_utf8_lossy(head(value)).into_owned();
            }
            CallbackEvent::CloseStartTag { self_closing } => self.open(self_closing),
            CallbackEvent::EndTag { name } => {
                self.manifest.whole |= name == b"html";
                if let Some(found) = self.stack.iter().rposition(|element| element.tag == head(name)) {
                    self.close(found);
                }
            }
            CallbackEvent::String { value } => self.text(value),
            CallbackEvent::Comment { .. } | CallbackEvent::Doctype { .. } | CallbackEvent::Error(_) => {}
        }
    }

    fn open(&mut self, self_closing: bool) {
        let attributes = std::mem::take(&mut self.attributes);
        if !attributes.english.is_empty() {
            self.product(&attributes.english).folder = Some(attributes.folder.clone()).filter(|folder| !folder.is_empty());
        }
        if VOID.contains(&self.tag.as_slice()) || self_closing || self.stack.len() >= MAX_DEPTH {
            return;
        }
        self.stack.push(Element { tag: std::mem::take(&mut self.tag), role: role(&attributes), text: String::new() });
    }

    /// Adds a text to the innermost element that has a role, and to the failure around it.
    fn text(&mut self, value: &[u8]) {
        let mut elements = self.stack.iter_mut().rev().filter(|element| element.role != Role::Nothing);
        let Some(innermost) = elements.next() else { return };
        innermost.add(value);
        // Failures inside each other would make much out of little, so it is one.
        if innermost.role != Role::Failure
            && let Some(failure) = elements.find(|element| element.role == Role::Failure)
        {
            failure.add(value);
        }
    }

    /// Closes elements until `depth` are left.
    fn close(&mut self, depth: usize) {
        while self.stack.len() > depth {
            let Some(element) = self.stack.pop() else { return };
            let text = element.text.split_whitespace().collect::<Vec<&str>>().join(" ");
            if !text.is_empty() {
                // Names keep inner spaces as they are; the page puts one before each.
                let name = element.text.trim_matches(['\t', '\n', '\r', ' ']);
                self.closed(&element.role, &text, name);
            }
        }
    }

    fn closed(&mut self, role: &Role, text: &str, name: &str) {
        match role {
            Role::Job => self.manifest.job = Some(text.to_owned()),
            Role::Title => {
                let account = text.split(' ').find(|word| word.contains('@')).unwrap_or(text);
                self.manifest.account = Some(account.to_owned());
            }
            Role::Subtitle => {
                let mut pieces = text.split('•').map(|piece| piece.trim().to_owned()).filter(|piece| !piece.is_empty());
                self.manifest.date = pieces.next();
                self.manifest.size = pieces.next();
            }
            Role::Summary => {
                if let (Some(product), Some(files)) = (self.around(), number(text)) {
                    self.product(&product).files.get_or_insert(files);
                }
            }
            Role::FolderName => {
                let row = self.stack.iter_mut().rev().find_map(|element| match &mut element.role {
                    Role::Row(folder) => Some(folder),
                    _ => None,
                });
                if let Some(folder) = row {
                    name.clone_into(folder);
                }
            }
            Role::FileName => self.file(name),
            Role::Failure => {
                let folder = self.folder().filter(|folder| !folder.is_empty());
                let failure = Failure { product: self.around(), folder, text: text.to_owned() };
                let texts = [&failure.product, &failure.folder].into_iter().flatten().map(String::len).sum::<usize>();
                if self.manifest.failures.len() < MAX_FAILURES && self.has_room(ROW + text.len() + texts) {
                    self.manifest.failures.push(failure);
                }
            }
            Role::Nothing | Role::Product(_) | Role::ProductName | Role::Row(_) => {}
        }
    }

    fn file(&mut self, name: &str) {
        if name.contains(['\n', '\r']) || self.around().is_some_and(|product| product != PHOTOS) {
            return;
        }
        let Some(path) = self.folder() else {
            self.lacking = true;
            return;
        };
        let costs = if self.folders.contains_key(&path) { 0 } else { ROW + 2 * path.len() };
        if !self.has_room(costs + name.len() + 1) {
            return;
        }
        let folders = &mut self.manifest.folders;
        let place = *self.folders.entry(path).or_insert_with_key(|path| {
            folders.push(ListedFolder { path: path.clone(), names: String::new() });
            folders.len() - 1
        });
        if let Some(folder) = folders.get_mut(place) {
            folder.push(name);
        }
    }

    /// Whether so many bytes more may be kept.
    fn has_room(&mut self, bytes: usize) -> bool {
        let there = self.kept + bytes <= MAX_KEPT;
        if there {
            self.kept += bytes
        } else {
            self.lacking = true
        }
        there
    }

    /// The folder of the row that is open; `None` if its path is longer than any real one.
    fn folder(&self) -> Option<String> {
        let mut path = String::new();
        for element in &self.stack {
            if let Role::Row(folder) = &element.role
                && !folder.is_empty()
            {
                if path.len() + folder.len() >= MAX_FOLDER {
                    return None;
                }
                if !path.is_empty() {
                    path.push('/');
                }
                path.push_str(folder);
            }
        }
        Some(path)
    }

    /// The product whose tile or details are open.
    fn around(&self) -> Option<String> {
        self.stack.iter().rev().find_map(|element| match &element.role {
            Role::Product(name) => Some(name.clone()),
            _ => None,
        })
    }

    fn product(&mut self, name: &str) -> &mut Product {
        let products = &mut self.manifest.products;
        let place = products.iter().position(|product| product.name == name).unwrap_or_else(|| {
            if products.len() < MAX_PRODUCTS {
                products.push(Product { name: name.to_owned(), ..Product::default() });
            }
            products.len() - 1
        });
        &mut products[place]
    }
}

fn role(attributes: &Attributes) -> Role {
    for prefix in ["service-tile-", "service-details-"] {
        if let Some(product) = attributes.id.strip_prefix(prefix) {
            return Role::Product(product.to_owned());
        }
    }
    let meaning = |class: &str| match class {
        "job-id" => Some(Role::Job),
        "header_title" => Some(Role::Title),
        "header_subtext" => Some(Role::Subtitle),
        "service_name" | "data-folder-name" => Some(Role::ProductName),
        "service_summary" => Some(Role::Summary),
        "table-row" => Some(Role::Row(String::new())),
        "extracted-folder-name" => Some(Role::FolderName),
        "extracted-file-name" | "takeout-resource-link" => Some(Role::FileName),
        "failure-message" | "service_error" | "content-link-warning" => Some(Role::Failure),
        _ => None,
    };
    attributes.class.split_ascii_whitespace().find_map(meaning).unwrap_or(Role::Nothing)
}

fn head(bytes: &[u8]) -> &[u8] {
    &bytes[..bytes.len().min(MAX_TEXT)]
}

/// The first number in a text, with separators of thousands of any language: `1.234 Dateien`, `١٢٣`.
fn number(text: &str) -> Option<u64> {
    // Zeros of the scripts in which Google writes numbers.
    const ZEROS: [char; 6] = ['0', '\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}', '\u{e50}'];
    let digit = |character: char| {
        ZEROS.iter().find_map(|zero| u64::from(character).checked_sub(u64::from(*zero)).filter(|digit| *digit < 10))
    };
    let mut value: Option<u64> = None;
    let characters: Vec<char> = text.chars().collect();
    for (place, character) in characters.iter().enumerate() {
        if let Some(digit) = digit(*character) {
            value = Some(value.unwrap_or(0).checked_mul(10)?.checked_add(digit)?);
        } else if value.is_some() {
            let after = characters.iter().skip(place + 1).take_while(|next| digit(**next).is_some()).count();
            if !(".,'’ \u{a0}\u{202f}\u{66c}".contains(*character) && after == 3) {
                break;
            }
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_of_many_languages() {
        for (text, value) in [
            ("55 plików", Some(55)),
            ("1.234 Dateien", Some(1234)),
            ("1\u{202f}234\u{a0}567 fichiers", Some(1_234_567)),
            ("12,34", Some(12)),
            ("ملف ١٬٢٣٤", Some(1234)),
            ("no file", None),
            ("99999999999999999999999", None),
        ] {
            assert_eq!(number(text), value, "{text}");
        }
    }
}
