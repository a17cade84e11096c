//! Why something was reported, or was not. Costs nothing unless it is asked for.

use super::seen::Seen;
use super::{Engine, Found};
use crate::check::{self, ItemPath};
use crate::matcher;
use crate::model::{
    Candidate, Confidence, Explanation, Locator, NotReported, Origin, Question, View, ViewRange,
};
use crate::rules::Method;

/// A candidate and what its checks said.
pub(super) struct Traced {
    /// With places in the text.
    rule: usize,
    secret: ViewRange,
    explanation: Explanation,
    /// How sure it is, or why it was rejected.
    came_to: Result<Confidence, &'static str>,
}

impl Engine<'_> {
    /// Runs the checks over a candidate, and keeps what they said if that is asked for.
    pub(super) fn checked(
        &self,
        (path, view): (&ItemPath<'_>, &View<'_>),
        candidate: &Candidate,
        seen: &mut Seen,
    ) -> Option<Confidence> {
        let rule = &self.rules.rules[candidate.rule];
        let in_text = view.in_text(candidate.secret);
        if self.question.is_none() || !in_text.0.reports(in_text.1.start) {
            return check::run(rule, (&view.bytes, path), candidate).ok();
        }
        let mut checks = Vec::new();
        let came_to = check::explain(rule, (&view.bytes, path), candidate, &mut checks);
        let anchors = matcher::anchors_in(self.rules, candidate.whole.of(&view.bytes));
        let anchor = anchors
            .into_iter()
            .find(|(user, _)| *user == candidate.rule)
            .map(|(_, literal)| literal);
        seen.trace.push(Traced {
            rule: candidate.rule,
            secret: view.in_text(candidate.secret).1,
            explanation: Explanation { anchor, checks },
            came_to: came_to.map_err(|reject| reject.why),
        });
        came_to.ok()
    }

    /// Notes for the line that was asked about what was not reported there, and why.
    pub(super) fn tell_what_is_missing(
        &self,
        question: &Question,
        text: &View<'_>,
        trace: Vec<Traced>,
        reported: &[Candidate],
        found: &mut Found,
    ) {
        let Some(line) = question.line else { return };
        let mut locator = Locator::new(text);
        let mut told: Vec<usize> = reported
            .iter()
            .filter(|candidate| locator.span(candidate.secret).start.line == line)
            .map(|candidate| candidate.rule)
            .collect();
        for traced in trace {
            let is_reported = reported.iter().any(|candidate| {
                candidate.rule == traced.rule && candidate.secret == traced.secret
            });
            if is_reported || locator.span(traced.secret).start.line != line {
                continue;
            }
            told.push(traced.rule);
            let because = self.because(&traced, reported);
            self.tell(
                question,
                traced.rule,
                traced.explanation,
                because,
                traced.came_to.ok(),
                found,
            );
        }
        let Some(line_text) = line_of(text, line) else {
            return;
        };
        let anchors = matcher::anchors_in(self.rules, line_text);
        for (rule, anchor) in &anchors {
            if !told.contains(rule) {
                told.push(*rule);
                let because = if self.rules.rules[*rule].looks_at(&found.origin.shown) {
                    "what it looks for does not stand around its anchor"
                } else {
                    "it does not look at files of this name"
                };
                let explanation = Explanation {
                    anchor: Some(anchor.clone()),
                    checks: Vec::new(),
                };
                self.tell(
                    question,
                    *rule,
                    explanation,
                    because.to_owned(),
                    None,
                    found,
                );
            }
        }
        // A rule that was named deserves an answer even if nothing spoke for it.
        let named = question.rule.as_ref().and_then(|id| {
            let mut rules = self.rules.rules.iter();
            rules.position(|rule| rule.card.id == *id)
        });
        if let Some(rule) = named.filter(|rule| !told.contains(rule)) {
            let because = match &self.rules.rules[rule].method {
                Method::File { line: None } => "it is about files as a whole",
                Method::File { line: Some(_) } if found.lines.contains(&rule) => {
                    "what it looks for in files of this name is not on the line"
                }
                Method::File { line: Some(_) } => "it does not look at files of this name",
                _ => "none of its anchors stands on the line",
            };
            let because = because.to_owned();
            self.tell(question, rule, Explanation::default(), because, None, found);
        }
    }

    /// Why a candidate is not among those reported.
    fn because(&self, traced: &Traced, reported: &[Candidate]) -> String {
        match traced.came_to {
            Err(why) => match traced.explanation.checks.last() {
                Some(step) => format!("{} rejected it: {why}", step.check),
                None => why.to_owned(),
            },
            Ok(confidence) if !self.policy.is_sure(confidence) => {
                format!("its confidence, {confidence}, is below the threshold")
            }
            Ok(_) => {
                let winner = reported
                    .iter()
                    .find(|candidate| candidate.secret.overlaps(traced.secret));
                winner.map_or_else(
                    || {
                        "it was seen better elsewhere, or its severity is below the threshold"
                            .to_owned()
                    },
                    |winner| {
                        let id = &self.rules.rules[winner.rule].card.id;
                        format!("`{id}` tells more of the same place")
                    },
                )
            }
        }
    }

    fn tell(
        &self,
        question: &Question,
        rule: usize,
        explanation: Explanation,
        because: String,
        confidence: Option<Confidence>,
        found: &mut Found,
    ) {
        let id = &self.rules.rules[rule].card.id;
        if question.rule.as_ref().is_none_or(|wanted| wanted == id) {
            found.not_reported.push(NotReported {
                origin: Origin::clone(&found.origin),
                line: question.line.unwrap_or_default(),
                rule: id.to_string(),
                explanation,
                because,
                confidence,
            });
        }
    }
}

/// How a finding came about.
pub(super) fn of(trace: &[Traced], candidate: &Candidate) -> Option<Explanation> {
    trace
        .iter()
        .find(|traced| traced.rule == candidate.rule && traced.secret == candidate.secret)
        .map(|traced| traced.explanation.clone())
}

/// The bytes of a line, counted from 1 in the source.
fn line_of<'t>(text: &'t View<'_>, line: u64) -> Option<&'t [u8]> {
    let skipped = line.checked_sub(text.origin.line)?;
    let mut lines = text.bytes.split(|&byte| byte == b'\n');
    lines.nth(usize::try_from(skipped).ok()?)
}
