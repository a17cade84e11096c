//! Where a text may hold something encoded: one pass over all of it, made to cost little where there is nothing, as in most
//! text. What it names is a superset; whether there is anything to decode is judged by who decodes.

use std::ops::Range;

use super::escapes::{self, Meaning};
use super::joins;
use super::unescape::{Step, What, step};

/// How much around something escaped is looked at with it, in bytes to each side: what a rule may want to see beside a token.
const CONTEXT: usize = 384;

/// How much further a part may reach so that no word is cut, in bytes.
const LONGEST_WORD: usize = 8 * 1024;

/// Only what is part of a word of so many characters is undone: no secret is shorter, its name and `=` included.
const SHORTEST_WORD: usize = 16;

/// The shortest run of letters that may be base64 or hexadecimal digits: twenty characters, such as an access key's id, are 27
/// letters of base64.
pub(super) const SHORTEST_RUN: usize = 27;

/// Within so many bytes a line ends, and tells how lines end.
const LONGEST_LINE: usize = 4096;

/// Every run of [`SHORTEST_RUN`] letters holds so many from a multiple of sixteen on.
const FULL: usize = SHORTEST_RUN - 15;

/// How many bytes are taken at once.
const BLOCK: usize = 64;

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
    };
    for at in memchr::memchr3_iter(b'\\', b'%', b'&', text) {
        pass.see_ascii(at);
    }
    let mut wide = Islands::default();
    if !text.is_ascii() {
        std::mem::swap(&mut pass.escaped, &mut wide);
        for at in memchr::memchr3_iter(0xc2, 0xe2, 0xef, text) {
            pass.see_wide(at);
        }
        std::mem::swap(&mut pass.escaped, &mut wide);
    }
    // A text whose first lines end in line feeds alone has no other ends further down.
    let has_returns = memchr::memchr(b'\r', &text[..text.len().min(LONGEST_LINE)]).is_some();
    let line_end = if has_returns { &b"=\r\n"[..] } else { b"=\n" };
    for sign in [&b"=3D"[..], line_end] {
        let mut islands = Islands::default();
        std::mem::swap(&mut pass.quoted, &mut islands);
        for at in memchr::memmem::find_iter(text, sign) {
            pass.see_equals(at);
        }
        pass.quoted.ranges.append(&mut islands.ranges);
    }
    pass.see_blocks();
    let mut joined = pass.joined;
    joined.ranges.append(&mut wide.ranges);
    Found {
        escaped: pass.escaped.merged(joined, text),
        quoted: pass.quoted.merged(Islands::default(), text),
        runs: pass.runs,
    }
}

struct Pass<'t, F> {
    text: &'t [u8],
    counts: F,
    escaped: Islands,
    joined: Islands,
    quoted: Islands,
    runs: Vec<Range<usize>>,
}

