//! Pictures: ours load, those of other hosts wait behind a button that names the host.

use crate::address::{self, Address, Reach};
use crate::escape;

/// Largest width or height that is believed, in pixels.
const LARGEST: u32 = 20_000;

/// A picture to be written.
pub(crate) struct Picture {
    pub(crate) address: Address,
    pub(crate) alt: String,
    pub(crate) title: String,
    /// Width and height in pixels, when both are known, so that its place can be kept.
    pub(crate) size: Option<(u32, u32)>,
    /// Where the picture was linked to, if it was.
    pub(crate) link: Option<Address>,
}

impl Picture {
    /// Whether the browser may load it by itself.
    pub(crate) fn is_own(&self) -> bool {
        self.address.reach == Reach::Own
    }

    /// Appends `<img>` for ours, and for others' `<button class="remote-image">` with the words that stand for it.
    pub(crate) fn write(&self, out: &mut String) {
        if self.is_own() {
            self.write_image(out);
        } else {
            self.write_button(out);
        }
    }

    fn write_image(&self, out: &mut String) {
        out.push_str("<img");
        escape::attribute(out, "src", &self.address.href);
        escape::attribute(out, "alt", &self.alt);
        if !self.title.is_empty() {
            escape::attribute(out, "title", &self.title);
        }
        if let Some((width, height)) = self.size {
            escape::attribute(out, "width", &width.to_string());
            escape::attribute(out, "height", &height.to_string());
        }
        out.push_str(" loading=\"lazy\" decoding=\"async\">");
    }

    fn write_button(&self, out: &mut String) {
        out.push_str("<button type=\"button\" class=\"remote-image\"");
        escape::attribute(out, "data-src", &self.address.href);
        if let Some(link) = &self.link {
            escape::attribute(out, "data-link", &link.href);
        }
        if let Some((width, height)) = self.size {
            escape::attribute(out, "data-width", &width.to_string());
            escape::attribute(out, "data-height", &height.to_string());
        }
        if !self.title.is_empty() {
            escape::attribute(out, "title", &self.title);
        }
        out.push('>');
        if !self.alt.is_empty() {
            out.push_str("<span class=\"alt\">");
            escape::text(out, &self.alt);
            out.push_str("</span> ");
        }
        out.push_str("<span class=\"host\">");
        escape::text(out, address::host(&self.address.href).unwrap_or_default());
        out.push_str("</span></button>");
    }
}

/// A width and height as attributes give them; both or nothing.
pub(crate) fn size(width: Option<&str>, height: Option<&str>) -> Option<(u32, u32)> {
    let pixels = |text: &str| -> Option<u32> {
        let number = text.trim().trim_end_matches("px").parse().ok()?;
        (1..=LARGEST).contains(&number).then_some(number)
    };
    Some((pixels(width?)?, pixels(height?)?))
}
