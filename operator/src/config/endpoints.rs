//! The hosts that accounts may name in `spec.endpointUrl`: two lists of hosts in, yes or no for
//! a URL out. Nothing is resolved: what is compared are the names as they were written.

use std::str::FromStr;

use url::Url;

use super::InvalidSettings;

/// The hosts that accounts may name instead of AWS.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllowedEndpoints {
    hosts: Vec<HostAndPort>,
    sts_hosts: Vec<HostAndPort>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct HostAndPort {
    host: String,
    port: Option<u16>,
}

impl AllowedEndpoints {
    /// Reads both lists; what STS may use must be allowed at all.
    pub fn parse(hosts: &[String], sts_hosts: &[String]) -> Result<Self, InvalidSettings> {
        let hosts = parse_hosts("--allowed-endpoints", hosts)?;
        let sts_hosts = parse_hosts("--allowed-sts-endpoints", sts_hosts)?;
        if let Some(stray) = sts_hosts.iter().find(|host| !hosts.contains(host)) {
            return Err(InvalidSettings::StsHostNotAllowed { text: stray.host.clone() });
        }
        Ok(Self { hosts, sts_hosts })
    }

    /// Whether requests may go there.
    pub fn allows(&self, url: &Url) -> bool {
        self.hosts.iter().any(|host| host.matches(url))
    }

    /// Whether STS calls may go there as well.
    pub fn serves_sts(&self, url: &Url) -> bool {
        self.sts_hosts.iter().any(|host| host.matches(url))
    }
}

impl HostAndPort {
    /// A host without a port stands for the scheme's own port only.
    fn matches(&self, url: &Url) -> bool {
        url.host_str().is_some_and(|host| host.eq_ignore_ascii_case(&self.host)) && url.port() == self.port
    }
}

impl FromStr for HostAndPort {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        // A URL parser knows names, addresses and ports; anything beyond those is refused.
        let url = Url::parse(&format!("ssh://{text}")).map_err(|_| ())?;
        let plain = url.path().is_empty() && url.username().is_empty() && url.query().is_none();
        match url.host_str() {
            Some(host) if plain && !host.is_empty() => Ok(Self { host: host.to_owned(), port: url.port() }),
            _ => Err(()),
        }
    }
}

fn parse_hosts(flag: &'static str, texts: &[String]) -> Result<Vec<HostAndPort>, InvalidSettings> {
    texts
        .iter()
        .map(|text| text.trim())
        .filter(|text| !text.is_empty())
        .map(|text| text.parse().map_err(|()| InvalidSettings::Host { flag, text: text.to_owned() }))
        .collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn endpoints(hosts: &[&str], sts_hosts: &[&str]) -> Result<AllowedEndpoints, InvalidSettings> {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        AllowedEndpoints::parse(&owned(hosts), &owned(sts_hosts))
    }

    #[rstest]
    #[case("http://10.88.0.1:5000/", true)]
    #[case("http://10.88.0.1/", false)]
    #[case("http://10.88.0.1:5001/", false)]
    #[case("https://vpce.example.com/", true)]
    #[case("https://VPCE.example.com:443/", true)]
    #[case("https://vpce.example.com:8443/", false)]
    #[case("https://vpce.example.com.evil.test/", false)]
    fn only_listed_hosts_are_allowed(#[case] url: &str, #[case] allowed: bool) {
        let endpoints = endpoints(&["10.88.0.1:5000", "vpce.example.com"], &[]).unwrap();
        assert_eq!(endpoints.allows(&url.parse().unwrap()), allowed);
        assert!(!endpoints.serves_sts(&url.parse().unwrap()));
    }

    #[test]
    fn an_endpoint_for_sts_must_be_an_endpoint() {
        assert!(matches!(endpoints(&[], &["sts.example.com"]), Err(InvalidSettings::StsHostNotAllowed { .. })));
        assert!(endpoints(&["a:1"], &["a:1"]).unwrap().serves_sts(&"http://a:1/".parse().unwrap()));
    }

    #[rstest]
    #[case("http://example.com")]
    #[case("example.com/path")]
    #[case("user@example.com")]
    fn an_endpoint_that_is_no_host_is_refused(#[case] text: &str) {
        assert!(matches!(endpoints(&[text], &[]), Err(InvalidSettings::Host { .. })));
    }
}
