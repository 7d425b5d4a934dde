//! Where Redis is, as one address.

use std::fmt;

use redis::io::tcp::TcpSettings;
use redis::sentinel::{SentinelClient, SentinelNodeConnectionInfo, SentinelServerType};
use redis::{Client, ConnectionInfo, IntoConnectionInfo, ProtocolVersion, RedisConnectionInfo, RedisResult};

const SCHEME: &str = "redis://";
const SENTINEL_SCHEME: &str = "redis+sentinel://";
/// Where a Sentinel listens unless it is told otherwise: <https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/>.
const SENTINEL_PORT: u16 = 26379;

/// One of
/// - `redis://[USER:PASSWORD@]HOST[:PORT][/NUMBER]`: a server;
/// - `redis+sentinel://[USER:PASSWORD@]HOST[:PORT],HOST[:PORT]…/MASTER[/NUMBER][?sentinel_password=PASSWORD]`: whichever
///   server the Sentinels at these places name as the master of that name.
///
/// Whatever must be encoded in an address is percent-encoded. Neither `Debug` nor `Display` shows a password.
#[derive(Clone)]
pub struct Address {
    places: Vec<ConnectionInfo>,
    /// The name by which Sentinels know the master; `None`: the one place is the server itself.
    master: Option<String>,
    /// Who signs in, and the number of the database.
    login: RedisConnectionInfo,
}

/// What finds the server, each time anew.
pub(super) enum Finder {
    Server(Client),
    Sentinels(SentinelClient),
}

impl Address {
    /// Reads an address.
    ///
    /// # Errors
    /// What is wrong with it, without any part of it.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        if let Some(rest) = text.strip_prefix(SENTINEL_SCHEME) {
            return Self::of_sentinels(rest);
        }
        match text.split_once("://") {
            Some(("redis", _)) => {}
            Some(("rediss", _)) => {
                return Err("TLS to Redis is not spoken here; a tunnel such as stunnel does it.");
            }
            _ => return Err("It begins with redis:// or redis+sentinel://."),
        }
        let server = place(text).ok_or("It is not of the form redis://USER:PASSWORD@HOST:PORT/NUMBER.")?;
        let login = settings(&server);
        Ok(Self { places: vec![server], master: None, login })
    }

    fn of_sentinels(rest: &str) -> Result<Self, &'static str> {
        const FORM: &str =
            "It is not of the form redis+sentinel://USER:PASSWORD@HOST:PORT,HOST:PORT/MASTER/NUMBER.";
        let (rest, query) = rest.split_once('?').map_or((rest, None), |(rest, query)| (rest, Some(query)));
        let (login, rest) = rest.rsplit_once('@').map_or(("", rest), |(login, rest)| (login, rest));
        let (hosts, path) =
            rest.split_once('/').ok_or("The name of the master is missing after the Sentinels.")?;
        let (master, number) = path.split_once('/').unwrap_or((path, "0"));
        if master.is_empty() {
            return Err("The name of the master is missing after the Sentinels.");
        }
        let password = match query.map(|query| query.split_once('=')) {
            None => String::new(),
            Some(Some(("sentinel_password", password))) => format!(":{password}@"),
            Some(_) => return Err("After ? only sentinel_password=PASSWORD is known."),
        };
        let login = if login.is_empty() { String::new() } else { format!("{login}@") };
        // What signs in at the master is read as if it were at the address of a server.
        let login = settings(&place(&format!("{SCHEME}{login}master/{number}")).ok_or(FORM)?);
        let places: Option<Vec<_>> =
            hosts.split(',').map(|host| place(&format!("{SCHEME}{password}{}", with_port(host)))).collect();
        Ok(Self { places: places.ok_or(FORM)?, master: Some(master.to_owned()), login })
    }

    /// The same address, with a password if it has none.
    #[must_use]
    pub fn with_password(mut self, password: &str) -> Self {
        if self.login.password().is_none() {
            self.login = self.login.set_password(password);
        }
        self
    }

    /// The same address, with another database.
    #[must_use]
    pub fn with_number(mut self, number: u32) -> Self {
        self.login = self.login.set_db(i64::from(number));
        self
    }

    /// The number of the database. What nodes say to each other stays among those with the same number.
    pub(super) fn number(&self) -> i64 {
        self.login.db()
    }

    pub(super) fn finder(&self) -> RedisResult<Finder> {
        let login = self.login.clone().set_protocol(ProtocolVersion::RESP3);
        let quick = TcpSettings::default().set_nodelay(true);
        Ok(match (&self.master, self.places.first()) {
            (None, Some(server)) => {
                let server = server.clone().set_redis_settings(login).set_tcp_settings(quick);
                Finder::Server(Client::open(server)?)
            }
            (master, _) => {
                let (places, name) = (self.places.clone(), master.clone().unwrap_or_default());
                let info = SentinelNodeConnectionInfo::default()
                    .set_redis_connection_info(login)
                    .set_tcp_settings(quick);
                Finder::Sentinels(SentinelClient::build(
                    places,
                    name,
                    Some(info),
                    SentinelServerType::Master,
                )?)
            }
        })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places: Vec<_> = self.places.iter().map(|place| place.addr().to_string()).collect();
        let places = places.join(",");
        match &self.master {
            None => write!(f, "{SCHEME}{places}/{}", self.number()),
            Some(master) => write!(f, "{SENTINEL_SCHEME}{places}/{master}/{}", self.number()),
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({self})")
    }
}

