//! What happens to boards, as events.

use super::model::BoardId;
use crate::core::events::Event;
use crate::core::streams::Stream;

/// A board was made or changed: on `site` while everyone may read it before or afterwards, always on its own stream.
pub const BOARD_CHANGED: &str = "board_changed";
/// Other people may read a board than before: on `rights`, for every node.
pub const RIGHTS_CHANGED: &str = "board_rights_changed";

/// A board was made or changed, as told on `stream`.
pub(super) fn changed(stream: Stream, board: BoardId, version: i64) -> Event {
    let event = Event::new(stream, BOARD_CHANGED, board.0).version(version);
    if stream == Stream::Site { event } else { event.outbox() }
}

/// Other people may read the board than before.
pub(super) fn rights_changed(board: BoardId, version: i64) -> Event {
    Event::new(Stream::Rights, RIGHTS_CHANGED, board.0).version(version).outbox()
}
