//! Long runs of letters that stand for text: base64 and hexadecimal digits, over lines and in pieces. What decodes to anything
//! but text is nothing.

use std::ops::Range;

use super::joins;
use super::looks::{Looks, goes_on, like, may_begin};
use super::triggers::{SHORTEST_RUN, is_letter};
use crate::model::{Encoding, OffsetMap};

/// How many bytes of a run are decoded to see whether there is text, and then, whether it goes on.
const FIRST: usize = 12;
const CHUNK: usize = 48;

/// At how many places of a run decoding is tried, and how far into it: what stands before may be glued to it.
const MOST_STARTS: usize = 8;
const LAST_START: usize = 128;

/// Only behind so many letters and digits in a row is the beginning of a run that something is glued to.
const LONG_WORD: usize = 16;

/// The shortest line that may be one of several: tools break lines at 60 letters and more, people at fewer.
const SHORTEST_LINE: usize = 16;

/// How much may stand between two lines' letters, in bytes.
const LONGEST_GAP: usize = 128;

/// What was decoded from a run.
pub(super) struct Decoded {
    pub(super) bytes: Vec<u8>,
    pub(super) map: OffsetMap,
    pub(super) encoding: Encoding,
    /// How far it reaches in the text.
    pub(super) end: usize,
}

/// An alphabet, by how many of its letters make how many bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Alphabet {
    Base64,
    Hex,
}

/// Decodes the text in a run, if there is any. A run that is `cut` may have begun before: at which of a group's letters it
/// begins is not known.
pub(super) fn decode(text: &[u8], run: Range<usize>, cut: bool) -> Option<Decoded> {
    base64(text, run.clone(), cut).or_else(|| hex(text, run, cut))
}

fn base64(text: &[u8], run: Range<usize>, cut: bool) -> Option<Decoded> {
    let phases = if cut { 4 } else { 1 };
    let starts = (run.start..run.start + phases).chain(glued(text, run.clone()));
    for start in starts.take(MOST_STARTS) {
        if run.end.saturating_sub(start) + 4 < SHORTEST_RUN {
            return None;
        }
        let decoded = Alphabet::Base64.decode_text(text, start);
        if decoded.is_some() {
            return decoded;
        }
    }
    None
}

/// Where what is encoded may begin if something is glued to it, such as a path or a name.
fn glued(text: &[u8], run: Range<usize>) -> impl Iterator<Item = usize> {
    // The alphabets' last two letters are no letters or digits.
    let is_mark = |byte: &u8| VALUES[0][usize::from(*byte)] >= 62;
    let end = run.end.min(run.start + LAST_START);
    let mut at = run.start;
    std::iter::from_fn(move || {
        loop {
            // Words of a name are shorter: most of them are passed over at once.
            let window = text[..end].get(at..)?.first_chunk()?;
            let Some(mark) = last_mark(window) else {
                let start = at;
                let next = text[at..end].iter().position(is_mark);
                at = next.map_or(end, |next| at + next + 1);
                if start > run.start {
                    return Some(start);
                }
                continue;
            };
            at += mark + 1;
        }
    })
}

/// The last of so many letters of a run that is no letter or digit. Asked of all of them at once (Lamport, "Multiple byte
/// processing with full-word instructions", 1975): most runs are names, of which there are many.
fn last_mark(letters: &[u8; LONG_WORD]) -> Option<usize> {
    const fn all(byte: u8) -> u128 {
        u128::from_ne_bytes([byte; LONG_WORD])
    }
    let zeros = |bytes: u128| !(((bytes & all(0x7f)) + all(0x7f)) | bytes | all(0x7f));
    let letters = u128::from_le_bytes(*letters);
    // Of all letters `+`, `-` and `/` alone become a slash by these bits.
    let marks = zeros((letters | all(b'+' ^ b'-')) ^ all(b'/')) | zeros(letters ^ all(b'_'));
    (marks != 0).then(|| LONG_WORD - 1 - marks.leading_zeros() as usize / 8)
}

