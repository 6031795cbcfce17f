//! Thumbnails by hand, and for `cargo xtask bench thumbnails`:
//!
//! ```sh
//! cargo run --release -p photokeep-media --example thumbnails -- make FOLDER FILES…   # one after the other
//! cargo run --release -p photokeep-media --example thumbnails -- paint FILE NUMBER    # a picture of 12 MP, as PPM
//! ```

use std::error::Error;
use std::fs::File;
use std::path::Path;
use std::time::Instant;

use photokeep_media::{Bounds, thumbnail};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["make", folder, files @ ..] => make(Path::new(folder), files),
        ["paint", file, number] => paint(Path::new(file), number.parse()?),
        _ => Err("see the head of this file".into()),
    }
}

fn make(folder: &Path, files: &[&str]) -> Result<(), Box<dyn Error>> {
    for file in files {
        let begin = Instant::now();
        let made = thumbnail(File::open(file)?, Bounds::default());
        let milliseconds = begin.elapsed().as_secs_f64() * 1000.0;
        match made {
            Ok(Some(made)) => {
                println!("{milliseconds:7.1} ms {}x{} {} {file}", made.width, made.height, made.color);
                let name = Path::new(file).file_name().ok_or("no file name")?;
                std::fs::write(folder.join(name).with_extension("jpg"), made.jpeg)?;
            }
            Ok(None) => println!("{milliseconds:7.1} ms no picture {file}"),
            Err(error) => println!("{milliseconds:7.1} ms {error} {file}"),
        }
    }
    Ok(())
}

/// A landscape of noise: hills of eight sizes, colours that change slowly, and the grain of a sensor. Its JPEG at quality 88
/// has some 1.6 MB; that of a detailed photo, 4 MB.
fn paint(file: &Path, number: u32) -> Result<(), Box<dyn Error>> {
    const WIDTH: u32 = 4000;
    const HEIGHT: u32 = 3000;
    let mut pixels = format!("P6 {WIDTH} {HEIGHT} 255\n").into_bytes();
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            let (mut light, mut tint, mut weight, mut scale) = (0.0, 0.0, 0.5, 1.0 / 900.0);
            for octave in 0..8 {
                light += weight * hills(x as f32 * scale, y as f32 * scale, number * 1000 + octave);
                if octave < 4 {
                    tint += weight * hills(x as f32 * scale, y as f32 * scale, number * 1000 + 100 + octave);
                }
                weight *= 0.55;
                scale *= 2.1;
            }
            let grain = (random(x, y, number) - 0.5) * 10.0;
            pixels.extend([1.05, 0.95, 0.8 + 0.3 * tint].map(|share| (light * 200.0 * share + tint * 60.0 + grain) as u8));
        }
    }
    Ok(std::fs::write(file, pixels)?)
}

/// Smooth noise between 0 and 1 with hills one unit apart.
fn hills(x: f32, y: f32, seed: u32) -> f32 {
    let smooth = |part: f32| part * part * (3.0 - 2.0 * part);
    let between = |from: f32, to: f32, part: f32| from + (to - from) * part;
    let (column, row) = (x as u32, y as u32);
    let (right, down) = (smooth(x.fract()), smooth(y.fract()));
    let upper = between(random(column, row, seed), random(column + 1, row, seed), right);
    let lower = between(random(column, row + 1, seed), random(column + 1, row + 1, seed), right);
    between(upper, lower, down)
}

/// Between 0 and 1, the same for the same numbers.
fn random(x: u32, y: u32, seed: u32) -> f32 {
    let mixed = x.wrapping_mul(0x165_667B1) ^ y.wrapping_mul(0x27D4_EB2F) ^ seed.wrapping_mul(0x85EB_CA6B);
    let mixed = (mixed ^ mixed >> 15).wrapping_mul(0x2C1B_3C6D);
    (mixed ^ mixed >> 13) as u16 as f32 / f32::from(u16::MAX)
}
