//! What a value looks like: its characters, the words in it, and the shapes that it may have.

use super::super::{Said, Subject, letters, not_word};
use super::features::{Feature, Features, percent};
use super::words::{self, Known};

/// How much of a value is looked at, in bytes.
const LONGEST: usize = 255;

/// How many hexadecimal digits the digests have that are in use.
const DIGESTS: &[usize] = &[32, 40, 56, 64, 96, 128];

/// What a secret is called, within a value, by its first four letters, or its only three.
const SECRET_WORDS: &[[u8; 4]] = &[
    *b"pass", *b"secr", *b"toke", *b"auth", *b"cred", *b"user", *b"admi", *b"root", *b"test",
    *b"your", *b"chan",
];
const SHORT_SECRET_WORDS: &[[u8; 3]] = &[*b"key", *b"pwd"];

/// Kinds of characters.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Lower = 1,
    Upper = 2,
    Digit = 3,
    Blank = 4,
    Symbol = 5,
    Foreign = 6,
}

const fn kind(byte: u8) -> Kind {
    match byte {
        b'a'..=b'z' => Kind::Lower,
        b'A'..=b'Z' => Kind::Upper,
        b'0'..=b'9' => Kind::Digit,
        0..=b' ' | 0x7f => Kind::Blank,
        0x80.. => Kind::Foreign,
        _ => Kind::Symbol,
    }
}

/// The kind of every character.
static KINDS: [u8; 256] = {
    let mut kinds = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        kinds[byte] = kind(byte as u8) as u8;
        byte += 1;
    }
    kinds
};

/// What a value may be if all its characters are such.
const HEX: u8 = 1;
const BASE64: u8 = 2;
const NAME: u8 = 4;
const NUMBER: u8 = 8;

/// What every character may be in.
static SHAPES: [u8; 256] = {
    let mut shapes = [0; 256];
    let mut at = 0;
    while at < 256 {
        let byte = at as u8;
        if byte.is_ascii_hexdigit() {
            shapes[at] |= HEX;
        }
        // Its end is looked at by itself.
        if byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_' | b'=') {
            shapes[at] |= BASE64;
        }
        if byte.is_ascii_alphanumeric() || byte == b'_' {
            shapes[at] |= NAME;
        }
        if byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'x' | b'X') {
            shapes[at] |= NUMBER;
        }
        at += 1;
    }
    shapes
};

/// Which character it is, as a number that tells kinds and the signs that values begin and end with.
const fn sign(byte: Option<&u8>) -> usize {
    match byte {
        None => 0,
        Some(byte) => match *byte {
            b'$' => 10,
            b'<' | b'>' => 11,
            b'{' | b'}' => 12,
            b'[' | b']' => 13,
            b'(' | b')' => 14,
            b'/' => 15,
            b'%' => 16,
            b'@' => 17,
            b'#' => 18,
            b'*' => 19,
            b'_' => 20,
            b'-' => 21,
            b'=' => 22,
            b':' => 23,
            b'.' => 24,
            b'!' => 25,
            b'&' => 26,
            b'\\' => 27,
            byte => kind(byte) as usize,
        },
    }
}

/// Notes what the value looks like; `is_wordy` if it is made of words.
pub(super) fn describe(subject: &Subject<'_>, is_wordy: bool, features: &mut Features) {
    let all = subject.secret;
    let value = &all[..all.len().min(LONGEST)];
    features.set(Feature::ValueLength, all.len());
    let seen = Seen::of(value);
    characters(&seen, value, features);
    runs(&seen, value, features);
    words_in(value, features);
    shapes(&seen, value, features);
    signs(&seen, value, features);
    judgements(subject, is_wordy, features);
}

/// What one look at every character tells.
struct Seen {
    /// How often each character is there; no value is so long that one would not fit.
    counts: [u8; 256],
    /// How many there are of each kind.
    kinds: [u8; 8],
    /// What all characters may be in.
    shapes: u8,
    /// How many different ones there are, and how many of the most frequent one.
    distinct: u8,
    most: u8,
    /// The longest run of one character, and pairs: of two kinds, of neighbours, of keys beside each other, from lower to upper case.
    longest_repeat: u8,
    turns: u8,
    steps: u8,
    row: u8,
    camel: u8,
    letters: Runs,
    digits: Runs,
}

