//! Devices that signed in before, after OWASP's "device cookies".
//!
//! Whoever signs in gets a mark for the browser: person, a random id and the time, signed for
//! this purpose alone. A device that shows one is no stranger to that person's name: its
//! wrong passwords are counted by themselves, so strangers who guess cannot keep it out. The
//! mark proves no identity and opens nothing; without the password it is worth nothing.
//!
//! A browser keeps the marks of the last four people who signed in with it. Signing out
//! leaves them. They are signed anew at each sign-in, so they outlive a rotation of the keys
//! for as long as the old key still verifies; afterwards the device is a stranger until it
//! signs in again.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use store::person::{PersonId, sign_in_attempts::DeviceId};
use uuid::Uuid;

use super::session_keys::SessionKeys;

/// How long a mark lives without a sign-in; browsers keep no cookie longer than 400 days.
pub(super) const LIFETIME: SignedDuration = SignedDuration::from_hours(365 * 24);
/// Marks of a browser at most.
const MOST: usize = 4;
/// Between marks in the cookie.
const SEPARATOR: char = '.';
const PURPOSE: &str = "device";
/// Person, device, seconds since 1970.
const MESSAGE_BYTES: usize = 16 + 16 + 8;

/// One person's mark on a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Mark {
    person: PersonId,
    device: DeviceId,
    marked_at: i64,
}

/// The marks of a browser that are ours and alive, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Devices(Vec<Mark>);

impl Devices {
    /// What a browser sent; marks that are not ours, changed or too old are left out.
    pub fn received(cookie: &str, keys: &SessionKeys, now: Timestamp) -> Self {
        let marks = cookie.split(SEPARATOR).take(MOST);
        Self(marks.filter_map(|text| Mark::received(text, keys)).filter(|mark| mark.is_alive(now)).collect())
    }

    /// This device, for a person who signed in with it before.
    pub fn of(&self, person: PersonId) -> Option<DeviceId> {
        self.0.iter().find(|mark| mark.person == person).map(|mark| mark.device)
    }

    /// This device, whoever signed in with it last.
    pub fn newest(&self) -> Option<DeviceId> {
        self.0.first().map(|mark| mark.device)
    }

    /// With the mark of a person who just signed in: the old one's id, or a new one.
    #[must_use]
    pub fn marked(&self, person: PersonId, now: Timestamp) -> Self {
        let device = self.of(person).unwrap_or_else(|| *Uuid::new_v4().as_bytes());
        let own = Mark { person, device, marked_at: now.as_second() };
        let others = self.0.iter().filter(|mark| mark.person != person).copied();
        Self(std::iter::once(own).chain(others).take(MOST).collect())
    }

    /// The cookie's value.
    pub fn cookie(&self, keys: &SessionKeys) -> String {
        let marks: Vec<_> = self.0.iter().map(|mark| mark.signed(keys)).collect();
        marks.join(&SEPARATOR.to_string())
    }
}

impl Mark {
    fn received(text: &str, keys: &SessionKeys) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        let (message, signature) = bytes.split_at_checked(MESSAGE_BYTES)?;
        if !keys.verify(PURPOSE, message, signature) {
            return None;
        }
        let person = Uuid::from_slice(&message[..16]).ok()?.into();
        let device = message[16..32].try_into().ok()?;
        let marked_at = i64::from_be_bytes(message[32..].try_into().ok()?);
        Some(Self { person, device, marked_at })
    }

    fn is_alive(&self, now: Timestamp) -> bool {
        now.as_second().saturating_sub(self.marked_at) < LIFETIME.as_secs()
    }

    fn signed(&self, keys: &SessionKeys) -> String {
        let person = Uuid::from(self.person);
        let mut bytes = [person.as_bytes().as_slice(), &self.device, &self.marked_at.to_be_bytes()].concat();
        let signature = keys.sign(PURPOSE, &bytes);
        bytes.extend(signature);
        BASE64_URL_SAFE_NO_PAD.encode(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(number: u128) -> PersonId {
        Uuid::from_u128(number).into()
    }

    fn now() -> Timestamp {
        "2026-11-25T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_device_is_known_to_its_person_only() {
        let keys = SessionKeys::ephemeral();
        let devices = Devices::default().marked(person(1), now());
        let back = Devices::received(&devices.cookie(&keys), &keys, now());
        assert_eq!(back, devices);
        assert!(back.of(person(1)).is_some());
        assert_eq!(back.of(person(2)), None);
    }

    #[test]
    fn a_device_keeps_its_id_and_the_last_four_people() {
        let mut devices = Devices::default().marked(person(1), now());
        let first = devices.of(person(1));
        for number in [2, 3, 1, 4, 5] {
            devices = devices.marked(person(number), now());
        }
        assert_eq!(devices.of(person(1)), first);
        assert_eq!(devices.of(person(2)), None, "the oldest of five made room");
        let keys = SessionKeys::ephemeral();
        assert!(devices.cookie(&keys).len() < 400, "a cookie may have 4,096 bytes");
    }

    #[test]
    fn a_mark_that_was_changed_or_signed_elsewhere_or_is_a_year_old_is_none() {
        let keys = SessionKeys::ephemeral();
        let devices = Devices::default().marked(person(1), now());
        let cookie = devices.cookie(&keys);
        assert_eq!(Devices::received(&cookie, &SessionKeys::ephemeral(), now()), Devices::default());
        assert_eq!(Devices::received(&cookie, &keys, now() + LIFETIME), Devices::default());
        for place in 0..cookie.len() {
            let with = if &cookie[place..=place] == "A" { "B" } else { "A" };
            let mut changed = cookie.clone();
            changed.replace_range(place..=place, with);
            assert_eq!(Devices::received(&changed, &keys, now()), Devices::default(), "{changed}");
        }
        for text in ["", ".", "....", "é", "AAAA"] {
            assert_eq!(Devices::received(text, &keys, now()), Devices::default(), "{text}");
        }
    }

    #[test]
    fn one_bad_mark_spoils_no_other() {
        let keys = SessionKeys::ephemeral();
        let devices = Devices::default().marked(person(1), now());
        let cookie = format!("nonsense.{}", devices.cookie(&keys));
        assert_eq!(Devices::received(&cookie, &keys, now()), devices);
    }
}
