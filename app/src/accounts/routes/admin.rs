//! `/api/admin`: people, groups and the site, for those who run the place.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, patch, post, put};
use utoipa::OpenApi;

use super::{List, PeopleQuery};
use crate::accounts::admin::{self, PersonForAdmin, RightsForm};
use crate::accounts::groups::{self, Group, GroupForm};
use crate::accounts::links::NewLinkAnswer;
use crate::accounts::site::{self, Site, SiteForm};
use crate::accounts::{Actor, Permission, Person, UserId};
use crate::core::json::{Json, Path, Query};
use crate::core::paging::{Page, PageQuery};
use crate::core::{App, Result};

#[derive(OpenApi)]
#[openapi(paths(
    list_people,
    change_rights,
    make_link,
    list_groups,
    create_group,
    change_group,
    delete_group,
    list_members,
    add_member,
    remove_member,
    read_site,
    change_site
))]
pub(super) struct Api;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/admin/people", get(list_people))
        .route("/api/admin/people/{id}", patch(change_rights))
        .route("/api/admin/people/{id}/link", post(make_link))
        .route("/api/admin/groups", get(list_groups).post(create_group))
        .route("/api/admin/groups/{slug}", patch(change_group).delete(delete_group))
        .route("/api/admin/groups/{slug}/members", get(list_members))
        .route("/api/admin/groups/{slug}/members/{nickname}", put(add_member).delete(remove_member))
        .route("/api/admin/site", get(read_site).patch(change_site))
}

/// A person as administrators see them.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct PersonAnswer {
    user: PersonForAdmin,
}

/// A group.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct GroupAnswer {
    group: Group,
}

/// The community's name and rules.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct SiteAnswer {
    site: Site,
}

/// People by nickname or e-mail address
#[utoipa::path(get, path = "/api/admin/people", tag = "admin", params(
    ("q" = Option<String>, Query, description = "Letters of the nickname or the e-mail address"),
    ("limit" = Option<u32>, Query, description = "1 to 100"),
    ("cursor" = Option<String>, Query, description = "`next` of the page before"),
), responses((status = 200, description = "People in the order of nicknames", body = Page<PersonForAdmin>)))]
async fn list_people(
    State(app): State<App>,
    actor: Actor,
    Query(query): Query<PeopleQuery>,
) -> Result<Json<Page<PersonForAdmin>>> {
    let (words, page) = query.page();
    Ok(Json(admin::people(&app, &actor, &words, &page).await?))
}

/// Give somebody a role, ban them, let them in again
#[utoipa::path(patch, path = "/api/admin/people/{id}", tag = "admin", params(("id" = UserId, Path)),
    request_body = RightsForm, responses(
    (status = 200, description = "As it is now", body = PersonAnswer),
    (status = 403, description = "`own_rights`: nobody changes their own"),
))]
async fn change_rights(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<UserId>,
    Json(form): Json<RightsForm>,
) -> Result<Json<PersonAnswer>> {
    Ok(Json(PersonAnswer { user: admin::change_rights(&app, &actor, id, form).await? }))
}

/// Make a one-time link for somebody
///
/// To claim an imported account, else to set a new password.
#[utoipa::path(post, path = "/api/admin/people/{id}/link", tag = "admin", params(("id" = UserId, Path)), responses(
    (status = 201, description = "The one time that the link is shown", body = NewLinkAnswer),
))]
async fn make_link(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<UserId>,
) -> Result<(StatusCode, Json<NewLinkAnswer>)> {
    Ok((StatusCode::CREATED, Json(admin::make_link(&app, &actor, id).await?)))
}

/// Every group
#[utoipa::path(get, path = "/api/admin/groups", tag = "admin", responses(
    (status = 200, description = "By slug", body = List<Group>),
))]
async fn list_groups(State(app): State<App>, actor: Actor) -> Result<Json<List<Group>>> {
    Ok(Json(List { items: groups::all(&app, &actor).await? }))
}

