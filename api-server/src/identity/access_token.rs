//! The access token: a JWT (HS256) that lives five minutes and names the person, the
//! session and the role. It is checked without the database; what ended meanwhile is in
//! [`super::Standings`].

use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};
use store::person::{PersonId, Role};
use uuid::Uuid;

use super::caller::Caller;
use super::session_keys::KeyRing;
use crate::problem::ApiError;

/// How long an access token lives.
pub const LIFETIME: SignedDuration = SignedDuration::from_mins(5);
/// Who issues and who accepts; both are this program.
const ISSUER: &str = "deskfleet";
const AUDIENCE: &str = "deskfleet-api";

/// Why a token does not let anyone in.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// Not a token of ours: malformed, signed by an unknown key, or changed.
    #[error("the access token is not ours")]
    Foreign,
    /// It was ours, and its time is over.
    #[error("the access token has expired")]
    Expired,
    /// It could not be signed.
    #[error("the access token could not be signed")]
    Sign(#[source] jsonwebtoken::errors::Error),
}

impl From<TokenError> for ApiError {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Foreign | TokenError::Expired => Self::Unauthenticated,
            TokenError::Sign(source) => {
                tracing::error!(error = %source, "an access token could not be signed");
                Self::Internal
            }
        }
    }
}

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    iss: String,
    aud: String,
    /// The person.
    sub: PersonId,
    /// The session (family).
    sid: Uuid,
    role: Role,
    /// Seconds since 1970.
    iat: i64,
    exp: i64,
}

/// Signs and checks access tokens with the keys of the moment.
#[derive(Debug, Clone)]
pub struct AccessTokens {
    keys: KeyRing,
}

impl AccessTokens {
    /// With these keys.
    pub const fn new(keys: KeyRing) -> Self {
        Self { keys }
    }

    /// A token for a caller, from `now` on.
    pub fn issue(&self, caller: &Caller, now: Timestamp) -> Result<String, TokenError> {
        let keys = self.keys.current();
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: caller.person,
            sid: caller.session,
            role: caller.role,
            iat: now.as_second(),
            exp: now.as_second() + LIFETIME.as_secs(),
        };
        let header = Header { kid: Some(keys.signing_id().to_owned()), ..Header::new(Algorithm::HS256) };
        let key = EncodingKey::from_secret(keys.secret(keys.signing_id()).unwrap_or_default());
        encode(&header, &claims, &key).map_err(TokenError::Sign)
    }

    /// The caller that a token names and when it was issued, if it is ours and alive at
    /// `now`.
    pub fn check(&self, token: &str, now: Timestamp) -> Result<(Caller, Timestamp), TokenError> {
        let keys = self.keys.current();
        let kid = decode_header(token).ok().and_then(|header| header.kid).ok_or(TokenError::Foreign)?;
        let secret = keys.secret(&kid).ok_or(TokenError::Foreign)?;
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // The library reads the wall clock; ours is passed in.
        validation.validate_exp = false;
        let claims = decode::<Claims>(token, &DecodingKey::from_secret(secret), &validation)
            .map_err(|_| TokenError::Foreign)?
            .claims;
        if now.as_second() >= claims.exp {
            return Err(TokenError::Expired);
        }
        let issued = Timestamp::from_second(claims.iat).map_err(|_| TokenError::Foreign)?;
        Ok((Caller { person: claims.sub, session: claims.sid, role: claims.role }, issued))
    }
}

#[cfg(test)]
mod tests {
    use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};

    use super::super::session_keys::SessionKeys;
    use super::*;

    fn caller() -> Caller {
        Caller { person: PersonId::from(Uuid::from_u128(1)), session: Uuid::from_u128(2), role: Role::Viewer }
    }

    fn now() -> Timestamp {
        "2026-11-25T12:00:00Z".parse().unwrap()
    }

    fn tokens() -> AccessTokens {
        AccessTokens::new(KeyRing::new(SessionKeys::ephemeral()))
    }

    #[test]
    fn a_token_names_its_caller_for_five_minutes() {
        let tokens = tokens();
        let token = tokens.issue(&caller(), now()).unwrap();
        let checked = tokens.check(&token, now() + SignedDuration::from_secs(299)).unwrap();
        assert_eq!(checked, (caller(), now()));
        assert!(matches!(tokens.check(&token, now() + LIFETIME), Err(TokenError::Expired)));
    }

    #[test]
    fn a_token_of_other_keys_or_with_other_claims_is_foreign() {
        let tokens = tokens();
        let token = tokens.issue(&caller(), now()).unwrap();
        assert!(matches!(self::tokens().check(&token, now()), Err(TokenError::Foreign)));
        let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
        let claims = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(&parts[1]).unwrap()).unwrap();
        parts[1] = BASE64_URL_SAFE_NO_PAD.encode(claims.replace("viewer", "admin"));
        assert!(matches!(tokens.check(&parts.join("."), now()), Err(TokenError::Foreign)));
    }

    #[test]
    fn a_token_without_a_signature_is_foreign() {
        let tokens = tokens();
        let token = tokens.issue(&caller(), now()).unwrap();
        let claims = token.split('.').nth(1).unwrap();
        let header = BASE64_URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#);
        assert!(matches!(tokens.check(&format!("{header}.{claims}."), now()), Err(TokenError::Foreign)));
    }
}
