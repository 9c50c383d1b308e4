//! `deskfleet-sync` as a process, against the AWS stand-in and a real Postgres.
//!
//! Needs `DATABASE_URL` (a superuser; each test gets a database of its own) and
//! `DESKFLEET_TEST_AWS_URL` (running `sandbox/aws/aws serve`s, with commas between); `pace_in_redis` needs
//! `DESKFLEET_TEST_REDIS` (the program) and `cost_export` `DESKFLEET_TEST_S3_URL`
//! (`sandbox/aws/aws objects up`) too; `make test` sets all. Without them the tests
//! fail and say so. A test has a stand-in to
//! itself; as many tests run at once as stand-ins do (`standins`).
//!
//! | file | the rules it holds |
//! |---|---|
//! | `equality` | rows equal the stand-in's ledger; what is gone; history |
//! | `killed` | killed at every call and inside every write, nothing is lost and nothing is twice |
//! | `resume` | stopped, or left with a dead token: the rest is read |
//! | `splits` | any split of the same evidence over any runs leaves the same tables |
//! | `everything` | all sources at once, for laws about runs |
//! | `answers` | words, members, ids and bodies that AWS should not have sent |
//! | `regions` | one region's errors stay in that region |
//! | `health` | health by the day equals what the points of five minutes come to, once a day |
//! | `metrics` | evidence of use equals the ledger, late points and repeats included |
//! | `bundles` | own and Amazon's, once a day |
//! | `images` | images equal the ledger, with what changed when |
//! | `pools` | pools and sessions equal the ledger, with when each session was seen |
//! | `snapshots` | snapshots equal the ledger, those read longest ago first; some desktops on request |
//! | `quotas` | quotas equal the ledger; what is left of each, unknown where nobody knows |
//! | `directories` | details equal the ledger, gaps are named, secrets are nowhere |
//! | `leavers` | users equal the ledger; who left, and whose desktop is nobody's |
//! | `access_events` | logins equal the ledger, each once, whenever a pod is killed |
//! | `cost_export` | the bill of a real S3 server equals the ledger, and is replaced whole |
//! | `tags` | tags equal the ledger, with when each began and ended |
//! | `audit_trail` | changes equal the ledger; late, odd and unknown events; killed inside pages |
//! | `cost` | costs equal the bill, with what AWS said before; pages are counted |
//! | `prices` | list prices equal the list, with their history |
//! | `time_machine` | the fleet as of a moment, the difference of two |
//! | `siblings` | pods of one Indexed Job side by side |
//! | `pace` | the law of the pace, in the stand-in's own log |
//! | `pace_in_redis` | the same law where Redis keeps the pace, also when it is killed |
//! | `credentials` | what is wrong with credentials is told as what it is |
//! | `database` | Postgres down, full, or not migrated; one run at a time |

#![expect(clippy::unwrap_used, reason = "what cannot be done here is a failed test")]

mod access_events;
mod answers;
mod audit_trail;
mod bundles;
mod cost;
mod cost_export;
mod credentials;
mod database;
mod directories;
mod dump;
mod equality;
mod everything;
mod health;
mod images;
mod killed;
mod leavers;
mod metrics;
mod pace;
mod pace_in_redis;
mod pools;
mod prices;
mod quotas;
#[path = "../../../store/tests/redis_server/mod.rs"]
mod redis_server;
mod regions;
mod resume;
mod sandbox;
mod siblings;
mod snapshots;
mod splits;
mod standins;
mod tags;
mod time_machine;
