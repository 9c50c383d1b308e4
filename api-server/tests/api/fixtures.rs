//! Rows as a sync writes them.

use sqlx::PgPool;
use uuid::Uuid;

/// The account of all fixtures.
pub(crate) const ACCOUNT: &str = "123456789012";

/// A desktop to be written.
#[derive(Debug, Clone)]
pub(crate) struct Desktop {
    id: String,
    region: &'static str,
    user: Option<String>,
    state: Option<&'static str>,
    last_connected: Option<&'static str>,
    checked: Option<&'static str>,
    gone: bool,
}

/// A desktop that is there, known to be available, of user `ann`.
pub(crate) fn a_desktop(id: &str) -> Desktop {
    Desktop {
        id: id.to_owned(),
        region: "us-east-1",
        user: Some("ann".into()),
        state: Some("available"),
        last_connected: None,
        checked: None,
        gone: false,
    }
}

impl Desktop {
    pub(crate) fn region(self, region: &'static str) -> Self {
        Self { region, ..self }
    }

    pub(crate) fn user(self, user: Option<&str>) -> Self {
        Self { user: user.map(str::to_owned), ..self }
    }

    pub(crate) fn state(self, state: Option<&'static str>) -> Self {
        Self { state, ..self }
    }

    pub(crate) fn connected(self, at: &'static str) -> Self {
        Self { last_connected: Some(at), checked: Some("2026-11-25T06:00:00Z"), ..self }
    }

    pub(crate) fn never_connected(self) -> Self {
        Self { last_connected: None, checked: Some("2026-11-25T06:00:00Z"), ..self }
    }

    pub(crate) fn gone(self) -> Self {
        Self { gone: true, ..self }
    }

    pub(crate) async fn write(self, pool: &PgPool) {
        sqlx::query(
            "insert into workspace (account_id, region, workspace_id, directory_id, user_name, computer_name,
                 ip_address, state, state_since, running_mode, auto_stop_timeout_minutes, bundle_id, compute_type,
                 operating_system, protocols, root_volume_gib, user_volume_gib, root_volume_encrypted,
                 connection_state, connection_checked_at, last_connected_at, configuration_since, first_seen_at,
                 last_read_at, gone_at)
             values ($1, $2, $3, 'd-926722edaf', $4, 'EC2AMAZ-1', '10.0.0.1', $5, '2026-11-25T00:00:00Z',
                 'auto_stop', 60, 'wsb-92tn3b7gx', 'standard', 'windows', '{wsp}', 80, 50, true, 'disconnected',
                 $6::text::timestamptz, $7::text::timestamptz, '2026-11-01T00:00:00Z', '2026-11-01T00:00:00Z',
                 '2026-11-25T06:00:00Z', case when $8 then '2026-11-25T06:00:00Z'::timestamptz end)",
        )
        .bind(ACCOUNT)
        .bind(self.region)
        .bind(self.id)
        .bind(self.user)
        .bind(self.state)
        .bind(self.checked)
        .bind(self.last_connected)
        .bind(self.gone)
        .execute(pool)
        .await
        .unwrap();
    }
}

/// Writes this many desktops of which nothing but the id is known.
pub(crate) async fn many_desktops(pool: &PgPool, count: i32) {
    sqlx::query(
        "insert into workspace (account_id, region, workspace_id, configuration_since, first_seen_at, last_read_at)
         select $1, 'us-east-1', 'ws-' || i, now(), now(), now() from generate_series(1, $2) i",
    )
    .bind(ACCOUNT)
    .bind(count)
    .execute(pool)
    .await
    .unwrap();
}

/// The account itself.
pub(crate) async fn write_account(pool: &PgPool) {
    sqlx::query(
        "insert into account (account_id, object_namespace, object_name, partition)
         values ($1, 'deskfleet', 'main', 'aws') on conflict do nothing",
    )
    .bind(ACCOUNT)
    .execute(pool)
    .await
    .unwrap();
}

/// A run that ended as `outcome` (or `running`), with its number as start minute.
pub(crate) async fn write_run(pool: &PgPool, number: u32, outcome: &str) -> Uuid {
    write_account(pool).await;
    let id = Uuid::from_u128(u128::from(number));
    sqlx::query(
        "insert into run (run_id, schedule_namespace, schedule_name, account_id, trigger, sources, regions, outcome,
             message, started_at, finished_at)
         values ($1, 'deskfleet', 'main', $2, 'schedule', '{inventory}', '{us-east-1}', $3, 'as planned',
             '2026-11-25T06:00:00Z'::timestamptz + make_interval(mins => $4),
             case when $3 <> 'running' then '2026-11-25T06:00:30Z'::timestamptz + make_interval(mins => $4) end)",
    )
    .bind(id)
    .bind(ACCOUNT)
    .bind(outcome)
    .bind(i32::try_from(number).unwrap())
    .execute(pool)
    .await
    .unwrap();
    id
}

/// A step of a run.
pub(crate) async fn write_step(pool: &PgPool, run: Uuid, source: &str, region: &str, state: &str) {
    sqlx::query(
        "insert into run_step (run_id, source, region, state, items, calls, throttles, bytes, cost_usd, started_at,
             finished_at, error)
         select $1, $2, $3, $4, 25, 3, 1, 4096, 0.01, r.started_at, r.finished_at,
             case when $4 in ('failed', 'partial') then 'AWS answers no more; try again later' end
         from run r where r.run_id = $1",
    )
    .bind(run)
    .bind(source)
    .bind(region)
    .bind(state)
    .execute(pool)
    .await
    .unwrap();
}
