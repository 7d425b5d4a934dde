//! Guests' answers that are kept as bytes: given quickly, and never when they hold no more.

mod answers;
mod looking;
mod random;
mod world;
