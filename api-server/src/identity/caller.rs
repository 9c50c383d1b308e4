//! The signed-in person of a request, as an extractor.
//!
//! The identity layer ([`crate::middleware::identify`]) has checked the token and left the
//! caller in the request; a handler that takes a [`Caller`] cannot run without one.

use axum::{extract::FromRequestParts, http::request::Parts};
use store::person::{PersonId, Role};
use uuid::Uuid;

use super::capability::Capability;
use crate::problem::ApiError;

/// A signed-in person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    /// Who.
    pub person: PersonId,
    /// The session (family) that the token belongs to.
    pub session: Uuid,
    /// What they are.
    pub role: Role,
}

impl Caller {
    /// True if the caller's role has the capability.
    pub fn may(&self, capability: Capability) -> bool {
        Capability::of_role(self.role).contains(&capability)
    }

    /// 403 unless the caller's role has the capability.
    pub fn require(&self, needed: Capability) -> Result<(), ApiError> {
        if self.may(needed) { Ok(()) } else { Err(ApiError::Forbidden { needed }) }
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        parts.extensions.get::<Self>().copied().ok_or(ApiError::Unauthenticated)
    }
}
