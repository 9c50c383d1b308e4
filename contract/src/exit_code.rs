//! How a pod ends, and what Kubernetes should do about it.

/// The exit status of a job's pod. The Job's `podFailurePolicy` and our status follow it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum ExitCode {
    /// Done; complete, or partial where trying again cannot help.
    Done = 0,
    /// Partial, and another attempt may complete it.
    PartialRetry = 10,
    /// Configuration or credentials are wrong: trying again cannot help, a person must act.
    Configuration = 20,
    /// A dependency is down or the database is not migrated yet: try again.
    Dependency = 30,
    /// Stopped by SIGTERM after committing the page in hand.
    Stopped = 40,
}

impl ExitCode {
    /// The status as the process and Kubernetes see it.
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// The meaning of a status; `None` is a fault (a panic, a signal, out of memory).
    pub const fn from_code(code: i32) -> Option<Self> {
        match code {
            0 => Some(Self::Done),
            10 => Some(Self::PartialRetry),
            20 => Some(Self::Configuration),
            30 => Some(Self::Dependency),
            40 => Some(Self::Stopped),
            _ => None,
        }
    }
}

impl From<ExitCode> for std::process::ExitCode {
    fn from(code: ExitCode) -> Self {
        Self::from(code.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_read_back_and_everything_else_is_a_fault() {
        for code in 0..=255 {
            match ExitCode::from_code(code) {
                Some(known) => assert_eq!(i32::from(known.code()), code),
                None => assert!(![0, 10, 20, 30, 40].contains(&code)),
            }
        }
    }
}
