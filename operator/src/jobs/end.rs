//! Whether and how a Job has ended.

use jiff::Timestamp;
use k8s_openapi::api::batch::v1::{Job, JobCondition};

/// How a Job ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// Its pods succeeded.
    Complete,
    /// It gave up, with the reason and message of its condition.
    Failed { reason: String, message: String },
}

/// The end of a Job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ending {
    pub(crate) started: Option<Timestamp>,
    pub(crate) ended: Timestamp,
    pub(crate) end: End,
}

/// The end of a Job; `None` while it works.
pub(crate) fn ending(job: &Job) -> Option<Ending> {
    let status = job.status.as_ref()?;
    let conditions = status.conditions.as_deref().unwrap_or_default();
    let is = |type_: &str| conditions.iter().find(|condition| condition.type_ == type_ && condition.status == "True");
    let ended = |condition: &JobCondition| condition.last_transition_time.as_ref().map(|time| time.0);
    let started = status.start_time.as_ref().map(|time| time.0);
    if let Some(failed) = is("Failed") {
        let end = End::Failed {
            reason: failed.reason.clone().unwrap_or_default(),
            message: failed.message.clone().unwrap_or_default(),
        };
        return Some(Ending { started, ended: ended(failed)?, end });
    }
    let complete = is("Complete")?;
    let ended = status.completion_time.as_ref().map(|time| time.0).or_else(|| ended(complete))?;
    Some(Ending { started, ended, end: End::Complete })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn a_job(status: &serde_json::Value) -> Job {
        serde_json::from_value(json!({"metadata": {"name": "a"}, "status": status})).unwrap()
    }

    #[test]
    fn a_job_without_a_terminal_condition_works() {
        assert_eq!(ending(&a_job(&json!({}))), None);
        let almost = json!({"conditions": [{"type": "SuccessCriteriaMet", "status": "True"}]});
        assert_eq!(ending(&a_job(&almost)), None);
    }

    #[test]
    fn a_failed_job_says_why() {
        let status = json!({
            "startTime": "2026-01-01T00:00:00Z",
            "conditions": [{"type": "Failed", "status": "True", "reason": "DeadlineExceeded", "message": "late", "lastTransitionTime": "2026-01-01T01:00:00Z"}]
        });
        let ending = ending(&a_job(&status)).unwrap();
        assert_eq!(ending.end, End::Failed { reason: "DeadlineExceeded".into(), message: "late".into() });
        assert_eq!(ending.ended.as_second() - ending.started.unwrap().as_second(), 3600);
    }

    #[test]
    fn a_complete_job_ended_at_its_completion_time() {
        let status = json!({
            "completionTime": "2026-01-01T00:10:00Z",
            "conditions": [{"type": "Complete", "status": "True", "lastTransitionTime": "2026-01-01T00:10:01Z"}]
        });
        assert_eq!(ending(&a_job(&status)).unwrap().ended.to_string(), "2026-01-01T00:10:00Z");
    }
}
