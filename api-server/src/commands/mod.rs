//! The commands besides `serve`.

pub mod admin;
pub mod openapi;
pub mod setup;
