//! Communities that move in from elsewhere.

pub mod discourse;
