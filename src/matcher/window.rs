//! A pattern in a window around an anchor, and a second pattern some lines away. Knows no rule's meaning.

use regex::bytes::Regex;

use crate::model::{Candidate, Half, ViewRange};
use crate::rules::Near;

/// How far a second pattern is looked for to each side, in bytes, whatever the number of lines.
const NEAR_BYTES: usize = 8 * 1024;

/// How many second halves near one first are looked at.
const MOST_HALVES: usize = 8;

/// The match of `pattern` that holds the anchor, begins at `first` or later, and ends at `end` or before.
pub(super) fn search(
    pattern: &Regex,
    first: usize,
    end: usize,
    text: &[u8],
    anchor: ViewRange,
) -> Option<Candidate> {
    // One byte more than a match can have, so that a boundary at its end is judged by what really follows.
    let window = &text[..text.len().min(end.saturating_add(1))];
    let mut from = first;
    let whole = loop {
        let found = pattern.find_at(window, from)?;
        if found.start() > anchor.start {
            return None;
        }
        if found.end() >= anchor.end {
            break found;
        }
        from = if found.end() <= anchor.start {
            found.end().max(found.start() + 1)
        } else {
            found.start() + 1
        };
    };
    let captures = pattern.captures_at(window, whole.start())?;
    let secret = captures.name("secret")?;
    Some(Candidate {
        rule: 0,
        whole: whole.range().into(),
        secret: secret.range().into(),
        name: None,
        quoted: false,
        half: Half::Whole,
        word: None,
    })
}

/// Gives the first half with every second half near it to `each`, and then alone if the rule has a use for that. Which of them
/// is the pair is decided when it is known which second halves are any. Returns how many bytes were searched.
pub(super) fn pairs(
    near: &Near,
    text: &[u8],
    first: Candidate,
    mut each: impl FnMut(Candidate),
) -> usize {
    let around = lines_around(text, first.whole, near.lines);
    let text = &text[..around.end];
    let mut from = around.start;
    let mut found = Vec::new();
    while let Some(captures) = near.pattern.get().captures_at(text, from) {
        let Some(whole) = captures.get(0) else { break };
        let whole = ViewRange::from(whole.range());
        if !whole.overlaps(first.whole) {
            found.push(match captures.name("secret") {
                Some(secret) => Candidate {
                    secret: secret.range().into(),
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
    around.len()
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
    use super::*;

    fn found<'t>(pattern: &str, reach: usize, text: &'t str, anchor: &str) -> Option<&'t str> {
        let start = text.find(anchor).unwrap();
        let range = ViewRange::new(start, start + anchor.len());
        let regex = Regex::new(pattern).unwrap();
        let first = range.end.saturating_sub(reach);
        let end = range.start + reach;
        let candidate = search(&regex, first, end, text.as_bytes(), range)?;
        Some(&text[candidate.secret.start..candidate.secret.end])
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
