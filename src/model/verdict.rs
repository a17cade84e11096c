//! What may be done with a finding or an item, and why. Decides nothing: that is `policy`.

use std::fmt;

use serde::Serialize;

/// Whether content may go to the destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It may.
    Cleared,
    /// It may, but someone should look.
    Warned,
    /// It must not.
    Withheld,
}

impl Verdict {
    /// The word in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Verdict::Cleared => "cleared",
            Verdict::Warned => "warned",
            Verdict::Withheld => "withheld",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Why a finding got its verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Its level is above the destination's clearance.
    AboveClearance {
        /// The destination's name.
        destination: String,
    },
    /// Its level is within the destination's clearance.
    WithinClearance {
        /// The destination's name.
        destination: String,
    },
    /// Its severity is below the one that withholds.
    BelowSeverity,
    /// Somebody said that it may go.
    Suppressed(Suppression),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::AboveClearance { destination } => {
                write!(f, "above the clearance of {destination}")
            }
            Reason::WithinClearance { destination } => {
                write!(f, "within the clearance of {destination}")
            }
            Reason::BelowSeverity => f.write_str("below the severity that withholds"),
            Reason::Suppressed(suppression) => suppression.fmt(f),
        }
    }
}

/// Who said that a finding may go, and what they gave as the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Suppression {
    /// A mark in the text; without a reason it clears, but warns.
    Mark {
        /// The mark as written, such as `withhold:allow`.
        mark: &'static str,
        /// The reason after it, or empty.
        reason: String,
    },
    /// A path rule in the configuration.
    Path {
        /// The reason it gives.
        reason: String,
    },
}

impl fmt::Display for Suppression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Suppression::Mark { mark, reason } if reason.is_empty() => {
                write!(f, "allowed by {mark}, which gives no reason")
            }
            Suppression::Mark { mark, reason } => write!(f, "allowed by {mark}: {reason}"),
            Suppression::Path { reason } => write!(f, "allowed by a path rule: {reason}"),
        }
    }
}
