//! Where a text may hold something encoded: one pass over all of it, made to cost little where there is nothing, as in most
//! text. What it names is a superset; whether there is anything to decode is judged by who decodes.

use std::ops::Range;

use super::escapes::{self, Meaning};
use super::joins;
use super::unescape::{Step, What, step};
use crate::simd::{LANES, LETTER, MOST_MARKED, Marked, Marks, ONE_AHEAD, marks};

/// How much around something escaped is looked at with it, in bytes to each side: what a rule may want to see beside a token.
const CONTEXT: usize = 384;

/// How much further a part may reach so that no word is cut, in bytes.
const LONGEST_WORD: usize = 8 * 1024;

/// Only what is part of a word of so many characters is undone: no secret is shorter, its name and `=` included.
const SHORTEST_WORD: usize = 16;

/// The shortest run of letters that may be base64 or hexadecimal digits: twenty characters, such as an access key's id, are 27
/// letters of base64.
pub(super) const SHORTEST_RUN: usize = 27;

/// So many letters in lower case are no part of a token.
const SHORTEST_PROSE: usize = 3;

/// How many bytes are asked at once.
const BLOCK: usize = MOST_MARKED * LANES;

/// What the pass found.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Parts that hold escapes or literals in pieces, in order, apart from each other.
    pub(super) escaped: Islands,
    /// Parts that look like quoted-printable.
    pub(super) quoted: Islands,
    /// Runs of letters of base64 that are as long as [`SHORTEST_RUN`], or nearly.
    pub(super) runs: Vec<Range<usize>>,
}

/// Parts of a text, in order.
#[derive(Debug, Default)]
pub(super) struct Islands {
    pub(super) ranges: Vec<Range<usize>>,
}

impl Islands {
    /// Whether what ends at `end` is in a part already, with context.
    fn covers(&self, end: usize) -> bool {
        self.ranges
            .last()
            .is_some_and(|last| last.end >= end + CONTEXT / 2)
    }

    fn add(&mut self, text: &[u8], mark: Range<usize>) {
        let range = mark.start.saturating_sub(CONTEXT)..text.len().min(mark.end + CONTEXT);
        match self.ranges.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => self.ranges.push(range),
        }
    }

    /// Parts of both, put together where they touch, none of which cuts a word.
    fn merged(self, other: Islands, text: &[u8]) -> Islands {
        let mut ranges = self.ranges;
        ranges.extend(other.ranges);
        for range in &mut ranges {
            let before = &text[..range.start];
            range.start -= before
                .iter()
                .rev()
                .take(LONGEST_WORD)
                .take_while(|&&byte| !byte.is_ascii_whitespace())
                .count();
            let after = &text[range.end..];
            range.end += after
                .iter()
                .take(LONGEST_WORD)
                .take_while(|&&byte| !byte.is_ascii_whitespace())
                .count();
        }
        ranges.sort_unstable_by_key(|range| range.start);
        let mut merged: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
        for range in ranges {
            match merged.last_mut() {
                Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
                _ => merged.push(range),
            }
        }
        Islands { ranges: merged }
    }
}

/// Looks over a text; only what `counts` says of its place is noted.
pub(super) fn find(text: &[u8], counts: impl Fn(Range<usize>) -> bool) -> Found {
    let mut pass = Pass {
        text,
        counts,
        escaped: Islands::default(),
        joined: Islands::default(),
        quoted: Islands::default(),
        runs: Vec::new(),
        run: 0,
    };
    let mut marked = [Marked::default(); MOST_MARKED];
    let mut at = 0;
    while text.len() - at > BLOCK {
        marks(&MARKS, &text[at..], &mut marked);
        pass.see_lanes(at, &marked);
        at += BLOCK;
    }
    // The text's end: line ends stand behind it.
    let mut padded = [b'\n'; BLOCK + ONE_AHEAD];
    let rest = &text[at..];
    padded[..rest.len()].copy_from_slice(rest);
    let marked = &mut marked[..rest.len().div_ceil(LANES)];
    marks(&MARKS, &padded, marked);
    pass.see_lanes(at, marked);
    if pass.run > 0 {
        pass.end_run(text.len());
    }
    Found {
        escaped: pass.escaped.merged(pass.joined, text),
        quoted: pass.quoted.merged(Islands::default(), text),
        runs: pass.runs,
    }
}

