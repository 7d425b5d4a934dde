//! `/api/auth`: registering, signing in and out, sessions, tokens, one-time links.

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse};
use axum::routing::{delete, get, post};
use utoipa::OpenApi;

use super::List;
use crate::accounts::links::{self, Link, LinkForm};
use crate::accounts::login::{self, LoginForm};
use crate::accounts::register;
use crate::accounts::registration::RegistrationForm;
use crate::accounts::sessions::{self, Session, SignedIn, SignedInAnswer};
use crate::accounts::tokens::{self, NewToken, Token, TokenForm};
use crate::accounts::visitor::Visitor;
use crate::accounts::{Actor, Permission, SessionId, SessionKind};
use crate::core::json::{Json, Path};
use crate::core::{App, Result};

#[derive(OpenApi)]
#[openapi(paths(
    register,
    login,
    logout,
    list_sessions,
    end_session,
    end_other_sessions,
    make_token,
    list_tokens,
    revoke_token,
    inspect_link,
    use_link
))]
pub(super) struct Api;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/auth/register", post(register))
        .route("/api/auth/login", post(login))
        .route("/api/auth/logout", post(logout))
        .route("/api/auth/sessions", get(list_sessions).delete(end_other_sessions))
        .route("/api/auth/sessions/{id}", delete(end_session))
        .route("/api/auth/tokens", get(list_tokens).post(make_token))
        .route("/api/auth/tokens/{id}", delete(revoke_token))
        .route("/api/auth/links/{token}", get(inspect_link).post(use_link))
}

/// Register
///
/// Makes an account and signs its owner in.
#[utoipa::path(post, path = "/api/auth/register", tag = "auth", request_body = RegistrationForm, responses(
    (status = 201, description = "Registered and signed in", body = SignedInAnswer),
    (status = 400, description = "`invalid`: every problem, field by field"),
    (status = 403, description = "`registration_closed`"),
    (status = 409, description = "`taken`: the nickname or the e-mail address is somebody's already"),
    (status = 503, description = "`busy`: too many people at once, nothing was begun; see `Retry-After`"),
))]
async fn register(
    State(app): State<App>,
    visitor: Visitor,
    Json(form): Json<RegistrationForm>,
) -> Result<(StatusCode, SignedIn)> {
    Ok((StatusCode::CREATED, register::register(&app, visitor, form).await?))
}

/// Sign in
#[utoipa::path(post, path = "/api/auth/login", tag = "auth", request_body = LoginForm, responses(
    (status = 200, description = "Signed in: the cookie `folkmoot_session` is set", body = SignedInAnswer),
    (status = 401, description = "`wrong_credentials`"),
    (status = 403, description = "`banned`"),
    (status = 429, description = "Too many wrong tries; see `Retry-After`"),
    (status = 503, description = "`busy`: too many people at once, nothing was begun; see `Retry-After`"),
))]
async fn login(State(app): State<App>, visitor: Visitor, Json(form): Json<LoginForm>) -> Result<SignedIn> {
    login::login(&app, visitor, form).await
}

/// Sign out
#[utoipa::path(post, path = "/api/auth/logout", tag = "auth", responses((status = 204, description = "Signed out")))]
async fn logout(State(app): State<App>, actor: Actor) -> Result<impl IntoResponse> {
    let cookie = sessions::sign_out(&app, &actor).await?;
    Ok((StatusCode::NO_CONTENT, AppendHeaders([(header::SET_COOKIE, cookie.header(&app)?)])))
}

/// Where one is signed in
#[utoipa::path(get, path = "/api/auth/sessions", tag = "auth", responses(
    (status = 200, description = "The sessions, the last used first", body = List<Session>),
))]
async fn list_sessions(State(app): State<App>, actor: Actor) -> Result<Json<List<Session>>> {
    let me = actor.require(Permission::KeepAccount)?;
    Ok(Json(List { items: sessions::list(&app, me).await? }))
}

/// Sign out somewhere else
#[utoipa::path(delete, path = "/api/auth/sessions/{id}", tag = "auth", params(("id" = SessionId, Path)), responses(
    (status = 204, description = "Ended"),
    (status = 404, description = "No session of yours"),
))]
async fn end_session(State(app): State<App>, actor: Actor, Path(id): Path<SessionId>) -> Result<StatusCode> {
    let me = actor.require(Permission::KeepAccount)?;
    sessions::end(&app, me, id, SessionKind::Cookie).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sign out everywhere else
#[utoipa::path(delete, path = "/api/auth/sessions", tag = "auth", responses((status = 204, description = "Ended")))]
async fn end_other_sessions(State(app): State<App>, actor: Actor) -> Result<StatusCode> {
    let me = actor.require(Permission::KeepAccount)?;
    sessions::end_others(&app, me).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Make a token for a program
#[utoipa::path(post, path = "/api/auth/tokens", tag = "auth", request_body = TokenForm, responses(
    (status = 201, description = "The one time that the token is shown", body = NewToken),
    (status = 409, description = "`too_many_tokens`"),
))]
async fn make_token(
    State(app): State<App>,
    actor: Actor,
    Json(form): Json<TokenForm>,
) -> Result<(StatusCode, Json<NewToken>)> {
    let me = actor.require(Permission::KeepAccount)?;
    Ok((StatusCode::CREATED, Json(tokens::make(&app, me, form).await?)))
}

/// One's tokens
#[utoipa::path(get, path = "/api/auth/tokens", tag = "auth", responses(
    (status = 200, description = "The tokens, the last used first", body = List<Token>),
))]
async fn list_tokens(State(app): State<App>, actor: Actor) -> Result<Json<List<Token>>> {
    let me = actor.require(Permission::KeepAccount)?;
    Ok(Json(List { items: tokens::list(&app, me).await? }))
}

/// Revoke a token
#[utoipa::path(delete, path = "/api/auth/tokens/{id}", tag = "auth", params(("id" = SessionId, Path)), responses(
    (status = 204, description = "Revoked"),
    (status = 404, description = "No token of yours"),
))]
async fn revoke_token(State(app): State<App>, actor: Actor, Path(id): Path<SessionId>) -> Result<StatusCode> {
    let me = actor.require(Permission::KeepAccount)?;
    sessions::end(&app, me, id, SessionKind::Bearer).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a one-time link is for
#[utoipa::path(get, path = "/api/auth/links/{token}", tag = "auth", params(("token" = String, Path)), responses(
    (status = 200, description = "It can be used", body = Link),
    (status = 410, description = "`link_used`: it was used or has run out"),
))]
async fn inspect_link(State(app): State<App>, Path(token): Path<String>) -> Result<Json<Link>> {
    Ok(Json(links::inspect(&app, &token).await?))
}

/// Use a one-time link
///
/// Sets the place up, sets a new password, or claims an imported account, and signs its holder in.
#[utoipa::path(post, path = "/api/auth/links/{token}", tag = "auth", params(("token" = String, Path)),
    request_body = LinkForm, responses(
    (status = 200, description = "Done and signed in", body = SignedInAnswer),
    (status = 400, description = "`invalid`: every problem, field by field"),
    (status = 409, description = "`taken`, or `set_up_already`"),
    (status = 410, description = "`link_used`: it was used or has run out"),
))]
async fn use_link(
    State(app): State<App>,
    visitor: Visitor,
    Path(token): Path<String>,
    Json(form): Json<LinkForm>,
) -> Result<SignedIn> {
    links::use_up(&app, visitor, &token, form).await
}
