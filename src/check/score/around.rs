//! What stands around a value: how it is given to its name, the rest of its line, and the lines near it.

use super::super::Subject;
use super::features::{Feature, Features};
use crate::check::packed::{LOWER, first, load};
use crate::simd::{Kinds, LANES, kinds};

/// How far is looked to each side of what matched, in bytes; a multiple of 64.
const NEAR: usize = 256;

/// Both sides, the value and its name left out, and after them what makes eight bytes of the last.
const ROOM: usize = 2 * NEAR + 8;

/// How many groups of bytes that makes.
const WORDS: usize = 2 * NEAR / LANES;

/// So many letters of a word are looked up.
const LETTERS: usize = 4;

/// What words that begin so speak of, whatever their case; a word of three letters is meant as a whole.
const BEGINNINGS: &[(Topic, &[&str])] = &[
    (
        Topic::User,
        &["user", "logi", "emai", "acco", "root", "admi"],
    ),
    (
        Topic::Host,
        &[
            "host", "port", "url", "serv", "data", "jdbc", "endp", "conn",
        ],
    ),
    (
        Topic::Sample,
        &["exam", "samp", "plac", "your", "dumm", "fake"],
    ),
    (
        Topic::Test,
        &["test", "asse", "expe", "mock", "shou", "inva", "wron"],
    ),
    (Topic::Secret, &["pass", "secr", "toke", "key", "keys"]),
    (
        Topic::Crypto,
        &[
            "nonc", "ciph", "plai", "vect", "dige", "hmac", "encr", "sign", "publ", "mess",
        ],
    ),
    (
        Topic::Code,
        &[
            "func", "retu", "priv", "stat", "cons", "fina", "stri", "new", "impo", "def", "var",
            "let", "if",
        ],
    ),
    (Topic::Shell, &["expo", "curl", "dock", "sudo"]),
    (Topic::Address, &["http"]),
];

/// What a word near a value speaks of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Topic {
    User = 1,
    Host,
    Sample,
    Test,
    Secret,
    Crypto,
    Code,
    Shell,
    Address,
}

/// How many topics there are, none among them, rounded up.
const TOPICS: usize = 16;

/// The beginnings as numbers, each at its own place: so one look tells.
struct Beginnings {
    keys: [u32; PLACES],
    topics: [u8; PLACES],
    factor: u32,
}

const PLACES: usize = 512;

static TABLE: Beginnings = Beginnings::new();

impl Beginnings {
    /// Tries factors until no two beginnings come to the same place.
    const fn new() -> Beginnings {
        let mut factor = 0x9e37_79b9_u32;
        loop {
            if let Some(table) = Beginnings::with(factor) {
                return table;
            }
            factor = factor.wrapping_mul(0x0019_660d) | 1;
        }
    }

    const fn with(factor: u32) -> Option<Beginnings> {
        let mut table = Beginnings {
            keys: [0; PLACES],
            topics: [0; PLACES],
            factor,
        };
        let mut list = 0;
        while list < BEGINNINGS.len() {
            let (topic, words) = BEGINNINGS[list];
            let mut at = 0;
            while at < words.len() {
                let word = words[at].as_bytes();
                let mut key = 0;
                let mut letter = 0;
                while letter < word.len() {
                    key |= (word[letter] as u32) << (8 * letter);
                    letter += 1;
                }
                let place = table.place(key);
                if table.keys[place] != 0 {
                    return None;
                }
                table.keys[place] = key;
                table.topics[place] = topic as u8;
                at += 1;
            }
            list += 1;
        }
        Some(table)
    }

    const fn place(&self, key: u32) -> usize {
        (key.wrapping_mul(self.factor) >> 23) as usize % PLACES
    }

    /// What a word that begins so speaks of; 0 for nothing.
    fn topic(&self, key: u32) -> usize {
        let place = self.place(key);
        let is_it = self.keys[place] == key;
        usize::from(self.topics[place]) * usize::from(is_it)
    }
}

/// Notes what stands around the value.
pub(super) fn describe(subject: &Subject<'_>, features: &mut Features) {
    let name = subject.name.unwrap_or_default();
    // A rule of one's own may match more behind the value, or have no name before it.
    let between = subject.whole.get(name.len()..subject.lead);
    given(subject, between.unwrap_or_default(), features);
    let before = &subject.head[..subject.head.len().saturating_sub(subject.lead)];
    follows(subject, features);
    let left = &before[before.len().saturating_sub(NEAR)..];
    let right = &subject.tail[..subject.tail.len().min(NEAR)];
    let start = memchr::memrchr(b'\n', left).map_or(0, |at| at + 1);
    let end = memchr::memchr(b'\n', right).unwrap_or(right.len());
    line(subject, &left[start..], &right[..end], features);
    let mut window = Window {
        bytes: [0; ROOM],
        from: NEAR - left.len(),
        line: NEAR - (left.len() - start)..NEAR + end,
    };
    window.bytes[window.from..NEAR].copy_from_slice(left);
    window.bytes[NEAR..NEAR + right.len()].copy_from_slice(right);
    window.describe(name, subject.secret, features);
}

