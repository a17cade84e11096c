//! What a run came to. Reports are pure functions of it.

use std::fmt;

use super::explain::NotReported;
use super::finding::Finding;
use super::origin::Origin;
use super::verdict::{Reason, Verdict};

/// All that a run has to say, sorted, the same for the same input whatever the thread count.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Every item that was looked at.
    pub judged: Vec<Judged>,
    /// Every item that could not be looked at, or not all of it.
    pub unscanned: Vec<Unscanned>,
    /// What was left out on purpose.
    pub skipped: Vec<Skipped>,
    /// What was not reported on the line that was asked about, and why.
    pub not_reported: Vec<NotReported>,
    /// The destination that the verdicts are about.
    pub destination: String,
    /// Counts.
    pub stats: Stats,
}

impl Outcome {
    /// The worst verdict; what could not be looked at does not count here.
    pub fn verdict(&self) -> Verdict {
        self.judged
            .iter()
            .map(|judged| judged.verdict)
            .max()
            .unwrap_or(Verdict::Cleared)
    }

    /// How many items got `verdict`.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.judged
            .iter()
            .filter(|judged| judged.verdict == verdict)
            .count()
    }

    /// How many findings somebody said may go.
    pub fn suppressed(&self) -> usize {
        self.judged
            .iter()
            .flat_map(|judged| &judged.findings)
            .filter(|finding| finding.is_suppressed())
            .count()
    }
}

/// One item that was looked at.
#[derive(Clone, Debug)]
pub struct Judged {
    /// Where it came from.
    pub origin: Origin,
    /// The worst verdict of its findings, and at least `Withheld` where it could not be looked at whole.
    pub verdict: Verdict,
    /// Its findings, by place.
    pub findings: Vec<JudgedFinding>,
}

/// A finding and what follows from it.
#[derive(Clone, Debug)]
pub struct JudgedFinding {
    /// What was found.
    pub finding: Finding,
    /// What follows.
    pub verdict: Verdict,
    /// Why.
    pub reason: Reason,
}

impl JudgedFinding {
    /// Whether a report shows it: a suppressed one only if that is asked for, or if its mark gives no reason.
    pub fn is_shown(&self, suppressed: bool) -> bool {
        suppressed || !self.is_suppressed() || self.verdict != Verdict::Cleared
    }

    /// Whether somebody said that it may go.
    pub const fn is_suppressed(&self) -> bool {
        matches!(self.reason, Reason::Suppressed(_))
    }
}

/// An item that could not be looked at, or not all of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unscanned {
    /// Where it would have come from.
    pub origin: Origin,
    /// Why not.
    pub why: Why,
}

/// Why an item could not be looked at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// The system said no; its words.
    Unreadable(String),
    /// Not a regular file: a pipe, a socket, a device.
    NotAFile(&'static str),
    /// It says that it is text in an encoding, but breaks that encoding's rules, first at this byte.
    BrokenText {
        /// The encoding's name.
        encoding: &'static str,
        /// The first offending byte in the source, counted from 0.
        at: u64,
    },
    /// Longer than what was allowed for it, in bytes.
    TooLong(u64),
    /// A rule met so many near-matches that looking at them all would take too long.
    TooManyNearMatches(String),
    /// It holds more findings than are kept: this many.
    TooManyFindings(usize),
    /// More of it is encoded than is decoded: it was made to take time or room.
    TooMuchEncoded,
    /// Something in it is encoded more often than is undone.
    EncodedTooDeep,
    /// An object that git should have and has not, as in a partial clone; its id.
    MissingObject(String),
    /// The time that was given ran out before it was looked at, or all of it.
    OutOfTime,
    /// A commit whose parents are not here, since the clone is shallow; its id.
    Shallow(String),
    /// A file that git-lfs should have and has not, or not whole; its digest.
    MissingLargeFile(String),
    /// The program itself failed on it.
    Panicked,
}

