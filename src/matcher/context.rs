//! Values of a shape that many have, near a word that tells whose they are: a provider's name or host, before or after the
//! value, on its line or on the next, or at the head of the few lines of a block. Knows no rule; whether the words in between
//! speak of a credential is judged later.

use crate::model::{Candidate, Half, ViewRange};
use crate::rules::{CONTINUATIONS, LONG_WORD, Lazy, LazyBytes, Memory, Program};

/// How far a value may be from the word, in bytes to each side.
const BEFORE: usize = 200;
const AFTER: usize = 280;

/// How many line ends may stand between a value and the word behind it.
const LINES_BEFORE: usize = 1;

/// How many line ends may stand between the word and a value behind it, as in a block that begins with a name.
const LINES_AFTER: usize = 4;

/// How many values near one word are looked at.
const MOST_VALUES: usize = 8;

/// What words end in that are the whole name of a credential: `hapikey`.
const WHOLE_NAMES: &[&str] = &["key", "token", "secret"];

/// The longest name of a value, in bytes.
const LONGEST_NAME: usize = 64;

/// What values look like.
pub(super) struct Shape<'r> {
    pub(super) body: &'r Lazy<Program>,
    /// What values are made of.
    pub(super) bytes: &'r LazyBytes,
    /// What is kept of the program is kept under this number.
    pub(super) number: usize,
    /// How long values are, at least and at most.
    pub(super) lengths: (usize, usize),
}

/// Gives every value near `word` of the shape to `each`; the bytes around it are no part of a longer value. Returns how many
/// bytes were searched.
pub(super) fn near_word(
    text: &[u8],
    word: ViewRange,
    ordinary: bool,
    shape: &Shape<'_>,
    memory: &mut Memory,
    mut each: impl FnMut(Candidate),
) -> usize {
    let (shortest, longest) = shape.lengths;
    if !stands_as_a_word(text, word) || (ordinary && !is_joined(text, word)) {
        return word.len();
    }
    let window = window(text, word, longest);
    let is_value = |byte: u8| matches!(byte, b'!' | b'#'..=b'&' | b'('..=b'_' | b'a'..=b'~');
    let is_of_this = |byte: u8| shape.bytes.get()[usize::from(byte)];
    let near = window.of(text);
    if !has_run(near, shortest, is_value) || !has_run(near, shortest, is_of_this) {
        // That is quickly seen.
        return word.len() + window.len() / 8;
    }
    let mut from = window.start;
    let text_to = &text[..window.end];
    let mut searched = window.len() / 2;
    for _ in 0..MOST_VALUES {
        let Some(secret) = shape.next(memory, text_to, from, &mut searched) else {
            break;
        };
        // What bounds one value may bound the next as well.
        from = secret.end.max(from + 1);
        let is_far = secret.start > word.end + AFTER || secret.end + BEFORE < word.start;
        if is_far || secret.overlaps(word) || !is_whole(text, secret) {
            continue;
        }
        let name = name_before(text, secret.start);
        let in_name = name.is_some_and(|name| name.overlaps(word));
        if ordinary && !in_name && !is_in_host(text, word) {
            continue;
        }
        let start = name.map_or(secret.start, |name| name.start);
        each(Candidate {
            rule: 0,
            whole: ViewRange::new(word.start.min(start), word.end.max(secret.end)),
            secret,
            name,
            quoted: is_quote(text.get(secret.end)),
            half: Half::Whole,
            word: Some(word),
        });
    }
    searched
}

impl Shape<'_> {
    /// The first value that stands behind `from`, or at the text's beginning.
    fn next(
        &self,
        memory: &mut Memory,
        text: &[u8],
        from: usize,
        walked: &mut usize,
    ) -> Option<ViewRange> {
        let program = self.body.get();
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        let mut joined = from > 0 && text.get(from).is_some_and(|&byte| is_word(byte));
        for at in from + usize::from(from > 0)..text.len() {
            let byte = text[at];
            let begins = !joined && program.may_begin_with(byte);
            joined = is_word(byte);
            let end = begins.then(|| program.end_of_match(self.number, memory, text, at, walked));
            match end.flatten() {
                None => {}
                // Behind the value is the byte that bounds it.
                Some(end) if end < text.len() => return Some(ViewRange::new(at, end - 1)),
                Some(end) => return program.secret(memory, text, ViewRange::new(at, end)),
            }
        }
        None
    }
}

