//! Measures the window with a catalog of 200,000 items: start, memory, scrolling. In release mode, or the figures say nothing.
//!
//! The catalog is that of a real sync of some hundred pictures, each of which is then entered many times over: as many rows,
//! tiles and pictures to decode, without a day of painting. Their thumbnails are there, as after the first evening.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use fantoccini::actions::{InputSource, KeyAction, KeyActions, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};
use fantoccini::key::Key;
use fantoccini::{Client, Locator};
use photokeep_simulator::{Simulator, SimulatorConfig, generate};
use rusqlite::Connection;
use serde_json::json;

use crate::stage::{Stage, click, end, find, missing_program, wait_for_pictures};

const PICTURES: usize = 250;
const ITEMS: u64 = 200_000;
const STARTS: usize = 7;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "measures; cargo xtask bench window"]
async fn figures() {
    if let Some(missing) = missing_program() {
        println!("skipped: {missing} is not installed");
        return;
    }
    let google = Simulator::start(SimulatorConfig::default(), generate::demo(PICTURES, 3)).await.unwrap();
    let stage = Stage::set(&serde_json::to_string(&google.endpoints()).unwrap());
    println!("first paint of a new window (welcome): {}", median(starts(&stage)));

    let window = crate::sync_a_library(&stage, &google).await;
    wait_for_all_thumbnails(&stage).await;
    window.close().await.unwrap();
    let items = multiply(&catalog(&stage.at("state")));
    println!("items: {items}");
    println!("first paint with them (home): {}", median(starts(&stage)));

    let mut window = stage.open_window().await;
    let script_time = fantoccini::wd::TimeoutConfiguration::new(Some(Duration::from_secs(600)), None, None);
    window.update_timeouts(script_time).await.unwrap();
    tokio::time::sleep(Duration::from_secs(3)).await;
    println!("memory at home: {}, PSS", memory(stage.group()));
    click(&window, "//a[@href='#/photos']").await;
    find(&window, "//*[@role='grid']//img[@src]").await;
    wait_for_pictures(&window).await;
    println!("memory at photos: {}", memory(stage.group()));
    let watch = Watch::begin(stage.group());
    for (what, seconds, heights) in [
        ("reading, two screens a second", 20.0, Some(2.0)),
        ("the whole in a minute", 60.0, None),
        ("the whole in ten seconds", 10.0, None),
    ] {
        let seen = scroll(&mut window, seconds, heights).await;
        println!("scrolling, {what}: {seen}; memory {}, at most {} MB meanwhile", memory(stage.group()), watch.most());
    }
    for (what, jumps) in
        [("End and Home", Jumps::Keys), ("clicks beside the date", Jumps::Clicks), ("a drag along all dates", Jumps::Drag)]
    {
        let seen = jump(&mut window, jumps).await;
        println!("jumping, {what}: {seen}; memory {}, at most {} MB meanwhile", memory(stage.group()), watch.most());
    }
    tokio::time::sleep(Duration::from_secs(10)).await;
    println!("memory ten seconds later: {}", memory(stage.group()));
    window.close().await.unwrap();
}

/// Milliseconds from the start of the program to its first useful paint.
fn starts(stage: &Stage) -> Vec<u128> {
    let start = |_| {
        let begin = Instant::now();
        let mut window =
            stage.program().env("PHOTOKEEP_LOG", "info").stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(window.stderr.take().unwrap()).lines();
        let painted = lines.map_while(Result::ok).find(|line| line.contains("first useful paint"));
        let took = begin.elapsed().as_millis();
        println!("  {took} ms: {}", painted.expect("it says so"));
        end(&mut window);
        took
    };
    (0..STARTS).map(start).collect()
}

fn median(mut times: Vec<u128>) -> String {
    times.sort_unstable();
    format!("median {} ms, {} to {}", times[times.len() / 2], times[0], times[times.len() - 1])
}

fn catalog(state: &Path) -> PathBuf {
    let mut folders = vec![state.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.file_name().is_some_and(|name| name == "catalog.sqlite") {
                return entry;
            }
        }
    }
    panic!("no catalog");
}

/// Enters every item again, some days later each time, until there are enough.
fn multiply(catalog: &Path) -> u64 {
    let connection = Connection::open(catalog).unwrap();
    let count: u64 = connection.query_row("SELECT count(*) FROM items", [], |row| row.get(0)).unwrap();
    let times = ITEMS.div_ceil(count);
    connection.execute_batch("BEGIN").unwrap();
    for (table, changes) in [
        ("items", &[("id", "id + n * 1000000"), ("taken_seconds", "taken_seconds - n * 86400 * 11")][..]),
        (
            "files",
            &[
                ("id", "id + n * 1000000"),
                ("item_id", "item_id + n * 1000000"),
                ("path", "path || n"),
                ("collision_key", "collision_key || n"),
            ],
        ),
        ("sightings", &[("id", "id + n * 1000000"), ("item_id", "item_id + n * 1000000"), ("key", "key || n")]),
    ] {
        let columns: Vec<String> = connection
            .prepare(&format!("SELECT name FROM pragma_table_info('{table}')"))
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        let values: Vec<&str> = columns
            .iter()
            .map(|column| changes.iter().find(|(name, _)| name == column).map_or(column.as_str(), |(_, value)| value))
            .collect();
        let statement = format!(
            "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {times})
             INSERT INTO {table} ({}) SELECT {} FROM n, {table} WHERE {table}.id < 1000000",
            columns.join(", "),
            values.join(", ")
        );
        connection.execute(&statement, []).unwrap();
    }
    connection.execute_batch("COMMIT; PRAGMA wal_checkpoint(TRUNCATE); ANALYZE").unwrap();
    connection.query_row("SELECT count(*) FROM items", [], |row| row.get(0)).unwrap()
}

