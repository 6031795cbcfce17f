//! Measures thumbnails against libvips' `vipsthumbnail`: the same pictures, the same bounds, the same quality, one core each,
//! in turn. Needs `vipsthumbnail` and `vips` (on Debian and Ubuntu: `libvips-tools`) and `taskset`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::available_parallelism;

use clap::Args;

use crate::bench::{Cost, empty, measure, release_folder, spread, text};
use crate::steps::{Result, cargo, run as run_step};

/// The default bounds of our thumbnails, as `vipsthumbnail` takes them; `>` means never to enlarge.
const BOUNDS: &str = "640x320>";
/// The same quality as ours, and no metadata either.
const OUTPUT: &str = "%s.jpg[Q=80,strip]";

/// What to measure.
#[derive(Debug, Args)]
pub struct Options {
    /// Pictures of 12 megapixels, painted first.
    #[arg(long, default_value_t = 200)]
    pictures: u32,
    /// JPEG quality of the pictures. From 90 on, colours are not subsampled.
    #[arg(long, default_value_t = 88)]
    quality: u32,
    /// Progressive JPEGs, which few cameras write.
    #[arg(long)]
    progressive: bool,
    /// Pairs of runs.
    #[arg(long, default_value_t = 5)]
    rounds: u32,
    /// Measure with these photos instead.
    files: Vec<PathBuf>,
}

/// Runs the benchmark.
pub fn run(options: &Options) -> Result<()> {
    let build = ["build", "--release", "--locked", "--package", "photokeep-media", "--example", "thumbnails"];
    cargo("release build", &build, &[])?;
    let ours = release_folder()?.join("examples").join("thumbnails");
    let work = tempfile::tempdir().map_err(text)?;
    let files = if options.files.is_empty() { paint(options, &ours, work.path())? } else { options.files.clone() };
    let bytes: u64 = files.iter().filter_map(|file| file.metadata().ok()).map(|metadata| metadata.len()).sum();
    println!("\n{} pictures of {:.1} MB on average, one core each", files.len(), bytes as f64 / 1e6 / files.len().max(1) as f64);
    let output = work.path().join("thumbnails");
    let (mut walls, mut cpus) = (Vec::new(), Vec::new());
    for round in 1..=options.rounds {
        empty(&output)?;
        let vips = measure(
            on_one_core(Path::new("vipsthumbnail"))
                .env("VIPS_CONCURRENCY", "1")
                .args(["--size", BOUNDS, "--output"])
                .arg(output.join(OUTPUT))
                .args(&files),
        )?;
        let vips_bytes = folder_bytes(&output);
        empty(&output)?;
        let us = measure(on_one_core(&ours).arg("make").arg(&output).args(&files).stdout(std::process::Stdio::null()))?;
        let each = |cost: &Cost| format!("{:.1} ms", cost.wall * 1000.0 / files.len() as f64);
        println!(
            "  pair {round}: vipsthumbnail {} a picture, cpu {:.1} s, peak {:.0} MB, {} kB | ours {}, cpu {:.1} s, peak {:.0} MB, {} kB",
            each(&vips),
            vips.cpu,
            vips.peak_mb,
            vips_bytes / 1000 / files.len() as u64,
            each(&us),
            us.cpu,
            us.peak_mb,
            folder_bytes(&output) / 1000 / files.len() as u64,
        );
        walls.push(vips.wall / us.wall);
        cpus.push(vips.cpu / us.cpu);
    }
    println!("  speed, ours to vipsthumbnail (1 is as fast, 2 twice): {}", spread(&mut walls));
    println!("  the same by processor time:                           {}", spread(&mut cpus));
    Ok(())
}

/// The same pictures every time, painted by us and encoded by libvips, as it subsamples colours like cameras do.
fn paint(options: &Options, ours: &Path, work: &Path) -> Result<Vec<PathBuf>> {
    println!("── painting {} pictures", options.pictures);
    let folder = work.join("pictures");
    empty(&folder)?;
    let painters = available_parallelism().map_or(1, std::num::NonZero::get) as u32;
    let paint_one = |number: u32| {
        let raw = work.join(format!("{number}.ppm"));
        run_step("painting", Command::new(ours).arg("paint").arg(&raw).arg(number.to_string()))?;
        let file = folder.join(format!("{number:04}.jpg"));
        let mut encode = Command::new("vips");
        encode.arg("jpegsave").arg(&raw).arg(&file).args(["--Q", &options.quality.to_string()]);
        if options.progressive {
            encode.arg("--interlace");
        }
        run_step("encoding", &mut encode)?;
        std::fs::remove_file(&raw).map_err(text)?;
        Ok(file)
    };
    let painted: Vec<Result<Vec<PathBuf>>> = std::thread::scope(|scope| {
        let painting: Vec<_> = (0..painters)
            .map(|painter| {
                let paint_one = &paint_one;
                scope.spawn(move || (painter..options.pictures).step_by(painters as usize).map(paint_one).collect())
            })
            .collect();
        painting.into_iter().map(|painter| painter.join().unwrap_or_else(|_| Err("a painter failed".into()))).collect()
    });
    let mut files: Vec<PathBuf> = painted.into_iter().collect::<Result<Vec<_>>>()?.concat();
    files.sort();
    Ok(files)
}

fn on_one_core(program: &Path) -> Command {
    let mut command = Command::new("taskset");
    command.args(["--cpu-list", "0"]).arg(program);
    command
}

fn folder_bytes(folder: &Path) -> u64 {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    files.filter_map(|file| file.metadata().ok()).map(|metadata| metadata.len()).sum()
}
