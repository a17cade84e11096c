//! The nouns of the house: what is found, where, how sure, and what follows. No I/O here, and no knowledge of any other room.

mod added;
mod excerpt;
mod explain;
mod finding;
mod grade;
mod offsets;
mod origin;
mod outcome;
mod progress;
mod rule_card;
mod secret;
mod span;
mod stretch;
mod verdict;
mod view;

pub(crate) use added::Added;
pub(crate) use excerpt::{Hidden, excerpt, fingerprint};
pub(crate) use stretch::Stretch;

pub use explain::{Explanation, NotReported, Question, Step};
pub use finding::{Candidate, Excerpt, Finding, Half};
pub use grade::{Class, Confidence, Level, ParseGradeError, Severity};
pub use offsets::OffsetMap;
pub(crate) use origin::masked;
pub use origin::{Commit, Origin, OriginKind};
pub use outcome::{Judged, JudgedFinding, Outcome, SkipReason, Skipped, Stats, Unscanned, Why};
pub use progress::Progress;
pub use rule_card::RuleCard;
pub use secret::Secret;
pub use span::{Position, Span, ViewRange};
pub use verdict::{Reason, Suppression, Verdict};
pub use view::{Encoding, Locator, View};
