//! From items to an outcome: every item is read, decoded, matched, checked and judged, in parallel, and what comes out is
//! sorted. The one file that knows two rooms.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::time::Instant;

use rayon::prelude::*;

use crate::check;
use crate::config::Settings;
use crate::decode::Decoder;
use crate::matcher::{self, Overload};
use crate::model::{
    Candidate, Confidence, Finding, Half, Hidden, Judged, JudgedFinding, Locator, Outcome, Span,
    Stats, Stretch, Unscanned, Verdict, View, ViewRange, Why, excerpt, fingerprint,
};
use crate::policy::Policy;
use crate::rules::{LONGEST_REACH, RuleSet};
use crate::source::{Buffer, Gathered, Item, MARGIN};

// What is found near a stretch's edge must be found as if there were none.
const _: () = assert!(MARGIN >= 2 * LONGEST_REACH);

/// Looks at everything that was gathered, with so many threads; 0 for as many as there are cores.
///
/// # Errors
/// The threads could not be started.
pub fn scan(
    gathered: Gathered,
    rules: &RuleSet,
    settings: &Settings,
    threads: usize,
) -> Result<Outcome, rayon::ThreadPoolBuildError> {
    let begun = Instant::now();
    let engine = Engine {
        rules,
        policy: Policy::new(settings),
    };
    let looked: Vec<Looked> = match &gathered.items[..] {
        // One item needs no threads; starting them would take longer than most items.
        [item] => vec![engine.look(item, &mut Scratch::default())],
        items => {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()?;
            pool.install(|| {
                items
                    .par_iter()
                    .map_init(Scratch::default, |scratch, item| engine.look(item, scratch))
                    .collect()
            })
        }
    };
    let mut outcome = Outcome {
        judged: Vec::with_capacity(looked.len()),
        unscanned: gathered.unscanned,
        skipped: gathered.skipped,
        destination: settings.destination.name.clone(),
        stats: Stats {
            items: 0,
            bytes: 0,
            below_threshold: 0,
            rules: rules.len(),
            milliseconds: 0,
        },
    };
    for looked in looked {
        outcome.stats.bytes += looked.bytes;
        outcome.stats.below_threshold += looked.below_threshold;
        outcome.stats.items += u64::from(looked.judged.is_some());
        outcome.judged.extend(looked.judged);
        outcome.unscanned.extend(looked.unscanned);
    }
    outcome
        .judged
        .sort_by(|left, right| left.origin.cmp(&right.origin));
    // A file may have been named, and found as well.
    outcome.unscanned.sort();
    outcome.unscanned.dedup();
    outcome.stats.milliseconds = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(outcome)
}

/// How many findings of an item are kept; an item with more is no text that anybody wrote.
const MOST_FINDINGS: usize = 10_000;

struct Engine<'s> {
    rules: &'s RuleSet,
    policy: Policy<'s>,
}

/// What one thread uses again for every item.
#[derive(Default)]
struct Scratch {
    buffer: Buffer,
    matcher: matcher::Scratch,
}

/// What looking at one item came to.
struct Looked {
    judged: Option<Judged>,
    unscanned: Vec<Unscanned>,
    bytes: u64,
    below_threshold: u64,
}

/// What was found in one item so far.
#[derive(Default)]
struct Found {
    findings: Vec<(JudgedFinding, bool)>,
    below_threshold: u64,
    why_not_all: Vec<Why>,
}