/// Runs of characters of a kind: how many, the longest, the last one if the value ends with it.
#[derive(Clone, Copy, Default)]
struct Runs {
    count: u8,
    longest: u8,
    current: u8,
}

impl Runs {
    fn see(&mut self, is_one: bool) {
        more(&mut self.current, true);
        self.current *= u8::from(is_one);
        more(&mut self.count, self.current == 1);
        self.longest = self.longest.max(self.current);
    }
}

/// Counts one more if it is so; no value is so long that it would not fit.
fn more(count: &mut u8, is_so: bool) {
    *count = count.wrapping_add(u8::from(is_so));
}

impl Seen {
    fn of(value: &[u8]) -> Seen {
        let mut seen = Seen {
            counts: [0; 256],
            kinds: [0; 8],
            shapes: u8::MAX,
            distinct: 0,
            most: 0,
            longest_repeat: 0,
            turns: 0,
            steps: 0,
            row: 0,
            camel: 0,
            letters: Runs::default(),
            digits: Runs::default(),
        };
        let mut before = value.first().copied().unwrap_or_default();
        let mut kind_before = KINDS[usize::from(before)];
        let mut repeat = 0;
        for (at, &byte) in value.iter().enumerate() {
            let kind = KINDS[usize::from(byte)];
            more(&mut seen.kinds[usize::from(kind % 8)], true);
            seen.shapes &= SHAPES[usize::from(byte)];
            let count = &mut seen.counts[usize::from(byte)];
            more(count, true);
            more(&mut seen.distinct, *count == 1);
            seen.most = seen.most.max(*count);
            repeat *= u8::from(byte == before);
            more(&mut repeat, true);
            seen.longest_repeat = seen.longest_repeat.max(repeat);
            more(&mut seen.turns, kind != kind_before);
            // The first has none before it.
            let is_step = matches!(byte.wrapping_sub(before), 0 | 1 | 255);
            more(&mut seen.steps, is_step && at > 0);
            more(&mut seen.row, letters::is_beside(before, byte));
            let is_camel = kind_before == Kind::Lower as u8 && kind == Kind::Upper as u8;
            more(&mut seen.camel, is_camel);
            seen.letters.see(kind <= Kind::Upper as u8);
            seen.digits.see(kind == Kind::Digit as u8);
            (before, kind_before) = (byte, kind);
        }
        seen
    }

    fn of_kind(&self, kind: Kind) -> usize {
        usize::from(self.kinds[kind as usize])
    }

    fn count(&self, byte: u8) -> usize {
        usize::from(self.counts[usize::from(byte)])
    }

    fn all(&self, shape: u8) -> bool {
        self.shapes & shape != 0
    }
}

/// Which characters there are, and how many of each.
fn characters(seen: &Seen, value: &[u8], features: &mut Features) {
    let share = |kind: Kind| percent(seen.of_kind(kind), value.len());
    features.set(Feature::ValueLower, share(Kind::Lower));
    features.set(Feature::ValueUpper, share(Kind::Upper));
    features.set(Feature::ValueDigits, share(Kind::Digit));
    features.set(Feature::ValueSymbols, share(Kind::Symbol));
    features.set(Feature::ValueSpaces, seen.of_kind(Kind::Blank));
    features.set(Feature::ValueForeign, seen.of_kind(Kind::Foreign));
    features.set(Feature::ValueDistinct, usize::from(seen.distinct));
    let most = percent(usize::from(seen.most), value.len());
    features.set(Feature::ValueMost, most);
    features.set(Feature::ValueFirst, sign(value.first()));
    features.set(Feature::ValueLast, sign(value.last()));
}

/// How characters follow each other.
fn runs(seen: &Seen, value: &[u8], features: &mut Features) {
    let pairs = value.len().saturating_sub(1);
    let share = |count: u8| percent(usize::from(count), pairs);
    features.set(Feature::ValueRun, usize::from(seen.longest_repeat));
    features.set(Feature::ValueTurns, share(seen.turns));
    features.set(Feature::ValueSteps, share(seen.steps));
    features.set(Feature::ValueRow, share(seen.row));
    let (letters, digits) = (seen.letters, seen.digits);
    features.set(Feature::ValueDigitRuns, usize::from(digits.count));
    features.set(Feature::ValueLongestDigits, usize::from(digits.longest));
    features.set(Feature::ValueLetterRuns, usize::from(letters.count));
    features.set(Feature::ValueLongestLetters, usize::from(letters.longest));
    features.set(Feature::ValueTail, usize::from(digits.current));
    features.set(Feature::ValueCamel, usize::from(seen.camel));
}

