//! Accounts: registering, signing in and out, rights, links, groups.

mod administering;
mod commands;
mod groups;
mod links;
mod people;
mod profile;
mod registering;
mod sessions;
mod signing_in;
mod site;
mod tables;
mod tokens;
