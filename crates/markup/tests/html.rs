//! What becomes of posts that were written elsewhere.

use folkmoot_markup::{Context, Flavour, Mention, Rendered, mentioned_names, plain_text, render};

fn rendered(source: &str) -> Rendered {
    let base_urls = ["https://forum.example".to_owned()];
    let mentions = |name: &str| {
        let known = name.eq_ignore_ascii_case("ann");
        known.then(|| Mention { id: "7".into(), nickname: "Ann".into(), url: "/people/Ann".into() })
    };
    render(source, &Context { flavour: Flavour::Html, mentions: &mentions, base_urls: &base_urls })
}

/// Renders, and renders what came out, which must change nothing.
#[track_caller]
fn shows(source: &str, html: &str) {
    assert_eq!(rendered(source).html, html, "\nsource: {source}");
    assert_eq!(rendered(html).html, html, "rendered again");
}

const REL: &str = r#"rel="nofollow noopener ugc""#;

#[test]
fn plain_elements_pass_without_their_attributes() {
    shows(
        "<p class=x style='color:red' onclick=y id=z>a <b>b</b> <strike>c</strike></p>",
        "<p>a <b>b</b> <s>c</s></p>",
    );
    shows("loose <i>words</i><p>and</p>more", "<p>loose <i>words</i></p><p>and</p><p>more</p>");
    shows("<h1>A</h1><h2>B</h2><h5>C</h5>", "<h3>A</h3><h4>B</h4><h5>C</h5>");
    shows("<center><font color=red><big>a</big></font></center>", "<p>a</p>");
    shows(
        "<abbr title='For  example'>e.g.</abbr> <kbd>x</kbd><q>y</q>",
        "<p><abbr title=\"For example\">e.g.</abbr> <kbd>x</kbd>“y”</p>",
    );
    shows("<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>", "<p>漢(kan)</p>");
    shows("a<!-- hidden --><svg><use xlink:href=#x></use></svg><script>x</script>b", "<p>ab</p>");
}

#[test]
fn blocks_never_stand_in_paragraphs() {
    shows("<p>a<br><ul><li>b</ul>c</p>", "<p>a</p><ul><li>b</li></ul><p>c</p>");
    shows("<b>a<p>b</p>c</b>", "<p><b>a</b></p><p><b>b</b></p><p><b>c</b></p>");
    shows("<h2>a<p>b</p></h2>", "<h3>a b</h3>");
    shows("<li>a</li><td>b</td>", "<p>a</p><p>b</p>");
}

#[test]
fn lines_do_not_run_together() {
    shows("<ul><li>a<div>b</div>c<br><div>d</div></ul>", "<ul><li>a<br>b<br>c<br>d</li></ul>");
    shows(
        "<ul><li><b>a<div>b</div></b><ul><li>c</ul>d</ul>",
        "<ul><li><b>a<br>b</b><ul><li>c</li></ul>d</li></ul>",
    );
    shows("<h2>a<div>b</div></h2>c<div>d</div>", "<h3>a b</h3><p>c</p><p>d</p>");
}

#[test]
fn lists_and_tables_stay_whole() {
    shows(
        "<ol start=3><li>a<li><p>b</p><p>c</p></ol>",
        "<ol start=\"3\"><li>a</li><li><p>b</p><p>c</p></li></ol>",
    );
    shows("<dl><dt>a<dd>b</dl>", "<dl><dt>a</dt><dd>b</dd></dl>");
    shows(
        "<div class='md-table'><table><caption>t</caption><tr><th style='text-align:center'>a<td colspan=2>b</table></div>",
        "<p>t</p><div class=\"table\"><table><tbody><tr><th class=\"align-center\">a</th><td colspan=\"2\">b</td></tr></tbody></table></div>",
    );
    shows(
        "<ul><li><span class='chcklst-box checked fa'></span> done <li><span class='chcklst-box fa'></span> not</ul>",
        "<ul><li><input type=\"checkbox\" disabled checked> done</li><li><input type=\"checkbox\" disabled> not</li></ul>",
    );
}

