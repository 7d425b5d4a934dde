//! Inline elements: wanted, written when text comes, closed when a block begins.

use std::borrow::Cow;

use super::Writer;
use crate::address::{Address, Reach};
use crate::picture::Picture;
use crate::{Mention, escape};

/// How deep inline elements may nest.
const DEEPEST_INLINE: usize = 10;
/// How often a link that blocks interrupt is written again: keeps the output linear in the input.
pub(super) const MOST_REPEATS: u8 = 8;

/// An inline element that is wanted around what comes.
pub(super) struct Inline {
    pub(super) tag: &'static str,
    /// Start tag; empty for one that is not written.
    pub(super) start: Cow<'static, str>,
    pub(super) written: bool,
    pub(super) repeats: u8,
    link: Option<Box<Link>>,
}

/// What a link needs to know besides.
pub(super) struct Link {
    address: Address,
    /// Remote pictures inside, which cannot stand in a link and follow it.
    pictures: Vec<Picture>,
}

impl Writer {
    /// Wants an inline element around what comes.
    pub(crate) fn open_inline(&mut self, tag: &'static str) {
        self.want(tag, Cow::Borrowed(start_tag(tag)), None);
    }

    /// Wants `<abbr title>` around what comes.
    pub(crate) fn open_abbreviation(&mut self, title: &str) {
        let mut start = "<abbr".to_owned();
        escape::attribute(&mut start, "title", title);
        start.push('>');
        self.want("abbr", Cow::Owned(start), None);
    }

    /// Wants a link around what comes. In another link nothing is written.
    pub(crate) fn open_link(&mut self, address: Address, title: &str) {
        let mut start = "<a".to_owned();
        escape::attribute(&mut start, "href", &address.href);
        if !title.is_empty() {
            escape::attribute(&mut start, "title", title);
        }
        if address.reach == Reach::Foreign {
            start.push_str(" rel=\"nofollow noopener ugc\"");
        }
        start.push('>');
        let link = Link { address, pictures: Vec::new() };
        self.want("a", Cow::Owned(start), Some(Box::new(link)));
    }

    /// Ends the innermost wanted inline element.
    pub(crate) fn close_inline(&mut self) {
        if self.too_deep > 0 {
            self.too_deep -= 1;
            return;
        }
        let Some(inline) = self.inlines.pop() else { return };
        if inline.written {
            close_tag(&mut self.out, inline.tag);
        }
        let Some(link) = inline.link else { return };
        for mut picture in link.pictures {
            if inline.repeats == 0 {
                picture.link = Some(link.address.clone());
            }
            self.put_picture(&picture);
        }
    }

    fn want(&mut self, tag: &'static str, start: Cow<'static, str>, link: Option<Box<Link>>) {
        if self.inlines.len() >= DEEPEST_INLINE {
            self.too_deep += 1;
            return;
        }
        if tag == "a" && self.in_link() {
            self.inlines.push(Inline {
                tag,
                start: Cow::Borrowed(""),
                written: false,
                repeats: 0,
                link: None,
            });
            return;
        }
        if let Some(link) = &link
            && link.address.href.starts_with("http")
        {
            self.links.add(&link.address.href);
        }
        self.inlines.push(Inline { tag, start, written: false, repeats: 0, link });
    }

    /// Whether the innermost wanted element is a link in which nothing was written yet.
    pub(crate) fn link_is_empty(&self) -> bool {
        let link = self
            .inlines
            .last()
            .filter(|_| self.too_deep == 0)
            .and_then(|inline| Some((inline, inline.link.as_ref()?)));
        link.is_some_and(|(inline, link)| inline.repeats == 0 && link.pictures.is_empty())
    }

    /// Whether what comes is inside a link.
    pub(crate) fn in_link(&self) -> bool {
        self.inlines.iter().any(|inline| inline.tag == "a")
    }

    /// A link to an account: `@nickname`.
    pub(crate) fn mention(&mut self, mention: &Mention) {
        if self.in_link() {
            self.verbatim(&format!("@{}", mention.nickname));
            return;
        }
        self.start_text();
        self.out.push_str("<a class=\"mention\"");
        escape::attribute(&mut self.out, "href", &escape::address(&mention.url));
        escape::attribute(&mut self.out, "data-user", &mention.id);
        self.out.push_str(">@");
        escape::text(&mut self.out, &mention.nickname);
        self.out.push_str("</a>");
        self.note_words("@");
        self.note_words(&mention.nickname);
        // What somebody else wrote and is quoted calls nobody again.
        if !self.in_quote_of_post() {
            self.mentions.add(&mention.id);
        }
    }

    /// `@name` of an account that is not known: marked, so that imported text can find it when it is rendered again.
    pub(crate) fn unknown_mention(&mut self, name: &str) {
        self.start_text();
        self.out.push_str("<span class=\"mention\">@");
        escape::text(&mut self.out, name);
        self.out.push_str("</span>");
        self.note_words("@");
        self.note_words(name);
    }

    /// Says that a post of ours is quoted.
    pub(crate) fn note_quote(&mut self, post: &str) {
        self.quotes.add(post);
    }

    /// A picture. A remote one inside a link follows the link, or, when it was all of it, holds it.
    pub(crate) fn picture(&mut self, picture: Picture) {
        let link = self.inlines.iter_mut().find_map(|inline| inline.link.as_mut());
        match link {
            Some(link) if !picture.is_own() => link.pictures.push(picture),
            _ => self.put_picture(&picture),
        }
    }

    fn put_picture(&mut self, picture: &Picture) {
        self.start_text();
        picture.write(&mut self.out);
        self.note_words(&picture.alt);
        self.has_images = true;
    }
}

/// The inline elements without attributes.
fn start_tag(tag: &'static str) -> &'static str {
    match tag {
        "strong" => "<strong>",
        "em" => "<em>",
        "b" => "<b>",
        "i" => "<i>",
        "u" => "<u>",
        "s" => "<s>",
        "del" => "<del>",
        "ins" => "<ins>",
        "mark" => "<mark>",
        "small" => "<small>",
        "sub" => "<sub>",
        "sup" => "<sup>",
        "kbd" => "<kbd>",
        "code" => "<code>",
        _ => "",
    }
}

pub(super) fn close_tag(out: &mut String, tag: &str) {
    out.push_str("</");
    out.push_str(tag);
    out.push('>');
}
