//! From items to an outcome: every item is read, decoded, matched, checked and judged, in parallel, and what comes out is
//! sorted. The one file that knows two rooms.

#[cfg(test)]
mod cuts;
mod describe;
mod explain;
mod feed;
mod found;
mod history;
mod names;
pub mod rooms;
mod runs;
mod seen;

use std::cell::Cell;
use std::collections::BTreeSet;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::time::Instant;

use crate::check::ItemPath;
use crate::config::Settings;
use crate::decode::{Decoder, Work, within};
use crate::matcher::{self, Overload};
use crate::model::{
    Candidate, Confidence, Explanation, Finding, Half, JudgedFinding, Question, RuleCard, Span,
    View, ViewRange, Why, fingerprint,
};
use crate::policy::Policy;
use crate::rules::{LONGEST_REACH, RuleSet, is_of_tests};
use crate::source::{Buffer, Item, MARGIN};
pub use describe::{Described, Timing, Took, describe, time_scores};
use found::{Found, Looked};
pub use history::{HistoryError, scan_history};
pub use runs::{scan, scan_answering, scan_paths, scan_until};
use seen::{Seen, beats};

// What is found near a stretch's edge must be found as if there were none.
const _: () = assert!(MARGIN >= 2 * LONGEST_REACH);

/// How many findings of an item are kept; an item with more is no text that anybody wrote.
const MOST_FINDINGS: usize = 10_000;

struct Engine<'s> {
    rules: &'s RuleSet,
    policy: Policy<'s>,
    question: Option<&'s Question>,
    /// Whom the verdicts are about.
    destination: &'s str,
    begun: Instant,
    /// When looking ends; what is left then is unscanned.
    deadline: Option<Instant>,
}

/// What one thread uses again for every item.
#[derive(Default)]
struct Scratch {
    buffer: Buffer,
    matcher: matcher::Scratch,
}

