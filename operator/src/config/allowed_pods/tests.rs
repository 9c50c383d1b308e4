//! What the lists allow and what they refuse to be.

use proptest::prelude::*;
use rstest::rstest;

use super::*;

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn with_accounts(allowed: &[&str], own: &[&str]) -> Result<AllowedPods, InvalidSettings> {
    AllowedPods::default().service_accounts(&owned(allowed), &owned(own))
}

#[rstest]
#[case("deskfleet-sync", true)]
#[case("deskfleet-aws-", true)]
#[case("deskfleet-aws-prod", true)]
#[case("deskfleet-aws", false)]
#[case("my-deskfleet-aws-prod", false)]
#[case("default", false)]
#[case("deskfleet-operator", false)]
fn only_listed_accounts_and_beginnings_are_allowed(#[case] name: &str, #[case] allowed: bool) {
    let pods = with_accounts(&["deskfleet-sync", "deskfleet-aws-*"], &["deskfleet-operator"]).unwrap();
    assert_eq!(pods.allows_service_account(name), allowed);
}

#[test]
fn no_list_allows_the_installations_own_accounts() {
    // A release named like the prefix has accounts that the prefix would allow.
    let own = ["deskfleet-aws-operator", "deskfleet-aws-api"];
    let pods = with_accounts(&["deskfleet-aws-*"], &own).unwrap();
    assert!(own.iter().all(|name| !pods.allows_service_account(name)));
    let named = with_accounts(&["deskfleet-aws-api"], &own);
    assert!(matches!(named, Err(InvalidSettings::OwnServiceAccount { name }) if name == "deskfleet-aws-api"));
}

#[test]
fn an_empty_list_allows_nothing_but_labels_without_a_prefix() {
    let pods = AllowedPods::default().annotations(&owned(&["", " "])).unwrap();
    assert!(!pods.allows_service_account("a") && !pods.allows_priority_class("a") && !pods.allows_runtime_class("a"));
    assert!(!pods.allows_annotation("a") && !pods.allows_annotation("example.com/a"));
    assert!(pods.allows_label("team") && !pods.allows_label("example.com/team"));
}

#[rstest]
#[case("example.com/owner", true)]
#[case("example.com/owners", false)]
#[case("finops.example.com/center", true)]
#[case("x.finops.example.com/center", false)]
#[case("finops.example.com.evil.test/center", false)]
fn keys_are_allowed_whole_or_by_their_whole_prefix(#[case] key: &str, #[case] allowed: bool) {
    let list = owned(&["example.com/owner", "finops.example.com/*"]);
    let pods = AllowedPods::default().annotations(&list).unwrap().labels(&list).unwrap();
    assert_eq!((pods.allows_annotation(key), pods.allows_label(key)), (allowed, allowed));
}

#[rstest]
#[case("*")]
#[case("*/owner")]
#[case("example.*")]
#[case("example.com*")]
#[case("/*")]
#[case("Example.com/*")]
#[case("example.com/owner/again")]
#[case("example.com/")]
#[case("-a")]
fn an_item_that_is_no_key_is_refused_at_start_with_its_form(#[case] text: &str) {
    let error = AllowedPods::default().annotations(&owned(&[text])).unwrap_err();
    let says = error.to_string();
    assert!(says.contains("--allowed-pod-annotations") && says.contains("example.com/*"), "{says}");
}

#[rstest]
#[case("*")]
#[case("-sync")]
#[case("deskfleet_aws")]
#[case("deskfleet-*-aws")]
fn an_item_that_is_no_account_is_refused_at_start(#[case] text: &str) {
    assert!(matches!(with_accounts(&[text], &[]), Err(InvalidSettings::Item { .. })));
}

#[test]
fn classes_have_no_beginnings() {
    let system = owned(&["system-*"]);
    assert!(matches!(AllowedPods::default().priority_classes(&system), Err(InvalidSettings::Item { .. })));
    assert!(matches!(AllowedPods::default().runtime_classes(&system), Err(InvalidSettings::Item { .. })));
}

proptest! {
    #[test]
    fn whatever_is_listed_an_own_account_is_never_allowed(
        own in "[a-z]{1,4}(-[a-z]{1,4}){0,2}",
        cut in 1_usize..12,
    ) {
        let beginning = format!("{}*", &own[..cut.min(own.len())]);
        let pods = with_accounts(&[&beginning], &[&own]).unwrap();
        prop_assert!(!pods.allows_service_account(&own));
    }
}