/// Whether a value's run ends where the match does: what joins it to more is not punctuation.
fn is_whole(text: &[u8], secret: ViewRange) -> bool {
    if text
        .get(secret.end)
        .is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
    {
        return false;
    }
    let alphanumeric = |at: Option<usize>| {
        at.and_then(|at| text.get(at))
            .is_some_and(u8::is_ascii_alphanumeric)
    };
    let before = match secret.start.checked_sub(1).map(|at| text[at]) {
        // A word that is joined by a hyphen or a dot, not a flag or the end of a sentence.
        Some(b'-' | b'.' | b'+') => alphanumeric(secret.start.checked_sub(2)),
        _ => false,
    };
    let after = match text.get(secret.end) {
        Some(b'-' | b'.' | b'+') => alphanumeric(Some(secret.end + 1)),
        Some(b'(') => true,
        _ => false,
    };
    !before && !after
}

/// Whether the word is not by chance a part of another: `box` in `checkbox`, `front` in `frontend`.
fn stands_as_a_word(text: &[u8], word: ViewRange) -> bool {
    let letters = word.of(text);
    // `-Dacme.key=…` sets a property of a Java program.
    let before = &text[word.start.saturating_sub(2)..word.start];
    // In `XMLKey` a word begins with the `K`, and none with the `L`.
    let is_camel = letters[0].is_ascii_uppercase()
        && letters.iter().any(u8::is_ascii_lowercase)
        && !before.last().is_some_and(u8::is_ascii_uppercase);
    let glued = before.last().is_some_and(u8::is_ascii_alphabetic) && before != b"-D";
    // Up to where `acmeKey` goes on in upper case.
    let turns = |two: &[u8]| two[0].is_ascii_lowercase() && two[1].is_ascii_uppercase();
    let first = letters
        .iter()
        .position(|byte| !byte.is_ascii_alphabetic())
        .into_iter()
        .chain(letters.windows(2).position(turns).map(|at| at + 1))
        .min()
        .unwrap_or(letters.len());
    if glued && first > 0 && first < LONG_WORD && !is_camel {
        return false;
    }
    let rest = &text[word.end..text.len().min(word.end + 8)];
    let last = letters[letters.len() - 1];
    match rest.first() {
        Some(next) if next.is_ascii_alphabetic() && last.is_ascii_alphabetic() => {
            (next.is_ascii_uppercase() && last.is_ascii_lowercase())
                || CONTINUATIONS.iter().any(|more| {
                    rest.get(..more.len())
                        .is_some_and(|rest| rest.eq_ignore_ascii_case(more.as_bytes()))
                })
        }
        _ => true,
    }
}

/// Whether more of a name or of a host follows the word or is before it, or the word is a whole name: in prose an ordinary word
/// tells nothing.
fn is_joined(text: &[u8], word: ViewRange) -> bool {
    let joins = |byte: &u8| matches!(byte, b'_' | b'-' | b'.' | b'/');
    let letters = word.of(text);
    let ends_in = |last: &&str| {
        let rest = letters.len().checked_sub(last.len());
        rest.is_some_and(|rest| rest > 0 && letters[rest..].eq_ignore_ascii_case(last.as_bytes()))
    };
    if letters.iter().any(joins) || WHOLE_NAMES.iter().any(ends_in) {
        return true;
    }
    let before = word.start.checked_sub(1).and_then(|at| text.get(at));
    let after = text.get(word.end);
    before.is_some_and(joins) || after.is_some_and(|byte| joins(byte) || byte.is_ascii_alphabetic())
}

