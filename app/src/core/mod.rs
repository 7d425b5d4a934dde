//! What every slice may use and that knows no slice: errors, ids, the clock, paging, the log of events.

pub mod app;
pub mod basis;
pub mod changes;
pub mod client_id;
pub mod clock;
pub mod emoji;
pub mod epoch;
pub mod error;
pub mod etag;
pub mod events;
pub mod for_all;
pub mod id_types;
pub mod ids;
pub mod instant;
pub mod json;
pub mod meta;
pub mod outbox;
pub mod paging;
pub mod parts;
pub mod random;
pub mod read;
pub mod request;
pub mod schema;
pub mod searchable;
pub mod secret;
pub mod slug;
pub mod streams;
pub mod time;
pub mod told;
pub mod words;
pub mod written;

pub use app::App;
pub use error::{Error, Result};