fn hex(text: &[u8], run: Range<usize>, cut: bool) -> Option<Decoded> {
    let mut at = run.start;
    while at + SHORTEST_RUN <= run.end {
        // From the last digit that the shortest run needs, backwards: most letters are skipped.
        let window = &text[at..at + SHORTEST_RUN];
        match window
            .iter()
            .rposition(|&byte| VALUES[1][usize::from(byte)] == NONE)
        {
            Some(other) => at += other + 1,
            None => {
                let phases = if cut && at == run.start { 2 } else { 1 };
                let found =
                    (at..at + phases).find_map(|start| Alphabet::Hex.decode_text(text, start));
                if found.is_some() {
                    return found;
                }
                let rest = &text[at..run.end];
                let is_other = |&byte: &u8| VALUES[1][usize::from(byte)] == NONE;
                at += rest.iter().position(is_other).unwrap_or(rest.len());
            }
        }
    }
    None
}

/// Each alphabet's letters' values.
static VALUES: [[u8; 256]; 2] = [
    values(
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
        b"-_",
    ),
    values(b"0123456789abcdef", b"ABCDEF"),
];

/// The value of what is no letter.
const NONE: u8 = 0xff;

/// A table of values by letter; `others` are other letters for the last values.
const fn values(letters: &[u8], others: &[u8]) -> [u8; 256] {
    let mut values = [NONE; 256];
    let mut value = 0;
    while value < letters.len() {
        values[letters[value] as usize] = value as u8;
        value += 1;
    }
    let mut other = 0;
    while other < others.len() {
        values[others[other] as usize] = (letters.len() - others.len() + other) as u8;
        other += 1;
    }
    values
}

impl Alphabet {
    fn value(self, letter: u8) -> Option<u8> {
        let value = VALUES[self as usize][usize::from(letter)];
        (value != NONE).then_some(value)
    }

    /// Whether what begins at `start` may be text, by its first six bytes.
    fn may_begin(self, text: &[u8], start: usize) -> bool {
        let letters = 48 / self.bits();
        let Some(letters) = text.get(start..start + letters) else {
            return false;
        };
        let value = |at: usize| VALUES[self as usize][usize::from(letters[at])];
        // Of two groups of base64, one at least is ASCII; seven in eight groups of other letters are not.
        let ascii = |at: usize| value(at) < 32 && value(at + 1) & 8 == 0 && value(at + 2) & 2 == 0;
        if self == Alphabet::Base64 && !ascii(0) && !ascii(4) {
            return false;
        }
        let mut bits = 0_u64;
        for &letter in letters {
            let value = VALUES[self as usize][usize::from(letter)];
            bits = bits << self.bits() | u64::from(value);
        }
        let [_, _, first @ ..] = bits.to_be_bytes();
        may_begin(first)
    }

    /// How many letters make a group.
    const fn group(self) -> usize {
        match self {
            Alphabet::Base64 => 4,
            Alphabet::Hex => 2,
        }
    }

    const fn bits(self) -> usize {
        match self {
            Alphabet::Base64 => 6,
            Alphabet::Hex => 4,
        }
    }

    /// The letters from `start` on that stand together.
    fn line(self, text: &[u8], start: usize) -> Range<usize> {
        let letters = text[start..]
            .iter()
            .take_while(|&&byte| self.value(byte).is_some());
        start..start + letters.count()
    }

    /// Decodes the text that begins at `start`.
    fn decode_text(self, text: &[u8], start: usize) -> Option<Decoded> {
        if !self.may_begin(text, start) {
            return None;
        }
        let wanted = FIRST * 8 / self.bits();
        let first = text.get(start..text.len().min(start + wanted))?;
        let mut group = Group::new(self);
        let mut beginning = Vec::with_capacity(FIRST);
        for &letter in first {
            let Some(value) = self.value(letter) else {
                break;
            };
            if let Some((bytes, length)) = group.add(value, 0) {
                beginning.extend_from_slice(&bytes[..length]);
            }
        }
        let looks = like(&beginning)?;
        let (decoded, bad_line) = self.decode_lines(text, start, looks, usize::MAX);
        let decoded = match bad_line {
            // What stands below a text may look like more of it.
            Some(line @ 1..) => self.decode_lines(text, start, looks, line).0,
            _ => decoded,
        };
        (decoded.bytes.len() >= FIRST).then_some(decoded)
    }

