//! The whole outcome as one JSON object. The keys are a contract: they are added to, never changed, unless `schema` rises.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::Report;
use super::escape::HarmlessJson;
use super::jsonl::{Place, Record, records};
use crate::model::{Confidence, Explanation, NotReported, Outcome, Verdict};

/// The format `json`.
#[derive(Clone, Copy, Debug)]
pub struct Json {
    /// Whether findings that somebody said may go are written, too.
    pub suppressed: bool,
    /// Whether each thing that was left out is listed.
    pub skipped: bool,
}

impl Report for Json {
    fn write(&self, outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
        let document = Document::new(outcome, self);
        document.serialize(&mut serde_json::Serializer::with_formatter(
            &mut *out,
            HarmlessJson,
        ))?;
        out.write_all(b"\n")
    }
}

#[derive(Serialize)]
struct Document<'o> {
    schema: u32,
    tool: Tool,
    summary: Summary<'o>,
    files: Vec<File<'o>>,
    findings: Vec<Record<'o>>,
    unscanned: Vec<Unlooked<'o>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    skipped: Option<Vec<LeftOut<'o>>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    not_reported: Vec<Silent<'o>>,
}

#[derive(Serialize)]
struct Silent<'o> {
    path: &'o str,
    line: u64,
    rule: &'o str,
    because: &'o str,
    #[serde(skip_serializing_if = "Option::is_none")]
    confidence: Option<Confidence>,
    explanation: &'o Explanation,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
    rules: usize,
}

#[derive(Serialize)]
struct Summary<'o> {
    destination: &'o str,
    verdict: &'static str,
    files: u64,
    bytes: u64,
    withheld: usize,
    warned: usize,
    cleared: u64,
    unscanned: usize,
    findings: usize,
    suppressed: usize,
    below_threshold: u64,
    skipped: BTreeMap<&'static str, usize>,
    milliseconds: u64,
}

#[derive(Serialize)]
struct File<'o> {
    path: &'o str,
    verdict: Verdict,
    findings: usize,
}

#[derive(Serialize)]
struct Unlooked<'o> {
    path: &'o str,
    /// Where in git it is, if it is in a commit.
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<Place<'o>>,
    code: &'static str,
    reason: String,
}

#[derive(Serialize)]
struct LeftOut<'o> {
    path: &'o str,
    reason: &'static str,
}

impl<'o> Document<'o> {
    fn new(outcome: &'o Outcome, format: &Json) -> Document<'o> {
        let findings: Vec<Record<'o>> = records(outcome, format.suppressed).collect();
        let mut skipped = BTreeMap::new();
        for entry in &outcome.skipped {
            *skipped.entry(entry.reason.code()).or_default() += 1;
        }
        Document {
            schema: 1,
            tool: Tool {
                name: env!("CARGO_PKG_NAME"),
                version: env!("CARGO_PKG_VERSION"),
                rules: outcome.stats.rules,
            },
            summary: Summary {
                destination: &outcome.destination,
                verdict: match outcome.verdict() {
                    Verdict::Withheld => "withheld",
                    _ if !outcome.unscanned.is_empty() => "unsure",
                    verdict => verdict.as_str(),
                },
                files: outcome.stats.items,
                bytes: outcome.stats.bytes,
                withheld: outcome.count(Verdict::Withheld),
                warned: outcome.count(Verdict::Warned),
                cleared: cleared(outcome),
                unscanned: outcome.unscanned.len(),
                findings: outcome
                    .judged
                    .iter()
                    .map(|judged| judged.findings.len())
                    .sum::<usize>()
                    - outcome.suppressed(),
                suppressed: outcome.suppressed(),
                below_threshold: outcome.stats.below_threshold,
                skipped,
                milliseconds: outcome.stats.milliseconds,
            },
            files: outcome.judged.iter().map(File::new).collect(),
            findings,
            unscanned: outcome.unscanned.iter().map(Unlooked::new).collect(),
            skipped: format
                .skipped
                .then(|| outcome.skipped.iter().map(LeftOut::new).collect()),
            not_reported: outcome.not_reported.iter().map(Silent::new).collect(),
        }
    }
}

impl<'o> File<'o> {
    fn new(judged: &'o crate::model::Judged) -> File<'o> {
        let findings = judged
            .findings
            .iter()
            .filter(|finding| !finding.is_suppressed())
            .count();
        File {
            path: &judged.origin.shown,
            verdict: judged.verdict,
            findings,
        }
    }
}

impl<'o> Unlooked<'o> {
    fn new(unscanned: &'o crate::model::Unscanned) -> Unlooked<'o> {
        Unlooked {
            path: &unscanned.origin.shown,
            origin: unscanned
                .origin
                .commit
                .as_ref()
                .map(|_| Place::new(&unscanned.origin)),
            code: unscanned.why.code(),
            reason: unscanned.why.to_string(),
        }
    }
}

impl<'o> Silent<'o> {
    fn new(answer: &'o NotReported) -> Silent<'o> {
        Silent {
            path: &answer.origin.shown,
            line: answer.line,
            rule: &answer.rule,
            because: &answer.because,
            confidence: answer.confidence,
            explanation: &answer.explanation,
        }
    }
}

impl<'o> LeftOut<'o> {
    fn new(skipped: &'o crate::model::Skipped) -> LeftOut<'o> {
        LeftOut {
            path: &skipped.origin.shown,
            reason: skipped.reason.code(),
        }
    }
}

/// Of a whole history, items without findings are counted, not listed.
fn cleared(outcome: &Outcome) -> u64 {
    let others = outcome.count(Verdict::Withheld) + outcome.count(Verdict::Warned);
    outcome.stats.items.saturating_sub(others as u64)
}
