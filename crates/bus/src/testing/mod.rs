//! What every bus must pass, and a bus that misbehaves as much as a bus may.

mod conformance;
mod dice;
mod unruly;

pub use conformance::{Manners, conformance};
pub use dice::Dice;
pub use unruly::{Mischief, Unruly};
