//! How much of each quota is left: what is granted, less what the other tables know to be
//! there. What is not known is unknown and never zero, with the reason.

use identifiers::{AccountId, Region, Source};
use sqlx::PgPool;

/// A quota in force, and what is in use of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Headroom {
    /// The service, as in `workspaces`.
    pub service: String,
    /// AWS's code.
    pub code: String,
    /// Its name.
    pub name: Option<String>,
    /// What holds: granted, or else the default; `None` where AWS told neither.
    pub value: Option<f64>,
    /// The default.
    pub default: Option<f64>,
    /// Whether AWS can be asked for more.
    pub is_adjustable: bool,
    /// Things there now.
    pub in_use: Result<i64, Unknown>,
}

/// Why nobody knows how much of a quota is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// Nothing that is read tells.
    NotCounted,
    /// This source would tell, and was never read completely here.
    NotRead(Source),
    /// AWS did not tell the size of some desktops, which may be of this one.
    SizesNotTold,
}

impl Headroom {
    /// How many more there may be, below zero when there are too many; `None` is unknown.
    pub fn left(&self) -> Option<f64> {
        let in_use = i32::try_from(self.in_use.ok()?).ok()?;
        Some(self.value? - f64::from(in_use))
    }
}

/// Every quota of an account in a region, by service and code.
pub async fn headroom(pool: &PgPool, account: &AccountId, region: &Region) -> Result<Vec<Headroom>, sqlx::Error> {
    let rows = sqlx::query_file!("src/quotas/headroom.sql", account.as_str(), region.as_str()).fetch_all(pool).await?;
    let headroom = rows.into_iter().map(|row| {
        let source = row.source.and_then(|source| source.parse::<Source>().ok());
        Headroom {
            in_use: match (source, row.in_use) {
                (Some(source), _) if !row.was_read => Err(Unknown::NotRead(source)),
                (Some(_), Some(_)) if row.is_unsure => Err(Unknown::SizesNotTold),
                (Some(_), Some(count)) => Ok(count),
                _ => Err(Unknown::NotCounted),
            },
            service: row.service,
            code: row.quota_code,
            name: row.name,
            value: row.value,
            default: row.default_value,
            is_adjustable: row.is_adjustable,
        }
    });
    Ok(headroom.collect())
}
