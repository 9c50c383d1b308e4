//! The verifier of a password for SCRAM-SHA-256 (RFC 5802, RFC 7677), in the form in which
//! Postgres stores it. Sending it instead of the password keeps the password out of the
//! server's statement log.

use std::num::NonZeroU32;

use aws_lc_rs::{digest, hmac, pbkdf2};
use base64::{Engine, prelude::BASE64_STANDARD};

/// Postgres's own number.
const ITERATIONS: NonZeroU32 = NonZeroU32::new(4096).expect("not zero");
const SALT_BYTES: usize = 16;
const KEY_BYTES: usize = 32;

/// A password for which no verifier is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnsupportedPassword {
    /// Others need `SASLprep` (RFC 4013), which clients implement differently.
    #[error("it has characters other than printable ASCII: choose one of letters, digits and signs")]
    NotAscii,
    /// Nobody could log in with it.
    #[error("it is empty")]
    Empty,
}

/// The verifier of `password`, with a fresh salt.
pub(super) fn verifier(password: &str) -> Result<String, UnsupportedPassword> {
    if password.is_empty() {
        return Err(UnsupportedPassword::Empty);
    }
    // SASLprep leaves printable ASCII as it is.
    if !password.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return Err(UnsupportedPassword::NotAscii);
    }
    Ok(with_salt(password, &rand::random::<[u8; SALT_BYTES]>()))
}

fn with_salt(password: &str, salt: &[u8]) -> String {
    let mut salted = [0_u8; KEY_BYTES];
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, ITERATIONS, salt, password.as_bytes(), &mut salted);
    let sign = |text: &[u8]| hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &salted), text);
    let stored_key = digest::digest(&digest::SHA256, sign(b"Client Key").as_ref());
    let server_key = sign(b"Server Key");
    let encode = |bytes: &[u8]| BASE64_STANDARD.encode(bytes);
    format!(
        "SCRAM-SHA-256${ITERATIONS}:{}${}:{}",
        encode(salt),
        encode(stored_key.as_ref()),
        encode(server_key.as_ref())
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Stored and server key of the exchange in RFC 7677, section 3 (user "user", password
    /// "pencil"), computed with Python's hashlib and hmac.
    #[test]
    fn the_example_of_rfc_7677_gives_its_keys() {
        let salt = BASE64_STANDARD.decode("W22ZaJ0SNY7soEsUEjb6gQ==").unwrap();
        assert_eq!(with_salt("pencil", &salt), RFC_7677);
    }

    const RFC_7677: &str = "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";

    #[test]
    fn passwords_that_clients_would_prepare_differently_are_refused() {
        assert_eq!(verifier("pässword"), Err(UnsupportedPassword::NotAscii));
        assert_eq!(verifier(""), Err(UnsupportedPassword::Empty));
    }

    #[test]
    fn each_verifier_has_its_own_salt() {
        assert_ne!(verifier("pencil"), verifier("pencil"));
    }
}
