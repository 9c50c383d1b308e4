//! What the list of runs can be filtered and sorted by.

use crate::{
    filter::{Kind, Property},
    list::{SortColumn, SortKind},
};

/// The order without a wish (descending: newest first).
pub const DEFAULT_SORT: SortColumn = SortColumn { name: "startedAt", sql: "r.started_at", kind: SortKind::Instant };

/// Everything that can be filtered by.
pub const PROPERTIES: &[Property] = &[
    Property { name: "scheduleNamespace", sql: "r.schedule_namespace", kind: Kind::Text },
    Property { name: "scheduleName", sql: "r.schedule_name", kind: Kind::Text },
    Property { name: "accountId", sql: "r.account_id", kind: Kind::Text },
    Property { name: "trigger", sql: "r.trigger", kind: Kind::Word },
    Property { name: "outcome", sql: "r.outcome", kind: Kind::Word },
    Property { name: "sources", sql: "r.sources", kind: Kind::Words },
    Property { name: "regions", sql: "r.regions", kind: Kind::Words },
    Property { name: "startedAt", sql: "r.started_at", kind: Kind::Instant },
    Property { name: "finishedAt", sql: "r.finished_at", kind: Kind::Instant },
];

/// Everything that can be sorted by.
pub const SORT_COLUMNS: &[SortColumn] = &[
    DEFAULT_SORT,
    SortColumn { name: "finishedAt", sql: "r.finished_at", kind: SortKind::Instant },
    SortColumn { name: "scheduleName", sql: "r.schedule_name", kind: SortKind::Text },
    SortColumn { name: "accountId", sql: "r.account_id", kind: SortKind::Text },
    SortColumn { name: "outcome", sql: "r.outcome", kind: SortKind::Text },
];