/// Whether the word is a part of a host: `api.word.com`, `word.io`.
fn is_in_host(text: &[u8], word: ViewRange) -> bool {
    let is_host = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    let before = text[..word.start]
        .iter()
        .rev()
        .take(LONGEST_NAME)
        .take_while(is_host)
        .count();
    let host = &text[word.start - before..word.start];
    let dot_after = text.get(word.end) == Some(&b'.')
        && text.get(word.end + 1).is_some_and(u8::is_ascii_lowercase);
    let scheme = text[..word.start - before].ends_with(b"://");
    (dot_after && (scheme || host.ends_with(b"api.") || host.ends_with(b"www.")))
        || (scheme && host.contains(&b'.'))
}

/// Where values of so many bytes may be that are close enough to the word.
fn window(text: &[u8], word: ViewRange, longest: usize) -> ViewRange {
    let floor = word.start.saturating_sub(BEFORE + longest);
    let ceiling = text.len().min(word.end + AFTER + longest);
    let start = memchr::memrchr_iter(b'\n', &text[floor..word.start])
        .nth(LINES_BEFORE)
        .map_or(floor, |at| floor + at + 1);
    let end = memchr::memchr_iter(b'\n', &text[word.end..ceiling])
        .nth(LINES_AFTER)
        .map_or(ceiling, |at| word.end + at);
    ViewRange::new(start, end)
}

/// Whether there are so many bytes of a kind in a row; without them there is no value.
fn has_run(window: &[u8], length: usize, is_of: impl Fn(u8) -> bool) -> bool {
    let mut from = 0;
    // Read backwards, the last byte that is none of a value rules out all before it.
    while let Some(run) = window.get(from..from + length) {
        match run.iter().rposition(|&byte| !is_of(byte)) {
            Some(at) => from += at + 1,
            None => return true,
        }
    }
    false
}

/// The name that a value is given to, read backwards from the value: over its quote, what assigns, and the name's quote; or
/// the word before it on its line.
fn name_before(text: &[u8], value: usize) -> Option<ViewRange> {
    let floor = value.saturating_sub(2 * LONGEST_NAME);
    let line_ends = |range: &[u8]| memchr::memchr_iter(b'\n', range).count();
    let is_open = |byte: u8| {
        matches!(byte, b'"' | b'\'' | b'`' | b'\\' | b'[' | b'{' | b'(')
            || byte.is_ascii_whitespace()
    };
    let mut at = value;
    let back_over = |at: usize, what: &dyn Fn(u8) -> bool| {
        let kept = text[floor..at].iter().rposition(|&byte| !what(byte));
        kept.map_or(floor, |kept| floor + kept + 1)
    };
    at = back_over(at, &is_open);
    // `b'…'`, `rb"…"`, `u'…'`: how the literal is to be read.
    let prefix = back_over(at, &|byte| b"brufBRUFL@".contains(&byte));
    if at < value
        && at - prefix <= 2
        && !text[floor..prefix]
            .last()
            .is_some_and(u8::is_ascii_alphanumeric)
    {
        at = back_over(prefix, &is_open);
    }
    let assigned = back_over(at, &|byte| {
        matches!(byte, b'=' | b':' | b'>' | b',' | b'@' | b'|' | b'?')
    });
    at = back_over(assigned, &|byte| {
        matches!(
            byte,
            b'"' | b'\'' | b'`' | b'\\' | b']' | b')' | b' ' | b'\t'
        )
    });
    if line_ends(&text[at..value]) > 1 {
        return None;
    }
    let is_name =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'$');
    let start = back_over(at, &is_name);
    (start < at && at - start <= LONGEST_NAME).then(|| ViewRange::new(start, at))
}

