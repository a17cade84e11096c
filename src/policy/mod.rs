//! The one place that decides: levels against clearances, thresholds, marks in the text and path rules become a verdict.
//! Finds nothing and prints nothing.

mod marks;

use std::path::{Component, Path, PathBuf};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use crate::config::{Marks, Settings};
use crate::model::{Confidence, Finding, Reason, RuleCard, Suppression, Verdict, ViewRange};

/// Settings, ready to judge by.
#[derive(Debug)]
pub(crate) struct Policy<'s> {
    settings: &'s Settings,
    paths: Vec<GlobSet>,
}

impl<'s> Policy<'s> {
    /// Prepares the path rules; their globs were validated when the settings were read.
    pub(crate) fn new(settings: &'s Settings) -> Policy<'s> {
        let paths = settings
            .paths
            .iter()
            .map(|rule| glob_set(&rule.globs))
            .collect();
        Policy { settings, paths }
    }

    /// Whether a finding is sure and severe enough to be spoken of at all.
    pub(crate) fn is_reported(&self, finding: &Finding) -> bool {
        self.would_report(&finding.rule, finding.confidence)
    }

    /// Whether a finding of this rule and confidence would be spoken of.
    pub(crate) fn would_report(&self, rule: &RuleCard, confidence: Confidence) -> bool {
        self.is_sure(confidence) && rule.severity >= self.settings.min_severity
    }

    /// Whether a finding of this confidence is sure enough to be spoken of.
    pub(crate) fn is_sure(&self, confidence: Confidence) -> bool {
        confidence >= self.settings.min_confidence
    }

    /// What follows from a finding at `at` in `text`, a view of the item at `path`.
    pub(crate) fn judge(
        &self,
        finding: &Finding,
        path: &str,
        text: &[u8],
        at: ViewRange,
    ) -> (Verdict, Reason) {
        if let Some(suppression) = self.suppression(finding, path, text, at) {
            // A mark that gives no reason clears, but someone should look.
            let warns = matches!(&suppression, Suppression::Mark { mark: marks::OURS, reason } if reason.is_empty());
            let verdict = if warns {
                Verdict::Warned
            } else {
                Verdict::Cleared
            };
            return (verdict, Reason::Suppressed(suppression));
        }
        let destination = &self.settings.destination;
        if finding.rule.level <= destination.clearance {
            (
                Verdict::Warned,
                Reason::WithinClearance {
                    destination: destination.name.clone(),
                },
            )
        } else if finding.rule.severity < self.settings.withhold_severity {
            (Verdict::Warned, Reason::BelowSeverity)
        } else {
            (
                Verdict::Withheld,
                Reason::AboveClearance {
                    destination: destination.name.clone(),
                },
            )
        }
    }

    /// An item's path relative to `folder`, if it lies below it; else in full.
    fn below(&self, folder: &Path, path: &str) -> PathBuf {
        let full = normal(&self.settings.here.join(path));
        full.strip_prefix(folder)
            .map_or_else(|_| full.clone(), Path::to_path_buf)
    }

    fn suppression(
        &self,
        finding: &Finding,
        path: &str,
        text: &[u8],
        at: ViewRange,
    ) -> Option<Suppression> {
        let rule = finding.rule.id.as_ref();
        let by_path = self
            .settings
            .paths
            .iter()
            .zip(&self.paths)
            .find(|(written, globs)| {
                (globs.is_match(path) || globs.is_match(self.below(&written.folder, path)))
                    && written.rules.iter().any(|name| name == "*" || name == rule)
            });
        if let Some((written, _)) = by_path {
            return Some(Suppression::Path {
                reason: written.reason.clone(),
            });
        }
        match self.settings.marks {
            Marks::Honour => marks::for_rule(text, at, rule),
            Marks::Refuse => None,
        }
    }
}

/// Without `.` and `..`, by the text of the path alone: a path rule is about names.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(normal.pop()),
            other => normal.push(other),
        }
    }
    normal
}

fn glob_set(globs: &[String]) -> GlobSet {
    let mut set = GlobSetBuilder::new();
    for glob in globs {
        set.add(
            GlobBuilder::new(glob)
                .literal_separator(true)
                .build()
                .expect("globs are validated when settings are read"),
        );
    }
    set.build().expect("a set of valid globs is valid")
}
