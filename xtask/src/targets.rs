//! `docs/targets.md` on file systems that few machines can mount: Debian's kernel is started in a virtual machine that sees this machine's
//! folders, read only with a layer in memory above, and runs the tests of the probe there, with file servers of its own. Nothing of it
//! stays, and nothing leaves the machine. A step of its own, outside the normal run of the tests.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::Args;
use serde_json::Value;

use crate::prerequisites;
use crate::steps::{Result, cargo_command, root, run};

/// How to look at file systems.
#[derive(Debug, Args)]
pub struct Options {
    /// Write what is found into the table.
    #[arg(long)]
    update: bool,
}

/// What the virtual machine consists of, and what makes file systems and serves them.
const PACKAGES: [&str; 12] = [
    "qemu-system-x86",
    "busybox-static",
    "cpio",
    "kmod",
    "dosfstools",
    "exfatprogs",
    "exfat-fuse",
    "ntfs-3g",
    "samba",
    "cifs-utils",
    "nfs-kernel-server",
    "e2fsprogs",
];

/// Parts of the kernel that are needed, beside those that they need.
const MODULES: &str = "virtio_pci 9pnet_virtio 9p overlay loop crc32c_generic ext4 fuse vfat exfat cmac hmac md5 sha256_generic sha512_generic aes_generic cbc ctr ecb ghash_generic ccm gcm cifs nfs nfsv4 nfsd nls_utf8 nls_cp437 nls_ascii nls_iso8859-1";

/// Lines that tell the table's text from everything else that a machine says.
const MARK: &str = "=====photokeep=====";

/// The longest that it may take, in seconds: a minute without the processor's help.
const LONGEST: &str = "900";

