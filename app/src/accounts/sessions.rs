//! Signing on and off: sessions of browsers. Only the hash of a session's secret is kept.

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::actor::Me;
use super::cookies::{self, SetCookie};
use super::device::Device;
use super::model::{SessionId, SessionKind, UserId};
use super::outcomes::{self, BANNED, GONE};
use super::people::{self, MyAccount};
use super::queries::sessions::{self as queries, NewSession};
use super::queries::users;
use super::visitor::Visitor;
use super::{Actor, events};
use crate::core::events::Write;
use crate::core::json::Json;
use crate::core::time::Time;
use crate::core::{App, Error, Result};

/// The session cookie's name.
pub const COOKIE: &str = "folkmoot_session";
/// How long browsers keep the cookie, in seconds: as long as they keep any. When the session ends is ours to say.
const COOKIE_MAX_AGE: i64 = 400 * 24 * 60 * 60;

/// Whether a request carries a session or a token, alive or not.
pub fn carries_session(headers: &HeaderMap) -> bool {
    headers.contains_key(header::AUTHORIZATION) || cookies::read(headers, COOKIE).is_some()
}

/// How long a session lives after its last use, in milliseconds.
pub(super) fn cookie_life(app: &App) -> i64 {
    i64::from(app.config.community.session_days) * 24 * 60 * 60 * 1000
}

/// A session that begins when its write is committed.
pub(super) struct Begun {
    user: UserId,
    secret: String,
}

/// Adds to a write that a person is signed in from here. The browser's session of before ends: a secret that somebody
/// may have planted in it is worth nothing afterwards.
pub(super) fn begin(app: &App, write: &mut Write, visitor: &Visitor, user: UserId) -> Result<Begun> {
    let (begun, ended) = start(app, write, visitor, user)?;
    if let Some(ended) = ended {
        write.record(events::session_ended(ended));
    }
    Ok(begun)
}

/// As [`begin`], after the end of everything else that was signed in to the account.
pub(super) fn begin_anew(app: &App, write: &mut Write, visitor: &Visitor, user: UserId) -> Result<Begun> {
    write.push(queries::delete_others(user, None));
    let (begun, ended) = start(app, write, visitor, user)?;
    write.record(events::account_taken_over(user, ended));
    Ok(begun)
}

/// The session that begins, and the one of this browser that ends.
fn start(
    app: &App,
    write: &mut Write,
    visitor: &Visitor,
    user: UserId,
) -> Result<(Begun, Option<SessionId>)> {
    let now = app.now();
    let token = app.random.token()?;
    let session = NewSession {
        id: SessionId(app.new_id()?),
        user,
        kind: SessionKind::Cookie,
        name: visitor.browser.clone(),
        secret_hash: token.hash,
        at: now,
        expires_at: now + cookie_life(app),
    };
    write.push(queries::insert(session).expect_rows(1).or(BANNED));
    write.push(users::seen(user, now));
    let before = visitor.actor.user().filter(|me| me.kind == SessionKind::Cookie);
    if let Some(before) = before {
        write.push(queries::delete(before.session, before.id, SessionKind::Cookie));
    }
    Ok((Begun { user, secret: token.text }, before.map(|before| before.session)))
}

/// Somebody who has just signed in: their account, and the cookies for their browser.
#[must_use]
pub struct SignedIn {
    user: MyAccount,
    cookies: [SetCookie; 2],
    app: App,
}

/// What signing in answers.
#[derive(Serialize, ToSchema)]
pub struct SignedInAnswer {
    /// Who is signed in.
    user: MyAccount,
}

impl SignedIn {
    /// After the commit.
    pub(super) async fn of(app: &App, visitor: Visitor, begun: Begun) -> Result<Self> {
        let session = SetCookie { name: COOKIE, value: begun.secret, path: "/", max_age: COOKIE_MAX_AGE };
        let device = Device::cookie(visitor.device, app, begun.user)?;
        let user = people::my_account(app, begun.user).await?;
        Ok(Self { user, cookies: [session, device], app: app.clone() })
    }

    fn respond(self) -> Result<Response> {
        let [session, device] = self.cookies;
        let cookies = AppendHeaders([
            (header::SET_COOKIE, session.header(&self.app)?),
            (header::SET_COOKIE, device.header(&self.app)?),
        ]);
        Ok((StatusCode::OK, cookies, Json(SignedInAnswer { user: self.user })).into_response())
    }
}

impl IntoResponse for SignedIn {
    fn into_response(self) -> Response {
        self.respond().into_response()
    }
}

/// Signs a browser off. Without a session nothing is left to do.
///
/// # Errors
/// When the database cannot be written.
pub async fn sign_out(app: &App, actor: &Actor) -> Result<SetCookie> {
    if let Some(me) = actor.user()
        && let Err(error) = end(app, me, me.session, me.kind).await
        && !matches!(error, Error::NotFound(_))
    {
        return Err(error);
    }
    Ok(SetCookie { name: COOKIE, value: String::new(), path: "/", max_age: 0 })
}

/// Ends one of a person's sessions (or tokens).
///
/// # Errors
/// `NotFound` when it is not theirs.
pub async fn end(app: &App, me: &Me, session: SessionId, kind: SessionKind) -> Result<()> {
    let mut write = Write::new(Some(me.id.0), app.now());
    write.push(queries::delete(session, me.id, kind).expect_rows(1).or(GONE));
    write.record(events::session_ended(session));
    match app.commit(write).await {
        Ok(_) => Ok(()),
        Err(error) => match outcomes::missed(error)? {
            GONE => Err(Error::NotFound(if kind == SessionKind::Bearer { "token" } else { "session" })),
            other => Err(outcomes::refusal(other)),
        },
    }
}

/// Ends all of a person's browser sessions but the one they act by.
///
/// # Errors
/// When the database cannot be written.
pub async fn end_others(app: &App, me: &Me) -> Result<()> {
    let mut write = Write::new(Some(me.id.0), app.now());
    write.push(queries::delete_others_of_kind(me.id, SessionKind::Cookie, me.session));
    write.record(events::user_rights_changed(me.id));
    app.commit(write).await?;
    Ok(())
}

/// One of a person's sessions, as they see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Session {
    /// By which it can be ended.
    pub id: SessionId,
    /// Whether it is the one that asks.
    pub current: bool,
    /// The browser in words.
    pub device: String,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Time,
    /// When it was last used, give or take ten minutes.
    #[schema(value_type = String, format = DateTime)]
    pub last_used_at: Time,
}

/// The sessions of a person, the last used first.
///
/// # Errors
/// When the database cannot be read.
pub async fn list(app: &App, me: &Me) -> Result<Vec<Session>> {
    let rows = queries::of(&app.db, me.id, SessionKind::Cookie, app.now()).await?;
    let session = |row: queries::SessionRow| Session {
        id: row.id,
        current: row.id == me.session,
        device: row.name,
        created_at: Time(row.created_at),
        last_used_at: Time(row.last_used_at),
    };
    Ok(rows.into_iter().map(session).collect())
}

/// How many sessions and tokens are alive, for the metric.
///
/// # Errors
/// When the database cannot be read.
pub async fn active(app: &App) -> Result<i64> {
    queries::active(&app.db, app.now()).await
}
