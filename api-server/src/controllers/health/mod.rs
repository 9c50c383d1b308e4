//! Health: for kubelets (`/health/live`, `/health/ready`) and for people (`/api/v1/health`).

mod checks;
pub mod live;
pub mod ready;
mod recent;
pub mod show;

pub use checks::{CheckBody, HealthStatus};
pub use recent::RecentHealth;