/// How much of it is words.
fn words_in(value: &[u8], features: &mut Features) {
    /// `aeiouy`, by their numbers in the alphabet.
    const VOWELS: u32 = 1 << 1 | 1 << 5 | 1 << 9 | 1 << 15 | 1 << 21 | 1 << 25;
    let (mut letters, mut vowels, mut sum, mut worst) = (0, 0, 0, 0);
    let mut known = Known::default();
    for run in words::runs(value) {
        // In eighths of a bit, as they are counted: whole numbers.
        let surprise = letters::eighths(run);
        letters += run.len();
        sum += surprise * run.len();
        if run.len() > 2 {
            worst = worst.max(surprise);
        }
        let is_vowel = |byte: &&u8| VOWELS >> (**byte % 32) & 1 == 1;
        vowels += run.iter().filter(is_vowel).count();
        let of_run = words::known(run);
        known.letters += of_run.letters;
        known.words += of_run.words;
        known.longest = known.longest.max(of_run.longest);
    }
    features.set(Feature::ValueVowels, percent(vowels, letters));
    features.set(
        Feature::ValueSurprise,
        sum.checked_div(letters).unwrap_or_default(),
    );
    features.set(Feature::ValueWorst, worst);
    features.set(Feature::ValueKnown, percent(known.letters, letters));
    features.set(Feature::ValueWordsKnown, known.words);
    features.set(Feature::ValueLongestKnown, known.longest);
    features.set(Feature::ValueSecretWord, secret_words(value));
}

/// How many different words for a secret are in a value.
fn secret_words(value: &[u8]) -> usize {
    /// What the words begin with, by their numbers in the alphabet.
    const FIRST: u32 = {
        let mut first = 0;
        let mut at = 0;
        while at < SECRET_WORDS.len() {
            first |= 1 << (SECRET_WORDS[at][0] % 32);
            at += 1;
        }
        first | 1 << (b'k' % 32)
    };
    let mut found = 0_u32;
    for four in value.windows(4) {
        if FIRST >> (four[0] % 32) & 1 == 1 {
            let four = [
                four[0] | 0x20,
                four[1] | 0x20,
                four[2] | 0x20,
                four[3] | 0x20,
            ];
            for (word, bit) in SECRET_WORDS.iter().zip(0..) {
                found |= u32::from(four == *word) << bit;
            }
            for (word, bit) in SHORT_SECRET_WORDS.iter().zip(SECRET_WORDS.len()..) {
                found |= u32::from(four.starts_with(word)) << bit;
            }
        }
    }
    if let Some(last) = value.last_chunk::<3>() {
        let last = last.map(|byte| byte | 0x20);
        for (word, bit) in SHORT_SECRET_WORDS.iter().zip(SECRET_WORDS.len()..) {
            found |= u32::from(last == *word) << bit;
        }
    }
    found.count_ones() as usize
}

/// Shapes that whole values have.
fn shapes(seen: &Seen, value: &[u8], features: &mut Features) {
    let is_hex = seen.all(HEX) && !value.is_empty();
    features.mark(Feature::ValueHex, is_hex);
    features.mark(
        Feature::ValueHexLength,
        is_hex && DIGESTS.contains(&value.len()),
    );
    let padding = match value {
        [.., b'=', b'='] => 2,
        [.., b'='] => 1,
        _ => 0,
    };
    let is_base64 = seen.all(BASE64) && seen.count(b'=') == padding;
    features.set(
        Feature::ValueBase64,
        match (is_base64, padding > 0, value.len().is_multiple_of(4)) {
            (false, ..) => 0,
            (true, false, false) => 1,
            (true, false, true) => 2,
            (true, true, false) => 3,
            (true, true, true) => 4,
        },
    );
    const HYPHENS: &[usize] = &[8, 13, 18, 23];
    let is_uuid = value.len() == 36
        && value.iter().enumerate().all(|(at, byte)| {
            if HYPHENS.contains(&at) {
                *byte == b'-'
            } else {
                byte.is_ascii_hexdigit()
            }
        });
    features.mark(Feature::ValueUuid, is_uuid);
    let starts_with_digit = value.first().is_none_or(u8::is_ascii_digit);
    features.mark(
        Feature::ValueIdentifier,
        seen.all(NAME) && !starts_with_digit,
    );
    let is_number = seen.all(NUMBER) && !value.is_empty();
    features.mark(Feature::ValueNumber, is_number);
    let crypt = matches!(
        value,
        [b'$', b'1' | b'2' | b'5' | b'6' | b'a' | b'y' | b'P', ..]
    );
    features.mark(Feature::ValueHash, crypt);
}