/// Kinds of marks.
const BACKSLASH: u8 = 1;
const PERCENT: u8 = 2;
const AMPERSAND: u8 = 4;
const QUOTE: u8 = 8;
const EQUALS: u8 = 16;
const WIDE: u8 = 32;

/// Each mark, and what may follow where it matters; whether it does, is looked at closely.
static MARKS: Marks = {
    let (mut kinds, mut follows) = ([0; 256], [0; 256]);
    let mut byte = 0;
    while byte < 256 {
        let own = byte as u8;
        kinds[byte] = match own {
            b'\\' => BACKSLASH,
            b'%' => PERCENT,
            b'&' => AMPERSAND,
            b'"' | b'\'' => QUOTE,
            b'=' => EQUALS,
            0xc2 | 0xe2 | 0xef => WIDE,
            _ => 0,
        };
        if is_letter(own) {
            kinds[byte] |= LETTER;
        }
        if matches!(own, b'u' | b'U' | b'x' | b'/' | b'\n' | b'\r') {
            follows[byte] |= BACKSLASH;
        }
        if own.is_ascii_hexdigit() || matches!(own, b'u' | b'U') {
            follows[byte] |= PERCENT;
        }
        if own == b'#' || own.is_ascii_alphabetic() {
            follows[byte] |= AMPERSAND;
        }
        // Neither the comma nor the parenthesis, before which most quotes stand.
        if own <= b'\'' || matches!(own, b'*' | b'+' | b'.' | b'/') {
            follows[byte] |= QUOTE;
        }
        if matches!(own, b'3' | b'\n' | b'\r') {
            follows[byte] |= EQUALS;
        }
        if matches!(own, 0xad | 0x80 | 0x81 | 0xb8 | 0xbb..=0xbd) {
            follows[byte] |= WIDE;
        }
        byte += 1;
    }
    Marks::new(kinds, follows)
};

struct Pass<'t, F> {
    text: &'t [u8],
    counts: F,
    escaped: Islands,
    joined: Islands,
    quoted: Islands,
    runs: Vec<Range<usize>>,
    /// How many letters stand before what is looked at next.
    run: usize,
}

