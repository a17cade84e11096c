//! From a view to candidates: one pass finds anchors, and only around an anchor is a rule's pattern tried. Judges nothing
//! that it finds, and knows nothing of where the view came from.

mod anchors;
mod assignment;
mod context;
mod lines;
mod literal;
mod neighbours;
mod prose;
mod window;

use self::window::Window;
use crate::model::{Candidate, ViewRange};
use crate::rules::{AnchorHit, AnchorUser, Memory, Method, RuleSet, Tried};

/// How many bytes may be searched around anchors per byte of view, by all rules together, before near-matches count as an attack.
/// No file of 4 GB of packages comes to that, of any language.
const WINDOW_BUDGET: usize = 6;

/// How many bytes may be searched in every view, however short it is.
const LEAST_BUDGET: usize = 1 << 22;

/// What it costs to search at all, in bytes.
const SEARCH: usize = 32;

/// What it costs to look for a name and what is given to it, in bytes.
const NAME: usize = 2 * SEARCH;

/// How many bytes are glanced at for what it costs to look at one.
const GLANCE: usize = 8;

/// How many candidates of a view are kept.
const MOST_CANDIDATES: usize = 1 << 16;

/// How many of the last candidates are looked through for one that is found again.
const RECENT: usize = 32;

/// State that is kept between views so that matching allocates nothing.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    /// Per rule: how far its matches reach, so that a second anchor within a match is not tried again.
    progress: Vec<Progress>,
    /// The rules whose progress is not blank.
    touched: Vec<usize>,
    /// How many bytes were searched in the last view, and how many may be.
    searched: usize,
    budget: usize,
    /// Where the last view's last value without quotes that was looked at is.
    bare: literal::Run,
    /// What is kept of the rules' patterns, by the rule.
    memory: Memory,
    /// What the anchors' pass writes down.
    lists: Box<anchors::Lists>,
    /// The anchors of the last view.
    hits: Vec<AnchorHit>,
    /// The last path, in lower case.
    folded: String,
    /// The rules that the last item called for.
    called: Vec<usize>,
    /// Room for those about lines that the next one calls for; whoever took it may give it back.
    pub(crate) lines: Vec<usize>,
    /// What was found in the last view.
    pub(crate) candidates: Vec<Candidate>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Progress {
    matched_to: usize,
    /// The bytes that a match may go on with, behind the last anchor.
    run: literal::Run,
    /// Where no second half of a match is.
    barren: ViewRange,
    looks_at_item: Option<bool>,
}

/// Why not every candidate of a view was looked for: its text is made to take time or room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Overload {
    /// There are more near-matches than there is time for; this rule, by its index in the set, met the last of them.
    NearMatches(usize),
    /// There are more candidates than can be kept.
    Candidates,
}

/// Finds every candidate in `text`, which is a view of the item at `path`; they are left in the scratch. `lines` are the rules
/// about lines that the item calls for, if the view is its text and no part of it.
///
/// # Errors
/// Some candidates were not looked for; the others are in the scratch all the same.
pub(crate) fn find(
    rules: &RuleSet,
    text: &[u8],
    path: &str,
    lines: &[usize],
    scratch: &mut Scratch,
) -> Result<(), Overload> {
    let mut hits = std::mem::take(&mut scratch.hits);
    anchors::find(&rules.anchors, text, &mut scratch.lists, &mut hits);
    let found = find_at(rules, text, path, lines, &hits, scratch);
    scratch.hits = hits;
    found
}

/// The first pass of [`find`]: every anchor, left in `hits`.
pub(crate) fn find_anchors(rules: &RuleSet, text: &[u8], hits: &mut Vec<AnchorHit>) {
    anchors::find(&rules.anchors, text, &mut anchors::Lists::default(), hits);
}

/// What follows on the first pass of [`find`].
///
/// # Errors
/// As there.
pub(crate) fn find_at(
    rules: &RuleSet,
    text: &[u8],
    path: &str,
    lines: &[usize],
    hits: &[AnchorHit],
    scratch: &mut Scratch,
) -> Result<(), Overload> {
    scratch.begin(rules.rules.len());
    scratch.budget = LEAST_BUDGET.max(text.len().saturating_mul(WINDOW_BUDGET));
    let mut overload = Ok(());
    'hits: for hit in hits {
        let anchor = ViewRange::new(
            hit.start(),
            hit.start() + rules.anchors.length(hit.anchor()),
        );
        for &user in rules.anchors.users(hit.anchor()) {
            scratch.try_rule(rules, user, text, path, anchor);
            if scratch.searched > scratch.budget {
                overload = Err(Overload::NearMatches(user.rule()));
                break 'hits;
            }
        }
        if scratch.candidates.len() > MOST_CANDIDATES {
            overload = Err(Overload::Candidates);
            break;
        }
    }
    overload.and(scratch.find_lines(rules, text, lines))
}

