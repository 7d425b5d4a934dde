//! What people write, checked before it is anything: posts and messages alike.

use super::{Error, Result};

/// Words of at most `max` characters, with line ends of one kind.
///
/// # Errors
/// `Invalid` naming `body`.
pub fn checked_body(body: &str, max: usize) -> Result<String> {
    let body = body.replace("\r\n", "\n").replace('\0', "");
    if body.trim().is_empty() {
        return Err(Error::invalid("body", "write something"));
    }
    if body.chars().count() > max {
        return Err(Error::invalid("body", format!("at most {max} characters")));
    }
    Ok(body)
}

/// Nothing takes files that come along yet.
///
/// # Errors
/// `Invalid` naming `attachments`.
pub fn no_attachments(attachments: &[String]) -> Result<()> {
    if attachments.is_empty() {
        Ok(())
    } else {
        Err(Error::invalid("attachments", "no files can come with it"))
    }
}
