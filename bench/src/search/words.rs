//! What people ask a community that nobody knows: made from words that stand in its threads.

use std::collections::BTreeMap;

use anyhow::{Context, Result};

use crate::http::encoded;
use crate::pages::Threads;
use crate::server::Server;

/// Threads that are read for their words.
const READ: usize = 150;
/// Questions of each kind.
const OF_KIND: usize = 12;

/// A question.
pub(super) struct Question {
    pub(super) kind: &'static str,
    q: String,
    more: &'static str,
}

impl Question {
    /// Where it is asked.
    pub(super) fn path(&self) -> String {
        format!("/api/search?q={}{}", encoded(&self.q), self.more)
    }
}

/// Questions of every kind about what is written in these threads.
///
/// # Errors
/// When the threads cannot be read, or too little is written in them.
pub(super) async fn questions_about(server: &Server, threads: &Threads) -> Result<Vec<Question>> {
    let mut texts = Vec::new();
    for id in threads.ids.iter().take(READ) {
        let thread = server.json(&format!("/api/threads/{id}")).await?;
        let posts = thread["posts"]["items"].as_array().context("a thread without posts")?;
        texts.extend(posts.iter().filter_map(|post| post["html"].as_str()).map(words));
    }
    let board = threads.board().context("no board")?;
    let person = threads.person().context("nobody")?;
    let questions = questions(&texts, board, person);
    anyhow::ensure!(
        questions.len() > 10 * OF_KIND,
        "too little is written here: {} questions",
        questions.len()
    );
    Ok(questions)
}

/// The words of a post's HTML, in order.
fn words(html: &str) -> Vec<String> {
    let mut text = String::with_capacity(html.len());
    let mut is_tag = false;
    for c in html.chars() {
        match c {
            '<' => is_tag = true,
            '>' => {
                is_tag = false;
                text.push(' ');
            }
            _ if !is_tag => text.push(c),
            _ => {}
        }
    }
    let words = text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

fn questions(texts: &[Vec<String>], board: &str, person: &str) -> Vec<Question> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    texts.iter().flatten().for_each(|word| *counts.entry(word).or_default() += 1);
    let is_word =
        |word: &&str| word.chars().count() > 1 && word.chars().all(char::is_alphabetic) && !is_han(word);
    let mut common: Vec<&str> = counts.keys().copied().filter(is_word).collect();
    common.sort_by_key(|word| (std::cmp::Reverse(counts[word]), *word));
    let rare: Vec<&str> = common.iter().copied().filter(|word| counts[word] == 1 && word.len() > 5).collect();
    let han: Vec<&str> =
        counts.keys().copied().filter(|word| is_han(word) && word.chars().count() > 3).collect();
    let names: Vec<&str> = counts.keys().copied().filter(|word| word.contains('_')).collect();
    let pairs: Vec<&[String]> = texts
        .iter()
        .flat_map(|text| text.windows(2))
        .filter(|pair| pair.iter().all(|word| is_word(&word.as_str())))
        .collect();
    let posts: Vec<&Vec<String>> =
        texts.iter().filter(|text| text.len() > 20 && is_word(&text[3].as_str())).collect();

    let mut all = Vec::new();
    let mut add = |kind, more, some: Vec<String>| {
        all.extend(some.into_iter().map(|q| Question { kind, q, more }));
    };
    let cut =
        |word: &&str, from: usize, to: usize| word.chars().skip(from).take(to - from).collect::<String>();
    let with = |before: &str| some(&common).map(|word| format!("{before} {word}")).collect::<Vec<_>>();
    add("a rare word", "", some(&rare).map(|word| (*word).to_owned()).collect());
    add("a common word", "", common.iter().take(OF_KIND).map(|word| (*word).to_owned()).collect());
    add(
        "two common words",
        "",
        common
            .iter()
            .take(OF_KIND * 2)
            .collect::<Vec<_>>()
            .chunks(2)
            .map(|two| format!("{} {}", two[0], two[two.len() - 1]))
            .collect(),
    );
    add(
        "three words of a post",
        "",
        some(&posts).map(|post| format!("{} {} {}", post[3], post[9], post[15])).collect(),
    );
    add("a phrase", "", some(&pairs).map(|pair| format!("\"{} {}\"", pair[0], pair[1])).collect());
    add("the beginning of a word", "", some(&common).map(|word| cut(word, 0, 3)).collect());
    add("a part of a word", "", some(&rare).map(|word| cut(word, 1, 5)).collect());
    add("a name of code", "", some(&names).map(|name| (*name).to_owned()).collect());
    add("two Han characters", "", some(&han).map(|word| cut(word, 1, 3)).collect());
    add("one Han character", "", some(&han).map(|word| cut(word, 0, 1)).collect());
    add("a word on a board", "", with(&format!("board:{board}")));
    add("a word of a person", "", with(&format!("author:{person}")));
    add("a word beside code", "", with("has:code"));
    add("a word of a year", "", with("after:2020-01-01 before:2021-01-01"));
    add(
        "a common word by date",
        "&sort=date",
        common.iter().take(OF_KIND).map(|word| (*word).to_owned()).collect(),
    );
    add("nothing that is there", "", (0..OF_KIND).map(|number| format!("qqzzxvv{number} zzvvqqx")).collect());
    all
}

/// Some of these, from all over.
fn some<T>(all: &[T]) -> impl Iterator<Item = &T> {
    all.iter().step_by((all.len() / OF_KIND).max(1)).take(OF_KIND)
}

fn is_han(word: &str) -> bool {
    word.chars().all(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

#[cfg(test)]
mod tests {
    use super::{OF_KIND, questions, words};

    #[test]
    fn words_are_what_stands_between_tags() {
        let html = "<p>Ein <strong>Käse</strong>brot, <code>snake_case</code>.</p>";
        assert_eq!(words(html), ["Ein", "Käse", "brot", "snake_case"]);
    }

    #[test]
    fn questions_of_every_kind_come_from_what_is_written() {
        let texts: Vec<Vec<String>> = (0..60)
            .map(|number| {
                let text = format!("the common words of everybody stand here again and again and here is one rareword{} and some_name{number} 中文字符 with more words so that there is enough", "abcdefgh".repeat(number));
                words(&text)
            })
            .collect();
        let questions = questions(&texts, "general", "ann");
        let paths: Vec<_> = questions.iter().map(super::Question::path).collect();
        for part in ["q=%22", "board%3Ageneral%20", "author%3Aann%20", "&sort=date", "%E4%B8%AD", "some_name"]
        {
            assert!(paths.iter().any(|path| path.contains(part)), "{part}: {paths:?}");
        }
        let common = questions.iter().filter(|question| question.kind == "a common word");
        assert_eq!(common.count(), OF_KIND);
    }
}
