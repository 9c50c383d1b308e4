//! Cron exactly as Kubernetes understands it.
//!
//! Kubernetes reads a CronJob's schedule with robfig/cron v3 (`ParseStandard`) and asks
//! it for the next time. Other cron libraries disagree with it in what they accept and
//! around daylight-saving changes, so `status.nextScheduleTime` computed with one of them
//! would name a moment at which nothing starts. This room gives robfig's verdicts and
//! robfig's times, its oddities included; `tests/robfig.rs` compares both with robfig
//! itself on ten thousand random expressions, zones and times.
//!
//! ```text
//!  "30 2 * * 1-5" ─► Schedule::parse ◄─ Zone::parse ◄─ "Europe/Berlin"
//!                        │
//!                        ├─ next / next_n / most_recent_before
//!                        └─ cron_job::{next_start, due_start}   what the controller does
//! ```
//!
//! | module | what is in it |
//! |---|---|
//! | `schedule` | a parsed expression in a zone, and the questions asked of it |
//! | `expression` | five fields, `@every`, `@hourly` and the like |
//! | `field` | one field: ranges, steps, names as a set of values |
//! | `duration` | the durations of `@every`, in Go's notation |
//! | `walk` | the search for the next time |
//! | `local_time` | wall-clock arithmetic as Go does it |
//! | `zone` | IANA zones from data that is compiled in |
//! | `cron_job` | when the CronJob controller starts a Job |
//! | `jitter` | how long a run waits so that not all start at once |
//!
//! Daylight saving, as robfig has it and so as Kubernetes has it, for Europe/Berlin and
//! `30 2 * * *`: on the day when 02:30 does not exist nothing runs; on the day when 02:30
//! comes twice it runs twice.
//!
//! Deliberately absent: a clock (every question takes its moment), and the prefix
//! `TZ=`/`CRON_TZ=`, which Kubernetes refuses in favour of `timeZone`.

pub mod cron_job;
mod duration;
mod error;
mod expression;
mod field;
mod jitter;
mod local_time;
mod schedule;
mod walk;
mod zone;

pub use duration::InvalidDuration;
pub use error::InvalidSchedule;
pub use field::{Field, InvalidRange};
pub use jitter::jitter_seconds;
pub use schedule::Schedule;
pub use zone::{InvalidZone, Zone};
