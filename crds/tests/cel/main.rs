//! Every CEL rule of every kind, tried on objects it must accept and objects it must refuse,
//! by kube's evaluator and by a real API server, with the same verdict.
//!
//! The cases stand in `*.yaml` beside this file, one entry for each place where a rule
//! guards a field; a rule without cases fails `every_rule_has_its_cases`.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod client_side;
mod server_side;
mod table;
