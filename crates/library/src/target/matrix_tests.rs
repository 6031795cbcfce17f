//! `docs/targets.md`: which file system can do what, as the probe finds it on real ones. Each row is compared with the document;
//! `PHOTOKEEP_UPDATE_DOCS=1` writes what was found into it. What this machine cannot mount is skipped and said.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::PathBuf;

use photokeep_model::{Code, LinkChoice, LinkKind};

use super::super::facts::{Ability, Ending, LengthUnit, TargetFacts};
use super::probe;
use super::tests::{EXFAT_IN_USER_SPACE, Mounted};

/// Name in the table, how it is made, how it is mounted.
type Disk = (&'static str, &'static [&'static str], &'static [&'static str]);

const DISKS: [Disk; 12] = [
    ("ext4", &["mkfs.ext4", "-q"], &["mount", "-o", "loop"]),
    ("ext4, made before 2008", &["mkfs.ext4", "-q", "-I", "128"], &["mount", "-o", "loop"]),
    ("ext4 that folds case", &["mkfs.ext4", "-q", "-O", "casefold", "-E", "encoding=utf8"], &["sh", "-c", CASE_FOLDING]),
    ("memory (tmpfs)", &[], &["mount", "-t", "tmpfs", "tmpfs"]),
    ("FAT32", &["mkfs.vfat"], &["mount", "-t", "vfat", "-o", "loop,utf8=1"]),
    ("exFAT", &["mkfs.exfat"], &["mount", "-i", "-t", "exfat", "-o", "loop"]),
    ("exFAT by exfat-fuse", &["mkfs.exfat"], &["sh", "-c", EXFAT_IN_USER_SPACE]),
    ("NTFS by ntfs-3g", &["mkntfs", "-F", "-Q"], &["ntfs-3g"]),
    ("NTFS by ntfs-3g, Windows names", &["mkntfs", "-F", "-Q"], &["lowntfs-3g", "-o", "windows_names,ignore_case"]),
    ("SMB share (Samba)", &[], &["sh", "-c", SMB]),
    ("NFS 4 share", &[], &["sh", "-c", NFS]),
    ("read-only disk", &["mkfs.ext4", "-q"], &["mount", "-o", "loop,ro"]),
];

/// A folder folds case when it is told so while it is empty.
const CASE_FOLDING: &str = r#"mount -t ext4 -o loop "$0" "$1" && rmdir "$1/lost+found" && chattr +F "$1""#;

/// A server on this machine, in memory, where one may be started.
const SMB: &str = r#"
[ -n "$PHOTOKEEP_SERVERS" ] && place=$(mktemp -d) && chmod 755 "$place" && mkdir -m 777 "$place/share" && cat > "$place/smb.conf" <<END
[global]
interfaces = lo
bind interfaces only = yes
map to guest = bad user
private dir = $place
state directory = $place
cache directory = $place
lock directory = $place
pid directory = $place
ncalrpc dir = $place
log file = $place/log
disable netbios = yes
load printers = no
[photos]
path = $place/share
guest ok = yes
read only = no
force user = root
END
mkdir -p /run/samba && smbd -D -s "$place/smb.conf" && for second in 1 2 3 4 5 6 7 8 9 10; do
    mount -t cifs -o guest,vers=3.1.1 //127.0.0.1/photos "$0" && exit 0
    sleep 1
done
dmesg | tail -n 5 >&2
tail -n 5 "$place"/log* >&2
exit 1"#;

/// The same, by the kernel.
const NFS: &str = r#"
[ -n "$PHOTOKEEP_SERVERS" ] && place=$(mktemp -d) && mount -t nfsd nfsd /proc/fs/nfsd && mkdir -p /run/rpc_pipefs /var/lib/nfs/v4recovery &&
    exportfs -o rw,no_root_squash,insecure,no_subtree_check,fsid=0 "127.0.0.1:$place" && rpc.mountd -N 2 -N 3 && rpc.nfsd -N 3 -G 10 -L 10 4 &&
    for second in 1 2 3 4 5; do
        mount -t nfs4 -o soft 127.0.0.1:/ "$0" && touch "$0/first" && rm "$0/first" && exit 0
        sleep 1
    done
exit 1"#;

const COLUMNS: &str = "| file system | symbolic links | hard links | album folders by default | upper and lower case | names refused | longest name | times |\n|---|---|---|---|---|---|---|---|";

fn document() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/targets.md")
}

fn yes(ability: &Ability) -> &'static str {
    if ability.works() { "yes" } else { "no" }
}

fn row(name: &str, facts: &TargetFacts) -> String {
    let albums = match facts.best_link(LinkChoice::Auto) {
        Ok(Some(LinkKind::Symlink)) => "symbolic links",
        Ok(Some(LinkKind::Hardlink)) => "hard links",
        Ok(Some(_)) => "copies",
        Ok(None) => "none",
        Err(_) => "refused",
    };
    let names = &facts.names;
    let case = match (names.case_sensitive, names.case_preserved) {
        (true, _) => "two names",
        (false, true) => "one name, kept as written",
        (false, false) => "one name, not kept as written",
    };
    let mut refused: Vec<String> = names
        .refused
        .iter()
        .map(|character| format!("`{}`", if *character == '|' { "\\|".to_owned() } else { character.to_string() }))
        .collect();
    if names.trailing_dot != Ending::Kept {
        refused.push("a dot at the end".into());
    }
    if names.trailing_space != Ending::Kept {
        refused.push("a space at the end".into());
    }
    if !names.device_names {
        refused.push("`CON`, `NUL` …".into());
    }
    let refused = if refused.is_empty() { "none".to_owned() } else { refused.join(" ") };
    let unit = match names.limit.unit {
        LengthUnit::Bytes => "bytes",
        LengthUnit::Utf16 => "UTF-16 units",
        LengthUnit::Chars => "characters",
    };
    let times = facts.times.map_or("not kept".to_owned(), |times| match times.step_nanos {
        2_000_000_000 => "to two seconds".to_owned(),
        1_000_000_000 => "to the second".to_owned(),
        step if step >= 1_000_000 => format!("to {} ms", step / 1_000_000),
        step => format!("to {step} ns"),
    });
    let ends = facts.times.filter(|times| times.latest < 4_102_444_800).map_or("", |_| ", until 2038");
    format!(
        "| {name} | {} | {} | {albums} | {case} | {refused} | {} {unit} | {times}{ends} |",
        yes(&facts.symlinks),
        yes(&facts.hard_links),
        names.limit.max
    )
}

#[test]
fn the_table_of_targets_says_what_the_probe_finds() {
    let text = std::fs::read_to_string(document()).unwrap();
    let (mut text, update) = (text, std::env::var_os("PHOTOKEEP_UPDATE_DOCS").is_some());
    assert!(text.contains(COLUMNS), "the table has other columns");
    for (name, make, mount) in DISKS.iter().rev() {
        let Some(mounted) = Mounted::new(make, mount) else { continue };
        let found = match probe(mounted.path()) {
            Ok(facts) => row(name, &facts),
            Err(error) if error.code == Code::TargetReadOnly && mount.iter().any(|word| word.ends_with(",ro")) => {
                format!("| {name} | – | – | no new library; looking and comparing go on | – | – | – | – |")
            }
            Err(error) => panic!("{name}: {error:?}"),
        };
        if update {
            let start = format!("| {name} |");
            text = match text.lines().find(|line| line.starts_with(&start)) {
                Some(line) => text.replace(line, &found),
                None => text.replace(COLUMNS, &format!("{COLUMNS}\n{found}")),
            };
        }
        assert!(text.contains(&found), "docs/targets.md has no longer\n{found}");
    }
    if update {
        std::fs::write(document(), text).unwrap();
    }
}
