//! The value that a sentence gives to a name: "the password is …", "set to …", "use … as the password", in the commoner languages.
//! Knows no grammar: a name, a few words, a verb, and a word that has letters and digits. A password made of letters alone is
//! missed, and so is one that is told in a sentence of another build.

use super::literal::{Literal, is_quote};
use super::neighbours::{is_mixed, last_line};
use crate::model::ViewRange;

/// How far a value may stand from its name, in bytes.
const LONGEST: usize = 96;

/// How many words may stand between a name and the verb: "the password for the first box is".
const MOST_WORDS: usize = 5;

/// The fewest characters of a value that nothing but its name tells.
const LEAST_ALONE: usize = 8;

/// What says that the value follows: English, German, French, Spanish, Portuguese, Italian, Polish, Czech, the Scandinavian
/// languages, Romanian, Russian; Chinese, Japanese and Korean, where no blank stands before it.
const VERBS: &[&str] = &[
    "is", "was", "set to", "will be", "are", "ist", "lautet", "est", "es", "é", "è", "to", "jest",
    "je", "är", "er", "este", "это", "-", "->", "–", "—", "→",
];

/// The same where words are not set apart.
const MARKS: &[&str] = &["：", "是", "为", "為", "は", "는", "은"];

/// What a name goes on with before the verb.
const PREPOSITIONS: &[&str] = &[
    "for", "of", "on", "to", "from", "für", "pour", "para", "per", "do", "dla", "voor", "til",
    "для", "от", "del", "de",
];

/// The value behind a name.
pub(super) fn after(text: &[u8], name: ViewRange, end: usize) -> Option<Literal> {
    let start = name.start;
    // Names in code are no words of a sentence; what follows the scheme of a header has a rule of its own.
    let is_word = !name.of(text).eq_ignore_ascii_case(b"bearer")
        && name
            .of(text)
            .iter()
            .all(|&byte| byte == b' ' || byte.is_ascii_alphabetic() || !byte.is_ascii());
    let window = &text[end..text.len().min(end + LONGEST)];
    let line = &window[..memchr::memchr(b'\n', window).unwrap_or(window.len())];
    let first = *line.first()?;
    if !first.is_ascii() {
        let mark = MARKS
            .iter()
            .find(|mark| line.starts_with(mark.as_bytes()))?;
        return value(text, end + mark.len(), false);
    }
    // What is said of a public key is no secret.
    let is_public = text[..start].trim_ascii_end().ends_with(b"public");
    if first != b' ' || is_public {
        return None;
    }
    let mut at = 1;
    for number in 0..=MOST_WORDS {
        let rest = line.get(at..)?;
        if let Some(verb) = VERBS.iter().find(|verb| says(rest, verb)) {
            let next = at + verb.len();
            let colon = usize::from(line.get(next) == Some(&b':'));
            return value(text, end + next + colon, false);
        }
        let length = rest
            .iter()
            .position(|&byte| byte == b' ')
            .unwrap_or(rest.len());
        let word = &rest[..length];
        if number == 0 && !PREPOSITIONS.iter().any(|it| it.as_bytes() == word) {
            return is_word.then(|| value(text, end, true))?;
        }
        if word.ends_with(b":") {
            return value(text, end + at + length, false);
        }
        if word
            .iter()
            .any(|byte| byte.is_ascii_punctuation() && *byte != b'-')
        {
            return None;
        }
        at += length + 1;
    }
    None
}

/// The value before a name: "use … as the password".
pub(super) fn before(text: &[u8], start: usize) -> Option<Literal> {
    let head = &text[start.saturating_sub(LONGEST)..start];
    let line = last_line(head);
    let as_the = [
        &b" as the "[..],
        b" as your ",
        b" as my ",
        b" as a ",
        b" as ",
    ]
    .into_iter()
    .find_map(|words| line.strip_suffix(words))?;
    let (close, inner) = match as_the.split_last()? {
        (&last, inner) if is_quote(last) => (1, inner),
        _ => (0, as_the),
    };
    let length = inner
        .iter()
        .rev()
        .take_while(|&&byte| is_of_value(byte))
        .count();
    let end = start - (line.len() - as_the.len()) - close;
    let range = ViewRange::new(end - length, end);
    is_mixed(range.of(text)).then_some(Literal {
        range,
        quoted: close == 1,
    })
}

/// Whether a text goes on with a word, a blank or a colon behind it.
fn says(text: &[u8], word: &str) -> bool {
    text.strip_prefix(word.as_bytes())
        .is_some_and(|rest| matches!(rest, [b' ' | b':', ..]))
}

/// The word at a place, if it has the looks of a value; `alone` if no verb is before it.
fn value(text: &[u8], at: usize, alone: bool) -> Option<Literal> {
    let window = text.get(at..text.len().min(at + LONGEST))?;
    let blanks = window.iter().take_while(|&&byte| byte == b' ').count();
    let quoted = window.get(blanks).is_some_and(|&byte| is_quote(byte));
    let start = blanks + usize::from(quoted);
    let rest = &window[start..];
    let mut length = rest.iter().take_while(|&&byte| is_of_value(byte)).count();
    let behind = &rest[length..];
    if quoted {
        (behind.first() == window.get(blanks)).then_some(())?;
    } else {
        // What calls, declares or assigns is code.
        let is_code = matches!(
            behind.trim_ascii_start().first(),
            Some(b'(' | b'[' | b']' | b'{' | b'=' | b';')
        );
        if is_code {
            return None;
        }
        while length > 0 && matches!(rest[length - 1], b'.' | b',' | b'!' | b'?' | b':') {
            length -= 1;
        }
    }
    let word = &rest[..length];
    // Without a verb the value has to be beside the name, and of all kinds of letters, and no path or list.
    let is_alone = || {
        blanks == 1
            && !quoted
            && length >= LEAST_ALONE
            && word.iter().any(u8::is_ascii_uppercase)
            && word.iter().any(u8::is_ascii_lowercase)
            && is_mixed(word)
            && !word.iter().any(|byte| b"/:".contains(byte))
    };
    let is_told = if alone {
        is_alone()
    } else {
        is_mixed(word) || is_jumbled(word)
    };
    is_told.then(|| Literal {
        range: ViewRange::new(at + start, at + start + length),
        quoted,
    })
}

/// Whether capitals stand in a word more often than in a name in camel case of the usual length.
fn is_jumbled(word: &[u8]) -> bool {
    let is_rise = |pair: &&[u8]| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase();
    word.len() >= LEAST_ALONE && word.windows(2).filter(is_rise).count() >= 3
}

fn is_of_value(byte: u8) -> bool {
    byte.is_ascii_graphic() && !b"\"'`<>(){}[];,\\|".contains(&byte)
}
