//! The line around a finding with every secret on it masked, and the fingerprint that names a finding across moved lines.
//! Both are made from text that is never kept.

use std::ops::Range;

use sha2::{Digest, Sha256};

use super::finding::Excerpt;
use super::secret::Secret;
use super::span::ViewRange;

/// How much of a line is shown before what is marked, and in all, in bytes of text: a report is read at 80 columns.
const SHOWN_BEFORE: usize = 28;
const SHOWN: usize = 68;

/// What ends the word that a secret is part of. Masks cover whole words, because a pattern may have seen only a part.
fn ends_word(byte: u8) -> bool {
    ENDS_WORD[usize::from(byte)]
}

static ENDS_WORD: [bool; 256] = {
    let mut ends = [false; 256];
    let bytes = b"\t\n\x0c\r \"'`=:,;()<>[]{}|&@";
    let mut index = 0;
    while index < bytes.len() {
        ends[bytes[index] as usize] = true;
        index += 1;
    }
    ends
};

/// What must not be shown of a text, and a quick way to what of it is near a place.
#[derive(Debug)]
pub(crate) struct Hidden {
    /// Sorted by where they start.
    ranges: Vec<ViewRange>,
    /// How far the ranges up to each reach: that never falls, as their ends may.
    reached: Vec<usize>,
}

impl Hidden {
    /// `ranges` are sorted by where they start.
    pub(crate) fn new(ranges: Vec<ViewRange>) -> Hidden {
        let mut furthest = 0;
        let reached = ranges.iter().map(|range| {
            furthest = furthest.max(range.end);
            furthest
        });
        let reached = reached.collect();
        Hidden { ranges, reached }
    }

    /// Every range that overlaps `place`, and perhaps some that do not.
    fn near(&self, place: ViewRange) -> &[ViewRange] {
        let last = self.ranges.partition_point(|range| range.start < place.end);
        let first = self.reached[..last].partition_point(|&reached| reached <= place.start);
        &self.ranges[first..last]
    }
}

/// A word of so many bytes that mixes letters and digits is not shown, whether a rule knows it or not: what a line holds
/// beside a secret is often another one.
const ODD_WORD: usize = 8;

/// Secrets of so many bytes are masked wherever else they stand on the line.
const SHORTEST_REPEAT: usize = 4;

fn is_odd(word: &[u8]) -> bool {
    word.len() >= ODD_WORD
        && word.iter().any(u8::is_ascii_digit)
        && word.iter().any(u8::is_ascii_alphabetic)
}

/// The line of `text` around `secret`, which is shown as `masked`; every range in `hidden` is masked whole, and so is every
/// other word that looks random. `hidden` is sorted by where it starts.
pub(crate) fn excerpt(text: &[u8], secret: ViewRange, masked: &str, hidden: &Hidden) -> Excerpt {
    let floor = secret.start.saturating_sub(SHOWN);
    let line_start =
        memchr::memrchr(b'\n', &text[floor..secret.start]).map_or(floor, |at| floor + at + 1);
    let ceiling = text.len().min(secret.end.saturating_add(SHOWN));
    let line_end =
        memchr::memchr(b'\n', &text[secret.end..ceiling]).map_or(ceiling, |at| secret.end + at);
    let mut out = Vec::new();
    let mut marked = 0..0;
    let mut at = line_start;
    // What begins before the line and reaches into it must be hidden, too.
    let line = ViewRange::new(line_start, line_end);
    let covering = hidden
        .near(line)
        .iter()
        .filter(|range| range.overlaps(line));
    let mut ranges: Vec<ViewRange> = covering.map(|&range| word_around(text, range)).collect();
    // The same secret may stand on the line once more, where no rule knows it.
    let again = [secret]
        .into_iter()
        .chain(hidden.near(line).iter().copied());
    for known in again.filter(|known| known.len() >= SHORTEST_REPEAT) {
        for at in memchr::memmem::find_iter(line.of(text), known.of(text)) {
            let start = line_start + at;
            ranges.push(word_around(
                text,
                ViewRange::new(start, start + known.len()),
            ));
        }
    }
    ranges.push(word_around(text, secret));
    let mut start = line_start;
    for run in
        text[line_start..line_end].chunk_by(|&left, &right| ends_word(left) == ends_word(right))
    {
        let word = word_around(text, ViewRange::new(start, start + run.len()));
        if !ends_word(run[0]) && is_odd(word.of(text)) {
            ranges.push(word);
        }
        start += run.len();
    }
    ranges.sort_unstable();
    ranges.dedup();
    for range in ranges {
        if range.start < at {
            at = at.max(range.end);
            continue;
        }
        out.extend_from_slice(&text[at..range.start.min(line_end)]);
        let is_this = range.overlaps(secret);
        let start = out.len();
        out.extend_from_slice(if is_this { masked.as_bytes() } else { b"****" });
        if is_this {
            marked = start..out.len();
        }
        at = range.end;
    }
    out.extend_from_slice(&text[at.min(line_end)..line_end]);
    let newline_cut = (
        line_start > 0 && text[line_start - 1] != b'\n',
        line_end < text.len() && text[line_end] != b'\n',
    );
    shorten(&out, marked, newline_cut)
}

