//! The audit trail against a real Postgres; each test gets a database of its own.
//!
//! Needs `DATABASE_URL` with a superuser, and `python3`; `make test` sees to both.
//!
//! | file | the rules it holds |
//! |---|---|
//! | `appending` | each event once, in one chain, however it comes and whoever dies |
//! | `tampering` | any change of anything is found, and named |
//! | `erasing` | an erased person is nowhere, and the chain holds |
//! | `checkpoints` | what is signed, exported, and met |
//! | `retention` | the beginning goes, the rest stays provable |
//! | `rights` | what each login may do, and what nobody may |
//! | `independent` | a verifier that shares no code with ours agrees |
//! | `commands` | what `deskfleet-store` says, and its exit status |
//!
//! `trail` makes events and reads trails for all of them.

#![expect(clippy::unwrap_used, reason = "what cannot be done here is a failed test")]

mod appending;
mod checkpoints;
mod commands;
mod erasing;
mod independent;
mod retention;
mod rights;
mod tampering;
mod trail;
