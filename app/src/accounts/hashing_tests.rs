//! The queue and the hashes, with parameters small enough for tests.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use argon2::Params;

use super::{Hashing, KEPT_PLACES, PLACES};
use crate::accounts::visitor::Asker;
use crate::core::Error;
use crate::core::random::Random;

fn hashing_with(memory: u32) -> Hashing {
    Hashing::new(Params::new(memory, 1, 1, None).unwrap(), Random::seeded(1), 1).unwrap()
}

fn stranger(number: u8) -> Asker {
    Asker::Address(IpAddr::V4(Ipv4Addr::new(192, 0, 2, number)))
}

fn known(number: u8) -> Asker {
    Asker::Device([number; 16])
}

fn is_full(hashing: &Hashing, asker: Asker) -> bool {
    matches!(hashing.place(asker), Err(Error::Busy { retry_after: 1 }))
}

#[tokio::test]
async fn a_password_is_known_again_by_its_hash() {
    let hashing = hashing_with(64);
    let hash = hashing.place(stranger(1)).unwrap().hash("password123".into()).await.unwrap();
    assert!(hash.starts_with("$argon2id$v=19$m=64,t=1,p=1$"));
    let verify = async |password: &str, hash: Option<&str>| {
        let place = hashing.place(stranger(1)).unwrap();
        place.verify(password.into(), hash.map(str::to_owned)).await.unwrap()
    };
    assert!(verify("password123", Some(&hash)).await);
    assert!(!verify("password124", Some(&hash)).await);
    assert!(!verify("password123", None).await);
}

#[tokio::test]
async fn two_people_with_one_password_have_different_hashes() {
    let hashing = hashing_with(64);
    let one = hashing.place(stranger(1)).unwrap().hash("password123".into()).await.unwrap();
    let other = hashing.place(stranger(1)).unwrap().hash("password123".into()).await.unwrap();
    assert_ne!(one, other);
}

#[tokio::test]
async fn an_unknown_name_costs_the_same_work_as_a_wrong_password() {
    let hashing = hashing_with(64);
    let hash = hashing.place(stranger(1)).unwrap().hash("password123".into()).await.unwrap();
    let mut costs = Vec::new();
    for stored in [Some(hash), None] {
        let before = hashing.work();
        hashing.place(stranger(1)).unwrap().verify("wrong".into(), stored).await.unwrap();
        costs.push(hashing.work() - before);
    }
    assert_eq!(costs, [64, 64]);
}

#[tokio::test]
async fn a_password_is_replaced_by_who_knows_it() {
    let hashing = hashing_with(64);
    let hash = hashing.place(stranger(1)).unwrap().hash("password123".into()).await.unwrap();
    let place = || hashing.place(stranger(1)).unwrap();
    assert!(place().replace("wrong".into(), Some(hash.clone()), "new one".into()).await.unwrap().is_none());
    assert!(place().replace("password123".into(), None, "new one".into()).await.unwrap().is_none());
    let new = place().replace("password123".into(), Some(hash), "new one".into()).await.unwrap().unwrap();
    assert!(place().verify("new one".into(), Some(new)).await.unwrap());
}

#[tokio::test]
async fn hashes_of_before_are_told_from_todays() {
    let (before, today) = (hashing_with(64), hashing_with(128));
    let hash = before.place(stranger(1)).unwrap().hash("password123".into()).await.unwrap();
    assert!(!before.is_outdated(&hash));
    assert!(today.is_outdated(&hash));
    assert!(today.place(stranger(1)).unwrap().verify("password123".into(), Some(hash)).await.unwrap());
    assert!(today.is_outdated("$2b$12$abcdefghijklmnopqrstuv"));
}

#[tokio::test]
async fn the_queue_is_short_and_keeps_places_for_known_devices() {
    let hashing = hashing_with(64);
    let _turn = hashing.running.clone().acquire_owned().await.unwrap();
    let mut places: Vec<_> = (0..PLACES).map(|n| hashing.place(stranger(n as u8)).unwrap()).collect();
    assert!(is_full(&hashing, stranger(100)));
    places.extend((0..KEPT_PLACES).map(|n| hashing.place(known(n as u8)).unwrap()));
    assert!(is_full(&hashing, known(100)));
    places.clear();
    assert!(hashing.place(stranger(100)).is_ok(), "a place that is given up is free");
}

#[tokio::test]
async fn an_address_waits_in_one_place_only() {
    let hashing = hashing_with(64);
    let place = hashing.place(stranger(1)).unwrap();
    assert!(is_full(&hashing, stranger(1)));
    assert!(hashing.place(stranger(2)).is_ok());
    assert!(hashing.place(known(1)).is_ok());
    drop(place);
    assert!(hashing.place(stranger(1)).is_ok());
}

#[tokio::test]
async fn who_hangs_up_leaves_the_queue() {
    let hashing = hashing_with(64);
    let turn = hashing.running.clone().acquire_owned().await.unwrap();
    let waiting = tokio::spawn(hashing.place(stranger(1)).unwrap().hash("password123".into()));
    tokio::task::yield_now().await;
    waiting.abort();
    assert!(waiting.await.unwrap_err().is_cancelled());
    assert!(hashing.place(stranger(1)).is_ok());
    drop(turn);
}

#[tokio::test]
async fn who_waits_starts_when_a_turn_is_free_and_everybody_gets_one() {
    let hashing = hashing_with(64);
    let turn = hashing.running.clone().acquire_owned().await.unwrap();
    let jobs: Vec<_> = (0..PLACES as u8)
        .map(|n| tokio::spawn(hashing.place(stranger(n)).unwrap().hash("password123".into())))
        .collect();
    tokio::time::sleep(Duration::from_millis(30)).await;
    assert_eq!(hashing.work(), 0, "the only turn is taken");
    drop(turn);
    for job in jobs {
        job.await.unwrap().unwrap();
    }
    assert_eq!(hashing.work(), 64 * PLACES as u64);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn hashing_steps_back_behind_everything_else() {
    let niceness = |_: &Hashing| {
        let stat = std::fs::read_to_string("/proc/thread-self/stat").unwrap();
        // After the name, which stands in brackets, the 17th field.
        let (_, fields) = stat.rsplit_once(") ").unwrap();
        Ok(fields.split(' ').nth(16).unwrap().parse::<i32>().unwrap())
    };
    let hashing = hashing_with(64);
    assert_eq!(hashing.place(stranger(1)).unwrap().run(niceness).await.unwrap(), 19);
}