impl<F: Fn(Range<usize>) -> bool> Pass<'_, F> {
    /// A backslash, a percent sign or an ampersand.
    #[inline]
    fn see_ascii(&mut self, at: usize) {
        let may_begin = match (self.text[at], self.text.get(at + 1)) {
            (_, None) => false,
            (b'\\', Some(next)) => matches!(next, b'u' | b'U' | b'x' | b'/' | b'\n' | b'\r'),
            (b'%', Some(next)) => next.is_ascii_hexdigit() || matches!(next, b'u' | b'U'),
            (_, Some(next)) => *next == b'#' || next.is_ascii_alphabetic(),
        };
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
        // What ends a piece of a token is no blank.
        if at == 0 || self.text[at - 1] <= b',' {
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
            _ => true,
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
            None => before > 0 && after > 0 && before + after >= SHORTEST_WORD,
            Some(byte) if is_word(byte) || byte == b'/' => before + 1 + after >= SHORTEST_WORD,
            Some(_) => before.max(after) >= SHORTEST_WORD,
        }
    }

    /// Quotes and long runs, block by block. Each test is one that compilers turn into instructions on many
    /// bytes at once; what passes is looked at closely.
    fn see_blocks(&mut self) {
        let text = self.text;
        let mut at = 0;
        while at < text.len() {
            let padded;
            let window: &[u8; BLOCK + 2] = match at
                .checked_sub(1)
                .and_then(|from| text.get(from..)?.first_chunk())
            {
                Some(window) => window,
                // The text's ends: line ends outside of it begin and end nothing.
                None => {
                    padded = padded_window(text, at);
                    &padded
                }
            };
            let mut bits = quotes(window);
            while bits != 0 {
                let offset = bits.trailing_zeros() as usize;
                self.see_quote(at + offset);
                bits &= bits - 1;
            }
            let mut full = full_words(window);
            while full != 0 {
                self.see_run(at + 16 * full.trailing_zeros() as usize);
                full &= full - 1;
            }
            at += BLOCK;
        }
    }

    /// The run of base64 letters that fills the eight bytes at `at`, if it is long enough.
    fn see_run(&mut self, at: usize) {
        let reached = self.runs.last().map_or(0, |run| run.end);
        if reached > at {
            return;
        }
        // Of one of its words the shortest run holds four letters more.
        let more = self.text.get(at + 8..at + FULL);
        if !more.is_some_and(|more| more.iter().all(|&byte| is_letter(byte))) {
            return;
        }
        let before = self.text[reached..at].iter().rev();
        let start = at - before.take_while(|&&byte| is_letter(byte)).count();
        let after = self.text[at + FULL..].iter();
        let end = at + FULL + after.take_while(|&&byte| is_letter(byte)).count();
        if end - start >= SHORTEST_RUN {
            self.runs.push(start..end);
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

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+' | b'=')
}

/// Whether a byte is a letter of base64, of either alphabet.
pub(super) fn is_letter(byte: u8) -> bool {
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

fn padded_window(text: &[u8], at: usize) -> [u8; BLOCK + 2] {
    let mut window = [b'\n'; BLOCK + 2];
    let from = at.saturating_sub(1);
    let skipped = usize::from(at == 0);
    let there = &text[from..text.len().min(at + BLOCK + 1)];
    window[skipped..skipped + there.len()].copy_from_slice(there);
    window
}

/// One bit for each byte of a block that is a quote and stands before a byte such as it stands before where it matters. The
/// window is the block with one byte more to each side.
#[inline]
fn quotes(window: &[u8; BLOCK + 2]) -> u64 {
    let mask = |yes: bool| u8::from(yes).wrapping_neg();
    let mut marks = [0_u8; BLOCK];
    for index in 0..BLOCK {
        let (byte, after) = (window[index + 1], window[index + 2]);
        // `|` takes in both quotes, `#` and `&`.
        let quote = mask((byte | 5) == b'\'');
        // `&` takes in `*`, `+`, `.` and `/`, but not the comma and the parenthesis before which most quotes stand.
        let next = mask(after <= b'\'') | mask(after & 0xfa == b'*');
        marks[index] = quote & next;
    }
    let any = marks.iter().fold(0, |any, mark| any | mark);
    if any == 0 { 0 } else { gather(&marks) }
}

/// One bit for each byte that is not zero.
fn gather(marks: &[u8; BLOCK]) -> u64 {
    let words = marks.as_chunks::<8>().0.iter();
    words.enumerate().fold(0, |bits, (index, &word)| {
        let one_each = u64::from_le_bytes(word) & 0x8040_2010_0804_0201;
        bits | (one_each.wrapping_mul(0x0101_0101_0101_0101) >> 56) << (8 * index)
    })
}

/// Which of a block's words of eight bytes that begin at multiples of sixteen are all letters of base64: a run of
/// [`SHORTEST_RUN`] fills one of them.
#[inline]
fn full_words(window: &[u8; BLOCK + 2]) -> u8 {
    let mask = |yes: bool| u8::from(yes).wrapping_neg();
    let mut words = [0_u8; BLOCK / 2];
    for index in 0..BLOCK / 16 {
        words[8 * index..8 * index + 8].copy_from_slice(&window[1 + 16 * index..9 + 16 * index]);
    }
    for byte in &mut words {
        *byte = mask((*byte | 0x20).wrapping_sub(b'a') < 26)
            | mask(byte.wrapping_sub(b'/') < 11)
            | mask(*byte == b'_')
            | mask(*byte == b'-')
            | mask(*byte == b'+');
    }
    let mut full = 0;
    for index in 0..BLOCK / 16 {
        let word = words[8 * index..].first_chunk::<8>();
        let is_full = word.is_some_and(|&word| u64::from_ne_bytes(word) == u64::MAX);
        full |= u8::from(is_full) << index;
    }
    full
}

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
}
