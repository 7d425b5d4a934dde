//! Filters of a query, resolved for who asks: names become rows, and what nobody may know of does not exist.

use folkmoot_store::Snapshot;
use folkmoot_terms::{Fact, Filter, Filtered, Place, Query};

use super::json::{QueryProblem, UnderstoodFilter};
use super::model::Kind;
use super::terms::{Simple, any, term};
use crate::accounts::{Actor, people};
use crate::boards::{self, Board, BoardId};
use crate::core::{Error, Result};

/// What filters leave.
#[derive(Debug, Default)]
pub(super) struct Resolved {
    /// The boards that are searched.
    pub(super) boards: Vec<Board>,
    /// Whether boards were chosen.
    pub(super) some_boards: bool,
    /// Terms that entries must have.
    pub(super) with: Vec<String>,
    /// Terms that entries must not have.
    pub(super) without: Vec<String>,
    /// Tags that threads must have now, and must not have.
    pub(super) tags: Vec<(String, bool)>,
    /// From which time on.
    pub(super) after: i64,
    /// Before which time.
    pub(super) before: Option<i64>,
    /// Only what the person has not read.
    pub(super) unread: bool,
    /// The kinds, where `in:` chooses some.
    pub(super) kinds: Vec<Kind>,
    /// What could not be understood.
    pub(super) problems: Vec<QueryProblem>,
    /// Whether something was asked for that nobody wrote, or nowhere.
    pub(super) nowhere: bool,
}

/// Resolves the filters of a query.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn resolve(read: &Snapshot, actor: &Actor, query: &Query) -> Result<Resolved> {
    let boards = boards::readable_by(read, actor).await?;
    let problem = |field: &str, why: &str| QueryProblem { field: field.to_owned(), why: why.to_owned() };
    let mut resolved = Resolved {
        problems: query.problems.iter().map(|it| problem(it.field, &it.why)).collect(),
        ..Resolved::default()
    };
    let mut chosen: Vec<BoardId> = Vec::new();
    for Filtered { filter, without, .. } in &query.filters {
        match filter {
            Filter::Author(name) => match people::by_nickname(read, name).await {
                Ok(person) => resolved.fact(&Fact::Author(&person.id.to_string()), *without),
                Err(Error::NotFound(_)) => {
                    resolved.problems.push(problem("author", "nobody is called so"));
                    resolved.nowhere |= !without;
                }
                Err(error) => return Err(error),
            },
            Filter::Board(name) => match named(&boards, name) {
                Some(board) if *without => resolved.without.push(board_term(board)),
                Some(board) => chosen.push(board),
                None => {
                    resolved.problems.push(problem("board", "there is no board of that name"));
                    resolved.nowhere |= !without;
                }
            },
            Filter::Tag(tag) => {
                resolved.fact(&Fact::Tag(tag), *without);
                resolved.tags.push((tag.to_lowercase(), !without));
            }
            Filter::Has(has) => resolved.fact(&Fact::Has(*has), *without),
            Filter::Before(time) | Filter::After(time) => {
                if matches!(filter, Filter::Before(_)) == *without {
                    resolved.after = resolved.after.max(*time);
                } else {
                    resolved.before = Some(resolved.before.map_or(*time, |before| before.min(*time)));
                }
            }
            Filter::Unread if actor.id().is_none() => {
                resolved.problems.push(problem("is", "sign in to see what you have not read"));
            }
            Filter::Unread if *without => {
                resolved.problems.push(problem("is", "only is:unread can be asked for"));
            }
            Filter::Unread => resolved.unread = true,
            Filter::In(place) => resolved.place(*place, *without),
        }
    }
    resolved.some_boards = !chosen.is_empty();
    resolved.boards = boards;
    if resolved.some_boards {
        resolved.boards.retain(|board| chosen.contains(&board.id));
    }
    Ok(resolved)
}

/// The board of that name in addresses, or of that title.
fn named(boards: &[Board], name: &str) -> Option<BoardId> {
    let slug = boards.iter().find(|board| board.slug.eq_ignore_ascii_case(name));
    let titled = || boards.iter().find(|board| board.title.to_lowercase() == name.to_lowercase());
    slug.or_else(titled).map(|board| board.id)
}

fn board_term(board: BoardId) -> String {
    Fact::Board(&board.to_string()).term()
}

impl Resolved {
    fn fact(&mut self, fact: &Fact<'_>, without: bool) {
        let terms = if without { &mut self.without } else { &mut self.with };
        terms.push(fact.term());
    }

