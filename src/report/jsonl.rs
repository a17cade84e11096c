//! One finding a line as JSON, and nothing else. The keys are a contract: they are added to, never changed.

use std::io::{self, Write};

use serde::Serialize;

use super::Report;
use super::escape::HarmlessJson;
use crate::model::{
    Class, Confidence, Encoding, Explanation, Judged, JudgedFinding, Level, Origin, OriginKind,
    Outcome, Severity, Span, Verdict,
};

/// The format `jsonl`.
#[derive(Clone, Copy, Debug)]
pub struct Jsonl {
    /// Whether findings that somebody said may go are written, too.
    pub suppressed: bool,
}

impl Report for Jsonl {
    fn write(&self, outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
        for record in records(outcome, self.suppressed) {
            record.serialize(&mut serde_json::Serializer::with_formatter(
                &mut *out,
                HarmlessJson,
            ))?;
            out.write_all(b"\n")?;
        }
        Ok(())
    }
}

/// The findings of an outcome as records, in order.
pub(super) fn records(outcome: &Outcome, suppressed: bool) -> impl Iterator<Item = Record<'_>> {
    outcome.judged.iter().flat_map(move |judged| {
        judged
            .findings
            .iter()
            .filter(move |finding| finding.is_shown(suppressed))
            .map(move |finding| Record::new(judged, finding))
    })
}

/// A finding.
#[derive(Serialize)]
pub(super) struct Record<'o> {
    path: &'o str,
    line: u64,
    column: u64,
    end_line: u64,
    end_column: u64,
    byte_start: u64,
    byte_end: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    also: Option<Other>,
    rule: &'o str,
    title: &'o str,
    class: Class,
    level: Level,
    severity: Severity,
    confidence: Confidence,
    masked: &'o str,
    fingerprint: &'o str,
    via: &'o [Encoding],
    origin: Place<'o>,
    verdict: Verdict,
    reason: String,
    remedy: &'o str,
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<&'o Explanation>,
}

impl<'o> Record<'o> {
    fn new(judged: &'o Judged, found: &'o JudgedFinding) -> Record<'o> {
        let (finding, rule) = (&found.finding, &found.finding.rule);
        Record {
            path: &judged.origin.shown,
            line: finding.span.start.line,
            column: finding.span.start.column,
            end_line: finding.span.end.line,
            end_column: finding.span.end.column,
            byte_start: finding.span.byte_start,
            byte_end: finding.span.byte_end,
            also: finding.also.map(Other::new),
            rule: &rule.id,
            title: &rule.title,
            class: rule.class,
            level: rule.level,
            severity: rule.severity,
            confidence: finding.confidence,
            masked: &finding.masked,
            fingerprint: &finding.fingerprint,
            via: &finding.via,
            origin: Place::new(&judged.origin),
            verdict: found.verdict,
            reason: found.reason.to_string(),
            remedy: &rule.remedy,
            explanation: finding.explanation.as_ref(),
        }
    }
}

/// Where the other half of a credential is; counted as for the finding itself.
#[derive(Serialize)]
pub(super) struct Other {
    line: u64,
    column: u64,
    end_line: u64,
    end_column: u64,
    byte_start: u64,
    byte_end: u64,
}

impl Other {
    const fn new(span: Span) -> Other {
        Other {
            line: span.start.line,
            column: span.start.column,
            end_line: span.end.line,
            end_column: span.end.column,
            byte_start: span.byte_start,
            byte_end: span.byte_end,
        }
    }
}

/// Where an item came from.
#[derive(Serialize)]
pub(super) struct Place<'o> {
    kind: OriginKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    commit: Option<&'o str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<&'o str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<&'o str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    in_head: Option<bool>,
}

impl<'o> Place<'o> {
    pub(super) fn new(origin: &'o Origin) -> Place<'o> {
        let commit = origin.commit.as_deref();
        Place {
            kind: origin.kind,
            commit: commit.map(|commit| &*commit.id),
            author: commit.map(|commit| &*commit.author),
            date: commit.map(|commit| &*commit.date),
            in_head: origin.in_head,
        }
    }
}
