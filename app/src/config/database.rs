//! Settings of the database: one address, or the parts of one.

use std::path::Path;

use super::Value;
use super::declare::settings;
use super::reader::{Reader, Source};
use super::secret::{HIDDEN, Secret};

/// The address of a database; its password is hidden wherever it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseUrl(Secret);

impl DatabaseUrl {
    fn is_postgres(&self) -> bool {
        !self.0.expose().starts_with("sqlite:")
    }
}

impl Value for DatabaseUrl {
    fn expects() -> String {
        "sqlite://PATH or postgres://USER:PASSWORD@HOST/NAME".to_owned()
    }

    fn parse(text: &str) -> Result<Self, String> {
        let known = ["sqlite:", "postgres://", "postgresql://"].iter().any(|scheme| text.starts_with(scheme));
        if known {
            return Ok(Self(Secret::new(text)));
        }
        match text.split_once("://") {
            Some(("mongodb" | "mongodb+srv" | "mysql" | "mariadb", _)) => {
                Err("Folkmoot keeps its data in SQLite or PostgreSQL.".to_owned())
            }
            _ => Err(String::new()),
        }
    }

    fn show(&self) -> String {
        hide_password(self.0.expose())
    }
}

settings! {
    /// Where the data is. Set one of: url (either engine), path (SQLite), or host with user and name (PostgreSQL);
    /// with none of them it is SQLite in folkmoot.db in the data folder.
    pub struct DatabaseSettings in "database" {
        /// The whole address: sqlite://PATH or postgres://USER:PASSWORD@HOST:PORT/NAME; of servers that stand in for each
        /// other HOST:PORT,HOST:PORT, and the one that takes writes is found. PostgreSQL is spoken to without TLS: keep it
        /// on this machine or a network of your own.
        url: Option<DatabaseUrl> {
            variable: "DATABASE_URL", example: "sqlite://./data/folkmoot.db", secret: true
        }
        /// PostgreSQL: the address of a server that follows the one of url, in the same form. Pages are read from it while
        /// it is at most two seconds behind, and never behind what their reader has done.
        replica_url: Option<DatabaseUrl> {
            variable: "DATABASE_REPLICA_URL", example: "postgres://folkmoot@standby:5432/folkmoot", secret: true
        }
        /// SQLite: the file.
        path: Option<String> { variable: "DB_PATH", example: "./data/folkmoot.db" }
        /// PostgreSQL: the host, or several, separated by commas, of which one takes writes.
        host: Option<String> { variable: "DB_HOST", example: "localhost" }
        /// PostgreSQL: the port.
        port: u16 { variable: "DB_PORT", default: "5432", within: 1..=65_535 }
        /// PostgreSQL: who signs in.
        user: Option<String> { variable: "DB_USER", example: "folkmoot" }
        /// PostgreSQL: the password.
        password: Option<Secret> { variable: "DB_PASSWORD", secret: true }
        /// PostgreSQL: the database.
        name: Option<String> { variable: "DB_NAME", example: "folkmoot" }
        /// PostgreSQL: the most connections held at once.
        max_connections: u32 { variable: "DB_MAX_CONNECTIONS", default: "25", within: 3..=1000 }
    }
}

impl DatabaseSettings {
    /// The address that the settings make, with its password.
    pub fn address(&self, data_dir: &Path) -> Secret {
        match (&self.url, &self.host, &self.path) {
            (Some(url), _, _) => url.0.clone(),
            (None, Some(host), _) => Secret::new(self.composed(host)),
            (None, None, Some(path)) => Secret::new(format!("sqlite://{path}")),
            (None, None, None) => Secret::new(format!("sqlite://{}", data_dir.join("folkmoot.db").display())),
        }
    }

    /// The address of the replica, if there is one, with its password.
    pub fn replica(&self) -> Option<&Secret> {
        self.replica_url.as_ref().map(|url| &url.0)
    }

    /// The address for logs and reports: without its password.
    pub fn shown(&self, data_dir: &Path) -> String {
        hide_password(self.address(data_dir).expose())
    }

    fn composed(&self, host: &str) -> String {
        let user = encoded(self.user.as_deref().unwrap_or_default());
        let name = encoded(self.name.as_deref().unwrap_or_default());
        let password = self.password.as_ref().map(|secret| format!(":{}", encoded(secret.expose())));
        let places: Vec<_> = host.split(',').map(|host| format!("{}:{}", host.trim(), self.port)).collect();
        format!("postgres://{user}{}@{}/{name}", password.unwrap_or_default(), places.join(","))
    }

    /// Two addresses are refused rather than one of them guessed, and so is half of one.
    pub(super) fn settle(&self, reader: &mut Reader) {
        let ways = ["DATABASE_URL", "DB_HOST", "DB_PATH"];
        let given: Vec<_> = ways.into_iter().filter(|way| reader.source(way) != Source::Default).collect();
        if let [first, second, ..] = given[..] {
            reader.refuse(second, &format!("and {first} are both set; keep the one that is meant"));
        }
        let followed = self.url.as_ref().is_some_and(DatabaseUrl::is_postgres) || self.host.is_some();
        let follows = self.replica_url.as_ref().is_none_or(DatabaseUrl::is_postgres);
        if self.replica_url.is_some() && !(followed && follows) {
            reader.refuse("DATABASE_REPLICA_URL", "is for PostgreSQL: both servers must be");
        }
        if self.host.is_some() {
            for (part, variable) in [(&self.user, "DB_USER"), (&self.name, "DB_NAME")] {
                if part.is_none() {
                    reader.refuse(variable, "is needed beside DB_HOST");
                }
            }
        }
    }
}

/// Percent-encodes all but what may stand anywhere in an address.
fn encoded(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

/// The address with its password hidden, wherever it stands.
fn hide_password(url: &str) -> String {
    let (before, query) = url.split_once('?').map_or((url, None), |(before, query)| (before, Some(query)));
    let mut out =
        match before.split_once("://").and_then(|(scheme, rest)| Some((scheme, rest.rsplit_once('@')?))) {
            Some((scheme, (who, place))) => {
                let user = who.split_once(':').map_or(who, |(user, _)| user);
                let password = if who.contains(':') { format!(":{HIDDEN}") } else { String::new() };
                format!("{scheme}://{user}{password}@{place}")
            }
            None => before.to_owned(),
        };
    if let Some(query) = query {
        let hide = |pair: &str| match pair.split_once('=') {
            Some((key, _)) if key.contains("password") => format!("{key}={HIDDEN}"),
            _ => pair.to_owned(),
        };
        out.push('?');
        out.push_str(&query.split('&').map(hide).collect::<Vec<_>>().join("&"));
    }
    out
}