impl<'s> Engine<'s> {
    fn new(
        rules: &'s RuleSet,
        settings: &'s Settings,
        question: Option<&'s Question>,
        deadline: Option<Instant>,
    ) -> Engine<'s> {
        Engine {
            rules,
            policy: Policy::new(settings),
            question,
            destination: &settings.destination.name,
            begun: Instant::now(),
            deadline,
        }
    }

    /// Looks at one item; a panic on the way is that item's alone.
    fn look(&self, item: &Item, scratch: &mut Scratch) -> Looked {
        if self.is_late() {
            return self.too_late(item, &mut scratch.matcher);
        }
        let mut found =
            guarded(|| self.look_at_name(&item.origin, item.link(), &mut scratch.matcher));
        if let Some(found) = found.as_mut().filter(|_| !item.is_named()) {
            found.forget_findings();
        }
        let renamed = found.as_ref().and_then(Found::renamed).cloned();
        found
            .and_then(|found| guarded(|| self.look_unguarded(item, found, scratch)))
            .unwrap_or_else(|| {
                // What was half done is worth nothing.
                *scratch = Scratch::default();
                Looked::unscanned(renamed, Why::Panicked)
            })
    }

    /// Whether there is no time left.
    fn is_late(&self) -> bool {
        self.deadline
            .is_some_and(|deadline| Instant::now() >= deadline)
    }

    /// An item that nobody had time to look at. Even its name is told with what is secret in it masked.
    fn too_late(&self, item: &Item, scratch: &mut matcher::Scratch) -> Looked {
        let found = guarded(|| self.look_at_name(&item.origin, item.link(), scratch));
        let renamed = found.and_then(|found| found.renamed().cloned());
        Looked::unscanned(renamed, Why::OutOfTime)
    }

    fn look_unguarded(&self, item: &Item, mut found: Found, scratch: &mut Scratch) -> Looked {
        let path = &item.origin.shown;
        let mut decoder: Option<Decoder> = None;
        let Scratch { buffer, matcher } = scratch;
        let read = item.stretches(buffer, |stretch| {
            if self.is_late() {
                return found.overloaded(Why::OutOfTime);
            }
            // What more there is changes nothing.
            if found.findings.len() == MOST_FINDINGS
                && found
                    .why_not_all
                    .contains(&Why::TooManyFindings(MOST_FINDINGS))
            {
                return;
            }
            let decoder = decoder.get_or_insert_with(|| {
                self.look_at_file(path, stretch.bytes, matcher, &mut found);
                Decoder::new(stretch.bytes)
            });
            for view in decoder.views(stretch) {
                let seen = self.look_within(path, &view, stretch.base > 0, matcher, &mut found);
                self.report(path, &view, seen, &mut found);
            }
        });
        let bytes = match read {
            Ok(bytes) => bytes,
            Err(why) if decoder.is_none() && found.findings.is_empty() => {
                return Looked::unscanned(found.renamed().cloned(), why);
            }
            // What was found before the reading failed counts all the same.
            Err(why) => {
                found.why_not_all.push(why);
                0
            }
        };
        if let Some((encoding, at)) = decoder.and_then(|decoder| decoder.broken()) {
            found.why_not_all.push(Why::BrokenText {
                encoding: encoding.as_str(),
                at,
            });
        }
        if item.is_changed() && !found.findings.is_empty() {
            match item.added(buffer) {
                Ok(added) => found.keep_only(&added, item.is_named()),
                Err(why) => found.why_not_all.push(why),
            }
        }
        matcher.lines = std::mem::take(&mut found.lines);
        found.into_looked(bytes)
    }

    /// Looks at a text and at all that is encoded within it. A text that is `cut` may have begun before.
    fn look_within(
        &self,
        path: &str,
        text: &View<'_>,
        cut: bool,
        scratch: &mut matcher::Scratch,
        found: &mut Found,
    ) -> Seen {
        let mut seen = Seen::default();
        let mut work = Work::for_text(text.bytes.len());
        self.look_at_view(path, text, scratch, &mut seen, found);
        within(text, cut, &mut work, &mut |view| {
            if self.is_late() {
                return found.overloaded(Why::OutOfTime);
            }
            self.look_at_view(path, view, scratch, &mut seen, found);
        });
        if work.exhausted {
            found.overloaded(Why::TooMuchEncoded);
        }
        if work.too_deep {
            found.overloaded(Why::EncodedTooDeep);
        }
        seen
    }

    /// Rules that are about the item as a whole.
    fn look_at_file(
        &self,
        path: &str,
        beginning: &[u8],
        scratch: &mut matcher::Scratch,
        found: &mut Found,
    ) {
        let rules = matcher::find_file(self.rules, beginning, path, scratch);
        found.lines = rules.lines;
        for index in rules.whole {
            let rule = &self.rules.rules[index];
            let finding = Finding {
                rule: Arc::clone(&rule.card),
                span: Span::WHOLE_ITEM,
                also: None,
                confidence: rule.confidence,
                masked: String::new(),
                fingerprint: fingerprint(
                    &rule.card.id,
                    &found.origin.shown,
                    b"",
                    ViewRange::new(0, 0),
                ),
                via: Vec::new(),
                excerpt: None,
                explanation: self.question.map(|_| Explanation::default()),
            };
            self.judge(
                path,
                finding,
                rule.fallback,
                beginning,
                ViewRange::new(0, 0),
                found,
            );
        }
    }

    /// Notes what is found in a view; all places are those of the item's text that it is part of.
    fn look_at_view(
        &self,
        path: &str,
        view: &View<'_>,
        scratch: &mut matcher::Scratch,
        seen: &mut Seen,
        found: &mut Found,
    ) {
        let lines: &[usize] = match view.parent {
            None => &found.lines,
            Some(_) => &[],
        };
        match matcher::find(self.rules, &view.bytes, path, lines, scratch) {
            Ok(()) => {}
            Err(Overload::NearMatches(rule)) => {
                let rule = self.rules.rules[rule].card.id.to_string();
                found.overloaded(Why::TooManyNearMatches(rule));
            }
            Err(Overload::Candidates) => found.overloaded(Why::TooManyFindings(MOST_FINDINGS)),
        }
        // What is not encoded is in the view above, too.
        scratch
            .candidates
            .retain(|candidate| seen::is_new(view, candidate));
        if scratch.candidates.is_empty() {
            return;
        }
        scratch
            .candidates
            .sort_by_key(|candidate| (candidate.secret.start, candidate.rule));
        let hides = |candidate: &&Candidate| self.rules.rules[candidate.rule].hides_what_it_finds();
        let hidden = scratch
            .candidates
            .iter()
            .filter(hides)
            .map(|candidate| view.in_text(candidate.secret).1);
        seen.hidden.extend(hidden);
        let passed = one_half_each(self.passed(path, view, &scratch.candidates, seen, found));
        // What beats another hides it, whichever view each is to be reported by.
        let passed = self.most_specific(passed).into_iter();
        for (candidate, confidence) in passed.filter(|(it, _)| view.owns(it.secret.start)) {
            // Of what is encoded there may be as much again, and again.
            if seen.is_full() {
                return found.overloaded(Why::TooManyFindings(MOST_FINDINGS));
            }
            let rule = &self.rules.rules[candidate.rule];
            let fingerprint = fingerprint(
                &rule.card.id,
                &found.origin.shown,
                &view.bytes,
                candidate.secret,
            );
            let masked = rule.mask(candidate.secret.of(&view.bytes));
            seen.add(view, candidate, confidence, masked, fingerprint);
        }
    }

    /// Judges what was seen in an item's text and in all that is encoded within it.
    fn report(&self, path: &str, text: &View<'_>, seen: Seen, found: &mut Found) {
        // Most text has nothing to report, and then there is nothing to explain.
        if seen.is_empty() && self.question.is_none() {
            return;
        }
        let mut seen = seen
            .settled(|this, other| beats(this, other, |it| self.rank(it)))
            .paired(|confidence| self.policy.is_sure(confidence))
            .reported_by(text);
        let trace = std::mem::take(&mut seen.trace);
        let mut reported = Vec::new();
        // To say what a line looks like takes longer than to find what is in it.
        let room = Cell::new(MOST_FINDINGS.saturating_sub(found.findings.len()));
        let wants = |rule: &RuleCard, confidence| {
            let wanted = self.policy.would_report(rule, confidence) && room.get() > 0;
            room.set(room.get() - usize::from(wanted));
            wanted
        };
        let of_tests = is_of_tests(path);
        let card = |rule: usize| self.rules.rules[rule].card_in(of_tests);
        for (mut finding, candidate) in seen.into_findings(text, card, wants) {
            finding.explanation = explain::of(&trace, &candidate);
            if self.question.is_some() && self.policy.is_reported(&finding) {
                reported.push(candidate);
            }
            let fallback = self.rules.rules[candidate.rule].fallback;
            self.judge(
                path,
                finding,
                fallback,
                &text.bytes,
                candidate.secret,
                found,
            );
        }
        if let Some(question) = self.question {
            self.tell_what_is_missing(question, text, trace, &reported, found);
        }
    }

    fn judge(
        &self,
        path: &str,
        finding: Finding,
        fallback: bool,
        text: &[u8],
        at: ViewRange,
        found: &mut Found,
    ) {
        if !self.policy.is_reported(&finding) {
            found.below_threshold += 1;
            return;
        }
        if found.findings.len() == MOST_FINDINGS {
            return found.overloaded(Why::TooManyFindings(MOST_FINDINGS));
        }
        let (verdict, reason) = self.policy.judge(&finding, path, text, at);
        found.findings.push((
            JudgedFinding {
                finding,
                verdict,
                reason,
            },
            fallback,
        ));
    }

    /// The candidates that pass their checks, in order; of more findings than an item may have, one too many.
    fn passed(
        &self,
        path: &str,
        view: &View<'_>,
        candidates: &[Candidate],
        seen: &mut Seen,
        found: &mut Found,
    ) -> Vec<(Candidate, Confidence)> {
        let path = ItemPath::new(path);
        let mut passed = Vec::new();
        // Those that are sure, and beside each other: whatever is made of the others, so many findings there are.
        let (mut apart, mut end) = (0, 0);
        for candidate in candidates {
            let Some(confidence) = self.checked((&path, view), candidate, seen) else {
                continue;
            };
            passed.push((*candidate, confidence));
            let secret = candidate.secret;
            if self.policy.is_sure(confidence) && secret.start >= end && view.owns(secret.start) {
                (apart, end) = (apart + 1, secret.end);
            }
            if apart > MOST_FINDINGS {
                found.overloaded(Why::TooManyFindings(MOST_FINDINGS));
                break;
            }
        }
        passed
    }

    /// Where several rules found the same secret, one candidate: one that is sure enough to be reported, then not of a
    /// fallback rule, then not of one that scores what it finds, then the surest, then of a rule that knows the secret by itself and not by its surroundings, then the
    /// longest, then one with its other half, then the one whose pattern says most around it or whose word is closest, then by the rules' order. So what one rule doubts
    /// never hides what another is sure of. The candidates are sorted by where their secrets start.
    fn most_specific(&self, passed: Vec<(Candidate, Confidence)>) -> Vec<(Candidate, Confidence)> {
        let rank = |it: &(Candidate, Confidence)| self.rank(*it);
        seen::rivals_settled(
            passed,
            |it| it.0.secret,
            |this, other| rank(this) > rank(other),
        )
    }

    fn rank(&self, (candidate, confidence): (Candidate, Confidence)) -> impl Ord + use<> {
        let rule = &self.rules.rules[candidate.rule];
        (
            self.policy.is_sure(confidence),
            !rule.fallback,
            !rule.is_scored(),
            confidence,
            !rule.finds_by_context(),
            candidate.secret.len(),
            matches!(candidate.half, Half::With(_)),
            match rule.finds_by_context() {
                true => -(candidate.whole.len() as isize),
                false => candidate.whole.len() as isize,
            },
            std::cmp::Reverse(candidate.rule),
        )
    }
}

