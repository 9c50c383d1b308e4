//! What Directory Service tells of one directory beyond its description: domain
//! controllers, trusts, LDAPS, snapshots, certificates, log subscriptions.
//!
//! All are of one form, because people ask the same of them: is it well, since when, and
//! until when. What only one kind has stands in `details`. Deliberately absent: the shared
//! secret of RADIUS, which is in AWS's answers and never comes here.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::{
    identity::DirectoryId,
    vocabulary::{CertificateState, DomainControllerStatus, LdapsStatus, SnapshotStatus, TrustState},
};

/// A kind of part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PartKind {
    /// `ds:DescribeDomainControllers`.
    DomainController,
    /// `ds:DescribeTrusts`.
    Trust,
    /// `ds:DescribeLDAPSSettings`; a directory has one, for clients.
    Ldaps,
    /// `ds:DescribeSnapshots`.
    Snapshot,
    /// `ds:ListCertificates` and `ds:DescribeCertificate`.
    Certificate,
    /// `ds:ListLogSubscriptions`.
    LogSubscription,
}

impl PartKind {
    /// The word in SQL and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DomainController => "domain_controller",
            Self::Trust => "trust",
            Self::Ldaps => "ldaps",
            Self::Snapshot => "snapshot",
            Self::Certificate => "certificate",
            Self::LogSubscription => "log_subscription",
        }
    }
}

/// A part's state, in the words of its kind. A log subscription has none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartState {
    /// Of a domain controller.
    DomainController(DomainControllerStatus),
    /// Of a trust.
    Trust(TrustState),
    /// Of LDAPS.
    Ldaps(LdapsStatus),
    /// Of a snapshot.
    Snapshot(SnapshotStatus),
    /// Of a certificate.
    Certificate(CertificateState),
}

impl PartState {
    /// The stored form.
    pub fn as_str(&self) -> &str {
        match self {
            Self::DomainController(word) => word.as_str(),
            Self::Trust(word) => word.as_str(),
            Self::Ldaps(word) => word.as_str(),
            Self::Snapshot(word) => word.as_str(),
            Self::Certificate(word) => word.as_str(),
        }
    }
}

/// One part of a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectoryPart {
    /// Its directory.
    pub directory_id: DirectoryId,
    /// AWS's id; the name of the log group for a subscription, `client` for LDAPS.
    pub id: String,
    /// The other domain of a trust, the common name of a certificate, a snapshot's name,
    /// the address of a domain controller.
    pub name: Option<String>,
    /// Its state.
    pub state: Option<PartState>,
    /// AWS's words on the state.
    pub state_reason: Option<String>,
    /// When AWS last saw the state change.
    pub state_since: Option<Timestamp>,
    /// When it was made or registered.
    pub created_at: Option<Timestamp>,
    /// When it ends by itself: certificates only.
    pub expires_at: Option<Timestamp>,
    /// What only its kind has, by name.
    pub details: BTreeMap<&'static str, String>,
}
