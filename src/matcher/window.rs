//! A pattern in a window around an anchor, and a second pattern some lines away. Knows no rule's meaning.

use regex::bytes::Regex;

use crate::model::{Candidate, ViewRange};
use crate::rules::Near;

/// How far a second pattern is looked for to each side, in bytes, whatever the number of lines.
const NEAR_BYTES: usize = 8 * 1024;

/// The match of `pattern` that holds the anchor and begins at `first` or later; no match is longer than `reach`.
pub(super) fn search(
    pattern: &Regex,
    first: usize,
    reach: usize,
    near: Option<&Near>,
    text: &[u8],
    anchor: ViewRange,
) -> Option<Candidate> {
    // One byte more than a match can have, so that a boundary at its end is judged by what really follows.
    let window = &text[..text
        .len()
        .min(anchor.start.saturating_add(reach).saturating_add(1))];
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
    let candidate = Candidate {
        rule: 0,
        whole: whole.range().into(),
        secret: secret.range().into(),
        name: None,
        quoted: false,
    };
    match near {
        None => Some(candidate),
        Some(near) => near_by(near, text, candidate),
    }
}

/// The candidate, if the second pattern matches close to it; with a secret of its own, the closest one's.
fn near_by(near: &Near, text: &[u8], candidate: Candidate) -> Option<Candidate> {
    let around = lines_around(text, candidate.whole, near.lines);
    let text = &text[..around.end];
    let mut closest: Option<(usize, ViewRange)> = None;
    let mut from = around.start;
    while let Some(captures) = near.pattern.get().captures_at(text, from) {
        let whole = ViewRange::from(captures.get(0)?.range());
        let secret = captures
            .name("secret")
            .map_or(candidate.secret, |secret| secret.range().into());
        let distance = whole.start.abs_diff(candidate.whole.start);
        if !whole.overlaps(candidate.whole) && closest.is_none_or(|(least, _)| distance < least) {
            closest = Some((distance, secret));
        }
        from = whole.end.max(whole.start + 1);
    }
    closest.map(|(_, secret)| Candidate {
        secret,
        ..candidate
    })
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
        let candidate = search(&regex, first, reach, None, text.as_bytes(), range)?;
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