    fn place(&mut self, place: Place, without: bool) {
        let kind = match place {
            // The query itself sees to titles.
            Place::Title => return,
            Place::First => {
                self.fact(&Fact::Opening, without);
                Kind::Post
            }
            Place::Posts => Kind::Post,
            Place::Messages => Kind::Message,
            Place::People => Kind::Person,
            Place::Boards => Kind::Board,
            Place::Tags => Kind::Tag,
        };
        if !without {
            self.kinds.push(kind);
        } else if place != Place::First {
            let all = [Kind::Post, Kind::Message, Kind::Person, Kind::Board, Kind::Tag];
            let before = if self.kinds.is_empty() { all.to_vec() } else { std::mem::take(&mut self.kinds) };
            self.kinds = before.into_iter().filter(|other| *other != kind).collect();
        }
    }

    /// The ids of the boards that are searched.
    pub(super) fn board_ids(&self) -> Vec<BoardId> {
        self.boards.iter().map(|board| board.id).collect()
    }

    /// What is on one of the chosen boards; everything, where none was chosen.
    pub(super) fn on_boards(&self) -> Simple {
        if self.some_boards {
            any(self.boards.iter().map(|board| term(board_term(board.id))))
        } else {
            Simple::Everything
        }
    }

    /// Whether a kind was left by `in:`.
    pub(super) fn leaves(&self, kind: Kind) -> bool {
        self.kinds.is_empty() || self.kinds.contains(&kind)
    }

    /// Whether anything is asked for that only posts and messages have.
    pub(super) fn is_about_texts(&self) -> bool {
        self.some_boards || self.unread || !self.with.is_empty() || self.after > 0 || self.before.is_some()
    }
}

/// The filters as they were understood, each with the query that is left without it.
pub(super) fn understood(q: &str, query: &Query) -> Vec<UnderstoodFilter> {
    let mut left: Vec<(usize, usize)> = tokens(q);
    let shown = query.filters.iter().map(|filtered| {
        let is_it = |(start, end): &(usize, usize)| {
            let alone = Query::parse(&q[*start..*end]);
            alone.filters.first() == Some(filtered) && alone.filters.len() == 1
        };
        let place = left.iter().position(is_it).map(|at| left.remove(at));
        let without = match place {
            Some((start, end)) => format!("{}{}", &q[..start], q[end..].trim_start()).trim().to_owned(),
            None => q.trim().to_owned(),
        };
        let sign = if filtered.without { "-" } else { "" };
        UnderstoodFilter {
            name: format!("{sign}{}", filtered.filter.name()),
            value: filtered.value.clone(),
            without,
        }
    });
    shown.collect()
}

/// Where the parts of a query begin and end: at white space outside of quotes.
fn tokens(q: &str) -> Vec<(usize, usize)> {
    let (mut tokens, mut start, mut quoted) = (Vec::new(), None, false);
    for (at, c) in q.char_indices() {
        quoted ^= c == '"';
        if c.is_whitespace() && !quoted {
            tokens.extend(start.take().map(|start| (start, at)));
        } else {
            start.get_or_insert(at);
        }
    }
    tokens.extend(start.map(|start| (start, q.len())));
    tokens
}

#[cfg(test)]
mod tests {
    use folkmoot_terms::Query;

    use super::{tokens, understood};

    #[test]
    fn a_filter_can_be_taken_away() {
        let without = |q: &str| -> Vec<(String, String)> {
            let understood = understood(q, &Query::parse(q));
            understood.into_iter().map(|filter| (filter.name, filter.without)).collect()
        };
        assert_eq!(
            without("shadow board:help map author:jay"),
            [
                ("board".into(), "shadow map author:jay".into()),
                ("author".into(), "shadow board:help map".into())
            ]
        );
        assert_eq!(without("board:\"Ask here\" cats"), [("board".into(), "cats".into())]);
        assert_eq!(without("-tag:solved cats"), [("-tag".into(), "cats".into())]);
        assert_eq!(
            without("tag:a tag:a x"),
            [("tag".into(), "tag:a x".into()), ("tag".into(), "tag:a x".into())]
        );
    }

    #[test]
    fn quotes_hold_words_together() {
        let q = "a \"b c\" d:\"e f\"";
        let parts: Vec<&str> = tokens(q).into_iter().map(|(start, end)| &q[start..end]).collect();
        assert_eq!(parts, ["a", "\"b c\"", "d:\"e f\""]);
    }
}