/// Waits until nothing is added to the thumbnails any more.
async fn wait_for_all_thumbnails(stage: &Stage) {
    let mut before = 0;
    for _ in 0..60 {
        tokio::time::sleep(Duration::from_secs(3)).await;
        let now = walk(&stage.at("state"));
        if now == before {
            return;
        }
        before = now;
    }
}

fn walk(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| if path.is_dir() { walk(&path) } else { 1 }).sum()
}

/// Megabytes (10^6 bytes) of memory in proportional shares: the window's process and the web view's.
#[derive(Default)]
struct Memory {
    window: u64,
    pages: u64,
    network: u64,
}

impl Memory {
    fn all(&self) -> u64 {
        self.window + self.pages + self.network
    }
}

impl std::fmt::Display for Memory {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { window, pages, network } = self;
        write!(formatter, "{} MB (window {window}, page {pages}, network {network})", self.all())
    }
}

fn memory(group: u32) -> Memory {
    let mut all = Memory::default();
    let mut add = |process: PathBuf| -> Option<()> {
        let stat = std::fs::read_to_string(process.join("stat")).ok()?;
        let (name, rest) = stat.split_once(") ")?;
        let of_it = match name {
            name if name.contains("photokeep") => &mut all.window,
            name if name.contains("WebKitWebProces") => &mut all.pages,
            name if name.contains("WebKitNetworkP") => &mut all.network,
            _ => return None,
        };
        if rest.split(' ').nth(2)?.parse::<u32>().ok()? != group {
            return None;
        }
        let shares = std::fs::read_to_string(process.join("smaps_rollup")).ok()?;
        let kilobytes: u64 =
            shares.lines().find_map(|line| line.strip_prefix("Pss:"))?.trim().trim_end_matches(" kB").trim().parse().ok()?;
        *of_it += kilobytes * 1024 / 1_000_000;
        Some(())
    };
    for process in std::fs::read_dir("/proc").unwrap().flatten() {
        add(process.path());
    }
    all
}

/// Looks at the memory all the time, as it may be given back before a measurement ends.
struct Watch {
    most: Arc<AtomicU64>,
}

impl Watch {
    fn begin(group: u32) -> Self {
        let most = Arc::new(AtomicU64::new(0));
        let seen = Arc::downgrade(&most);
        std::thread::spawn(move || {
            while let Some(most) = seen.upgrade() {
                most.fetch_max(memory(group).all(), Ordering::Relaxed);
                drop(most);
                std::thread::sleep(Duration::from_millis(300));
            }
        });
        Self { most }
    }

    /// The most since it was last asked for.
    fn most(&self) -> u64 {
        self.most.swap(0, Ordering::Relaxed)
    }
}

/// What the scripts below use: the view, and what of it is drawn.
const LOOK: &str = "
    const grid = document.querySelector('[role=grid]');
    const view = grid.parentElement;
    // In a flight pictures are painted as their colours. Grey for what is not read yet is nothing to look at.
    const flight = view.parentElement.querySelector('canvas');
    const probe = document.body.appendChild(document.createElement('div'));
    const nothing = ['--surface', '--surface-hover'].map((name) => {
        probe.style.backgroundColor = `var(${name})`;
        return getComputedStyle(probe).backgroundColor.match(/\\d+/g).slice(0, 3).join();
    });
    probe.remove();
    const flown = () => {
        if (flight.hidden || flight.width === 0) return 0;
        const brush = flight.getContext('2d');
        let seen = 0;
        // One column, so that measuring takes no memory to speak of.
        const { data } = brush.getImageData(Math.round(0.7 * flight.width), 0, 1, flight.height);
        for (let at = 0; at < data.length; at += 40)
            if (data[at + 3] > 0 && !nothing.includes(`${data[at]},${data[at + 1]},${data[at + 2]}`)) seen += 1;
        return seen;
    };
    const look = () => {
        const box = view.getBoundingClientRect();
        let tiles = flown(), pictures = 0;
        // Headings alone are nothing to look at.
        for (const tile of grid.querySelectorAll('[role=row] > [role=gridcell]:not(.words)')) {
            const at = tile.getBoundingClientRect();
            if (at.bottom <= box.top || at.top >= box.bottom) continue;
            tiles += 1;
            const image = tile.querySelector('img');
            // What cannot be shown is drawn; that is finished at once.
            if (image ? image.complete && image.naturalWidth > 0 : tile.classList.contains('drawn')) pictures += 1;
        }
        return { tiles, pictures };
    };
