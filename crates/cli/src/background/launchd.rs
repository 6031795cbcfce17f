//! A launchd agent (`launchd.plist(5)`).

use std::path::Path;

use photokeep_app::model::Result;

use super::{Daemon, MADE_BY, Unit, text_of};

/// The agent, in the person's `home`.
///
/// # Errors
/// When a path is no text.
pub fn agent(daemon: &Daemon, home: &Path) -> Result<Unit> {
    let label = format!("photokeep.{}", daemon.id);
    let string = |text: &str| format!("<string>{}</string>", escaped(text));
    let (program, library) = (string(text_of(&daemon.program)?), string(text_of(&daemon.library)?));
    let environment: String =
        daemon.environment.iter().map(|(name, value)| format!("    <key>{}</key>{}\n", escaped(name), string(value))).collect();
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n\
         <!-- {MADE_BY}; photokeep schedule remove takes it away. -->\n\
         <plist version=\"1.0\"><dict>\n\
         \x20 <key>Label</key><string>{label}</string>\n\
         \x20 <key>ProgramArguments</key><array>{program}<string>daemon</string>{library}</array>\n\
         \x20 <key>EnvironmentVariables</key><dict>\n{environment}\x20 </dict>\n\
         \x20 <key>RunAtLoad</key><true/>\n\
         \x20 <key>KeepAlive</key><dict><key>SuccessfulExit</key><false/></dict>\n\
         \x20 <key>ProcessType</key><string>Background</string>\n\
         </dict></plist>\n"
    );
    let path = home.join("Library/LaunchAgents").join(format!("{label}.plist"));
    let shown = path.to_string_lossy().into_owned();
    Ok(Unit {
        start: vec![vec!["launchctl".into(), "load".into(), "-w".into(), shown.clone()]],
        stop: vec![vec!["launchctl".into(), "unload".into(), "-w".into(), shown]],
        path,
        text,
    })
}

pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::daemon_for_tests;
    use super::*;

    #[test]
    fn it_is_xml_with_the_names_as_they_are() {
        let agent = agent(&daemon_for_tests(), Path::new("/Users/anna")).unwrap();
        assert_eq!(agent.path, Path::new("/Users/anna/Library/LaunchAgents/photokeep.0a1b2c3d.plist"));
        let options = roxmltree::ParsingOptions { allow_dtd: true, ..roxmltree::ParsingOptions::default() };
        let read = roxmltree::Document::parse_with_options(&agent.text, options).unwrap();
        let texts: Vec<_> =
            read.descendants().filter(|node| node.has_tag_name("string")).filter_map(|node| node.text()).collect();
        assert_eq!(texts[1..4], ["/opt/photo keep/photokeep", "daemon", "/media/anna/50% \"off\" $HOME & <more>"]);
    }
}
