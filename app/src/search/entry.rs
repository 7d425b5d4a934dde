//! From a row to its entry.

use folkmoot_store::Engine;
use folkmoot_terms::{Document, Expression, Fact, Has, Source, VERSION};

use super::model::{Kind, in_conversation, in_thread, of_kind, spans};
use super::queries::entries::NewEntry;
use crate::core::App;
use crate::core::searchable::Searchable;

/// An entry, and the words that the vocabulary is to know.
pub(super) struct Made {
    /// The entry with its terms.
    pub(super) entry: NewEntry,
    /// Its distinct words.
    pub(super) words: Vec<String>,
}

/// The entry of a row.
pub(super) fn made(engine: Engine, id: i64, kind: Kind, row: &Searchable) -> Made {
    let (author, board) = (row.author.map(|id| id.to_string()), row.board.map(|id| id.to_string()));
    let tags: Vec<&str> = row.tags.iter().map(String::as_str).collect();
    // Tags are words of the opening post; a reply can only be filtered by them.
    let about = if row.opening { tags.clone() } else { Vec::new() };
    let mut facts: Vec<Fact<'_>> = Vec::new();
    facts.extend(author.as_deref().map(Fact::Author));
    facts.extend(board.as_deref().map(Fact::Board));
    facts.extend(tags.iter().copied().map(Fact::Tag));
    facts.extend(row.opening.then_some(Fact::Opening));
    facts.extend(row.has.code.then_some(Fact::Has(Has::Code)));
    facts.extend(row.has.image.then_some(Fact::Has(Has::Image)));
    facts.extend(row.has.link.then_some(Fact::Has(Has::Link)));
    let source = Source { title: &row.title, body: &row.body, about: &about, facts: &facts };
    let document = Document::of(&source);
    let words = document.vocabulary().map(str::to_owned).collect();
    let mut terms = document.terms;
    match (kind, row.conversation) {
        (Kind::Message, Some(conversation)) => terms.push(in_conversation(conversation)),
        _ => terms.push(of_kind(kind)),
    }
    terms.extend(row.thread.map(in_thread));
    if engine == Engine::Postgres {
        // SQLite reads a range of ids by itself.
        terms.extend(spans(id));
    }
    let entry = NewEntry {
        id,
        kind,
        subject: row.subject,
        at: row.at,
        author: row.author,
        thread: row.thread,
        conversation: row.conversation,
        place: row.place,
        opening: row.opening,
        revision: row.revision,
        title: document.title,
        tags: if kind == Kind::Tag { row.title.clone() } else { about.join(" ") },
        text: document.text,
        terms_version: VERSION,
        terms: terms.join(" "),
    };
    Made { entry, words }
}

/// An expression as this database's engine wants it.
pub(super) fn written(app: &App, expression: &Expression) -> String {
    match app.db.engine() {
        Engine::Sqlite => expression.fts5(),
        Engine::Postgres => expression.tsquery(),
    }
}

/// The query for entries that have a term.
pub(super) fn term_query(app: &App, term: &str) -> String {
    written(app, &Expression::Term(term.to_owned()))
}
