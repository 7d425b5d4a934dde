//! Which address shows what. The client has the same table in `client/js/routes.js`.

use std::time::Instant;

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{StatusCode, header};
use serde::{Deserialize, Serialize};

use super::person::{self, Wrote};
use super::search::{self, Asked};
use super::search_words::KINDS;
use super::visit::{Shown, Visit, json};
use super::words::encoded;
use super::{lists, thread};
use crate::accounts;
use crate::accounts::directory::{self, ProfileAnswer};
use crate::boards::{self, Ordering};
use crate::core::error::Result;
use crate::core::json::{Path, Query};
use crate::core::paging::PageQuery;
use crate::search::{SearchQuery, Sort};
use crate::server::Server;
use crate::server::site::site;
use crate::threads::{self, ListQuery, PostId, PostJson, PostsQuery, ThreadId, ThreadList};

/// Addresses that the client fills alone, and what the tab is called meanwhile.
const SHELLS: [(&str, &str, &str); 12] = [
    ("/chat", "chat", "Chat"),
    ("/chat/{id}", "chat", "Chat"),
    ("/new", "new", "New thread"),
    ("/b/{slug}/new", "new", "New thread"),
    ("/login", "login", "Sign in"),
    ("/register", "register", "Create an account"),
    ("/settings", "settings", "Settings"),
    ("/link/{token}", "link", "One-time link"),
    ("/admin", "admin", "Administration"),
    ("/admin/boards", "admin-boards", "Boards"),
    ("/admin/people", "admin-people", "People"),
    ("/admin/groups", "admin-groups", "Groups"),
];

/// All pages.
pub(in crate::server) fn routes() -> Router<Server> {
    let pages = Router::new()
        .route("/", get(home))
        .route("/boards", get(all_boards))
        .route("/b/{slug}", get(board))
        .route("/threads/{id}", get(thread_by_id))
        .route("/threads/{id}/{slug}", get(thread_by_name))
        .route("/p/{id}", get(permalink))
        .route("/people", get(people))
        .route("/people/{nickname}", get(one_person))
        .route("/tags/{tag}", get(tag))
        .route("/search", get(search_page));
    SHELLS.into_iter().fold(pages, |routes, (path, route, title)| {
        routes.route(path, get(async move |visit: Visit| visit.shell(route, title).await))
    })
}

async fn home(visit: Visit, query: Result<Query<ListQuery>>) -> Result<Response> {
    let shown = async {
        let Query(query) = query?;
        let feed = threads::home(&visit.server.app, &visit.actor, &query).await?;
        let as_of = Instant::now();
        let site = site(&visit.server).await?.site;
        let named = accounts::site::basis(&visit.server.app, &site, as_of);
        let by_activity = query.sort == Some(Ordering::Activity);
        Ok(Shown {
            title: String::new(),
            description: site.tagline.clone(),
            canonical: if by_activity { "/?sort=activity" } else { "/" }.to_owned(),
            main: visit.main(|| lists::home(&site.name, &site.tagline, &feed, by_activity)),
            data: json(&feed)?,
            basis: feed.basis.map(|basis| basis.and(named)),
        })
    };
    let shown = shown.await;
    visit.answer("home", shown).await
}

async fn all_boards(visit: Visit) -> Result<Response> {
    let shown = async {
        let list = boards::pages::list(&visit.server.app, &visit.actor).await?;
        Ok(Shown {
            title: "Boards".to_owned(),
            description: String::new(),
            canonical: "/boards".to_owned(),
            main: visit.main(|| lists::boards(&list)),
            data: json(&list)?,
            basis: list.basis,
        })
    };
    let shown = shown.await;
    visit.answer("boards", shown).await
}

async fn board(
    visit: Visit,
    path: Result<Path<String>>,
    query: Result<Query<ListQuery>>,
) -> Result<Response> {
    let shown = async {
        let (Path(slug), Query(query)) = (path?, query?);
        let list = threads::of_board(&visit.server.app, &visit.actor, &slug, &query).await?;
        Ok(Shown {
            title: list.board.title.clone(),
            description: list.board.description.clone(),
            canonical: list.board.url.clone(),
            main: visit.main(|| lists::board(&list, query.tag.as_deref())),
            data: json(&list)?,
            basis: list.basis,
        })
    };
    let shown = shown.await;
    visit.answer("board", shown).await
}

async fn thread_by_id(
    visit: Visit,
    path: Result<Path<ThreadId>>,
    query: Result<Query<PostsQuery>>,
) -> Result<Response> {
    let id = path.map(|Path(id)| id);
    thread_page(visit, id, query).await
}

async fn thread_by_name(
    visit: Visit,
    path: Result<Path<(ThreadId, String)>>,
    query: Result<Query<PostsQuery>>,
) -> Result<Response> {
    let id = path.map(|Path((id, _))| id);
    thread_page(visit, id, query).await
}

/// A thread, however its address spells its title.
async fn thread_page(
    visit: Visit,
    id: Result<ThreadId>,
    query: Result<Query<PostsQuery>>,
) -> Result<Response> {
    let shown = async {
        let (id, Query(query)) = (id?, query?);
        let page = threads::thread_page(&visit.server.app, &visit.actor, id, &query).await?;
        let url = &page.thread.url;
        let first = page.posts.items.iter().find_map(|post| match post {
            PostJson::Living(post) => Some(post.excerpt.clone()),
            PostJson::Deleted(_) => None,
        });
        Ok(Shown {
            title: page.thread.title.clone(),
            description: first.unwrap_or_default(),
            canonical: if page.posts.page > 1 {
                format!("{url}?page={}", page.posts.page)
            } else {
                url.clone()
            },
            main: visit.main(|| thread::thread(&page)),
            data: json(&page)?,
            basis: page.basis,
        })
    };
    let shown = shown.await;
    visit.answer("thread", shown).await
}

