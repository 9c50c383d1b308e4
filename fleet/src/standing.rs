//! What the directory says of the person a desktop belongs to: there, disabled, gone, or
//! nobody it knows.
//!
//! The rule claims nothing that no complete listing of the directory's users has shown: a
//! desktop is called a leaver's or an orphan only where such a listing began after the
//! desktop was seen. Deliberately absent: what to do about it, and how names are matched
//! (`store`, without regard to case, as Active Directory does).

use jiff::Timestamp;

/// A desktop, as far as this question goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owned {
    /// The user it belongs to, where AWS told one.
    pub user_name: Option<String>,
    /// When a reading first showed it.
    pub first_seen_at: Timestamp,
}

/// What is known of the users of a directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserList {
    /// A listing that began then was read to its end.
    Complete(Timestamp),
    /// Nobody asked yet, or asking failed.
    NotRead,
    /// Directory Service Data is switched off for the directory.
    DataAccessOff,
    /// This kind of directory has no list that AWS shows.
    NotSupported,
}

/// The account of a directory that has the desktop's user name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DirectoryUser {
    /// Whether it may sign in.
    pub enabled: bool,
    /// When a reading first showed that it may, or may not.
    pub enabled_since: Timestamp,
    /// When a complete listing no longer contained it.
    pub gone_at: Option<Timestamp>,
}

/// What the directory says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The user is there and may sign in.
    Present,
    /// The user is there and may not sign in.
    Disabled {
        /// When a reading first showed that.
        since: Timestamp,
    },
    /// The user was there and is no longer.
    Leaver {
        /// When a reading first showed that.
        since: Timestamp,
    },
    /// The directory never had such a user while we read it.
    Orphan,
    /// Nothing can be said.
    Unknown(WhyUnknown),
}

/// Why nothing can be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyUnknown {
    /// AWS told no user of the desktop.
    NoUserName,
    /// The users of its directory were not read.
    NotRead,
    /// Directory Service Data is switched off for its directory.
    DataAccessOff,
    /// Its kind of directory has no list that AWS shows.
    NotSupported,
    /// The users were read before the desktop was seen.
    NewerThanReading,
}

impl Standing {
    /// The word in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::Disabled { .. } => "disabled",
            Self::Leaver { .. } => "leaver",
            Self::Orphan => "orphan",
            Self::Unknown(_) => "unknown",
        }
    }
}

impl WhyUnknown {
    /// The word in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoUserName => "no_user_name",
            Self::NotRead => "not_read",
            Self::DataAccessOff => "data_access_off",
            Self::NotSupported => "not_supported",
            Self::NewerThanReading => "newer_than_reading",
        }
    }
}

/// What the directory with the users of `list` says of `desktop`, whose user it knows as
/// `user`.
pub fn standing(desktop: &Owned, list: UserList, user: Option<&DirectoryUser>) -> Standing {
    let read_at = match list {
        UserList::Complete(at) => at,
        UserList::NotRead => return Standing::Unknown(WhyUnknown::NotRead),
        UserList::DataAccessOff => return Standing::Unknown(WhyUnknown::DataAccessOff),
        UserList::NotSupported => return Standing::Unknown(WhyUnknown::NotSupported),
    };
    if desktop.user_name.is_none() {
        return Standing::Unknown(WhyUnknown::NoUserName);
    }
    match user {
        Some(DirectoryUser { gone_at: Some(since), .. }) => Standing::Leaver { since: *since },
        Some(DirectoryUser { enabled: true, .. }) => Standing::Present,
        Some(DirectoryUser { enabled: false, enabled_since, .. }) => Standing::Disabled { since: *enabled_since },
        None if desktop.first_seen_at > read_at => Standing::Unknown(WhyUnknown::NewerThanReading),
        None => Standing::Orphan,
    }
}

#[cfg(test)]
mod tests {
    use proptest::{option, prelude::*};

    use super::*;

    fn a_time() -> impl Strategy<Value = Timestamp> {
        (1_700_000_000_i64..1_800_000_000).prop_map(|seconds| Timestamp::from_second(seconds).unwrap())
    }

    fn a_desktop() -> impl Strategy<Value = Owned> {
        (option::of("[a-z]{1,8}"), a_time()).prop_map(|(user_name, first_seen_at)| Owned { user_name, first_seen_at })
    }

    fn a_list() -> impl Strategy<Value = UserList> {
        prop_oneof![
            a_time().prop_map(UserList::Complete),
            Just(UserList::NotRead),
            Just(UserList::DataAccessOff),
            Just(UserList::NotSupported),
        ]
    }

    fn a_user() -> impl Strategy<Value = Option<DirectoryUser>> {
        let user = (any::<bool>(), a_time(), option::of(a_time()));
        option::of(user.prop_map(|(enabled, enabled_since, gone_at)| DirectoryUser { enabled, enabled_since, gone_at }))
    }

    proptest! {
        #[test]
        fn nothing_is_claimed_without_a_complete_listing(
            desktop in a_desktop(), list in a_list(), user in a_user()
        ) {
            let found = standing(&desktop, list, user.as_ref());
            if !matches!(list, UserList::Complete(_)) || desktop.user_name.is_none() {
                prop_assert!(matches!(found, Standing::Unknown(_)), "{found:?}");
            }
        }

        #[test]
        fn an_orphan_has_no_user_and_was_there_before_the_listing(
            desktop in a_desktop(), list in a_list(), user in a_user()
        ) {
            if standing(&desktop, list, user.as_ref()) == Standing::Orphan {
                prop_assert_eq!(user, None);
                let UserList::Complete(at) = list else { panic!("an orphan without a listing") };
                prop_assert!(desktop.first_seen_at <= at);
            }
        }

        #[test]
        fn a_user_who_is_listed_decides_alone(desktop in a_desktop(), at in a_time(), user in a_user()) {
            prop_assume!(desktop.user_name.is_some());
            let found = standing(&desktop, UserList::Complete(at), user.as_ref());
            let expected = user.map(|user| match (user.gone_at, user.enabled) {
                (Some(_), _) => "leaver",
                (None, true) => "present",
                (None, false) => "disabled",
            });
            let without = if desktop.first_seen_at > at { "unknown" } else { "orphan" };
            prop_assert_eq!(found.as_str(), expected.unwrap_or(without));
        }

        #[test]
        fn a_later_listing_never_turns_an_orphan_into_unknown(
            desktop in a_desktop(), at in a_time(), later in 0_i64..1_000_000
        ) {
            let afterwards = Timestamp::from_second(at.as_second() + later).unwrap();
            if standing(&desktop, UserList::Complete(at), None) == Standing::Orphan {
                prop_assert_eq!(standing(&desktop, UserList::Complete(afterwards), None), Standing::Orphan);
            }
        }
    }
}
