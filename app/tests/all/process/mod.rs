//! The real binary as a process: how it starts, answers, logs and stops.

mod answers;
mod commands;
mod database;
mod files;
mod generated;
mod http;
mod limits;
mod node;
mod overload;
mod redis;
mod start;
mod stop;
