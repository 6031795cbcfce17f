//! What `deny.toml` allows, held against what `cargo metadata` says: licences, banned crates, sources.
//!
//! `cargo deny check` does this and more, but building it takes many minutes, too long for every run of CI. So this small check
//! enforces the same file everywhere, and refuses keys of it that it cannot enforce. Only advisories are left to `cargo-deny`:
//! they need its database.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;
use toml::{Table, Value as Toml};

use crate::steps::{Result, cargo_command, root};

/// What a dependency may be.
#[derive(Debug, Default)]
struct Rules {
    targets: Vec<String>,
    licences: BTreeSet<String>,
    /// Crate, and why not.
    banned: Vec<(String, String)>,
    registries: Vec<String>,
    git: Vec<String>,
}

/// Checks every dependency of the workspace on every system of `deny.toml`.
pub fn check() -> Result<()> {
    println!("── licences, bans, sources");
    let text = std::fs::read_to_string(root().join("deny.toml")).map_err(|error| format!("deny.toml: {error}"))?;
    let rules = Rules::read(&text)?;
    let mut command = cargo_command();
    command.args(["metadata", "--format-version=1", "--locked", "--all-features"]);
    rules.targets.iter().for_each(|target| {
        command.args(["--filter-platform", target]);
    });
    let output = command.stderr(std::process::Stdio::inherit()).output().map_err(|error| error.to_string())?;
    let metadata: Value = serde_json::from_slice(&output.stdout).map_err(|error| format!("cargo metadata: {error}"))?;
    let (looked_at, findings) = rules.findings(&metadata);
    if findings.is_empty() {
        println!("{looked_at} packages, all as deny.toml allows; advisories are not checked here (cargo deny check advisories)");
        return Ok(());
    }
    Err(format!("dependencies that deny.toml does not allow:\n  {}", findings.join("\n  ")))
}

impl Rules {
    /// Reads `deny.toml`. A key that is not enforced here is an error: the file must not promise more than is checked.
    fn read(text: &str) -> Result<Self> {
        let file: Table = text.parse().map_err(|error| format!("deny.toml: {error}"))?;
        let mut rules = Self::default();
        for (section, table) in &file {
            for (key, value) in table.as_table().into_iter().flatten() {
                match (section.as_str(), key.as_str()) {
                    ("advisories", _) | ("licenses", "confidence-threshold" | "unused-allowed-license") => {}
                    ("bans", "multiple-versions" | "highlight") => {}
                    ("graph", "targets") => rules.targets = words(value)?,
                    ("graph", "all-features") => is(key, value, true)?,
                    ("licenses", "allow") => rules.licences = words(value)?.into_iter().collect(),
                    ("bans", "wildcards") => is(key, value, "deny")?,
                    ("bans", "allow-wildcard-paths") => is(key, value, true)?,
                    ("bans", "deny") => rules.banned = banned(value)?,
                    ("sources", "unknown-registry" | "unknown-git") => is(key, value, "deny")?,
                    ("sources", "allow-registry") => rules.registries = words(value)?,
                    ("sources", "allow-git") => rules.git = words(value)?,
                    _ => return Err(format!("deny.toml: this check does not know [{section}] {key}; teach it in xtask")),
                }
            }
        }
        Ok(rules)
    }

    /// How many packages were looked at, and what is wrong with them.
    fn findings(&self, metadata: &Value) -> (usize, Vec<String>) {
        // `packages` holds everything of the lock file; what the systems really use is in `resolve`.
        let used: BTreeSet<&str> = list(&metadata["resolve"]["nodes"]).filter_map(|node| node["id"].as_str()).collect();
        let members: BTreeSet<&str> = list(&metadata["workspace_members"]).filter_map(Value::as_str).collect();
        let mut findings = Vec::new();
        let mut looked_at = 0;
        for package in list(&metadata["packages"]).filter(|package| package["id"].as_str().is_some_and(|id| used.contains(id))) {
            looked_at += 1;
            let name = format!("{} {}", word(package, "name"), word(package, "version"));
            if let Some((_, why)) = self.banned.iter().find(|(banned, _)| banned == word(package, "name")) {
                findings.push(format!("{name}: banned ({why})"));
            }
            if let Some(licence) = self.wrong_licence(package) {
                findings.push(format!("{name}: {licence}"));
            }
            let member = members.contains(word(package, "id"));
            match package["source"].as_str() {
                None if member => {}
                None => findings.push(format!("{name}: a path outside the workspace")),
                Some(source) if self.is_known(source) => {}
                Some(source) => findings.push(format!("{name}: comes from {source}")),
            }
            if member {
                let wild = |needed: &&Value| needed["req"] == "*" && needed["path"].is_null();
                let wild = list(&package["dependencies"]).filter(wild);
                findings.extend(wild.map(|needed| format!("{name}: takes any version of {}", word(needed, "name"))));
            }
        }
        (looked_at, findings)
    }

