//! What a rule found: first a candidate in a view, then, its checks passed, a finding in the source.

use std::sync::Arc;

use super::explain::Explanation;
use super::grade::Confidence;
use super::rule_card::RuleCard;
use super::span::{Span, ViewRange};
use super::view::Encoding;

/// A place where a rule's pattern matched, not checked yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The rule's index in its set.
    pub rule: usize,
    /// All that matched.
    pub whole: ViewRange,
    /// The part that must not get out.
    pub secret: ViewRange,
    /// The name that the value is given to, where the rule looks for one.
    pub name: Option<ViewRange>,
    /// The word that tells whose the value is, where the rule finds by context.
    pub word: Option<ViewRange>,
    /// Whether the value stands in quotes.
    pub quoted: bool,
    /// Whether it is one of two halves.
    pub half: Half,
}

impl Candidate {
    /// How many bytes lie between the two halves; 0 for what has no other half.
    pub fn distance(&self) -> usize {
        match self.half {
            Half::With(other) if other.start >= self.secret.end => other.start - self.secret.end,
            Half::With(other) => self.secret.start.saturating_sub(other.end),
            Half::Whole | Half::Alone => 0,
        }
    }
}

/// Whether a candidate is half of a credential, such as an access key's id and its secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    /// The rule asks for no second half.
    Whole,
    /// The other half is here.
    With(ViewRange),
    /// The rule asks for another half, and none is near.
    Alone,
}

/// A candidate that passed its checks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule that found it.
    pub rule: Arc<RuleCard>,
    /// Where in the source.
    pub span: Span,
    /// How sure.
    pub confidence: Confidence,
    /// Where the credential's other half is, if it has two.
    pub also: Option<Span>,
    /// The secret as reports may show it.
    pub masked: String,
    /// What stays the same when lines move.
    pub fingerprint: String,
    /// What was undone to see it.
    pub via: Vec<Encoding>,
    /// The line around it, every secret on it masked; none for a finding about an item as a whole.
    pub excerpt: Option<Excerpt>,
    /// How it came about, if that was asked for.
    pub explanation: Option<Explanation>,
}

/// Part of a line with every secret on it masked, and which part of that to point at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// Valid UTF-8 of one line, masked and cut to a readable length; control characters are still in it.
    pub text: String,
    /// The bytes of `text` that stand for the finding.
    pub marked: std::ops::Range<usize>,
    /// Whether text was cut off before and after.
    pub cut: (bool, bool),
}
