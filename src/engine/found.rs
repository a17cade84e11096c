//! What looking at one item comes to. Looks at nothing itself.

use std::borrow::Cow;

use crate::model::{
    Added, Encoding, Judged, JudgedFinding, NotReported, Origin, Outcome, Unscanned, Verdict, Why,
};

/// What looking at one item came to. Where there is nothing to tell, it holds no memory of its own.
pub(super) struct Looked {
    /// The item as reports may name it, where that is not its own name.
    pub(super) renamed: Option<Origin>,
    /// The verdict, if it was looked at.
    pub(super) verdict: Option<Verdict>,
    pub(super) findings: Vec<JudgedFinding>,
    /// Why it was not looked at, or not all of it.
    pub(super) unscanned: Vec<Why>,
    pub(super) not_reported: Vec<NotReported>,
    pub(super) bytes: u64,
    pub(super) below_threshold: u64,
}

/// What was found in one item so far.
pub(super) struct Found<'o> {
    /// The item, named as reports may name it.
    pub(super) origin: Cow<'o, Origin>,
    pub(super) findings: Vec<(JudgedFinding, bool)>,
    pub(super) below_threshold: u64,
    pub(super) why_not_all: Vec<Why>,
    pub(super) not_reported: Vec<NotReported>,
    /// The rules about lines that the item calls for; none while its name is looked at.
    pub(super) lines: Vec<usize>,
}

impl<'o> Found<'o> {
    pub(super) const fn new(origin: &'o Origin) -> Found<'o> {
        Found {
            origin: Cow::Borrowed(origin),
            findings: Vec::new(),
            below_threshold: 0,
            why_not_all: Vec::new(),
            not_reported: Vec::new(),
            lines: Vec::new(),
        }
    }

    pub(super) fn forget_findings(&mut self) {
        self.findings.clear();
        self.below_threshold = 0;
    }

    /// Keeps the findings that have a part in what was added, and those in a name that is `named`. Any other about the item
    /// as a whole says nothing new about an item that was there before.
    pub(super) fn keep_only(&mut self, added: &Added, named: bool) {
        let is_everything = *added == Added::everything();
        self.findings.retain(|(judged, _)| {
            let finding = &judged.finding;
            let also = finding.also.as_ref();
            if finding.excerpt.is_none() {
                return named && (is_everything || finding.via.contains(&Encoding::FileName));
            }
            added.has_part_of(&finding.span) || also.is_some_and(|also| added.has_part_of(also))
        });
    }

    /// Notes why not all of the item was looked at, once.
    pub(super) fn overloaded(&mut self, why: Why) {
        if !self.why_not_all.contains(&why) {
            self.why_not_all.push(why);
        }
    }

    /// The item as reports may name it, where that is not its own name.
    pub(super) fn renamed(&self) -> Option<&Origin> {
        match &self.origin {
            Cow::Borrowed(_) => None,
            Cow::Owned(origin) => Some(origin),
        }
    }

    pub(super) fn into_looked(self, bytes: u64) -> Looked {
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
        Looked {
            renamed: match self.origin {
                Cow::Borrowed(_) => None,
                Cow::Owned(origin) => Some(origin),
            },
            verdict: Some(verdict),
            findings,
            unscanned: self.why_not_all,
            not_reported: self.not_reported,
            bytes,
            below_threshold: self.below_threshold,
        }
    }
}

impl Looked {
    /// An item that was not looked at.
    pub(super) fn unscanned(renamed: Option<Origin>, why: Why) -> Looked {
        Looked {
            renamed,
            verdict: None,
            findings: Vec::new(),
            unscanned: vec![why],
            not_reported: Vec::new(),
            bytes: 0,
            below_threshold: 0,
        }
    }

    /// Whether it was looked at whole, and there is nothing to tell of it.
    pub(super) fn is_clean(&self) -> bool {
        self.verdict == Some(Verdict::Cleared)
            && self.renamed.is_none()
            && self.findings.is_empty()
            && self.unscanned.is_empty()
            && self.not_reported.is_empty()
    }

    /// Adds what there is to tell of the item that came from `origin`.
    pub(super) fn tell(self, origin: Origin, outcome: &mut Outcome) {
        let origin = self.renamed.unwrap_or(origin);
        let unscanned = self.unscanned.into_iter();
        outcome.unscanned.extend(unscanned.map(|why| Unscanned {
            origin: origin.clone(),
            why,
        }));
        outcome.not_reported.extend(self.not_reported);
        outcome.stats.bytes += self.bytes;
        outcome.stats.below_threshold += self.below_threshold;
        outcome.judged.extend(self.verdict.map(|verdict| Judged {
            origin,
            verdict,
            findings: self.findings,
        }));
    }
}
