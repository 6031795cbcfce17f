//! A task of the Windows Task Scheduler (its schema 1.2), started at logon.

use std::path::Path;

use photokeep_app::model::Result;

use super::launchd::escaped;
use super::{Daemon, MADE_BY, Unit, text_of};

/// The task; its text lies below `data`, where the Task Scheduler reads it from once.
///
/// # Errors
/// When a path is no text.
pub fn task(daemon: &Daemon, data: &Path) -> Result<Unit> {
    let (program, library) = (text_of(&daemon.program)?, text_of(&daemon.library)?);
    // An action has no environment of its own: the task is set by the person, who has it.
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <Task version=\"1.2\" xmlns=\"http://schemas.microsoft.com/windows/2004/02/mit/task\">\n\
         \x20 <RegistrationInfo><Description>{MADE_BY}. Keeps {}</Description></RegistrationInfo>\n\
         \x20 <Triggers><LogonTrigger><Enabled>true</Enabled></LogonTrigger></Triggers>\n\
         \x20 <Settings>\n\
         \x20   <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>\n\
         \x20   <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>\n\
         \x20   <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>\n\
         \x20   <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>\n\
         \x20   <RestartOnFailure><Interval>PT1M</Interval><Count>999</Count></RestartOnFailure>\n\
         \x20   <Priority>7</Priority>\n\
         \x20 </Settings>\n\
         \x20 <Actions><Exec><Command>{}</Command><Arguments>daemon {}</Arguments></Exec></Actions>\n\
         </Task>\n",
        escaped(library),
        escaped(program),
        escaped(&argument(library)),
    );
    let name = format!("Photokeep\\{}", daemon.id);
    let path = data.join("photokeep").join(format!("task-{}.xml", daemon.id));
    let shown = path.to_string_lossy().into_owned();
    let schtasks = |arguments: &[&str]| -> Vec<String> {
        std::iter::once("schtasks").chain(arguments.iter().copied()).map(str::to_owned).collect()
    };
    Ok(Unit {
        start: vec![schtasks(&["/Create", "/TN", &name, "/XML", &shown, "/F"]), schtasks(&["/Run", "/TN", &name])],
        stop: vec![schtasks(&["/End", "/TN", &name]), schtasks(&["/Delete", "/TN", &name, "/F"])],
        path,
        text,
    })
}

/// One argument of a Windows command line: quoted, with backslashes before a quote doubled (`CommandLineToArgvW`).
fn argument(text: &str) -> String {
    let mut quoted = String::from("\"");
    let mut backslashes = 0;
    for character in text.chars() {
        match character {
            '\\' => backslashes += 1,
            '"' => {
                quoted.push_str(&"\\".repeat(backslashes * 2 + 1));
                quoted.push('"');
                backslashes = 0;
                continue;
            }
            _ => {
                quoted.push_str(&"\\".repeat(backslashes));
                backslashes = 0;
            }
        }
        if character != '\\' {
            quoted.push(character);
        }
    }
    quoted.push_str(&"\\".repeat(backslashes * 2));
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::daemon_for_tests;
    use super::*;

    #[test]
    fn arguments_are_quoted_as_windows_reads_them() {
        assert_eq!(argument(r"C:\My Photos"), r#""C:\My Photos""#);
        assert_eq!(argument(r"D:\"), r#""D:\\""#);
        assert_eq!(argument(r#"a"b"#), r#""a\"b""#);
        assert_eq!(argument(r#"a\"b"#), r#""a\\\"b""#);
    }

    #[test]
    fn it_is_xml_with_the_names_as_they_are() {
        let task = task(&daemon_for_tests(), Path::new("/data")).unwrap();
        let read = roxmltree::Document::parse(&task.text).unwrap();
        let told = |name: &str| read.descendants().find(|node| node.tag_name().name() == name).and_then(|node| node.text());
        assert_eq!(told("Command"), Some("/opt/photo keep/photokeep"));
        assert_eq!(told("Arguments"), Some(r#"daemon "/media/anna/50% \"off\" $HOME & <more>""#));
        assert_eq!(task.start[0][..3], ["schtasks", "/Create", "/TN"]);
    }
}
