//! Why the server closes a socket: the codes of `docs/realtime.md`.

use axum::extract::ws::{CloseFrame, Utf8Bytes};

/// A close code and what it means in a word, for people who look at the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Close {
    /// RFC 6455 section 7.4; those from 4000 are ours.
    pub(super) code: u16,
    /// A few words; clients go by the code.
    pub(super) reason: &'static str,
}

impl Close {
    /// The node goes down: connect again, to any node.
    pub(super) const GOING_AWAY: Self = Self { code: 1001, reason: "going away" };
    /// Frames are text.
    pub(super) const NOT_TEXT: Self = Self { code: 1003, reason: "text frames only" };
    /// A frame of more than 64 KiB, or against RFC 6455.
    pub(super) const UNREADABLE: Self = Self { code: 1009, reason: "frame too large or unreadable" };
    /// Something broke here; try again after a while.
    pub(super) const INTERNAL: Self = Self { code: 1011, reason: "internal error" };
    /// Not a frame of this protocol.
    pub(super) const MALFORMED: Self = Self { code: 4400, reason: "malformed frame" };
    /// The session has ended: sign in again, or connect as a guest.
    pub(super) const SIGNED_OUT: Self = Self { code: 4401, reason: "signed out" };
    /// Nothing was heard for too long, or no `hello` came.
    pub(super) const SILENT: Self = Self { code: 4408, reason: "silent" };
    /// History may have gone back: connect again, and reload what `resync` names.
    pub(super) const NEW_EPOCH: Self = Self { code: 4409, reason: "new epoch" };
    /// Too many frames.
    pub(super) const TOO_MANY: Self = Self { code: 4429, reason: "too many frames" };

    /// The frame that says so.
    pub(super) fn frame(self) -> CloseFrame {
        CloseFrame { code: self.code, reason: Utf8Bytes::from_static(self.reason) }
    }
}

#[cfg(test)]
mod tests {
    use super::Close;

    #[test]
    fn every_code_is_in_the_protocols_description() {
        let codes = [
            Close::GOING_AWAY,
            Close::NOT_TEXT,
            Close::UNREADABLE,
            Close::INTERNAL,
            Close::MALFORMED,
            Close::SIGNED_OUT,
            Close::SILENT,
            Close::NEW_EPOCH,
            Close::TOO_MANY,
        ];
        let description = include_str!("../../../docs/realtime.md");
        for close in codes {
            assert!(description.contains(&format!("| {} |", close.code)), "{close:?}");
        }
    }
}
