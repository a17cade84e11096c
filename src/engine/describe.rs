//! What the learned score knows of every candidate, for training it, and how long it takes to know. Finds candidates as a scan
//! does, and judges none.

use std::time::{Duration, Instant};

use super::{Scratch, seen};
use crate::check::{self, ItemPath};
use crate::decode::{Decoder, Work, within};
use crate::matcher;
use crate::model::{Candidate, Confidence, Locator, Span, Unscanned, View, ViewRange};
use crate::rules::RuleSet;
use crate::source::Gathered;

/// A candidate that is scored.
#[derive(Clone, Debug)]
pub struct Described {
    /// The item's path, as reports show it.
    pub path: String,
    /// The rule's id.
    pub rule: String,
    /// Where the value is in the source.
    pub span: Span,
    /// What is known of it, each with its name; never the value itself.
    pub features: Vec<(&'static str, u8)>,
    /// What the trees come to.
    pub sum: i32,
    /// How sure that is.
    pub confidence: Confidence,
}

/// How long scoring took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Timing {
    /// Candidates of which a glance told that they are no credential.
    pub glanced: Took,
    /// Those that the trees were asked about.
    pub weighed: Took,
}

/// How many candidates there were, and what they took together.
#[derive(Clone, Copy, Debug, Default)]
pub struct Took {
    /// How many.
    pub count: u32,
    /// From the value to the confidence, or to why it is none.
    pub time: Duration,
}

impl Took {
    /// What each took, on an average.
    pub fn each(self) -> Duration {
        self.time.checked_div(self.count).unwrap_or_default()
    }

    /// Both.
    #[must_use]
    pub fn and(self, other: Took) -> Took {
        Took {
            count: self.count + other.count,
            time: self.time + other.time,
        }
    }
}

/// Describes every candidate of the rules that are scored, in everything that was gathered; gives what could not be looked at.
pub fn describe(
    gathered: Gathered,
    rules: &RuleSet,
    mut each: impl FnMut(Described),
) -> Vec<Unscanned> {
    find(gathered, rules, |view, candidate, at, locator| {
        described(rules, view, candidate, at, locator).map(&mut each);
    })
}

/// Scores every candidate once, between finding it and finding the next, as a scan does, and says how long that took.
pub fn time_scores(gathered: Gathered, rules: &RuleSet) -> (Timing, Vec<Unscanned>) {
    let mut timing = Timing::default();
    let unscanned = find(gathered, rules, |view, candidate, (path, _), _| {
        let rule = &rules.rules[candidate.rule];
        let now = Instant::now;
        if let Some((time, weighed)) = check::time_score(rule, (&view.bytes, path), candidate, now)
        {
            let took = match weighed {
                true => &mut timing.weighed,
                false => &mut timing.glanced,
            };
            *took = took.and(Took { count: 1, time });
        }
    });
    // What two looks at the clock take is no part of it.
    for took in [&mut timing.glanced, &mut timing.weighed] {
        let looks = (0..took.count).map(|_| Instant::now().elapsed());
        took.time = took.time.saturating_sub(looks.sum());
    }
    (timing, unscanned)
}

/// Every candidate in everything that was gathered, with its item's path and its place; gives what could not be looked at.
fn find(
    gathered: Gathered,
    rules: &RuleSet,
    mut each: impl FnMut(&View<'_>, &Candidate, (&ItemPath<'_>, ViewRange), &mut Locator<'_>),
) -> Vec<Unscanned> {
    let mut unscanned = gathered.unscanned;
    let mut scratch = Scratch::default();
    for item in gathered.items {
        let path = item.origin.shown.clone();
        let Scratch { buffer, matcher } = &mut scratch;
        let mut decoder: Option<Decoder> = None;
        let read = item.stretches(buffer, |stretch| {
            let decoder = decoder.get_or_insert_with(|| Decoder::new(stretch.bytes));
            for text in decoder.views(stretch) {
                let mut locator = Locator::new(&text);
                let mut look = |view: &View<'_>| {
                    // What was not finished is in the report of a scan.
                    let _ = matcher::find(rules, &view.bytes, &path, &[], matcher);
                    let path = ItemPath::new(&path);
                    for candidate in &matcher.candidates {
                        let secret = view.in_text(candidate.secret).1;
                        let ours = seen::is_new(view, candidate)
                            && view.owns(candidate.secret.start)
                            && text.reports(secret.start);
                        if ours {
                            each(view, candidate, (&path, secret), &mut locator);
                        }
                    }
                };
                look(&text);
                let mut work = Work::for_text(text.bytes.len());
                within(&text, stretch.base > 0, &mut work, &mut look);
            }
        });
        if let Err(why) = read {
            unscanned.push(Unscanned {
                origin: item.origin,
                why,
            });
        }
    }
    unscanned
}

fn described(
    rules: &RuleSet,
    view: &View<'_>,
    candidate: &Candidate,
    (path, secret): (&ItemPath<'_>, ViewRange),
    locator: &mut Locator<'_>,
) -> Option<Described> {
    let rule = &rules.rules[candidate.rule];
    let score = check::described(rule, (&view.bytes, path), candidate)?;
    Some(Described {
        path: path.as_str().to_owned(),
        rule: rule.card.id.to_string(),
        span: locator.span(secret),
        features: score.features,
        sum: score.sum,
        confidence: score.confidence,
    })
}
