//! Passwords and keys, from the operating system's randomness.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rand::seq::IndexedRandom as _;

/// Safe in a URL without escapes.
const ALPHANUMERIC: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/// Without 0 O 1 l I: people copy this one from a screen.
const READABLE: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";

/// A password that programs use: 32 characters, 190 bits.
pub(super) fn machine_password() -> String {
    text(ALPHANUMERIC, 32)
}

/// A password that a person types: 24 characters without look-alikes, 139 bits.
pub(super) fn readable_password() -> String {
    text(READABLE, 24)
}

/// 32 random bytes in base64.
pub(super) fn key() -> String {
    let mut bytes = [0_u8; 32];
    rand::fill(&mut bytes);
    STANDARD.encode(bytes)
}

fn text(alphabet: &[u8], length: usize) -> String {
    let mut random = rand::rng();
    (0..length).filter_map(|_| alphabet.choose(&mut random)).map(|byte| char::from(*byte)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_have_their_length_and_alphabet_and_differ() {
        let password = readable_password();
        assert_eq!(password.len(), 24);
        assert!(password.bytes().all(|byte| READABLE.contains(&byte)), "{password}");
        assert_ne!(password, readable_password());
        assert_eq!(machine_password().len(), 32);
        assert!(machine_password().bytes().all(|byte| byte.is_ascii_alphanumeric()));
        assert_eq!(STANDARD.decode(key()).unwrap().len(), 32);
    }
}
