//! A pool of `DescribeWorkspacesPools`, and a session of `DescribeWorkspacesPoolSessions`.
//!
//! The SDK fills in what the model requires and an answer left out: `""`, and 1970.

use aws_sdk_workspaces::types as sdk;
use fleet::{
    Pool, PoolSession,
    pool::{PoolCapacity, PoolError, PoolTimeouts},
    vocabulary::{PoolState, RunningMode, SessionAuthentication, SessionConnection},
};

use super::{moment, text};

/// A pool; `None` without an id.
pub(in crate::collector) fn pool(pool: sdk::WorkspacesPool) -> Option<Pool> {
    let timeouts = pool.timeout_settings.map_or_else(PoolTimeouts::default, |settings| PoolTimeouts {
        disconnect_seconds: settings.disconnect_timeout_in_seconds,
        idle_seconds: settings.idle_disconnect_timeout_in_seconds,
        session_seconds: settings.max_user_duration_in_seconds,
    });
    Some(Pool {
        id: pool.pool_id.try_into().ok()?,
        name: text(Some(pool.pool_name)),
        description: text(pool.description),
        state: PoolState::from_aws(pool.state.as_str()),
        running_mode: RunningMode::from_aws(pool.running_mode.as_str()),
        bundle_id: pool.bundle_id.try_into().ok(),
        directory_id: pool.directory_id.try_into().ok(),
        created_at: moment(Some(pool.created_at).filter(|at| at.secs() != 0)),
        capacity: pool.capacity_status.map(|status| PoolCapacity {
            available: status.available_user_sessions,
            desired: status.desired_user_sessions,
            actual: status.actual_user_sessions,
            active: status.active_user_sessions,
        }),
        timeouts,
        errors: pool.errors.unwrap_or_default().into_iter().map(error).collect(),
    })
}

fn error(error: sdk::WorkspacesPoolError) -> PoolError {
    PoolError { code: error.error_code.map(|word| word.as_str().to_owned()), message: text(error.error_message) }
}

/// A session; `None` without an id.
pub(in crate::collector) fn pool_session(session: sdk::WorkspacesPoolSession) -> Option<PoolSession> {
    Some(PoolSession {
        id: session.session_id.try_into().ok()?,
        user_id: text(Some(session.user_id)),
        authentication: session.authentication_type.map(|word| SessionAuthentication::from_aws(word.as_str())),
        connection: session.connection_state.map(|word| SessionConnection::from_aws(word.as_str())),
        instance_id: text(session.instance_id),
        started_at: moment(session.start_time),
        expires_at: moment(session.expiration_time),
    })
}

#[cfg(test)]
mod tests {
    use aws_smithy_types::DateTime;

    use super::*;

    fn bare(id: &str) -> sdk::WorkspacesPool {
        let pool = sdk::WorkspacesPool::builder().pool_id(id).pool_arn("").pool_name("").state("MELTING".into());
        pool.created_at(DateTime::from_secs(0)).bundle_id("").directory_id("").build().unwrap()
    }

    #[test]
    fn what_the_sdk_filled_in_is_unknown() {
        let pool = pool(bare("wspool-1")).unwrap();
        assert_eq!((pool.name, pool.created_at, pool.bundle_id, pool.directory_id), (None, None, None, None));
        assert_eq!((pool.capacity, pool.timeouts), (None, PoolTimeouts::default()));
        assert_eq!(pool.state.as_str(), "melting", "a word this release does not know is kept");
    }

    #[test]
    fn a_pool_or_session_without_an_id_is_none() {
        assert_eq!(pool(bare("")), None);
        let session = sdk::WorkspacesPoolSession::builder().session_id("").pool_id("wspool-1").user_id("ada");
        assert_eq!(pool_session(session.build().unwrap()), None);
    }
}
