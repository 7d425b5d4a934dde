//! What accounts append to the log. Facts carry ids as text and never a name.

use serde_json::json;

use super::model::{SessionId, UserId};
use crate::core::events::Event;
use crate::core::streams::Stream;

/// On `rights`: a person's role, standing, groups or sessions changed; whoever keeps a socket of theirs looks again.
/// `sessions`, if there, lists sessions that ended, whoever's they were.
pub const USER_RIGHTS_CHANGED: &str = "user_rights_changed";
/// On `rights`: one session ended.
pub const SESSION_ENDED: &str = "session_ended";
/// On `rights`: sessions ran out; `sessions` lists them.
pub const SESSIONS_ENDED: &str = "sessions_ended";
/// On `site`: what is shown of a person (their role, what they say of themselves) changed.
pub const PERSON_CHANGED: &str = "person_changed";
/// On `site`: the community's name or rules changed.
pub const SITE_CHANGED: &str = "site_changed";

/// A person's rights changed.
pub(super) fn user_rights_changed(user: UserId) -> Event {
    Event::new(Stream::Rights, USER_RIGHTS_CHANGED, user.0).facts(json!({ "user": user }))
}

/// Whoever was signed in to a person's account is signed in no more, and somebody signs in to it from a browser where
/// another session (perhaps another person's) ended by that.
pub(super) fn account_taken_over(user: UserId, ended: Option<SessionId>) -> Event {
    user_rights_changed(user).facts(json!({ "user": user, "sessions": Vec::from_iter(ended) }))
}

/// A session ended.
pub(super) fn session_ended(session: SessionId) -> Event {
    Event::new(Stream::Rights, SESSION_ENDED, session.0).facts(json!({ "session": session }))
}

/// Sessions ran out.
pub(super) fn sessions_ended(sessions: &[SessionId]) -> Event {
    let first = sessions.first().map_or(0, |session| session.0);
    Event::new(Stream::Rights, SESSIONS_ENDED, first).facts(json!({ "sessions": sessions }))
}

/// What is shown of a person changed.
pub(super) fn person_changed(user: UserId, version: i64) -> Event {
    Event::new(Stream::Site, PERSON_CHANGED, user.0).version(version).outbox()
}

/// The community's name or rules changed.
pub(super) fn site_changed() -> Event {
    Event { subject: None, ..Event::new(Stream::Site, SITE_CHANGED, 0) }
}
