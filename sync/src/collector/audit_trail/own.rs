//! Reads of deskfleet itself: the only events that are left out.
//!
//! A role is another session in every run, so role and account are compared, exactly; any
//! other identity by its whole ARN. What deskfleet's role changes is never left out.

use fleet::audit::Event;

/// Whether `event` only read, and was caused by whoever has `caller_arn`.
pub(super) fn is_own_read(event: &Event, caller_arn: &str) -> bool {
    let actor = event.actor.arn.as_deref().map(without_session);
    event.read_only == Some(true) && !caller_arn.is_empty() && actor == Some(without_session(caller_arn))
}

/// `arn:…:assumed-role/<role>` of a session; any other ARN as it is.
fn without_session(arn: &str) -> &str {
    let Some((_, rest)) = arn.split_once(":assumed-role/") else { return arn };
    let session = rest.split_once('/').map_or(0, |(_, session)| session.len() + 1);
    &arn[..arn.len() - session]
}

#[cfg(test)]
mod tests {
    use fleet::audit::cloud_trail::{Row, parse};
    use rstest::rstest;

    use super::*;

    const OWN: &str = "arn:aws:sts::111111111111:assumed-role/deskfleet-read/deskfleet-nightly-0a1b2c3d";

    fn by(arn: &str, read_only: &str) -> Event {
        let row = Row {
            event_id: Some("7f0d1c9a-8a0b-4a62-9b1e-2f3e4d5c6b7a".to_owned()),
            event_time: Some("2026-03-02T09:30:00Z".parse().unwrap()),
            read_only: Some(read_only.to_owned()),
            record: Some(format!(r#"{{"userIdentity":{{"type":"AssumedRole","arn":"{arn}"}}}}"#)),
            ..Row::default()
        };
        parse(&row, &"us-east-1".parse().unwrap()).unwrap().event
    }

    #[rstest]
    #[case::another_session("arn:aws:sts::111111111111:assumed-role/deskfleet-read/deskfleet-hourly-9", "true", true)]
    #[case::a_change(OWN, "false", false)]
    #[case::not_said(OWN, "", false)]
    #[case::a_longer_name("arn:aws:sts::111111111111:assumed-role/deskfleet-read-2/x", "true", false)]
    #[case::another_account("arn:aws:sts::222222222222:assumed-role/deskfleet-read/x", "true", false)]
    #[case::a_user_of_that_name("arn:aws:iam::111111111111:user/deskfleet-read", "true", false)]
    fn only_reads_of_the_very_role_are_left_out(#[case] arn: &str, #[case] read_only: &str, #[case] own: bool) {
        assert_eq!(is_own_read(&by(arn, read_only), OWN), own);
    }
}
