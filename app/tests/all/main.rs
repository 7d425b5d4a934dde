//! The product as its users meet it: over HTTP and sockets, from a real server, on both databases.

#[macro_use]
mod rig;

mod accounts;
mod database;
mod realtime;
