//! Settings of the server: addresses, environment, files, stopping.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use super::Value;
use super::address::{BaseUrl, Network};
use super::declare::settings;
use super::reader::Reader;
use super::values::words;

words! {
    /// What this server is for.
    pub enum Deployment {
        /// Somebody's own machine.
        Development = "development",
        /// A rehearsal of production.
        Staging = "staging",
        /// Where the people are.
        Production = "production",
    }
}

/// Where `/metrics` answers, if anywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricsAddress {
    /// Nowhere.
    Off,
    /// On a listener of its own.
    At(SocketAddr),
}

impl Value for MetricsAddress {
    fn expects() -> String {
        format!("{}, or off", SocketAddr::expects())
    }

    fn parse(text: &str) -> Result<Self, String> {
        if text.eq_ignore_ascii_case("off") { Ok(Self::Off) } else { SocketAddr::parse(text).map(Self::At) }
    }

    fn show(&self) -> String {
        match self {
            Self::Off => "off".to_owned(),
            Self::At(address) => address.to_string(),
        }
    }
}

settings! {
    /// Where the server listens, what it is called from outside, and what it trusts.
    pub struct ServerSettings in "server" {
        /// What this server is for: development, staging or production.
        environment: Deployment { variable: "ENVIRONMENT", aliases: ["NODE_ENV"], default: "production" }
        /// The address to listen on; 0.0.0.0 and :: mean every one.
        host: IpAddr { variable: "SERVER_HOST", default: "0.0.0.0" }
        /// The port to listen on; 0 takes any free one.
        port: u16 { variable: "SERVER_PORT", aliases: ["PORT"], default: "8080" }
        /// Where /metrics answers, or off. Keep it off the internet: it has no sign-in.
        metrics_addr: MetricsAddress { variable: "METRICS_ADDR", default: "127.0.0.1:9464" }
        /// The address that people type. Used in links; cookies are Secure when it is https.
        /// Unless set: http://localhost and the port.
        frontend_base_url: Option<BaseUrl> { variable: "FRONTEND_BASE_URL", example: "https://forum.example" }
        /// The address at which programs reach the API, when it is another; a path of /api is dropped.
        backend_base_url: Option<BaseUrl> { variable: "BACKEND_BASE_URL", example: "https://api.forum.example" }
        /// Other sites whose pages may call the API from a browser.
        allowed_origins: Vec<BaseUrl> {
            variable: "ALLOWED_ORIGINS", aliases: ["CORS_ORIGIN"], example: "https://app.example"
        }
        /// Proxies whose X-Forwarded-For, X-Real-IP and X-Forwarded-Proto are believed.
        trusted_proxies: Vec<Network> { variable: "TRUSTED_PROXIES", example: "127.0.0.1, 10.0.0.0/8" }
        /// The folder of the embedded database and of what else belongs to this server.
        data_dir: PathBuf { variable: "DATA_DIR", default: "./data" }
        /// Development only: serve the web client from this folder instead of from the binary.
        client_dir: Option<PathBuf> { variable: "CLIENT_DIR", example: "./client" }
        /// How many seconds the server, told to stop, still takes requests, so that a balancer can notice.
        drain_seconds: u64 { variable: "DRAIN_SECONDS", default: "1", within: 0..=300 }
        /// How many seconds the whole stop may take; then what is left is cut off.
        shutdown_seconds: u64 { variable: "SHUTDOWN_SECONDS", default: "30", within: 0..=600 }
    }
}

impl ServerSettings {
    /// The address that people type.
    pub fn base_url(&self) -> BaseUrl {
        self.frontend_base_url.clone().unwrap_or_else(|| BaseUrl::localhost(self.port))
    }

    /// The address at which programs reach the API.
    pub fn api_base_url(&self) -> BaseUrl {
        self.backend_base_url.clone().unwrap_or_else(|| self.base_url())
    }

    /// Checks what one setting alone cannot show.
    pub(super) fn settle(&self, reader: &mut Reader) {
        if self.client_dir.is_some() && self.environment != Deployment::Development {
            reader.refuse("CLIENT_DIR", "is for ENVIRONMENT=development alone; leave it out here");
        }
    }
}
