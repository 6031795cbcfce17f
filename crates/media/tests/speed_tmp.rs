#![allow(clippy::unwrap_used)]
use std::io::Write;
#[test]
fn t() {
    let f = tempfile::NamedTempFile::new().unwrap();
    let mut w = std::io::BufWriter::new(f.as_file());
    w.write_all(b"\xFF\xD8\xFF\xDA\0\x0c\0\0\0\0\0\0\0\0\0\0").unwrap();
    let mut x = 1u32;
    let mut b = vec![0u8; 1 << 20];
    for c in b.iter_mut() {
        x = x.wrapping_mul(1664525).wrapping_add(1013904223);
        *c = (x >> 24) as u8;
        if *c == 0xD9 {
            *c = 0
        }
    }
    for _ in 0..400 {
        w.write_all(&b).unwrap();
    }
    w.flush().unwrap();
    for _ in 0..2 {
        let ty = photokeep_media::inspect(f.path()).unwrap().file_type;
        let t = std::time::Instant::now();
        println!("{:?} {:?}", photokeep_media::wholeness(f.path(), ty).unwrap(), t.elapsed());
        let t = std::time::Instant::now();
        photokeep_media::hash_file(f.path()).unwrap();
        println!("hash {:?}", t.elapsed());
        let t = std::time::Instant::now();
        photokeep_media::inspect(f.path()).unwrap();
        println!("inspect {:?}", t.elapsed());
    }
}
