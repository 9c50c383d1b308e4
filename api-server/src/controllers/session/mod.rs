//! `/session`: signing in, staying in, signing out.

mod credentials;
pub mod refresh;
pub mod sign_in;
pub mod sign_out;

pub use credentials::Credentials;