impl Engine<'_> {
    /// Looks at one item; a panic on the way is that item's alone.
    fn look(&self, item: &Item, scratch: &mut Scratch) -> Looked {
        guarded(|| self.look_unguarded(item, scratch)).unwrap_or_else(|| {
            // What was half done is worth nothing.
            *scratch = Scratch::default();
            Looked::unscanned(item, Why::Panicked)
        })
    }

    fn look_unguarded(&self, item: &Item, scratch: &mut Scratch) -> Looked {
        let mut found = Found::default();
        let mut decoder: Option<Decoder> = None;
        let Scratch { buffer, matcher } = scratch;
        let read = item.stretches(buffer, |stretch| {
            let decoder = decoder.get_or_insert_with(|| {
                self.look_at_file(item, stretch.bytes, &mut found);
                Decoder::new(stretch.bytes)
            });
            for view in decoder.views(stretch) {
                self.look_at_view(item, &view, stretch, matcher, &mut found);
            }
        });
        let bytes = match read {
            Ok(bytes) => bytes,
            Err(why) if decoder.is_none() => return Looked::unscanned(item, why),
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
        found.into_looked(item, bytes)
    }

    /// Rules that are about the item as a whole.
    fn look_at_file(&self, item: &Item, beginning: &[u8], found: &mut Found) {
        let mut rules = Vec::new();
        matcher::find_file(self.rules, beginning, &item.origin.shown, &mut rules);
        for index in rules {
            let rule = &self.rules.rules[index];
            let finding = Finding {
                rule: Arc::clone(&rule.card),
                span: Span::WHOLE_ITEM,
                also: None,
                confidence: rule.confidence,
                masked: String::new(),
                fingerprint: fingerprint(
                    &rule.card.id,
                    &item.origin.shown,
                    b"",
                    ViewRange::new(0, 0),
                ),
                via: Vec::new(),
                excerpt: None,
            };
            self.judge(
                item,
                finding,
                rule.fallback,
                beginning,
                ViewRange::new(0, 0),
                found,
            );
        }
    }

    fn look_at_view(
        &self,
        item: &Item,
        view: &View<'_>,
        stretch: &Stretch<'_>,
        scratch: &mut matcher::Scratch,
        found: &mut Found,
    ) {
        match matcher::find(self.rules, &view.bytes, &item.origin.shown, scratch) {
            Ok(()) => {}
            Err(Overload::NearMatches(rule)) => {
                let rule = self.rules.rules[rule].card.id.to_string();
                found.overloaded(Why::TooManyNearMatches(rule));
            }
            Err(Overload::Candidates) => found.overloaded(Why::TooManyFindings(MOST_FINDINGS)),
        }
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
            .map(|candidate| candidate.secret);
        let hidden = Hidden::new(hidden.collect());
        let passed = scratch
            .candidates
            .iter()
            .filter(|candidate| is_own(view, candidate, &stretch.own))
            .filter_map(|candidate| {
                let confidence =
                    check::run(&self.rules.rules[candidate.rule], &view.bytes, candidate).ok()?;
                Some((*candidate, confidence))
            });
        let mut locator = Locator::new(view);
        let passed = one_half_each(passed.collect());
        let kept = self.most_specific(passed);
        let others = other_halves(&kept, view);
        for (candidate, confidence) in kept {
            let rule = &self.rules.rules[candidate.rule];
            let masked = rule.mask(candidate.secret.of(&view.bytes));
            let finding = Finding {
                rule: Arc::clone(&rule.card),
                span: locator.span(candidate.secret),
                also: match candidate.half {
                    Half::With(other) => others.get(&other).copied(),
                    Half::Whole | Half::Alone => None,
                },
                confidence,
                fingerprint: fingerprint(
                    &rule.card.id,
                    &item.origin.shown,
                    &view.bytes,
                    candidate.secret,
                ),
                via: view.via.clone(),
                excerpt: Some(excerpt(&view.bytes, candidate.secret, &masked, &hidden)),
                masked,
            };
            self.judge(
                item,
                finding,
                rule.fallback,
                &view.bytes,
                candidate.secret,
                found,
            );
        }
    }

    fn judge(
        &self,
        item: &Item,
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
        let (verdict, reason) = self.policy.judge(&finding, &item.origin.shown, text, at);
        found.findings.push((
            JudgedFinding {
                finding,
                verdict,
                reason,
            },
            fallback,
        ));
    }

    /// Where several rules found the same secret, one candidate: one that is sure enough to be reported, then not of a
    /// fallback rule, then the surest, then of a rule that knows the secret by itself and not by its surroundings, then the
    /// longest, then one with its other half, then the one whose pattern says most around it or whose word is closest, then by the rules' order. So what one rule doubts
    /// never hides what another is sure of. The candidates are sorted by where their secrets start.
    fn most_specific(&self, passed: Vec<(Candidate, Confidence)>) -> Vec<(Candidate, Confidence)> {
        let rank = |(candidate, confidence): &(Candidate, Confidence)| {
            let rule = &self.rules.rules[candidate.rule];
            (
                self.policy.is_sure(*confidence),
                !rule.fallback,
                *confidence,
                !rule.finds_by_context(),
                candidate.secret.len(),
                matches!(candidate.half, Half::With(_)),
                match rule.finds_by_context() {
                    true => -(candidate.whole.len() as isize),
                    false => candidate.whole.len() as isize,
                },
                std::cmp::Reverse(candidate.rule),
            )
        };
        let mut kept: Vec<(Candidate, Confidence)> = Vec::with_capacity(passed.len());
        // Only what was kept since the last gap between secrets can overlap with the next one.
        let (mut since, mut reached) = (0, 0);
        for next in passed {
            if next.0.secret.start >= reached {
                since = kept.len();
            }
            reached = reached.max(next.0.secret.end);
            let rivals = |other: &(Candidate, Confidence)| other.0.secret.overlaps(next.0.secret);
            let cluster = &kept[since..];
            if cluster
                .iter()
                .filter(|other| rivals(other))
                .all(|other| rank(&next) > rank(other))
            {
                let cluster = kept.split_off(since);
                kept.extend(cluster.into_iter().filter(|other| !rivals(other)));
                kept.push(next);
            }
        }
        kept.sort_by_key(|(candidate, _)| candidate.secret.start);
        kept
    }
}