    fn is_known(&self, source: &str) -> bool {
        match source.split_once('+') {
            Some(("registry" | "sparse", address)) => self.registries.iter().any(|known| known == address),
            // `git+ADDRESS?branch=…#COMMIT`
            Some(("git", address)) => self.git.iter().any(|known| address.split(['?', '#']).next() == Some(known)),
            _ => false,
        }
    }

    /// What is wrong with the licence of a package.
    fn wrong_licence(&self, package: &Value) -> Option<String> {
        if let Some(expression) = package["license"].as_str() {
            return match is_allowed(expression, &self.licences) {
                Some(true) => None,
                Some(false) => Some(format!("licence {expression}")),
                None => Some(format!("the licence {expression:?} cannot be read")),
            };
        }
        let file = package["license_file"].as_str().zip(Path::new(word(package, "manifest_path")).parent());
        let text = file.and_then(|(file, folder)| std::fs::read_to_string(folder.join(file)).ok());
        match text {
            None => Some("names no licence".to_owned()),
            Some(text) if is_mit(&text) && self.licences.contains("MIT") => None,
            Some(_) => Some("its licence file is not one that is recognised (only MIT's is)".to_owned()),
        }
    }
}

/// Whether the text is that of the MIT licence, word for word, whoever holds the copyright.
fn is_mit(text: &str) -> bool {
    /// Room for title and copyright.
    const HEAD: usize = 300;
    let terms = |text: &str| {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        text.find("Permission is hereby granted").filter(|at| *at < HEAD).map(|at| text[at..].to_owned())
    };
    let ours = terms(include_str!("../../LICENSE-MIT"));
    ours.is_some() && terms(text) == ours
}

/// Whether an expression of licences (SPDX, or the older `A/B`) can be met with allowed ones; `None` when it cannot be read.
fn is_allowed(expression: &str, allowed: &BTreeSet<String>) -> Option<bool> {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader { words: &words, allowed };
    let met = reader.any()?;
    reader.words.is_empty().then_some(met)
}

