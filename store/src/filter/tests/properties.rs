//! Properties, operators and values.

use jiff::Timestamp;
use rstest::rstest;

use crate::filter::{Bound, Condition, Kind, Order, Property, Values, bind, parse};

pub(super) const LIST: &[Property] = &[
    Property { name: "userName", sql: "w.user_name", kind: Kind::Text },
    Property { name: "state", sql: "w.state", kind: Kind::Word },
    Property { name: "protocols", sql: "w.protocols", kind: Kind::Words },
    Property { name: "rootVolumeGib", sql: "w.root_volume_gib", kind: Kind::Number },
    Property { name: "lastConnectedAt", sql: "w.last_connected_at", kind: Kind::Instant },
    Property { name: "gone", sql: "(w.gone_at is not null)", kind: Kind::Boolean },
];

pub(super) fn now() -> Timestamp {
    "2026-11-25T12:00:00Z".parse().unwrap()
}

pub(super) fn bound(text: &str) -> Result<Condition, Vec<String>> {
    bind(&parse(text).unwrap().unwrap(), LIST, now()).map_err(|errors| errors.iter().map(ToString::to_string).collect())
}

fn instant(text: &str) -> Bound {
    Bound::Instant(text.parse().unwrap())
}

#[rstest]
#[case("30d", "2026-10-26T12:00:00Z")]
#[case("90m", "2026-11-25T10:30:00Z")]
#[case("2w", "2026-11-11T12:00:00Z")]
#[case("2026-11-24", "2026-11-24T00:00:00Z")]
#[case("2026-11-24T05:00:00+01:00", "2026-11-24T04:00:00Z")]
fn instants_may_be_written_as_ages_days_or_rfc_3339(#[case] text: &str, #[case] meant: &str) {
    let condition = bound(&format!("lastConnectedAt < {text}")).unwrap();
    assert_eq!(condition, Condition::Ordered(LIST[4], Order::Less, instant(meant)));
}

#[rstest]
#[case(">", Order::GreaterOrEqual, "2026-11-25T00:00:00Z")]
#[case(">=", Order::GreaterOrEqual, "2026-11-24T00:00:00Z")]
#[case("<=", Order::Less, "2026-11-25T00:00:00Z")]
#[case("<", Order::Less, "2026-11-24T00:00:00Z")]
fn a_day_is_whole_on_every_side(#[case] operator: &str, #[case] order: Order, #[case] at: &str) {
    let condition = bound(&format!("lastConnectedAt {operator} 2026-11-24")).unwrap();
    assert_eq!(condition, Condition::Ordered(LIST[4], order, instant(at)));
}

#[test]
fn bare_unknown_means_null_and_quoted_unknown_means_the_word() {
    assert_eq!(bound("userName = unknown").unwrap(), Condition::IsUnknown(LIST[0]));
    assert_eq!(
        bound("userName = \"unknown\"").unwrap(),
        Condition::OneOf(LIST[0], Values::Texts(vec!["unknown".into()]))
    );
}

#[test]
fn every_wrong_property_is_listed_at_once() {
    let errors = bound("password = 1 and state > a and rootVolumeGib = big").unwrap_err();
    insta::assert_yaml_snapshot!(errors);
}

#[rstest]
#[case("lastConnectedAt = 30d")]
#[case("lastConnectedAt < 99999999999999999d")]
#[case("lastConnectedAt < unknown")]
#[case("lastConnectedAt < 2026-13-01")]
#[case("rootVolumeGib > unknown")]
#[case("rootVolumeGib > 80.5")]
#[case("rootVolumeGib = 99999999999999999999")]
#[case("gone = maybe")]
#[case("userName : \"\"")]
#[case("state ^ avail")]
#[case("protocols : pcoip")]
fn what_a_kind_cannot_mean_is_refused(#[case] text: &str) {
    let errors = bound(text).unwrap_err();
    assert_eq!(errors.len(), 1, "{errors:?}");
}
