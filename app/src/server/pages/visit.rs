//! One visit of a page: who comes, what they find, and how it is answered.

use std::time::Instant;

use axum::extract::FromRequestParts;
use axum::response::Response;
use http::StatusCode;
use http::request::Parts;
use maud::{Markup, PreEscaped};
use serde::Serialize;

use super::lists;
use super::shell::{Frame, shell};
use crate::accounts::{self, Actor, profile};
use crate::boards::{self, BoardRef};
use crate::core::basis::{Basis, resting_on};
use crate::core::error::{Error, Result};
use crate::server::Server;
use crate::server::page::{Page, Robots};
use crate::server::site::{SiteAnswer, site};

/// Routes whose look other pages do without: their style sheets.
const SHEETS: [(&str, &str); 1] = [("search", "css/search.css")];

/// A person at an address.
pub(super) struct Visit {
    /// The server they came to.
    pub(super) server: Server,
    /// Who they are.
    pub(super) actor: Actor,
    path: String,
}

/// What is to be seen at an address.
pub(super) struct Shown {
    /// The title of the tab.
    pub(super) title: String,
    /// A sentence or two for search engines and link previews.
    pub(super) description: String,
    /// The one address of this content; empty where search engines should keep none.
    pub(super) canonical: String,
    /// What stands in `<main>`, as a guest sees it.
    pub(super) main: Markup,
    /// What the view's `load` would give, as JSON.
    pub(super) data: String,
    /// What it rests on, for a guest.
    pub(super) basis: Option<Basis>,
}

/// What stands in the page for the client: the frame's parts, and what the view's `load` would give.
#[derive(Serialize)]
struct Embedded<'a, M: Serialize> {
    route: &'a str,
    site: &'a SiteAnswer,
    me: M,
    boards: &'a [BoardRef],
}

impl FromRequestParts<Server> for Visit {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self> {
        let actor = Actor::from_request_parts(parts, &server.app).await?;
        Ok(Self { server: server.clone(), actor, path: parts.uri.path().to_owned() })
    }
}

impl Visit {
    /// The page with what was found, or one that says that there is nothing.
    ///
    /// # Errors
    /// When something else went wrong than that it is not there.
    pub(super) async fn answer(self, route: &str, shown: Result<Shown>) -> Result<Response> {
        let as_of = Instant::now();
        let site = site(&self.server).await?;
        let page = match shown {
            Ok(shown) => return self.found(route, &site, as_of, shown).await,
            Err(Error::NotFound(_)) => {
                self.without(&site, StatusCode::NOT_FOUND, &lists::nothing_here()).await?
            }
            Err(error @ (Error::Invalid(_) | Error::BadRequest(..))) => {
                let main = lists::unreadable(&error.problem().detail);
                self.without(&site, StatusCode::BAD_REQUEST, &main).await?
            }
            Err(error) => return Err(error),
        };
        Ok(self.server.template.respond(&page, &site.site.name))
    }

    /// A page that the client fills alone.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(super) async fn shell(self, route: &str, title: &str) -> Result<Response> {
        let site = site(&self.server).await?;
        let (boards, _) = boards::pages::named(&self.server.app, &self.actor).await?;
        let data = self.embedded(route, &site, &boards, "null").await?;
        Ok(self.server.template.respond(&Page { data, ..Page::shell(title) }, &site.site.name))
    }

    async fn found(&self, route: &str, site: &SiteAnswer, as_of: Instant, shown: Shown) -> Result<Response> {
        let app = &self.server.app;
        let (boards, named) = boards::pages::named(app, &self.actor).await?;
        let around = named.map(|named| named.and(accounts::site::basis(app, &site.site, as_of)));
        let basis = shown.basis.zip(around).map(|(basis, around)| basis.and(around));
        let canonical = Some(shown.canonical).filter(|address| !address.is_empty());
        let page = Page {
            title: shown.title,
            description: Some(shown.description).filter(|words| !words.is_empty()),
            robots: if canonical.is_some() { Robots::Index } else { Robots::NoIndex },
            canonical,
            sheet: SHEETS.into_iter().find_map(|(of, sheet)| (of == route).then_some(sheet)),
            status: StatusCode::OK,
            body: self.body(site, &boards, &shown.main),
            data: self.embedded(route, site, &boards, &shown.data).await?,
        };
        Ok(resting_on(basis, self.server.template.respond(&page, &site.site.name)))
    }

    /// A page that says why there is nothing; the client asks again and says it in its own way.
    async fn without(&self, site: &SiteAnswer, status: StatusCode, main: &Markup) -> Result<Page> {
        let (boards, _) = boards::pages::named(&self.server.app, &self.actor).await?;
        let body = self.body(site, &boards, main);
        let data = self.embedded("not-found", site, &boards, "null").await?;
        Ok(Page { status, body, data, ..Page::shell("Not found") })
    }

    /// What stands in `<main>`: guests get the words; the client of somebody who is signed in draws what is theirs.
    pub(super) fn main(&self, words: impl FnOnce() -> Markup) -> Markup {
        if self.actor.user().is_some() { PreEscaped(String::new()) } else { words() }
    }

    fn body(&self, site: &SiteAnswer, boards: &[BoardRef], main: &Markup) -> Markup {
        self.main(|| shell(&Frame { site: &site.site, boards, path: &self.path }, main))
    }

    async fn embedded(
        &self,
        route: &str,
        site: &SiteAnswer,
        boards: &[BoardRef],
        data: &str,
    ) -> Result<String> {
        let me = match self.actor.user() {
            Some(me) => Some(profile::me(&self.server.app, me).await?),
            None => None,
        };
        with(json(&Embedded { route, site, me, boards })?, "data", data)
    }
}

/// A struct of the API as JSON.
///
/// # Errors
/// Never for what the API answers with.
pub(super) fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(Error::internal)
}

/// An object that is JSON already, with one more field that is.
///
/// # Errors
/// For what is no object with fields.
fn with(mut object: String, name: &str, value: &str) -> Result<String> {
    if !object.ends_with('}') || object == "{}" {
        return Err(Error::internal("only objects get fields"));
    }
    object.truncate(object.len() - 1);
    object.reserve(name.len() + value.len() + 5);
    object.extend([",\"", name, "\":", value, "}"]);
    Ok(object)
}