    /// Decodes at most so many lines; also tells in which line, if any, what was decoded is no text.
    fn decode_lines(
        self,
        text: &[u8],
        start: usize,
        looks: Looks,
        most: usize,
    ) -> (Decoded, Option<usize>) {
        let mut decoded = Decoded {
            bytes: Vec::new(),
            map: OffsetMap::decoded(),
            encoding: self.encoding(b""),
            end: start,
        };
        let mut group = Group::new(self);
        let mut line = self.line(text, start);
        let (mut number, mut width, mut checked) = (0, None, 0);
        loop {
            let line_begins = decoded.bytes.len();
            for at in line.clone() {
                let Some(value) = self.value(text[at]) else {
                    break;
                };
                let Some((bytes, length)) = group.add(value, at) else {
                    continue;
                };
                decoded.add(&bytes[..length], &group, at + 1);
                if decoded.bytes.len() >= checked + CHUNK {
                    if !goes_on(&decoded.bytes[checked..], looks) {
                        decoded.bytes.truncate(checked);
                        decoded.end = line.end;
                        return (decoded, Some(number));
                    }
                    checked = decoded.bytes.len();
                }
            }
            decoded.end = line.end;
            if self.encoding(&text[line.clone()]) == Encoding::Base64Url {
                decoded.encoding = Encoding::Base64Url;
            }
            let next = next_line(self, text, line.clone(), number, &mut width)
                .filter(|_| number + 1 < most);
            let Some(next) = next else {
                if let Some((bytes, length)) = group.finish() {
                    decoded.add(&bytes[..length], &group, line.end);
                }
                let last = &decoded.bytes[line_begins..];
                let is_bad = number > 0
                    && !(goes_on(last, looks)
                        && (looks == Looks::Wide || goes_on(last, Looks::Text)));
                return (decoded, is_bad.then_some(number));
            };
            line = next;
            number += 1;
        }
    }

    fn encoding(self, letters: &[u8]) -> Encoding {
        match self {
            Alphabet::Hex => Encoding::Hex,
            Alphabet::Base64 if letters.iter().any(|letter| matches!(letter, b'-' | b'_')) => {
                Encoding::Base64Url
            }
            Alphabet::Base64 => Encoding::Base64,
        }
    }
}

impl Decoded {
    /// Adds a group's bytes; its last letter ends at `end`.
    fn add(&mut self, bytes: &[u8], group: &Group, end: usize) {
        let length = u8::try_from(end - group.start).unwrap_or(u8::MAX);
        self.map.push(
            self.bytes.len(),
            group.start as u64,
            bytes.len() as u8,
            length,
        );
        self.bytes.extend_from_slice(bytes);
    }
}

/// Letters that together make whole bytes.
struct Group {
    alphabet: Alphabet,
    bits: u32,
    letters: usize,
    /// Where its first letter is.
    start: usize,
}

impl Group {
    const fn new(alphabet: Alphabet) -> Group {
        Group {
            alphabet,
            bits: 0,
            letters: 0,
            start: 0,
        }
    }

    /// Adds a letter; a group's last gives its bytes.
    fn add(&mut self, value: u8, at: usize) -> Option<([u8; 3], usize)> {
        if self.letters == 0 {
            self.bits = 0;
            self.start = at;
        }
        self.bits = self.bits << self.alphabet.bits() | u32::from(value);
        self.letters += 1;
        if self.letters < self.alphabet.group() {
            return None;
        }
        self.finish()
    }

    /// The whole bytes of what letters there are.
    fn finish(&mut self) -> Option<([u8; 3], usize)> {
        let bits = self.letters * self.alphabet.bits();
        let length = bits / 8;
        self.letters = 0;
        if length == 0 {
            return None;
        }
        let [a, b, c, _] = (self.bits << (32 - bits)).to_be_bytes();
        Some(([a, b, c], length))
    }
}

