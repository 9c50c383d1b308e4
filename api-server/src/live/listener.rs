//! Postgres notifications into the hub, for as long as the server runs.

use std::time::Duration;

use store::{
    PgPool,
    subscription::{Heard, Subscription},
};
use tokio_util::sync::CancellationToken;

use super::{event::LiveEvent, hub::EventHub};

/// Time before a lost connection is tried again.
const PAUSE: Duration = Duration::from_secs(2);

/// Listens until `stop`. After a lost connection everybody gets a reset.
pub async fn keep_listening(pool: PgPool, hub: EventHub, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if let Some(Err(error)) = stop.run_until_cancelled(listen(&pool, &hub)).await {
            tracing::warn!(error = %error, "live events pause: the database cannot be listened to");
            hub.publish(LiveEvent::Reset {});
            stop.run_until_cancelled(tokio::time::sleep(PAUSE)).await;
        }
    }
}

async fn listen(pool: &PgPool, hub: &EventHub) -> Result<(), store::QueryError> {
    let mut subscription = Subscription::open(pool).await?;
    loop {
        match subscription.next().await? {
            Heard::Notification(notification) => hub.publish(notification.into()),
            Heard::Gap => hub.publish(LiveEvent::Reset {}),
            Heard::Unknown => tracing::debug!("a notification of a kind that this release does not know"),
        }
    }
}
