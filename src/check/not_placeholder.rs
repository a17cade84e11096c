//! Values that stand for a value: `<password>`, `xxxx`, `your-api-key`, `changeme`, `0123456789abcdef`.

use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use super::{Check, Said, Subject, is_among};
use crate::rules::CheckKind;

pub(super) const CHECK: Check = Check {
    kind: CheckKind::NotPlaceholder,
    run,
};

/// Words that only placeholders hold. None is part of a provider's prefix, and none is so short that chance would put it into
/// a random token.
const WORDS: &[&str] = &[
    "example",
    "sample",
    "placeholder",
    "changeme",
    "change-me",
    "change_me",
    "changethis",
    "replace",
    "redacted",
    "removed",
    "dummy",
    "insert",
    "enter-",
    "enter_",
    "foobar",
    "fixme-",
    "fake_",
    "fake-",
    "notreal",
    "not-real",
    "not_real",
    "yourpass",
    "your-",
    "your_",
    "yoursecret",
    "yourtoken",
    "yourkey",
    "my-secret",
    "my_secret",
    "mysecret",
    "mypassword",
    "my-password",
    "my_password",
    "supersecret",
    "super-secret",
    "super_secret",
    "topsecret",
    "secretpassword",
    "secretkey",
    "secrettoken",
    "testtest",
    "lorem",
    "deadbeef",
    "cafebabe",
    "todo-",
    "put-your",
    "put_your",
    "some-",
    "some_",
    "undefined",
    "hidden",
    "masked",
];

/// Values that are placeholders as a whole.
const WHOLE: &[&str] = &[
    "admin",
    "password",
    "passwd",
    "pass",
    "pwd",
    "secret",
    "token",
    "key",
    "apikey",
    "api-key",
    "api_key",
    "test",
    "testing",
    "tests",
    "user",
    "username",
    "root",
    "guest",
    "default",
    "none",
    "null",
    "nil",
    "true",
    "false",
    "empty",
    "string",
    "value",
    "foo",
    "bar",
    "baz",
    "qux",
    "abc",
    "abcd",
    "abc123",
    "abcdef",
    "xyz",
    "asdf",
    "qwerty",
    "todo",
    "fixme",
    "tbd",
    "fake",
    "mock",
    "bogus",
    "invalid",
    "wrong",
    "bad",
    "good",
    "old",
    "new",
    "hello",
    "hello world",
    "world",
    "demo",
    "temp",
    "tmp",
    "any",
    "anything",
    "something",
    "nothing",
    "unknown",
    "optional",
    "required",
    "yes",
    "no",
    "on",
    "off",
];

/// The longest of them, in bytes; a test compares.
const LONGEST_WHOLE: usize = 11;

/// Room for a value in lower case, in bytes: most are no longer.
const ROOM: usize = 128;

/// Rejects what stands for a value.
fn run(subject: &Subject<'_>, _: f32) -> Said {
    // Of `token=ghp_<rest>` a bare value is only the part before the bracket; what closes an element is no such bracket.
    let is_bare = subject.name.is_some() && !subject.quoted;
    let goes_on = is_bare
        && match subject.after {
            [b'<', next, ..] => *next != b'/',
            [b'<' | b'{', ..] => true,
            _ => false,
        };
    if goes_on || is_placeholder(subject.secret) {
        Said::Rejected("it stands for a value")
    } else {
        Said::Passed
    }
}

/// Whether a value stands for a value.
pub(super) fn is_placeholder(value: &[u8]) -> bool {
    let mut room = [0; ROOM];
    let longer;
    let lower = match room.get_mut(..value.len()) {
        Some(room) => {
            room.copy_from_slice(value);
            room.make_ascii_lowercase();
            room
        }
        None => {
            longer = value.to_ascii_lowercase();
            longer.as_slice()
        }
    };
    std::str::from_utf8(lower).is_ok_and(|text| {
        (text.len() <= LONGEST_WHOLE && is_among(text, WHOLE))
            || holds_a_word(lower)
            || is_bracketed(text)
            || is_patterned(lower)
    })
}

