//! What is known of a request before any slice sees it. The server puts it into the request's extensions.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, OnceLock};

use axum::extract::FromRequestParts;
use http::request::Parts;

use super::{Error, Result};

/// Where a socket is asked for. Some proxies know `/socket.io/` as the one path to pass an upgrade on; it is the same
/// socket with the same frames, and no Socket.IO.
pub const SOCKET_PATHS: [&str; 3] = ["/ws", "/socket.io", "/socket.io/"];

/// Whether a request for this path asks for a socket.
pub fn is_socket(path: &str) -> bool {
    SOCKET_PATHS.contains(&path)
}

/// What is known of one request; cheap to clone.
#[derive(Clone, Debug)]
pub struct RequestFacts(Arc<Facts>);

#[derive(Debug)]
struct Facts {
    id: String,
    address: IpAddr,
    secure: bool,
    person: OnceLock<i64>,
}

impl RequestFacts {
    /// Notes what the server found out.
    pub fn new(id: String, address: IpAddr, secure: bool) -> Self {
        Self(Arc::new(Facts { id, address, secure, person: OnceLock::new() }))
    }

    /// The request's id: in the log, in every answer, in every problem.
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// The client's address, behind trusted proxies only. It is personal: never log it whole, never store it.
    pub fn address(&self) -> IpAddr {
        self.0.address
    }

    /// The client's address as far as it names one household. Limits are counted by it.
    pub fn household(&self) -> IpAddr {
        household(self.0.address)
    }

    /// Whether the client spoke https.
    pub fn is_secure(&self) -> bool {
        self.0.secure
    }

    /// Says who asks, for the log; the first word counts.
    pub fn asked_by(&self, person: i64) {
        if self.0.person.set(person).is_ok() {
            tracing::Span::current().record("user_id", person);
        }
    }

    /// Who asks, once that is known.
    pub fn person(&self) -> Option<i64> {
        self.0.person.get().copied()
    }
}

/// An address as far as it names one household: of IPv6 the first 64 bits, since the rest is the household's to choose.
pub fn household(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for RequestFacts {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let facts = parts.extensions.get::<Self>().cloned();
        facts.ok_or_else(|| Error::internal("a route outside the server's middleware"))
    }
}

#[cfg(test)]
mod tests {
    use super::RequestFacts;

    #[test]
    fn a_household_is_one_however_many_addresses_it_has() {
        let cases = [
            ("192.0.2.7", "192.0.2.7"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
            ("2001:db8:1:2::9", "2001:db8:1:2::"),
        ];
        for (address, counted_by) in cases {
            let facts = RequestFacts::new(String::new(), address.parse().unwrap(), false);
            assert_eq!(facts.household().to_string(), counted_by);
        }
    }
}
