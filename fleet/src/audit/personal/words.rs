//! Names of fields that hold personal values.
//!
//! CloudTrail writes requests and answers with the names of AWS's APIs. These are the names
//! that WorkSpaces, Directory Service and Directory Service Data use for people, and the
//! usual ones of tags. Spelling does not count: `UserName`, `user_name` and `userName` are one.

/// Places of every event that concern the actor.
pub(super) const OF_THE_ACTOR: &[&str] =
    &["/actor/person", "/actor/arn", "/actor/sessionName", "/actor/accessKeyId", "/sourceIp", "/userAgent"];

/// Fields whose value names the person that its object is about.
const NAMES: &[&str] =
    &["username", "customerusername", "samaccountname", "userprincipalname", "membername", "userid", "user"];

/// Fields that hold something else about that person.
const DETAILS: &[&str] = &[
    "email",
    "emailaddress",
    "mail",
    "givenname",
    "firstname",
    "surname",
    "lastname",
    "fullname",
    "displayname",
    "phonenumber",
    "telephonenumber",
    "sourceip",
    "sourceipaddress",
    "clientip",
    "clientipaddress",
    "otherattributes",
    "contact",
    "owner",
    "createdby",
    "assignedto",
];

/// Whether `field` names a person.
pub(super) fn is_name(field: &str) -> bool {
    NAMES.contains(&plain(field).as_str())
}

/// Whether `field` holds anything personal.
pub(super) fn is_personal(field: &str) -> bool {
    let plain = plain(field);
    NAMES.contains(&plain.as_str()) || DETAILS.contains(&plain.as_str())
}

fn plain(field: &str) -> String {
    field.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}
