//! Values that are words: `password = "wrong password"`, `tokenType: "refresh_token"`. A secret that somebody chose for
//! being a word is missed by this; the words in question stand in every program's source.

use super::{Check, Said, Subject, letters};
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
fn run(subject: &Subject<'_>, _: f32) -> Said {
    if is_wordy(subject.secret) {
        Said::Rejected("it is made of words")
    } else if is_mashed(subject.secret) {
        Said::Rejected("it is keys struck in a row")
    } else {
        Said::Passed
    }
}

/// Whether a value is made of words, with at most a number at the end of each.
pub(super) fn is_wordy(value: &[u8]) -> bool {
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
