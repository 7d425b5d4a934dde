//! Quotes of posts: a `blockquote` that says whose words it holds and where they are from.

use crate::address::{Address, Reach};
use crate::writer::{Block, Mark, Writer};

/// Where quoted words are from, as far as it is known.
#[derive(Clone, Copy, Default)]
pub(crate) struct QuoteSource<'a> {
    /// Id of the post, when it is one of ours.
    pub(crate) post: Option<&'a str>,
    /// Who wrote them.
    pub(crate) author: Option<&'a str>,
    /// Topic and number of the post in the forum it was imported from.
    pub(crate) topic: Option<&'a str>,
    pub(crate) number: Option<&'a str>,
}

impl QuoteSource<'_> {
    /// Opens the quote. Its words are no part of an excerpt.
    pub(crate) fn open(&self, writer: &mut Writer) -> Mark {
        let attributes: Vec<(&str, &str)> = [
            ("class", Some("quote")),
            ("data-post", self.post),
            ("data-author", self.author),
            ("data-source-topic", self.topic),
            ("data-source-post", self.number),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect();
        let mark = writer.open_with(Block::Quote, &attributes);
        writer.hush(mark);
        if let Some(post) = self.post {
            writer.note_quote(post);
        }
        mark
    }

    /// The line that names the author, with a link to the post if it is ours.
    pub(crate) fn write_cite(&self, writer: &mut Writer) {
        let words = match (self.author, self.post) {
            (Some(author), _) => author,
            (None, Some(_)) => "…",
            (None, None) => return,
        };
        let mark = open_cite(writer);
        if let Some(post) = self.post {
            writer.open_link(Address { href: format!("/p/{post}"), reach: Reach::Own }, "");
        }
        writer.flowing(words);
        if self.post.is_some() {
            writer.close_inline();
        }
        writer.close(mark);
    }
}

/// Opens the line at the head of a quote.
pub(crate) fn open_cite(writer: &mut Writer) -> Mark {
    writer.open_with(Block::Paragraph, &[("class", "cite")])
}

/// An id as addresses and attributes hold it: digits only.
pub(crate) fn is_id(text: &str) -> bool {
    (1..=19).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}
