//! Where a request comes from.

use std::net::{IpAddr, Ipv6Addr};

use uuid::Uuid;

/// Where a request comes from, for the session's list, the access log and counting.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// The peer, or the client that a trusted proxy named.
    pub address: IpAddr,
    /// The browser's own description, cut to 200 characters.
    pub user_agent: Option<String>,
    /// The request.
    pub request_id: Uuid,
}

impl Visitor {
    /// What one host can choose its address from: an IPv4 address, the /64 of an IPv6 one.
    pub fn network(&self) -> IpAddr {
        match self.address {
            IpAddr::V4(_) => self.address,
            IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(text: &str) -> IpAddr {
        Visitor { address: text.parse().unwrap(), user_agent: None, request_id: Uuid::nil() }.network()
    }

    #[test]
    fn an_ipv6_host_is_counted_by_its_64_bits_of_network() {
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff::9"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_ne!(network("192.0.2.1"), network("192.0.2.2"));
    }
}
