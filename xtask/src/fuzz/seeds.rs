//! First inputs for the fuzz targets, out of simulated exports. Their forms are described in `fuzz/src`.

use std::fs;
use std::io;
use std::path::Path;

use serde_json::Value;

/// Largest file that is a seed as it is. Longer inputs only make the fuzzer slow.
const LONGEST: usize = 16 << 10;

/// Names in one seed.
const NAMES: usize = 6;

/// Bytes of a file's contents in made archives.
const CONTENTS: usize = 200;

/// Writes seeds of all exports in `exports` below `corpus`; gives their number.
pub fn make(exports: &Path, corpus: &Path) -> io::Result<usize> {
    let mut seeds = Seeds { corpus, count: 0 };
    for container in fs::read_dir(exports)? {
        let folder = container?.path();
        if folder.ends_with("folder") {
            seeds.of_folder(&folder, &folder)?;
        } else {
            seeds.of_archives(&folder)?;
        }
    }
    Ok(seeds.count)
}

struct Seeds<'a> {
    corpus: &'a Path,
    count: usize,
}

impl Seeds<'_> {
    fn put(&mut self, target: &str, bytes: &[u8]) -> io::Result<()> {
        let folder = self.corpus.join(target);
        fs::create_dir_all(&folder)?;
        // Equal exports give equal numbers, so seeds are written over and do not pile up.
        fs::write(folder.join(format!("seed-{:04}", self.count)), bytes)?;
        self.count += 1;
        Ok(())
    }

    fn of_archives(&mut self, folder: &Path) -> io::Result<()> {
        for path in sorted(folder)? {
            let bytes = fs::read(&path)?;
            let target = if path.extension().is_some_and(|extension| extension == "tgz") { "tgz" } else { "zip_directory" };
            if bytes.len() < LONGEST {
                self.put(target, &[&[0], &bytes[..]].concat())?;
            }
        }
        Ok(())
    }

    fn of_folder(&mut self, root: &Path, folder: &Path) -> io::Result<()> {
        let mut lines = Vec::new();
        let (mut zip, mut tar) = (vec![1], Vec::new());
        for path in sorted(folder)? {
            if path.is_dir() {
                self.of_folder(root, &path)?;
                continue;
            }
            let bytes = fs::read(&path)?;
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let below = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
            if name.ends_with(".json") {
                self.put("sidecar", &[name.as_bytes(), b"\n", &bytes].concat())?;
                lines.push(sidecar_line(&name, &bytes));
            } else {
                lines.push(format!("m {name}\t1600000000"));
            }
            if name.ends_with(".html") {
                for piece in bytes.chunks(3000) {
                    self.put("archive_page", piece)?;
                }
            }
            let contents = &bytes[..bytes.len().min(CONTENTS)];
            if zip.len() < LONGEST / 4 {
                zip_entry(&below, contents, lines.len(), &mut zip);
                tar_entry(&below, contents, &mut tar);
            }
            lines.push(below);
        }
        for lines in lines.chunks(2 * NAMES) {
            self.put("names", lines.join("\n").as_bytes())?;
        }
        if !tar.is_empty() {
            tar.resize(tar.len() + 1024, 0);
            self.put("zip_directory", &zip)?;
            for kind in 1..=3 {
                self.put("tgz", &[&[kind], &tar[..]].concat())?;
            }
        }
        Ok(())
    }
}

fn sorted(folder: &Path) -> io::Result<Vec<std::path::PathBuf>> {
    let mut paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn sidecar_line(name: &str, bytes: &[u8]) -> String {
    let json: Value = serde_json::from_slice(bytes).unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    format!("s {name}\t{}\t{}\t{}", text(&json["title"]), text(&json["photoTakenTime"]["timestamp"]), text(&json["url"]))
}

fn zip_entry(name: &str, contents: &[u8], number: usize, out: &mut Vec<u8>) {
    // Stored, deflated, with the long sizes of zip64, made by a Unix.
    let switches = [0u32, 1, 2, 9][number % 4];
    let name = &name.as_bytes()[..name.len().min(255)];
    out.extend(switches.to_le_bytes());
    out.push(name.len() as u8);
    out.extend((contents.len() as u16).to_le_bytes());
    out.extend(name);
    out.extend(contents);
}

/// An entry of a tar; the target makes its checksum right.
fn tar_entry(name: &str, contents: &[u8], out: &mut Vec<u8>) {
    let mut header = [0; 512];
    let length = name.len().min(100);
    header[..length].copy_from_slice(&name.as_bytes()[..length]);
    header[100..107].copy_from_slice(b"0000644");
    header[124..135].copy_from_slice(format!("{:011o}", contents.len()).as_bytes());
    header[136..147].copy_from_slice(b"14524770400");
    header[156] = b'0';
    header[257..265].copy_from_slice(b"ustar\x0000");
    out.extend(header);
    out.extend(contents);
    out.resize(out.len().next_multiple_of(512), 0);
}
