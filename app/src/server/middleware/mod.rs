//! What happens to every request around its handler.
//!
//! From outside in: [`edge`] (id, log, metrics, panics, time limit, problems, security headers) → compression →
//! [`flood`] (too much from one address) → [`identify`] (who asks) → [`guard`] (CORS, origin rule, rate limit) → the handler.

pub mod address;
pub mod edge;
pub mod flood;
pub mod guard;
pub mod headers;
pub mod identify;
pub mod limits;
pub mod origin;
pub mod problems;
pub mod rate_limit;
pub mod request_ids;
pub mod spare;

#[cfg(test)]
mod tests;
