//! What people write, and what they see.

use folkmoot_markup::{Context, Flavour, Mention, Rendered, mentioned_names, render};

fn rendered(source: &str) -> Rendered {
    let base_urls = ["https://forum.example".to_owned()];
    let mentions = |name: &str| {
        let known = name.eq_ignore_ascii_case("ann");
        known.then(|| Mention { id: "7".into(), nickname: "Ann".into(), url: "/people/Ann".into() })
    };
    render(source, &Context { flavour: Flavour::Markdown, mentions: &mentions, base_urls: &base_urls })
}

#[track_caller]
fn shows(source: &str, html: &str) {
    assert_eq!(rendered(source).html, html, "\nsource: {source}");
}

const REL: &str = r#"rel="nofollow noopener ugc""#;

#[test]
fn words_can_be_marked() {
    shows(
        "Hello *Ann*, **dear** ~~Bob~~ `a  b`",
        "<p>Hello <em>Ann</em>, <strong>dear</strong> <del>Bob</del> <code>a  b</code></p>",
    );
    shows("one\ntwo  \nthree\n\nfour", "<p>one<br>two<br>three</p><p>four</p>");
}

#[test]
fn the_largest_heading_stays_below_those_of_the_page() {
    shows("# A\n## B\n# C", "<h3>A</h3><h4>B</h4><h3>C</h3>");
    shows("#### A\n###### *B*", "<h3>A</h3><h4><em>B</em></h4>");
}

