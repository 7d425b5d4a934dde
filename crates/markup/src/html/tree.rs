//! HTML text to a tree, in linear time whatever the input.
//!
//! The tokens are html5ever's. Its tree builder is not used: hostile nesting makes it quadratic, and formatting that is
//! opened and never closed multiplies. What we build needs no more than end tags that find their start tags and the
//! usual omitted ones; the writer then sees to valid nesting.

use std::cell::RefCell;
use std::collections::HashMap;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use html5ever::{Attribute, LocalName};

/// Elements deeper than this lose their tags; their contents stay. Bounds the recursion of whoever walks the tree.
const DEEPEST: usize = 100;
/// How many open elements an end tag looks through for its start tag.
const FARTHEST: usize = 128;

/// A node of the tree.
pub(crate) enum Node {
    Text(StrTendril),
    Element(Element),
}

/// An element with its attributes and the places of its children in [`Tree::nodes`].
pub(crate) struct Element {
    pub(crate) name: LocalName,
    attributes: Vec<Attribute>,
    pub(crate) children: Vec<u32>,
}

impl Element {
    /// The value of an attribute.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|attribute| &*attribute.name.local == name)
            .map(|attribute| &*attribute.value)
    }

    /// The classes, in order.
    pub(crate) fn classes(&self) -> impl Iterator<Item = &str> {
        self.attribute("class").unwrap_or_default().split_ascii_whitespace()
    }

    pub(crate) fn has_class(&self, class: &str) -> bool {
        self.classes().any(|own| own == class)
    }

    pub(crate) fn is(&self, name: &str) -> bool {
        &*self.name == name
    }
}

/// A parsed fragment. Node 0 is its root.
pub(crate) struct Tree {
    nodes: Vec<Node>,
}

impl Tree {
    /// Parses a fragment of HTML.
    pub(crate) fn parse(html: &str) -> Self {
        let tokenizer = Tokenizer::new(Builder::new(), TokenizerOpts::default());
        let input = BufferQueue::default();
        input.push_back(StrTendril::from_slice(html));
        let _ = tokenizer.feed(&input);
        tokenizer.end();
        let Growing { nodes, .. } = tokenizer.sink.growing.into_inner();
        Self { nodes }
    }

    /// The root, which stands for the fragment.
    pub(crate) fn root(&self) -> Option<&Element> {
        self.nodes.first().and_then(|node| match node {
            Node::Element(root) => Some(root),
            Node::Text(_) => None,
        })
    }

    /// The children of an element, in order.
    pub(crate) fn children<'a>(&'a self, element: &'a Element) -> impl Iterator<Item = &'a Node> {
        element.children.iter().filter_map(|&child| self.nodes.get(child as usize))
    }

    /// The child elements, in order.
    pub(crate) fn child_elements<'a>(&'a self, element: &'a Element) -> impl Iterator<Item = &'a Element> {
        self.children(element).filter_map(|node| match node {
            Node::Element(child) => Some(child),
            Node::Text(_) => None,
        })
    }

    /// The first element below that the test picks, in reading order.
    pub(crate) fn find<'a>(
        &'a self,
        element: &'a Element,
        test: &dyn Fn(&Element) -> bool,
    ) -> Option<&'a Element> {
        self.child_elements(element)
            .find_map(|child| if test(child) { Some(child) } else { self.find(child, test) })
    }

    /// All text below, joined.
    pub(crate) fn text(&self, element: &Element) -> String {
        let mut out = String::new();
        self.collect_text(element, &mut out);
        out
    }

    fn collect_text(&self, element: &Element, out: &mut String) {
        for child in self.children(element) {
            match child {
                Node::Text(text) => out.push_str(text),
                Node::Element(child) => self.collect_text(child, out),
            }
        }
    }
}

/// Takes the tokens. They come by shared reference, hence the cell.
struct Builder {
    growing: RefCell<Growing>,
}

struct Growing {
    nodes: Vec<Node>,
    /// Open elements, the root first; one too deep or not kept has no node of its own.
    open: Vec<Open>,
    /// How many of each name are open.
    counts: HashMap<LocalName, usize>,
    /// The last token was `<pre>`: a line feed right after it does not count.
    after_pre: bool,
}

