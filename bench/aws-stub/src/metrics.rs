//! `cloudwatch:GetMetricData` in the protocol that AWS's SDKs speak to it: Smithy RPC v2 over
//! CBOR. Every metric has a point at the start of each period, so that a client reads as many
//! as it can ever get.

use axum::body::Bytes;
use minicbor::{
    Decoder, Encoder,
    data::{Tag, Type},
    decode,
};

/// Seconds of a day.
const DAY: i64 = 86_400;
/// CBOR's tag of a moment, in seconds since 1970.
const MOMENT: Tag = Tag::new(1);

/// What a request asks for.
#[derive(Debug, Default)]
pub(crate) struct Request {
    /// The metrics, which is what AWS charges for.
    pub(crate) queries: Vec<Query>,
    start: i64,
    /// Exclusive.
    end: i64,
}

/// One metric of one desktop.
#[derive(Debug, Default)]
pub(crate) struct Query {
    id: String,
    metric: String,
    /// Seconds.
    pub(crate) period: i64,
}

impl Request {
    /// Reads a request; `None` when it is no `GetMetricData` of metrics.
    pub(crate) fn read(body: &[u8]) -> Option<Self> {
        let mut request = Self::default();
        let mut decoder = Decoder::new(body);
        fields(&mut decoder, |decoder, name| {
            match name {
                "MetricDataQueries" => request.queries = array(decoder, query)?,
                "StartTime" => request.start = moment(decoder)?,
                "EndTime" => request.end = moment(decoder)?,
                _ => decoder.skip()?,
            }
            Ok(())
        })
        .ok()?;
        let is_whole = request.queries.iter().all(|query| query.period > 0 && !query.id.is_empty());
        (is_whole && request.start < request.end).then_some(request)
    }

    /// The answer, always in one page.
    pub(crate) fn answer(&self) -> Bytes {
        let mut encoder = Encoder::new(Vec::new());
        self.encode(&mut encoder).expect("a vector takes everything");
        Bytes::from(encoder.into_writer())
    }

    fn encode(&self, encoder: &mut Encoder<Vec<u8>>) -> Result<(), minicbor::encode::Error<std::convert::Infallible>> {
        encoder.map(1)?.str("MetricDataResults")?.array(self.queries.len() as u64)?;
        for query in &self.queries {
            let first = self.start.div_euclid(query.period) * query.period;
            let times = (0..).map(|nth| first + nth * query.period).take_while(|at| *at < self.end);
            let times: Vec<i64> = times.filter(|at| *at >= self.start).collect();
            encoder.map(4)?.str("Id")?.str(&query.id)?.str("StatusCode")?.str("Complete")?;
            encoder.str("Timestamps")?.array(times.len() as u64)?;
            for at in &times {
                encoder.tag(MOMENT)?.i64(*at)?;
            }
            encoder.str("Values")?.array(times.len() as u64)?;
            for at in &times {
                encoder.f64(value(&query.metric, *at))?;
            }
        }
        Ok(())
    }
}

/// Everybody works from nine to five, UTC, and connects at nine and at one; desktops stop for
/// the night.
fn value(metric: &str, at: i64) -> f64 {
    let second = at.rem_euclid(DAY);
    let is_at_work = (9 * 3_600..17 * 3_600).contains(&second);
    match metric {
        "UserConnected" | "Available" => f64::from(u8::from(is_at_work)),
        "ConnectionSuccess" => f64::from(u8::from(second == 9 * 3_600 || second == 13 * 3_600)),
        "Stopped" => f64::from(u8::from(!is_at_work)),
        "Unhealthy" | "Maintenance" => 0.0,
        // A share of a hundred, or a number of points: whole, so that it can be either.
        _ => 12.0,
    }
}

fn query(decoder: &mut Decoder<'_>) -> Result<Query, decode::Error> {
    let mut query = Query::default();
    fields(decoder, |decoder, name| {
        match name {
            "Id" => decoder.str()?.clone_into(&mut query.id),
            "MetricStat" => fields(decoder, |decoder, name| {
                match name {
                    "Period" => query.period = decoder.i64()?,
                    "Metric" => fields(decoder, |decoder, name| {
                        match name {
                            "MetricName" => decoder.str()?.clone_into(&mut query.metric),
                            _ => decoder.skip()?,
                        }
                        Ok(())
                    })?,
                    _ => decoder.skip()?,
                }
                Ok(())
            })?,
            _ => decoder.skip()?,
        }
        Ok(())
    })?;
    Ok(query)
}