/// Make a group
#[utoipa::path(post, path = "/api/admin/groups", tag = "admin", request_body = GroupForm, responses(
    (status = 201, description = "Made", body = GroupAnswer),
    (status = 409, description = "`taken`: there is one with this slug"),
))]
async fn create_group(
    State(app): State<App>,
    actor: Actor,
    Json(form): Json<GroupForm>,
) -> Result<(StatusCode, Json<GroupAnswer>)> {
    Ok((StatusCode::CREATED, Json(GroupAnswer { group: groups::create(&app, &actor, form).await? })))
}

/// Change a group
#[utoipa::path(patch, path = "/api/admin/groups/{slug}", tag = "admin", params(("slug" = String, Path)),
    request_body = GroupForm, responses((status = 200, description = "As it is now", body = GroupAnswer)))]
async fn change_group(
    State(app): State<App>,
    actor: Actor,
    Path(slug): Path<String>,
    Json(form): Json<GroupForm>,
) -> Result<Json<GroupAnswer>> {
    Ok(Json(GroupAnswer { group: groups::change(&app, &actor, &slug, form).await? }))
}

/// End a group
#[utoipa::path(delete, path = "/api/admin/groups/{slug}", tag = "admin", params(("slug" = String, Path)), responses(
    (status = 204, description = "Ended"),
    (status = 409, description = "`in_use`: a board is private to it"),
))]
async fn delete_group(State(app): State<App>, actor: Actor, Path(slug): Path<String>) -> Result<StatusCode> {
    groups::delete(&app, &actor, &slug).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Who is in a group
#[utoipa::path(get, path = "/api/admin/groups/{slug}/members", tag = "admin", params(
    ("slug" = String, Path),
    ("limit" = Option<u32>, Query, description = "1 to 100"),
    ("cursor" = Option<String>, Query, description = "`next` of the page before"),
), responses((status = 200, description = "In the order of nicknames", body = Page<Person>)))]
async fn list_members(
    State(app): State<App>,
    actor: Actor,
    Path(slug): Path<String>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<Person>>> {
    Ok(Json(groups::members(&app, &actor, &slug, &query).await?))
}

/// Take somebody into a group
#[utoipa::path(put, path = "/api/admin/groups/{slug}/members/{nickname}", tag = "admin",
    params(("slug" = String, Path), ("nickname" = String, Path)),
    responses((status = 204, description = "They are in it")))]
async fn add_member(
    State(app): State<App>,
    actor: Actor,
    Path((slug, nickname)): Path<(String, String)>,
) -> Result<StatusCode> {
    groups::add(&app, &actor, &slug, &nickname).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take somebody out of a group
#[utoipa::path(delete, path = "/api/admin/groups/{slug}/members/{nickname}", tag = "admin",
    params(("slug" = String, Path), ("nickname" = String, Path)),
    responses((status = 204, description = "They are not in it")))]
async fn remove_member(
    State(app): State<App>,
    actor: Actor,
    Path((slug, nickname)): Path<(String, String)>,
) -> Result<StatusCode> {
    groups::remove(&app, &actor, &slug, &nickname).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The community's name and rules
#[utoipa::path(get, path = "/api/admin/site", tag = "admin", responses(
    (status = 200, description = "As they are", body = SiteAnswer),
))]
async fn read_site(State(app): State<App>, actor: Actor) -> Result<Json<SiteAnswer>> {
    actor.require(Permission::ManageSite)?;
    Ok(Json(SiteAnswer { site: site::site(&app).await? }))
}

/// Change the community's name and rules
#[utoipa::path(patch, path = "/api/admin/site", tag = "admin", request_body = SiteForm, responses(
    (status = 200, description = "As they are now", body = SiteAnswer),
    (status = 400, description = "`invalid`: every problem, field by field"),
))]
async fn change_site(
    State(app): State<App>,
    actor: Actor,
    Json(form): Json<SiteForm>,
) -> Result<Json<SiteAnswer>> {
    Ok(Json(SiteAnswer { site: site::change(&app, &actor, form).await? }))
}
