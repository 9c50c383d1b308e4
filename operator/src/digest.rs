//! A digest that tells whether an object is still what was applied last.

use serde::Serialize;

/// The digest of an object's JSON: 16 hex digits of 64-bit FNV-1a. It guards against nothing
/// but needless writes, so speed and stability across releases are all it needs; the type's
/// fields and maps are written in a fixed order.
pub(crate) fn digest(object: &impl Serialize) -> String {
    let json = serde_json::to_vec(object).expect("our objects are plain data with text keys");
    format!("{:016x}", fnv1a(&json))
}

/// 64-bit FNV-1a (Fowler, Noll, Vo), stable everywhere and for all time.
pub(crate) fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fnv1a_gives_the_published_values() {
        assert_eq!(fnv1a(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a(b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fnv1a(b"foobar"), 0x8594_4171_f739_67e8);
    }
}