/// How the value is given to the name.
fn given(subject: &Subject<'_>, between: &[u8], features: &mut Features) {
    let quote = match between.last() {
        _ if !subject.quoted => 0,
        Some(b'"') => 1,
        Some(b'\'') => 2,
        Some(b'`') => 3,
        Some(b'>') => 4,
        _ => 5,
    };
    features.set(Feature::Quote, quote);
    let trimmed = between.trim_ascii_start();
    let quoted_name = trimmed
        .first()
        .is_some_and(|byte| matches!(byte, b'"' | b'\'' | b'`' | b'\\'));
    features.mark(Feature::NameQuoted, quoted_name && between.len() > 1);
    let operator = between
        .iter()
        .position(|byte| matches!(byte, b'=' | b':' | b'(' | b',' | b'>' | b'|' | b'?'));
    let rest = operator.map_or(&b""[..], |at| &between[at..]);
    let how = match rest {
        [b'=', b'=', ..] => 6,
        [b'=', b'>', ..] => 7,
        [b':', b'=', ..] => 8,
        [b'=', b' ', ..] => 1,
        [b'=', ..] => 2,
        [b':', b' ', ..] => 3,
        [b':', ..] => 4,
        [b'(', ..] => 5,
        [b',', ..] => 9,
        [b'>', ..] => 10,
        [_, ..] => 11,
        [] => 0,
    };
    features.set(Feature::Between, how);
    features.set(Feature::BetweenLength, between.len());
    let opens = |byte: &&u8| matches!(byte, b'(' | b'[' | b'{');
    features.set(Feature::BetweenCall, between.iter().filter(opens).count());
    let holds = |part: &[u8]| memchr::memmem::find(between, part).is_some();
    features.mark(
        Feature::BetweenBytes,
        holds(b"byte") || holds(b"b\"") || holds(b"b'") || holds(b"64") || holds(b"hex"),
    );
}

/// What follows the value.
fn follows(subject: &Subject<'_>, features: &mut Features) {
    let after = subject.after;
    let sign = match after.first() {
        None => 0,
        Some(b'"' | b'\'' | b'`') => match after.get(1) {
            Some(b',') => 1,
            Some(b';') => 2,
            Some(b')') => 3,
            Some(b'\n' | b'\r') | None => 4,
            Some(b' ') => 5,
            Some(b']' | b'}') => 6,
            Some(b':') => 7,
            Some(b'.') => 8,
            Some(b'+') => 9,
            Some(_) => 10,
        },
        Some(b'\n' | b'\r') => 11,
        Some(b' ' | b'\t') => 12,
        Some(b',') => 13,
        Some(b';') => 14,
        Some(b')') => 15,
        Some(b'<') => 16,
        Some(b'&') => 17,
        Some(b'}' | b']') => 18,
        Some(b'\\') => 19,
        Some(_) => 20,
    };
    features.set(Feature::After, sign);
}

/// The rest of the line.
fn line(subject: &Subject<'_>, left: &[u8], right: &[u8], features: &mut Features) {
    features.set(
        Feature::LineLength,
        (left.len() + subject.whole.len() + right.len()) / 2,
    );
    let trimmed = left.trim_ascii_start();
    features.set(Feature::LineIndent, left.len() - trimmed.len());
    features.set(Feature::LineBefore, trimmed.len());
    let comment = match trimmed {
        [b'/', b'/' | b'*', ..] => 1,
        [b'#', ..] => 2,
        [b'*', ..] => 3,
        [b'<', b'!', ..] => 4,
        [b';', ..] | [b'-', b'-', b' ', ..] | [b'%', ..] => 5,
        _ => 0,
    };
    features.set(Feature::LineComment, comment);
    let count = |is: fn(u8) -> bool| {
        let of = |part: &[u8]| -> u16 { part.iter().map(|&byte| u16::from(is(byte))).sum() };
        usize::from(of(left) + of(right))
    };
    let quotes = count(|byte| matches!(byte, b'"' | b'\'' | b'`'));
    features.set(Feature::LineQuotes, quotes);
    let markup = count(|byte| matches!(byte, b'<' | b'>'));
    features.set(Feature::LineMarkup, markup);
}

/// What is to both sides of a match.
struct Window {
    /// The left side up to the middle, the right side from there; zeros where a text ends sooner.
    bytes: [u8; ROOM],
    /// Where the left side begins.
    from: usize,
    /// Where the line is.
    line: std::ops::Range<usize>,
}

/// Letters and digits of a window, as bits.
struct Marks {
    /// Where words begin: the first letter or digit, and each capital behind a small letter.
    starts: [u64; WORDS],
    /// Where no word goes on.
    stops: [u64; WORDS + 1],
}

