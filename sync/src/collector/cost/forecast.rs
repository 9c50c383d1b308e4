//! The forecast of this month and the next, day by day, with AWS's interval.

use aws_sdk_costexplorer::types::{DateInterval, ForecastResult};
use fleet::{
    cost::{ForecastDay, reading::Window},
    money::{Currency, decimal},
};
use jiff::{ToSpan, civil::Date};
use store::{
    cost::{self, Forecast, Reading, State},
    run_step::{Next, StepError},
};

use super::{answers::WrongFigure, asking, services::Services};
use crate::{
    aws::{
        error::{CallError, ErrorClass},
        operation::Operation,
    },
    collector::work::{StepFailure, Work},
};

/// The interval holds the real figure in four cases of five.
const LEVEL: i16 = 80;
/// AWS's word for a history that is too short.
const NO_HISTORY: &str = "DataUnavailableException";

/// Asks for the forecast and keeps it, or that there is none yet.
pub(super) async fn read(work: &Work<'_>, services: &Services, today: Date) -> Result<(), StepFailure> {
    let answer = asking::forecast(work, window(today), services.filter_without_tax(), LEVEL).await;
    let forecast = match answer {
        Ok(answer) => {
            let unit = answer.total.and_then(|total| total.unit).unwrap_or_default();
            let currency = Currency::try_from(unit.as_str()).map_err(|_| wrong(WrongFigure::ForecastCurrency))?;
            let results = answer.forecast_results_by_time.unwrap_or_default();
            let days = results.iter().map(day).collect::<Result<_, _>>().map_err(wrong)?;
            Ok(Forecast { currency, interval_level: LEVEL, days })
        }
        Err(error) if error.code() == Some(NO_HISTORY) => {
            let note = "AWS makes no forecast yet: the account's history of costs is too short".to_owned();
            tracing::info!(step.id = work.step.step_id, "{note}");
            Err(Reading { state: State::Unavailable, note: Some(note), through: None, at: work.now })
        }
        Err(error) => return Err(error.into()),
    };
    let (spent, next) = (work.ledger.take(0), Next::From(String::new()));
    Ok(cost::write_forecast(work.pool, work.step, forecast.as_ref(), work.now, (&spent, &next)).await?)
}

/// What `failure` of the forecast means for the step: costs are worth reading without one,
/// unless nothing more can be asked or written.
pub(super) fn without(failure: StepFailure) -> Result<Option<StepError>, StepFailure> {
    let class = match &failure {
        StepFailure::Figures { .. } => ErrorClass::Contract,
        StepFailure::Call(error @ CallError::Aws { .. }) => error.class().unwrap_or(ErrorClass::Fault),
        _ => return Err(failure),
    };
    tracing::warn!(error.class = class.as_str(), "{failure}");
    Ok(Some(StepError { class: class.as_str(), message: failure.to_string(), retryable: class.is_worth_another_pod() }))
}

/// From today to the end of the next month.
fn window(today: Date) -> Window {
    let end = today.first_of_month().saturating_add(2.months());
    Window { start: today, end }
}

fn day(result: &ForecastResult) -> Result<ForecastDay, WrongFigure> {
    let start = result.time_period().map(DateInterval::start).unwrap_or_default();
    let day: Date = start.get(..10).and_then(|day| day.parse().ok()).ok_or(WrongFigure::Day)?;
    let read = |text: &str| decimal(text).map_err(|source| WrongFigure::Forecast { day, source });
    Ok(ForecastDay {
        day,
        mean: read(result.mean_value().unwrap_or_default())?,
        low: result.prediction_interval_lower_bound().map(read).transpose()?,
        high: result.prediction_interval_upper_bound().map(read).transpose()?,
    })
}

fn wrong(problem: WrongFigure) -> StepFailure {
    StepFailure::Figures { operation: Operation::GetCostForecast, problem }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_forecast_reaches_to_the_end_of_the_next_month() {
        assert_eq!(window(date(2026, 12, 31)), Window { start: date(2026, 12, 31), end: date(2027, 2, 1) });
    }
}