impl<F: Fn(Range<usize>) -> bool> Pass<'_, F> {
    /// Lanes from `at` on.
    fn see_lanes(&mut self, at: usize, marked: &[Marked]) {
        for (lane, &Marked { marks, letters }) in marked.iter().enumerate() {
            let at = at + lane * LANES;
            self.see_letters(at, letters);
            let mut marks = marks;
            while marks != 0 {
                self.see_mark(at + marks.trailing_zeros() as usize);
                marks &= marks - 1;
            }
        }
    }

    #[inline]
    fn see_mark(&mut self, at: usize) {
        match self.text.get(at) {
            Some(b'\\' | b'%' | b'&') => self.see_ascii(at),
            Some(b'"' | b'\'') => self.see_quote(at),
            Some(b'=') => self.see_equals(at),
            Some(_) => self.see_wide(at),
            None => {}
        }
    }

    /// The letters of a lane, and those that go on from the lane before.
    #[inline]
    fn see_letters(&mut self, at: usize, letters: u64) {
        if letters == u64::MAX {
            self.run += LANES;
            return;
        }
        self.end_run(at + letters.trailing_ones() as usize);
        // Where as many letters begin as the shortest run has: of twice as many at each step.
        let two = letters & letters >> 1;
        let four = two & two >> 2;
        let eight = four & four >> 4;
        let sixteen = eight & eight >> 8;
        let mut begins = sixteen & sixteen >> (SHORTEST_RUN - 16);
        while begins != 0 {
            let first = begins.trailing_zeros();
            let end = first + (letters >> first).trailing_ones();
            // What is at either end of the lane is told of elsewhere.
            if first > 0 && end < u64::BITS {
                self.runs.push(at + first as usize..at + end as usize);
            }
            begins &= u64::MAX.checked_shl(end).unwrap_or(0);
        }
        self.run = letters.leading_ones() as usize;
    }

    /// Ends the run of letters that goes on from the lane before, at `end`, which is in the lane after it.
    #[inline]
    fn end_run(&mut self, end: usize) {
        let length = self.run + end % LANES;
        if length >= SHORTEST_RUN {
            self.runs.push(end - length..end);
        }
    }

    /// A backslash, a percent sign or an ampersand.
    fn see_ascii(&mut self, at: usize) {
        let may_begin = at + 1 < self.text.len();
        if may_begin && !self.escaped.covers(at) && self.is_worth_it(at, What::Escapes) {
            self.escaped.add(self.text, at..at + 1);
        }
        // A piece may end right before the backslash that ends its line.
        if may_begin && at > 0 && joins::is_quote(self.text[at - 1]) {
            self.see_quote(at - 1);
        }
    }

    /// The first byte of what may be a full-width form or take no room.
    fn see_wide(&mut self, at: usize) {
        let may_begin = matches!(
            self.text.get(at..at + 2),
            Some([0xc2, 0xad] | [0xe2, 0x80 | 0x81] | [0xef, 0xb8 | 0xbb | 0xbc | 0xbd])
        );
        if may_begin && !self.escaped.covers(at) && self.is_worth_it(at, What::Escapes) {
            self.escaped.add(self.text, at..at + 1);
        }
    }

    /// A quote that may end a piece.
    fn see_quote(&mut self, at: usize) {
        // What ends a piece of a token is part of a word, perhaps with a backslash before the quote.
        let ends = |byte: u8| is_word(byte) || byte == b'\\';
        if at == 0 || !ends(self.text[at - 1]) {
            return;
        }
        // In most text a quote and a blank are followed by something else.
        let after_blank = match self.text.get(at + 1..at + 3) {
            Some(&[b' ', next]) => next,
            _ => b' ',
        };
        if !joins::may_follow(after_blank) {
            return;
        }
        let before = self.text[..at].iter().rev().take(8);
        let slashes = before.take_while(|&&byte| byte == b'\\').count();
        if !self.joined.covers(at) && self.is_worth_it(at - slashes, What::Escapes) {
            self.joined.add(self.text, at..at + 1);
        }
    }

    /// An equals sign that is encoded, or one that ends a line: other equals signs with digits behind them are assignments.
    fn see_equals(&mut self, at: usize) {
        let rest = &self.text[at + 1..];
        let goes_on = match rest {
            [b'\n', next, ..] | [b'\r', b'\n', next, ..] => !next.is_ascii_whitespace(),
            [b'3', b'D', ..] => true,
            _ => false,
        };
        if goes_on && !self.quoted.covers(at) && self.is_worth_it(at, What::QuotedPrintable) {
            self.quoted.add(self.text, at..at + 1);
        }
    }

    /// Whether something begins at `at` that stands for text, as part of a word that is long enough to be a secret.
    fn is_worth_it(&self, at: usize, what: What) -> bool {
        let text = self.text;
        let (length, meant) = match step(text, at, what) {
            Step::Plain => return false,
            Step::Join(length) => (length, None),
            Step::Escape(escape) => match escape.meaning {
                Meaning::Nothing => (escape.length, None),
                Meaning::Byte(byte) if escapes::is_shown(byte) => (escape.length, Some(byte)),
                Meaning::Character(character) => match u8::try_from(character) {
                    Ok(byte) if escapes::is_shown(byte) => (escape.length, Some(byte)),
                    _ => return false,
                },
                Meaning::Byte(_) => return false,
            },
        };
        if !(self.counts)(at..at + length) {
            return false;
        }
        let before = text[..at]
            .iter()
            .rev()
            .take(SHORTEST_WORD)
            .take_while(|&&byte| is_word(byte))
            .count();
        // Many of those in a row are looked at one by one.
        if meant.is_none() && before == 0 {
            return false;
        }
        let after = word_after(text, at + length, what);
        match meant {
            None if before == 0 || after == 0 || before + after < SHORTEST_WORD => false,
            // Fields of a log stand side by side as well, far more often than pieces do.
            None => {
                let rest = text.get(at + length..).unwrap_or_default();
                let parts = [&text[at - before..at], &rest[..after.min(rest.len())]];
                !joins::is_side_by_side(&text[at..at + length]) || parts.map(is_prose) != [true; 2]
            }
            Some(byte) if is_word(byte) || byte == b'/' => before + 1 + after >= SHORTEST_WORD,
            Some(_) => before.max(after) >= SHORTEST_WORD,
        }
    }
}