fn word_around(text: &[u8], range: ViewRange) -> ViewRange {
    let before = text[..range.start]
        .iter()
        .rev()
        .take(SHOWN)
        .take_while(|&&byte| !ends_word(byte))
        .count();
    let after = text[range.end..]
        .iter()
        .take(SHOWN)
        .take_while(|&&byte| !ends_word(byte))
        .count();
    ViewRange::new(range.start - before, range.end + after)
}

/// Cuts a masked line to what can be shown, on characters' borders.
fn shorten(line: &[u8], marked: Range<usize>, cut: (bool, bool)) -> Excerpt {
    let indent = line[..marked.start]
        .iter()
        .take_while(|byte| byte.is_ascii_whitespace())
        .count();
    let start = if marked.start - indent <= SHOWN_BEFORE {
        indent
    } else {
        marked.start - SHOWN_BEFORE
    };
    let end = line.len().min((start + SHOWN).max(marked.end));
    let head = String::from_utf8_lossy(&line[start..marked.start])
        .trim_start_matches(char::REPLACEMENT_CHARACTER)
        .to_owned();
    let middle = String::from_utf8_lossy(&line[marked.clone()]);
    let tail = String::from_utf8_lossy(&line[marked.end..end]);
    let tail = tail
        .trim_end_matches(char::REPLACEMENT_CHARACTER)
        .trim_end();
    let marked = head.len()..head.len() + middle.len();
    Excerpt {
        text: format!("{head}{middle}{tail}"),
        marked,
        cut: (cut.0 || start > indent, cut.1 || end < line.len()),
    }
}

/// `wh1:` and 19 hexadecimal digits: 16 of a hash over the rule, the path and the name before the secret, three of the
/// secret itself. Lines may move and be reformatted; of the secret only twelve bits are told.
pub(crate) fn fingerprint(rule: &str, path: &str, text: &[u8], secret: ViewRange) -> String {
    let mut hash = Sha256::new();
    for part in [
        b"wh1",
        rule.as_bytes(),
        path.as_bytes(),
        name_before(text, secret),
    ] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let digest = hash.finalize();
    let head: String = digest
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!(
        "wh1:{head}{:03x}",
        Secret::new(secret.of(text)).twelve_bits()
    )
}

