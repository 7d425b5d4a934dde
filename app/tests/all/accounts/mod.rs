//! Accounts: registering, signing in and out, rights, links, groups.

mod registering;
