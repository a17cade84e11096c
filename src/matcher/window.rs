//! A pattern in a window around an anchor, and a second pattern some lines away. Knows no rule's meaning.

use super::GLANCE;
use crate::model::{Candidate, Half, ViewRange};
use crate::rules::{Memory, Near, Program, Search};

/// How far a second pattern is looked for to each side, in bytes, whatever the number of lines.
const NEAR_BYTES: usize = 8 * 1024;

/// How many second halves near one first are looked at.
const MOST_HALVES: usize = 8;

/// A text up to where a match may end, and a byte more, so that a boundary at its end is judged by what really follows.
fn up_to(text: &[u8], end: usize) -> &[u8] {
    &text[..text.len().min(end.saturating_add(1))]
}

/// Where to look next for a match that holds the anchor, when one was found that does not.
fn behind(found: ViewRange, anchor: ViewRange) -> usize {
    match found.end <= anchor.start {
        true => found.end.max(found.start + 1),
        false => found.start + 1,
    }
}

/// How much more it costs to look at all second halves than to see that there is none.
const HALVES: usize = 4;

/// Where a match may begin, at the earliest and at the latest, and where it may end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) end: usize,
}

/// The match of `program` in a window that holds the anchor. What is kept of the program is kept under `number`; how many bytes
/// were looked at is added to `walked`.
pub(super) fn at_anchor(
    (program, number): (&Program, usize),
    memory: &mut Memory,
    Window { first, last, end }: Window,
    text: &[u8],
    anchor: ViewRange,
    walked: &mut usize,
) -> Option<Candidate> {
    let window = up_to(text, end);
    let mut from = first;
    while from <= last {
        let before = *walked;
        let may_begin = program.may_begin_with(window[from]);
        let end = may_begin.then(|| program.end_of_match(number, memory, window, from, walked));
        let Some(end) = end.flatten() else {
            from += 1;
            continue;
        };
        let whole = ViewRange::new(from, end);
        if end >= anchor.end {
            // No byte is part of two matches of one rule: what matches, however much it is, takes no more time than there is
            // text, and is no attack.
            *walked = before + whole.len() / GLANCE;
            return Some(found(whole, program.secret(memory, window, whole)?));
        }
        from = behind(whole, anchor);
    }
    None
}

/// The same by a search of all that is around the anchor.
pub(super) fn around(
    (pattern, number): (&Search, usize),
    memory: &mut Memory,
    Window { first, last, end }: Window,
    text: &[u8],
    anchor: ViewRange,
) -> Option<Candidate> {
    let window = up_to(text, end);
    let mut from = first;
    loop {
        let whole = pattern.find(number, memory, window, from)?;
        if whole.start > last {
            return None;
        }
        if whole.end >= anchor.end {
            return Some(found(whole, pattern.secret(number, memory, window, whole)?));
        }
        from = behind(whole, anchor);
    }
}

const fn found(whole: ViewRange, secret: ViewRange) -> Candidate {
    Candidate {
        rule: 0,
        whole,
        secret,
        name: None,
        quoted: false,
        half: Half::Whole,
        word: None,
    }
}

/// Gives the first half with every second half near it to `each`, and then alone if the rule has a use for that. Which of them
/// is the pair is decided when it is known which second halves are any. Where none is, is kept in `barren`. Returns how many bytes
/// were searched.
pub(super) fn pairs(
    near: &Near,
    text: &[u8],
    first: Candidate,
    barren: &mut ViewRange,
    mut each: impl FnMut(Candidate),
) -> usize {
    let around = lines_around(text, first.whole, near.lines);
    let text = &text[..around.end];
    let pattern = near.pattern.get();
    // Many first halves in a row have nearly the same lines around them.
    let known = (barren.start <= around.start).then(|| pattern.last_start(barren.end));
    let begun = around.start.max(known.flatten().unwrap_or_default());
    let (mut from, mut is_barren) = (begun, true);
    let mut found = Vec::new();
    while let Some(match_) = pattern.captures(text, from) {
        is_barren = false;
        let whole = match_.whole;
        if !whole.overlaps(first.whole) {
            found.push(match match_.secret {
                Some(secret) => Candidate {
                    secret,
                    half: Half::With(first.secret),
                    ..first
                },
                None => Candidate {
                    half: Half::With(whole),
                    ..first
                },
            });
        }
        from = whole.end.max(whole.start + 1);
    }
    found.sort_by_key(Candidate::distance);
    found.truncate(MOST_HALVES);
    found.into_iter().for_each(&mut each);
    if near.alone.is_some() {
        each(Candidate {
            half: Half::Alone,
            ..first
        });
    }
    if is_barren {
        let start = if begun > around.start {
            barren.start
        } else {
            around.start
        };
        *barren = ViewRange::new(start, around.end);
    }
    (around.end - begun) * if is_barren { 1 } else { HALVES }
}

