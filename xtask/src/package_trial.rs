//! The packages on a clean system: installed, run as a new user would, removed, and nothing left behind. The .deb brings what it depends on;
//! the .rpm is then installed by rpm itself into the same system, whose libraries Debian names otherwise than its own families do.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::package::Packages;
use crate::steps::{Result, run};

/// The release of Debian that is laid: the oldest with a web view that is new enough.
const SUITE: &str = "bookworm";

/// Whether a clean system can be laid here.
pub fn can_lay_a_system() -> bool {
    let works = |program: &str, arguments: &[&str]| {
        let tried = Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
        tried.is_ok_and(|status| status.success())
    };
    cfg!(target_os = "linux")
        && works("unshare", &["--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"])
        && works("debootstrap", &["--version"])
}

/// Lays a clean system into a folder that vanishes with the test, and tries the packages there.
pub fn try_on_a_clean_system([deb, rpm]: &Packages) -> Result<()> {
    let folder = tempfile::Builder::new().prefix("photokeep-clean-").tempdir().map_err(|error| error.to_string())?;
    let system = folder.path();
    println!("── a clean system");
    let mut lay = Command::new("debootstrap");
    lay.args(["--variant=minbase", "--include=ca-certificates", SUITE]).arg(system);
    // From wherever this machine has its packages.
    if let Some(mirror) = mirror() {
        lay.arg(mirror);
    }
    run("debootstrap", lay.stdout(Stdio::null()))?;
    for name in [
        "/etc/apt/sources.list",
        "/etc/apt/sources.list.d",
        "/etc/apt/apt.conf.d",
        "/etc/apt/auth.conf.d",
        "/etc/resolv.conf",
        "/etc/hosts",
    ] {
        if Path::new(name).exists() {
            let to = system.join(name.trim_start_matches('/'));
            // What the clean system has of its own is merged with.
            let _ = Command::new("cp").arg("-rLT").arg(name).arg(&to).status();
        }
    }
    for (package, name) in [(deb, "photokeep.deb"), (rpm, "photokeep.rpm")] {
        std::fs::copy(package, system.join(name)).map_err(|error| error.to_string())?;
    }
    std::fs::write(system.join("trial.sh"), TRIAL).map_err(|error| error.to_string())?;
    println!("── installed, run, purged");
    // With mounts of its own, which are gone with it.
    let enter = r#"mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && exec chroot "$0" sh -eu /trial.sh"#;
    run("trial on a clean system", Command::new("unshare").args(["--mount", "sh", "-c", enter]).arg(system))
}

/// The mirror that this machine's packages come from.
fn mirror() -> Option<String> {
    let listed = Command::new("apt-get").args(["indextargets", "--format", "$(SITE) $(RELEASE)"]).output().ok()?;
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    listed.lines().find_map(|line| line.strip_suffix(&format!(" {SUITE}")).map(str::to_owned))
}

/// What a new user does, as one script: each line that fails ends it.
const TRIAL: &str = r#"
export DEBIAN_FRONTEND=noninteractive HOME=/root LANG=C.UTF-8
left_of() { find / -xdev \( -path /proc -o -path /sys -o -path /tmp -o -path /var -o -path /root \) -prune -o -print | grep -i photokeep | grep -vE '^/photokeep.(deb|rpm)$' || true; }
nothing_left() { left=$(left_of); test -z "$left" || { echo "left behind: $left"; exit 1; }; }
use() {
  desktop-file-validate /usr/share/applications/Photokeep.desktop
  appstreamcli validate --no-net /usr/share/metainfo/app.photokeep.desktop.metainfo.xml
  photokeep --version
  photokeep-desktop --help | grep -q Usage
  test -s /usr/share/man/man1/photokeep.1.gz
  test -s /usr/share/bash-completion/completions/photokeep
  bash -n /usr/share/bash-completion/completions/photokeep
  rm -rf /tmp/trial && mkdir -p /tmp/trial && cd /tmp/trial
  PHOTOKEEP_KEYCHAIN=off photokeep demo --items 12 >/tmp/trial/demo.log 2>&1
  test "$(find photokeep-demo/library/photos -type f | wc -l)" -ge 10
  echo "the demo library was kept"
  # The window opens, shows itself, and is ended.
  PHOTOKEEP_LOG=info PHOTOKEEP_KEYCHAIN=off timeout 40 dbus-run-session xvfb-run -a sh -c 'photokeep-desktop --demo & W=$!; for i in $(seq 60); do sleep 0.5; grep -q "first useful paint" /tmp/trial/window.log && break; done; kill $W; wait $W || true' >/tmp/trial/window.log 2>&1 || true
  grep -q 'first useful paint' /tmp/trial/window.log || { cat /tmp/trial/window.log; exit 1; }
  echo "the window painted"
  cd /
}
nothing_left
apt-get -q update >/dev/null
apt-get -qy install --no-install-recommends /photokeep.deb xvfb xauth dbus desktop-file-utils appstream man-db fonts-dejavu-core rpm >/dev/null
echo "installed: $(dpkg-query -W -f '${Package} ${Version}' photokeep)"
use
apt-get -qy purge photokeep >/dev/null
nothing_left
echo "purged, and nothing left behind"

# Names of Fedora and openSUSE, which nothing here provides: held against what is written down, not against a database.
rpm -qp --requires /photokeep.rpm 2>/dev/null | grep -q webkit2gtk || { echo "the .rpm does not ask for a web view"; exit 1; }
rpm --install --nodeps /photokeep.rpm
echo "installed: $(rpm -q photokeep)"
rpm --verify --nodeps photokeep
use
rpm --erase photokeep
nothing_left
echo "removed, and nothing left behind"
"#;
