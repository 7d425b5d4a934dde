//! The store's promises, each proved on the real engines.

#[cfg(test)]
mod both;
#[cfg(test)]
mod conformance;
#[cfg(test)]
mod migrations;