#[test]
fn code_keeps_every_byte() {
    let post = rendered(
        "<pre><code class=\"lang-cpp\">#include &lt;a&gt;\n\n\tif (<span class=hljs>x</span>)\n</code></pre>",
    );
    assert_eq!(post.html, "<pre><code class=\"language-cpp\">#include &lt;a&gt;\n\n\tif (x)\n</code></pre>");
    assert!(post.has_code);
    shows("<pre><code class=\"lang-auto\">a</code></pre>", "<pre><code>a</code></pre>");
    shows("<pre>\n\na</pre>", "<pre><code>\na</code></pre>");
    shows(
        "<pre class=onebox><code class=lang-h><ol class='start lines' start=7><li>a</li><li>b</li></ol></code></pre>",
        "<pre><code class=\"language-h\">a\nb\n</code></pre>",
    );
}

#[test]
fn a_quote_keeps_its_author_and_where_it_was_from() {
    let source = "<aside class=\"quote no-group\" data-username=\"bob\" data-post=\"4\" data-topic=\"64\"><div class=\"title\">\n\
                  <div class=\"quote-controls\"></div><img class=avatar src=//x/y.png> bob:</div>\n\
                  <blockquote>\n<p>words</p>\n</blockquote></aside><p>Yes.</p>";
    shows(
        source,
        "<blockquote class=\"quote\" data-author=\"bob\" data-source-topic=\"64\" data-source-post=\"4\">\
         <p class=\"cite\"><a href=\"/t/-/64/4\">bob</a></p><p>words</p></blockquote><p>Yes.</p>",
    );
    assert_eq!(rendered(source).excerpt, "Yes.");
    shows(
        "<aside class=quote><div class=title> Bob B.:</div><blockquote>a</blockquote></aside>",
        "<blockquote class=\"quote\" data-author=\"Bob B.\"><p class=\"cite\">Bob B.</p><p>a</p></blockquote>",
    );
    shows(
        "<aside class=quote data-post=1 data-topic=9><div class=title><a href='https://old.example/t/x/9'>Cats</a> \
         <a class='badge-wrapper' href=/c/1>Pets</a></div><blockquote>a</blockquote></aside>",
        &format!(
            "<blockquote class=\"quote\" data-source-topic=\"9\" data-source-post=\"1\"><p class=\"cite\">\
             <a href=\"https://old.example/t/x/9\" {REL}>Cats</a></p><p>a</p></blockquote>"
        ),
    );
}

#[test]
fn a_quote_without_words_for_its_source_gets_some() {
    let cited =
        "<blockquote class=\"quote\" data-author=\"bob\"><p class=\"cite\">bob</p><p>a</p></blockquote>";
    shows("<blockquote class=quote data-author=bob><p>a</p></blockquote>", cited);
    shows(
        "<blockquote class=quote data-author=bob><p class=cite><a href=/x></a></p><p>a</p></blockquote>",
        cited,
    );
    shows(
        "<aside class=quote><div class=title><a href=/x><details>b</details></a></div><blockquote>a</blockquote></aside>",
        "<blockquote class=\"quote\"><p class=\"cite\"><a href=\"/x\">b</a></p><p>a</p></blockquote>",
    );
    shows(&format!("<b>{cited}</b>"), &cited.replace("<p>a</p>", "<p><b>a</b></p>"));
    shows(
        "<aside class=quote data-topic=6 data-post=4><div class=title><a href=/x></a></div><blockquote>a</blockquote></aside>",
        "<blockquote class=\"quote\" data-source-topic=\"6\" data-source-post=\"4\"><p class=\"cite\">\
         <a href=\"/t/-/6/4\">…</a></p><p>a</p></blockquote>",
    );
}

