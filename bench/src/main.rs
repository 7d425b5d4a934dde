//! Load scenarios against the real binary, each beside its baseline.

fn main() {}
