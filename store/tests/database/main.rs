//! `store` against a real Postgres; each test gets a database of its own.
//!
//! Needs `DATABASE_URL` with a superuser, and `DESKFLEET_TEST_REDIS` with a Redis server's
//! program; `make test` sets them.
//!
//! | file | the rules it holds |
//! |---|---|
//! | `kept_rows` | a database that an earlier release filled keeps its rows |
//! | `pace` | tickets, halving and recovery of the shared bucket, in Postgres and Redis |
//! | `aws_call` | steps of one run write its ledger without waiting for each other |
//! | `claims` | leases and claims: who may work, and who may no longer write |
//! | `purge` | an account is removed from every table, and nothing else is |
//! | `retention` | what is older than its account keeps it goes, and nothing else does |
//! | `roles` | each login has the rights it needs and no others |
//! | `schema` | every table is closed to nobody it is for; partitions |

#![expect(clippy::unwrap_used, reason = "what cannot be done here is a failed test")]

mod aws_call;
mod claims;
mod kept_rows;
mod pace;
mod purge;
#[path = "../redis_server/mod.rs"]
mod redis_server;
mod retention;
mod roles;
mod schema;
