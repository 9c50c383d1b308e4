//! HMACs instead of personal values.
//!
//! Flows in: an event and the keys of the people in it. Flows out: the event with null for
//! each personal value, a seal for each, and the values themselves. Whoever erases a person
//! destroys the key: what remains of the value is an HMAC that nobody can test a guess on.
//!
//! A value of several people is sealed with each one's key in turn, so it is bound to all of
//! them and goes with the first who is erased.

use std::collections::{BTreeMap, HashMap};

use aws_lc_rs::hmac;
use fleet::audit::{Event, Personal};
use secrecy::{ExposeSecret, SecretSlice};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    canonical,
    record::{Hash, Seal},
};

/// Who a number stands for.
#[derive(Debug)]
pub(super) struct Person {
    /// The name.
    pub(super) name: String,
    /// The key.
    pub(super) key: SecretSlice<u8>,
}

/// People by their number; those who were erased are missing.
pub(super) type People = BTreeMap<i64, Person>;

/// An event that may be hashed, and the personal values that may not.
#[derive(Debug)]
pub(super) struct Sealed {
    /// Who acted, by number of the key.
    pub(super) actor: Option<i64>,
    /// The event with null for each personal value.
    pub(super) event: Value,
    /// The HMAC of each person's name.
    pub(super) people: BTreeMap<i64, String>,
    /// What stands for the values.
    pub(super) seals: BTreeMap<String, Seal>,
    /// The values.
    pub(super) clear: Vec<Clear>,
}

/// A personal value, kept until one of its people is erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clear {
    /// A JSON pointer into the event.
    pub at: String,
    /// Whose it is, by number of their keys, sorted.
    pub of: Vec<i64>,
    /// Its canonical JSON. Text within JSON, because Postgres's own JSON cannot hold every
    /// character that AWS may send.
    pub value: String,
}

/// Seals `json`, the form of `event`, whose personal places are known; `people` holds
/// everybody whom these places name.
pub(super) fn seal(event: &Event, (mut json, places): (Value, Vec<Personal>), people: &People) -> Sealed {
    let numbers: HashMap<&str, i64> = people.iter().map(|(number, person)| (person.name.as_str(), *number)).collect();
    let (mut seals, mut clear, mut named) = (BTreeMap::new(), Vec::new(), BTreeMap::new());
    for Personal { at, of } in places {
        let Some(place) = json.pointer_mut(&at) else { continue };
        let mut of: Vec<i64> = of.iter().filter_map(|name| numbers.get(name.as_str()).copied()).collect();
        of.sort_unstable();
        for number in &of {
            named.entry(*number).or_insert_with(|| name_seal(*number, people).expect("everybody named has a key"));
        }
        let value = canonical::text(&place.take());
        let hmac = hmac_of(&value, &of, people).expect("everybody named has a key");
        seals.insert(at.clone(), Seal { of: of.clone(), hmac });
        clear.push(Clear { at, of, value });
    }
    let actor = event.actor_name().and_then(|name| numbers.get(name.as_str()).copied());
    Sealed { actor, event: json, people: named, seals, clear }
}

/// The HMAC of a person's name; `None` where the key is gone.
pub(super) fn name_seal(number: i64, people: &People) -> Option<String> {
    let name = canonical::text(&Value::from(people.get(&number)?.name.as_str()));
    hmac_of(&name, &[number], people)
}

/// The HMAC of a value's canonical text; `None` where a key is gone.
pub(super) fn hmac_of(value: &str, of: &[i64], people: &People) -> Option<String> {
    let (first, others) = of.split_first()?;
    let sign = |number: &i64, message: &[u8]| {
        let key = hmac::Key::new(hmac::HMAC_SHA256, people.get(number)?.key.expose_secret());
        Some(Hash::of_sha256(hmac::sign(&key, message).as_ref()))
    };
    let mut sealed = sign(first, value.as_bytes())?;
    for number in others {
        sealed = sign(number, &sealed.0)?;
    }
    Some(sealed.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people() -> People {
        let person = |name: &str, key: &[u8]| Person { name: name.to_owned(), key: key.to_vec().into() };
        [(1, person("alice", &[0x0b; 20])), (2, person("bob", b"Jefe"))].into()
    }

    /// RFC 4231, test cases 1 and 2.
    #[test]
    fn one_key_gives_the_hmac_of_the_rfc() {
        let of = |value, number| hmac_of(value, &[number], &people()).unwrap();
        assert_eq!(of("Hi There", 1), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
        assert_eq!(
            of("what do ya want for nothing?", 2),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn a_value_of_two_needs_both_keys() {
        let mut people = people();
        let both = hmac_of("x", &[1, 2], &people).unwrap();
        assert_ne!(Some(both), hmac_of("x", &[1], &people));
        people.remove(&1);
        assert_eq!(hmac_of("x", &[1, 2], &people), None);
    }

    #[test]
    fn a_value_of_nobody_has_no_hmac() {
        assert_eq!(hmac_of("x", &[], &people()), None);
    }
}
