//! The slice's addresses: HTTP in, use case, JSON out.

mod admin;
mod auth;
mod me;
mod people;

use axum::Router;
use utoipa::OpenApi;

use crate::core::App;

/// Every address of the slice.
pub fn routes() -> Router<App> {
    auth::routes().merge(me::routes()).merge(people::routes()).merge(admin::routes())
}

/// What the API description says of them.
pub fn api() -> utoipa::openapi::OpenApi {
    let mut api = auth::Api::openapi();
    api.merge(me::Api::openapi());
    api.merge(people::Api::openapi());
    api.merge(admin::Api::openapi());
    api
}

/// A list that comes whole.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct List<T> {
    /// The items, in order.
    items: Vec<T>,
}

/// What a list of people is asked for.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
struct PeopleQuery {
    /// Letters to look for.
    q: String,
    limit: Option<u32>,
    cursor: Option<String>,
}

impl PeopleQuery {
    fn page(self) -> (String, crate::core::paging::PageQuery) {
        (self.q, crate::core::paging::PageQuery { limit: self.limit, cursor: self.cursor })
    }
}
