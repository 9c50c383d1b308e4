//! A bitmap over the equal parts of a UTC day.

use std::fmt;

/// `BYTES × 8` parts of a day, the first one in the highest bit of the first byte, as
/// Postgres orders `bit(n)`. Written as two hexadecimal digits a byte.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Bitmap<const BYTES: usize>([u8; BYTES]);

/// 288 slots of five minutes.
pub type DayMap = Bitmap<36>;
/// 24 hours.
pub type HourMap = Bitmap<3>;

impl<const BYTES: usize> Bitmap<BYTES> {
    /// Nothing set.
    pub const EMPTY: Self = Self([0; BYTES]);
    /// How many parts a day has.
    pub const PARTS: usize = BYTES * 8;

    /// Sets a part; one that the day does not have is ignored.
    pub fn set(&mut self, part: usize) {
        if let Some(byte) = self.0.get_mut(part / 8) {
            *byte |= 0x80 >> (part % 8);
        }
    }

    /// Whether a part is set.
    pub fn contains(&self, part: usize) -> bool {
        self.0.get(part / 8).is_some_and(|byte| byte & (0x80 >> (part % 8)) != 0)
    }

    /// Adds what `other` has.
    pub fn merge(&mut self, other: &Self) {
        for (byte, more) in self.0.iter_mut().zip(other.0) {
            *byte |= more;
        }
    }

    /// How many parts are set.
    pub fn count(&self) -> u32 {
        self.0.iter().map(|byte| byte.count_ones()).sum()
    }

    /// Whether nothing is set.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|byte| *byte == 0)
    }

    /// The parts that are set, in order.
    pub fn parts(&self) -> impl Iterator<Item = usize> {
        (0..Self::PARTS).filter(|part| self.contains(*part))
    }
}

impl<const BYTES: usize> Default for Bitmap<BYTES> {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl<const BYTES: usize> fmt::Display for Bitmap<BYTES> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl<const BYTES: usize> fmt::Debug for Bitmap<BYTES> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn with(parts: &BTreeSet<usize>) -> DayMap {
        let mut map = DayMap::EMPTY;
        for part in parts {
            map.set(*part);
        }
        map
    }

    proptest! {
        #[test]
        fn a_map_is_the_set_of_its_parts(parts in prop::collection::btree_set(0_usize..288, 0..60)) {
            let map = with(&parts);
            prop_assert_eq!(map.parts().collect::<BTreeSet<_>>(), parts.clone());
            prop_assert_eq!(map.count() as usize, parts.len());
            let text: String = (0..288).map(|part| if parts.contains(&part) { '1' } else { '0' }).collect();
            let digits = text.as_bytes().chunks(4).map(|four| {
                u8::from_str_radix(std::str::from_utf8(four).unwrap(), 2).map(|digit| format!("{digit:x}")).unwrap()
            });
            prop_assert_eq!(map.to_string(), digits.collect::<String>());
        }

        #[test]
        fn merging_is_a_union(
            one in prop::collection::btree_set(0_usize..288, 0..60),
            other in prop::collection::btree_set(0_usize..288, 0..60),
        ) {
            let mut merged = with(&one);
            merged.merge(&with(&other));
            prop_assert_eq!(merged, with(&one.union(&other).copied().collect()));
        }
    }

    #[test]
    fn the_first_part_is_the_highest_bit_of_the_first_byte() {
        let mut map = HourMap::EMPTY;
        map.set(0);
        map.set(23);
        map.set(24);
        assert_eq!(map.to_string(), "800001");
    }
}
