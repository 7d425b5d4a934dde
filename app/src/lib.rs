//! The product: one binary, cut by feature.

pub mod accounts;
pub mod boards;
pub mod chat;
pub mod commands;
pub mod config;
pub mod core;
pub mod ops;
pub mod realtime;
pub mod search;
pub mod server;
pub mod threads;
