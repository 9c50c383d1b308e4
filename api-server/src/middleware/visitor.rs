//! Who is it, by network.
//!
//! The peer's address, unless the peer is a trusted proxy: then the last address in
//! `X-Forwarded-For` that is not one. Without configuration no proxy is trusted, because
//! anybody can write that header.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    str::FromStr,
    sync::Arc,
};

use axum::{
    extract::{ConnectInfo, Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderMap, header};
use ipnet::IpNet;

use super::request_id::RequestId;
use crate::{AppState, identity::Visitor};

/// Longest browser description that is kept, in characters.
const USER_AGENT_LIMIT: usize = 200;

/// Networks whose `X-Forwarded-For` is believed.
#[derive(Debug, Clone, Default)]
pub struct TrustedProxies(Arc<[IpNet]>);

/// A text that is no list of networks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is neither an address nor a network such as 10.0.0.0/8")]
pub struct InvalidProxies {
    text: String,
}

impl FromStr for TrustedProxies {
    type Err = InvalidProxies;

    /// Reads addresses and networks, separated by commas.
    fn from_str(text: &str) -> Result<Self, InvalidProxies> {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        parts
            .map(|part| {
                let network = part.parse::<IpNet>().ok().or_else(|| part.parse::<IpAddr>().ok().map(IpNet::from));
                network.ok_or_else(|| InvalidProxies { text: part.to_owned() })
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

impl TrustedProxies {
    fn contain(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }

    /// The client behind `peer`: the nearest address that no trusted proxy has, read from the
    /// right, where each proxy appends whom it heard. What stands further left than that, or
    /// than something that is no address, is the client's own invention.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let forwarded = headers.get_all("x-forwarded-for").iter();
        let hops: Vec<&[u8]> = forwarded.flat_map(|value| value.as_bytes().split(|byte| *byte == b',')).collect();
        let mut nearest = peer;
        for hop in hops.into_iter().rev() {
            let named = std::str::from_utf8(hop).ok().and_then(|text| text.trim().parse().ok());
            match named.filter(|_| self.contain(nearest)) {
                Some(address) => nearest = address,
                None => break,
            }
        }
        nearest
    }
}

/// Middleware: leaves a [`Visitor`] in the request.
pub async fn locate(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip().to_canonical());
    let address = state.proxies.client(peer, request.headers());
    let user_agent = request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    let visitor = Visitor {
        address,
        user_agent: user_agent.map(|text| text.chars().take(USER_AGENT_LIMIT).collect()),
        request_id: request.extensions().get::<RequestId>().copied().unwrap_or_default().0,
    };
    request.extensions_mut().insert(visitor);
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("", "203.0.113.9", "198.51.100.1", "203.0.113.9")]
    #[case("10.0.0.0/8", "10.1.1.1", "198.51.100.1", "198.51.100.1")]
    #[case("10.0.0.0/8", "10.1.1.1", "6.6.6.6, 198.51.100.1, 10.2.2.2", "198.51.100.1")]
    #[case("10.0.0.0/8", "10.1.1.1", "not an address", "10.1.1.1")]
    #[case("10.0.0.0/8", "10.1.1.1", "6.6.6.6, x, 198.51.100.1", "198.51.100.1")]
    #[case("10.0.0.0/8", "10.1.1.1", "6.6.6.6, x", "10.1.1.1")]
    #[case("10.0.0.0/8", "10.1.1.1", "", "10.1.1.1")]
    #[case("10.0.0.0/8", "203.0.113.9", "198.51.100.1", "203.0.113.9")]
    fn only_a_trusted_proxy_may_name_its_client(
        #[case] trusted: &str,
        #[case] peer: &str,
        #[case] forwarded: &str,
        #[case] client: &str,
    ) {
        let proxies: TrustedProxies = trusted.parse().unwrap();
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", forwarded.parse().unwrap());
        assert_eq!(proxies.client(peer.parse().unwrap(), &headers), client.parse::<IpAddr>().unwrap());
    }

    #[test]
    fn what_is_no_network_is_named() {
        assert_eq!("10.0.0.0/8, lb".parse::<TrustedProxies>().unwrap_err(), InvalidProxies { text: "lb".into() });
    }
}