struct Open {
    name: LocalName,
    /// Where its children go.
    node: u32,
}

impl Builder {
    fn new() -> Self {
        let root = Element { name: LocalName::from(""), attributes: Vec::new(), children: Vec::new() };
        Self {
            growing: RefCell::new(Growing {
                nodes: vec![Node::Element(root)],
                open: vec![Open { name: LocalName::from(""), node: 0 }],
                counts: HashMap::new(),
                after_pre: false,
            }),
        }
    }
}

impl TokenSink for Builder {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut growing = self.growing.borrow_mut();
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => return growing.start(tag),
            Token::TagToken(tag) => growing.end(&tag.name),
            Token::CharacterTokens(text) => growing.text(text),
            Token::NullCharacterToken => growing.text(StrTendril::from_slice("\u{FFFD}")),
            Token::DoctypeToken(_) | Token::CommentToken(_) | Token::EOFToken | Token::ParseError(_) => {}
        }
        TokenSinkResult::Continue
    }
}

impl Growing {
    fn start(&mut self, tag: Tag) -> TokenSinkResult<()> {
        self.close_omitted(&tag.name);
        let parent = self.open.last().map_or(0, |open| open.node);
        let name = tag.name;
        let node = if self.open.len() <= DEEPEST {
            self.append(Node::Element(Element {
                name: name.clone(),
                attributes: tag.attrs,
                children: Vec::new(),
            }))
        } else {
            parent
        };
        if !is_void(&name) {
            *self.counts.entry(name.clone()).or_default() += 1;
            self.open.push(Open { name: name.clone(), node });
        }
        self.after_pre = matches!(&*name, "pre" | "listing");
        match &*name {
            "script" => TokenSinkResult::RawData(RawKind::ScriptData),
            "style" | "xmp" | "iframe" | "noembed" | "noframes" => TokenSinkResult::RawData(RawKind::Rawtext),
            "textarea" | "title" => TokenSinkResult::RawData(RawKind::Rcdata),
            "plaintext" => TokenSinkResult::Plaintext,
            _ => TokenSinkResult::Continue,
        }
    }

    fn end(&mut self, name: &LocalName) {
        self.after_pre = false;
        if self.counts.get(name).is_none_or(|&count| count == 0) {
            return;
        }
        let fence = !is_table_part(name);
        let found = self
            .open
            .iter()
            .rev()
            .take(FARTHEST)
            .take_while(|open| !(fence && is_table_part(&open.name)))
            .position(|open| open.name == *name);
        for _ in 0..found.map_or(0, |above| above + 1) {
            self.pop();
        }
    }

    fn text(&mut self, mut text: StrTendril) {
        if std::mem::take(&mut self.after_pre) && text.starts_with('\n') {
            text.pop_front(1);
        }
        if text.is_empty() {
            return;
        }
        self.append(Node::Text(text));
    }

    /// Adds a node to the innermost open element and gives its place.
    fn append(&mut self, node: Node) -> u32 {
        let place = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        let parent = self.open.last().map_or(0, |open| open.node);
        self.nodes.push(node);
        if let Some(Node::Element(parent)) = self.nodes.get_mut(parent as usize) {
            parent.children.push(place);
        }
        place
    }

    fn pop(&mut self) {
        if let Some(open) = self.open.pop()
            && let Some(count) = self.counts.get_mut(&open.name)
        {
            *count -= 1;
        }
    }

    /// Closes what a start tag of that name ends without an end tag: `<li>` the item before it, and so on.
    fn close_omitted(&mut self, name: &LocalName) {
        let (closes, within): (&[&str], &[&str]) = match &**name {
            "li" => (&["li"], &["ul", "ol", "menu"]),
            "dt" | "dd" => (&["dt", "dd"], &["dl"]),
            "tr" => (&["tr", "td", "th"], &["table"]),
            "td" | "th" => (&["td", "th"], &["tr", "table"]),
            "thead" | "tbody" | "tfoot" => {
                (&["thead", "tbody", "tfoot", "tr", "td", "th", "caption"], &["table"])
            }
            "option" => (&["option"], &["select"]),
            "p" => (&["p"], &[]),
            _ => return,
        };
        if name == "p" {
            // Only a paragraph that is the innermost block: others end in the writer.
            let place = self.open.iter().rev().take(FARTHEST).position(|open| !is_inline(&open.name));
            if let Some(above) = place
                && self.open[self.open.len() - 1 - above].name == *name
            {
                (0..=above).for_each(|_| self.pop());
            }
            return;
        }
        let mut reach = 0;
        for (above, open) in self.open.iter().rev().take(FARTHEST).enumerate() {
            if within.contains(&&*open.name) {
                break;
            }
            if closes.contains(&&*open.name) {
                reach = above + 1;
            }
        }
        (0..reach).for_each(|_| self.pop());
    }
}

