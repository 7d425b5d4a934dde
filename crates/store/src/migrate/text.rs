//! From one migration file to the text of each engine.

use crate::dialect::Engine;

/// The text for `engine`: without the lines marked for the other, and with its names for our types.
///
/// `… -- only: sqlite` at the end of a line keeps that line for SQLite alone; alone on a line it keeps
/// the lines up to the next empty one. `ID` is a primary key made by the application, `BYTES` are bytes.
pub(super) fn for_engine(text: &str, engine: Engine) -> Result<String, String> {
    let mut out = String::with_capacity(text.len());
    let mut block = None;
    for line in text.lines() {
        let (sql, only) = marked(line)?;
        if line.trim().is_empty() {
            block = None;
        } else if only.is_some() && sql.trim().is_empty() {
            block = only;
            continue;
        }
        if only.or(block).is_none_or(|only| only == engine) {
            with_types(&mut out, sql, engine);
            out.push('\n');
        }
    }
    if words(&out)
        .any(|word| word.eq_ignore_ascii_case("deferrable") || word.eq_ignore_ascii_case("deferred"))
    {
        return Err("a deferred constraint would fail at COMMIT and harm every batch in it".to_owned());
    }
    Ok(out)
}

/// The line without its mark and remarks, and the engine that the mark names.
fn marked(line: &str) -> Result<(&str, Option<Engine>), String> {
    let (sql, remark) = match line.find("--") {
        Some(at) => (&line[..at], line[at + 2..].trim()),
        None => (line, ""),
    };
    match remark.strip_prefix("only:").map(str::trim) {
        None => Ok((sql, None)),
        Some("sqlite") => Ok((sql, Some(Engine::Sqlite))),
        Some("postgres") => Ok((sql, Some(Engine::Postgres))),
        Some(other) => Err(format!("there is no engine {other:?}")),
    }
}

fn with_types(out: &mut String, sql: &str, engine: Engine) {
    let mut quoted = false;
    for piece in sql.split_inclusive(|c: char| !(c.is_ascii_alphanumeric() || c == '_')) {
        let word = piece.trim_end_matches(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        let name = match (word, engine) {
            ("ID", Engine::Sqlite) => "INTEGER PRIMARY KEY",
            ("ID", Engine::Postgres) => "BIGINT PRIMARY KEY",
            ("BYTES", Engine::Sqlite) => "BLOB",
            ("BYTES", Engine::Postgres) => "BYTEA",
            _ => word,
        };
        out.push_str(if quoted { word } else { name });
        out.push_str(&piece[word.len()..]);
        quoted ^= piece.ends_with('\'');
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
}

/// The oldest release that still works with the schema of this file, as `-- works with: N` says: N is
/// the newest migration that this release carries. Without the line none older does.
pub(super) fn works_with(text: &str) -> Result<Option<u32>, String> {
    let mark = text.lines().find_map(|line| line.trim().strip_prefix("-- works with:"));
    let parsed = mark.map(|mark| mark.trim().parse().map_err(|_| mark.trim()));
    parsed.transpose().map_err(|mark| format!("\"works with: {mark}\" names no migration"))
}

/// A fingerprint that shows whether a file was edited after it was applied (64-bit FNV-1a; it guards
/// against mistakes, not against malice). How lines end does not matter.
pub(super) fn checksum(texts: [&str; 2]) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for text in texts {
        for byte in text.bytes().filter(|byte| *byte != b'\r').chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "-- Threads.\n-- works with: 3\nCREATE TABLE t (\n    id ID,\n    picture BYTES, -- small\n    \
                        word TEXT DEFAULT 'ID BYTES'\n);\nSELECT 1; -- only: sqlite\nSELECT 2; -- only: postgres\n\
                        -- only: postgres\nSELECT 3;\nSELECT 4;\n\nSELECT 5;\n";

    #[test]
    fn each_engine_gets_its_types_and_its_lines() {
        let sqlite = for_engine(FILE, Engine::Sqlite).unwrap();
        assert!(sqlite.contains("id INTEGER PRIMARY KEY,") && sqlite.contains("picture BLOB,"), "{sqlite}");
        assert!(sqlite.contains("DEFAULT 'ID BYTES'"), "{sqlite}");
        assert!(sqlite.contains("SELECT 1") && sqlite.contains("SELECT 5"), "{sqlite}");
        assert!(!sqlite.contains("SELECT 2") && !sqlite.contains("SELECT 4"), "{sqlite}");
        let postgres = for_engine(FILE, Engine::Postgres).unwrap();
        assert!(
            postgres.contains("id BIGINT PRIMARY KEY,") && postgres.contains("picture BYTEA,"),
            "{postgres}"
        );
        assert!(!postgres.contains("SELECT 1"), "{postgres}");
        assert!(
            ["SELECT 2", "SELECT 3", "SELECT 4", "SELECT 5"].iter().all(|s| postgres.contains(s)),
            "{postgres}"
        );
    }

    #[test]
    fn a_wrong_mark_and_a_deferred_constraint_are_refused() {
        assert!(for_engine("SELECT 1; -- only: mysql", Engine::Sqlite).is_err());
        assert!(for_engine("a BIGINT REFERENCES b Deferrable", Engine::Sqlite).is_err());
    }

    #[test]
    fn a_file_says_which_release_still_works_with_it() {
        assert_eq!(works_with(FILE), Ok(Some(3)));
        assert_eq!(works_with("CREATE TABLE t (id ID);"), Ok(None));
        assert!(works_with("-- works with: 0.1.0\nCREATE TABLE t (id ID);").is_err());
    }

    #[test]
    fn the_checksum_sees_edits_and_not_line_ends() {
        assert_eq!(checksum(["a\nb", "c"]), checksum(["a\r\nb", "c"]));
        assert_ne!(checksum(["a\nb", "c"]), checksum(["a\nb", "d"]));
        assert_ne!(checksum(["ab", "c"]), checksum(["a", "bc"]));
    }
}