/// The line's letters that go on where those of `line` end, if they do: all lines but the first and the last are equally long.
fn next_line(
    alphabet: Alphabet,
    text: &[u8],
    line: Range<usize>,
    number: usize,
    width: &mut Option<usize>,
) -> Option<Range<usize>> {
    if line.len() < SHORTEST_LINE || width.is_some_and(|width| line.len() != width) {
        return None;
    }
    let next = alphabet.line(text, gap_end(text, line.end)?);
    let ends = ends_line(text, next.end);
    let fits = match number {
        // The first may share its line with a name.
        0 => next.len() >= SHORTEST_LINE || next.len() <= line.len(),
        _ => next.len() <= line.len(),
    };
    if next.is_empty() || !fits || !ends {
        return None;
    }
    if number == 0 && next.len() >= SHORTEST_LINE {
        *width = Some(next.len());
    } else if number == 0 {
        *width = Some(line.len());
    }
    Some(next)
}

/// Where the letters go on behind what ends a line: a line end, plain or written as `\n`, and what lines begin with, or what
/// stands between pieces of a literal.
fn gap_end(text: &[u8], at: usize) -> Option<usize> {
    if text.get(at).is_some_and(|&byte| joins::is_quote(byte)) {
        return joins::at(text, at).map(|gap| gap.end);
    }
    let mut end = at;
    let mut lines = 0;
    loop {
        if end - at > LONGEST_GAP {
            return None;
        }
        let rest = text.get(end..)?;
        let slashes = rest
            .iter()
            .take(8)
            .take_while(|&&byte| byte == b'\\')
            .count();
        match (slashes, rest.get(slashes)?) {
            (0, b'\n') | (1.., b'n') => {
                lines += 1;
                end += slashes + 1;
            }
            (0, b'\r') | (1.., b'r') => end += slashes + 1,
            (1, b'\n') => {
                lines += 1;
                end += 2;
            }
            (0, b' ' | b'\t') => end += 1,
            (0, b'>' | b'#' | b'*' | b'|') if lines > 0 => end += 1,
            // An escaped quote, as pieces have within a literal.
            (1.., &byte) if joins::is_quote(byte) && lines == 0 => {
                return joins::at(text, end + slashes).map(|gap| gap.end);
            }
            (0, &byte) if is_letter(byte) && lines == 1 => return Some(end),
            _ => return None,
        }
    }
}

