//! The learned score: how sure it is that a value given to a name is a credential and none that looks like one. The features are
//! here, the trees that weigh them are in `rules/model/`; `rules/model/MODEL.md` says what they were trained on and how well they do.

mod around;
mod features;
mod forest;
mod name;
mod path;
mod value;
mod words;

use std::fmt;

use super::{Check, Said, Subject, not_reference, not_word};
use crate::model::Confidence;
use crate::rules::CheckKind;
use features::{COUNT, Features, NAMES};
use forest::Forest;
pub(crate) use path::ItemPath;

pub(super) const CHECK: Check = Check {
    kind: CheckKind::Score,
    run,
};

/// What is less sure than this is no candidate at all, whatever is asked for.
const FLOOR: Confidence = Confidence::from_thousandths(50);

/// A value's looks prove nothing: what a checksum proves is surer than any score.
const MOST: Confidence = Confidence::from_thousandths(980);

/// How many features an explanation names for, and how many against.
const TOLD: usize = 3;

/// What spoke most for a candidate and most against it, by name; empty where there was less.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Reasons {
    pub(super) in_favour: [&'static str; TOLD],
    pub(super) against: [&'static str; TOLD],
}

impl fmt::Display for Reasons {
    /// `for it a, b, c; against it d, e`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (side, names) in [
            ("for it", self.in_favour),
            (" and against it", self.against),
        ] {
            let told: Vec<&str> = names.into_iter().filter(|name| !name.is_empty()).collect();
            write!(
                out,
                "{side} {}",
                if told.is_empty() {
                    "nothing".to_owned()
                } else {
                    told.join(", ")
                }
            )?;
        }
        Ok(())
    }
}

/// So many hundredths of a value's letters are in known words if it is made of them.
const KNOWN: usize = 80;

/// What need not be scored, and why; of others whether the value is made of words all the same. Most are names and sentences,
/// quickly told, and of 2,117 credentials nine look so.
fn plain(subject: &Subject<'_>) -> Result<bool, &'static str> {
    let is_wordy = not_word::is_wordy(subject.secret);
    if is_wordy && words::share(subject.secret) >= KNOWN {
        Err("it is made of words")
    } else if not_reference::is_sealed(subject.secret) {
        Err("it is encrypted")
    } else {
        Ok(is_wordy)
    }
}

/// Rejects what need not be scored, before any other check has looked at it.
pub(super) fn told_at_once(subject: &Subject<'_>) -> Result<(), &'static str> {
    plain(subject).map(|_| ())
}

/// Whether the trees are asked about a candidate.
pub(super) fn is_asked(subject: &Subject<'_>) -> bool {
    plain(subject).is_ok()
}

/// Scores a candidate.
fn run(subject: &Subject<'_>, _: f32) -> Said {
    let is_wordy = match plain(subject) {
        Ok(is_wordy) => is_wordy,
        Err(why) => return Said::Rejected(why),
    };
    let forest = Forest::get();
    let features = Features::of(subject, is_wordy);
    match forest.confidence(forest.sum(&features)) {
        hardly if hardly < FLOOR => Said::Rejected("hardly any value that looks so is a secret"),
        confidence => Said::Scored(confidence.min(MOST)),
    }
}

/// What spoke most for a candidate and against it.
pub(super) fn reasons(subject: &Subject<'_>) -> Reasons {
    let shares = Forest::get().shares(&Features::of(subject, not_word::is_wordy(subject.secret)));
    let mut order: Vec<usize> = (0..COUNT).collect();
    order.sort_by_key(|&feature| std::cmp::Reverse(shares[feature]));
    let mut reasons = Reasons::default();
    let best = order.iter().filter(|&&feature| shares[feature] > 0);
    for (told, feature) in reasons.in_favour.iter_mut().zip(best) {
        *told = NAMES[*feature];
    }
    let worst = order.iter().rev().filter(|&&feature| shares[feature] < 0);
    for (told, feature) in reasons.against.iter_mut().zip(worst) {
        *told = NAMES[*feature];
    }
    reasons
}

/// What is known of a candidate, and what the trees make of it.
pub(crate) struct Score {
    /// Each feature with its name.
    pub(crate) features: Vec<(&'static str, u8)>,
    /// What the trees come to.
    pub(crate) sum: i32,
    /// How sure that is.
    pub(crate) confidence: Confidence,
}

/// Scores a candidate and keeps everything; nothing of what need not be scored.
pub(super) fn described(subject: &Subject<'_>) -> Option<Score> {
    let is_wordy = plain(subject).ok()?;
    let forest = Forest::get();
    let features = Features::of(subject, is_wordy);
    let sum = forest.sum(&features);
    Some(Score {
        features: NAMES
            .iter()
            .copied()
            .zip(features.known().iter().copied())
            .collect(),
        sum,
        confidence: forest.confidence(sum),
    })
}
