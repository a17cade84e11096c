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
    } else if is_mashed(subject.secret) || is_walked(subject.secret) {
        Said::Rejected("it is keys struck in a row")
    } else if is_sequence(subject.secret) {
        Said::Rejected("it counts")
    } else if is_escaped(subject.secret) {
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
    let (mut letters, mut others, mut weighted) = (0_usize, 0_usize, 0.0_f32);
    for word in words(value) {
        let letters_in_it = word
            .iter()
            .filter(|byte| byte.is_ascii_alphabetic())
            .count();
        letters += letters_in_it;
        weighted += letters::surprise(word) * letters_in_it as f32;
    }
    let mut digit_runs = 0;
    let mut previous = b' ';
    for &byte in value {
        if byte.is_ascii_digit() {
            others += 1;
            digit_runs += usize::from(!previous.is_ascii_digit());
        }
        previous = byte;
    }
    if letters == 0 {
        // Numbers are no words, unless they are short.
        return others < 6;
    }
    // Digits between letters, and letters in scraps, are what words do not have.
    let words = words(value).count();
    let scraps = letters + others >= SCRAPPY && letters * 2 < words * 5;
    if digit_runs > words || digit_runs >= MANY_NUMBERS || others > letters || scraps {
        return false;
    }
    weighted / (letters as f32) < WORDLIKE
}

/// Whether somebody struck keys without looking, as in `lsdkfol23w54jlksdef`: of the letters, so many are of the keyboard's
/// middle row that chance would hardly do it. Longer values are made by programs; hexadecimal digits have few letters anyway.
fn is_mashed(value: &[u8]) -> bool {
    const LONGEST: usize = 20;
    const HARDLY: f64 = 0.006;
    const MIDDLE_ROW: &[u8] = b"asdfghjkl";
    const SHARE: f64 = 9.0 / 26.0;
    let is_plain = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    if value.len() > LONGEST || !value.iter().all(is_plain) {
        return false;
    }
    let letters: Vec<u8> = value
        .iter()
        .copied()
        .filter(u8::is_ascii_lowercase)
        .collect();
    if letters.iter().all(u8::is_ascii_hexdigit) {
        return false;
    }
    let middle = letters
        .iter()
        .filter(|letter| MIDDLE_ROW.contains(letter))
        .count();
    // The binomial distribution's tail: so many of the middle row, or more.
    let mut chance = 0.0;
    let mut ways = 1.0;
    for others in 0..=letters.len() - middle {
        let row = (letters.len() - others) as i32;
        chance += ways * SHARE.powi(row) * (1.0 - SHARE).powi(others as i32);
        ways *= (letters.len() - others) as f64 / (others + 1) as f64;
    }
    chance < HARDLY
}

/// `keyword.php`: a word, and shorter ones behind dots that need be none.
fn is_scoped(value: &[u8]) -> bool {
    const SHORTEST: usize = 5;
    let mut parts = value.split(|&byte| byte == b'.');
    let first = parts.next().unwrap_or_default();
    let mut rest = parts.peekable();
    first.len() >= SHORTEST
        && rest.peek().is_some()
        && letters::surprise(first) < WORDLIKE
        && value
            .iter()
            .all(|byte| byte.is_ascii_lowercase() || *byte == b'.')
        && rest.all(|part| !part.is_empty() && part.len() < first.len())
}

/// Whether most keys are beside the one before them, as in `qwe789poi123`.
fn is_walked(value: &[u8]) -> bool {
    const SHORTEST: usize = 8;
    // A number such as 123456 behind a word makes many a real password.
    const FEWEST_LETTERS: usize = 2;
    const ROWS: &[&[u8]] = &[b"1234567890", b"qwertyuiop", b"asdfghjkl", b"zxcvbnm"];
    let place = |byte: u8| {
        let byte = byte.to_ascii_lowercase();
        ROWS.iter().enumerate().find_map(|(row, keys)| {
            let at = keys.iter().position(|&key| key == byte)?;
            Some((row, at))
        })
    };
    let is_beside = |pair: &&[u8]| {
        matches!((place(pair[0]), place(pair[1])), (Some((row, left)), Some((same, right)))
            if row == same && left.abs_diff(right) == 1)
    };
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
    let lower = value.to_ascii_lowercase();
    let (even, odd) = not_placeholder::woven(&lower);
    not_placeholder::is_woven(&even, &odd) || not_placeholder::is_woven(&even[1..], &odd)
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
