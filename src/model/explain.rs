//! Why something was reported, or was not: for `--explain`. Never holds what was found.

use std::fmt;

use serde::Serialize;

use super::grade::Confidence;
use super::origin::Origin;

/// What is asked about a scan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    /// The line, counted from 1, of which to tell why nothing was reported there; none to explain findings only.
    pub line: Option<u64>,
    /// The rule that is meant; none for all that come into question.
    pub rule: Option<String>,
}

/// What a check said of a candidate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The check as rule files write it.
    pub check: String,
    /// `passed`, `proven`, `rejected`, or how sure it can be at most.
    pub said: String,
    /// Why, unless it passed.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub why: &'static str,
}

/// How a rule came to a candidate, and what its checks said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The literal that the rule was tried for; none for rules about a file as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub anchor: Option<String>,
    /// The checks in the order they ran, up to the first that rejected.
    pub checks: Vec<Step>,
}

/// Why a rule reports nothing on a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotReported {
    /// Where the line is.
    pub origin: Origin,
    /// The line, counted from 1.
    pub line: u64,
    /// The rule's id.
    pub rule: String,
    /// How far the rule came.
    pub explanation: Explanation,
    /// The reason, for people.
    pub because: String,
    /// How sure the candidate was, if there was one whose checks passed.
    pub confidence: Option<Confidence>,
}

impl fmt::Display for Step {
    /// `entropy:3: rejected, its characters are too much alike`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.check, self.said)?;
        if !self.why.is_empty() {
            write!(out, ", {}", self.why)?;
        }
        Ok(())
    }
}

impl fmt::Display for Explanation {
    /// The anchor and every check's word, on one line.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.anchor {
            Some(anchor) => write!(out, "anchor `{anchor}`")?,
            None => write!(out, "no anchor")?,
        }
        for step in &self.checks {
            write!(out, "; {step}")?;
        }
        Ok(())
    }
}

impl fmt::Display for NotReported {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (path, line) = (&self.origin.shown, self.line);
        write!(
            out,
            "{path}:{line}: {} did not report: {}",
            self.rule, self.because
        )?;
        if self.explanation != Explanation::default() {
            write!(out, " ({})", self.explanation)?;
        }
        Ok(())
    }
}
