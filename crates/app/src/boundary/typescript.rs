//! The boundary as TypeScript. The user interface is compiled against this text, so that it cannot drift from the engine.

use std::collections::BTreeMap;
use std::fmt::Write;

use ts_rs::{Config, TS, TypeVisitor};

use super::router::for_each_command;
use super::{ApiError, DeskEvent};

const HEADER: &str = "\
// Written by `cargo xtask types` from crates/app/src/boundary. Not edited by hand; a test fails when it is stale.
";

/// The text of `ui/src/lib/backend/generated.ts`: every type that crosses the boundary, and `Commands`.
pub fn typescript() -> String {
    // Counts and catalog numbers stay far below 2^53; the wire is JSON, whose numbers JavaScript reads as `number`.
    let config = Config::new().with_large_int("number");
    let mut collector = Collector { config: &config, declarations: BTreeMap::new() };
    let mut commands = String::new();
    for_each_command(&config, &mut collector, |name, request, response| {
        let _ = writeln!(commands, "  \"{name}\": {{ request: {request}; response: {response} }};");
    });
    collector.visit::<DeskEvent>();
    collector.visit::<ApiError>();
    let mut text = String::from(HEADER);
    for declaration in collector.declarations.values() {
        let _ = write!(text, "\n{declaration}\n");
    }
    let _ =
        write!(text, "\n/** Every command: what it takes and what it gives. */\nexport interface Commands {{\n{commands}}}\n");
    text
}

/// Gathers the declarations of types and of what they are made of.
struct Collector<'a> {
    config: &'a Config,
    declarations: BTreeMap<String, String>,
}

impl TypeVisitor for Collector<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        T::visit_generics(self);
        // Only types of ours have a file of their own; lists, options and numbers are written in place.
        if T::output_path().is_some() {
            let name = T::ident(self.config);
            let docs = T::docs().unwrap_or_default();
            let declaration = tidy(&format!("{docs}export {}", T::decl(self.config)));
            if let Some(known) = self.declarations.get(&name) {
                debug_assert_eq!(*known, declaration, "two types have the name `{name}`; rename one for TypeScript");
                return;
            }
            self.declarations.insert(name, declaration);
        }
        T::visit_dependencies(self);
    }
}

/// One-line comments on one line, fields indented: the file is read by people, too.
fn tidy(declaration: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut comment: Option<Vec<&str>> = None;
    let mut inside = false;
    for line in declaration.lines().map(str::trim_end) {
        let indent = if inside { "  " } else { "" };
        match (&mut comment, line.trim_start()) {
            (_, "/**") => comment = Some(Vec::new()),
            (Some(said), "*/") => {
                lines.push(format!("{indent}/** {} */", said.join(" ")));
                comment = None;
            }
            (Some(said), more) => said.push(more.trim_start_matches(['*', ' '])),
            (None, code) => {
                lines.push(format!("{indent}{code}"));
                inside |= code.ends_with('{');
            }
        }
    }
    // The derive closes on the line of the last field.
    lines.join("\n").replace(", };", ",\n};")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_generated_file_is_not_stale() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ui/src/lib/backend/generated.ts");
        let kept = std::fs::read_to_string(path).unwrap();
        assert!(kept == typescript(), "ui/src/lib/backend/generated.ts is stale: run `cargo xtask types`");
    }
}