/// Reads an expression from left to right; each step gives whether its part is met.
struct Reader<'a> {
    words: &'a [&'a str],
    allowed: &'a BTreeSet<String>,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Option<&'a str> {
        let (first, rest) = self.words.split_first()?;
        self.words = rest;
        Some(first)
    }

    fn takes(&mut self, word: &str) -> bool {
        let there = self.words.first() == Some(&word);
        if there {
            self.next();
        }
        there
    }

    fn any(&mut self) -> Option<bool> {
        let mut met = self.all()?;
        while self.takes("OR") {
            met |= self.all()?;
        }
        Some(met)
    }

    fn all(&mut self) -> Option<bool> {
        let mut met = self.one()?;
        while self.takes("AND") {
            met &= self.one()?;
        }
        Some(met)
    }

    fn one(&mut self) -> Option<bool> {
        if self.takes("(") {
            let met = self.any()?;
            return self.takes(")").then_some(met);
        }
        let mut licence = self.next().filter(|word| !matches!(*word, "AND" | "OR" | "WITH" | ")"))?.to_owned();
        if self.takes("WITH") {
            licence = format!("{licence} WITH {}", self.next()?);
        }
        Some(self.allowed.contains(&licence))
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn word<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

fn words(value: &Toml) -> Result<Vec<String>> {
    let words = value.as_array().and_then(|list| list.iter().map(|word| word.as_str().map(str::to_owned)).collect());
    words.ok_or_else(|| format!("deny.toml: {value:?} is no list of words"))
}

fn is(key: &str, value: &Toml, expected: impl Into<Toml>) -> Result<()> {
    let expected = expected.into();
    if *value == expected { Ok(()) } else { Err(format!("deny.toml: this check knows {key} only as {expected:?}")) }
}

fn banned(value: &Toml) -> Result<Vec<(String, String)>> {
    let entry = |entry: &Toml| {
        let table = entry.as_table()?;
        let known = table.keys().all(|key| key == "crate" || key == "reason");
        // `name@version` would ban less than a name.
        let name = table.get("crate")?.as_str().filter(|name| known && !name.contains(['@', ':', ' ']))?;
        Some((name.to_owned(), table.get("reason").and_then(Toml::as_str).unwrap_or("no reason given").to_owned()))
    };
    let entries = value.as_array().and_then(|list| list.iter().map(entry).collect());
    entries.ok_or_else(|| "deny.toml: [bans] deny holds more than `crate` and `reason`".to_owned())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;

    const FILE: &str = r#"
        [licenses]
        allow = ["MIT", "Apache-2.0 WITH LLVM-exception", "ISC"]
        [bans]
        wildcards = "deny"
        deny = [{ crate = "openssl-sys", reason = "TLS is rustls" }]
        [sources]
        allow-registry = ["https://example.org/index"]
        allow-git = ["https://example.org/ours"]
    "#;

    fn package(change: impl FnOnce(&mut Value)) -> Vec<String> {
        let mut package = json!({
            "id": "x", "name": "x", "version": "1.0.0", "license": "MIT", "source": "registry+https://example.org/index",
            "manifest_path": "/nowhere/Cargo.toml", "dependencies": [{ "name": "y", "req": "*", "path": null }],
        });
        change(&mut package);
        let unused = json!({ "id": "unused", "name": "openssl-sys", "version": "1.0.0", "license": "GPL-3.0" });
        let metadata = json!({
            "packages": [package, unused], "workspace_members": ["ours"], "resolve": { "nodes": [{ "id": "x" }, { "id": "ours" }] },
        });
        Rules::read(FILE).unwrap().findings(&metadata).1
    }

    #[test]
    fn what_is_allowed_passes_and_each_rule_finds_what_it_forbids() {
        assert_eq!(package(|_| {}), Vec::<String>::new(), "what no system uses is not looked at");
        assert_eq!(package(|package| package["license"] = json!("MIT AND GPL-3.0")), ["x 1.0.0: licence MIT AND GPL-3.0"]);
        assert_eq!(package(|package| package["license"] = Value::Null), ["x 1.0.0: names no licence"]);
        assert_eq!(package(|package| package["name"] = json!("openssl-sys")), ["openssl-sys 1.0.0: banned (TLS is rustls)"]);
        assert_eq!(package(|package| package["source"] = Value::Null), ["x 1.0.0: a path outside the workspace"]);
        let foreign = "registry+https://example.org/other";
        assert_eq!(package(|package| package["source"] = json!(foreign)), [format!("x 1.0.0: comes from {foreign}")]);
        assert!(package(|package| package["source"] = json!("git+https://example.org/ours?branch=a#1234")).is_empty());
        assert_eq!(package(|package| package["source"] = json!("git+https://example.org/theirs#1")).len(), 1);
        let ours = |package: &mut Value| (package["id"], package["source"]) = (json!("ours"), Value::Null);
        assert_eq!(package(ours), ["x 1.0.0: takes any version of y"]);
    }

    #[test]
    fn expressions_of_licences_are_read_as_they_are_meant() {
        let allowed: BTreeSet<String> = ["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"].map(str::to_owned).into();
        for (expression, expected) in [
            ("MIT", Some(true)),
            ("GPL-3.0 OR MIT", Some(true)),
            ("GPL-3.0/MIT", Some(true)),
            ("Apache-2.0", Some(false)),
            ("Apache-2.0 WITH LLVM-exception", Some(true)),
            ("MIT AND GPL-3.0", Some(false)),
            // AND binds before OR.
            ("GPL-3.0 AND MIT OR ISC", Some(true)),
            ("GPL-3.0 AND (MIT OR ISC)", Some(false)),
            ("(GPL-3.0 OR MIT) AND ISC", Some(true)),
            ("(MIT", None),
            ("MIT ISC", None),
            ("MIT OR", None),
            ("", None),
        ] {
            assert_eq!(is_allowed(expression, &allowed), expected, "{expression}");
        }
    }

    #[test]
    fn a_file_that_says_more_than_is_checked_is_refused() {
        for more in ["[licenses]\nexceptions = []", "[bans]\nskip = []", "[bans]\nwildcards = \"warn\"", "[new]\nkey = 1"] {
            assert!(Rules::read(more).is_err(), "{more}");
        }
        assert!(Rules::read("[bans]\ndeny = [{ crate = \"x@1\" }]").is_err());
    }

    #[test]
    fn only_the_whole_text_of_mit_is_taken_for_it() {
        let mit = include_str!("../../LICENSE-MIT");
        assert!(is_mit(mit));
        assert!(is_mit(&mit.replace('\n', "\r\n")));
        assert!(!is_mit(&format!("{mit}\nIt may not be used on Sundays.")));
        assert!(!is_mit(include_str!("../../LICENSE-APACHE")));
    }
}