/// How many characters a word has that begins at `at`, counted with escapes undone, up to as many as matter.
fn word_after(text: &[u8], mut at: usize, what: What) -> usize {
    let mut length = 0;
    // Pieces that leave nothing are few in a secret.
    for _ in 0..2 * SHORTEST_WORD {
        if at >= text.len() || length >= SHORTEST_WORD {
            break;
        }
        match step(text, at, what) {
            Step::Plain if is_word(text[at]) => {
                at += 1;
                length += 1;
            }
            Step::Plain => break,
            Step::Join(gap) => at += gap,
            Step::Escape(escape) => {
                at += escape.length;
                match escape.meaning {
                    Meaning::Nothing => {}
                    Meaning::Byte(byte) if is_word(byte) => length += 1,
                    Meaning::Character(character)
                        if character.is_ascii_alphanumeric() || "_-+=".contains(character) =>
                    {
                        length += 1;
                    }
                    Meaning::Byte(_) | Meaning::Character(_) => break,
                }
            }
        }
    }
    length
}

/// Whether a part of a token would hardly be so: letters in lower case, but perhaps for the first.
fn is_prose(part: &[u8]) -> bool {
    let is_lower = |byte: &u8| byte.is_ascii_lowercase() || *byte == b'-';
    part.split_first().is_some_and(|(first, rest)| {
        rest.len() >= SHORTEST_PROSE && first.is_ascii_alphabetic() && rest.iter().all(is_lower)
    })
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+' | b'=')
}

/// Whether a byte is a letter of base64, of either alphabet.
pub(super) const fn is_letter(byte: u8) -> bool {
    LETTERS[byte as usize]
}

static LETTERS: [bool; 256] = {
    let mut letters = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        letters[byte as usize] =
            byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_');
        byte += 1;
    }
    letters
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_run_is_found_wherever_it_begins() {
        for before in 0..140 {
            for length in [SHORTEST_RUN - 1, SHORTEST_RUN, 40, 200] {
                let text = format!(
                    "{}{}.",
                    ".".repeat(before),
                    "aB3_/".repeat(40).split_at(length).0
                );
                let expected: Vec<Range<usize>> = (length >= SHORTEST_RUN)
                    .then_some(before..before + length)
                    .into_iter()
                    .collect();
                assert_eq!(find(text.as_bytes(), |_| true).runs, expected, "{text}");
            }
        }
    }

    #[test]
    fn escapes_and_pieces_of_long_words_are_found_wherever_they_are() {
        for mark in [
            "%41", "\\u0041", "&#65;", "=3D", "=\n", "\" + \"", "\u{200b}", "\u{ff21}",
        ] {
            for before in 0..140 {
                let text = format!("{} abcdefgh{mark}ijklmnop\n", ".".repeat(before));
                let found = find(text.as_bytes(), |_| true);
                let islands = found.escaped.ranges.len() + found.quoted.ranges.len();
                assert_eq!(islands, 1, "{text}");
                assert_eq!(find(text.as_bytes(), |_| false).escaped.ranges.len(), 0);
            }
        }
        for text in [
            "GET \"/section-overview\" \"Mozilla/5.0\"",
            "it&#39;s short",
            "a \\u0041 b",
            "\"ab\" + \"cd\"",
            "printf(\"%de%s\")",
            "KEY=\n",
            "if a == 3 {",
        ] {
            let found = find(text.as_bytes(), |_| true);
            assert_eq!(
                found.escaped.ranges.len() + found.quoted.ranges.len(),
                0,
                "{text}"
            );
        }
    }

    #[test]
    fn pieces_over_lines_do_not_hide_those_before_them() {
        let filler = ". ".repeat(2 * CONTEXT);
        let text = format!("\"abcdefgh\" + \"ijklmnop\" {filler} \"abcdefgh\"\\\n\"ijklmnop\"");
        assert_eq!(find(text.as_bytes(), |_| true).escaped.ranges.len(), 2);
    }
}