#[test]
fn mentions_find_their_accounts() {
    let source = "<p><a class=mention href=/u/ann>@ann</a>, <span class=mention>@bob</span>, @ann</p>";
    let post = rendered(source);
    assert_eq!(
        post.html,
        "<p><a class=\"mention\" href=\"/people/Ann\" data-user=\"7\">@Ann</a>, <span class=\"mention\">@bob</span>, @ann</p>"
    );
    assert_eq!(post.mentions, ["7"]);
    assert_eq!(mentioned_names(source, Flavour::Html), ["ann", "bob"]);
    assert_eq!(mentioned_names(&post.html, Flavour::Html), ["Ann", "bob"]);
}

#[test]
fn pictures_wait_and_keep_their_place() {
    shows(
        "<div class=lightbox-wrapper><a class=lightbox href=https://cdn.example/full.png><img src=https://cdn.example/small.png \
         alt='A  cat' width=690 height=354><div class=meta><span class=informations>800×411</span></div></a></div>",
        "<p><button type=\"button\" class=\"remote-image\" data-src=\"https://cdn.example/small.png\" \
         data-link=\"https://cdn.example/full.png\" data-width=\"690\" data-height=\"354\"><span class=\"alt\">A cat</span> \
         <span class=\"host\">cdn.example</span></button></p>",
    );
    shows(
        "<a href=https://ex.org>a <img src=//cdn.example/b.png> c</a>",
        &format!(
            "<p><a href=\"https://ex.org\" {REL}>a c</a><button type=\"button\" class=\"remote-image\" \
             data-src=\"//cdn.example/b.png\"><span class=\"host\">cdn.example</span></button></p>"
        ),
    );
    shows(
        "<img src='https://forum.example/media/1.png' alt=x width=3 height=0>",
        "<p><img src=\"https://forum.example/media/1.png\" alt=\"x\" loading=\"lazy\" decoding=\"async\"></p>",
    );
    shows("<img src=data:image/png,x alt=words><img alt=more>", "<p>wordsmore</p>");
    shows("<img src='\u{b}\u{8}' alt=words><a href='\u{8}'>x</a>", "<p>wordsx</p>");
}

#[test]
fn emoji_pictures_become_characters() {
    shows(
        "Hi <img class=emoji src=//x title=':slight_smile:' alt=':slight_smile:'><img class='emoji emoji-custom' title=':club:x'>",
        "<p>Hi 🙂:club:x</p>",
    );
}

#[test]
fn a_onebox_becomes_a_card_without_pictures() {
    shows(
        "<aside class='onebox githubblob'><header class=source><img class=site-icon src=//x/i.png>\
         <a href=https://ex.org/a target=_blank>ex.org</a></header><article class=onebox-body><a href=https://ex.org><img src=//x/t.png></a>\
         <h3><a href=https://ex.org/a>Title</a></h3><p>Words</p><pre><code class=lang-c>x</code></pre></article>\
         <div class=onebox-metadata></div></aside>",
        &format!(
            "<blockquote class=\"linkcard\"><p class=\"source\"><a href=\"https://ex.org/a\" {REL}>ex.org</a></p>\
             <p class=\"title\"><a href=\"https://ex.org/a\" {REL}>Title</a></p><p>Words</p>\
             <pre><code class=\"language-c\">x</code></pre></blockquote>"
        ),
    );
}

#[test]
fn a_poll_keeps_its_options() {
    shows(
        "<div class=poll data-poll-status=open><div><div class=poll-title>Tea?</div><div class=poll-container><ul>\
         <li data-poll-option-id=1>Yes</li><li data-poll-option-id=2>No</li></ul></div><div class=poll-info>0 voters</div></div></div>",
        "<blockquote class=\"poll\"><p>Tea?</p><ul><li>Yes</li><li>No</li></ul>\
         <p class=\"note\">A poll. Its votes were not kept.</p></blockquote>",
    );
}

