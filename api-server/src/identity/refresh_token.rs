//! The refresh token: 256 random bits that only the browser holds. The database has its
//! SHA-256, so a stolen table signs nobody in.

use aws_lc_rs::digest;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use jiff::SignedDuration;
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

/// How long a session lives without being used.
pub const LIFETIME: SignedDuration = SignedDuration::from_hours(30 * 24);

/// An opaque token: the session's id and 256 random bits, in base64url.
#[derive(Debug, Clone)]
pub struct RefreshToken {
    session: Uuid,
    text: SecretString,
}

impl RefreshToken {
    /// The next token of a session, from the operating system's randomness.
    pub fn generate(session: Uuid) -> Self {
        let mut bytes = [0_u8; 48];
        bytes[..16].copy_from_slice(session.as_bytes());
        rand::fill(&mut bytes[16..]);
        Self { session, text: BASE64_URL_SAFE_NO_PAD.encode(bytes).into() }
    }

    /// What a browser sent, if it has the shape of a token.
    pub fn received(text: &str) -> Option<Self> {
        let bytes: [u8; 48] = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
        let session = Uuid::from_slice(&bytes[..16]).ok()?;
        Some(Self { session, text: text.into() })
    }

    /// The session it belongs to, if it is genuine.
    pub const fn session(&self) -> Uuid {
        self.session
    }

    /// The text for the cookie.
    pub fn expose(&self) -> &str {
        self.text.expose_secret()
    }

    /// What the database keeps.
    pub fn digest(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest::digest(&digest::SHA256, self.expose().as_bytes()).as_ref());
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_comes_back_from_its_text_and_differs_each_time() {
        let session = Uuid::from_u128(7);
        let token = RefreshToken::generate(session);
        let back = RefreshToken::received(token.expose()).unwrap();
        assert_eq!((back.session(), back.digest()), (session, token.digest()));
        assert_ne!(RefreshToken::generate(session).digest(), token.digest());
    }

    #[test]
    fn text_of_another_shape_is_no_token() {
        for text in ["", "x", "not base64!", &BASE64_URL_SAFE_NO_PAD.encode([0; 47])] {
            assert!(RefreshToken::received(text).is_none(), "{text}");
        }
    }
}
