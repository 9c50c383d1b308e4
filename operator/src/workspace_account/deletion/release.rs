//! The event that says what became of an account's rows. It is all that stays of the object.

use crds::WorkspaceAccount;
use kube::{
    Resource as _,
    runtime::events::{Event, EventType},
};

use super::step::Release;
use crate::{context::Context, controller::chain, transitions::fitting_note, watch::full_name};

/// Tells before the finalizer goes: told twice is better than not at all. In a namespace that
/// ends no event can be written, so the log says it as well.
pub(super) async fn tell(context: &Context, account: &WorkspaceAccount, release: &Release) {
    let event = event(&account.spec.account_id, release);
    let (name, note) = (full_name(account), event.note.as_deref().unwrap_or_default());
    match event.type_ {
        EventType::Normal => tracing::info!(object.name = name, "a deleted account goes: {note}"),
        EventType::Warning => tracing::warn!(object.name = name, "a deleted account goes: {note}"),
    }
    if let Err(error) = context.recorder.publish(&event, &account.object_ref(&())).await {
        tracing::warn!(error = chain(&error), "an event could not be written");
    }
}

fn event(account_id: &str, release: &Release) -> Event {
    let by_hand = format!(
        "remove them with `deskfleet-store purge --account {account_id}` and the login `migrate` of the Secret deskfleet-database"
    );
    let (type_, reason, note) = match release {
        Release::Retained => (
            EventType::Normal,
            "RowsRetained",
            format!("the rows of account {account_id} stay: spec.deletionPolicy is Retain"),
        ),
        Release::Kept { by } => {
            let note =
                format!("the rows of account {account_id} stay: the WorkspaceAccount {by} has the same account id");
            (EventType::Normal, "RowsRetained", note)
        }
        Release::NeverProven => {
            let note =
                format!("this object never proved account {account_id}, so it has no rows: any that are there stay");
            (EventType::Normal, "RowsRetained", note)
        }
        Release::Purged { words } => {
            let words = words.as_ref().map(|words| format!(": {words}")).unwrap_or_default();
            (EventType::Normal, "RowsPurged", format!("the rows of account {account_id} are gone{words}"))
        }
        Release::NamespaceEnds => {
            let note =
                format!("the rows of account {account_id} stay, because the namespace is being deleted: {by_hand}");
            (EventType::Warning, "RowsRemain", note)
        }
        Release::GaveUp { why } => {
            let note = format!(
                "the rows of account {account_id} stay, because removing them failed for ten minutes: {by_hand}. The last failure: {why}"
            );
            (EventType::Warning, "RowsRemain", note)
        }
    };
    Event {
        type_,
        reason: reason.to_owned(),
        note: Some(fitting_note(&note)),
        action: "Purge".to_owned(),
        secondary: None,
    }
}
