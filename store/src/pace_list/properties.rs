//! What the list of paces can be filtered and sorted by.

use crate::{
    filter::{Kind, Property},
    list::{SortColumn, SortKind},
};

/// The order without a wish (descending: throttled last comes first).
pub const DEFAULT_SORT: SortColumn = SortColumn { name: "throttledAt", sql: "p.throttled_at", kind: SortKind::Instant };

/// Everything that can be filtered by.
pub const PROPERTIES: &[Property] = &[
    Property { name: "accountId", sql: "p.account_id", kind: Kind::Text },
    Property { name: "region", sql: "p.region", kind: Kind::Text },
    Property { name: "operation", sql: "p.operation", kind: Kind::Text },
    Property {
        name: "isSlowed",
        sql: "(paced_rate(p.rate, p.base_rate, p.recovered_at) < p.base_rate)",
        kind: Kind::Boolean,
    },
    Property { name: "throttledAt", sql: "p.throttled_at", kind: Kind::Instant },
    Property { name: "askedAt", sql: "p.asked_at", kind: Kind::Instant },
];

/// Everything that can be sorted by.
pub const SORT_COLUMNS: &[SortColumn] = &[
    DEFAULT_SORT,
    SortColumn { name: "askedAt", sql: "p.asked_at", kind: SortKind::Instant },
    SortColumn { name: "accountId", sql: "p.account_id", kind: SortKind::Text },
    SortColumn { name: "region", sql: "p.region", kind: SortKind::Text },
    SortColumn { name: "operation", sql: "p.operation", kind: SortKind::Text },
];