const fn is_quote(byte: Option<&u8>) -> bool {
    matches!(byte, Some(b'"' | b'\'' | b'`' | b'\\'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALUE: &str = "0a9f8e7d6c5b4a3f2e1d0c9b8a7f6e5d";

    fn values(text: &str) -> Vec<(String, Option<String>)> {
        let text = text.replace("VALUE", VALUE);
        let body = Lazy::bounded("[0-9a-f]{32}");
        let bytes = LazyBytes::of("[0-9a-f]{32}");
        let (mut found, mut memory) = (Vec::new(), Memory::default());
        for (start, _) in text.to_ascii_lowercase().match_indices("acme") {
            near_word(
                text.as_bytes(),
                ViewRange::new(start, start + 4),
                false,
                &Shape {
                    body: &body,
                    bytes: &bytes,
                    number: 0,
                    lengths: (32, 32),
                },
                &mut memory,
                |candidate| {
                    let of = |range: ViewRange| text[range.start..range.end].to_owned();
                    found.push((of(candidate.secret), candidate.name.map(of)));
                },
            );
        }
        found.dedup();
        found
    }

    #[test]
    fn the_word_and_the_value_stand_in_either_order_in_every_form() {
        for (text, name) in [
            ("ACME_KEY = \"VALUE\"", "ACME_KEY"),
            ("acme_key: VALUE", "acme_key"),
            ("{\"acmeKey\": \"VALUE\"}", "acmeKey"),
            ("<acme-key>VALUE</acme-key>", "acme-key"),
            ("<acme key=\"VALUE\"/>", "key"),
            ("run --acme-key VALUE", "--acme-key"),
            ("run --acme-key=VALUE", "--acme-key"),
            ("X-Acme-Key: VALUE", "X-Acme-Key"),
            ("https://api.acme.com/v1?api_key=VALUE&x=1", "api_key"),
            (
                "curl -H 'X-Api-Key: VALUE' https://api.acme.com/v1",
                "X-Api-Key",
            ),
            ("12:01 acme client uses key VALUE", "key"),
            ("key = 'VALUE'  # acme", "key"),
            ("# acme\nkey = 'VALUE'", "key"),
            ("ACME_KEY =\n    'VALUE'", "ACME_KEY"),
            ("  name: acme\ndata:\n  key: VALUE", "key"),
            ("<id>acme</id>\n<secret>VALUE</secret>", "secret"),
        ] {
            assert_eq!(
                values(text),
                [(VALUE.to_owned(), Some(name.to_owned()))],
                "{text}"
            );
        }
    }

    #[test]
    fn a_word_of_one_case_ends_where_the_other_begins() {
        // The first part of a short word may be the end of another name: `spacmeKey` is nobody's.
        let stands = |text: &str, word: &str| {
            let start = text.find(word).expect("the word is there");
            stands_as_a_word(text.as_bytes(), ViewRange::new(start, start + word.len()))
        };
        assert!(stands("acmeApiKey = 1", "acmeApiKey"));
        assert!(!stands("spacmeApiKey = 1", "acmeApiKey"));
        assert!(stands("myAcmeApiKey = 1", "AcmeApiKey"));
        assert!(stands("myacmeworksKey = 1", "acmeworksKey"));
    }

    #[test]
    fn a_whole_name_needs_nothing_that_joins_it() {
        let joined = |text: &str| is_joined(text.as_bytes(), ViewRange::new(0, text.len()));
        assert!(joined("acme_key") && joined("hapikey") && joined("AcmeToken"));
        assert!(!joined("acme") && !joined("key"));
    }

    #[test]
    fn a_part_of_something_longer_is_no_value() {
        for text in [
            "acme_key = 'xVALUE'",
            "acme_key = 'VALUE0'",
            "acme: app-VALUE.js",
            "acme VALUE-1",
            "acmeville_key = 'VALUE'",
            "pacme_key = 'VALUE'",
            "acme\n\n\n\n\n\nkey = VALUE",
            "key = VALUE\n\n\nacme",
            "XXAcmeKey = VALUE",
        ] {
            assert_eq!(values(text), [], "{text}");
        }
    }
}
