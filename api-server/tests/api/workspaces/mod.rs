//! `/workspaces`.

mod filter;
mod list;
mod pages;
mod show;
