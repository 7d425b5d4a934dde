//! Whose request it is, as far as addresses tell: behind proxies that are trusted, and only those.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use http::HeaderMap;

use crate::config::Network;

/// The address of the client. Forwarding headers count only when the peer is a trusted proxy, and are read from the
/// right: the first address that is no trusted proxy is the client, whatever it claimed further left.
pub fn client_address(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let is_proxy = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    let peer = peer.to_canonical();
    if !is_proxy(peer) {
        return peer;
    }
    let mut client = peer;
    let forwarded: Vec<_> =
        headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok()).collect();
    if forwarded.is_empty() {
        let real = headers.get("x-real-ip").and_then(|value| value.to_str().ok());
        return real
            .and_then(|text| text.trim().parse::<IpAddr>().ok())
            .map_or(peer, |real| real.to_canonical());
    }
    for hop in forwarded.iter().rev().flat_map(|value| value.rsplit(',')) {
        // What a proxy did not write as an address was made up by somebody further left.
        let Ok(address) = hop.trim().parse::<IpAddr>() else { break };
        client = address.to_canonical();
        if !is_proxy(client) {
            break;
        }
    }
    client
}

/// Whether the client spoke https: to us never, to a trusted proxy as that says.
pub fn is_secure(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> bool {
    let proxied = trusted.iter().any(|network| network.contains(peer));
    let proto = headers.get("x-forwarded-proto").and_then(|value| value.to_str().ok()).unwrap_or_default();
    proxied && proto.rsplit(',').next().unwrap_or_default().trim().eq_ignore_ascii_case("https")
}

/// The address as it may be logged: enough to see a network misbehave, not enough to name a household.
pub fn logged_as(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => IpAddr::V4(Ipv4Addr::from_bits(v4.to_bits() & (u32::MAX << (32 - 24)))),
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << (128 - 48)))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Value;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn client(peer: &str, headers: &[(&'static str, &str)], trusted: &str) -> String {
        let headers: HeaderMap =
            headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        let trusted = Vec::<Network>::parse(trusted).unwrap();
        client_address(address(peer), &headers, &trusted).to_string()
    }

    #[test]
    fn what_a_stranger_claims_is_not_believed() {
        assert_eq!(client("203.0.113.9", &[("x-forwarded-for", "1.2.3.4")], ""), "203.0.113.9");
        assert_eq!(client("203.0.113.9", &[("x-real-ip", "1.2.3.4")], "10.0.0.0/8"), "203.0.113.9");
    }

    #[test]
    fn a_trusted_proxy_is_believed_from_the_right() {
        let trusted = "10.0.0.0/8, 127.0.0.1";
        for (forwarded, expected) in [
            ("203.0.113.9", "203.0.113.9"),
            ("6.6.6.6, 203.0.113.9", "203.0.113.9"),
            ("6.6.6.6, 203.0.113.9, 10.1.1.1", "203.0.113.9"),
            ("10.2.2.2, 10.1.1.1", "10.2.2.2"),
            ("nonsense, 10.1.1.1", "10.1.1.1"),
            ("2001:db8::1", "2001:db8::1"),
            ("::ffff:203.0.113.9", "203.0.113.9"),
        ] {
            assert_eq!(
                client("10.0.0.1", &[("x-forwarded-for", forwarded)], trusted),
                expected,
                "{forwarded}"
            );
        }
        assert_eq!(client("::ffff:127.0.0.1", &[("x-real-ip", "203.0.113.9")], trusted), "203.0.113.9");
        assert_eq!(client("127.0.0.1", &[], trusted), "127.0.0.1");
        assert_eq!(
            client(
                "127.0.0.1",
                &[("x-forwarded-for", "6.6.6.6"), ("x-forwarded-for", "203.0.113.9")],
                trusted
            ),
            "203.0.113.9"
        );
    }

    #[test]
    fn only_a_trusted_proxy_can_say_that_it_was_https() {
        let headers: HeaderMap =
            [("x-forwarded-proto".parse().unwrap(), "https".parse().unwrap())].into_iter().collect();
        let trusted = Vec::<Network>::parse("127.0.0.1").unwrap();
        assert!(is_secure(address("127.0.0.1"), &headers, &trusted));
        assert!(!is_secure(address("203.0.113.9"), &headers, &trusted));
        assert!(!is_secure(address("127.0.0.1"), &HeaderMap::new(), &trusted));
    }

    #[test]
    fn addresses_are_logged_by_network() {
        assert_eq!(logged_as(address("203.0.113.9")).to_string(), "203.0.113.0");
        assert_eq!(logged_as(address("2001:db8:1:2:3:4:5:6")).to_string(), "2001:db8:1::");
        assert_eq!(logged_as(address("::ffff:203.0.113.9")).to_string(), "203.0.113.0");
    }
}