/// Signs within it that code, templates, paths and addresses have.
fn signs(seen: &Seen, value: &[u8], features: &mut Features) {
    let of = |byte: u8| seen.count(byte);
    features.set(Feature::ValueKebab, of(b'-'));
    features.set(Feature::ValueSnake, of(b'_'));
    features.set(Feature::ValueDots, of(b'.'));
    features.set(Feature::ValueSlashes, of(b'/'));
    features.set(Feature::ValueColons, of(b':'));
    features.set(Feature::ValueEscapes, of(b'\\'));
    let is_address = of(b':') > 0 && of(b'/') > 1 && memchr::memmem::find(value, b"://").is_some();
    features.mark(Feature::ValueAddress, is_address);
    let brackets =
        of(b'{') + of(b'[') + of(b'(') + of(b'<') + of(b'}') + of(b']') + of(b')') + of(b'>');
    features.set(Feature::ValueBrackets, brackets);
    let code =
        of(b';') + of(b',') + of(b'"') + of(b'\'') + of(b'|') + of(b'?') + of(b'*') + of(b'&');
    features.set(Feature::ValueCode, code);
}

/// What the checks of other rules say of it.
fn judgements(subject: &Subject<'_>, is_wordy: bool, features: &mut Features) {
    let value = subject.secret;
    let rejects = |said: Said| matches!(said, Said::Rejected(_));
    features.mark(Feature::ValueWordy, is_wordy);
    let is_struck = is_wordy || rejects(not_word::unless_wordy(value));
    features.mark(Feature::ValueStruck, is_struck);
    features.set(Feature::ValueBeginning, beginning(value));
}

/// What a value begins with that tells what it is, as the place in a list; 0 for none of them.
fn beginning(value: &[u8]) -> usize {
    /// Public keys and certificates, tokens, hashes, what is encrypted or written otherwise, numbers.
    const BEGINNINGS: &[&[&[u8]]] = &[
        &[
            b"ssh-", b"AAAA", b"MFww", b"MIIB", b"MIGf", b"MIIC", b"MIID", b"MIIE", b"ecdsa-",
        ],
        &[b"eyJ"],
        &[b"-----BEGIN", b"LS0t"],
        &[
            b"$2", b"$1$", b"$5$", b"$6$", b"$argon", b"{SSHA", b"{bcrypt", b"{MD5", b"pbkdf2",
        ],
        &[
            b"ENC(",
            b"ENC[",
            b"{cipher}",
            b"{AES",
            b"vault:",
            b"AQICA",
            b"gAAAA",
        ],
        &[b"0x", b"\\x"],
        &[b"sha", b"md5"],
        &[b"{\\", b"{\"", b"[{", b"{'"],
        &[
            b"your", b"my", b"YOUR", b"My", b"MY", b"Your", b"the", b"some",
        ],
    ];
    /// Bytes that one of them begins with: most values begin with none.
    static FIRST: [bool; 256] = {
        let mut first = [false; 256];
        let mut list = 0;
        while list < BEGINNINGS.len() {
            let mut at = 0;
            while at < BEGINNINGS[list].len() {
                first[BEGINNINGS[list][at][0] as usize] = true;
                at += 1;
            }
            list += 1;
        }
        first
    };
    if !value.first().is_some_and(|byte| FIRST[usize::from(*byte)]) {
        return 0;
    }
    let known = |parts: &&[&[u8]]| parts.iter().any(|part| value.starts_with(part));
    BEGINNINGS.iter().position(known).map_or(0, |at| at + 1)
}