#[test]
fn lists_can_count_nest_and_show_tasks() {
    shows("- a\n- b\n  1. c", "<ul><li>a</li><li>b<ol><li>c</li></ol></li></ul>");
    shows("7. a\n\n8. b", r#"<ol start="7"><li><p>a</p></li><li><p>b</p></li></ol>"#);
    shows(
        "- [x] done\n- [ ] not yet",
        r#"<ul><li><input type="checkbox" disabled checked> done</li><li><input type="checkbox" disabled> not yet</li></ul>"#,
    );
}

#[test]
fn tables_align_their_columns() {
    shows(
        "| a | b |\n|:--|--:|\n| *c* | d |",
        "<div class=\"table\"><table><thead><tr><th class=\"align-left\">a</th><th class=\"align-right\">b</th></tr></thead>\
         <tbody><tr><td class=\"align-left\"><em>c</em></td><td class=\"align-right\">d</td></tr></tbody></table></div>",
    );
}

#[test]
fn code_keeps_every_byte_and_its_language() {
    let post = rendered("```c++ title=x\nif (a < b && \"c\")\n\n\t@ann http://ex.org\n```");
    assert_eq!(
        post.html,
        "<pre><code class=\"language-c++\">if (a &lt; b &amp;&amp; &quot;c&quot;)\n\n\t@ann http://ex.org\n</code></pre>"
    );
    assert!(post.has_code && post.mentions.is_empty() && post.links.is_empty());
}

#[test]
fn html_is_shown_as_it_was_written() {
    shows(
        "I like Vector<int> &amp; <b>you</b>",
        "<p>I like Vector&lt;int&gt; &amp; &lt;b&gt;you&lt;/b&gt;</p>",
    );
    shows("<div>\n  *hello*\n</div>", "<p>&lt;div&gt;<br>  *hello*<br>&lt;/div&gt;</p>");
}

#[test]
fn links_lead_to_the_web_and_to_mailboxes_only() {
    shows("[a](https://ex.org \"T\")", &format!(r#"<p><a href="https://ex.org" title="T" {REL}>a</a></p>"#));
    shows("[a](https://forum.example/t/1)", r#"<p><a href="https://forum.example/t/1">a</a></p>"#);
    shows(
        "[a](/t/1) <ann@ex.org>",
        r#"<p><a href="/t/1">a</a> <a href="mailto:ann@ex.org">ann@ex.org</a></p>"#,
    );
    shows("[a](javascript:alert(1)) <irc://x>", "<p>a irc://x</p>");
    shows("[](/t/1)", r#"<p><a href="/t/1">/t/1</a></p>"#);
}

#[test]
fn bare_addresses_become_links() {
    let post = rendered("See https://ex.org/a_b_c, (www.ex.org) and ann@ex.org.\n\n`https://no.example`");
    assert_eq!(
        post.html,
        format!(
            "<p>See <a href=\"https://ex.org/a_b_c\" {REL}>https://ex.org/a_b_c</a>, (<a href=\"http://www.ex.org\" {REL}>\
             www.ex.org</a>) and <a href=\"mailto:ann@ex.org\">ann@ex.org</a>.</p><p><code>https://no.example</code></p>"
        )
    );
    assert_eq!(post.links, ["https://ex.org/a_b_c", "http://www.ex.org"]);
}

#[test]
fn a_mention_leads_to_the_account_and_uses_its_spelling() {
    let post = rendered("Thanks @ann. And @ANN, @nobody, \\@ann, `@ann`, [@ann](/x)!");
    assert_eq!(
        post.html,
        "<p>Thanks <a class=\"mention\" href=\"/people/Ann\" data-user=\"7\">@Ann</a>. And <a class=\"mention\" \
         href=\"/people/Ann\" data-user=\"7\">@Ann</a>, @nobody, @ann, <code>@ann</code>, <a href=\"/x\">@ann</a>!</p>"
    );
    assert_eq!(post.mentions, ["7"]);
    assert!(rendered("> [@bob](post:1):\n> @ann, look").mentions.is_empty());
    assert_eq!(rendered("> @ann, look").mentions, ["7"]);
    assert_eq!(mentioned_names("@bob_b @ann @bob_b `@cat`", Flavour::Markdown), ["bob_b", "ann"]);
}

#[test]
fn a_quote_says_whose_words_it_holds() {
    let post = rendered("> [@ann_b](post:42):\n> Cats\n> > purr\n\nYes");
    assert_eq!(
        post.html,
        "<blockquote class=\"quote\" data-post=\"42\" data-author=\"ann_b\"><p class=\"cite\"><a href=\"/p/42\">ann_b</a></p>\
         <p>Cats</p><blockquote><p>purr</p></blockquote></blockquote><p>Yes</p>"
    );
    assert_eq!((post.quotes, post.excerpt), (vec!["42".to_owned()], "Yes".to_owned()));
    shows(
        "> [@ann](post:42):\n>\n> Cats",
        "<blockquote class=\"quote\" data-post=\"42\" data-author=\"ann\"><p class=\"cite\"><a href=\"/p/42\">ann</a></p>\
         <p>Cats</p></blockquote>",
    );
    shows("> [@bob](post:4x): hm", "<blockquote><p>@bob: hm</p></blockquote>");
}

#[test]
fn pictures_of_other_hosts_wait_for_a_click() {
    let post = rendered("![A cat](https://pics.example/c.png \"Tom\")");
    assert_eq!(
        post.html,
        "<p><button type=\"button\" class=\"remote-image\" data-src=\"https://pics.example/c.png\" title=\"Tom\">\
         <span class=\"alt\">A cat</span> <span class=\"host\">pics.example</span></button></p>"
    );
    assert!(post.has_images);
    shows(
        "![A *cat*](/media/1.png)",
        "<p><img src=\"/media/1.png\" alt=\"A cat\" loading=\"lazy\" decoding=\"async\"></p>",
    );
    shows(
        "[![build](https://ci.example/b.svg)](https://ci.example/)",
        "<p><button type=\"button\" class=\"remote-image\" data-src=\"https://ci.example/b.svg\" \
         data-link=\"https://ci.example/\"><span class=\"alt\">build</span> <span class=\"host\">ci.example</span></button></p>",
    );
    shows("![x](data:image/png;base64,AA)", "<p>x</p>");
}

#[test]
fn an_excerpt_is_the_first_words() {
    let post = rendered(&format!(
        "# Title\n\n> [@ann](post:1):\n> hers\n\n- **one**\n- two\n\n{}",
        "word ".repeat(90)
    ));
    assert!(post.excerpt.starts_with("Title one two word word"), "{}", post.excerpt);
    assert!(post.excerpt.ends_with("word…") && post.excerpt.chars().count() <= 200);
}
