//! Values that are words: `password = "wrong password"`, `tokenType: "refresh_token"`. A secret that somebody chose for
//! being a word is missed by this; the words in question stand in every program's source.

use super::{Check, Said, Subject, letters, not_placeholder};
use crate::rules::CheckKind;

pub(super) const CHECK: Check = Check {
    kind: CheckKind::NotWord,
    run,
};

/// Letters that surprise less than this, in bits, are words: 19 of 20 common words do, and 1 of 20 runs of seven random ones.
const WORDLIKE: f32 = 4.9;

/// From so many letters and digits on, words of fewer than two and a half letters on the whole are no words.
const SCRAPPY: usize = 8;

/// So many numbers among its letters no name has.
const MANY_NUMBERS: usize = 4;

/// Rejects values of words, of identifiers, and of sentences.
pub(super) fn run(subject: &Subject<'_>, _: f32) -> Said {
    if is_wordy(subject.secret) {
        Said::Rejected("it is made of words")
    } else {
        unless_wordy(subject.secret)
    }
}

/// What is said of a value that is not made of words.
pub(super) fn unless_wordy(value: &[u8]) -> Said {
    if is_mashed(value) || is_walked(value) {
        Said::Rejected("it is keys struck in a row")
    } else if is_sequence(value) {
        Said::Rejected("it counts")
    } else if is_escaped(value) {
        Said::Rejected("it is a few bytes")
    } else {
        Said::Passed
    }
}

/// Whether a value is made of words, with at most a number at the end of each.
pub(super) fn is_wordy(value: &[u8]) -> bool {
    if is_scoped(value) {
        return true;
    }
    let (mut letters, mut words, mut weighted) = (0_usize, 0_usize, 0.0_f32);
    for word in self::words(value) {
        letters += word.len();
        words += 1;
        weighted += letters::surprise(word) * word.len() as f32;
    }
    let (mut others, mut digit_runs) = (0, 0);
    let mut previous = b' ';
    for &byte in value {
        others += usize::from(byte.is_ascii_digit());
        digit_runs += usize::from(byte.is_ascii_digit() && !previous.is_ascii_digit());
        previous = byte;
    }
    if letters == 0 {
        // Numbers are no words, unless they are short.
        return others < 6;
    }
    // Digits between letters, and letters in scraps, are what words do not have.
    let scraps = letters + others >= SCRAPPY && letters * 2 < words * 5;
    if digit_runs > words || digit_runs >= MANY_NUMBERS || others > letters || scraps {
        return false;
    }
    weighted / (letters as f32) < WORDLIKE
}

/// Whether somebody struck keys without looking, as in `lsdkfol23w54jlksdef`: of the letters, so many are of the keyboard's
/// middle row that chance would hardly do it. Longer values are made by programs; hexadecimal digits have few letters anyway.
fn is_mashed(value: &[u8]) -> bool {
    /// How many of so many letters are hardly ever of the middle row, which has 9 of 26: fewer than 6 times in 1,000 by the
    /// binomial distribution.
    const HARDLY: &[usize] = &[
        1, 2, 3, 4, 5, 5, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
    ];
    const MIDDLE_ROW: &[u8] = b"asdfghjkl";
    let is_plain = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    if value.len() >= HARDLY.len() || !value.iter().all(is_plain) {
        return false;
    }
    let letters = || value.iter().filter(|byte| byte.is_ascii_lowercase());
    let middle = letters().filter(|letter| MIDDLE_ROW.contains(letter));
    middle.count() >= HARDLY[letters().count()] && !letters().all(u8::is_ascii_hexdigit)
}

/// `keyword.php`: a word, and shorter ones behind dots that need be none.
fn is_scoped(value: &[u8]) -> bool {
    const SHORTEST: usize = 5;
    let is_plain = |byte: &u8| byte.is_ascii_lowercase() || *byte == b'.';
    if !value.iter().all(is_plain) {
        return false;
    }
    let mut parts = value.split(|&byte| byte == b'.');
    let first = parts.next().unwrap_or_default();
    let mut rest = parts.peekable();
    first.len() >= SHORTEST
        && rest.peek().is_some()
        && letters::surprise(first) < WORDLIKE
        && rest.all(|part| !part.is_empty() && part.len() < first.len())
}

