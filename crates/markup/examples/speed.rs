//! How long rendering takes: `cargo run --release -p folkmoot-markup --example speed`.
#![expect(clippy::print_stdout, reason = "a tool for the terminal")]

use std::hint::black_box;
use std::time::Instant;

use folkmoot_markup::{Context, Flavour, Mention, render};

const SHORT: &str = "Thanks @ann, that *works* for me: https://ex.org/a?b=c.\n\nShall I close this?";

/// An ordinary longer post: 1.3 KB with a quote, a list, code, links and a picture.
const ORDINARY: &str = "> [@bob](post:1234567):\n> Does the player still fall through the floor on the second level?\n\n\
    Yes, but only when the physics step is longer than a frame. I have looked at **three** things:\n\n\
    1. the collision mask, which is *right*;\n2. the thickness of the floor (`0.01`), which is not;\n\
    3. what @ann wrote in [the manual](https://forum.example/t/42) about continuous collision.\n\n\
    So this is what helped here:\n\n```cpp\nvoid Player::Start()\n{\n    auto* body = node_->CreateComponent<RigidBody>();\n\
    \x20   body->SetMass(1.0f);\n    body->SetCcdRadius(0.3f);\n    body->SetCcdMotionThreshold(0.1f);\n}\n```\n\n\
    ![The floor](https://pics.example/floor.png)\n\n| step | falls |\n|-----:|:------|\n| 1/30 | often |\n| 1/60 | never |\n\n\
    It costs a little time, as https://docs.example/physics#ccd says, but on my machine it can't be measured. If somebody \
    has a slower one (a phone?), I would like to know what it does there. The whole project is in the attachment of my \
    first post; the scene is `Level2.xml`. Nothing else has to be changed, I think.\n\nBy the way: the same thing happens \
    with boxes that are thrown at a wall. There the radius has to be about half of the smallest side of the box, or they \
    go through it at high speed; with much larger ones they stop before they touch it, which looks wrong.\n";

fn main() {
    let mentions =
        |name: &str| Some(Mention { id: "7".into(), nickname: name.into(), url: format!("/people/{name}") });
    let base_urls = ["https://forum.example".to_owned()];
    let html = |source| {
        render(source, &Context { flavour: Flavour::Markdown, mentions: &mentions, base_urls: &base_urls })
            .html
    };
    let rendered = html(ORDINARY);
    for (name, source, flavour) in [
        ("a short post", SHORT, Flavour::Markdown),
        ("an ordinary post", ORDINARY, Flavour::Markdown),
        ("the same as HTML", &rendered, Flavour::Html),
    ] {
        let context = Context { flavour, mentions: &mentions, base_urls: &base_urls };
        println!(
            "{name}: {} bytes, {:.1} µs",
            source.len(),
            median_micros(|| drop(black_box(render(source, &context))))
        );
    }
}

/// The median of 2,000 runs.
fn median_micros(mut run: impl FnMut()) -> f64 {
    let mut times: Vec<_> = (0..2_000)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .collect();
    times.sort();
    times[times.len() / 2].as_secs_f64() * 1e6
}
