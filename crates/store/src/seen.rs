//! What a reader must find in what they read, so that a replica never hides from them what they wrote.

/// What a reader must find.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Seen {
    /// Nothing: they have written nothing, and how it was a moment ago is as good to them.
    #[default]
    Nothing,
    /// Everything that was acknowledged before the log stood here.
    UpTo(Position),
    /// Everything: only the primary will do.
    Everything,
}

/// A place in the write-ahead log of a PostgreSQL server. Places of one timeline can be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// A server that is promoted begins another timeline.
    pub(crate) timeline: i64,
    /// Bytes since the log began.
    pub(crate) bytes: i64,
}

impl Position {
    /// Whether all that lies before `goal` lies before this place too.
    pub(crate) fn reaches(self, goal: Self) -> bool {
        self.timeline == goal.timeline && self.bytes >= goal.bytes
    }
}

/// How far a replica is behind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// By no more than a request can wait for.
    Prompt,
    /// By more than that: it is good for who has seen nothing.
    Behind,
    /// By more than anybody may read, or it does not answer, or it is no replica of the primary.
    #[default]
    Away,
}

/// A look at the replica.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReplicaStats {
    /// How far it is behind.
    pub standing: Standing,
    /// Everything acknowledged so many milliseconds ago was there when it was last looked at; `None` before the first.
    pub behind_ms: Option<u64>,
    /// Reads that it took since the start.
    pub taken: u64,
    /// Reads that it could have taken, had it been near enough, since the start.
    pub passed: u64,
}
