//! Secrets in names: of files, in what links point to, and of people. A name is printed in every report, so what was found in it is masked
//! there for good.

use std::collections::HashMap;
use std::sync::Arc;

use super::seen::beats;
use super::{Engine, Found, guarded};
use crate::matcher;
use crate::model::{
    Candidate, Class, Commit, Encoding, Finding, Origin, Outcome, Span, View, fingerprint, masked,
};

impl Engine<'_> {
    /// Looks at an item's name and, if it is a link, at what it points to.
    pub(super) fn look_at_name<'o>(
        &self,
        origin: &'o Origin,
        link: Option<&str>,
        scratch: &mut matcher::Scratch,
    ) -> Found<'o> {
        let mut found = Found::new(origin);
        let in_name = self.in_text(&origin.shown, &origin.shown, scratch, &mut found);
        if !in_name.is_empty() {
            found.origin.to_mut().mask(
                in_name
                    .iter()
                    .map(|(finding, candidate)| (candidate.secret, &*finding.masked)),
            );
            self.add_all(
                in_name,
                Encoding::FileName,
                &origin.shown,
                &origin.shown,
                &mut found,
            );
        }
        if let Some(link) = link {
            let in_link = self.in_text(&origin.shown, link, scratch, &mut found);
            self.add_all(
                in_link,
                Encoding::LinkTarget,
                &origin.shown,
                link,
                &mut found,
            );
        }
        found
    }

    /// Looks at the names of what is not looked at itself: links, and what was left out or could not be read.
    pub(super) fn look_at_other_names(&self, links: &[(Origin, String)], outcome: &mut Outcome) {
        let mut scratch = matcher::Scratch::default();
        for (origin, target) in links {
            let found = guarded(|| self.look_at_name(origin, Some(target), &mut scratch));
            let looked = found.map(|found| found.into_looked(0));
            if let Some(looked) = looked.filter(|looked| !looked.is_clean()) {
                outcome.stats.items += 1;
                looked.tell(origin.clone(), outcome);
            }
        }
        let skipped = outcome
            .skipped
            .iter_mut()
            .map(|skipped| &mut skipped.origin);
        let unscanned = outcome
            .unscanned
            .iter_mut()
            .map(|unscanned| &mut unscanned.origin);
        for origin in skipped.chain(unscanned).filter(|origin| !origin.masked) {
            let found = guarded(|| self.look_at_name(origin, None, &mut scratch));
            if let Some(renamed) = found.and_then(|found| found.renamed().cloned()) {
                *origin = renamed;
            }
        }
    }

    /// Masks secrets in the names of commits' authors. What was found there is reported where the author is an item.
    pub(super) fn mask_authors(&self, outcome: &mut Outcome) {
        let mut scratch = matcher::Scratch::default();
        let mut shown: HashMap<String, String> = HashMap::new();
        let judged = outcome.judged.iter_mut().map(|judged| &mut judged.origin);
        let unscanned = outcome
            .unscanned
            .iter_mut()
            .map(|unscanned| &mut unscanned.origin);
        for origin in judged.chain(unscanned) {
            let Some(commit) = origin.commit.clone() else {
                continue;
            };
            if !shown.contains_key(&commit.author) {
                let mask = || self.masked_author(origin, &commit.author, &mut scratch);
                // What cannot be looked at is not shown.
                let author = guarded(mask).unwrap_or_else(|| "****".to_owned());
                shown.insert(commit.author.clone(), author);
            }
            if let Some(author) = shown.get(&commit.author).filter(|it| **it != commit.author) {
                origin.commit = Some(Arc::new(Commit {
                    author: author.clone(),
                    ..Commit::clone(&commit)
                }));
            }
        }
    }

    fn masked_author(
        &self,
        origin: &Origin,
        author: &str,
        scratch: &mut matcher::Scratch,
    ) -> String {
        let mut found = Found::new(origin);
        let found = self.in_text("commit author", author, scratch, &mut found);
        let parts = found
            .iter()
            .map(|(finding, candidate)| (candidate.secret, &*finding.masked));
        masked(author, parts)
    }

    /// What rules that know a secret by itself find in a short text.
    pub(super) fn in_text(
        &self,
        path: &str,
        text: &str,
        scratch: &mut matcher::Scratch,
        found: &mut Found,
    ) -> Vec<(Finding, Candidate)> {
        let view = View::whole(text.as_bytes());
        let seen = self.look_within(path, &view, false, scratch, found);
        if seen.is_empty() {
            return Vec::new();
        }
        let seen = seen.settled(|this, other| beats(this, other, |it| self.rank(it)));
        seen.into_findings(&view, |rule| &self.rules.rules[rule].card, |_, _| false)
            .filter(|(finding, candidate)| {
                finding.rule.class == Class::Secret
                    && !self.rules.rules[candidate.rule].fallback
                    && self.policy.is_reported(finding)
            })
            .collect()
    }

    /// Judges what was found in a name as being about the item as a whole.
    fn add_all(
        &self,
        all: Vec<(Finding, Candidate)>,
        place: Encoding,
        path: &str,
        text: &str,
        found: &mut Found,
    ) {
        for (mut finding, candidate) in all {
            finding.via.insert(0, place);
            finding.span = Span::WHOLE_ITEM;
            finding.excerpt = None;
            // The name itself must not be in it: what is hashed can be guessed.
            let shown = &found.origin.shown;
            finding.fingerprint =
                fingerprint(&finding.rule.id, shown, text.as_bytes(), candidate.secret);
            self.judge(
                path,
                finding,
                false,
                text.as_bytes(),
                candidate.secret,
                found,
            );
        }
    }
}
