//! The rules of the house that a compiler does not know: who may name whom, and what no file may hold.

use std::collections::BTreeSet;

use folkmoot::config::SECTIONS;

use crate::tree::{expect_none, files};

/// Which module of the product may name which others. A new arrow is a change here and a page in docs/decisions/.
const MAY_NAME: [(&str, &[&str]); 11] = [
    ("config", &[]),
    ("core", &["config"]),
    ("ops", &["config", "core"]),
    ("accounts", &["config", "core"]),
    ("boards", &["config", "core", "accounts"]),
    ("threads", &["config", "core", "accounts", "boards"]),
    ("chat", &["config", "core", "accounts"]),
    ("realtime", &["config", "core", "accounts"]),
    ("search", &["config", "core", "accounts", "boards", "threads", "chat"]),
    ("server", &["config", "core", "ops", "accounts", "boards", "threads", "chat", "realtime", "search"]),
    (
        "commands",
        &["config", "core", "ops", "accounts", "boards", "threads", "chat", "realtime", "search", "server"],
    ),
];

/// Files past 500 lines, each with its reason.
const LARGE: [(&str, &str); 1] = [(
    "crates/markup/src/writer.rs",
    "one machine that keeps HTML well formed: its rules read together or not at all",
)];

#[test]
fn modules_name_only_those_below_them() {
    let mut complaints = Vec::new();
    for file in files("app/src", &["rs"]) {
        let inside = file.path.trim_start_matches("app/src/");
        let Some((module, _)) = inside.split_once('/') else { continue };
        let Some((_, allowed)) = MAY_NAME.iter().find(|(name, _)| *name == module) else {
            complaints.push(format!("{}: the module {module} is not in the table", file.path));
            continue;
        };
        for named in named_modules(&file.text) {
            if named != module && !allowed.contains(&named.as_str()) {
                complaints.push(format!("{} names {named}", file.path));
            }
        }
    }
    expect_none(
        &complaints,
        "Calls go down, never up (docs: ARCHITECTURE.md). Wire what follows from an event instead.",
    );
}

/// The modules that code names as `crate::x` or `crate::{x, y::…}`; comments are not code.
fn named_modules(text: &str) -> BTreeSet<String> {
    let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).fold(
        String::new(),
        |mut code, line| {
            code.push_str(line);
            code.push('\n');
            code
        },
    );
    let mut named = BTreeSet::new();
    for (at, found) in code.match_indices("crate::") {
        let after = &code[at + found.len()..];
        match after.strip_prefix('{') {
            Some(group) => named.extend(group_heads(group)),
            None => drop(named.insert(identifier(after))),
        }
    }
    // Macros, functions and types at the root are no modules.
    named.retain(|name| name.chars().next().is_some_and(char::is_lowercase));
    named
}

fn identifier(text: &str) -> String {
    text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// The first words of the parts of `{a::b, c::{d, e}}`.
fn group_heads(group: &str) -> Vec<String> {
    let (mut heads, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                heads.push(identifier(&group[start..at]));
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                heads.push(identifier(&group[start..at]));
                start = at + 1;
            }
            _ => {}
        }
    }
    heads
}

#[test]
fn the_reader_of_names_sees_groups_and_no_comments() {
    let text = "use crate::core::{App, error};\nuse crate::{config::Config, accounts::{Actor, Me}};\n// crate::server\n\
                fn f() { crate::boards::g(); crate::Thing; }\n";
    let named: Vec<_> = named_modules(text).into_iter().collect();
    assert_eq!(named, ["accounts", "boards", "config", "core"]);
}

#[test]
fn leaves_know_nothing_of_the_product() {
    let mut complaints = Vec::new();
    for file in files("crates", &["toml"]) {
        for line in file.text.lines().filter(|line| line.starts_with("folkmoot")) {
            let itself = line.contains("path = \".\"");
            if line.starts_with("folkmoot ") || line.starts_with("folkmoot.") || !itself {
                complaints.push(format!("{}: {line}", file.path));
            }
        }
    }
    expect_none(&complaints, "Crates are leaves: they name neither the product nor each other.");
}

