//! What is known of the words of a query.

use std::collections::HashMap;

use folkmoot_terms::{Found, Lookup, Query, Vocabulary, Way, trigrams};

use super::entry::written;
use super::queries::words;
use super::terms::{Simple, all, term};
use crate::core::read::Read;
use crate::core::{App, Result};

/// Answers what planning asks; there are `entries` entries in all.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn known(app: &App, read: &impl Read, query: &Query, entries: i64) -> Result<Vocabulary> {
    let lookups = query.lookups();
    let exact = lookups.iter().filter(|lookup| lookup.way == Way::Exact).map(|lookup| lookup.text.clone());
    let exact: HashMap<String, i64> = words::exact(read, exact.collect()).await?.into_iter().collect();
    let mut asked: HashMap<Lookup, Vec<Found>> = HashMap::new();
    let mut answers = Vec::with_capacity(lookups.len());
    for lookup in lookups {
        let answer = match asked.get(&lookup) {
            Some(answer) => answer.clone(),
            None => {
                let entries =
                    exact.get(&lookup.text).map_or(0, |entries| u64::try_from(*entries).unwrap_or(0));
                let answer = match lookup.way {
                    _ if !lookup.is_needed(entries) => Vec::new(),
                    Way::Exact => exact.get_key_value(&lookup.text).map(found).into_iter().collect(),
                    Way::Prefix | Way::Part => several(app, read, &lookup).await?,
                };
                asked.insert(lookup, answer.clone());
                answer
            }
        };
        answers.push(answer);
    }
    let most = answers.iter().flatten().map(|found| found.entries).max().unwrap_or(0);
    Ok(Vocabulary { answers, entries: u64::try_from(entries).unwrap_or(0).max(most) })
}

async fn several(app: &App, read: &impl Read, lookup: &Lookup) -> Result<Vec<Found>> {
    let most = i64::try_from(lookup.most).unwrap_or(i64::MAX);
    let found_words = if lookup.way == Way::Prefix {
        words::beginning(read, &lookup.text, most).await?
    } else {
        match all(trigrams(&lookup.text).into_iter().map(term)) {
            Simple::Those(expression) => {
                words::holding(read, written(app, &expression), &lookup.text, most).await?
            }
            Simple::Everything | Simple::Nothing => Vec::new(),
        }
    };
    Ok(found_words.iter().map(|(word, entries)| found((word, entries))).collect())
}

/// A word that is known is in some entry, whatever was not counted yet.
fn found((word, entries): (&String, &i64)) -> Found {
    Found { word: word.clone(), entries: u64::try_from(*entries).unwrap_or(0).max(1) }
}
