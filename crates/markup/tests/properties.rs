//! What holds for every input.

#[path = "support/vocabulary.rs"]
mod vocabulary;

use folkmoot_markup::{Context, Flavour, Mention, Rendered, mentioned_names, plain_text, render};
use proptest::prelude::*;
use proptest::sample::select;

fn rendered(source: &str, flavour: Flavour) -> Rendered {
    let base_urls = ["https://forum.example".to_owned()];
    let mentions = |name: &str| {
        let known = name.starts_with('a');
        known.then(|| Mention { id: "7".into(), nickname: name.to_owned(), url: format!("/people/{name}") })
    };
    render(source, &Context { flavour, mentions: &mentions, base_urls: &base_urls })
}

/// What Markdown and HTML are made of, so that chance finds the interesting neighbours.
/// Words, and what may break them.
const WORDS: &[&str] = &[
    "word",
    " ",
    "\n",
    "\n\n",
    "    ",
    "\t",
    "é",
    "\0",
    "\r",
    "&",
    "&lt;",
    "&#13;",
    "<",
    ">",
    "\"",
    "'",
    "\\",
    "@ann",
    "@bob.",
    "http://a.b/c_d",
    "www.a.b",
    "a@b.cd",
    "javascript:x",
];

/// What Markdown is made of.
const MARKDOWN: &[&str] = &[
    "*",
    "**",
    "_",
    "~~",
    "`",
    "```\n",
    "> ",
    "- ",
    "1. ",
    "# ",
    "[a](/b)",
    "[",
    "](",
    ")",
    "![",
    "![a](http://b/c)",
    "[@ann](post:7):",
    "|",
    "\n|-|-|\n",
    "---\n",
    "- [x] ",
    "[a]: b\n",
];

/// Element names.
const NAMES: &[&str] = &[
    "p",
    "div",
    "b",
    "i",
    "em",
    "code",
    "pre",
    "blockquote",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "table",
    "caption",
    "thead",
    "tbody",
    "tr",
    "td",
    "th",
    "a",
    "span",
    "h1",
    "h2",
    "h5",
    "details",
    "summary",
    "abbr",
    "button",
    "img",
    "br",
    "hr",
    "input",
    "script",
    "style",
    "svg",
    "iframe",
    "video",
    "textarea",
    "title",
    "q",
    "ruby",
    "rt",
    "aside",
    "header",
    "article",
    "template",
    "plaintext",
    "x-y",
];

/// Attributes with a meaning to somebody.
const ATTRIBUTES: &[&str] = &[
    "",
    " href='http://a.b/\"c'",
    " href=javascript:x",
    " href='/p/1' title='a  b'",
    " src='//a.b/c' width=3 height=4 alt='a\n<b'",
    " src=/own.png",
    " src=''",
    " class='quote' data-post=4 data-topic=5 data-username='ann b'",
    " class=quote data-post=99",
    " class=onebox",
    " class=linkcard",
    " class=poll",
    " class=note",
    " class=cite",
    " class=title",
    " class=source",
    " class=mention",
    " class=spoiler",
    " class=meta",
    " class=bbcode-b",
    " class=math",
    " class='lang-c++'",
    " class=alt",
    " class=host",
    " class='emoji' title=':smile:'",
    " class='emoji' alt=':no:'",
    " class='remote-image' data-src='http://a/b'",
    " class='remote-image' data-src='/b' data-link='javascript:x'",
    " type=checkbox checked",
    " start=7",
    " colspan=2 style='text-align: right'",
    " class=lazyYT data-youtube-id='a\"b'",
    " class='footnote-backref'",
    " class='chcklst-box checked'",
    " onclick='x' style='y' id=z",
    " data-source-topic=1 data-source-post=2 data-author=' ' class=quote",
    " class=align-left",
];

/// A text of such pieces, so that chance finds the interesting neighbours.
fn soup() -> impl Strategy<Value = String> {
    let tag = (0..4_u8, select(NAMES), select(ATTRIBUTES)).prop_map(|(kind, name, attribute)| match kind {
        0 => format!("</{name}>"),
        _ => format!("<{name}{attribute}>"),
    });
    let piece = prop_oneof![
        3 => select(WORDS).prop_map(str::to_owned),
        2 => select(MARKDOWN).prop_map(str::to_owned),
        4 => tag,
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn markdown_gives_only_the_vocabulary(source in soup()) {
        let post = rendered(&source, Flavour::Markdown);
        prop_assert_eq!(vocabulary::violations(&post.html), Vec::<String>::new(), "{}", post.html);
        prop_assert!(post.excerpt.chars().count() <= 200);
    }

    #[test]
    fn html_gives_only_the_vocabulary_and_settles_at_once(source in soup()) {
        let post = rendered(&source, Flavour::Html);
        prop_assert_eq!(vocabulary::violations(&post.html), Vec::<String>::new(), "{}", post.html);
        prop_assert!(post.excerpt.chars().count() <= 200);
        let again = rendered(&post.html, Flavour::Html);
        prop_assert_eq!(&again.html, &post.html);
    }

    #[test]
    fn what_is_mentioned_was_among_the_names(source in soup()) {
        for flavour in [Flavour::Markdown, Flavour::Html] {
            let names = mentioned_names(&source, flavour);
            let post = rendered(&source, flavour);
            let known = names.iter().any(|name| name.starts_with('a'));
            prop_assert_eq!(known, post.html.contains("class=\"mention\" href="), "{}", post.html);
            prop_assert!(known || post.mentions.is_empty());
        }
    }

    #[test]
    fn plain_text_never_fails(source in soup()) {
        let words = plain_text(&source);
        prop_assert!(words.len() <= 4 * source.len() + 16);
    }
}
