//! Whatever is written as Markdown, only the vocabulary comes out.
#![no_main]

#[path = "../../crates/markup/tests/support/vocabulary.rs"]
mod vocabulary;

use folkmoot_markup::{Context, Flavour, Mention, mentioned_names, plain_text, render};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|source: &str| {
    let base_urls = ["https://forum.example".to_owned()];
    let mentions = |name: &str| Some(Mention { id: "7".into(), nickname: name.into(), url: format!("/people/{name}") });
    let post = render(source, &Context { flavour: Flavour::Markdown, mentions: &mentions, base_urls: &base_urls });
    assert_eq!(vocabulary::violations(&post.html), Vec::<String>::new(), "{}", post.html);
    assert!(post.excerpt.chars().count() <= 200, "{}", post.excerpt);
    assert!(post.html.len() <= 1_000 + 60 * source.len(), "{} bytes from {}", post.html.len(), source.len());
    assert_eq!(mentioned_names(source, Flavour::Markdown).is_empty(), !post.html.contains("<a class=\"mention\""));
    let _ = plain_text(&post.html);
});
