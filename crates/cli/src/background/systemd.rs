//! A systemd user unit (`systemd.service(5)`, `systemd.syntax(7)` for the quoting).

use std::path::Path;

use photokeep_app::model::Result;

use super::{Daemon, MADE_BY, Unit, text_of};

/// The unit, in the person's `config` folder.
///
/// # Errors
/// When a path is no text.
pub fn unit(daemon: &Daemon, config: &Path) -> Result<Unit> {
    let name = format!("photokeep-{}.service", daemon.id);
    let (program, library) = (text_of(&daemon.program)?, text_of(&daemon.library)?);
    let environment: String = daemon
        .environment
        .iter()
        .map(|(name, value)| format!("Environment={}\n", quoted(&format!("{name}={value}")).replace("$$", "$")))
        .collect();
    let text = format!(
        "# {MADE_BY}; photokeep schedule remove takes it away.\n\
         [Unit]\n\
         Description=Photokeep keeps {}\n\
         \n\
         [Service]\n\
         ExecStart={} daemon {}\n\
         {environment}\
         Restart=on-failure\n\
         RestartSec=60\n\
         RestartPreventExitStatus=2\n\
         Nice=10\n\
         IOSchedulingClass=idle\n\
         \n\
         [Install]\n\
         WantedBy=default.target\n",
        library.replace('%', "%%"),
        quoted(program).replace("$$", "$"),
        quoted(library),
    );
    let systemctl = |arguments: &[&str]| -> Vec<String> {
        ["systemctl", "--user"].iter().chain(arguments).map(|argument| (*argument).to_owned()).collect()
    };
    Ok(Unit {
        path: config.join("systemd/user").join(&name),
        text,
        start: vec![systemctl(&["daemon-reload"]), systemctl(&["enable", "--now", &name])],
        stop: vec![systemctl(&["disable", "--now", &name])],
    })
}

/// A word of a command line: in quotes, with what systemd would take for its own doubled.
fn quoted(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"").replace('%', "%%").replace('$', "$$");
    format!("\"{text}\"")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::daemon_for_tests;
    use super::*;

    #[test]
    fn names_are_names_and_nothing_else() {
        let unit = unit(&daemon_for_tests(), Path::new("/home/anna/.config")).unwrap();
        assert_eq!(unit.path, Path::new("/home/anna/.config/systemd/user/photokeep-0a1b2c3d.service"));
        let line = unit.text.lines().find(|line| line.starts_with("ExecStart=")).unwrap();
        assert_eq!(line, "ExecStart=\"/opt/photo keep/photokeep\" daemon \"/media/anna/50%% \\\"off\\\" $$HOME & <more>\"");
        assert!(unit.text.contains("Environment=\"PHOTOKEEP_HOME=/var/lib/p k\"\n"), "{}", unit.text);
        assert!(unit.text.contains("WantedBy=default.target"));
    }
}
