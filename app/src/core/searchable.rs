//! What a slice tells of a row so that its words can be found.

use std::future::Future;
use std::pin::Pin;

use super::Result;

/// What an async function of a slice gives, in a form that a table can hold.
pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// A row that can be found, as it is now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Searchable {
    /// The row.
    pub subject: i64,
    /// When it was written, in milliseconds since 1970.
    pub at: i64,
    /// Who wrote it.
    pub author: Option<i64>,
    /// The board that it is on.
    pub board: Option<i64>,
    /// The thread that it is in.
    pub thread: Option<i64>,
    /// The conversation that it is in.
    pub conversation: Option<i64>,
    /// Its position or number there.
    pub place: i64,
    /// Whether its thread was opened with it.
    pub opening: bool,
    /// How often its words were changed.
    pub revision: i64,
    /// Its title or name; empty when it has none of its own.
    pub title: String,
    /// Its tags, or those of its thread.
    pub tags: Vec<String>,
    /// Its words, as a reader sees them.
    pub body: String,
    /// What else it holds.
    pub has: Has,
}

/// What a text holds beside words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Has {
    /// A block of code.
    pub code: bool,
    /// A picture.
    pub image: bool,
    /// An address outside of this community's own mentions.
    pub link: bool,
}

impl Has {
    /// What rendered HTML holds. It is our own renderer's, so tags are spelled in one way.
    pub fn in_html(html: &str) -> Self {
        Self {
            code: html.contains("<pre"),
            image: html.contains("<img ") || html.contains("class=\"remote-image\""),
            link: html.contains("<a href=\"http"),
        }
    }
}
