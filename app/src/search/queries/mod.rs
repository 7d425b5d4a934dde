//! Each SQL text beside its function, by what it is about.

pub(super) mod candidates;
pub(super) mod entries;
pub(super) mod progress;
pub(super) mod words;
