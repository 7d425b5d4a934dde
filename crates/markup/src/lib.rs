//! Text to safe HTML: Markdown and imported HTML; pure, and fuzzed.
//!
//! What comes in is hostile; what goes out is a small, fixed vocabulary of elements and attributes, written by one
//! canonical writer, never copied from the input. This crate knows nothing of the product: accounts reach it as a
//! function from a name to a [`Mention`], our own addresses as [`Context::base_urls`].
//!
//! Invariants:
//! - no input makes it panic, overflow the stack or take more than time linear in its length;
//! - the output's length is bounded by a constant times the input's;
//! - no `style`, no `on…` attribute, no `id`, no script, no address with a scheme other than http, https and mailto;
//! - no picture is loaded from another host: it becomes a button that names it (see `docs/markup.md`);
//! - rendering what [`Flavour::Html`] gave gives the same again.

mod address;
mod autolink;
#[cfg(test)]
mod commonmark;
mod emoji;
mod escape;
mod excerpt;
mod html;
mod markdown;
mod picture;
mod quote;
mod writer;

/// Version of the renderer, stored beside derived HTML: raised whenever the output for some input changes, so that
/// a job can find what was rendered before and render it again.
pub const MARKUP_VERSION: i64 = 1;

/// How a source text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Flavour {
    /// What people write here: CommonMark with tables, strikethrough, task lists, bare addresses and mentions.
    Markdown,
    /// What another forum's program made: HTML, above all Discourse's.
    Html,
}

impl Flavour {
    /// The name under which the flavour is stored: `markdown` or `html`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Markdown => "markdown",
            Self::Html => "html",
        }
    }

    /// The flavour of that name, if there is one.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "markdown" => Some(Self::Markdown),
            "html" => Some(Self::Html),
            _ => None,
        }
    }
}

/// What rendering needs to know from outside.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// How the source is written.
    pub flavour: Flavour,
    /// The account behind a nickname as it was written (without the `@`), if there is one.
    pub mentions: &'a dyn Fn(&str) -> Option<Mention>,
    /// Our own addresses (`https://forum.example`): links to them are not `nofollow`, and pictures from them load.
    pub base_urls: &'a [String],
}

/// An account that a text names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// The account's id.
    pub id: String,
    /// The nickname as its owner spells it; this spelling is shown.
    pub nickname: String,
    /// The address of the account's page.
    pub url: String,
}

/// A rendered text and what was learned on the way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rendered {
    /// The safe HTML.
    pub html: String,
    /// The first words as plain text: at most 200 characters, whitespace collapsed, cut between words with an
    /// ellipsis. Quotes of others and the hidden part of spoilers are left out.
    pub excerpt: String,
    /// Ids of the mentioned accounts, in order, without repeats. Mentions inside quotes of posts are links too, but are
    /// not listed here: whoever is quoted did not call anybody again.
    pub mentions: Vec<String>,
    /// Ids of the quoted posts of ours, in order, without repeats.
    pub quotes: Vec<String>,
    /// The http and https addresses linked to, in order, without repeats.
    pub links: Vec<String>,
    /// Whether there is a block of code.
    pub has_code: bool,
    /// Whether there is a picture, of ours or behind a button.
    pub has_images: bool,
}

/// Renders a text. Never fails: what is not understood or not allowed is shown as text or left out.
///
/// An ordinary post takes well under 100 µs (`cargo run --release -p folkmoot-markup --example speed`).
#[must_use]
pub fn render(source: &str, context: &Context) -> Rendered {
    match context.flavour {
        Flavour::Markdown => markdown::render(source, context, markdown::Style::Post),
        Flavour::Html => html::render(source, context),
    }
}

/// The nicknames a text may mention, as written, in order and without repeats, without resolving them: so that the
/// caller can look all of them up in one query and then call [`render`].
#[must_use]
pub fn mentioned_names(source: &str, flavour: Flavour) -> Vec<String> {
    let seen = std::cell::RefCell::new(Vec::<String>::new());
    let mentions = |name: &str| {
        let mut seen = seen.borrow_mut();
        if !seen.iter().any(|known| known == name) {
            seen.push(name.to_owned());
        }
        None
    };
    let _ = render(source, &Context { flavour, mentions: &mentions, base_urls: &[] });
    seen.into_inner()
}

/// The words of rendered HTML: one line a block, inner whitespace collapsed except in code, no markup.
#[must_use]
pub fn plain_text(html: &str) -> String {
    html::plain_text(html)
}
