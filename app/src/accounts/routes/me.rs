//! `/api/me`: one's own account.

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::{get, post};
use utoipa::OpenApi;

use crate::accounts::password::{self, PasswordForm};
use crate::accounts::people::MyAccount;
use crate::accounts::profile::{self, ProfileForm};
use crate::accounts::visitor::Visitor;
use crate::accounts::{Actor, Permission};
use crate::core::etag::{self, Audience};
use crate::core::json::Json;
use crate::core::{App, Result};

#[derive(OpenApi)]
#[openapi(paths(me, change_me, change_password))]
pub(super) struct Api;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/api/me", get(me).patch(change_me)).route("/api/me/password", post(change_password))
}

/// One's own account.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct MeAnswer {
    user: MyAccount,
}

/// Who is signed in
#[utoipa::path(get, path = "/api/me", tag = "me", responses(
    (status = 200, description = "One's own account", body = MeAnswer),
    (status = 401, description = "Nobody is signed in"),
))]
async fn me(State(app): State<App>, actor: Actor, headers: HeaderMap) -> Result<Response> {
    let user = profile::me(&app, actor.signed_in()?).await?;
    etag::answer(&headers, Audience::One, &MeAnswer { user })
}

/// Change one's own account
#[utoipa::path(patch, path = "/api/me", tag = "me", request_body = ProfileForm, responses(
    (status = 200, description = "As it is now", body = MeAnswer),
    (status = 400, description = "`invalid`: every problem, field by field"),
))]
async fn change_me(
    State(app): State<App>,
    actor: Actor,
    Json(form): Json<ProfileForm>,
) -> Result<Json<MeAnswer>> {
    let user = profile::change(&app, actor.require(Permission::KeepAccount)?, form).await?;
    Ok(Json(MeAnswer { user }))
}

/// Change one's password
///
/// All other sessions and all tokens end.
#[utoipa::path(post, path = "/api/me/password", tag = "me", request_body = PasswordForm, responses(
    (status = 204, description = "Changed"),
    (status = 400, description = "`invalid`: the current one is wrong, or the new one does not hold"),
    (status = 429, description = "Too many wrong tries; see `Retry-After`"),
))]
async fn change_password(
    State(app): State<App>,
    visitor: Visitor,
    Json(form): Json<PasswordForm>,
) -> Result<StatusCode> {
    let actor = visitor.actor.clone();
    password::change(&app, actor.require(Permission::KeepAccount)?, &visitor, form).await?;
    Ok(StatusCode::NO_CONTENT)
}
