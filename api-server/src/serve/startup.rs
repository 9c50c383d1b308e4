//! What must be there before the server is ready: the schema, and somebody who can sign in.
//!
//! The server listens from the start and says what it waits for, so that a person who looks
//! at it during an installation sees more than a closed port.

use std::time::Duration;

use store::schema;
use telemetry::Check;

use super::config::Config;
use crate::{AppState, identity::ensure_administrator};

/// Time between two tries.
const PAUSE: Duration = Duration::from_secs(1);

/// Waits for the schema and the first administrator; false where the server stops before.
pub(super) async fn prepare(config: &Config, state: &AppState) -> bool {
    let schema = state.readiness.check("schema", "the database has not been asked yet");
    let administrator = state.readiness.check("administrator", "the schema is not there yet");
    let prepared = state.stop.run_until_cancelled(async {
        wait_for_schema(state, &schema).await;
        if let Some(folder) = &config.bootstrap_admin_dir {
            while let Err(error) = ensure_administrator(&state.pool, &state.passwords, folder).await {
                let reason = error.to_string();
                tracing::warn!(error = &error as &dyn std::error::Error, "there is no administrator yet");
                administrator.wait(reason);
                tokio::time::sleep(PAUSE).await;
            }
        }
        administrator.pass();
    });
    prepared.await.is_some()
}

async fn wait_for_schema(state: &AppState, check: &Check) {
    loop {
        match schema::require(&state.pool).await {
            Ok(()) => return check.pass(),
            Err(error) => {
                tracing::info!(error = &error as &dyn std::error::Error, "waiting for the database");
                check.wait(error.to_string());
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
}
