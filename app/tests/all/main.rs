//! The product as its users meet it: over HTTP and sockets, from a real server, on both databases; and the house that
//! it is built in.

#[cfg(test)]
#[macro_use]
mod rig;

#[cfg(test)]
mod accounts;
#[cfg(test)]
mod architecture;
#[cfg(test)]
mod chat;
#[cfg(test)]
mod database;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod failover;
#[cfg(test)]
mod forum;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod ids;
#[cfg(test)]
mod import;
#[cfg(test)]
mod kept;
#[cfg(test)]
mod metrics;
#[cfg(test)]
mod packing;
#[cfg(test)]
mod plans;
#[cfg(test)]
mod process;
#[cfg(test)]
mod realtime;
#[cfg(test)]
mod release;
#[cfg(test)]
mod replicas;
#[cfg(test)]
mod search;
#[cfg(test)]
mod telemetry;
#[cfg(test)]
mod tree;
