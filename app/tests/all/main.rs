//! The product as its users meet it: over HTTP and sockets, from a real server, on both databases.

#[cfg(test)]
#[macro_use]
mod rig;

#[cfg(test)]
mod accounts;
#[cfg(test)]
mod database;
mod realtime;
#[cfg(test)]
mod release;
