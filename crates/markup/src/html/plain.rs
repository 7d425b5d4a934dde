//! The words of HTML without its markup.

use super::tree::{Element, Node, Tree};

/// See [`crate::plain_text`].
pub(crate) fn plain_text(html: &str) -> String {
    let tree = Tree::parse(html);
    let mut out = String::with_capacity(html.len() / 2);
    if let Some(root) = tree.root() {
        write(&tree, root, false, &mut out);
    }
    out.truncate(out.trim_end().len());
    out
}

fn write(tree: &Tree, element: &Element, code: bool, out: &mut String) {
    for child in tree.children(element) {
        match child {
            Node::Text(text) if code => out.push_str(text),
            Node::Text(text) => flow(text, out),
            Node::Element(child) => match &*child.name {
                "script" | "style" | "svg" | "template" | "title" | "head" => {}
                "span" if child.has_class("host") => {}
                "br" | "hr" => end_line(out),
                name if is_line(name) => {
                    end_line(out);
                    write(tree, child, code || name == "pre", out);
                    end_line(out);
                }
                "td" | "th" => {
                    flow(" ", out);
                    write(tree, child, code, out);
                }
                _ => write(tree, child, code, out),
            },
        }
    }
}

fn flow(text: &str, out: &mut String) {
    for char in text.chars() {
        if !char.is_ascii_whitespace() {
            out.push(char);
        } else if !out.is_empty() && !out.ends_with([' ', '\n']) {
            out.push(' ');
        }
    }
}

fn end_line(out: &mut String) {
    out.truncate(out.trim_end_matches(' ').len());
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
}

fn is_line(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "blockquote"
            | "pre"
            | "ul"
            | "ol"
            | "li"
            | "dl"
            | "dt"
            | "dd"
            | "table"
            | "tr"
            | "details"
            | "summary"
            | "aside"
            | "article"
            | "section"
            | "header"
            | "footer"
            | "figure"
    )
}
