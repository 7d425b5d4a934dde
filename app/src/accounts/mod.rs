//! Accounts: who somebody is, how they sign in, what they may do, and what others see of them.
//!
//! - An account is a row in `users`. Nicknames and e-mail addresses are unique whatever the case ([`names::key`]).
//! - Who acts is an [`Actor`]: the person behind a session cookie or a bearer token, or a guest. Rights are read with
//!   every request, so what changes holds from the next request on; sockets follow the stream `rights`.
//! - Secrets are never stored: of passwords an Argon2id hash, of sessions, tokens and links a SHA-256.
//! - E-mail, age, gender and real names leave this slice only to their owner and to administrators.
//! - Nobody can change their own role or standing, so somebody always runs the place.
//!
//! Others call [`Actor`] and [`Permission`], [`people`], [`site`] and [`names`]; the commands call [`admin`] and
//! [`setup`].

pub mod admin;
pub mod attempts;
pub mod checks;
pub mod directory;
pub mod events;
pub mod fields;
pub mod frames;
pub mod groups;
pub mod hashing;
pub mod imported;
pub mod jobs;
pub mod links;
pub mod login;
pub mod mentions;
pub mod names;
pub mod password;
pub mod people;
pub mod permissions;
pub mod profile;
pub mod register;
pub mod registration;
pub mod sessions;
pub mod setup;
pub mod site;
pub mod tokens;
pub mod visitor;

mod actor;
mod cookies;
mod device;
mod model;
mod outcomes;
mod queries;
mod routes;
pub mod searching;
mod strangers;

pub use actor::{Actor, Me};
pub use cookies::SetCookie;
pub use device::{Device, DeviceId};
pub use model::{
    GroupId, LinkId, MessagesFrom, Purpose, Role, SessionId, SessionKind, Settings, Standing, Theme, UserId,
};
pub use people::Person;
pub use permissions::Permission;
pub use routes::{api, routes};

use crate::core::secret::ServerSecret;
use crate::core::{App, Result};

/// Makes at the start what a request would only find missing: the server's secret, the hashing.
///
/// # Errors
/// When the secret cannot be read or written.
pub fn prepare(app: &App) -> Result<()> {
    app.part::<ServerSecret>()?;
    app.part::<hashing::Hashing>()?;
    Ok(())
}
