//! Images, our picture buttons, and emoji, which become characters.

use super::tree::Element;
use super::{Page, words};
use crate::emoji;
use crate::picture::{self, Picture};

impl<'a> Page<'a> {
    pub(super) fn image(&mut self, image: &'a Element) {
        if image.has_class("emoji") {
            return self.emoji(image);
        }
        if image.classes().any(|class| matches!(class, "avatar" | "site-icon" | "favicon")) {
            return;
        }
        let src = image.attribute("src").unwrap_or_default();
        self.picture(
            src,
            None,
            &words(image.attribute("alt").unwrap_or_default()),
            image,
            ["width", "height"],
        );
    }

    /// A button of ours for a remote picture. Other buttons do nothing here: only their words stay.
    pub(super) fn button(&mut self, button: &'a Element) {
        let src = button.attribute("data-src").filter(|_| button.has_class("remote-image"));
        let Some(src) = src else { return self.children(button) };
        let alt = self.tree.child_elements(button).find(|child| child.has_class("alt"));
        let alt = alt.map(|alt| words(&self.tree.text(alt))).unwrap_or_default();
        self.picture(src, button.attribute("data-link"), &alt, button, ["data-width", "data-height"]);
    }

    fn picture(&mut self, src: &str, link: Option<&str>, alt: &str, element: &Element, size: [&str; 2]) {
        if self.in_card {
            return;
        }
        let Some(address) = self.address(src) else { return self.writer.flowing(alt) };
        self.writer.picture(Picture {
            address,
            alt: alt.to_owned(),
            title: words(element.attribute("title").unwrap_or_default()),
            size: picture::size(element.attribute(size[0]), element.attribute(size[1])),
            link: link.and_then(|link| self.address(link)),
        });
    }

    fn emoji(&mut self, image: &'a Element) {
        let written = image.attribute("title").or(image.attribute("alt")).unwrap_or_default().trim();
        let name = written.trim_matches(':');
        match emoji::by_name(name) {
            Some(character) => self.writer.flowing(character),
            None => self.writer.flowing(written),
        }
    }
}
