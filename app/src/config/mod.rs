//! Settings: one declaration each gives variable, file key, default, help, example files and checks.
//!
//! A value comes from the environment, else from the file, else from the default. Everything that is wrong is
//! reported at once and stops the start; nothing is guessed. Secrets never leave here in printed form.

mod address;
mod community;
mod database;
mod declare;
mod documents;
mod limits;
mod logs;
mod passwords;
mod reader;
mod realtime;
mod redis;
mod secret;
mod server;
mod telemetry;
mod values;

#[cfg(test)]
mod tests;

pub use address::{BaseUrl, Network};
pub use community::{CommunitySettings, Registration};
pub use database::DatabaseSettings;
pub use declare::{Section, Setting};
pub use documents::{env_example, file_example, page, printed, printed_json};
pub use limits::LimitSettings;
pub use logs::{LogFormat, LogLevel, LogSettings};
pub use passwords::PasswordSettings;
pub use reader::{Environment, Found, Problem, Problems, Source, parse_env_file};
pub use realtime::RealtimeSettings;
pub use redis::{RedisPlace, RedisSettings, RedisUrl};
pub use secret::Secret;
pub use server::{Deployment, MetricsAddress, ServerSettings};
pub use telemetry::TelemetrySettings;
pub use values::Value;

use reader::Reader;

/// The file that is read when it is there and no other is named.
pub const DEFAULT_FILE: &str = "config.toml";

/// Every section, in the order in which the documents show them.
pub const SECTIONS: [&Section; 9] = [
    &ServerSettings::SECTION,
    &DatabaseSettings::SECTION,
    &RedisSettings::SECTION,
    &LogSettings::SECTION,
    &LimitSettings::SECTION,
    &CommunitySettings::SECTION,
    &PasswordSettings::SECTION,
    &RealtimeSettings::SECTION,
    &TelemetrySettings::SECTION,
];

/// Every setting of the product, checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// Addresses, environment, times of the server.
    pub server: ServerSettings,
    /// Where the data is.
    pub database: DatabaseSettings,
    /// How nodes hear each other.
    pub redis: RedisSettings,
    /// What is logged and how.
    pub logs: LogSettings,
    /// How much one may ask for.
    pub limits: LimitSettings,
    /// What the community starts with.
    pub community: CommunitySettings,
    /// How costly it is to guess a password.
    pub passwords: PasswordSettings,
    /// Streams and sockets.
    pub realtime: RealtimeSettings,
    /// What browsers tell of themselves.
    pub telemetry: TelemetrySettings,
}

/// The settings, and for each of them its printable value and where it came from.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The checked settings.
    pub config: Config,
    /// In the order of [`SECTIONS`]; secrets are hidden.
    pub found: Vec<Found>,
}

impl Config {
    /// Reads all settings from the environment and, when given, the text of a settings file.
    ///
    /// # Errors
    /// Every problem found, each naming its setting and what would be right.
    pub fn load(environment: &Environment, file: Option<&str>) -> Result<Loaded, Problems> {
        let mut reader = Reader::new(environment, file, &SECTIONS);
        let server = ServerSettings::read(&mut reader);
        let database = DatabaseSettings::read(&mut reader);
        let redis = RedisSettings::read(&mut reader);
        let logs = LogSettings::read(&mut reader);
        let limits = LimitSettings::read(&mut reader);
        let community = CommunitySettings::read(&mut reader);
        let passwords = PasswordSettings::read(&mut reader);
        let realtime = RealtimeSettings::read(&mut reader);
        let telemetry = TelemetrySettings::read(&mut reader);
        if let (Some(server), Some(database)) = (&server, &database) {
            server.settle(&mut reader);
            database.settle(&mut reader);
        }
        if let Some(redis) = &redis {
            redis.settle(&mut reader);
        }
        let (found, problems) = reader.finish();
        match (server, database, redis, logs, limits, community, passwords, realtime, telemetry) {
            (
                Some(server),
                Some(database),
                Some(redis),
                Some(logs),
                Some(limits),
                Some(community),
                Some(passwords),
                Some(realtime),
                Some(telemetry),
            ) if problems.0.is_empty() => {
                let config =
                    Self { server, database, redis, logs, limits, community, passwords, realtime, telemetry };
                Ok(Loaded { config, found })
            }
            _ => Err(problems),
        }
    }

    /// How log lines look: what was chosen, or what suits the environment.
    pub fn log_format(&self) -> LogFormat {
        match (self.logs.format, self.server.environment) {
            (LogFormat::Auto, Deployment::Development) => LogFormat::Readable,
            (LogFormat::Auto, _) => LogFormat::Json,
            (chosen, _) => chosen,
        }
    }
}
