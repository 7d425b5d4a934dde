//! What the sockets are told of people and of the community.

use serde_json::{Value, json};

use super::UserId;
use super::people;
use crate::core::events::Appended;
use crate::core::{App, Error, Result};

/// A person as everyone sees them now.
///
/// # Errors
/// When the database does not answer.
pub async fn person_changed(app: &App, event: &Appended) -> Result<Option<Value>> {
    let Some(subject) = event.subject else { return Ok(None) };
    Ok(person(app, UserId(subject)).await?.map(|person| json!({ "person": person })))
}

/// The person of a socket, for its `welcome`.
///
/// # Errors
/// When the database does not answer.
pub async fn person(app: &App, id: UserId) -> Result<Option<Value>> {
    let person = people::by_ids(&app.db, &[id]).await?.remove(&id);
    person.map(|person| serde_json::to_value(person).map_err(Error::internal)).transpose()
}

/// That the community's name or rules changed; whoever shows them asks again.
pub fn site_changed() -> Value {
    json!({})
}
