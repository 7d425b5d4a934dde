//! What the documents say must be there: links, paths, commands, variables, dependencies.

use std::collections::BTreeSet;
use std::path::Path;

use folkmoot::commands::command_line;
use folkmoot::config::SECTIONS;

use crate::tree::{File, expect_none, files, root};

fn documents() -> Vec<File> {
    files(".", &["md"])
}

#[test]
fn links_lead_somewhere() {
    let mut complaints = Vec::new();
    for file in documents() {
        let text = without_code(&file.text);
        for link in links(&text).into_iter().filter(|link| !link.contains("://")) {
            let (path, anchor) =
                link.split_once('#').map_or((link, None), |(path, anchor)| (path, Some(anchor)));
            let target = match path {
                "" => file.path.clone(),
                path => Path::new(&file.path).parent().unwrap().join(path).to_str().unwrap().to_owned(),
            };
            let there = root().join(&target);
            if !there.exists() {
                complaints.push(format!("{} links to {link}", file.path));
            } else if let Some(anchor) = anchor
                && !anchors(&std::fs::read_to_string(&there).unwrap_or_default()).contains(anchor)
            {
                complaints.push(format!("{} links to {link}, but there is no such heading", file.path));
            }
        }
    }
    expect_none(&complaints, "Dead links:");
}

fn links(text: &str) -> Vec<&str> {
    text.match_indices("](").filter_map(|(at, _)| text[at + 2..].split([')', ' ', '\n']).next()).collect()
}

