//! How it ended: refused as a whole (`errorCode`), or in parts, which AWS reports inside an
//! answer with HTTP status 200 and CloudTrail calls a success.

use serde_json::Value;

use super::{Record, text};
use crate::audit::{FailedRequest, Outcome};

/// Lists of refused parts, by their member in `responseElements`.
const LISTS: [&str; 3] = ["failedRequests", "FailedRequests", "failedStandbyRequests"];
/// Members that hold the id of what was refused.
const IDS: [&str; 3] = ["workspaceId", "primaryWorkspaceId", "resourceId"];
/// Members that hold what was asked for.
const ASKED: [&str; 2] = ["workspaceRequest", "standbyWorkspaceRequest"];

/// The outcome that `record` tells, with its `responseElements`.
pub(super) fn outcome(record: &Record<'_>, response: Option<&Value>) -> Outcome {
    if let Some(code) = record.text("errorCode") {
        return Outcome::Failed { code: code.to_owned(), message: record.text("errorMessage").map(str::to_owned) };
    }
    let lists = LISTS.iter().filter_map(|list| response?.get(list)?.as_array());
    let failed: Vec<FailedRequest> = lists.flatten().map(refused).collect();
    if failed.is_empty() { Outcome::Succeeded } else { Outcome::Partly { failed } }
}

fn refused(part: &Value) -> FailedRequest {
    let asked = ASKED.iter().find_map(|asked| part.get(asked));
    // A refused creation has no id yet, only the name of a user, which is no id of a thing and
    // stays where it stands in the answer.
    let id = IDS.iter().find_map(|id| text(part, id).or_else(|| text(asked?, id)));
    FailedRequest {
        id: id.map(str::to_owned),
        code: text(part, "errorCode").map(str::to_owned),
        message: text(part, "errorMessage").map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(record: &Value) -> Outcome {
        outcome(&Record(record), record.get("responseElements"))
    }

    #[test]
    fn a_failed_part_of_a_success_is_told() {
        let failed = json!([{"workspaceId": "ws-1", "errorCode": "InvalidResourceState", "errorMessage": "no"}, 7]);
        let Outcome::Partly { failed } = of(&json!({"responseElements": {"failedRequests": failed}})) else { panic!() };
        assert_eq!((failed.len(), failed[0].id.as_deref()), (2, Some("ws-1")));
        assert_eq!(failed[0].code.as_deref(), Some("InvalidResourceState"));
    }

    #[test]
    fn a_refused_standby_is_known_by_its_primary() {
        let part = json!({"standbyWorkspaceRequest": {"primaryWorkspaceId": "ws-2"}, "errorCode": "Limit"});
        let Outcome::Partly { failed } = of(&json!({"responseElements": {"failedStandbyRequests": [part]}})) else {
            panic!()
        };
        assert_eq!(failed[0].id.as_deref(), Some("ws-2"));
    }

    #[test]
    fn nothing_refused_is_a_success_and_an_error_code_none() {
        assert_eq!(of(&json!({"responseElements": {"failedRequests": []}})), Outcome::Succeeded);
        assert_eq!(of(&json!({"responseElements": null, "errorCode": null})), Outcome::Succeeded);
        let failed = of(&json!({"errorCode": "AccessDenied", "responseElements": {"failedRequests": [{}]}}));
        assert_eq!(failed, Outcome::Failed { code: "AccessDenied".to_owned(), message: None });
    }
}