/// `range`, and so many lines before and after it.
fn lines_around(text: &[u8], range: ViewRange, lines: usize) -> ViewRange {
    let floor = range.start.saturating_sub(NEAR_BYTES);
    let ceiling = text.len().min(range.end.saturating_add(NEAR_BYTES));
    let start = memchr::memrchr_iter(b'\n', &text[floor..range.start])
        .nth(lines)
        .map_or(floor, |at| floor + at + 1);
    let end = memchr::memchr_iter(b'\n', &text[range.end..ceiling])
        .nth(lines)
        .map_or(ceiling, |at| range.end + at);
    ViewRange::new(start, end)
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;
    use std::collections::BTreeMap;
    use std::fs;

    use super::*;
    use crate::rules::{Lazy, Method, RuleSet, Tried};

    /// What both ways of trying a pattern find.
    fn found<'t>(
        pattern: &'static str,
        reach: usize,
        text: &'t str,
        anchor: &str,
    ) -> Option<&'t str> {
        let start = text.find(anchor).unwrap();
        let range = ViewRange::new(start, start + anchor.len());
        let window = Window {
            first: range.end.saturating_sub(reach),
            last: range.start,
            end: range.start + reach,
        };
        let tried = at_anchor(
            (Lazy::new(Cow::Borrowed(pattern)).get(), 0),
            &mut Memory::default(),
            window,
            text.as_bytes(),
            range,
            &mut 0,
        );
        let searched = Lazy::new(Cow::Borrowed(pattern));
        let searched = around(
            (searched.get(), 0),
            &mut Memory::default(),
            window,
            text.as_bytes(),
            range,
        );
        let place = |it: Candidate| (it.whole, it.secret);
        assert_eq!(tried.map(place), searched.map(place));
        tried.map(|candidate| &text[candidate.secret.start..candidate.secret.end])
    }

    #[test]
    fn a_pattern_finds_the_same_tried_and_searched_for() {
        let rules = RuleSet::new(&[], &BTreeMap::new()).unwrap();
        let mut text = Vec::new();
        for file in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/rules")).unwrap() {
            let path = file.unwrap().path();
            if path.is_file() {
                text.extend(fs::read(path).unwrap());
            }
        }
        text.retain(|&byte| byte != b'~');
        let mut hits = Vec::new();
        crate::matcher::find_anchors(&rules, &text, &mut hits);
        let (mut memory, mut other_memory) = (Memory::default(), Memory::default());
        let (mut patterns, mut number) = (BTreeMap::new(), 0);
        for hit in hits {
            let anchor = ViewRange::new(
                hit.start(),
                hit.start() + rules.anchors.length(hit.anchor()),
            );
            for user in rules.anchors.users(hit.anchor()) {
                let method = &rules.rules[user.rule()].method;
                let Method::Pattern {
                    pattern: Tried::Here(program),
                    reach,
                    lead,
                    ..
                } = method
                else {
                    continue;
                };
                let window = Window {
                    first: anchor.start.saturating_sub(*lead),
                    last: anchor.start,
                    end: text.len().min(anchor.start + reach),
                };
                let program = (program.get(), user.rule());
                let tried = at_anchor(program, &mut memory, window, &text, anchor, &mut 0);
                let search: &Lazy<Search> = patterns
                    .entry(user.rule())
                    .or_insert_with(|| Lazy::new(program_text(method)));
                let searched = around(
                    (search.get(), user.rule()),
                    &mut other_memory,
                    window,
                    &text,
                    anchor,
                );
                let place = |it: Candidate| (it.whole, it.secret);
                assert_eq!(
                    tried.map(place),
                    searched.map(place),
                    "{}",
                    rules.rules[user.rule()].card.id
                );
                number += usize::from(tried.is_some());
            }
        }
        assert!(number > 1000, "{number}");
    }

    fn program_text(method: &Method) -> Cow<'static, str> {
        match method {
            Method::Pattern {
                pattern: Tried::Here(program),
                ..
            } => program.text().clone(),
            _ => unreachable!("only such are asked for"),
        }
    }

    #[test]
    fn boundaries_see_what_lies_outside_of_the_window() {
        let pattern = r"\b(?<secret>ab_[0-9]{4})\b";
        assert_eq!(found(pattern, 7, "x ab_1234 y", "ab_"), Some("ab_1234"));
        assert_eq!(found(pattern, 7, "xab_1234", "ab_"), None);
        assert_eq!(found(pattern, 7, "ab_12345", "ab_"), None);
    }

    #[test]
    fn the_match_must_hold_the_anchor() {
        let pattern = "(?<secret>[0-9]{4}(?:END)?)";
        assert_eq!(found(pattern, 7, "1111 2222END", "END"), Some("2222END"));
        assert_eq!(found(pattern, 7, "1111 END 2222", "END"), None);
    }

    #[test]
    fn lines_are_counted_to_both_sides() {
        let text = b"0\n1\n2\n3\n4\n5\n";
        let range = lines_around(text, ViewRange::new(6, 7), 1);
        assert_eq!(range.of(text), b"2\n3\n4");
        assert_eq!(lines_around(text, ViewRange::new(6, 7), 9).of(text), text);
    }
}