#[test]
fn spoilers_stay_closed() {
    shows(
        "<p>It was <span class=spoiler>Bob</span>.</p>",
        "<p>It was</p><details><summary>Spoiler</summary><p>Bob</p></details><p>.</p>",
    );
    assert_eq!(rendered("<p>It was</p><div class=spoiled><p>Bob</p></div>").excerpt, "It was");
    shows(
        "<details open><summary>More</summary>a</details>",
        "<details><summary>More</summary><p>a</p></details>",
    );
    shows("<details>a</details>", "<details><summary>Details</summary><p>a</p></details>");
}

#[test]
fn players_become_links() {
    for (player, href, shown) in [
        ("<iframe src='https://v.example/1' title='A film'></iframe>", "https://v.example/1", "A film"),
        (
            "<div class=lazyYT data-youtube-id=abc data-youtube-title='Cats'></div>",
            "https://www.youtube.com/watch?v=abc",
            "Cats",
        ),
        (
            "<div class='youtube-onebox lazy-video-container' data-video-id=abc data-video-title=Cats data-provider-name=youtube>\
             <a href='https://youtu.be/abc'><img src=//x/t.jpg></a></div>",
            "https://youtu.be/abc",
            "Cats",
        ),
        (
            "<video controls><source src=https://v.example/a.mp4></source></video>",
            "https://v.example/a.mp4",
            "https://v.example/a.mp4",
        ),
        ("<audio><source src=/a.ogg><a href=/a.ogg>song</a></audio>", "/a.ogg", "song"),
        ("<div class=video-placeholder-container data-video-src=/v.mp4></div>", "/v.mp4", "/v.mp4"),
    ] {
        let rel = if href.starts_with('/') { String::new() } else { format!(" {REL}") };
        shows(player, &format!("<p><a href=\"{href}\"{rel}>{shown}</a></p>"));
    }
    shows("<iframe src=javascript:x></iframe><object data='data:x'></object>a", "<p>a</p>");
}

#[test]
fn what_discourse_marks_with_classes_is_understood() {
    shows(
        "<span class=bbcode-b>a</span> <span class=bbcode-i>b</span> <span class=bbcode-u>c</span> <span class=bbcode-s>d</span>",
        "<p><strong>a</strong> <em>b</em> <u>c</u> <s>d</s></p>",
    );
    shows("in <span class=math>{dir}/</span>{file}", "<p>in ${dir}/${file}</p>");
    shows("<div class=math>\na^2\n</div>", "<pre><code class=\"language-math\">\na^2\n</code></pre>");
    shows(
        "a<sup class=footnote-ref><a href=#footnote-1 id=x>[1]</a></sup><hr class=footnotes-sep><ol class=footnotes-list>\
         <li id=footnote-1><p>b <a href=#footnote-ref-1 class=footnote-backref>↩︎</a></p></ol>",
        "<p>a<sup>[1]</sup></p><hr><ol><li><p>b</p></li></ol>",
    );
    shows("<h2><a name=x class=anchor href=#x></a>A</h2>", "<h3>A</h3>");
    shows(
        "<a class='hashtag-cooked' href=/c/pets><svg></svg><span>pets</span></a>",
        "<p><a href=\"/c/pets\">pets</a></p>",
    );
    shows("on <span class=discourse-local-date data-date=2020-01-02>Jan 2</span>", "<p>on Jan 2</p>");
    shows("<div data-wrap=x class=d-wrap>a</div>", "<p>a</p>");
}

#[test]
fn plain_text_has_a_line_for_each_block() {
    let html =
        rendered("<p>a <b>b</b><br>c</p><pre><code>d\n  e</code></pre><ul><li>f</ul><img src=//x/y alt=g>")
            .html;
    assert_eq!(plain_text(&html), "a b\nc\nd\n  e\nf\ng");
    assert_eq!(plain_text("<script>x</script>1 &lt; 2"), "1 < 2");
}
