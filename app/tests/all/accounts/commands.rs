//! `folkmoot admin`: what it does, and what it says on the command line.

use std::path::Path;
use std::process::{Command, Output};

use folkmoot::accounts::{Role, admin};
use folkmoot::core::Error;

use super::tables;
use crate::rig::*;

both_databases! {
    async fn an_administrator_is_made_with_a_password(app: TestApp) {
        let link = admin::create(&app.app, "admin", "admin@example.org", Some("password123"), Role::Admin).await.unwrap();
        assert!(link.is_none());
        let user = app.guest().signs_in("admin", "password123").await.is(200).json()["user"].clone();
        assert_eq!((&user["role"], &user["age"]), (&json!("admin"), &Value::Null));
    }

    async fn an_administrator_is_made_with_a_link_to_set_a_password(app: TestApp) {
        let link = admin::create(&app.app, "admin", "admin@example.org", None, Role::Admin).await.unwrap().unwrap();
        let (_, secret) = link.url.rsplit_once('/').unwrap();
        let path = format!("/api/auth/links/{secret}");
        app.guest().post(&path, json!({"password": "chosen by myself"})).await.is(200);
        app.guest().signs_in("admin", "chosen by myself").await.is(200);
    }

    async fn what_is_wrong_with_an_administrator_is_told(app: TestApp) {
        let wrong = admin::create(&app.app, "a", "nonsense", Some("short"), Role::Admin).await.unwrap_err();
        let Error::Invalid(fields) = wrong else { panic!("{wrong}") };
        assert_eq!(fields.into_keys().collect::<Vec<_>>(), ["email", "nickname", "password"]);
        app.person("ann").await;
        let taken = admin::create(&app.app, "Ann", "other@example.org", None, Role::Admin).await.unwrap_err();
        assert!(matches!(taken, Error::Taken(_)), "{taken}");
        assert_eq!(tables::accounts(&app).await, 1);
    }

    async fn somebody_gets_a_role_but_the_last_administrator_keeps_theirs(app: TestApp) {
        let (ada, bob) = (app.admin("ada").await, app.person("bob").await);
        let last = admin::promote(&app.app, "ada", Role::Member).await.unwrap_err();
        assert!(matches!(last, Error::Conflict("last_admin", _)), "{last}");
        admin::promote(&app.app, "BOB", Role::Admin).await.unwrap();
        app.expects_events(["user_rights_changed", "person_changed"]).await;
        assert_eq!(bob.account().await["role"], "admin");
        admin::promote(&app.app, "ada", Role::Member).await.unwrap();
        assert_eq!(ada.account().await["role"], "member");
        assert!(matches!(admin::promote(&app.app, "nobody", Role::Admin).await, Err(Error::NotFound(_))));
    }

    async fn a_forgotten_password_is_set_anew_by_command(app: TestApp) {
        app.person("ann").await;
        let link = admin::reset_password(&app.app, "Ann").await.unwrap();
        let (_, secret) = link.url.rsplit_once('/').unwrap();
        app.guest().post(&format!("/api/auth/links/{secret}"), json!({"password": "chosen anew today"})).await.is(200);
        app.guest().signs_in("ann", "chosen anew today").await.is(200);
    }
}

/// Runs the binary over a database of its own in `data`.
fn folkmoot(data: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_folkmoot"));
    command.args(arguments).current_dir(data).env_clear().env("DATA_DIR", data);
    command.output().expect("the binary runs")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn remarked(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn the_command_line_makes_an_administrator_and_helps_them_in_again() {
    let data = tempfile::tempdir().unwrap();
    let admin = |arguments: &[&str]| folkmoot(data.path(), &[&["admin"], arguments].concat());

    let wrong = admin(&["create", "--nickname", "a", "--email", "root@example.org", "--password", "short"]);
    assert_eq!(wrong.status.code(), Some(1));
    assert!(remarked(&wrong).contains("nickname: ") && remarked(&wrong).contains("password: "), "{wrong:?}");
    assert_eq!(said(&wrong), "", "programs read results alone");

    let made = admin(&["create", "--nickname", "root", "--email", "root@example.org", "--json"]);
    assert!(made.status.success(), "{made:?}");
    let link: Value = serde_json::from_slice(&made.stdout).unwrap();
    assert!(link["url"].as_str().unwrap().contains("/link/"), "{link}");

    let again = admin(&["reset-password", "ROOT"]);
    assert!(again.status.success() && said(&again).trim().starts_with("http"), "{again:?}");
    assert_ne!(said(&again).trim(), link["url"].as_str().unwrap());

    let last = admin(&["promote", "root", "--role", "member"]);
    assert_eq!(last.status.code(), Some(1));
    assert!(remarked(&last).contains("last administrator"), "{last:?}");
    assert_eq!(admin(&["promote", "nobody", "--role", "admin"]).status.code(), Some(1));
    assert_eq!(admin(&["promote", "root", "--role", "king"]).status.code(), Some(2));
}
