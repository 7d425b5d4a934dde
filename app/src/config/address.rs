//! Addresses in settings: base URLs of sites, and networks of proxies.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use http::Uri;

use super::Value;

/// The address of a site without a path: scheme, host and, unless it is the scheme's own, port.
///
/// `https://forum.example/`, `https://forum.example/api` and `HTTPS://Forum.Example:443` are all read as
/// `https://forum.example`, so that nothing is ever served under `/api/api`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl {
    secure: bool,
    /// Host and, when it is not the usual one, port; lower case.
    authority: String,
}

impl BaseUrl {
    /// Plain HTTP on this machine.
    pub fn localhost(port: u16) -> Self {
        let authority = if port == 80 { "localhost".to_owned() } else { format!("localhost:{port}") };
        Self { secure: false, authority }
    }

    /// Whether the scheme is https.
    pub fn is_secure(&self) -> bool {
        self.secure
    }

    /// Host and, when it is not the usual one, port: as a `Host` header has it.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// The address of a path that begins with `/`.
    pub fn join(&self, path: &str) -> String {
        format!("{self}{path}")
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.secure { "https" } else { "http" };
        write!(f, "{scheme}://{}", self.authority)
    }
}

impl Value for BaseUrl {
    fn expects() -> String {
        "an address such as https://forum.example, without a path".to_owned()
    }

    fn parse(text: &str) -> Result<Self, String> {
        let uri: Uri = text.trim().parse().map_err(|_| String::new())?;
        let secure = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err("It must begin with https:// or http://.".to_owned()),
        };
        let host = uri.host().filter(|host| !host.is_empty()).ok_or_else(String::new)?;
        if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
            return Err("It must not hold a name or password.".to_owned());
        }
        if !matches!(uri.path().trim_end_matches('/'), "" | "/api") || uri.query().is_some() {
            return Err("Leave out the path: the server always answers at the root of its host.".to_owned());
        }
        let usual = if secure { 443 } else { 80 };
        let host = host.to_ascii_lowercase();
        let authority = match uri.port_u16() {
            Some(port) if port != usual => format!("{host}:{port}"),
            _ => host,
        };
        Ok(Self { secure, authority })
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

/// An address or a network of addresses, as `10.0.0.0/8` or `::1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    /// How many leading bits count.
    bits: u32,
}

impl Network {
    /// Whether an address lies in the network. IPv4 addresses written as IPv6 count as IPv4.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(mine), IpAddr::V4(other)) => {
                same_prefix(u128::from(mine.to_bits()) << 96, u128::from(other.to_bits()) << 96, self.bits)
            }
            (IpAddr::V6(mine), IpAddr::V6(other)) => {
                same_prefix(Ipv6Addr::to_bits(mine), Ipv6Addr::to_bits(other), self.bits)
            }
            _ => false,
        }
    }
}

fn same_prefix(a: u128, b: u128, bits: u32) -> bool {
    bits == 0 || (a ^ b) >> (128 - bits) == 0
}

impl Value for Network {
    fn expects() -> String {
        "an address or network such as 127.0.0.1, 10.0.0.0/8 or fd00::/8".to_owned()
    }

    fn parse(text: &str) -> Result<Self, String> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse().map_err(|_| String::new())?)),
            None => (text, None),
        };
        let address: IpAddr = address.parse::<IpAddr>().map_err(|_| String::new())?.to_canonical();
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(most);
        if bits > most {
            return Err(format!("It has at most {most} bits."));
        }
        Ok(Self { address, bits })
    }

    fn show(&self) -> String {
        format!("{}/{}", self.address, self.bits)
    }
}
