//! Queries that would find less: on one board, by one person, of one year.

use std::collections::HashMap;
use std::hash::Hash;

use folkmoot_store::Snapshot;

use super::filters::Resolved;
use super::find::Question;
use super::json::Narrowing;
use super::model::Kind;
use super::rank::Ranked;
use crate::accounts::{UserId, people};
use crate::boards::Board;
use crate::core::Result;
use crate::core::time::Time;

/// How many there are of each sort at most.
const EACH: usize = 3;
/// With fewer hits than this nobody needs to narrow.
const MANY: usize = 8;

/// Narrower queries, those first that find most.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn narrowings(
    snapshot: &Snapshot,
    question: &Question<'_>,
    resolved: &Resolved,
    ranked: &Ranked,
) -> Result<Vec<Narrowing>> {
    let posts = ranked.hits.iter().filter(|hit| hit.kind == Kind::Post).map(|hit| &ranked.posts[hit.row]);
    let posts: Vec<_> = posts.collect();
    if posts.len() < MANY || question.thread.is_some() {
        return Ok(Vec::new());
    }
    let q = question.q.trim();
    let narrowing =
        |filter: String, label: String, count| Narrowing { q: format!("{q} {filter}"), label, count };
    let mut narrowings = Vec::new();
    for (board, count) in commonest(posts.iter().map(|row| row.board_id), posts.len()) {
        let board: Option<&Board> = resolved.boards.iter().find(|it| it.id.0 == board);
        narrowings.extend(
            board.map(|it| narrowing(format!("board:{}", it.slug), format!("In {}", it.title), count)),
        );
    }
    let authors = commonest(posts.iter().filter_map(|row| row.author_id), posts.len());
    let ids: Vec<UserId> = authors.iter().map(|(author, _)| UserId(*author)).collect();
    let people = people::by_ids(snapshot, &ids).await?;
    for (author, count) in authors {
        let Some(person) = people.get(&UserId(author)) else { continue };
        let name = &person.nickname;
        narrowings.push(narrowing(format!("author:{name}"), format!("By {name}"), count));
    }
    let year = |at: i64| Time(at).rfc3339().get(..4)?.parse::<i64>().ok();
    for (year, count) in commonest(posts.iter().filter_map(|row| year(row.at)), posts.len()) {
        let filter = format!("after:{year} before:{}", year + 1);
        narrowings.push(narrowing(filter, format!("From {year}"), count));
    }
    narrowings.sort_by_key(|narrowing| std::cmp::Reverse(narrowing.count));
    Ok(narrowings)
}

/// The commonest of these that not all are, with how often they are.
fn commonest<K: Copy + Eq + Hash + Ord>(of: impl Iterator<Item = K>, all: usize) -> Vec<(K, i64)> {
    let mut counts: HashMap<K, usize> = HashMap::new();
    for key in of {
        *counts.entry(key).or_default() += 1;
    }
    let mut counts: Vec<(K, usize)> =
        counts.into_iter().filter(|(_, count)| *count > 1 && *count < all).collect();
    counts.sort_unstable_by_key(|(key, count)| (std::cmp::Reverse(*count), *key));
    counts.truncate(EACH);
    counts.into_iter().map(|(key, count)| (key, i64::try_from(count).unwrap_or(i64::MAX))).collect()
}
