//! Who knocks at the door: the address, the device, the browser, and who is signed in already.

use std::net::IpAddr;

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;

use super::Actor;
use super::device::{Device, DeviceId};
use super::model::UserId;
use crate::core::request::RequestFacts;
use crate::core::{App, Error, Result};

/// What signing in needs to know of a request.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// Who is signed in; their session ends when somebody signs in.
    pub actor: Actor,
    /// Where the request comes from, as far as limits count.
    pub address: IpAddr,
    /// The device, when somebody signed in from it before.
    pub device: Option<Device>,
    /// The browser in words: "Firefox on Linux".
    pub browser: String,
}

/// What places in the queue are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Asker {
    /// An address that is not known.
    Address(IpAddr),
    /// A device that somebody signed in from before.
    Device(DeviceId),
    /// Somebody who is signed in.
    Account(UserId),
}

impl Asker {
    /// Whether it is known who asks, so that one of the kept places is theirs.
    pub fn is_known(self) -> bool {
        !matches!(self, Self::Address(_))
    }
}

impl Visitor {
    /// What this visitor's places in the queue are counted by.
    pub fn asker(&self) -> Asker {
        match &self.device {
            Some(device) => Asker::Device(device.id),
            None => Asker::Address(self.address),
        }
    }
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let actor = Actor::from_request_parts(parts, app).await?;
        let facts = RequestFacts::from_request_parts(parts, app).await?;
        let device = Device::of(app, &parts.headers)?;
        let agent = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        Ok(Self { actor, address: facts.household(), device, browser: browser(agent.unwrap_or_default()) })
    }
}

/// A browser's name for itself, in words that its owner knows it by. Order matters: most claim to be others as well.
fn browser(agent: &str) -> String {
    const BROWSERS: [(&str, &str); 8] = [
        ("Edg/", "Edge"),
        ("EdgA/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 7] = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ];
    let named = |names: &[(&str, &'static str)]| {
        names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    match (named(&BROWSERS), named(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        (None, Some(system)) => format!("A browser on {system}"),
        (None, None) => String::from("A browser"),
    }
}

#[cfg(test)]
mod tests {
    use super::browser;

    #[test]
    fn browsers_are_called_as_people_call_them() {
        let cases = [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox on Linux"),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 \
                 Safari/537.36 Edg/126.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                 Version/17.5 Mobile/15E148 Safari/604.1",
                "Safari on iPhone",
            ),
            (
                "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile \
                 Safari/537.36",
                "Chrome on Android",
            ),
            ("curl/8.5.0", "A browser"),
            ("", "A browser"),
        ];
        for (agent, name) in cases {
            assert_eq!(browser(agent), name);
        }
    }
}
