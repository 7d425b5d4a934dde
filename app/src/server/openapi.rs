//! The description of the API, generated from the code, at `/api/openapi.json` and by `folkmoot openapi`.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use utoipa::OpenApi as _;
use utoipa::openapi::{InfoBuilder, License, OpenApi, OpenApiBuilder, ServerBuilder};

use super::{Server, VERSION, site, telemetry};
use crate::{accounts, boards, chat, search, threads};

/// What every call has in common, said once.
const INTRODUCTION: &str = "JSON in and out. Ids are strings; times are RFC 3339 in UTC. Lists are read page by page: \
    `?limit=&cursor=` gives `{items, next}`. Refusals are `application/problem+json` with a stable `code`, and `errors` \
    by field. Programs send `Authorization: Bearer`; browsers have a cookie. Every answer carries `X-Request-Id`.";

/// The whole description; `address` is where the API is reached.
pub fn document(address: &str) -> OpenApi {
    let mut license = License::new("Apache-2.0");
    license.identifier = Some("Apache-2.0".to_owned());
    let info = InfoBuilder::new()
        .title("Folkmoot")
        .version(VERSION)
        .description(Some(INTRODUCTION))
        .license(Some(license))
        .build();
    let mut document =
        OpenApiBuilder::new().info(info).servers(Some([ServerBuilder::new().url(address).build()])).build();
    for slice in [
        accounts::api(),
        boards::api(),
        threads::api(),
        chat::api(),
        search::api(),
        site::Api::openapi(),
        telemetry::Api::openapi(),
    ] {
        document.merge(slice);
    }
    document
}

/// The description as this server's own.
pub(super) async fn answer(State(server): State<Server>) -> Response {
    let document = document(&server.app.config.server.api_base_url().to_string());
    ([(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"))], Json(document)).into_response()
}
