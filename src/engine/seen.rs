//! What was seen in one text and in all that is encoded within it, before it is judged. The same secret may be seen more than
//! once; all places are brought to the text itself, where one of them is chosen.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::explain::Traced;
use crate::decode::via;
use crate::model::{
    Candidate, Confidence, Encoding, Finding, Half, Hidden, Locator, RuleCard, Span, View,
    ViewRange, excerpt,
};

/// How many sightings of a text are kept; the text itself has fewer.
const MOST_SIGHTINGS: usize = 1 << 17;

/// How many halves before a place may overlap it.
const CLOSE_HALVES: usize = 8;

/// What was seen so far.
#[derive(Default)]
pub(super) struct Seen {
    /// Where something must not be shown.
    pub(super) hidden: Vec<ViewRange>,
    sightings: Vec<Sighting>,
    /// What checks said, if that was asked for.
    pub(super) trace: Vec<Traced>,
}

/// A candidate that passed its checks.
pub(super) struct Sighting {
    /// With places in the text.
    candidate: Candidate,
    confidence: Confidence,
    masked: String,
    fingerprint: String,
    via: Vec<Encoding>,
    /// Whether it was seen in the text itself.
    plain: bool,
}

/// Whether a view shows anything in a candidate, or right beside it, that the view above does not show.
pub(super) fn is_new(view: &View<'_>, candidate: &Candidate) -> bool {
    view.parent.is_none() || view.is_decoded(beside(view, candidate.whole))
}

/// A range with one byte more to each side: what a token touches may keep it from being seen.
fn beside(view: &View<'_>, range: ViewRange) -> ViewRange {
    ViewRange::new(
        range.start.saturating_sub(1),
        view.bytes.len().min(range.end + 1),
    )
}

impl Seen {
    pub(super) fn add(
        &mut self,
        view: &View<'_>,
        candidate: Candidate,
        confidence: Confidence,
        masked: String,
        fingerprint: String,
    ) {
        let in_text = |range| view.in_text(range).1;
        let half = match candidate.half {
            Half::With(other) => Half::With(in_text(other)),
            Half::Whole | Half::Alone => candidate.half,
        };
        let plain = view.parent.is_none();
        let via = match via(view, candidate.secret) {
            // Only what stands around the secret is encoded.
            none if none.is_empty() && !plain => via(view, beside(view, candidate.whole)),
            via => via,
        };
        self.sightings.push(Sighting {
            candidate: Candidate {
                whole: in_text(candidate.whole),
                secret: in_text(candidate.secret),
                name: candidate.name.map(in_text),
                half,
                ..candidate
            },
            confidence,
            masked,
            fingerprint,
            via,
            plain,
        });
    }

    /// Of sightings of one secret, the one that beats the others.
    pub(super) fn settled(mut self, beats: impl Fn(&Sighting, &Sighting) -> bool) -> Seen {
        self.hidden.sort_unstable();
        // In one view that is settled already.
        if self.sightings.iter().any(|sighting| !sighting.plain) {
            self.sightings.sort_by_key(|sighting| {
                (
                    sighting.candidate.secret.start,
                    sighting.candidate.rule,
                    !sighting.plain,
                )
            });
            self.sightings = rivals_settled(self.sightings, |it| it.candidate.secret, beats);
        }
        self
    }

    /// Whether no more can be kept.
    pub(super) fn is_full(&self) -> bool {
        self.sightings.len() >= MOST_SIGHTINGS
    }

    /// Without what is the other half of a pair: the two are one finding. A pair that is not sure enough to be reported, or
    /// less sure than the half by itself, hides nothing.
    pub(super) fn paired(mut self, is_sure: impl Fn(Confidence) -> bool) -> Seen {
        let halves = self.sightings.iter().filter_map(|sighting| {
            let Half::With(other) = sighting.candidate.half else {
                return None;
            };
            // What only must stand near is no half, and may hold another secret.
            let whole = sighting.candidate.whole;
            let is_half = whole.start <= other.start && other.end <= whole.end;
            (is_half && is_sure(sighting.confidence)).then_some((other, sighting.confidence))
        });
        // By where they begin; none is long, and few overlap.
        let mut halves: Vec<(ViewRange, Confidence)> = halves.collect();
        halves.sort_unstable();
        if !halves.is_empty() {
            self.sightings.retain(|sighting| {
                let secret = sighting.candidate.secret;
                let before = halves.partition_point(|(half, _)| half.start < secret.end);
                let close = halves[..before].iter().rev().take(CLOSE_HALVES);
                !close.into_iter().any(|(half, confidence)| {
                    half.overlaps(secret) && *confidence >= sighting.confidence
                })
            });
        }
        self
    }