";

/// Scrolls down from the top; that many view heights a second, or the whole in the time. Tells how long nothing was drawn.
async fn scroll(window: &mut Client, seconds: f64, heights: Option<f64>) -> String {
    let script = format!(
        "{LOOK}
        const [seconds, heights, done] = arguments;
        const end = view.scrollHeight - view.clientHeight;
        const speed = heights ? heights * view.clientHeight : end / seconds;
        view.scrollTop = 0;
        let begin = null, last = null, drawn = null, pictured = null, frames = 0, elements = 0;
        let longest = 0, blank = 0, without = 0, when = 0;
        const frame = (now) => {{
            if (begin === null) begin = last = drawn = pictured = now;
            const {{ tiles, pictures }} = look();
            if (tiles > 0) drawn = now;
            if (pictures > 0) pictured = now;
            frames += 1;
            longest = Math.max(longest, now - last);
            if (now - drawn > blank) [blank, when] = [now - drawn, now - begin];
            without = Math.max(without, now - pictured);
            elements = Math.max(elements, document.querySelectorAll('*').length);
            last = now;
            if (now - begin > seconds * 1000) {{
                done(`${{frames}} frames, the longest ${{Math.round(longest)}} ms; nothing drawn for at most ${{Math.round(blank)}} ms (${{Math.round(when)}} ms after the begin), ` +
                    `no finished picture for at most ${{Math.round(without)}} ms; at most ${{elements}} elements`);
                return;
            }}
            view.scrollTop = Math.min(end, (now - begin) / 1000 * speed);
            requestAnimationFrame(frame);
        }};
        setTimeout(() => requestAnimationFrame(frame), 1000);"
    );
    window.execute_async(&script, vec![json!(seconds), json!(heights)]).await.unwrap().as_str().unwrap().to_owned()
}

/// How one gets far at once.
#[derive(Clone, Copy)]
enum Jumps {
    Keys,
    Clicks,
    Drag,
}

/// Jumps as a person does, and tells for how long nothing was drawn and no picture was finished. What is asked for far away is
/// not there yet: this is where a blank screen would be seen.
async fn jump(window: &mut Client, jumps: Jumps) -> String {
    let begin = format!(
        "{LOOK}
        view.scrollTop = 0;
        const seen = window.seen = {{ jumps: 0, frames: 0, longest: 0, blank: 0, without: 0, over: false }};
        let last = performance.now(), drawn = last, pictured = last;
        const frame = () => {{
            const now = performance.now();
            const {{ tiles, pictures }} = look();
            // A blank ends with the frame in which something is there again.
            if (tiles === 0 || drawn < last) seen.blank = Math.max(seen.blank, now - drawn);
            if (pictures === 0 || pictured < last) seen.without = Math.max(seen.without, now - pictured);
            if (tiles > 0) drawn = now;
            if (pictures > 0) pictured = now;
            seen.frames += 1;
            seen.longest = Math.max(seen.longest, now - last);
            last = now;
            if (!seen.over) requestAnimationFrame(frame);
        }};
        requestAnimationFrame(frame);"
    );
    tokio::time::sleep(Duration::from_secs(1)).await;
    window.execute(&begin, vec![]).await.unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    let slider = window.find(Locator::Css("[role=slider]")).await.unwrap().rectangle().await.unwrap();
    let (x, top, height) = (slider.0 + slider.2 / 2.0, slider.1 + 20.0, slider.3 - 40.0);
    let to = |share: f64, duration| PointerAction::MoveTo { duration, x, y: top + share * height };
    let mouse = || MouseActions::new("mouse".into());
    let (down, up) = (PointerAction::Down { button: MOUSE_BUTTON_LEFT }, PointerAction::Up { button: MOUSE_BUTTON_LEFT });
    match jumps {
        Jumps::Keys => {
            for key in [Key::Home, Key::End, Key::Home, Key::End, Key::Home, Key::End, Key::Home] {
                let value = char::from(key);
                let press = KeyActions::new("keys".into()).then(KeyAction::Down { value }).then(KeyAction::Up { value });
                window.perform_actions(press).await.unwrap();
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
        Jumps::Clicks => {
            // All over the dates, never near the last place.
            for number in 1..=20 {
                let share = f64::from(number * 7 % 20) / 20.0;
                window.perform_actions(mouse().then(to(share, None)).then(down.clone()).then(up.clone())).await.unwrap();
                tokio::time::sleep(Duration::from_millis(700)).await;
            }
        }
        Jumps::Drag => {
            let over = Some(Duration::from_secs(10));
            let drag = mouse().then(to(0.0, None)).then(down).then(to(1.0, over)).then(up);
            window.perform_actions(drag).await.unwrap();
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }
    let told = window
        .execute(
            "const seen = window.seen;
            seen.over = true;
            return `${seen.frames} frames, the longest ${Math.round(seen.longest)} ms; nothing drawn for at most ` +
                `${Math.round(seen.blank)} ms, no finished picture for at most ${Math.round(seen.without)} ms`;",
            vec![],
        )
        .await
        .unwrap();
    told.as_str().unwrap().to_owned()
}
