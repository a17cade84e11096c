//! What looking at one item comes to. Looks at nothing itself.

use crate::model::{
    Added, Encoding, Judged, JudgedFinding, NotReported, Origin, Unscanned, Verdict, Why,
};

/// What looking at one item came to.
pub(super) struct Looked {
    pub(super) judged: Option<Judged>,
    pub(super) unscanned: Vec<Unscanned>,
    pub(super) not_reported: Vec<NotReported>,
    pub(super) bytes: u64,
    pub(super) below_threshold: u64,
}

/// What was found in one item so far.
pub(super) struct Found {
    /// The item, named as reports may name it.
    pub(super) origin: Origin,
    pub(super) findings: Vec<(JudgedFinding, bool)>,
    pub(super) below_threshold: u64,
    pub(super) why_not_all: Vec<Why>,
    pub(super) not_reported: Vec<NotReported>,
    /// The rules about lines that the item calls for; none while its name is looked at.
    pub(super) lines: Vec<usize>,
}

impl Found {
    pub(super) const fn new(origin: Origin) -> Found {
        Found {
            origin,
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
        let unscanned = self
            .why_not_all
            .into_iter()
            .map(|why| Unscanned {
                origin: self.origin.clone(),
                why,
            })
            .collect();
        Looked {
            judged: Some(Judged {
                origin: self.origin,
                verdict,
                findings,
            }),
            unscanned,
            not_reported: self.not_reported,
            bytes,
            below_threshold: self.below_threshold,
        }
    }
}

impl Looked {
    pub(super) fn unscanned(origin: Origin, why: Why) -> Looked {
        let unscanned = vec![Unscanned { origin, why }];
        Looked {
            judged: None,
            unscanned,
            not_reported: Vec::new(),
            bytes: 0,
            below_threshold: 0,
        }
    }
}
