//! What the learned score knows of every candidate, for training it. Finds candidates as a scan does, and judges none.

use super::{Scratch, seen};
use crate::check;
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

/// Describes every candidate of the rules that are scored, in everything that was gathered; gives what could not be looked at.
pub fn describe(
    gathered: Gathered,
    rules: &RuleSet,
    mut each: impl FnMut(Described),
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
                    for candidate in &matcher.candidates {
                        let secret = view.in_text(candidate.secret).1;
                        let ours = seen::is_new(view, candidate)
                            && view.owns(candidate.secret.start)
                            && text.reports(secret.start);
                        if ours {
                            let at = (&path[..], secret);
                            described(rules, view, candidate, at, &mut locator).map(&mut each);
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
    (path, secret): (&str, ViewRange),
    locator: &mut Locator<'_>,
) -> Option<Described> {
    let rule = &rules.rules[candidate.rule];
    let score = check::described(rule, (&view.bytes, path), candidate)?;
    Some(Described {
        path: path.to_owned(),
        rule: rule.card.id.to_string(),
        span: locator.span(secret),
        features: score.features,
        sum: score.sum,
        confidence: score.confidence,
    })
}
