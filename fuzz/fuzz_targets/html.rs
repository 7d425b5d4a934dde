//! Whatever HTML comes in, only the vocabulary comes out, and it is settled: rendered again it stays as it is.
#![no_main]

#[path = "../../crates/markup/tests/support/vocabulary.rs"]
mod vocabulary;

use folkmoot_markup::{Context, Flavour, Mention, plain_text, render};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|source: &str| {
    let base_urls = ["https://forum.example".to_owned()];
    let mentions = |name: &str| {
        let known = name.starts_with('a');
        known.then(|| Mention { id: "7".into(), nickname: name.into(), url: format!("/people/{name}") })
    };
    let context = Context { flavour: Flavour::Html, mentions: &mentions, base_urls: &base_urls };
    let post = render(source, &context);
    assert_eq!(vocabulary::violations(&post.html), Vec::<String>::new(), "{}", post.html);
    assert!(post.excerpt.chars().count() <= 200, "{}", post.excerpt);
    assert!(post.html.len() <= 1_000 + 60 * source.len(), "{} bytes from {}", post.html.len(), source.len());
    assert_eq!(render(&post.html, &context).html, post.html);
    let _ = plain_text(source);
});