    /// Without what another stretch of the text reports.
    pub(super) fn reported_by(mut self, text: &View<'_>) -> Seen {
        let is_ours = |sighting: &Sighting| text.reports(sighting.candidate.secret.start);
        self.sightings.retain(is_ours);
        self
    }

    pub(super) fn is_empty(&self) -> bool {
        self.sightings.is_empty()
    }

    /// The findings in `text`, in order, each with its candidate, and with its line if somebody `wants` to show it.
    pub(super) fn into_findings<'t>(
        self,
        text: &'t View<'t>,
        card: impl Fn(usize) -> &'t Arc<RuleCard>,
        wants: impl Fn(&RuleCard, Confidence) -> bool,
    ) -> impl Iterator<Item = (Finding, Candidate)> {
        let hidden = Hidden::new(self.hidden);
        let mut locator = Locator::new(text);
        let others = other_halves(&self.sightings, text);
        self.sightings.into_iter().map(move |sighting| {
            let candidate = sighting.candidate;
            let secret = candidate.secret;
            let finding = Finding {
                rule: Arc::clone(card(candidate.rule)),
                span: locator.span(secret),
                also: match candidate.half {
                    Half::With(other) => others.get(&other).copied(),
                    Half::Whole | Half::Alone => None,
                },
                confidence: sighting.confidence,
                fingerprint: sighting.fingerprint,
                via: sighting.via,
                excerpt: wants(card(candidate.rule), sighting.confidence)
                    .then(|| excerpt(&text.bytes, secret, &sighting.masked, &hidden)),
                masked: sighting.masked,
                explanation: None,
            };
            (finding, candidate)
        })
    }
}

/// Whether one sighting tells more of a secret than another: of one rule, that in the text itself.
pub(super) fn beats<R: Ord>(
    this: &Sighting,
    other: &Sighting,
    rank: impl Fn((Candidate, Confidence)) -> R,
) -> bool {
    let rank = |it: &Sighting| rank((it.candidate, it.confidence));
    if this.candidate.rule == other.candidate.rule && this.plain != other.plain {
        return this.plain;
    }
    rank(this) > rank(other)
}

/// Of those that overlap, the ones that beat all others, in order. They are sorted by where they start.
pub(super) fn rivals_settled<T>(
    all: Vec<T>,
    place: impl Fn(&T) -> ViewRange,
    beats: impl Fn(&T, &T) -> bool,
) -> Vec<T> {
    let mut kept: Vec<T> = Vec::with_capacity(all.len());
    // Only what was kept since the last gap between places can overlap with the next one.
    let (mut since, mut reached) = (0, 0);
    for next in all {
        if place(&next).start >= reached {
            since = kept.len();
        }
        reached = reached.max(place(&next).end);
        let rivals = |other: &T| place(other).overlaps(place(&next));
        let mut cluster = kept[since..].iter().filter(|other| rivals(other));
        if cluster.all(|other| beats(&next, other)) {
            let cluster = kept.split_off(since);
            kept.extend(cluster.into_iter().filter(|other| !rivals(other)));
            kept.push(next);
        }
    }
    kept.sort_by_key(|it| place(it).start);
    kept
}

/// Where the other halves are, looked up in the order in which they stand.
fn other_halves(sightings: &[Sighting], text: &View<'_>) -> BTreeMap<ViewRange, Span> {
    let other = |sighting: &Sighting| match sighting.candidate.half {
        Half::With(other) => Some(other),
        Half::Whole | Half::Alone => None,
    };
    let others: BTreeSet<ViewRange> = sightings.iter().filter_map(other).collect();
    let mut locator = Locator::new(text);
    others
        .into_iter()
        .map(|range| (range, locator.span(range)))
        .collect()
}