/// The name that the secret is given to: the last word before it on its line, if something that assigns stands between the
/// two. Any other word might be a secret that nobody recognised, and a hash of that would help to guess it.
fn name_before(text: &[u8], secret: ViewRange) -> &[u8] {
    let before = &text[secret.start.saturating_sub(SHOWN)..secret.start];
    let line = before
        .rsplit(|&byte| byte == b'\n')
        .next()
        .unwrap_or(before);
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let Some(end) = line.iter().rposition(is_name) else {
        return b"";
    };
    if !line[end..].iter().any(|byte| b"=:(>".contains(byte)) {
        return b"";
    }
    line[..=end]
        .rsplit(|byte| !is_name(byte))
        .next()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, secret: &str, hidden: &[&str]) -> Excerpt {
        let range = |part: &str| {
            let start = text.find(part).unwrap();
            ViewRange::new(start, start + part.len())
        };
        let mut hidden: Vec<ViewRange> = hidden.iter().map(|part| range(part)).collect();
        hidden.sort_unstable();
        excerpt(
            text.as_bytes(),
            range(secret),
            "se****",
            &Hidden::new(hidden),
        )
    }

    #[test]
    fn every_secret_on_the_line_is_masked() {
        let excerpt = shown(
            "x\n  a = sesame, b = hunter2, c = 1\ny",
            "sesame",
            &["hunter2", "sesame"],
        );
        assert_eq!(excerpt.text, "a = se****, b = ****, c = 1");
        assert_eq!(&excerpt.text[excerpt.marked], "se****");
        assert_eq!(excerpt.cut, (false, false));
    }

    #[test]
    fn a_secret_that_stands_twice_is_masked_twice() {
        let shown = shown("pw = \"sesame\"  # sesame is the old one", "sesame", &[]);
        assert_eq!(shown.text, "pw = \"se****\"  # **** is the old one");
    }

    #[test]
    fn what_touches_a_secret_is_masked_with_it() {
        assert_eq!(
            shown("p=\"hunter2-horse!sesame#tail\"", "sesame", &[]).text,
            "p=\"se****\""
        );
    }

    #[test]
    fn a_long_line_is_cut_around_the_finding() {
        let text = format!("{} sesame {}", "ab ".repeat(5000), "cd ".repeat(5000));
        let excerpt = shown(&text, "sesame", &[]);
        assert!(excerpt.text.len() <= SHOWN + 8, "{}", excerpt.text);
        assert_eq!(&excerpt.text[excerpt.marked], "se****");
        assert_eq!(excerpt.cut, (true, true));
    }

    #[test]
    fn a_secret_over_lines_shows_none_of_them() {
        let excerpt = shown("k = [BEGIN\nbody\nEND] tail", "BEGIN\nbody\nEND", &[]);
        assert_eq!(excerpt.text, "k = [se****] tail");
    }

    #[test]
    fn a_fingerprint_survives_moves_and_tells_changed_secrets_apart() {
        let of = |text: &str, secret: &str| {
            let start = text.find(secret).unwrap();
            fingerprint(
                "r",
                "p",
                text.as_bytes(),
                ViewRange::new(start, start + secret.len()),
            )
        };
        assert_eq!(
            of("key = \"sesame\"", "sesame"),
            of("\n\n   key: 'sesame'", "sesame")
        );
        assert_ne!(
            of("key = \"sesame\"", "sesame"),
            of("key = \"sesame2\"", "sesame2")
        );
        assert_ne!(
            of("key = \"sesame\"", "sesame"),
            of("other = \"sesame\"", "sesame")
        );
        assert_eq!(of("key = sesame", "sesame").len(), 4 + 19);
    }

    #[test]
    fn only_what_may_overlap_a_place_is_near_it() {
        let mut ranges: Vec<ViewRange> = (0..1000)
            .map(|at| ViewRange::new(at * 100, at * 100 + 10))
            .collect();
        let hidden = Hidden::new(ranges.clone());
        assert_eq!(
            hidden.near(ViewRange::new(49_950, 50_050)),
            [ViewRange::new(50_000, 50_010)]
        );
        assert!(hidden.near(ViewRange::new(50_020, 50_030)).is_empty());
        // One that reaches over all of them is near everywhere.
        ranges.insert(0, ViewRange::new(0, 100_000));
        let hidden = Hidden::new(ranges);
        assert!(
            hidden
                .near(ViewRange::new(50_020, 50_030))
                .contains(&ViewRange::new(0, 100_000))
        );
    }
}
