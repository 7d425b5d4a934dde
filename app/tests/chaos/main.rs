//! Chaos: real nodes, a real database, a real Redis and nginx fail while people talk, and nothing said is lost or
//! doubled. `make chaos` runs the long form; FOLKMOOT_CHAOS_SECONDS and FOLKMOOT_CHAOS_SEED set length and chance.

#[cfg(test)]
mod caller;
#[cfg(test)]
mod checks;
#[cfg(test)]
mod community;
#[cfg(test)]
mod device;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod ledger;
#[cfg(test)]
mod parts;
#[cfg(test)]
mod reception;
#[cfg(test)]
mod replacing;
#[cfg(test)]
mod report;
#[cfg(test)]
mod run;
#[cfg(test)]
mod sender;
#[cfg(test)]
mod socket;
#[cfg(test)]
mod tables;