/// The rules that have an anchor in `text`, each with the anchor, in the order in which they stand there.
pub(crate) fn anchors_in(rules: &RuleSet, text: &[u8]) -> Vec<(usize, String)> {
    let mut hits = Vec::new();
    find_anchors(rules, text, &mut hits);
    let users = hits.iter().flat_map(|hit| {
        let end = hit.start() + rules.anchors.length(hit.anchor());
        let anchor = String::from_utf8_lossy(&text[hit.start()..end]).into_owned();
        let found = &text[hit.start()..end];
        let users = rules.anchors.users(hit.anchor()).iter();
        let users = users.filter(move |user| rules.anchors.suits(**user, found));
        users.map(move |user| (user.rule(), anchor.clone()))
    });
    users.collect()
}

/// The rules that an item's name or first bytes call for, by their index in the set.
#[derive(Debug, Default)]
pub(crate) struct OfFile {
    /// Those that are about the file as a whole.
    pub(crate) whole: Vec<usize>,
    /// Those that are about lines of its text.
    pub(crate) lines: Vec<usize>,
}

/// Finds every rule that an item calls for by its path or its first bytes.
pub(crate) fn find_file(
    rules: &RuleSet,
    beginning: &[u8],
    path: &str,
    scratch: &mut Scratch,
) -> OfFile {
    let mut found = OfFile {
        lines: std::mem::take(&mut scratch.lines),
        ..OfFile::default()
    };
    found.lines.clear();
    if beginning.is_empty() {
        return found;
    }
    let Scratch { folded, called, .. } = scratch;
    called.clear();
    rules.file_names.of_path(path, folded, called);
    rules.file_names.of_beginning(beginning, called);
    for &index in called.iter() {
        let rule = &rules.rules[index];
        match &rule.method {
            _ if !rule.looks_at(path) => {}
            Method::File { line: None } => found.whole.push(index),
            Method::File { line: Some(_) } => found.lines.push(index),
            _ => {}
        }
    }
    found
}

/// Whether a candidate's word is closer to the value than that of another, or says more at the same place.
fn tells_more(candidate: &Candidate, other: &Candidate) -> bool {
    let rank = |candidate: &Candidate| {
        let word = candidate.word.map_or(0, ViewRange::len);
        (candidate.whole.len(), std::cmp::Reverse(word))
    };
    rank(candidate) < rank(other)
}

impl Scratch {
    fn begin(&mut self, rules: usize) {
        self.progress.resize(rules, Progress::default());
        for rule in self.touched.drain(..) {
            self.progress[rule] = Progress::default();
        }
        self.candidates.clear();
        self.searched = 0;
        self.bare = literal::Run::default();
    }

    fn find_lines(
        &mut self,
        rules: &RuleSet,
        text: &[u8],
        wanted: &[usize],
    ) -> Result<(), Overload> {
        for &rule in wanted {
            let Method::File { line: Some(line) } = &rules.rules[rule].method else {
                continue;
            };
            let candidates = &mut self.candidates;
            lines::find(line, text, |found| {
                candidates.push(Candidate { rule, ..found });
                candidates.len() <= MOST_CANDIDATES
            });
            if candidates.len() > MOST_CANDIDATES {
                return Err(Overload::Candidates);
            }
        }
        Ok(())
    }

