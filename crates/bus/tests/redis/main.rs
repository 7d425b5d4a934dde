//! What goes through real servers of Redis.

#[cfg(test)]
mod bus;
#[cfg(test)]
mod shipped;