/// A moment in whole seconds, as whatever number a client writes it.
#[expect(clippy::cast_possible_truncation, reason = "clients ask for whole seconds")]
fn moment(decoder: &mut Decoder<'_>) -> Result<i64, decode::Error> {
    decoder.tag()?;
    match decoder.datatype()? {
        Type::F16 | Type::F32 | Type::F64 => Ok(decoder.f64()? as i64),
        _ => decoder.i64(),
    }
}

/// Gives each field of a map to `take`, which has to read its value.
fn fields<'b>(
    decoder: &mut Decoder<'b>,
    mut take: impl FnMut(&mut Decoder<'b>, &str) -> Result<(), decode::Error>,
) -> Result<(), decode::Error> {
    let mut left = decoder.map()?;
    while has_more(decoder, &mut left)? {
        let name = decoder.str()?;
        take(decoder, name)?;
    }
    Ok(())
}

fn array<'b, T>(
    decoder: &mut Decoder<'b>,
    mut read: impl FnMut(&mut Decoder<'b>) -> Result<T, decode::Error>,
) -> Result<Vec<T>, decode::Error> {
    let mut left = decoder.array()?;
    let mut items = Vec::new();
    while has_more(decoder, &mut left)? {
        items.push(read(decoder)?);
    }
    Ok(items)
}

/// Whether a map or array of known or unknown length goes on.
fn has_more(decoder: &mut Decoder<'_>, left: &mut Option<u64>) -> Result<bool, decode::Error> {
    match left {
        Some(0) => Ok(false),
        Some(count) => {
            *count -= 1;
            Ok(true)
        }
        None if decoder.datatype()? == Type::Break => {
            decoder.skip()?;
            Ok(false)
        }
        None => Ok(true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two metrics from 08:00 to 10:00, in maps without a length, as the SDK writes them.
    fn body() -> Vec<u8> {
        let mut encoder = Encoder::new(Vec::new());
        encoder.begin_map().unwrap().str("StartTime").unwrap().tag(MOMENT).unwrap().f64(28_800.0).unwrap();
        encoder.str("EndTime").unwrap().tag(MOMENT).unwrap().i64(36_000).unwrap();
        encoder.str("MetricDataQueries").unwrap().array(2).unwrap();
        for (id, metric) in [("m0", "UserConnected"), ("m1", "Stopped")] {
            encoder.begin_map().unwrap().str("Id").unwrap().str(id).unwrap().str("MetricStat").unwrap();
            encoder.map(2).unwrap().str("Period").unwrap().u16(3600).unwrap().str("Metric").unwrap();
            encoder.map(2).unwrap().str("MetricName").unwrap().str(metric).unwrap();
            encoder.str("Namespace").unwrap().str("AWS/WorkSpaces").unwrap().end().unwrap();
        }
        encoder.end().unwrap();
        encoder.into_writer()
    }

    #[test]
    fn every_period_has_a_point() {
        let request = Request::read(&body()).unwrap();
        assert_eq!(request.queries.len(), 2);
        let answer = request.answer();
        let mut decoder = Decoder::new(&answer);
        let mut read = Vec::new();
        fields(&mut decoder, |decoder, _| {
            read = array(decoder, |decoder| {
                let mut result = (String::new(), Vec::new(), Vec::new());
                fields(decoder, |decoder, name| {
                    match name {
                        "Id" => decoder.str()?.clone_into(&mut result.0),
                        "Timestamps" => result.1 = array(decoder, moment)?,
                        "Values" => result.2 = array(decoder, Decoder::f64)?,
                        _ => decoder.skip()?,
                    }
                    Ok(())
                })?;
                Ok(result)
            })?;
            Ok(())
        })
        .unwrap();
        let times = vec![28_800, 32_400];
        assert_eq!(read, [("m0".to_owned(), times.clone(), vec![0.0, 1.0]), ("m1".to_owned(), times, vec![1.0, 0.0])]);
    }

    #[test]
    fn what_is_no_request_has_no_answer() {
        for body in [&b""[..], b"\xff", b"\xa0"] {
            assert!(Request::read(body).is_none(), "{body:?}");
        }
    }
}