/// A post's address for ever leads to where it stands now.
async fn permalink(visit: Visit, path: Result<Path<PostId>>) -> Result<Response> {
    let found = async {
        let Path(id) = path?;
        threads::place_of(&visit.server.app, &visit.actor, id).await
    };
    match found.await {
        Ok(place) => Ok((StatusCode::FOUND, [(header::LOCATION, place)]).into_response()),
        Err(error) => visit.answer("permalink", Err(error)).await,
    }
}

/// What the directory is asked for.
#[derive(Default, Deserialize)]
#[serde(default)]
struct PeopleQuery {
    q: String,
    cursor: Option<String>,
}

async fn people(visit: Visit, query: Result<Query<PeopleQuery>>) -> Result<Response> {
    let shown = async {
        let Query(query) = query?;
        let paging = PageQuery { limit: None, cursor: query.cursor };
        let list = directory::people(&visit.server.app, &visit.actor, &query.q, &paging).await?;
        Ok(Shown {
            title: "People".to_owned(),
            description: String::new(),
            canonical: "/people".to_owned(),
            main: visit.main(|| lists::people(&list, &query.q)),
            data: json(&list)?,
            // As does the directory.
            basis: None,
        })
    };
    let shown = shown.await;
    visit.answer("people", shown).await
}

/// Which part of a person's page.
#[derive(Default, Deserialize)]
#[serde(default)]
struct PersonQuery {
    tab: String,
    cursor: Option<String>,
}

async fn one_person(
    visit: Visit,
    path: Result<Path<String>>,
    query: Result<Query<PersonQuery>>,
) -> Result<Response> {
    let shown = async {
        let (Path(nickname), Query(query)) = (path?, query?);
        let (app, actor) = (&visit.server.app, &visit.actor);
        let answer = directory::person(app, &visit.actor, &nickname).await?;
        let list = ListQuery { cursor: query.cursor, ..ListQuery::default() };
        let (tab, wrote) = if query.tab == "posts" {
            ("posts", Wrote::Posts(threads::posts_of_person(app, actor, &nickname, &list).await?))
        } else {
            ("threads", Wrote::Threads(threads::of_person(app, actor, &nickname, &list).await?))
        };
        Ok(Shown {
            title: answer.user.person.nickname.clone(),
            description: answer.user.bio.chars().take(200).collect(),
            canonical: answer.user.person.url.clone(),
            main: visit.main(|| person::person(&answer.user, &wrote)),
            data: json(&OfPerson { answer: &answer, wrote: &wrote, tab })?,
            // It shows who is here, which is never kept.
            basis: None,
        })
    };
    let shown = shown.await;
    visit.answer("person", shown).await
}

async fn tag(visit: Visit, path: Result<Path<String>>, query: Result<Query<ListQuery>>) -> Result<Response> {
    let shown = async {
        let (Path(tag), Query(query)) = (path?, query?);
        let list = threads::tagged(&visit.server.app, &visit.actor, &tag, &query).await?;
        Ok(Shown {
            title: format!("#{tag}"),
            description: String::new(),
            canonical: format!("/tags/{}", encoded(&tag)),
            main: visit.main(|| lists::tag(&tag, &list)),
            data: json(&OfTag { list: &list, tag: &tag })?,
            basis: list.basis,
        })
    };
    let shown = shown.await;
    visit.answer("tag", shown).await
}

/// What the page of results is asked for; what it does not know it leaves out, as the client does.
#[derive(Default, Deserialize)]
#[serde(default)]
struct ResultsQuery {
    q: String,
    #[serde(rename = "in")]
    kind: String,
    sort: String,
    thread: Option<ThreadId>,
    cursor: Option<String>,
}

async fn search_page(visit: Visit, query: Result<Query<ResultsQuery>>) -> Result<Response> {
    let shown = async {
        let Query(query) = query?;
        let asked = Asked {
            q: query.q.trim().to_owned(),
            kind: KINDS.iter().map(|(kind, ..)| *kind).find(|kind| *kind == query.kind),
            sort: (query.sort == Sort::Date.as_str()).then_some(Sort::Date),
            thread: query.thread,
        };
        let answer = if asked.q.is_empty() {
            None
        } else {
            let query = SearchQuery {
                q: asked.q.clone(),
                within: asked.kind.map(str::to_owned),
                sort: asked.sort,
                cursor: query.cursor,
                thread: asked.thread,
                ..SearchQuery::default()
            };
            Some(crate::search::find(&visit.server.app, &visit.actor, &query).await?)
        };
        Ok(Shown {
            title: search::title(&asked, answer.as_ref()),
            description: String::new(),
            canonical: String::new(),
            basis: None,
            main: visit.main(|| search::search(&asked, answer.as_ref())),
            data: json(&serde_json::json!({ "asked": asked, "found": answer }))?,
        })
    };
    let shown = shown.await;
    visit.answer("search", shown).await
}

/// What the view of a person's page is given.
#[derive(Serialize)]
struct OfPerson<'a> {
    #[serde(flatten)]
    answer: &'a ProfileAnswer,
    #[serde(flatten)]
    wrote: &'a Wrote,
    tab: &'static str,
}

/// What the view of a tag is given.
#[derive(Serialize)]
struct OfTag<'a> {
    #[serde(flatten)]
    list: &'a ThreadList,
    tag: &'a str,
}
