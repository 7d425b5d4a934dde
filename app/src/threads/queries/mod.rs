//! The SQL of threads and posts, by what it is about. Reads run at once; writes are statements for a batch.

pub(super) mod counts;
pub(super) mod marks;
pub(super) mod places;
pub(super) mod posts;
pub(super) mod reactions;
pub(super) mod searching;
pub(super) mod tags;
pub(super) mod threads;
