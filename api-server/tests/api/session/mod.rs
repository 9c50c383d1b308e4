//! `/session`.

mod guessing;
mod known_device;
mod refresh;
mod reset;
mod sign_in;
mod sign_out;