fn is_void(name: &LocalName) -> bool {
    matches!(
        &**name,
        "area"
            | "base"
            | "basefont"
            | "bgsound"
            | "br"
            | "col"
            | "embed"
            | "frame"
            | "hr"
            | "img"
            | "input"
            | "keygen"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}

fn is_table_part(name: &LocalName) -> bool {
    matches!(&**name, "table" | "thead" | "tbody" | "tfoot" | "tr" | "td" | "th" | "caption")
}

fn is_inline(name: &LocalName) -> bool {
    matches!(
        &**name,
        "a" | "abbr"
            | "b"
            | "bdi"
            | "bdo"
            | "big"
            | "cite"
            | "code"
            | "del"
            | "em"
            | "font"
            | "i"
            | "ins"
            | "kbd"
            | "mark"
            | "q"
            | "s"
            | "samp"
            | "small"
            | "span"
            | "strike"
            | "strong"
            | "sub"
            | "sup"
            | "tt"
            | "u"
            | "var"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree as text: `name(children)`.
    fn shape(html: &str) -> String {
        fn write(tree: &Tree, element: &Element, out: &mut String) {
            for child in tree.children(element) {
                match child {
                    Node::Text(text) => out.push_str(text),
                    Node::Element(child) => {
                        out.push_str(&child.name);
                        out.push('(');
                        write(tree, child, out);
                        out.push(')');
                    }
                }
            }
        }
        let tree = Tree::parse(html);
        let mut out = String::new();
        write(&tree, tree.root().unwrap(), &mut out);
        out
    }

    #[test]
    fn omitted_end_tags_are_understood() {
        for (html, wanted) in [
            ("<ul><li>a<li>b<ul><li>c</ul><li>d</ul>", "ul(li(a)li(bul(li(c)))li(d))"),
            ("<p>a<p>b<b>c<p>d", "p(a)p(bb(c))p(d)"),
            ("<table><tr><td>a<td>b<tr><th>c</table>d", "table(tr(td(a)td(b))tr(th(c)))d"),
            ("<dl><dt>a<dd>b<dt>c</dl>", "dl(dt(a)dd(b)dt(c))"),
            ("a<br>b</br>c<hr/>", "abr()bchr()"),
            ("<b>a</i>b</b>c", "b(ab)c"),
            ("<table><tr><td></b></table>x", "table(tr(td()))x"),
            ("<pre>\n\na</pre>", "pre(\na)"),
        ] {
            assert_eq!(shape(html), wanted, "{html}");
        }
    }

    #[test]
    fn text_of_scripts_never_becomes_elements() {
        assert_eq!(shape("<script><b>a</b></script>x"), "script(<b>a</b>)x");
        assert_eq!(shape("<title><img src=x></title>y"), "title(<img src=x>)y");
        assert_eq!(shape("<!-- <b>a --><![CDATA[<i>]]>z"), "]]>z");
    }

    #[test]
    fn depth_is_bounded_and_nothing_is_lost() {
        let html = format!("{}x{}y", "<div>".repeat(5_000), "</div>".repeat(5_000));
        let shape = shape(&html);
        assert!(shape.ends_with('y') && shape.contains('x'));
        let deepest = shape.bytes().scan(0_i32, |depth, byte| {
            *depth += match byte {
                b'(' => 1,
                b')' => -1,
                _ => 0,
            };
            Some(*depth)
        });
        assert_eq!(deepest.max(), Some(i32::try_from(DEEPEST).unwrap()));
    }
}
