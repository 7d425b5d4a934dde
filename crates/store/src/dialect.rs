//! From one SQL text to the text of each engine: `$1` and the doors `{ids:$1}` and `{texts:$1}`.

/// The engines that the store speaks to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// The embedded one.
    Sqlite,
    /// The one that grows.
    Postgres,
}

/// What a statement declares: one text for both engines, or, marked by `dialect!`, one for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Text {
    /// The rule.
    Both(&'static str),
    /// The exception.
    Each {
        /// The text for SQLite.
        sqlite: &'static str,
        /// The text for PostgreSQL.
        postgres: &'static str,
    },
}

impl Text {
    fn of(self, engine: Engine) -> &'static str {
        match (self, engine) {
            (Text::Both(text), _) => text,
            (Text::Each { sqlite, .. }, Engine::Sqlite) => sqlite,
            (Text::Each { postgres, .. }, Engine::Postgres) => postgres,
        }
    }

    /// The text as the engine takes it: on SQLite `$1` is the *name* of a parameter, `?1` its number.
    ///
    /// # Errors
    /// What is wrong with the text: a door that is not known, or not closed.
    pub(crate) fn rewritten(self, engine: Engine) -> Result<String, String> {
        rewrite(self.of(engine), engine)
    }
}

fn rewrite(text: &str, engine: Engine) -> Result<String, String> {
    let mut out = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some(at) = rest.find(['\'', '"', '-', '$', '{']) {
        let (plain, from) = rest.split_at(at);
        out.push_str(plain);
        rest = if from.starts_with("--") {
            copy(&mut out, from, from.find('\n').unwrap_or(from.len()))
        } else if let Some(inner) = from.strip_prefix(['\'', '"']) {
            let end = inner.find(&from[..1]).ok_or("a quote is not closed")?;
            copy(&mut out, from, end + 2)
        } else if let Some(inner) = from.strip_prefix('{') {
            let end = inner.find('}').ok_or("a door is not closed")?;
            out.push_str(&door(&inner[..end], engine)?);
            &inner[end + 1..]
        } else if from.starts_with('$') && engine == Engine::Sqlite {
            out.push('?');
            &from[1..]
        } else {
            copy(&mut out, from, 1)
        };
    }
    out.push_str(rest);
    Ok(out)
}

fn copy<'a>(out: &mut String, from: &'a str, bytes: usize) -> &'a str {
    let (taken, rest) = from.split_at(bytes);
    out.push_str(taken);
    rest
}

/// A list as a subquery of one column, to stand after `IN`.
fn door(inside: &str, engine: Engine) -> Result<String, String> {
    let unknown = || format!("{{{inside}}} is not a door; there are {{ids:$1}} and {{texts:$1}}");
    let (kind, number) = inside.split_once(":$").ok_or_else(unknown)?;
    let number: usize = number.parse().map_err(|_| unknown())?;
    let array = match kind {
        "ids" => "bigint[]",
        "texts" => "text[]",
        _ => return Err(unknown()),
    };
    Ok(match engine {
        Engine::Sqlite => format!("(SELECT value FROM json_each(?{number}))"),
        Engine::Postgres => format!("(SELECT unnest(${number}::{array}))"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_become_question_marks_on_sqlite_alone() {
        let text = Text::Both("SELECT $1, $12 WHERE a - b = $2");
        assert_eq!(text.rewritten(Engine::Sqlite).unwrap(), "SELECT ?1, ?12 WHERE a - b = ?2");
        assert_eq!(text.rewritten(Engine::Postgres).unwrap(), "SELECT $1, $12 WHERE a - b = $2");
    }

    #[test]
    fn what_is_quoted_or_remarked_stays_as_it_is() {
        let text = Text::Both("SELECT '$1 {x} it''s', \"a$1\" -- costs $1\n, $1");
        assert_eq!(
            text.rewritten(Engine::Sqlite).unwrap(),
            "SELECT '$1 {x} it''s', \"a$1\" -- costs $1\n, ?1"
        );
    }

    #[test]
    fn a_list_of_ids_becomes_a_subquery() {
        let text = Text::Both("WHERE id IN {ids:$2} AND name IN {texts:$1}");
        assert_eq!(
            text.rewritten(Engine::Sqlite).unwrap(),
            "WHERE id IN (SELECT value FROM json_each(?2)) AND name IN (SELECT value FROM json_each(?1))"
        );
        assert_eq!(
            text.rewritten(Engine::Postgres).unwrap(),
            "WHERE id IN (SELECT unnest($2::bigint[])) AND name IN (SELECT unnest($1::text[]))"
        );
    }

    #[test]
    fn a_wrong_door_is_refused() {
        for text in ["{names:$1}", "{ids}", "{ids:$1", "'open"] {
            assert!(Text::Both(text).rewritten(Engine::Sqlite).is_err(), "{text}");
        }
    }
}
