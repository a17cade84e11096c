//! What a value looks like: its characters, the words in it, and the shapes that it may have.

use super::super::{Said, Subject, letters, not_reference, not_word};
use super::features::{Feature, Features, percent};
use super::words::{self, Known};

/// How much of a value is looked at, in bytes.
const LONGEST: usize = 255;

/// How many hexadecimal digits the digests have that are in use.
const DIGESTS: &[usize] = &[32, 40, 56, 64, 96, 128];

/// The keyboard's rows.
const ROWS: &[&[u8]] = &[b"1234567890", b"qwertyuiop", b"asdfghjkl", b"zxcvbnm"];

/// What a secret is called, within a value.
const SECRET_WORDS: &[&[u8]] = &[
    b"pass", b"secret", b"token", b"key", b"pwd", b"auth", b"cred", b"user", b"admin", b"root",
    b"test", b"your", b"change",
];

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

/// Notes what the value looks like.
pub(super) fn describe(subject: &Subject<'_>, features: &mut Features) {
    let all = subject.secret;
    let value = &all[..all.len().min(LONGEST)];
    features.set(Feature::ValueLength, all.len());
    characters(value, features);
    runs(value, features);
    words_in(value, features);
    shapes(value, features);
    signs(value, features);
    judgements(subject, value, features);
}

/// Which characters there are, and how many of each.
fn characters(value: &[u8], features: &mut Features) {
    let mut kinds = [0_usize; 7];
    let mut seen = [0_u8; 256];
    for &byte in value {
        kinds[kind(byte) as usize] += 1;
        seen[usize::from(byte)] = seen[usize::from(byte)].saturating_add(1);
    }
    let share = |kind: Kind| percent(kinds[kind as usize], value.len());
    features.set(Feature::ValueLower, share(Kind::Lower));
    features.set(Feature::ValueUpper, share(Kind::Upper));
    features.set(Feature::ValueDigits, share(Kind::Digit));
    features.set(Feature::ValueSymbols, share(Kind::Symbol));
    features.set(Feature::ValueSpaces, kinds[Kind::Blank as usize]);
    features.set(Feature::ValueForeign, kinds[Kind::Foreign as usize]);
    let distinct = seen.iter().filter(|&&count| count > 0).count();
    let most = seen.iter().max().copied().unwrap_or_default();
    features.set(Feature::ValueDistinct, distinct);
    features.set(Feature::ValueMost, percent(usize::from(most), value.len()));
    features.set(Feature::ValueFirst, sign(value.first()));
    features.set(Feature::ValueLast, sign(value.last()));
}

/// How characters follow each other.
fn runs(value: &[u8], features: &mut Features) {
    let (mut repeat, mut longest_repeat, mut turns, mut steps, mut row) = (1, 1, 0, 0, 0);
    for pair in value.windows(2) {
        repeat = if pair[0] == pair[1] { repeat + 1 } else { 1 };
        longest_repeat = longest_repeat.max(repeat);
        turns += usize::from(kind(pair[0]) != kind(pair[1]));
        steps += usize::from(matches!(pair[1].wrapping_sub(pair[0]), 0 | 1 | 255));
        row += usize::from(is_beside(pair[0], pair[1]));
    }
    let pairs = value.len().saturating_sub(1);
    features.set(Feature::ValueRun, longest_repeat.min(value.len()));
    features.set(Feature::ValueTurns, percent(turns, pairs));
    features.set(Feature::ValueSteps, percent(steps, pairs));
    features.set(Feature::ValueRow, percent(row, pairs));
    let (mut digit_runs, mut longest_digits) = (0, 0);
    let (mut letter_runs, mut longest_letters) = (0, 0);
    for run in value.chunk_by(|left, right| {
        left.is_ascii_alphabetic() == right.is_ascii_alphabetic()
            && left.is_ascii_digit() == right.is_ascii_digit()
    }) {
        if run[0].is_ascii_digit() {
            digit_runs += 1;
            longest_digits = longest_digits.max(run.len());
        } else if run[0].is_ascii_alphabetic() {
            letter_runs += 1;
            longest_letters = longest_letters.max(run.len());
        }
    }
    features.set(Feature::ValueDigitRuns, digit_runs);
    features.set(Feature::ValueLongestDigits, longest_digits);
    features.set(Feature::ValueLetterRuns, letter_runs);
    features.set(Feature::ValueLongestLetters, longest_letters);
    let tail = value.iter().rev().take_while(|byte| byte.is_ascii_digit());
    features.set(Feature::ValueTail, tail.count());
}

/// Whether two keys are beside each other on the keyboard.
fn is_beside(left: u8, right: u8) -> bool {
    const fn places() -> [u8; 128] {
        let mut places = [0; 128];
        let mut row = 0;
        while row < ROWS.len() {
            let mut at = 0;
            while at < ROWS[row].len() {
                let place = (row * 16 + at + 1) as u8;
                places[ROWS[row][at] as usize] = place;
                places[ROWS[row][at].to_ascii_uppercase() as usize] = place;
                at += 1;
            }
            row += 1;
        }
        places
    }
    const PLACES: [u8; 128] = places();
    let place = |byte: u8| PLACES.get(usize::from(byte)).copied().unwrap_or_default();
    let (left, right) = (place(left), place(right));
    left != 0 && right != 0 && left.abs_diff(right) == 1
}

