//! From the bus to the hub: what other nodes have committed.

use folkmoot_bus::{Notice, Subscription};

use super::envelope::Envelope;
use super::frames::Frame;
use super::node::Node;

/// Takes what other nodes tell, until the bus is closed.
pub(super) async fn listen(node: Node, mut subscription: Subscription) {
    while let Some(notice) = subscription.next().await {
        match notice {
            Notice::Message(message) => match Envelope::read(&message) {
                Some(envelope) if node.is_news(&envelope) => take(&node, envelope).await,
                Some(_) => {}
                None => tracing::warn!("a message on the bus is none of ours"),
            },
            // Which ones is not known, so every stream is compared.
            Notice::Lagged(missed) => {
                tracing::warn!(missed, "messages of other nodes were lost");
                node.sweep_now.notify_one();
            }
        }
    }
}

async fn take(node: &Node, envelope: Envelope) {
    let Envelope { stream, effect, text, .. } = envelope;
    match envelope.seq {
        Some(seq) => node.hand_out(Frame { stream, seq, text, effect }).await,
        None => node.flash_here(stream, &text),
    }
}