#[test]
fn every_module_says_what_it_is_for() {
    let folders = ["app/src", "app/tests", "app/build.rs", "bench/src", "crates"];
    let all = folders.into_iter().filter(|path| !path.ends_with(".rs")).flat_map(|path| files(path, &["rs"]));
    let complaints: Vec<_> =
        all.filter(|file| !file.text.starts_with("//! ")).map(|file| file.path).collect();
    expect_none(&complaints, "Every module opens with a `//!` line that says what it is for:");
}

#[test]
fn nothing_is_left_for_later() {
    // Written apart so that this file passes its own test.
    let words = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("dbg", "!("), concat!("#[", "ignore")];
    let mut complaints = Vec::new();
    for file in ours(&["rs", "js", "css", "html", "sql", "sh", "yml"]) {
        for (number, line) in file.text.lines().enumerate() {
            if let Some(word) = words.iter().find(|word| line.contains(**word)) {
                complaints.push(format!("{}:{} holds {word}", file.path, number + 1));
            }
        }
    }
    expect_none(&complaints, "Finish it, or write an issue:");
}

#[test]
fn lints_are_expected_with_a_reason_and_never_allowed() {
    let word = concat!("#[", "allow(");
    let complaints: Vec<_> =
        ours(&["rs"]).into_iter().filter(|file| file.text.contains(word)).map(|file| file.path).collect();
    expect_none(
        &complaints,
        "Say #[expect(…, reason = \"…\")], which complains when it is no longer needed:",
    );
}

fn ours(extensions: &[&str]) -> Vec<crate::tree::File> {
    files(".", extensions)
}

#[test]
fn files_stay_small_or_say_why() {
    let mut complaints = Vec::new();
    for file in ours(&["rs", "js", "css"]) {
        let lines = file.text.lines().count();
        let excused = LARGE.iter().any(|(path, why)| *path == file.path && !why.is_empty());
        if (lines > 500) != excused {
            complaints.push(format!("{}: {lines} lines", file.path));
        }
    }
    expect_none(
        &complaints,
        "Past 500 lines: cut by use case, or give a reason in LARGE (and take it out when it is over).",
    );
}

#[test]
fn the_client_has_one_page_and_puts_html_into_it_in_one_place() {
    let pages: Vec<_> = files("client", &["html"]).into_iter().map(|file| file.path).collect();
    assert_eq!(pages, ["client/index.html"]);
    let page = &files("client", &["html"])[0].text;
    for forbidden in [" style=", "<style", "onclick", "javascript:"] {
        assert!(!page.contains(forbidden), "index.html holds {forbidden}, which the policy blocks");
    }
    let mut complaints = Vec::new();
    for file in files("client/js", &["js"]) {
        for word in
            ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"]
        {
            let uses = file.text.lines().filter(|line| !is_comment(line) && line.contains(word)).count();
            let allowed = usize::from(file.path == "client/js/utils/dom.js" && word == "innerHTML");
            if uses > allowed {
                complaints.push(format!("{}: {word}", file.path));
            }
        }
    }
    expect_none(&complaints, "HTML comes from the server's `markup` and goes in through utils/dom.js alone:");
}

fn is_comment(line: &str) -> bool {
    ["//", "*", "/*"].iter().any(|mark| line.trim_start().starts_with(mark))
}

#[test]
fn every_setting_is_read_by_somebody() {
    let code: Vec<_> = files("app/src", &["rs"]);
    let complaints: Vec<_> = SECTIONS
        .iter()
        .flat_map(|section| section.settings.iter().map(move |setting| (section.name, setting.key)))
        .filter(|(_, key)| {
            let named = format!(".{key}");
            !code.iter().any(|file| {
                file.text.match_indices(&named).any(|(at, _)| ends_there(&file.text[at + named.len()..]))
            })
        })
        .map(|(section, key)| format!("{section}.{key}"))
        .collect();
    expect_none(&complaints, "Settings that change nothing:");
}

fn ends_there(after: &str) -> bool {
    !after.starts_with(|c: char| c.is_alphanumeric() || c == '_')
}
