//! Live delivery, over real sockets.

mod protocol;