impl Why {
    /// A word for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Why::Unreadable(_) => "unreadable",
            Why::NotAFile(_) => "not-a-file",
            Why::BrokenText { .. } => "broken-text",
            Why::TooLong(_) => "too-long",
            Why::TooManyNearMatches(_) => "too-many-near-matches",
            Why::TooManyFindings(_) => "too-many-findings",
            Why::TooMuchEncoded => "too-much-encoded",
            Why::EncodedTooDeep => "encoded-too-deep",
            Why::MissingObject(_) => "missing-object",
            Why::OutOfTime => "out-of-time",
            Why::Shallow(_) => "shallow",
            Why::MissingLargeFile(_) => "missing-large-file",
            Why::Panicked => "internal-error",
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Why::Unreadable(words) => f.write_str(words),
            Why::NotAFile(kind) => write!(
                f,
                "is a {kind}, not a regular file; pipe it into `withhold scan -` to look at what comes out of it"
            ),
            Why::BrokenText { encoding, at } => write!(
                f,
                "not valid {encoding} from byte {at} on; what could be decoded was looked at"
            ),
            Why::TooLong(limit) => write!(f, "longer than the {limit} bytes allowed"),
            Why::TooManyNearMatches(rule) => {
                write!(f, "too many near-matches of {rule} to look at them all")
            }
            Why::TooManyFindings(kept) => {
                write!(f, "more findings than the {kept} that are kept")
            }
            Why::TooMuchEncoded => f.write_str(
                "more encoded text within encoded text than is decoded; the rest was not looked at",
            ),
            Why::EncodedTooDeep => f.write_str(
                "text encoded more times over than is undone; what is within was not looked at",
            ),
            Why::MissingObject(id) => write!(
                f,
                "git's object {id} is not here; fetch it, for instance with `git fetch --refetch`, and try again"
            ),
            Why::OutOfTime => f.write_str("there was no time left to look at it, or at all of it"),
            Why::Shallow(id) => write!(
                f,
                "the clone is shallow and ends at commit {id}; what is before it is not here: fetch it with `git fetch --unshallow`, in CI with `fetch-depth: 0` or `GIT_DEPTH: 0`"
            ),
            Why::MissingLargeFile(digest) => write!(
                f,
                "git has a pointer to it, and the file {digest} of git-lfs is not here; fetch it with `git lfs pull` and try again"
            ),
            Why::Panicked => f.write_str("internal error; please report it"),
        }
    }
}

/// Something that was left out on purpose.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Skipped {
    /// What; a folder stands for all that is in it.
    pub origin: Origin,
    /// Why.
    pub reason: SkipReason,
}

/// Why something was left out on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SkipReason {
    /// Git's own folder.
    GitFolder,
    /// A dependency, build or cache tree.
    BuiltTree,
    /// Ignored by git, in a scope that honours that.
    GitIgnored,
    /// Ignored by a `.withholdignore`.
    WithholdIgnored,
    /// Left out by `--exclude`.
    Excluded,
    /// Not taken in by `--include`.
    NotIncluded,
    /// Longer than `--max-file-size`.
    TooLarge,
    /// A symbolic link; what it points to is looked at under its own name, if it is within the roots.
    Link,
    /// A symbolic link that points outside of the given roots, or nowhere.
    LinkOutside,
    /// A symbolic link to a folder that holds it.
    LinkLoop,
}

impl SkipReason {
    /// Whether what was left out is a link.
    pub const fn is_link(self) -> bool {
        matches!(
            self,
            SkipReason::Link | SkipReason::LinkOutside | SkipReason::LinkLoop
        )
    }

    /// A word for programs.
    pub const fn code(self) -> &'static str {
        match self {
            SkipReason::GitFolder => "git-folder",
            SkipReason::BuiltTree => "built-tree",
            SkipReason::GitIgnored => "git-ignored",
            SkipReason::WithholdIgnored => "withholdignore",
            SkipReason::Excluded => "excluded",
            SkipReason::NotIncluded => "not-included",
            SkipReason::TooLarge => "too-large",
            SkipReason::Link => "link",
            SkipReason::LinkOutside => "link-outside",
            SkipReason::LinkLoop => "link-loop",
        }
    }

    /// Words for people, about one entry or about several.
    pub const fn words(self, several: bool) -> &'static str {
        match (self, several) {
            (SkipReason::GitFolder, false) => "git folder",
            (SkipReason::GitFolder, true) => "git folders",
            (SkipReason::BuiltTree, false) => "dependency, build or cache tree",
            (SkipReason::BuiltTree, true) => "dependency, build or cache trees",
            (SkipReason::GitIgnored, _) => "git-ignored",
            (SkipReason::WithholdIgnored, _) => "in .withholdignore",
            (SkipReason::Excluded, _) => "excluded",
            (SkipReason::NotIncluded, _) => "not included",
            (SkipReason::TooLarge, _) => "over --max-file-size",
            (SkipReason::Link, false) => "symbolic link",
            (SkipReason::Link, true) => "symbolic links",
            (SkipReason::LinkOutside, false) => "link out of the tree",
            (SkipReason::LinkOutside, true) => "links out of the tree",
            (SkipReason::LinkLoop, false) => "link into its own folder",
            (SkipReason::LinkLoop, true) => "links into their own folders",
        }
    }
}

/// Counts of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Items that were looked at.
    pub items: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Candidates that passed their checks, but not the thresholds for confidence and severity.
    pub below_threshold: u64,
    /// Rules that were on.
    pub rules: usize,
    /// How long it took, in milliseconds.
    pub milliseconds: u64,
}
