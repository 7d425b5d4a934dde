//! One-time links.

use folkmoot::accounts::{Role, admin, setup};

use super::tables;
use crate::rig::*;

/// A link's path in the API.
fn api(link: &str) -> String {
    let (_, secret) = link.rsplit_once("/link/").expect("a link");
    format!("/api/auth/links/{secret}")
}

async fn setup_link(app: &TestApp) -> Option<String> {
    setup::link(&app.app).await.unwrap().map(|link| api(&link))
}

fn founding(nickname: &str) -> Value {
    let mut form = form(nickname);
    form["community_name"] = json!("The Moot");
    form
}

both_databases! {
    async fn the_first_start_gives_a_link_that_sets_the_place_up_once(app: TestApp) {
        let site = async || app.guest().get("/api/site").await.is(200).json();
        assert_eq!(site().await["setup_needed"], true);
        let link = setup_link(&app).await.unwrap();
        assert_eq!(app.guest().get(&link).await.is(200).json(), json!({"purpose": "setup", "nickname": null}));
        let ada = app.guest();
        ada.post(&link, json!({"nickname": "admin"})).await.refuses_fields(
            ["age", "email", "first_name", "gender", "last_name", "password"],
        );
        app.events().await;
        let user = ada.post(&link, founding("admin")).await.is(200).json()["user"].clone();
        app.expects_events(["site_changed"]).await;
        assert_eq!(user["role"], "admin");
        assert_eq!(user["may"], json!({"moderate": true, "administer": true}));
        assert!(ada.is_signed_in().await);
        assert_eq!(site().await["setup_needed"], false);
        assert_eq!(site().await["name"], "The Moot");

        app.guest().get(&link).await.refuses(410, "link_used");
        app.guest().post(&link, founding("other")).await.refuses(410, "link_used");
        assert_eq!(setup_link(&app).await, None);
        assert_eq!(tables::accounts(&app).await, 1);
    }

    async fn a_later_start_replaces_the_link_of_an_earlier_one(app: TestApp) {
        let (first, second) = (setup_link(&app).await.unwrap(), setup_link(&app).await.unwrap());
        app.guest().get(&first).await.refuses(410, "link_used");
        app.guest().get(&second).await.is(200);
        app.forward(hours(73)).await;
        app.guest().get(&second).await.refuses(410, "link_used");
        app.guest().post(&second, founding("admin")).await.refuses(410, "link_used");
    }

    async fn of_two_who_hold_the_link_one_founds_the_place(app: TestApp) {
        let link = setup_link(&app).await.unwrap();
        let (ada, eve) = (app.guest(), app.guest());
        let (one, other) = tokio::join!(ada.post(&link, founding("ada")), eve.post(&link, founding("eve")));
        let mut statuses = [one.status.as_u16(), other.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses[0], 200);
        assert!([410, 503].contains(&statuses[1]), "{statuses:?}");
        assert_eq!(tables::accounts(&app).await, 1);
    }

    async fn an_admin_made_by_command_leaves_nothing_to_set_up(app: TestApp) {
        let link = setup_link(&app).await.unwrap();
        admin::create(&app.app, "root", "root@example.org", Some("a few good words"), Role::Admin).await.unwrap();
        app.guest().post(&link, founding("eve")).await.refuses(409, "set_up_already");
        app.guest().signs_in("root", "a few good words").await.is(200);
    }

    async fn a_forgotten_password_is_set_anew_by_an_admins_link(app: TestApp) {
        let (ada, bob) = (app.admin("ada").await, app.person("bob").await);
        let made = ada.post(&format!("/api/admin/people/{}/link", bob.id().await), json!({})).await.is(201).json();
        assert_eq!(made["expires_at"], "2026-11-23T12:00:00.000Z");
        let link = api(made["url"].as_str().unwrap());
        assert_eq!(app.guest().get(&link).await.is(200).json(), json!({"purpose": "password", "nickname": "bob"}));
        let bobs_phone = app.guest();
        bobs_phone.post(&link, json!({"password": "bob"})).await.refuses_fields(["password"]);
        let answer = bobs_phone.post(&link, json!({"password": "a new good one"})).await.is(200);
        assert_eq!(answer.json()["user"]["nickname"], "bob");
        app.expects_events(["user_rights_changed"]).await;
        assert!(bobs_phone.is_signed_in().await);
        assert!(!bob.is_signed_in().await, "whoever was signed in is out");
        app.guest().signs_in("bob", "a new good one").await.is(200);
        app.guest().post(&link, json!({"password": "another new one"})).await.refuses(410, "link_used");
    }

    async fn a_newer_link_ends_the_older_one(app: TestApp) {
        let (ada, bob) = (app.admin("ada").await, app.person("bob").await);
        let path = format!("/api/admin/people/{}/link", bob.id().await);
        let link = async || api(ada.post(&path, json!({})).await.is(201).json()["url"].as_str().unwrap());
        let (first, second) = (link().await, link().await);
        app.guest().get(&first).await.refuses(410, "link_used");
        app.guest().get(&second).await.is(200);
        let change = json!({"current": PASSWORD, "password": "found it after all"});
        bob.post("/api/me/password", change).await.is(204);
        app.guest().get(&second).await.refuses(410, "link_used");
    }

    async fn an_imported_account_is_handed_to_its_owner(app: TestApp) {
        let ada = app.admin("ada").await;
        let id = tables::import(&app, "OldTimer").await;
        assert_eq!(app.guest().get("/api/users/oldtimer").await.is(200).json()["user"]["claimed"], false);
        let made = ada.post(&format!("/api/admin/people/{id}/link"), json!({})).await.is(201).json();
        let link = api(made["url"].as_str().unwrap());
        assert_eq!(app.guest().get(&link).await.is(200).json(), json!({"purpose": "claim", "nickname": "OldTimer"}));

        let owner = app.guest();
        owner.post(&link, json!({})).await.refuses_fields(
            ["age", "email", "first_name", "gender", "last_name", "password"],
        );
        let mut claim = form("ignored");
        claim["email"] = json!("ada@example.org");
        owner.post(&link, claim.clone()).await.refuses(409, "taken");
        claim["email"] = json!("old@example.org");
        let user = owner.post(&link, claim).await.is(200).json()["user"].clone();
        assert_eq!((&user["id"], &user["nickname"], &user["claimed"]), (&json!(id), &json!("OldTimer"), &json!(true)));
        assert_eq!(user["email"], "old@example.org");
        assert_eq!(user["age"], 34);
        app.guest().signs_in("old@example.org", PASSWORD).await.is(200);
        app.guest().get(&link).await.refuses(410, "link_used");
    }

    async fn a_made_up_link_is_no_link(app: TestApp) {
        app.guest().get("/api/auth/links/made-up").await.refuses(410, "link_used");
        app.guest().post("/api/auth/links/made-up", json!({"password": "a new good one"})).await.refuses(410, "link_used");
    }
}
