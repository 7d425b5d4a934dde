//! The device cookie: a browser in which somebody signed in before says so, signed by the server.
//!
//! It gives no rights. It lets its bearer into the queue when strangers fill it, and lets a right password in when
//! somebody else's wrong ones have used up the account's tries, so that nobody can lock a person out.

use axum::http::HeaderMap;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq;

use super::cookies;
use super::model::UserId;
use crate::core::secret::ServerSecret;
use crate::core::{App, Result};

/// The cookie's name.
const COOKIE: &str = "folkmoot_device";
/// How long it is believed, in milliseconds: 400 days, as long as browsers keep one.
const LIFE: i64 = 400 * 24 * 60 * 60 * 1000;
/// The most accounts of one device, the newest first: a family's computer.
const ACCOUNTS: usize = 5;
const PURPOSE: &str = "device cookie";

/// The random name of a device.
pub type DeviceId = [u8; 16];

/// A device that somebody signed in from before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Its random name.
    pub id: DeviceId,
    accounts: Vec<UserId>,
}

impl Device {
    /// The device that a request comes from, if its cookie is there, ours and not too old.
    ///
    /// # Errors
    /// When the server's secret cannot be read.
    pub fn of(app: &App, headers: &HeaderMap) -> Result<Option<Self>> {
        let Some(cookie) = cookies::read(headers, COOKIE) else { return Ok(None) };
        let Some((content, signature)) = cookie.rsplit_once('.') else { return Ok(None) };
        let signed = app.part::<ServerSecret>()?.sign(PURPOSE, content.as_bytes())?;
        let given = URL_SAFE_NO_PAD.decode(signature).unwrap_or_default();
        Ok(if bool::from(given.ct_eq(&signed)) { parse(content, app.now()) } else { None })
    }

    /// Whether this person signed in here before.
    pub fn knows(&self, person: UserId) -> bool {
        self.accounts.contains(&person)
    }

    /// The cookie by which the device is known from now on, also for this person.
    ///
    /// # Errors
    /// When the server's secret cannot be read, or the system gives no randomness.
    pub fn cookie(before: Option<Self>, app: &App, person: UserId) -> Result<cookies::SetCookie> {
        let mut device = match before {
            Some(device) => device,
            None => Self { id: app.random.bytes()?, accounts: Vec::new() },
        };
        device.accounts.retain(|account| *account != person);
        device.accounts.insert(0, person);
        device.accounts.truncate(ACCOUNTS);
        let content = device.content(app.now());
        let signature = app.part::<ServerSecret>()?.sign(PURPOSE, content.as_bytes())?;
        Ok(cookies::SetCookie {
            name: COOKIE,
            value: format!("{content}.{}", URL_SAFE_NO_PAD.encode(signature)),
            path: "/api",
            max_age: LIFE / 1000,
        })
    }

    fn content(&self, now: i64) -> String {
        let accounts: Vec<String> = self.accounts.iter().map(UserId::to_string).collect();
        format!("{}.{}.{now}", URL_SAFE_NO_PAD.encode(self.id), accounts.join("-"))
    }
}

fn parse(content: &str, now: i64) -> Option<Device> {
    let mut parts = content.split('.');
    let id = URL_SAFE_NO_PAD.decode(parts.next()?).ok()?.try_into().ok()?;
    let accounts = parts.next()?.split('-').map(str::parse).collect::<Result<_, _>>().ok()?;
    let issued: i64 = parts.next()?.parse().ok()?;
    (issued <= now && now - issued < LIFE).then_some(Device { id, accounts })
}

#[cfg(test)]
mod tests {
    use super::{Device, LIFE, UserId, parse};

    #[test]
    fn a_device_reads_back_until_it_is_too_old() {
        let device = Device { id: [7; 16], accounts: vec![UserId(12), UserId(3)] };
        let content = device.content(1_000);
        assert_eq!(parse(&content, 1_000), Some(device.clone()));
        assert_eq!(parse(&content, 1_000 + LIFE - 1), Some(device));
        assert_eq!(parse(&content, 1_000 + LIFE), None);
        assert_eq!(parse(&content, 999), None, "from the future");
    }

    #[test]
    fn it_knows_only_those_who_signed_in_there() {
        let device = Device { id: [7; 16], accounts: vec![UserId(12)] };
        assert!(device.knows(UserId(12)));
        assert!(!device.knows(UserId(1)));
    }
}
