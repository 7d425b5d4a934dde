//! The first answer is already the page: what a guest sees at each public address, as words in the client's own
//! elements, beside the JSON from which the client builds the same.
//!
//! - Each function here has its twin in `client/js/components` or `client/js/views` and is made from the same structs
//!   as the API. A test in a browser holds the two equal for every route.
//! - People who are signed in get the frame and their JSON: their client draws it, so no page carries words for one
//!   person that a cache might give to another.
//! - Words of people are text. The one exception is HTML that `markup` made.

mod found;
mod icons;
mod lists;
mod parts;
mod person;
mod post;
mod routes;
mod rows;
mod search;
mod search_words;
mod shell;
mod thread;
mod timeline;
mod visit;
mod words;

pub(super) use routes::routes;
