//! Who acts: the person behind a session cookie or a bearer token, or a guest. Read with every request.

use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use folkmoot_store::{Batch, Seen};

use super::model::{GroupId, Role, SessionId, SessionKind, UserId};
use super::people::Person;
use super::permissions::Permission;
use super::queries::sessions::{self, ActorRow};
use super::queries::users;
use super::sessions::{COOKIE, cookie_life};
use super::strangers::Strangers;
use super::{cookies, names};
use crate::core::etag::Audience;
use crate::core::random::hash_token;
use crate::core::read::Read;
use crate::core::request::RequestFacts;
use crate::core::{App, Error, Result};

/// How often it is noted that a session is in use, in milliseconds.
const TOUCH_EVERY: i64 = 10 * 60 * 1000;

/// Who acts.
#[derive(Clone, Debug, Default)]
pub struct Actor {
    me: Option<Arc<Me>>,
    seen: Seen,
}

/// Somebody who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Me {
    /// Who.
    pub id: UserId,
    /// As they spell it.
    pub nickname: String,
    /// What they are here.
    pub role: Role,
    /// The groups they are in.
    pub groups: Vec<GroupId>,
    /// By which session they act.
    pub session: SessionId,
    /// Whether that is a browser's or a program's.
    pub kind: SessionKind,
}

impl Me {
    /// What others see of them.
    pub fn person(&self) -> Person {
        Person {
            id: self.id,
            nickname: self.nickname.clone(),
            url: names::url(&self.nickname),
            initials: names::initials(&self.nickname),
            hue: names::hue(&names::key(&self.nickname)),
            role: self.role,
        }
    }
}

impl From<&Actor> for Audience {
    fn from(actor: &Actor) -> Self {
        if actor.user().is_some() { Self::One } else { Self::Guests }
    }
}

impl Actor {
    /// Somebody who is not signed in.
    pub fn guest() -> Self {
        Self::default()
    }

    /// Somebody for whom a command acts; the session is nobody's.
    pub fn acting(me: Me) -> Self {
        Self::signed_on(me, Seen::Everything)
    }

    fn signed_on(me: Me, seen: Seen) -> Self {
        Self { me: Some(Arc::new(me)), seen }
    }

    /// Whoever acts by this session now; `None` when it has ended. Sockets ask this when rights change.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn of_session(read: &impl Read, session: SessionId, now: i64) -> Result<Option<Self>> {
        let rows = sessions::by_id(read, session, now).await?;
        Ok(me(rows).map(|(me, _)| Self::signed_on(me, Seen::Everything)))
    }

    /// Who it is, if somebody is signed in.
    pub fn user(&self) -> Option<&Me> {
        self.me.as_deref()
    }

    /// What pages must show them: all that anybody was told is done before they asked, their own above all. Guests have
    /// done nothing.
    pub fn seen(&self) -> Seen {
        self.seen
    }

    /// Who it is.
    ///
    /// # Errors
    /// `SignInNeeded` for a guest.
    pub fn signed_in(&self) -> Result<&Me> {
        self.user().ok_or(Error::SignInNeeded)
    }

    /// The person's id, if somebody is signed in.
    pub fn id(&self) -> Option<UserId> {
        self.user().map(|me| me.id)
    }

    /// What the actor is here.
    pub fn role(&self) -> Role {
        self.user().map_or(Role::Guest, |me| me.role)
    }

    /// The groups that the actor is in.
    pub fn groups(&self) -> &[GroupId] {
        self.user().map_or(&[], |me| &me.groups)
    }

    /// Whether the actor has a permission.
    pub fn may(&self, permission: Permission) -> bool {
        permission.is_given_to(self.role())
    }

    /// Who it is, if they have a permission.
    ///
    /// # Errors
    /// `SignInNeeded` for a guest, `Forbidden` for somebody without it.
    pub fn require(&self, permission: Permission) -> Result<&Me> {
        let me = self.signed_in()?;
        if self.may(permission) {
            Ok(me)
        } else {
            Err(Error::Forbidden("not_allowed", permission.refusal().to_owned()))
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Actor
where
    App: FromRef<S>,
{
    type Rejection = Error;

    /// Read once a request, whoever asks.
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        if let Some(actor) = parts.extensions.get::<Self>() {
            return Ok(actor.clone());
        }
        let actor = read(&App::from_ref(state), &parts.headers).await?;
        if let (Some(me), Some(facts)) = (actor.user(), parts.extensions.get::<RequestFacts>()) {
            facts.asked_by(me.id.0);
        }
        parts.extensions.insert(actor.clone());
        Ok(actor)
    }
}

/// A wrong token is refused, since a program should know; a wrong cookie makes a guest, since a browser cannot.
async fn read(app: &App, headers: &HeaderMap) -> Result<Actor> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let refused = Error::Unauthorized("bad_token", "This token is not valid, or not any more.");
        let token = value.to_str().ok().and_then(bearer);
        let Some(token) = token else { return Err(refused) };
        let actor = of_secret(app, token, SessionKind::Bearer).await?;
        return actor.ok_or(refused);
    }
    match cookies::read(headers, COOKIE) {
        Some(secret) => Ok(of_secret(app, secret, SessionKind::Cookie).await?.unwrap_or_default()),
        None => Ok(Actor::guest()),
    }
}

fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

async fn of_secret(app: &App, secret: &str, kind: SessionKind) -> Result<Option<Actor>> {
    let (now, hash) = (app.now(), hash_token(secret));
    let strangers = app.part::<Strangers>()?;
    if strangers.knows(&hash, kind, now) {
        return Ok(None);
    }
    let (rows, seen) = sessions::by_secret(&app.db, hash.clone(), kind, now).await?;
    let Some((me, last_used_at)) = me(rows) else {
        strangers.remember(hash, kind, now);
        return Ok(None);
    };
    if now - last_used_at >= TOUCH_EVERY {
        tokio::spawn(touch(app.clone(), me.id, me.session, last_used_at, now));
    }
    Ok(Some(Actor::signed_on(me, seen)))
}

fn me(rows: Vec<ActorRow>) -> Option<(Me, i64)> {
    let groups = rows.iter().filter_map(|row| row.group_id).collect();
    let row = rows.into_iter().next()?;
    let me = Me {
        id: row.user_id,
        nickname: row.nickname,
        role: row.role,
        groups,
        session: row.session_id,
        kind: row.kind,
    };
    Some((me, row.last_used_at))
}

/// Notes that somebody is here, beside the request: nobody waits for it, and the next request tries again.
async fn touch(app: App, user: UserId, session: SessionId, last_used_at: i64, now: i64) {
    let mut batch = Batch::new();
    let touched = sessions::touch(session, last_used_at, now, now + cookie_life(&app));
    batch.push(touched.expect_rows(1).or("noted"));
    batch.push(users::seen(user, now));
    match app.db.commit(batch).await {
        Ok(_) | Err(folkmoot_store::CommitError::Missed { .. }) => {}
        Err(error) => tracing::warn!(%error, "it could not be noted that a session is in use"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Actor, Permission, Role, bearer};
    use crate::core::Error;

    #[test]
    fn a_guest_is_asked_to_sign_in() {
        let guest = Actor::guest();
        assert_eq!(guest.role(), Role::Guest);
        assert!(guest.groups().is_empty());
        assert!(matches!(guest.signed_in(), Err(Error::SignInNeeded)));
        assert!(matches!(guest.require(Permission::Write), Err(Error::SignInNeeded)));
    }

    #[test]
    fn a_token_comes_after_the_word_bearer_in_any_case() {
        assert_eq!(bearer("Bearer fm_x"), Some("fm_x"));
        assert_eq!(bearer("bearer  fm_x "), Some("fm_x"));
        assert_eq!(bearer("Basic fm_x"), None);
        assert_eq!(bearer("fm_x"), None);
    }
}