/// A text without what stands between backticks or in fenced blocks: there a link is only shown.
fn without_code(text: &str) -> String {
    let mut fenced = false;
    let lines = text.lines().map(|line| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        match fence || fenced {
            true => String::new(),
            false => line.split('`').step_by(2).collect::<Vec<_>>().join("`"),
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The anchors of a document's headings, as the usual sites make them.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings =
        text.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
    headings
        .map(|heading| {
            let kept = heading.to_lowercase();
            kept.chars()
                .filter(|c| c.is_alphanumeric() || " -_".contains(*c))
                .collect::<String>()
                .replace(' ', "-")
        })
        .collect()
}

/// What stands between backticks, and the lines of fenced blocks.
fn quoted(text: &str) -> Vec<String> {
    let (mut all, mut fenced) = (Vec::new(), false);
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if fenced {
            all.push(line.trim().trim_start_matches("$ ").to_owned());
        } else {
            all.extend(line.split('`').skip(1).step_by(2).map(str::to_owned));
        }
    }
    all
}

#[test]
fn quoted_paths_exist() {
    // Made by running something.
    const MADE: &[&str] = &["fuzz/artifacts", "fuzz/corpus", "fuzz/target"];
    const PLACES: &[&str] = &[
        "app/",
        "bench/",
        "client/",
        "crates/",
        "deploy/",
        "docs/",
        "e2e/",
        "fuzz/",
        "scripts/",
        ".githooks/",
        ".ci/",
    ];
    let mut complaints = Vec::new();
    for file in documents() {
        for quote in quoted(&file.text) {
            let word = quote.split_whitespace().next().unwrap_or_default();
            let path = word.split(['*', '{', '…', '<', '#']).next().unwrap_or_default();
            let path =
                path.rsplit_once('/').map_or(path, |(folder, _)| if path == word { path } else { folder });
            let made = MADE.iter().any(|place| word.starts_with(place));
            if !made && PLACES.iter().any(|place| word.starts_with(place)) && !root().join(path).exists() {
                complaints.push(format!("{} names {word}", file.path));
            }
        }
    }
    expect_none(&complaints, "Paths that do not exist:");
}

#[test]
fn quoted_commands_exist() {
    let makefile = std::fs::read_to_string(root().join("Makefile")).unwrap();
    let targets: BTreeSet<_> =
        makefile.lines().filter_map(|line| line.split_once(':')).map(|(name, _)| name).collect();
    let mut complaints = Vec::new();
    for file in documents() {
        for quote in quoted(&file.text) {
            let command = quote
                .trim_start_matches("sudo ")
                .trim_start_matches("target/release/")
                .trim_start_matches("./");
            if let Some(rest) = command.strip_prefix("make ") {
                let target = rest.split_whitespace().find(|word| !word.contains('=')).unwrap_or_default();
                if !targets.contains(target) {
                    complaints.push(format!("{}: make {target}", file.path));
                }
            } else if let Some(rest) = command.strip_prefix("folkmoot ")
                && let Err(why) = known(rest)
            {
                complaints.push(format!("{}: folkmoot {rest}: {why}", file.path));
            }
        }
    }
    expect_none(&complaints, "Commands that do not exist:");
}

/// Follows a command through the verbs and looks for its options; what is written in capitals or brackets is filled in.
fn known(words: &str) -> Result<(), String> {
    let top = command_line();
    let mut here = &top;
    let mut is_verb = true;
    for word in words.split([' ', '[', ']', '|', '·']).filter(|word| !word.is_empty()) {
        if matches!(word, "#" | "<" | ">" | "&&" | "…") {
            break;
        }
        if let Some(option) = word.strip_prefix("--") {
            let name = option.split('=').next().unwrap_or_default();
            let has =
                |command: &clap::Command| command.get_arguments().any(|one| one.get_long() == Some(name));
            if !has(here) && !has(&top) && name != "help" && name != "version" {
                return Err(format!("no option --{name}"));
            }
            is_verb = false;
        } else if let Some(next) = here.find_subcommand(word).filter(|_| is_verb) {
            here = next;
        } else if is_verb
            && here.has_subcommands()
            && word.chars().all(|c| c.is_ascii_lowercase() || c == '-')
        {
            return Err(format!("no verb {word}"));
        }
    }
    Ok(())
}

#[test]
fn quoted_variables_are_settings_or_names_in_the_code() {
    // A pattern, one that is rustc's, and one that the allocator reads.
    let mut names =
        BTreeSet::from(["VARIABLE_FILE", "RUSTC_BOOTSTRAP", "MIMALLOC_ALLOW_THP"].map(str::to_owned));
    for setting in SECTIONS.iter().flat_map(|section| section.settings) {
        names.extend(setting.aliases.iter().map(|alias| (*alias).to_owned()));
        names.insert(setting.variable.to_owned());
        if setting.secret {
            names.insert(format!("{}_FILE", setting.variable));
        }
    }
    let sources: Vec<_> = ["app", "bench", "crates", "e2e"]
        .iter()
        .flat_map(|folder| files(folder, &["rs", "js", "md"]))
        .collect();
    let in_code = |word: &str| sources.iter().any(|source| source.text.contains(word));
    let mut complaints = Vec::new();
    for file in documents() {
        for word in quoted(&file.text).iter().flat_map(|quote| quote.split([' ', '=', ',', '$', '{', '}'])) {
            let shaped = word.len() > 4
                && word.contains('_')
                && word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
            if shaped && !names.contains(word) && !in_code(word) {
                complaints.push(format!("{} names {word}", file.path));
            }
        }
    }
    expect_none(&complaints, "Variables that nothing reads:");
}

#[test]
fn the_table_of_ports_has_each_once_and_the_settings_defaults() {
    let page = std::fs::read_to_string(root().join("docs/ports.md")).unwrap();
    let cells = page.lines().filter_map(|line| line.strip_prefix("| ")?.split(" |").next());
    let ports: Vec<u16> =
        cells.flat_map(|cell| cell.split(", ")).filter_map(|port| port.trim().parse().ok()).collect();
    let once: BTreeSet<_> = ports.iter().collect();
    assert_eq!(once.len(), ports.len(), "a port stands for two things: {ports:?}");
    for setting in SECTIONS.iter().flat_map(|section| section.settings) {
        let is_port = setting.key == "port" || setting.key.ends_with("_addr");
        let port: Option<u16> =
            setting.default.filter(|_| is_port).and_then(|default| default.rsplit(':').next()?.parse().ok());
        if let Some(port) = port {
            assert!(once.contains(&port), "{} listens on {port} unless told otherwise", setting.variable);
        }
    }
}

#[test]
fn every_dependency_has_its_reason_and_every_reason_its_dependency() {
    let cargo: toml::Table = std::fs::read_to_string(root().join("Cargo.toml")).unwrap().parse().unwrap();
    let mut used: BTreeSet<String> = cargo["workspace"]["dependencies"]
        .as_table()
        .unwrap()
        .iter()
        .filter(|(_, value)| value.get("path").is_none())
        .map(|(name, _)| name.clone())
        .collect();
    for folder in ["client", "e2e"] {
        let path = root().join(folder).join("package.json");
        let package: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        for kind in ["dependencies", "devDependencies"] {
            used.extend(package[kind].as_object().into_iter().flatten().map(|(name, _)| name.clone()));
        }
    }
    let page = std::fs::read_to_string(root().join("docs/decisions/dependencies.md")).unwrap();
    let named: BTreeSet<String> = page
        .lines()
        .filter_map(|line| line.strip_prefix("- **"))
        .flat_map(|line| line.split("**").next().unwrap_or_default().split(", "))
        .map(str::to_owned)
        .collect();
    let complaints: Vec<_> = used
        .difference(&named)
        .map(|name| format!("{name} is used and has no line"))
        .chain(named.difference(&used).map(|name| format!("{name} has a line and is not used")))
        .collect();
    expect_none(&complaints, "docs/decisions/dependencies.md:");
}

#[test]
fn the_indexes_list_every_document() {
    let read = |path: &str| std::fs::read_to_string(root().join(path)).unwrap();
    let (index, decisions) = (read("docs/README.md"), read("docs/decisions/README.md"));
    let listed = |path: &str| match path.strip_prefix("decisions/") {
        Some(page) if page != "README.md" => decisions.contains(&format!("({page})")),
        _ => path == "README.md" || index.contains(&format!("({path})")),
    };
    let complaints: Vec<_> = files("docs", &["md"])
        .into_iter()
        .map(|file| file.path.trim_start_matches("docs/").to_owned())
        .filter(|path| !listed(path))
        .collect();
    expect_none(&complaints, "Documents that their index does not lead to:");
}