/// Whether a text in lower case holds any of [`WORDS`].
fn holds_a_word(lower: &[u8]) -> bool {
    static AUTOMATON: OnceLock<AhoCorasick> = OnceLock::new();
    let automaton = AUTOMATON.get_or_init(|| {
        // Values are short: looking for where a word may begin takes longer than the words.
        AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::DFA))
            .prefilter(false)
            .build(WORDS)
            .expect("a few short words")
    });
    automaton.is_match(lower)
}

/// `<…>`, `[…]`, `{…}`, `(…)`, `*…*`, `%…%`, `__…__`, and dots or stars for what was left out.
fn is_bracketed(text: &str) -> bool {
    let ends = match text.as_bytes() {
        [b'<', .., last] => *last == b'>',
        [b'[', .., last] => *last == b']',
        [b'{', .., last] => *last == b'}',
        [b'(', .., last] => *last == b')',
        [b'%', .., last] => *last == b'%',
        [b'*', .., last] => *last == b'*',
        [b'_', b'_', .., before, last] => [*before, *last] == *b"__",
        [_] => matches!(text, "%" | "*"),
        _ => matches!(text, "__" | "___"),
    };
    ends || leaves_out(text)
}

/// Whether dots, stars, crosses or a pair of brackets stand for something within a text.
fn leaves_out(text: &str) -> bool {
    const STANDS_FOR: [&str; 4] = ["...", "…", "***", "xxxx"];
    static FIRST: [bool; 256] = {
        let mut first = [false; 256];
        let mut at = 0;
        while at < STANDS_FOR.len() {
            first[STANDS_FOR[at].as_bytes()[0] as usize] = true;
            at += 1;
        }
        first[b'<' as usize] = true;
        first
    };
    // Most values hold none of their first characters.
    text.bytes().any(|byte| FIRST[usize::from(byte)])
        && (STANDS_FOR.iter().any(|part| text.contains(part))
            || text.contains('<') && text.contains('>'))
}

/// Few different characters, one that fills most of it, or runs such as `01234567` and `abcdef` over most of it.
fn is_patterned(value: &[u8]) -> bool {
    value.is_empty()
        || is_uniform(value)
        || value.len() >= 6 && steps(value) * 10 >= (value.len() - 1) * 8
        || is_repeated(value)
        || is_patterned_uuid(value)
        || counts_up(value)
}

/// Whether a value is one character over and over or, if it is longer, hardly more than that.
fn is_uniform(value: &[u8]) -> bool {
    const FEW: usize = 3;
    const LONGER: usize = 8;
    let mut different = [0; FEW];
    let mut count = 0;
    for &byte in value {
        if !different[..count].contains(&byte) {
            if count == FEW {
                return value.len() >= LONGER && most(value) * 10 >= value.len() * 6;
            }
            different[count] = byte;
            count += 1;
        }
    }
    count == 1 || value.len() >= LONGER
}

/// How often the character is there that is most of a value; of a value of which none is more than half, of any.
fn most(value: &[u8]) -> usize {
    // By the vote of Boyer and Moore: each character takes one away of those that differ from it.
    let (mut most, mut lead) = (0, 0_usize);
    for &byte in value {
        match lead {
            0 => (most, lead) = (byte, 1),
            _ if byte == most => lead += 1,
            _ => lead -= 1,
        }
    }
    value.iter().filter(|&&byte| byte == most).count()
}

/// How many characters are the one before them, or its neighbour.
fn steps(value: &[u8]) -> usize {
    let is_step = |pair: &&[u8]| is_step([pair[0], pair[1]]);
    value.windows(2).filter(is_step).count()
}

/// Whether the second of two characters is the first, or its neighbour.
fn is_step(pair: [u8; 2]) -> bool {
    matches!(pair[1].wrapping_sub(pair[0]), 0 | 1 | 255) || pair == *b"90" || pair == *b"9a"
}

