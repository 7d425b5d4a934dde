//! Frames of every type with payloads that nobody meant: each is answered or passed over, none breaks the connection,
//! and none does anything.

use folkmoot_bus::testing::Dice;

use super::*;

const FRAMES: usize = 600;

/// The types of frames and the fields that they know.
const TYPES: [(&str, &[&str]); 9] = [
    ("hello", &["epoch", "cursors"]),
    ("subscribe", &["streams", "epoch"]),
    ("unsubscribe", &["streams"]),
    ("send_message", &["conversation_id", "client_id", "body", "reply_to"]),
    ("mark_read", &["conversation_id", "seq", "thread_id", "post_id"]),
    ("typing_start", &["conversation_id"]),
    ("typing_stop", &["conversation_id"]),
    ("watch", &["people"]),
    ("dance", &["conversation_id"]),
];

/// Any value, now and then one that means something.
fn value(dice: &mut Dice, depth: u32) -> Value {
    match dice.roll(if depth == 0 { 11 } else { 14 }) {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(-1),
        3 => json!(i64::MAX),
        4 => json!(1e300),
        5 => json!(""),
        6 => json!("0"),
        7 => json!("conversation:1"),
        8 => json!("9223372036854775807"),
        9 => json!("\u{0}\u{202e}<script>"),
        10 => json!("x".repeat(300)),
        11 => json!([value(dice, depth - 1), value(dice, depth - 1)]),
        12 => json!({"conversation:1": value(dice, depth - 1)}),
        _ => json!({"user:1": 0, "site": value(dice, depth - 1)}),
    }
}

both_databases! {
    async fn nothing_that_is_said_breaks_the_connection(app: TestApp) {
        let [ann, bob] = app.people(["ann", "bob"]).await;
        let talk = ann.talks_to("bob").await;
        let mut dice = Dice::of(3);
        let mut sent = 0;
        while sent < FRAMES {
            // Each connection may say so many frames within ten seconds.
            let (mut socket, _) = ann.connects().await;
            for _ in 0..60 {
                let (kind, fields) = TYPES[usize::try_from(dice.roll(9)).unwrap() % TYPES.len()];
                let mut payload = json!({});
                for field in fields {
                    if dice.per_cent(80) {
                        payload[field] = value(&mut dice, 3);
                    }
                }
                let payload = if dice.per_cent(10) { value(&mut dice, 3) } else { payload };
                socket.says(kind, payload).await;
                sent += 1;
            }
            socket.says("watch", json!({"people": [bob.id().await]})).await;
            let send = json!({"conversation_id": talk.id, "client_id": "alive", "body": "Still here"});
            socket.says("send_message", send).await;
            loop {
                let frame = socket.next_frame().await;
                if frame["type"] == "ack" {
                    assert_eq!(frame["payload"]["message"]["seq"], 2, "sent once, however often it was said");
                    break;
                }
            }
        }
        assert_eq!(bob.reads(&talk, "").await, ["Still here"], "and nothing else");
        assert_eq!(ann.sees(&talk).await["mark"], 1);
    }
}
