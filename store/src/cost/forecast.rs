//! Forecasts: each day's is kept with the day on which it was made.

use fleet::{cost::ForecastDay, money::Currency};
use jiff::{Timestamp, tz::TimeZone};
use jiff_sqlx::ToSqlx;
use serde::Serialize;
use sqlx::{PgConnection, PgPool};

use super::part::{self, Part, Reading};
use crate::run_step::{Next, Spent, Step, WriteError, advance};

/// A forecast.
#[derive(Clone, Debug)]
pub struct Forecast {
    /// Of all amounts.
    pub currency: Currency,
    /// The share of cases within the interval, in percent, 51 to 99.
    pub interval_level: i16,
    /// Its days.
    pub days: Vec<ForecastDay>,
}

#[derive(Serialize)]
struct Row {
    day: jiff::civil::Date,
    mean: String,
    low: Option<String>,
    high: Option<String>,
}

/// Writes the forecast of today, or why there is none.
pub async fn write_forecast(
    pool: &PgPool,
    step: &Step,
    forecast: Result<&Forecast, &Reading>,
    now: Timestamp,
    (spent, next): (&Spent, &Next),
) -> Result<(), WriteError> {
    let query = |source| WriteError::Query { step: step.step_id, source };
    let mut transaction = pool.begin().await.map_err(query)?;
    let (days, reading) = match forecast {
        Ok(forecast) => {
            insert(&mut transaction, step, forecast, now).await.map_err(query)?;
            (forecast.days.len(), Reading::complete(None, now))
        }
        Err(reading) => (0, reading.clone()),
    };
    part::record(&mut transaction, &step.account, Part::Forecast, &reading).await.map_err(query)?;
    advance(&mut transaction, step, i64::try_from(days).unwrap_or(i64::MAX), spent, next).await?;
    transaction.commit().await.map_err(query)
}

async fn insert(
    connection: &mut PgConnection,
    step: &Step,
    forecast: &Forecast,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let rows: Vec<Row> = forecast
        .days
        .iter()
        .map(|day| Row {
            day: day.day,
            mean: day.mean.to_string(),
            low: day.low.map(|amount| amount.to_string()),
            high: day.high.map(|amount| amount.to_string()),
        })
        .collect();
    let json = serde_json::to_string(&rows).expect("a row is plain data");
    let made_on = now.to_zoned(TimeZone::UTC).date();
    sqlx::query!(
        "insert into cost_forecast (account_id, made_on, day, currency, mean, low, high, interval_level)
         select distinct on (day) $1, $2, day, $3, mean, low, high, $4
         from json_to_recordset($5::text::json) as found (day date, mean numeric, low numeric, high numeric)
         order by day
         on conflict on constraint cost_forecast_pkey do update set
             currency = excluded.currency, mean = excluded.mean, low = excluded.low, high = excluded.high,
             interval_level = excluded.interval_level",
        step.account.as_str(),
        made_on.to_sqlx() as _,
        forecast.currency.as_str(),
        forecast.interval_level,
        json,
    )
    .execute(connection)
    .await?;
    Ok(())
}
