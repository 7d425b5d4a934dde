//! What the crate does, in people's words.

#[cfg(test)]
mod cut;
#[cfg(test)]
mod excerpts;
#[cfg(test)]
mod fts5;
#[cfg(test)]
mod order;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod questions;
#[cfg(test)]
mod recall;
#[cfg(test)]
mod support;
