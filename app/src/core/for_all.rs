//! What every follower of a stream is shown alike: what was made for one, without what differs from person to person.

use serde::Serialize;
use serde_json::Value;

use super::{Error, Result};

/// The fields that say something of the person who asks.
const PERSONAL: [&str; 4] = ["client_id", "may", "mine", "unread"];

/// The JSON of `made` without its personal fields, also those of its reactions.
///
/// # Errors
/// When `made` cannot be written as JSON.
pub fn for_all<T: Serialize>(made: &T) -> Result<Value> {
    let mut value = serde_json::to_value(made).map_err(Error::internal)?;
    strip(&mut value);
    Ok(value)
}

fn strip(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, _| !PERSONAL.contains(&name.as_str()));
            fields.get_mut("reactions").into_iter().for_each(strip);
        }
        Value::Array(items) => items.iter_mut().for_each(strip),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::for_all;

    #[test]
    fn nothing_personal_is_left() {
        let made = json!({
            "id": "7", "client_id": "x", "may": {"edit": true}, "unread": null,
            "reactions": [{"emoji": "👍", "count": 2, "mine": true}],
        });
        let shown = json!({"id": "7", "reactions": [{"emoji": "👍", "count": 2}]});
        assert_eq!(for_all(&made).unwrap(), shown);
    }
}
