//! What the sockets are told of boards.

use serde_json::{Value, json};

use crate::core::events::Appended;

/// `board_changed`: the id alone, since everyone who hears it may see another part of the board. Whoever shows the board
/// asks for it again.
pub fn board_changed(event: &Appended) -> Option<Value> {
    let id = event.subject?;
    Some(json!({"id": id.to_string()}))
}
