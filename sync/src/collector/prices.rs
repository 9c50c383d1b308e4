//! Prices: the list prices of the run's regions by `pricing:GetProducts`, 100 a page.
//!
//! The operation is free and its answer changes rarely, so a run that is not asked for by a
//! person keeps what is less than a day old, whichever account read it. A region is written
//! when it was read whole. Deliberately absent: what an entry means (that is `fleet::price`).

use aws_sdk_pricing::types::{Filter, FilterType};
use contract::Trigger;
use fleet::price::{ListPrice, parse};
use identifiers::Region;
use jiff::SignedDuration;
use store::{
    price::{self, RegionPrices},
    run_step::{self, Next, StepError},
};

use super::{
    paging::Paging,
    work::{StepFailure, Work},
};
use crate::aws::{error::ErrorClass, operation::Operation};

/// How long prices are kept before they are read again.
const FRESH: SignedDuration = SignedDuration::from_hours(24);
pub(crate) const SERVICE: &str = "AmazonWorkSpaces";
/// The family of personal desktops and pools: the others have twins of the same names.
const FAMILY: &str = "Enterprise Applications";

/// Reads the prices of every region of the run that are not fresh.
pub(crate) async fn collect(work: &Work<'_>) -> Result<(), StepFailure> {
    let fresh = match work.trigger {
        Trigger::Schedule => price::fresh(work.pool, work.regions, work.now, FRESH).await,
        Trigger::Request => Ok(std::collections::BTreeSet::new()),
    };
    let fresh = fresh.map_err(|source| work.query_failed(source))?;
    let mut rejected_in_all = 0;
    for region in work.regions.iter().filter(|region| !fresh.contains(region.as_str())) {
        let (prices, rejected) = list(work, region).await?;
        rejected_in_all += rejected;
        if prices.is_empty() {
            tracing::info!(aws.region = %region, "the price list has no prices of this region");
        }
        // No list at all ends no price: a filter that finds nothing looks the same.
        let is_whole = rejected == 0 && !prices.is_empty();
        let read = RegionPrices { region, prices: &prices, is_whole, now: work.now };
        let spent = work.ledger.take(rejected);
        price::write(work.pool, work.step, &read, (&spent, &Next::From(String::new()))).await?;
    }
    let error = unreadable(rejected_in_all);
    Ok(run_step::end(work.pool, work.step, &work.ledger.take(0), error).await?)
}

/// The prices of a region, and how many entries could not be read.
async fn list(work: &Work<'_>, region: &Region) -> Result<(Vec<ListPrice>, u64), StepFailure> {
    let operation = Operation::GetProducts;
    let (mut prices, mut rejected) = (Vec::new(), 0);
    let (mut token, mut paging) = (None::<String>, Paging::new(operation));
    let request = work.clients.pricing.get_products().service_code(SERVICE);
    let request = request.filters(matching("productFamily", FAMILY)).filters(matching("regionCode", region.as_str()));
    loop {
        let page = request.clone().set_next_token(token.clone());
        let answer = work.caller.call(operation, |size| page.clone().customize().interceptor(size).send()).await?;
        let entries = answer.price_list.unwrap_or_default();
        for entry in &entries {
            match parse(entry) {
                // The filter is AWS's; that it filters is looked at.
                Ok(found) => prices.extend(found.into_iter().filter(|price| price.region == region.as_str())),
                Err(error) => {
                    rejected += 1;
                    tracing::warn!(aws.region = %region, error = &error as &dyn std::error::Error, "a price was left out");
                }
            }
        }
        token = paging.next(answer.next_token, entries.len())?;
        if token.is_none() {
            return Ok((prices, rejected));
        }
    }
}

fn matching(field: &str, value: &str) -> Filter {
    let filter = Filter::builder().r#type(FilterType::TermMatch).field(field).value(value);
    filter.build().expect("type, field and value are there")
}

/// Why a step is only partly complete when `count` entries could not be read.
fn unreadable(count: u64) -> Option<StepError> {
    (count > 0).then(|| StepError {
        class: ErrorClass::Contract.as_str(),
        message: format!("{count} price(s) of the list could not be read; {}", ErrorClass::Contract.remedy()),
        retryable: false,
    })
}