/// A UUID that somebody typed: `01234567-5678-9abc-78de-9f…`, `1a2b3c4d-5e6f-…`. Of 31 random steps more than half are hardly
/// ever to a neighbour.
fn is_patterned_uuid(value: &[u8]) -> bool {
    const LENGTH: usize = 36;
    const HYPHENS: &[usize] = &[8, 13, 18, 23];
    if value.len() != LENGTH || HYPHENS.iter().any(|&at| value[at] != b'-') {
        return false;
    }
    let digits: Vec<u8> = value.iter().copied().filter(|&byte| byte != b'-').collect();
    steps(&digits) * 10 >= (digits.len() - 1) * 6 || is_woven(&digits)
}

/// Whether a text is two in turns that both go from neighbour to neighbour, never standing, whatever their case: `a1b2c3d4`.
pub(super) fn is_woven(value: &[u8]) -> bool {
    let runs = |from: usize| {
        let (mut pairs, mut moves, mut steps) = (0, 0, 0);
        for three in value[from..].windows(3).step_by(2) {
            let pair = [three[0].to_ascii_lowercase(), three[2].to_ascii_lowercase()];
            pairs += 1;
            moves += usize::from(pair[0] != pair[1]);
            steps += usize::from(is_step(pair));
        }
        moves.min(steps) * 10 >= pairs * 7
    };
    !value.is_empty() && runs(0) && runs(1)
}

/// Hexadecimal bytes of which each is one more than the one before: `707172737475…`.
fn counts_up(value: &[u8]) -> bool {
    const FEWEST: usize = 16;
    let (pairs, _) = value.as_chunks::<2>();
    if pairs.len() < FEWEST || !pairs.as_flattened().iter().all(u8::is_ascii_hexdigit) {
        return false;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16).unwrap_or_default();
    let number = |pair: [u8; 2]| digit(pair[0]) * 16 + digit(pair[1]);
    let up = pairs
        .windows(2)
        .filter(|two| number(two[1]) == number(two[0]) + 1);
    up.count() * 10 >= (pairs.len() - 1) * 9
}

/// A short text several times over: `abcabcabc`.
fn is_repeated(value: &[u8]) -> bool {
    (2..=value.len() / 3)
        .take_while(|length| *length <= 16)
        .any(|length| value[length] == value[0] && value[length..] == value[..value.len() - length])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_told_from_values() {
        let longest = WHOLE.iter().map(|word| word.len()).max();
        assert_eq!(longest, Some(LONGEST_WHOLE));
        for text in [
            "xxxxxxxxxxxx",
            "<password>",
            "your-api-key",
            "changeme",
            "0123456789abcdef",
            "{{token}}",
            "********",
            "aaaaaaaaaaaa",
            "abc...",
            "abcabcabc",
            "${PASSWORD}",
            "EXAMPLEKEY",
            "12345678",
            "87654321",
            "%PASSWORD%",
            "__TOKEN__",
            "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
            "01234567-5678-9abc-78de-9fgabc123def",
            "1a2b3c4d-5e6f-7a8b-9c0d-1e2f3a4b5c6d",
            "707172737475767778797a7b7c7d7e7f80818283",
        ] {
            assert!(
                is_placeholder(text.as_bytes())
                    || super::super::not_reference::is_reference(text.as_bytes(), true),
                "{text}"
            );
        }
        for text in [
            "k3Jx9vQ2m",
            "b1lunzw8x",
            "uudjwn",
            "a65a74c5e5a5d",
            "siY+ttMVsXw5xXA",
            "e31060a7-21fc-e277-6240-25983c6c4592",
            "8adddd91-0bd6-d41d-ae1a-3b49cfa9a0e8",
            "8d1f0c5b7a92e46d3b8f1c0e5a7d9264",
        ] {
            assert!(!is_placeholder(text.as_bytes()), "{text}");
        }
    }
}
