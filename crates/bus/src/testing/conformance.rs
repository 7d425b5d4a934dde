//! The suite that every bus must pass: what the contract in [`Bus`] says, tried between two nodes.

use std::time::Duration;

use bytes::Bytes;

use crate::{BACKLOG, Bus, Notice, Subscription};

/// What the bus under test is expected to do with messages on a quiet day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manners {
    /// Each message arrives once, in the order of its publisher.
    Sound,
    /// It may lose, double, delay and reorder.
    Unruly,
}

/// How long nothing must come for the suite to believe that nothing more comes.
const QUIET: Duration = Duration::from_millis(300);

/// Tries everything that the contract says. `nodes` makes a new bus and gives the ends of two nodes on it.
///
/// # Panics
/// When the bus does not keep the contract: the message says which part.
pub async fn conformance<A: Bus, B: Bus>(manners: Manners, mut nodes: impl AsyncFnMut() -> (A, B)) {
    let (a, b) = nodes().await;
    messages_reach_every_node(manners, &a, &b).await;
    topics_are_apart(&a, &b).await;
    bytes_arrive_as_they_were(&a, &b).await;
    let (a, b) = nodes().await;
    a_slow_subscription_is_bounded_and_told(&a, &b).await;
    let (a, b) = nodes().await;
    closing_ends_this_node_alone(manners, &a, &b).await;
    let (a, b) = nodes().await;
    assert!(a.has_others() && b.has_others(), "two nodes know that they are not alone");
    assert!(*a.is_up().borrow(), "a bus that works says that it is up");
}

async fn messages_reach_every_node(manners: Manners, a: &impl Bus, b: &impl Bus) {
    let (mut here, mut there, mut there_too) =
        (a.subscribe("posts"), b.subscribe("posts"), b.subscribe("posts"));
    let sent: Vec<Bytes> = (0..200).map(|number| Bytes::from(format!("post {number}"))).collect();
    for message in &sent {
        a.publish("posts", message.clone());
    }
    for subscription in [&mut here, &mut there, &mut there_too] {
        let got = messages(subscription).await;
        assert!(got.iter().all(|message| sent.contains(message)), "only what was published arrives");
        match manners {
            Manners::Sound => assert_eq!(got, sent, "each message arrives once and in order"),
            Manners::Unruly => assert!(got.len() > sent.len() / 4, "something arrives: {} of 200", got.len()),
        }
    }
}

async fn topics_are_apart(a: &impl Bus, b: &impl Bus) {
    let mut cats = b.subscribe("cats");
    for _ in 0..20 {
        a.publish("dogs", Bytes::from_static(b"woof"));
        a.publish("cats and dogs", Bytes::from_static(b"both"));
    }
    assert_eq!(messages(&mut cats).await, Vec::<Bytes>::new(), "a topic hears nothing of another");
}

async fn bytes_arrive_as_they_were(a: &impl Bus, b: &impl Bus) {
    let mut subscription = b.subscribe("bytes");
    let odd: Vec<Bytes> = vec![
        Bytes::new(),
        Bytes::from((0..=255).collect::<Vec<u8>>()),
        Bytes::from_static("a line\nand another \u{1f33b}".as_bytes()),
        Bytes::from(vec![b'x'; 1024 * 1024]),
    ];
    // More than once, so that each arrives also over a bus that loses some.
    for message in odd.iter().cycle().take(odd.len() * 20) {
        a.publish("bytes", message.clone());
    }
    let got = messages(&mut subscription).await;
    assert!(got.iter().all(|message| odd.contains(message)), "a message arrives whole or not at all");
    assert!(odd.iter().all(|message| got.contains(message)), "every kind of message can be sent");
}

async fn a_slow_subscription_is_bounded_and_told(a: &impl Bus, b: &impl Bus) {
    let (mut slow, mut quick) = (b.subscribe("flood"), b.subscribe("flood"));
    let reader = tokio::spawn(async move { notices(&mut quick).await.len() });
    let flood = BACKLOG * 4;
    let began = tokio::time::Instant::now();
    for number in 0..flood {
        a.publish("flood", Bytes::from(number.to_string()));
        if number % 64 == 0 {
            tokio::task::yield_now().await;
        }
    }
    assert!(began.elapsed() < Duration::from_secs(5), "publishing does not wait for the slow");
    assert!(reader.await.is_ok_and(|count| count > BACKLOG), "the slow do not hold up the quick");
    let notices = notices(&mut slow).await;
    let held = notices.iter().filter(|notice| matches!(notice, Notice::Message(_))).count();
    let lost = notices.iter().any(|notice| matches!(notice, Notice::Lagged(missed) if *missed > 0));
    assert!(held <= BACKLOG, "{held} messages waited for one subscription");
    assert!(lost, "a subscription that lost messages is told");
}

async fn closing_ends_this_node_alone(manners: Manners, a: &impl Bus, b: &impl Bus) {
    let (mut closed, mut open) = (b.subscribe("posts"), a.subscribe("posts"));
    b.close();
    b.publish("posts", Bytes::from_static(b"from the grave"));
    let ended = tokio::time::timeout(QUIET, closed.next()).await;
    assert_eq!(ended, Ok(None), "closing ends the subscriptions");
    let ended = tokio::time::timeout(QUIET, b.subscribe("posts").next()).await;
    assert_eq!(ended, Ok(None), "a subscription on a closed bus has ended already");
    for _ in 0..20 {
        a.publish("posts", Bytes::from_static(b"alive"));
    }
    let got = messages(&mut open).await;
    assert!(got.iter().all(|message| message == "alive"), "a closed node publishes nothing");
    assert!(!got.is_empty(), "the others go on ({manners:?})");
}

/// Everything that comes until it is quiet.
async fn notices(subscription: &mut Subscription) -> Vec<Notice> {
    let mut all = Vec::new();
    while let Ok(Some(notice)) = tokio::time::timeout(QUIET, subscription.next()).await {
        all.push(notice);
    }
    all
}

async fn messages(subscription: &mut Subscription) -> Vec<Bytes> {
    let only_messages = |notice| match notice {
        Notice::Message(message) => Some(message),
        Notice::Lagged(_) => None,
    };
    notices(subscription).await.into_iter().filter_map(only_messages).collect()
}