/// What `look` comes to, or nothing if it panics.
fn guarded<T>(look: impl FnOnce() -> T) -> Option<T> {
    panic::catch_unwind(AssertUnwindSafe(look)).ok()
}

/// Of all first and second halves that stand near each other, pairs: the closest first, and each half in one pair only. A
/// first half that is in no pair stays as it is, alone.
fn one_half_each(mut passed: Vec<(Candidate, Confidence)>) -> Vec<(Candidate, Confidence)> {
    if passed
        .iter()
        .all(|(candidate, _)| candidate.half == Half::Whole)
    {
        return passed;
    }
    passed.sort_by_key(|(candidate, _)| (candidate.half == Half::Alone, candidate.distance()));
    let mut taken: BTreeSet<(usize, ViewRange)> = BTreeSet::new();
    passed.retain(|(candidate, _)| match candidate.half {
        Half::Whole => true,
        Half::With(other) => {
            let halves = [(candidate.rule, candidate.secret), (candidate.rule, other)];
            let free = halves.iter().all(|half| !taken.contains(half));
            if free {
                taken.extend(halves);
            }
            free
        }
        Half::Alone => !taken.contains(&(candidate.rule, candidate.secret)),
    });
    passed.sort_by_key(|(candidate, _)| (candidate.secret.start, candidate.rule));
    passed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_ends_one_look_and_nothing_else() {
        assert_eq!(guarded(|| -> u8 { panic!("on purpose") }), None);
        assert_eq!(guarded(|| 1), Some(1));
    }
}