    fn try_rule(
        &mut self,
        rules: &RuleSet,
        user: AnchorUser,
        text: &[u8],
        path: &str,
        anchor: ViewRange,
    ) {
        let rule_index = user.rule();
        let progress = &mut self.progress[rule_index];
        if progress.matched_to >= anchor.end || !rules.anchors.suits(user, anchor.of(text)) {
            return;
        }
        let rule = &rules.rules[rule_index];
        let looks_at_item = *progress.looks_at_item.get_or_insert_with(|| {
            self.touched.push(rule_index);
            rule.looks_at(path)
        });
        if !looks_at_item {
            return;
        }
        let candidates = &mut self.candidates;
        let (searched, memory) = (&mut self.searched, &mut self.memory);
        let Progress {
            matched_to,
            run,
            barren,
            ..
        } = progress;
        let mut add = |candidate: Candidate| {
            *matched_to = candidate.whole.end.max(*matched_to);
            candidates.push(Candidate {
                rule: rule_index,
                ..candidate
            });
        };
        match &rule.method {
            Method::Pattern {
                pattern,
                reach,
                lead,
                then,
                shape,
                near,
            } => {
                let mut window = Window {
                    first: anchor.start.saturating_sub(*lead),
                    last: anchor.start,
                    end: text.len().min(anchor.start.saturating_add(*reach)),
                };
                *searched += SEARCH;
                if let Some(shape) = shape.get() {
                    let Some(last) = anchor.start.checked_sub(shape.least_lead) else {
                        return;
                    };
                    window.last = last;
                    let limit = window.end.max(anchor.end);
                    let run_end = run.end(text, anchor.end..limit, |byte| {
                        shape.follow[usize::from(byte)]
                    });
                    if run_end - anchor.end < shape.least {
                        return;
                    }
                    // With the byte that bounds it.
                    window.end = window.end.min(run_end + 1);
                }
                let rest = text.get(anchor.end..window.end).unwrap_or_default();
                if let Some(then) = then {
                    *searched += rest.len() / GLANCE;
                    if memchr::memchr(*then, rest).is_none() {
                        return;
                    }
                }
                let found = match pattern {
                    Tried::Here(program) => {
                        let program = (program.get(), rule_index);
                        window::at_anchor(program, memory, window, text, anchor, searched)
                    }
                    Tried::Around(pattern) => {
                        *searched += lead + rest.len();
                        let pattern = (pattern.get(), rule_index);
                        window::around(pattern, memory, window, text, anchor)
                    }
                };
                match (found, near) {
                    (Some(found), Some(near)) => {
                        *searched += window::pairs(near, text, found, barren, add);
                    }
                    (Some(found), None) => add(found),
                    (None, _) => {}
                }
            }
            Method::Value { value } => {
                *searched += NAME;
                let Some(found) = assignment::around(text, anchor, &mut self.bare) else {
                    return;
                };
                let secret = found.secret.of(text);
                let value = value.get();
                if value
                    .end_of_match(rule_index, memory, secret, 0, searched)
                    .is_some()
                {
                    add(found);
                }
            }
            Method::Context {
                ordinary,
                body,
                bytes,
                lengths,
                ..
            } => {
                *searched += SEARCH;
                let program = context::Shape {
                    body,
                    bytes,
                    number: rule_index,
                    lengths: *lengths,
                };
                *searched +=
                    context::near_word(text, anchor, *ordinary, &program, memory, |found| {
                        // Of several words near one value the closest tells most.
                        let found = Candidate {
                            rule: rule_index,
                            ..found
                        };
                        let is_same = |known: &&mut Candidate| {
                            known.rule == rule_index && known.secret == found.secret
                        };
                        match candidates.iter_mut().rev().take(RECENT).find(is_same) {
                            Some(known) if tells_more(&found, known) => *known = found,
                            Some(_) => {}
                            None => candidates.push(found),
                        }
                    });
            }
            Method::File { .. } => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn no_pattern_is_compiled_that_no_anchor_calls_for() {
        let rules = RuleSet::new(&[], &BTreeMap::new()).unwrap();
        let mut scratch = Scratch::default();
        let mut made = |text: &[u8]| {
            find_file(&rules, text, "src/lib.rs", &mut scratch);
            find(&rules, text, "src/lib.rs", &[], &mut scratch).unwrap();
            rules.rules.made()
        };
        assert_eq!(made(b""), 0);
        assert_eq!(
            made(b"fn add(left: u8, right: u8) -> u8 {\n    left + right\n}\n"),
            0
        );
        assert_eq!(made(b"x = 'ghp_'"), 0);
        assert_eq!(made(b"x = 'ghp_0a1b2c3d4e'"), 1);
    }

    /// What is found in a text, however much, and whether that is all.
    fn found(text: &str) -> (usize, Result<(), Overload>) {
        let rules = RuleSet::new(&[], &BTreeMap::new()).unwrap();
        let mut scratch = Scratch::default();
        let all = find(&rules, text.as_bytes(), "a.py", &[], &mut scratch);
        (scratch.candidates.len(), all)
    }

    #[test]
    fn a_text_full_of_what_is_looked_for_is_looked_at_whole() {
        // Of keys one after the other every byte is part of a match.
        let begin = "-----BEGIN RSA PRIV~ATE KEY-----\n".replace('~', "");
        let line = "0Z3VS5JJcds3xfn/ygWyF8PbnGy0AHB7MhgHcTz6sE2I2yPB";
        let body = format!(
            "MIIEpAIBAAKCAQEA{line}\n{}",
            format!("wl7DqQ8oXh2uKd1e{line}\n").repeat(24)
        );
        let end = begin.replace("BEGIN", "END");
        let given = format!("{begin}{body}{end}").repeat(1000);
        let (number, all) = found(&given);
        assert_eq!(all, Ok(()));
        assert!(number >= 1000, "{number}");
        // Beside each name a second half is looked for in the lines around.
        let line = "    :returns: the Twil~io resource\n    :rtype: twil~io.rest\n";
        let line = line.replace('~', "") + &"        whatever the page says of it\n".repeat(3);
        assert_eq!(found(&line.repeat(7000)).1, Ok(()));
    }
}
