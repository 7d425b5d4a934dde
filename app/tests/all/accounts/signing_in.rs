//! Somebody comes back.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use folkmoot::accounts::hashing::Hashing;
use folkmoot::accounts::visitor::Asker;
use folkmoot::config::{BaseUrl, Value as _};

use super::tables;
use crate::rig::*;

fn set_cookies(answer: &Answer) -> Vec<String> {
    answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap().to_owned()).collect()
}

/// Tries wrong passwords until it is told to stop; gives how many were looked at and the last answer.
async fn guesses(person: &Person, identifier: &str, most: usize) -> (usize, Answer) {
    for count in 0..most {
        let answer = person.signs_in(identifier, "a wrong password").await;
        if answer.status != 401 {
            return (count, answer);
        }
    }
    panic!("{most} wrong passwords and still asked for the next");
}

both_databases! {
    async fn ann_signs_in_by_nickname_or_email_in_any_case(app: TestApp) {
        app.person("Ann").await;
        for identifier in ["Ann", "ann", "ANN", " ann ", "ann@example.org", "Ann@Example.ORG"] {
            let ann = app.guest();
            let answer = ann.signs_in(identifier, PASSWORD).await.is(200);
            assert_eq!(answer.json()["user"]["nickname"], "Ann");
            assert!(ann.is_signed_in().await);
        }
        app.expects_events([]).await;
    }

    /// An identifier that is long, or holds what no name can, is refused before anything is counted or looked up.
    async fn what_can_be_nobodys_name_is_refused_at_once(app: TestApp) {
        for identifier in ["\u{fdfa}".repeat(255), "a".repeat(900_000), "an\0n".to_owned()] {
            app.guest().signs_in(&identifier, PASSWORD).await.refuses_fields(["identifier"]);
        }
        app.guest().signs_in(&"\u{fdfa}".repeat(254), PASSWORD).await.refuses(401, "wrong_credentials");
    }

    async fn the_cookie_is_out_of_reach_for_scripts_and_other_sites(app: TestApp) {
        let answer = app.guest().registers("ann").await.is(201);
        let cookies = set_cookies(&answer);
        let session = cookies.iter().find(|cookie| cookie.starts_with("folkmoot_session=")).unwrap();
        for part in ["HttpOnly", "SameSite=Lax", "Path=/;"] {
            assert!(session.contains(part), "{session}");
        }
        assert!(!session.contains("Secure"), "people come by http here");

        let secure = app.another(|config| {
            config.server.frontend_base_url = Some(BaseUrl::parse("https://forum.example").unwrap());
        }).await;
        let answer = secure.guest().signs_in("ann", PASSWORD).await.is(200);
        assert!(set_cookies(&answer).iter().all(|cookie| cookie.ends_with("; Secure")), "{answer:?}");
    }

    async fn a_secret_is_kept_only_as_its_hash(app: TestApp) {
        let ann = app.person("ann").await;
        let secret = ann.cookie("folkmoot_session").unwrap();
        assert!(secret.len() >= 43, "256 bits");
        assert_eq!(tables::sessions(&app).await, 1);
        assert_eq!(tables::sessions_with_secret(&app, &secret).await, 0);
    }

    async fn an_unknown_name_and_a_wrong_password_are_told_alike_after_the_same_work(app: TestApp) {
        app.person("ann").await;
        let hashing = app.app.part::<Hashing>().unwrap();
        let mut told = Vec::new();
        for (name, password) in [("ann", "a wrong password"), ("nobody-here", PASSWORD), ("no@example.org", PASSWORD)] {
            let before = hashing.work();
            let mut problem = app.guest().signs_in(name, password).await.refuses(401, "wrong_credentials");
            problem.as_object_mut().unwrap().remove("request_id");
            told.push((problem, hashing.work() - before));
        }
        assert_eq!(told[0], told[1]);
        assert_eq!(told[0], told[2]);
        assert!(told[0].1 > 0);
    }

    async fn an_imported_account_has_no_password_to_guess(app: TestApp) {
        tables::import(&app, "old-timer").await;
        app.guest().signs_in("old-timer", "").await.refuses_fields(["password"]);
        app.guest().signs_in("old-timer", "any password").await.refuses(401, "wrong_credentials");
    }

    async fn what_is_left_out_is_named(app: TestApp) {
        app.guest().post("/api/auth/login", json!({})).await.refuses_fields(["identifier", "password"]);
        app.guest().post("/api/auth/login", json!({"identifier": 7, "password": " "})).await.refuses_fields(["identifier"]);
        app.guest().signs_in("ann", &"x".repeat(300)).await.refuses_fields(["password"]);
    }

    async fn signing_in_again_ends_the_session_of_before(app: TestApp) {
        let ann = app.person("ann").await;
        let before = ann.cookie("folkmoot_session").unwrap();
        ann.signs_in("ann", PASSWORD).await.is(200);
        assert_ne!(ann.cookie("folkmoot_session").unwrap(), before);
        app.expects_events(["session_ended"]).await;
        let thief = app.guest();
        thief.holds_cookie("folkmoot_session", &before);
        assert!(!thief.is_signed_in().await);
    }

    async fn a_session_ends_when_nobody_comes_for_long_enough(app: TestApp) {
        let ann = app.person("ann").await;
        for _ in 0..4 {
            app.forward(days(29)).await;
            assert!(ann.is_signed_in().await, "each visit moves the end on");
            used(&app, &ann).await;
        }
        app.forward(days(31)).await;
        assert!(!ann.is_signed_in().await);
    }

    async fn after_some_wrong_passwords_one_has_to_wait(app: TestApp) {
        app.person("ann").await;
        let stranger = app.guest();
        let (count, refusal) = guesses(&stranger, "ann", 20).await;
        assert_eq!(count, 10);
        let wait: u64 = refusal.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=120).contains(&wait), "{wait}");
        refusal.refuses(429, "too_many");
        stranger.signs_in("ann@example.org", PASSWORD).await.refuses(429, "too_many");
        app.forward(Duration::from_secs(wait)).await;
        stranger.signs_in("ann", PASSWORD).await.is(200);
    }

    async fn a_name_that_nobody_has_is_limited_just_the_same(app: TestApp) {
        let (count, refusal) = guesses(&app.guest(), "nobody-here", 20).await;
        assert_eq!(count, 10);
        refusal.refuses(429, "too_many");
    }

    async fn nobody_can_lock_ann_out_of_her_own_browser(app: TestApp) {
        let ann = app.person("ann").await;
        ann.post("/api/auth/logout", json!({})).await.is(204);
        guesses(&app.guest(), "ann", 20).await;
        ann.signs_in("ann", PASSWORD).await.is(200);

        ann.post("/api/auth/logout", json!({})).await.is(204);
        let (count, _) = guesses(&ann, "ann", 20).await;
        assert_eq!(count, 10, "a stolen browser may not guess for ever either");
    }

    async fn a_made_up_device_is_a_stranger(app: TestApp) {
        let ann = app.person("ann").await;
        let device = ann.cookie("folkmoot_device").unwrap();
        let (content, signature) = device.rsplit_once('.').unwrap();
        let bob = app.person("bob").await;
        let (_, others) = bob.cookie("folkmoot_device").map(|cookie| {
            cookie.rsplit_once('.').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap()
        }).unwrap();
        guesses(&app.guest(), "ann", 20).await;
        for made_up in [format!("{content}.{others}"), format!("{content}x.{signature}"), String::from("x"), String::new()] {
            let stranger = app.guest();
            stranger.holds_cookie("folkmoot_device", &made_up);
            stranger.signs_in("ann", PASSWORD).await.refuses(429, "too_many");
        }
        let bobs = app.guest();
        bobs.holds_cookie("folkmoot_device", &bob.cookie("folkmoot_device").unwrap());
        bobs.signs_in("ann", PASSWORD).await.refuses(429, "too_many");
    }

    async fn one_address_cannot_try_everybody(app: TestApp) {
        let stranger = app.guest();
        let mut looked_at = 0;
        for name in 0..100 {
            if stranger.signs_in(&format!("name{name}"), "a wrong password").await.status != 401 {
                break;
            }
            looked_at += 1;
        }
        assert_eq!(looked_at, 60);
        stranger.signs_in("somebody-else", PASSWORD).await.refuses(429, "too_many");
    }

    async fn right_passwords_are_not_counted(app: TestApp) {
        app.person("ann").await;
        for _ in 0..25 {
            app.guest().signs_in("ann", PASSWORD).await.is(200);
        }
    }

    async fn who_finds_the_queue_full_is_told_before_any_work(app: TestApp) {
        app.person("ann").await;
        let hashing = app.app.part::<Hashing>().unwrap();
        let place = hashing.place(Asker::Address(IpAddr::V4(Ipv4Addr::LOCALHOST))).unwrap();
        let before = hashing.work();
        let refusal = app.guest().signs_in("ann", PASSWORD).await;
        assert_eq!(refusal.header("retry-after"), Some("1"));
        refusal.refuses(503, "busy");
        app.guest().registers("bob").await.refuses(503, "busy");
        assert_eq!(hashing.work(), before);
        drop(place);
        app.guest().signs_in("ann", PASSWORD).await.is(200);
    }

    async fn a_hash_of_before_is_renewed_at_the_next_sign_in(app: TestApp) {
        app.person("ann").await;
        let stronger = app.another(|config| config.passwords.memory_kib = 128).await;
        stronger.guest().signs_in("ann", "a wrong password").await.is(401);
        assert!(tables::password_hash(&app, "ann").await.unwrap().contains("m=64,"));
        stronger.guest().signs_in("ann", PASSWORD).await.is(200);
        for _ in 0..200 {
            if tables::password_hash(&app, "ann").await.unwrap().contains("m=128,") {
                stronger.guest().signs_in("ann", PASSWORD).await.is(200);
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("the hash stayed as it was");
    }

    async fn who_is_banned_is_told_so_only_with_the_right_password(app: TestApp) {
        let (ada, bob) = (app.admin("ada").await, app.person("bob").await);
        ada.patch(&format!("/api/admin/people/{}", bob.id().await), json!({"standing": "banned"})).await.is(200);
        app.guest().signs_in("bob", PASSWORD).await.refuses(403, "banned");
        app.guest().signs_in("bob", "a wrong password").await.refuses(401, "wrong_credentials");
    }
}

/// Waits until it is noted that somebody was here, which happens beside their request.
async fn used(app: &TestApp, person: &Person) {
    let now = folkmoot::core::time::Time(app.app.now()).rfc3339();
    for _ in 0..200 {
        if person.account().await["last_seen_at"] == now.as_str() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("nobody noted that they were here");
}
