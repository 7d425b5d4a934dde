//! Who must hear of a change before anybody is answered: what keeps answers in memory, so that nobody is given an old one
//! after they were told of something newer.

use std::sync::{Arc, OnceLock};

use super::events::Appended;
use super::streams::Stream;

/// Hears of changes. It is called from the database's writer and must not wait.
pub trait Hears: Send + Sync {
    /// This process committed these events, and stirred what these streams tell of.
    fn committed(&self, events: &[Appended], stirred: &[Stream]);
    /// Clients here are being told of event `seq` of this stream, whoever wrote it.
    fn told(&self, stream: Stream, seq: i64);
    /// History may have gone back: nothing that was known holds.
    fn begun_anew(&self);
}

/// The way of changes to who must hear of them.
#[derive(Default)]
pub struct Changes(OnceLock<Arc<dyn Hears>>);

impl Changes {
    /// From now on `who` hears of each change; the first who says so.
    pub fn are_heard_by(&self, who: Arc<dyn Hears>) {
        if self.0.set(who).is_err() {
            tracing::warn!("changes are heard by somebody already");
        }
    }

    /// This process committed.
    pub fn committed(&self, events: &[Appended], stirred: &[Stream]) {
        if let Some(who) = self.0.get() {
            who.committed(events, stirred);
        }
    }

    /// Clients here are being told of event `seq` of this stream.
    pub fn told(&self, stream: Stream, seq: i64) {
        if let Some(who) = self.0.get() {
            who.told(stream, seq);
        }
    }

    /// History may have gone back.
    pub fn begun_anew(&self) {
        if let Some(who) = self.0.get() {
            who.begun_anew();
        }
    }
}