/// Whether letters that end at `end` end there for a reason, padding aside, and not in the middle of something else.
fn ends_line(text: &[u8], end: usize) -> bool {
    let rest = &text[end..];
    let padding = rest
        .iter()
        .take(3)
        .take_while(|&&byte| byte == b'=')
        .count();
    rest.get(padding)
        .is_none_or(|byte| b"\r\n\"'`\\<),;]}".contains(byte) || *byte == b' ' && padding > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ViewRange;
    use crate::simd::numbers;

    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_";

    const TEXT: &str = "first line\npassword: sesame and more of it, until the end of the text\n";

    fn decoded(text: &str) -> Option<(String, Encoding)> {
        let start = text.bytes().position(is_letter)?;
        let runs: Vec<Range<usize>> = super::super::triggers::find(text.as_bytes(), |_| true).runs;
        let run = runs.first().cloned().unwrap_or(start..start);
        let decoded = decode(text.as_bytes(), run, false)?;
        Some((
            String::from_utf8_lossy(&decoded.bytes).into_owned(),
            decoded.encoding,
        ))
    }

    fn base64(text: &[u8]) -> String {
        data_encoding::BASE64.encode(text)
    }

    fn wrapped(text: &str, width: usize, between: &str) -> String {
        let lines: Vec<&str> = text
            .as_bytes()
            .chunks(width)
            .map(|line| std::str::from_utf8(line).unwrap())
            .collect();
        lines.join(between)
    }

    #[test]
    fn the_last_mark_among_letters_is_told() {
        let mut next = numbers(3);
        for _ in 0..2000 {
            let few = 1 + next(64);
            let letters: [u8; LONG_WORD] =
                std::array::from_fn(|_| LETTERS[LETTERS.len() - 1 - next(few)]);
            let expected = letters.iter().rposition(|letter| b"+-/_".contains(letter));
            assert_eq!(last_mark(&letters), expected, "{letters:?}");
        }
        assert_eq!(last_mark(b"abcdefghijklmnop"), None);
    }

    #[test]
    fn base64_is_decoded_however_it_is_laid_out() {
        let plain = base64(TEXT.as_bytes());
        for text in [
            plain.clone(),
            format!("key={plain}"),
            format!("data:text/plain;base64,{plain}"),
            format!("https://host.example/blob/{plain}"),
            wrapped(&plain, 64, "\n"),
            wrapped(&plain, 62, "\r\n"),
            format!("key: |\n  {}\nother: x", wrapped(&plain, 40, "\n  ")),
            format!("key=\"{}\"", wrapped(&plain, 40, "\" +\n    \"")),
            format!("key=\"{}\"", wrapped(&plain, 40, "\\n")),
            format!("key='{}'", wrapped(&plain, 40, "\\\n")),
            format!("# {}\n", wrapped(&plain, 60, "\n# ")),
            format!("{}\nThis is a text\n", wrapped(&plain, 76, "\n")),
            format!("{plain}\nA_NAME=its value\n"),
        ] {
            let (found, encoding) = decoded(&text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(
                (found.as_str(), encoding),
                (TEXT, Encoding::Base64),
                "{text}"
            );
        }
        let url = data_encoding::BASE64URL_NOPAD
            .encode("some text that has ~~~ and ??? in it".as_bytes());
        assert_eq!(decoded(&url).unwrap().1, Encoding::Base64Url);
    }

    #[test]
    fn hex_is_decoded_and_only_where_it_is_text() {
        let hex: String = TEXT.bytes().map(|byte| format!("{byte:02x}")).collect();
        for text in [
            hex.clone(),
            hex.to_uppercase(),
            format!("0x{hex}"),
            wrapped(&hex, 32, "\n"),
        ] {
            assert_eq!(
                decoded(&text),
                Some((TEXT.to_owned(), Encoding::Hex)),
                "{text}"
            );
        }
        for text in [
            "9e107d9d372bb6826bd81d3542a419d6",
            "da39a3ee5e6b4b0d3255bfef95601890afd80709",
            "src/components/some/long/path/to_a_file",
            "AVeryLongIdentifierThatIsNoBase64AtAll",
        ] {
            assert_eq!(decoded(text), None, "{text}");
        }
    }

    #[test]
    fn a_run_that_was_cut_is_decoded_from_its_first_whole_group() {
        let plain = base64(TEXT.as_bytes());
        for cut in 1..5 {
            let rest = &plain.as_bytes()[cut..];
            let run = 0..rest
                .iter()
                .position(|&byte| byte == b'=')
                .unwrap_or(rest.len());
            let found = decode(rest, run, true).unwrap();
            assert!(TEXT.as_bytes().ends_with(&found.bytes), "{cut}");
        }
    }

    #[test]
    fn every_byte_leads_back_to_the_letters_that_hold_it() {
        let text = format!(
            "key = {}",
            wrapped(&base64(TEXT.as_bytes()), 30, "\n      ")
        );
        let found = decode(text.as_bytes(), 6..36, false).unwrap();
        let secret = TEXT.find("sesame").unwrap();
        let (start, end) = found
            .map
            .range_to_source(ViewRange::new(secret, secret + 6));
        let letters: Vec<u8> = text[start as usize..end as usize]
            .bytes()
            .filter(|&byte| is_letter(byte))
            .collect();
        assert_eq!(letters.len() % 4, 0);
        let again = data_encoding::BASE64.decode(&letters).unwrap();
        assert!(again.windows(6).any(|part| part == b"sesame") && again.len() <= 12);
    }
}
