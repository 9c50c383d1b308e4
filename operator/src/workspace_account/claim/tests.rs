//! The laws of claims.

use std::cmp::Ordering;

use proptest::{collection::vec, prelude::*, sample::Index};
use rstest::rstest;

use super::*;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn a_claim(standing: Standing, created: i64, name: &str) -> Claim {
    Claim { standing, created: Some(at(created)), namespace: "desktops".to_owned(), name: name.to_owned() }
}

fn proven(since: i64) -> Standing {
    Standing::Proven { since: at(since) }
}

#[rstest]
#[case::proven_beats_older_unproven(a_claim(proven(50), 9, "b"), a_claim(Standing::Unproven, 1, "a"))]
#[case::of_proven_the_longest(a_claim(proven(50), 9, "b"), a_claim(proven(51), 1, "a"))]
#[case::equally_long_the_older(a_claim(proven(50), 1, "b"), a_claim(proven(50), 2, "a"))]
#[case::equally_old_the_first_by_name(a_claim(proven(50), 1, "a"), a_claim(proven(50), 1, "b"))]
#[case::of_unproven_the_oldest(a_claim(Standing::Unproven, 1, "b"), a_claim(Standing::Unproven, 2, "a"))]
#[case::a_purge_before_all(a_claim(Standing::Purging, 9, "b"), a_claim(proven(1), 1, "a"))]
fn of_two_claims_this_one_holds(#[case] winner: Claim, #[case] loser: Claim) {
    assert_eq!(holder([loser.clone(), winner.clone()]), Some(winner.clone()));
    assert_eq!(holder([winner.clone(), loser]), Some(winner));
}

#[test]
fn each_loser_is_told_who_holds_the_account_and_what_to_do() {
    let says = |standing| a_claim(standing, 1, "prod").taken().to_string();
    for standing in [Standing::Purging, proven(1), Standing::Unproven] {
        assert!(says(standing).starts_with("spec.accountId: ") && says(standing).contains("desktops/prod"));
    }
    assert!(says(Standing::Purging).contains("wait"));
    assert!(says(proven(1)).contains("since 1970-01-01T00:00:01Z") && says(proven(1)).contains("delete one"));
    assert!(says(Standing::Unproven).contains("credentials of the account"));
}

fn any_standing() -> impl Strategy<Value = Standing> {
    prop_oneof![Just(Standing::Unproven), (0..4_i64).prop_map(proven), Just(Standing::Purging)]
}

/// Few values, so that ties are common.
fn any_claim() -> impl Strategy<Value = Claim> {
    (any_standing(), 0..4_i64, "[ab]", "[a-c]").prop_map(|(standing, created, namespace, name)| Claim {
        standing,
        created: Some(at(created)),
        namespace,
        name,
    })
}

/// Claims of different objects: no two have both namespace and name in common.
fn any_claims() -> impl Strategy<Value = Vec<Claim>> {
    vec(any_claim(), 1..8).prop_map(|mut claims| {
        for (number, claim) in claims.iter_mut().enumerate() {
            claim.name = format!("{}-{number}", claim.name);
        }
        claims
    })
}

proptest! {
    #[test]
    fn claims_are_totally_ordered(a in any_claim(), b in any_claim(), c in any_claim()) {
        prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
        prop_assert_eq!(a.cmp(&b) == Ordering::Equal, a == b);
        if a <= b && b <= c {
            prop_assert!(a <= c);
        }
    }

    #[test]
    fn one_object_holds_the_account_in_whatever_order_claims_are_seen(
        (seen, shuffled) in any_claims().prop_flat_map(|claims| (Just(claims.clone()), Just(claims).prop_shuffle())),
    ) {
        let winner = holder(seen.clone()).unwrap();
        prop_assert_eq!(holder(shuffled), Some(winner.clone()));
        prop_assert_eq!(seen.iter().filter(|claim| **claim == winner).count(), 1);
    }

    #[test]
    fn an_unproven_object_never_holds_what_a_proven_one_claims(claims in any_claims()) {
        let winner = holder(claims.clone()).unwrap();
        if claims.iter().any(|claim| matches!(claim.standing, Standing::Proven { .. })) {
            prop_assert_ne!(winner.standing, Standing::Unproven);
        }
    }

    #[test]
    fn a_newly_proven_object_never_takes_the_place_of_a_proven_holder(
        mut claims in any_claims(),
        newcomer in any::<Index>(),
        later in 4..9_i64,
    ) {
        let before = holder(claims.clone()).unwrap();
        let newcomer = newcomer.index(claims.len());
        prop_assume!(before.standing != Standing::Unproven && claims[newcomer] != before);
        // All that were proven before were so before second 4.
        claims[newcomer].standing = proven(later);
        prop_assert_eq!(holder(claims), Some(before));
    }

    #[test]
    fn whoever_comes_or_goes_but_the_holder_changes_nothing(claims in any_claims(), gone in any::<Index>()) {
        let before = holder(claims.clone()).unwrap();
        let gone = gone.index(claims.len());
        prop_assume!(claims[gone] != before);
        let mut rest = claims;
        rest.remove(gone);
        prop_assert_eq!(holder(rest), Some(before));
    }
}