/// Runs the tests of the probe in the virtual machine.
pub fn check(options: &Options) -> Result<()> {
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        return Err("this is for Linux on a PC".into());
    }
    prerequisites::for_engine()?;
    prerequisites::for_debian(&PACKAGES)?;
    let test = test_program()?;
    let folder = tempfile::Builder::new().prefix("photokeep-machine-").tempdir().map_err(|error| error.to_string())?;
    let kernel = kernel(folder.path())?;
    let first = first_program(folder.path(), &kernel, &test, options.update)?;
    println!("── {}", kernel.version);
    let said = start(&kernel, &first)?;
    let skipped = said.iter().any(|line| line.starts_with("skipped:"));
    if skipped || !said.iter().any(|line| line.starts_with("test result: ok")) {
        println!("{}", said.join("\n"));
        return Err(
            if skipped { "not everything could be looked at" } else { "the tests did not pass in the virtual machine" }.into()
        );
    }
    if options.update {
        let table: Vec<&str> =
            said.iter().map(String::as_str).skip_while(|line| *line != MARK).skip(1).take_while(|line| *line != MARK).collect();
        if table.is_empty() {
            return Err("the virtual machine gave no table".into());
        }
        std::fs::write(root().join("docs/targets.md"), table.join("\n") + "\n").map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// The tests of the room that holds the probe.
fn test_program() -> Result<PathBuf> {
    println!("── tests");
    let mut build = cargo_command();
    build.args(["test", "--locked", "--package", "photokeep-library", "--lib", "--no-run", "--message-format=json"]);
    let built = build.stderr(Stdio::inherit()).output().map_err(|error| error.to_string())?;
    let lines = String::from_utf8_lossy(&built.stdout).into_owned();
    let programs = lines.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut tests = programs.filter(|said| said["profile"]["test"] == true);
    tests.find_map(|said| said["executable"].as_str().map(PathBuf::from)).ok_or_else(|| "the tests were not built".into())
}

/// A kernel as Debian builds it.
struct Kernel {
    folder: PathBuf,
    version: String,
}

/// Fetches it as a package and unpacks it; it is not installed.
fn kernel(folder: &Path) -> Result<Kernel> {
    let depends = Command::new("apt-cache").args(["depends", "linux-image-amd64"]).output().map_err(|error| error.to_string())?;
    let depends = String::from_utf8_lossy(&depends.stdout).into_owned();
    let package = depends.lines().find_map(|line| line.trim().strip_prefix("Depends: ")).ok_or("Debian names no kernel")?;
    let unpacked = folder.join("kernel");
    let fetch = r#"cd "$0" && apt-get -q download "$1" && dpkg-deb -x "$1"_*.deb kernel && rm "$1"_*.deb"#;
    run("the kernel", Command::new("sh").args(["-ec", fetch]).arg(folder).arg(package).stderr(Stdio::null()))?;
    let modules = std::fs::read_dir(unpacked.join("lib/modules")).map_err(|error| error.to_string())?;
    let version = modules.flatten().next().ok_or("the kernel has no modules")?.file_name().to_string_lossy().into_owned();
    run("the kernel's modules", Command::new("depmod").arg("-b").arg(&unpacked).arg(&version))?;
    Ok(Kernel { folder: unpacked, version })
}

/// The first program of the machine, with what it loads: the modules, and what it has to do.
fn first_program(folder: &Path, kernel: &Kernel, test: &Path, update: bool) -> Result<PathBuf> {
    let inside = folder.join("first");
    let bin = inside.join("bin");
    let write = || -> std::io::Result<()> {
        for name in ["proc", "sys", "dev", "machine"] {
            std::fs::create_dir_all(inside.join(name))?;
        }
        std::fs::create_dir_all(&bin)?;
        std::fs::copy("/bin/busybox", bin.join("busybox"))?;
        let update = if update { "PHOTOKEEP_UPDATE_DOCS=1" } else { "" };
        let init = INIT
            .replace("MODULES", MODULES)
            .replace("MARK", MARK)
            .replace("TABLE", &root().join("docs/targets.md").display().to_string())
            .replace("ROOM", &root().join("crates/library").display().to_string())
            .replace("UPDATE", update)
            .replace("TESTS", &test.display().to_string());
        std::fs::write(inside.join("init"), init)?;
        #[cfg(unix)]
        std::fs::set_permissions(inside.join("init"), std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
        Ok(())
    };
    write().map_err(|error| error.to_string())?;
    // Each module with those that it needs, and the lists by which they are found.
    let copy = r#"cd "$0" && V="$2" && for m in $3; do modprobe -d "$0" -S "$V" --show-depends "$m" || exit 1; done | sed -n 's/^insmod //p' | sort -u |
        while read -r file; do mkdir -p "$1$(dirname "${file#"$0"}")" && cp "$file" "$1${file#"$0"}"; done && cp lib/modules/"$V"/modules.* "$1/lib/modules/$V/""#;
    let mut modules = Command::new("sh");
    modules.args(["-c", copy]).arg(&kernel.folder).arg(&inside).arg(&kernel.version).arg(MODULES);
    run("the kernel's modules", &mut modules)?;
    let packed = folder.join("first.cpio");
    let pack = r#"cd "$0" && find . | cpio --quiet -o -H newc > "$1""#;
    run("the first program", Command::new("sh").args(["-c", pack]).arg(&inside).arg(&packed))?;
    Ok(packed)
}

/// Starts the machine, shows what it says, and gives it back.
fn start(kernel: &Kernel, first: &Path) -> Result<Vec<String>> {
    let mut machine = Command::new("timeout");
    machine.args([LONGEST, "qemu-system-x86_64", "-m", "2048", "-smp", "2", "-nographic", "-no-reboot", "-nic", "none"]);
    machine.arg("-kernel").arg(kernel.folder.join(format!("boot/vmlinuz-{}", kernel.version)));
    machine.arg("-initrd").arg(first).args(["-append", "console=ttyS0 quiet panic=-1"]);
    machine.args(["-virtfs", "local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap"]);
    machine.stdin(Stdio::null()).stdout(Stdio::piped());
    let mut machine = machine.spawn().map_err(|error| format!("the virtual machine could not be started: {error}"))?;
    let lines = machine.stdout.take().map(BufReader::new).ok_or("the virtual machine says nothing")?;
    let mut said = Vec::new();
    for line in lines.split(b'\n') {
        let line = line.map_err(|error| error.to_string())?;
        let line = String::from_utf8_lossy(&line).trim_end_matches('\r').to_owned();
        if line.starts_with("test ") || line.starts_with("skipped:") || line.contains("panicked") || line.starts_with("| ") {
            println!("{line}");
        }
        said.push(line);
    }
    let ended = machine.wait().map_err(|error| error.to_string())?;
    if ended.success() { Ok(said) } else { Err("the virtual machine did not come to its end".into()) }
}

/// What the machine does: its folders are this machine's, with memory above; the tests; the table; off.
const INIT: &str = r#"#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
for module in MODULES; do modprobe "$module" || echo "skipped: no $module"; done
mkdir -p /below /above
mount -t 9p -o trans=virtio,version=9p2000.L,msize=524288,cache=loose,ro host /below
mount -t tmpfs above /above
mkdir /above/files /above/work
mount -t overlay -o lowerdir=/below,upperdir=/above/files,workdir=/above/work overlay /machine
for place in proc sys dev; do mount --bind /$place /machine/$place; done
for place in tmp run; do mount -t tmpfs $place /machine/$place; done
ip link set lo up
cd /machine
chroot /machine sh -c 'cd ROOM && PHOTOKEEP_SERVERS=1 UPDATE TESTS --nocapture --test-threads 1 target::probe 2>&1'
echo MARK
cat /machine/TABLE
echo MARK
poweroff -f
"#;
