//! Boards: places that hold threads, each with rights and a policy.
//!
//! Invariants:
//! - One function decides who may read, start and reply: [`Rights`]. SQL guards that say the same (`rights_sql!`) stand
//!   inside every batch that writes to a board, so that a late write is refused.
//! - A board that a person may not read does not exist for them, in no list, count, address or error.
//! - Rights are columns; the rest of the policy is JSON with a version, read leniently and written strictly.

mod change;
mod create;
mod events;
mod find;
pub mod frames;
mod json;
mod model;
pub mod pages;
mod policy;
pub mod queries;
mod rights;
mod routes;
pub mod searching;

pub use create::{NewBoard, RightsChange, create};
pub use events::{BOARD_CHANGED, RIGHTS_CHANGED};
pub use find::{all_readable, by_id, by_slug, may_follow, readable_by};
pub use json::{BoardJson, BoardRef, LastThread, last_threads, present};
pub use model::{Board, BoardId, thread_url};
pub use policy::{Ordering, Policy, PolicyChange};
pub(crate) use rights::rights_sql;
pub use rights::{Right, Rights};
pub use routes::{api, routes};
