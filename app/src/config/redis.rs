//! Settings of Redis: one address, or the parts of one.

use folkmoot_bus::redis::Address;

use super::Value;
use super::declare::settings;
use super::reader::{Reader, Source};
use super::secret::Secret;

/// The address of Redis; what signs in is left out wherever it is shown.
#[derive(Clone, Debug)]
pub struct RedisUrl(Address);

impl Value for RedisUrl {
    fn expects() -> String {
        "redis://:PASSWORD@HOST:PORT/NUMBER or redis+sentinel://:PASSWORD@HOST:PORT,HOST:PORT/MASTER/NUMBER"
            .to_owned()
    }

    fn parse(text: &str) -> Result<Self, String> {
        Address::parse(text).map(Self).map_err(str::to_owned)
    }

    fn show(&self) -> String {
        self.0.to_string()
    }
}

/// Host and port of a Redis.
#[derive(Clone, Debug)]
pub struct RedisPlace(Address);

impl Value for RedisPlace {
    fn expects() -> String {
        "HOST:PORT".to_owned()
    }

    fn parse(text: &str) -> Result<Self, String> {
        if text.contains(['/', '@', '?', '#']) {
            return Err(String::new());
        }
        Address::parse(&format!("redis://{text}")).map(Self).map_err(|_| String::new())
    }

    fn show(&self) -> String {
        self.0.to_string().trim_start_matches("redis://").trim_end_matches("/0").to_owned()
    }
}

settings! {
    /// Redis lets several nodes on one PostgreSQL hear each other at once, and count together. Set one of: url or addr;
    /// with neither, nodes read from the database what the others do, two seconds later.
    pub struct RedisSettings in "redis" {
        /// The whole address, of a server or of the Sentinels that know which one is the master.
        url: Option<RedisUrl> { variable: "REDIS_URL", example: "redis://localhost:6379/0", secret: true }
        /// The place of the server, when the address is given in parts.
        addr: Option<RedisPlace> { variable: "REDIS_ADDR", example: "localhost:6379" }
        /// The password, beside an address without one.
        password: Option<Secret> { variable: "REDIS_PASSWORD", secret: true }
        /// The number of the database, beside addr. Places that share a Redis have different ones.
        db: u32 { variable: "REDIS_DB", default: "0", within: 0..=65_535 }
    }
}

impl RedisSettings {
    /// The address that the settings make; `None`: there is no Redis.
    pub fn address(&self) -> Option<Address> {
        let address = match (&self.url, &self.addr) {
            (Some(url), _) => url.0.clone(),
            (None, Some(place)) => place.0.clone().with_number(self.db),
            (None, None) => return None,
        };
        Some(match &self.password {
            Some(password) => address.with_password(password.expose()),
            None => address,
        })
    }

    /// Two addresses are refused rather than one of them guessed.
    pub(super) fn settle(&self, reader: &mut Reader) {
        if self.url.is_some() && self.addr.is_some() {
            reader.refuse("REDIS_ADDR", "and REDIS_URL are both set; keep the one that is meant");
        }
        if self.url.is_some() && reader.source("REDIS_DB") != Source::Default {
            reader.refuse("REDIS_DB", "belongs to REDIS_ADDR; in REDIS_URL the number stands at the end");
        }
    }
}
