//! The store's promises, each proved on the real engines.

#[cfg(test)]
mod both;
#[cfg(test)]
mod child;
#[cfg(test)]
mod conformance;
#[cfg(test)]
mod crashes;
#[cfg(test)]
mod embedded;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod migrations;
#[cfg(test)]
mod model;
#[cfg(test)]
mod postgres_failover;
#[cfg(test)]
mod postgres_replica;
#[cfg(test)]
mod postgres_server;
#[cfg(test)]
mod proxy;
