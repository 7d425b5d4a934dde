//! Which addresses may be linked to, and whose they are.

use crate::escape;

/// Longest address that is kept, in bytes after encoding: browsers and servers commonly stop near here.
const LONGEST: usize = 2_000;

/// An address that may stand in `href`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    /// Percent-encoded, not yet HTML-escaped.
    pub(crate) href: String,
    pub(crate) reach: Reach,
}

/// Where an address leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// A page or file of ours: relative, or under one of our own addresses.
    Own,
    /// Somewhere else on the web.
    Foreign,
    /// A mailbox.
    Mail,
}

/// Checks an address as somebody wrote it. `None` when its scheme is not http, https or mailto, or it is too long.
pub(crate) fn check(written: &str, base_urls: &[String]) -> Option<Address> {
    let href =
        escape::address(written.trim_matches(|c: char| c.is_ascii_whitespace() || c.is_ascii_control()));
    if href.len() > LONGEST {
        return None;
    }
    let reach = match scheme(&href) {
        Some(scheme) if scheme.eq_ignore_ascii_case("mailto") => Reach::Mail,
        Some(scheme) if scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https") => {
            if base_urls.iter().any(|base| is_under(&href, base)) {
                Reach::Own
            } else {
                Reach::Foreign
            }
        }
        Some(_) => return None,
        None if href.starts_with("//") => Reach::Foreign,
        None => Reach::Own,
    };
    Some(Address { href, reach })
}

/// The host of an http or https address, for showing.
pub(crate) fn host(href: &str) -> Option<&str> {
    let after = href.find("//").map(|at| &href[at + 2..])?;
    let authority = after.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    (!host.is_empty()).then_some(host)
}

/// What stands before the first colon, if a browser could take it for a scheme. Encoded characters count as parts of
/// one: an address that somebody made unreadable on purpose is refused, though to browsers it would be relative.
fn scheme(href: &str) -> Option<&str> {
    let end = href.find(|c: char| !c.is_ascii_alphanumeric() && !"+-.%".contains(c))?;
    (href.as_bytes()[end] == b':').then(|| &href[..end])
}

fn is_under(href: &str, base: &str) -> bool {
    let base = base.trim_end_matches('/');
    let Some(start) = href.get(..base.len()) else { return false };
    !base.is_empty()
        && start.eq_ignore_ascii_case(base)
        && matches!(href.as_bytes().get(base.len()), None | Some(b'/' | b'?' | b'#'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reach(written: &str) -> Option<Reach> {
        check(written, &["https://forum.example".to_owned()]).map(|address| address.reach)
    }

    #[test]
    fn only_the_web_and_mail_are_linked_to() {
        for bad in [
            "javascript:alert(1)",
            " JaVaScRiPt:alert(1)",
            "\u{1}javascript:alert(1)",
            "java\nscript:alert(1)",
            "java\tscript:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
            "blob:https://forum.example/1",
        ] {
            assert_eq!(reach(bad), None, "{bad:?}");
        }
        assert_eq!(reach("mailto:ann@forum.example"), Some(Reach::Mail));
        assert_eq!(reach("HTTP://other.example"), Some(Reach::Foreign));
        assert_eq!(reach(&format!("https://a.example/{}", "x".repeat(3_000))), None);
    }

    #[test]
    fn our_own_addresses_are_told_from_look_alikes() {
        for own in
            ["/t/1", "#top", "?page=2", "a/b", "", "https://forum.example", "https://FORUM.example/t/1"]
        {
            assert_eq!(reach(own), Some(Reach::Own), "{own:?}");
        }
        for foreign in [
            "//evil.example/x",
            "https://forum.example.evil.example/",
            "https://forum.example@evil.example/",
            "http://forum.example/",
        ] {
            assert_eq!(reach(foreign), Some(Reach::Foreign), "{foreign:?}");
        }
    }

    #[test]
    fn a_host_is_shown_without_name_and_path() {
        assert_eq!(host("https://ann:pw@pics.example:8080/a?b"), Some("pics.example:8080"));
        assert_eq!(host("/local.png"), None);
    }
}
