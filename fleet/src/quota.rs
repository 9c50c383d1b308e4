//! How much of a thing AWS grants an account in a region.

/// A quota, from `servicequotas:ListServiceQuotas` and `ListAWSDefaultServiceQuotas`.
#[derive(Clone, Debug, PartialEq)]
pub struct Quota {
    /// The service, as in `workspaces`.
    pub service: String,
    /// AWS's code, such as `L-34278094`.
    pub code: String,
    /// Its name.
    pub name: Option<String>,
    /// What was granted; `None` where AWS tells only the default, which is then in force.
    pub applied: Option<f64>,
    /// What every account begins with.
    pub default: Option<f64>,
    /// Whether AWS can be asked for more.
    pub is_adjustable: bool,
    /// Whether it holds for all regions together.
    pub is_global: bool,
}
