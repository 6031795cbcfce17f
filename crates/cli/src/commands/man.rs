//! The manual: one whole page for the standard output, or one page a command for a folder. Made from the command line's
//! own description, so it cannot say anything else.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use clap::CommandFactory;
use clap_mangen::Man;
use photokeep_app::model::{Code, Error, Result};

use crate::arguments::Arguments;

pub fn man(folder: Option<&Path>) -> Result<ExitCode> {
    let mut command = Arguments::command().disable_help_subcommand(true);
    command.build();
    match folder {
        None => {
            let mut page = Vec::new();
            whole(&command, &mut page).map_err(failed)?;
            // A pipe that was closed early is the reader's choice.
            let _ = io::stdout().write_all(&page);
        }
        Some(folder) => {
            std::fs::create_dir_all(folder).and_then(|()| pages(&command, folder)).map_err(failed)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn failed(error: io::Error) -> Error {
    Error::new(Code::Usage, "The man pages could not be written there.").source(error)
}

/// One page about everything: the program, then each command with a section of its own.
fn whole(command: &clap::Command, page: &mut Vec<u8>) -> io::Result<()> {
    head(command, page)?;
    for command in command.get_subcommands().flat_map(with_subcommands) {
        let mut section = Vec::new();
        body(command, &mut section)?;
        writeln!(page, ".SH {}", command.get_display_name().unwrap_or_default().replace('-', " ").to_uppercase())?;
        // One level deeper than in a page of its own.
        page.extend(String::from_utf8_lossy(&section).replace(".SH ", ".SS ").into_bytes());
    }
    after(command, page)
}

/// A page for the program and for each command, as `git` has them.
fn pages(command: &clap::Command, folder: &Path) -> io::Result<()> {
    for command in with_subcommands(command) {
        let mut page = Vec::new();
        head(command, &mut page)?;
        after(command, &mut page)?;
        std::fs::write(folder.join(format!("{}.1", command.get_display_name().unwrap_or("photokeep"))), page)?;
    }
    Ok(())
}

fn with_subcommands(command: &clap::Command) -> Vec<&clap::Command> {
    std::iter::once(command).chain(command.get_subcommands().flat_map(with_subcommands)).collect()
}

fn head(command: &clap::Command, page: &mut Vec<u8>) -> io::Result<()> {
    let name = command.get_display_name().unwrap_or("photokeep").to_owned();
    let man = Man::new(command.clone()).title(name.to_uppercase());
    man.render_title(page)?;
    man.render_name_section(page)?;
    man.render_synopsis_section(page)?;
    man.render_description_section(page)?;
    man.render_options_section(page)?;
    if command.has_subcommands() {
        man.render_subcommands_section(page)?;
    }
    Ok(())
}

fn body(command: &clap::Command, page: &mut Vec<u8>) -> io::Result<()> {
    let man = Man::new(command.clone());
    man.render_synopsis_section(page)?;
    man.render_description_section(page)?;
    man.render_options_section(page)?;
    after(command, page)
}

/// What `--help` ends with: each paragraph that begins with a heading is a section, its lines kept as they are.
fn after(command: &clap::Command, page: &mut Vec<u8>) -> io::Result<()> {
    let text = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    for paragraph in text.split("\n\n") {
        match paragraph.split_once(":\n") {
            Some((heading, lines)) => {
                writeln!(page, ".SH {}\n.nf", heading.to_uppercase())?;
                lines.lines().try_for_each(|line| writeln!(page, "{}", escaped(line.strip_prefix("  ").unwrap_or(line))))?;
                writeln!(page, ".fi")?;
            }
            None if paragraph.is_empty() => {}
            None => writeln!(page, ".PP\n{}", escaped(paragraph))?,
        }
    }
    Ok(())
}

/// Text as roff takes it literally: backslashes and hyphens are commands there, and so is a dot or quote at the beginning.
fn escaped(line: &str) -> String {
    let line = line.replace('\\', "\\e").replace('-', "\\-").replace('~', "\\(ti");
    if line.starts_with(['.', '\'']) { format!("\\&{line}") } else { line }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_whole_page_tells_every_command_and_its_examples() {
        let mut command = Arguments::command().disable_help_subcommand(true);
        command.build();
        let mut page = Vec::new();
        whole(&command, &mut page).unwrap();
        let page = String::from_utf8(page).unwrap();
        for command in with_subcommands(&command).into_iter().skip(1) {
            let name = command.get_display_name().unwrap().replace('-', " ").to_uppercase();
            assert_eq!(page.matches(&format!(".SH {name}\n")).count(), 1, "{name}");
            for option in command.get_opts().filter_map(|option| option.get_long()) {
                assert!(page.contains(&format!("\\-\\-{}", option.replace('-', "\\-"))), "{name}: --{option}");
            }
        }
        assert!(page.contains("photokeep sync \\(ti/Photos \\-\\-dry\\-run\n"), "{page}");
        assert!(page.contains(".SH EXIT CODES\n.nf\n0  complete\n"));
    }

    #[test]
    fn what_roff_would_take_for_a_command_is_text() {
        assert_eq!(escaped(".SH '\\fB a-b"), "\\&.SH '\\efB a\\-b");
    }

    #[test]
    fn every_command_has_an_example() {
        let command = Arguments::command();
        let without: Vec<_> = command
            .get_subcommands()
            .filter(|command| !command.get_after_help().is_some_and(|text| text.to_string().starts_with("Examples:\n")))
            .map(clap::Command::get_name)
            .collect();
        assert_eq!(without, Vec::<&str>::new());
        for command in with_subcommands(&command) {
            let text = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            for line in text.lines().filter(|line| line.starts_with("  ")) {
                assert!(line.len() <= 80, "too long for a terminal: {line}");
            }
        }
    }
}
