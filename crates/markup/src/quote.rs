//! Quotes of posts: a `blockquote` that says whose words it holds and where they are from.

use crate::address::{Address, Reach};
use crate::writer::{Bare, Block, Mark, Writer};

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

    /// The line that names the author, with a link to the post: ours by its id, an imported one by its old address,
    /// which leads on to where it is now.
    pub(crate) fn write_cite(&self, writer: &mut Writer) {
        let href = match (self.post, self.topic, self.number) {
            (Some(post), _, _) => Some(format!("/p/{post}")),
            (None, Some(topic), Some(number)) => Some(format!("/t/-/{topic}/{number}")),
            _ => None,
        };
        let Some(words) = self.author.or(href.as_ref().map(|_| "…")) else { return };
        let line = open_cite(writer);
        match href {
            Some(href) => {
                writer.open_link(Address { href, reach: Reach::Own }, "");
                writer.flowing(words);
                writer.close_inline();
            }
            None => writer.flowing(words),
        }
        writer.close_bare(line);
    }
}

/// Opens the line at the head of a quote; closed by [`Writer::close_bare`].
pub(crate) fn open_cite(writer: &mut Writer) -> Bare {
    writer.open_bare(Block::Paragraph, &[("class", "cite")])
}

/// An id as addresses and attributes hold it: digits only.
pub(crate) fn is_id(text: &str) -> bool {
    (1..=19).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}