/// The place that an address of one server means.
fn place(address: &str) -> Option<ConnectionInfo> {
    address.into_connection_info().ok()
}

fn settings(place: &ConnectionInfo) -> RedisConnectionInfo {
    place.redis_settings().clone()
}

fn with_port(host: &str) -> String {
    // In brackets the colons belong to the host.
    if host.rsplit(']').next().is_some_and(|end| end.contains(':')) {
        host.to_owned()
    } else {
        format!("{host}:{SENTINEL_PORT}")
    }
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn an_address_of_redis_is_read_and_shown_without_its_password() {
        let shown = |text: &str| Address::parse(text).map(|address| address.to_string());
        for (text, expected) in [
            ("redis://cache", "redis://cache:6379/0"),
            ("redis://:pass%40word@10.0.0.7:7000/3", "redis://10.0.0.7:7000/3"),
            ("redis://ann:secret@[::1]:7000", "redis://::1:7000/0"),
            ("redis+sentinel://one,two:7000/forum", "redis+sentinel://one:26379,two:7000/forum/0"),
            ("redis+sentinel://:secret@one/forum/2", "redis+sentinel://one:26379/forum/2"),
            ("redis+sentinel://one/forum?sentinel_password=secret", "redis+sentinel://one:26379/forum/0"),
        ] {
            assert_eq!(shown(text), Ok(expected.to_owned()), "{text}");
            let address = Address::parse(text).unwrap();
            assert!(!format!("{address:?}").contains("secret"), "{text}");
        }
        let address = Address::parse("redis://:pass%40word@cache").unwrap();
        assert_eq!(address.login.password(), Some("pass@word"));
        assert_eq!(address.with_password("other").login.password(), Some("pass@word"));
        let address = Address::parse("redis+sentinel://one/forum").unwrap().with_password("other");
        assert_eq!(address.login.password(), Some("other"));
    }

    #[test]
    fn what_is_no_address_of_redis_is_refused_without_being_repeated() {
        for text in [
            "",
            "cache:6379",
            "http://cache",
            "rediss://:secret@cache",
            "redis://",
            "redis://:secret@cache/three",
            "redis+sentinel://:secret@one,two",
            "redis+sentinel://:secret@one/",
            "redis+sentinel://:secret@one/forum/three",
            "redis+sentinel://one/forum?password=secret",
            "redis+sentinel://one,,two/forum",
        ] {
            let why = Address::parse(text).expect_err(text);
            assert!(!why.contains("secret"), "{why}");
        }
    }
}