/// How much of it is words.
fn words_in(value: &[u8], features: &mut Features) {
    let (mut letters, mut vowels, mut sum, mut worst) = (0, 0, 0, 0);
    let mut known = Known::default();
    for run in words::runs(value) {
        // In eighths of a bit, as they are counted: whole numbers.
        let surprise = (letters::surprise(run) * 8.0) as usize;
        letters += run.len();
        sum += surprise * run.len();
        if run.len() > 2 {
            worst = worst.max(surprise);
        }
        let is_vowel = |byte: &&u8| b"aeiouyAEIOUY".contains(byte);
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
    let mut buffer = [0; LONGEST];
    let lower = &mut buffer[..value.len()];
    lower.copy_from_slice(value);
    lower.make_ascii_lowercase();
    let holds = |word: &&&[u8]| lower.windows(word.len()).any(|part| part == **word);
    let first = SECRET_WORDS
        .iter()
        .filter(|word| word.len() <= lower.len())
        .filter(holds)
        .count();
    features.set(Feature::ValueSecretWord, first);
}

/// Shapes that whole values have.
fn shapes(value: &[u8], features: &mut Features) {
    let all = |is: fn(&u8) -> bool| !value.is_empty() && value.iter().all(is);
    let is_hex = all(u8::is_ascii_hexdigit);
    features.mark(Feature::ValueHex, is_hex);
    features.mark(
        Feature::ValueHexLength,
        is_hex && DIGESTS.contains(&value.len()),
    );
    let body = value
        .strip_suffix(b"==")
        .or_else(|| value.strip_suffix(b"="))
        .unwrap_or(value);
    let is_base64 = body
        .iter()
        .all(|byte| byte.is_ascii_alphanumeric() || b"+/-_".contains(byte));
    let is_padded = body.len() < value.len();
    features.set(
        Feature::ValueBase64,
        match (is_base64, is_padded, value.len().is_multiple_of(4)) {
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
    let is_name = all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
        && !value.first().is_some_and(u8::is_ascii_digit);
    features.mark(Feature::ValueIdentifier, is_name);
    let edges = value
        .windows(2)
        .filter(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase());
    features.set(Feature::ValueCamel, edges.count());
    let is_number = all(|byte| byte.is_ascii_digit() || b".-xX".contains(byte));
    features.mark(Feature::ValueNumber, is_number);
    let crypt = matches!(
        value,
        [b'$', b'1' | b'2' | b'5' | b'6' | b'a' | b'y' | b'P', ..]
    );
    features.mark(Feature::ValueHash, crypt);
}

/// Signs within it that code, templates, paths and addresses have.
fn signs(value: &[u8], features: &mut Features) {
    let mut count = [0_usize; 128];
    for &byte in value {
        if let Some(count) = count.get_mut(usize::from(byte)) {
            *count += 1;
        }
    }
    let of = |byte: u8| count[usize::from(byte)];
    features.set(Feature::ValueKebab, of(b'-'));
    features.set(Feature::ValueSnake, of(b'_'));
    features.set(Feature::ValueDots, of(b'.'));
    features.set(Feature::ValueSlashes, of(b'/'));
    features.set(Feature::ValueColons, of(b':'));
    features.set(Feature::ValueEscapes, of(b'\\'));
    let is_address = of(b':') > 0 && memchr::memmem::find(value, b"://").is_some();
    features.mark(Feature::ValueAddress, is_address);
    let brackets =
        of(b'{') + of(b'[') + of(b'(') + of(b'<') + of(b'}') + of(b']') + of(b')') + of(b'>');
    features.set(Feature::ValueBrackets, brackets);
    let code =
        of(b';') + of(b',') + of(b'"') + of(b'\'') + of(b'|') + of(b'?') + of(b'*') + of(b'&');
    features.set(Feature::ValueCode, code);
}

/// What the checks of other rules say of it.
fn judgements(subject: &Subject<'_>, value: &[u8], features: &mut Features) {
    let rejects = |said: Said| matches!(said, Said::Rejected(_));
    let reference = match not_reference::is_reference(value, subject.quoted) {
        true => 2,
        false => usize::from(rejects(not_reference::run(subject, 0.0))),
    };
    features.set(Feature::ValueReference, reference);
    features.mark(Feature::ValueWordy, not_word::is_wordy(value));
    features.mark(Feature::ValueStruck, rejects(not_word::run(subject, 0.0)));
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
    let known = |parts: &&[&[u8]]| parts.iter().any(|part| value.starts_with(part));
    BEGINNINGS.iter().position(known).map_or(0, |at| at + 1)
}
