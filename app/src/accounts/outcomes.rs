//! What a batch of this slice may answer instead of being done: the codes of its expectations.

use crate::core::Error;
pub(super) use crate::core::error::missed;

/// Who does it lost the right to, while it was being done.
pub(super) const NOT_ALLOWED: &str = "not_allowed";
/// Somebody has that name.
pub(super) const TAKEN: &str = "taken";
/// It is not there (any more).
pub(super) const GONE: &str = "gone";
/// It changed since it was read.
pub(super) const CHANGED: &str = "changed";
/// The account is banned.
pub(super) const BANNED: &str = "banned";
/// There are as many as there may be.
pub(super) const FULL: &str = "full";
/// It is so already.
pub(super) const SO_ALREADY: &str = "so_already";

/// The error for an outcome that a use case has no words of its own for.
pub(super) fn refusal(code: &'static str) -> Error {
    match code {
        NOT_ALLOWED => Error::Forbidden(NOT_ALLOWED, String::from("You may not do this any more.")),
        BANNED => Error::Forbidden(BANNED, String::from("This account is suspended.")),
        GONE => Error::NotFound("thing"),
        CHANGED => Error::Conflict(
            "edited_meanwhile",
            String::from("Somebody else changed this meanwhile. Load it again."),
        ),
        other => Error::internal(format_args!("an outcome without words: {other}")),
    }
}