/// Whether most keys are beside the one before them, as in `qwe789poi123`.
fn is_walked(value: &[u8]) -> bool {
    const SHORTEST: usize = 8;
    // A number such as 123456 behind a word makes many a real password.
    const FEWEST_LETTERS: usize = 2;
    let is_beside = |pair: &&[u8]| letters::is_beside(pair[0], pair[1]);
    let (mut beside, mut letters) = (0, 0);
    for pair in value.windows(2).filter(is_beside) {
        beside += 1;
        letters += usize::from(pair[0].is_ascii_alphabetic());
    }
    value.len() >= SHORTEST && letters >= FEWEST_LETTERS && beside * 10 >= (value.len() - 1) * 6
}

/// Whether two rows of neighbours are woven into each other, as in `a1b2c3d4e5f6`, one odd character before them aside.
fn is_sequence(value: &[u8]) -> bool {
    const SHORTEST: usize = 12;
    if value.len() < SHORTEST {
        return false;
    }
    not_placeholder::is_woven(value) || not_placeholder::is_woven(&value[1..])
}

/// `\xC1\xD3`: bytes written out, fewer than any key has.
fn is_escaped(value: &[u8]) -> bool {
    const SHORTEST_KEY: usize = 16;
    let (escapes, rest) = value.as_chunks::<4>();
    let is_escape = |escape: &[u8; 4]| {
        escape.starts_with(b"\\x") && escape[2..].iter().all(u8::is_ascii_hexdigit)
    };
    rest.is_empty() && escapes.len() < SHORTEST_KEY && escapes.iter().all(is_escape)
}

/// The runs of letters, cut where case changes from lower to upper.
fn words(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    value
        .chunk_by(|left, right| {
            left.is_ascii_alphabetic()
                && right.is_ascii_alphabetic()
                && !(left.is_ascii_lowercase() && right.is_ascii_uppercase())
        })
        .filter(|run| run[0].is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn struck_keys_are_told_from_chance() {
        for text in [
            "lsdkfol23w54jlksdef",
            "askfjh234as9sd8",
            "sdlfkj452",
            "asdfgh",
        ] {
            assert!(is_mashed(text.as_bytes()), "{text}");
        }
        for text in [
            "k3jx9vq2m7wp",
            "uudjwnqe",
            "a65a74c5e5a5d",
            "hunter2x9",
            "123456",
        ] {
            assert!(!is_mashed(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn walks_and_sequences_are_told_from_chance() {
        for text in ["qwe789poi123vbn0", "qwe089234lkjsdf", "23sdf876234"] {
            assert!(is_walked(text.as_bytes()), "{text}");
        }
        for text in ["a1b2c3d4e5f6", "Ja1b2c3d4e5f6a7b8", "f1e2d3c4b5a6f7e8"] {
            assert!(is_sequence(text.as_bytes()), "{text}");
        }
        assert!(is_escaped(br"\xC1\xD3\xC7\xC4"));
        assert!(!is_walked(b"abc123456"));
        for text in ["k3Jx9vQ2mRt7", "8d1f0c5b7a92e46d3b8f", "5eb86c9196ab0391"] {
            let text = text.as_bytes();
            assert!(!is_walked(text) && !is_sequence(text) && !is_escaped(text));
        }
    }

    #[test]
    fn words_are_told_from_random_letters() {
        for text in [
            "password1",
            "refresh_token",
            "accessToken",
            "wrong password",
            "Enter your password",
            "test123",
            "my secret",
            "12345",
            "user-name",
            "keyword.php",
        ] {
            assert!(is_wordy(text.as_bytes()), "{text}");
        }
        for text in [
            "b1lunzw8x",
            "uudjwn",
            "k3Jx9vQ2m",
            "cpwmktkptkr",
            "siY+ttMVsXw5xXA",
            "2915f45ecf872320",
            "297769",
        ] {
            assert!(!is_wordy(text.as_bytes()), "{text}");
        }
    }
}