impl Marks {
    /// How long the word is that begins at a place, of which only the first [`LETTERS`] count.
    fn length(&self, group: usize, bit: usize) -> usize {
        let behind = self.stops[group] >> bit >> 1;
        let next = self.stops[group + 1] << (LANES - 1 - bit);
        1 + (behind | next | 1 << (LETTERS - 1)).trailing_zeros() as usize
    }
}

impl Window {
    fn marks(&self) -> Marks {
        let mut marks = Marks {
            starts: [0; WORDS],
            stops: [u64::MAX; WORDS + 1],
        };
        let mut all = [Kinds::default(); WORDS];
        let (groups, _) = self.bytes.as_chunks();
        kinds(groups, &mut all);
        let (mut word_before, mut lower_before) = (0, 0);
        for (
            at,
            Kinds {
                words,
                lower,
                upper,
            },
        ) in all.into_iter().enumerate()
        {
            if at * LANES == NEAR {
                // The other side: what is between was left out.
                (word_before, lower_before) = (0, 0);
            }
            let starts =
                (words & !(words << 1 | word_before)) | (upper & (lower << 1 | lower_before));
            marks.starts[at] = starts;
            marks.stops[at] = !words | starts;
            word_before = words >> (LANES - 1);
            lower_before = lower >> (LANES - 1);
        }
        marks
    }

    /// Counts what the words speak of, and those that begin as the name and the value do.
    fn describe(&self, name: &[u8], value: &[u8], features: &mut Features) {
        let marks = self.marks();
        // There are fewer words than would not fit.
        let mut near = [0_u16; TOPICS];
        let mut on_line = 0_u32;
        let is_word = |byte: &u8| byte.is_ascii_alphanumeric();
        let key = |text: &[u8]| {
            let from = text.iter().position(is_word).unwrap_or(text.len());
            let text = &text[from..];
            // One or two bytes are everywhere.
            let mask = if text.len() > 2 { first(text.len()) } else { 0 };
            (load(text), mask)
        };
        let (name, name_mask) = key(name);
        let (value, value_mask) = key(value);
        let (mut same, mut again) = (0_u16, 0_u16);
        for group in self.from / LANES..WORDS {
            let mut starts = marks.starts[group];
            while starts != 0 {
                let bit = starts.trailing_zeros() as usize;
                starts &= starts - 1;
                let at = group * LANES + bit;
                let Some(eight) = self.bytes[at..].first_chunk() else {
                    break;
                };
                let text = u64::from_le_bytes(*eight);
                let topic = TABLE.topic(((text | LOWER) & first(marks.length(group, bit))) as u32);
                let count = &mut near[topic % TOPICS];
                *count = count.wrapping_add(1);
                on_line |= u32::from(self.line.contains(&at)) << topic;
                same = same.wrapping_add(u16::from((text ^ name) & name_mask == 0));
                again = again.wrapping_add(u16::from((text ^ value) & value_mask == 0));
            }
        }
        for (topic, feature) in [
            (Topic::User, Feature::NearUser),
            (Topic::Host, Feature::NearHost),
            (Topic::Sample, Feature::NearSample),
            (Topic::Test, Feature::NearTest),
            (Topic::Secret, Feature::NearSecrets),
            (Topic::Crypto, Feature::NearCrypto),
        ] {
            features.set(feature, usize::from(near[topic as usize]));
        }
        for (topic, feature) in [
            (Topic::User, Feature::LineUser),
            (Topic::Host, Feature::LineHost),
            (Topic::Sample, Feature::LineSample),
            (Topic::Code, Feature::LineCode),
            (Topic::Shell, Feature::LineShell),
            (Topic::Address, Feature::LineUrl),
        ] {
            features.0[feature as usize] = u8::from(on_line >> topic as u32 & 1 == 1);
        }
        if name_mask != 0 {
            features.set(Feature::NearSame, usize::from(same));
        }
        if value_mask != 0 {
            features.set(Feature::NearAgain, usize::from(again));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_rule_matches_behind_the_value_is_no_part_of_what_is_before_it() {
        let described = |subject: &Subject<'_>| {
            let mut features = Features::NONE;
            describe(subject, &mut features);
            features.0[Feature::BetweenLength as usize]
        };
        let ours = |name: Option<&'static [u8]>, lead: usize| Subject {
            name,
            whole: b"x=aB3dE6gHzzzzzz",
            lead,
            head: b"x=",
            tail: b"zzzzzz",
            ..Subject::bare(b"aB3dE6gH")
        };
        assert_eq!(described(&ours(None, 2)), 2);
        assert_eq!(described(&ours(Some(b"x"), 2)), 1);
        // The name stands elsewhere.
        assert_eq!(described(&ours(Some(b"a-longer-name"), 2)), 0);
    }
}