impl Found {
    /// Notes why not all of the item was looked at, once.
    fn overloaded(&mut self, why: Why) {
        if !self.why_not_all.contains(&why) {
            self.why_not_all.push(why);
        }
    }

    fn into_looked(self, item: &Item, bytes: u64) -> Looked {
        // A fallback about the file as a whole says nothing new where something in the file weighs as much. What was allowed
        // to go weighs nothing: one allowed line must not clear the file.
        let within = self
            .findings
            .iter()
            .filter(|(judged, _)| judged.finding.excerpt.is_some());
        let heaviest = within.map(|(judged, _)| judged.verdict).max();
        let mut findings: Vec<JudgedFinding> = self
            .findings
            .into_iter()
            .filter(|(judged, fallback)| {
                let is_whole = judged.finding.excerpt.is_none();
                !(*fallback && is_whole && heaviest >= Some(judged.verdict))
            })
            .map(|(judged, _)| judged)
            .collect();
        findings.sort_by(|left, right| {
            let key =
                |judged: &JudgedFinding| (judged.finding.span, judged.finding.rule.id.clone());
            key(left).cmp(&key(right))
        });
        let worst = findings
            .iter()
            .map(|judged| judged.verdict)
            .max()
            .unwrap_or(Verdict::Cleared);
        let verdict = if self.why_not_all.is_empty() {
            worst
        } else {
            Verdict::Withheld
        };
        let unscanned = self
            .why_not_all
            .into_iter()
            .map(|why| Unscanned {
                origin: item.origin.clone(),
                why,
            })
            .collect();
        Looked {
            judged: Some(Judged {
                origin: item.origin.clone(),
                verdict,
                findings,
            }),
            unscanned,
            bytes,
            below_threshold: self.below_threshold,
        }
    }
}

impl Looked {
    fn unscanned(item: &Item, why: Why) -> Looked {
        let unscanned = vec![Unscanned {
            origin: item.origin.clone(),
            why,
        }];
        Looked {
            judged: None,
            unscanned,
            bytes: 0,
            below_threshold: 0,
        }
    }
}

/// What `look` comes to, or nothing if it panics.
fn guarded<T>(look: impl FnOnce() -> T) -> Option<T> {
    panic::catch_unwind(AssertUnwindSafe(look)).ok()
}

/// Whether a candidate is this stretch's to report, and not a neighbouring one's.
fn is_own(view: &View<'_>, candidate: &Candidate, own: &Range<u64>) -> bool {
    own.contains(&view.map.to_source(candidate.whole.start))
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

/// Where the other halves are, looked up in the order in which they stand.
fn other_halves(kept: &[(Candidate, Confidence)], view: &View<'_>) -> BTreeMap<ViewRange, Span> {
    let other = |(candidate, _): &(Candidate, Confidence)| match candidate.half {
        Half::With(other) => Some(other),
        Half::Whole | Half::Alone => None,
    };
    let others: BTreeSet<ViewRange> = kept.iter().filter_map(other).collect();
    let mut locator = Locator::new(view);
    others
        .into_iter()
        .map(|range| (range, locator.span(range)))
        .collect()
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
