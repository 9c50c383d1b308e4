//! A certificate for an installation that brings none: signed by an authority that is made
//! for it, whose key is never written down, so it can sign nothing else.

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, PKCS_ECDSA_P256_SHA256,
};
use time::{Duration, OffsetDateTime};

/// How long the authority is good.
const AUTHORITY_LIFETIME: Duration = Duration::days(3_650);
/// How long the certificate is good: the longest that browsers accept of private authorities.
const LEAF_LIFETIME: Duration = Duration::days(825);
/// Clocks differ a little.
const SKEW: Duration = Duration::hours(1);

/// PEM texts of a certificate.
#[derive(Debug)]
pub struct Certificate {
    /// The certificate, then its authority's.
    pub chain: String,
    /// Its key, PKCS#8.
    pub key: secrecy::SecretString,
    /// The authority's certificate, for whoever is to trust it.
    pub authority: String,
}

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
#[error("the certificate could not be made; is each --tls-name a host name or an IP address?")]
pub struct CertificateError(#[from] rcgen::Error);

/// ECDSA P-256, for `names` (host names and IP addresses), from `now` on.
pub fn self_signed(names: &[String], now: OffsetDateTime) -> Result<Certificate, CertificateError> {
    let authority_key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
    let mut authority = CertificateParams::default();
    authority.distinguished_name = named("deskfleet installation authority");
    authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    (authority.not_before, authority.not_after) = (now - SKEW, now + AUTHORITY_LIFETIME);
    let authority_pem = authority.self_signed(&authority_key)?.pem();
    let issuer = Issuer::new(authority, authority_key);

    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
    let mut leaf = CertificateParams::new(names.to_vec())?;
    leaf.distinguished_name = named(names.first().map_or("deskfleet-api", String::as_str));
    leaf.is_ca = IsCa::ExplicitNoCa;
    leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    leaf.use_authority_key_identifier_extension = true;
    (leaf.not_before, leaf.not_after) = (now - SKEW, now + LEAF_LIFETIME);
    let leaf_pem = leaf.signed_by(&key, &issuer)?.pem();
    Ok(Certificate { chain: leaf_pem + &authority_pem, key: key.serialize_pem().into(), authority: authority_pem })
}

fn named(common_name: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common_name);
    name
}
