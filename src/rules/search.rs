//! A compiled pattern that is searched for in a text. Knows no rule.

use regex_automata::meta;
use regex_automata::util::captures::Captures;
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input, PatternID};

use super::compile::{SIZE_LIMIT, parse};
use super::program::Memory;
use crate::model::ViewRange;

/// A compiled pattern.
#[derive(Debug)]
pub(crate) struct Search {
    regex: meta::Regex,
    /// The number of the group `secret`.
    secret: Option<usize>,
    /// How long a match may be.
    longest: Option<usize>,
}

/// A match, and its group `secret`.
pub(crate) struct Found {
    pub(crate) whole: ViewRange,
    pub(crate) secret: Option<ViewRange>,
}

impl Search {
    /// Compiles a pattern that is known to compile.
    pub(super) fn new(pattern: &str) -> Search {
        // Where a pattern matches is found by other means: what would find its groups faster takes as much memory as all else.
        let settings = meta::Config::new()
            .onepass(false)
            .utf8_empty(false)
            .nfa_size_limit(Some(SIZE_LIMIT));
        let longest = parse(pattern)
            .ok()
            .and_then(|hir| hir.properties().maximum_len());
        let regex = meta::Regex::builder()
            .configure(settings)
            .syntax(syntax::Config::new().unicode(false).utf8(false))
            .build(pattern)
            .expect("patterns are compiled once when they are validated");
        let secret = regex.group_info().to_index(PatternID::ZERO, "secret");
        Search {
            regex,
            secret,
            longest,
        }
    }

    /// Where a match may begin at the earliest if none was found in the text up to `end`, the byte behind it included.
    pub(crate) fn last_start(&self, end: usize) -> Option<usize> {
        Some(end.saturating_sub(self.longest? + 1))
    }

    /// The first match that begins at `from` or later. What is kept of the automata is kept under `number`.
    pub(crate) fn find(
        &self,
        number: usize,
        memory: &mut Memory,
        text: &[u8],
        from: usize,
    ) -> Option<ViewRange> {
        let input = Input::new(text).range(from..);
        let found = memory.with_search(number, &self.regex, |cache| {
            self.regex.search_with(cache, &input)
        });
        Some(found?.range().into())
    }

    /// The group `secret` of a match.
    pub(crate) fn secret(
        &self,
        number: usize,
        memory: &mut Memory,
        text: &[u8],
        whole: ViewRange,
    ) -> Option<ViewRange> {
        let mut groups = self.regex.create_captures();
        let input = Input::new(text)
            .range(whole.start..whole.end)
            .anchored(Anchored::Yes);
        memory.with_search(number, &self.regex, |cache| {
            self.regex.search_captures_with(cache, &input, &mut groups);
        });
        self.found(&groups)?.secret
    }

    /// Gives every match to `each`, in order, until that has had enough.
    pub(crate) fn all(&self, text: &[u8], mut each: impl FnMut(Found) -> bool) {
        let mut found = self.regex.captures_iter(text);
        while let Some(found) = found.next().and_then(|groups| self.found(&groups))
            && each(found)
        {}
    }

    /// The first match that begins at `from` or later, with its group.
    pub(crate) fn captures(&self, text: &[u8], from: usize) -> Option<Found> {
        let mut groups = self.regex.create_captures();
        let input = Input::new(text).range(from..);
        self.regex.search_captures(&input, &mut groups);
        self.found(&groups)
    }

    fn found(&self, groups: &Captures) -> Option<Found> {
        let secret = self.secret.and_then(|group| groups.get_group(group));
        Some(Found {
            whole: groups.get_match()?.range().into(),
            secret: secret.map(|secret| secret.range().into()),
        })
    }
}
