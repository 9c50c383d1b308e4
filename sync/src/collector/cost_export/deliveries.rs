//! What was delivered: the newest manifest of each month, by listing the export's folder
//! `metadata/`.
//!
//! Where AWS keeps every delivery, each has a manifest in a folder of its own; where it
//! overwrites, there is one, whose entity tag changes.

use std::collections::BTreeMap;

use jiff::civil::Date;
use store::cost_export::Delivery;

use super::{
    manifest,
    unreadable::{MonthFailure, Unreadable, of_listing},
};
use crate::{
    aws::{bucket::Listed, operation::Operation},
    collector::{
        paging::Paging,
        work::{Export, Work},
    },
};

/// The newest delivery of every month.
pub(super) async fn newest(work: &Work<'_>, export: Export<'_>) -> Result<BTreeMap<Date, Delivery>, MonthFailure> {
    let home = home(work, export).await?;
    let metadata = format!("{home}/metadata");
    let mut newest: BTreeMap<Date, Listed> = BTreeMap::new();
    let (mut paging, mut token) = (Paging::new(Operation::ListObjectsV2), None::<String>);
    loop {
        let page = export
            .bucket
            .list(work.caller, &format!("{metadata}/"), false, token.as_deref())
            .await
            .map_err(|error| of_listing(error, export))?;
        let found = page.objects.len();
        for listed in page.objects {
            let Some(month) = manifest::month(&listed.key, &metadata) else { continue };
            let age = |listed: &Listed| (listed.written_at, listed.key.clone());
            if newest.get(&month).is_none_or(|before| age(before) < age(&listed)) {
                newest.insert(month, listed);
            }
        }
        token = paging.next(page.token, found)?;
        if token.is_none() {
            break;
        }
    }
    if newest.is_empty() {
        return Err(Unreadable::NoExport { place: place(export, &home) }.into());
    }
    Ok(newest.into_iter().map(|(month, listed)| (month, delivery(month, listed))).collect())
}

/// The folder of the export: that of its name, or the only one there is.
async fn home(work: &Work<'_>, export: Export<'_>) -> Result<String, MonthFailure> {
    let prefix = match export.plan.prefix.as_str() {
        "" => String::new(),
        prefix => format!("{prefix}/"),
    };
    if let Some(name) = &export.plan.export_name {
        return Ok(format!("{prefix}{name}"));
    }
    let mut homes = Vec::new();
    let (mut paging, mut token) = (Paging::new(Operation::ListObjectsV2), None::<String>);
    loop {
        let page = export
            .bucket
            .list(work.caller, &prefix, true, token.as_deref())
            .await
            .map_err(|error| of_listing(error, export))?;
        token = paging.next(page.token, page.folders.len() + page.objects.len())?;
        homes.extend(page.folders);
        if token.is_none() {
            break;
        }
    }
    match homes.len() {
        0 => Err(Unreadable::NoExport { place: place(export, &prefix) }.into()),
        1 => Ok(homes.remove(0)),
        _ => {
            let name = |home: &String| home.rsplit('/').next().unwrap_or_default().to_owned();
            let names = homes.iter().map(name).collect();
            Err(Unreadable::SeveralExports { place: place(export, &prefix), names }.into())
        }
    }
}

fn place(export: Export<'_>, folder: &str) -> String {
    format!("s3://{}/{}", export.bucket.name(), folder)
}

fn delivery(month: Date, listed: Listed) -> Delivery {
    Delivery {
        month,
        manifest_key: listed.key,
        manifest_etag: listed.etag,
        execution_id: None,
        delivered_at: listed.written_at,
    }
}
