//! What stands around a value: how it is given to its name, the rest of its line, and the lines near it.

use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use super::super::Subject;
use super::features::{Feature, Features};

/// How far the line is looked at to each side of what matched, in bytes.
const LINE: usize = 200;

/// How far the neighbourhood reaches to each side of what matched, in bytes.
const NEAR: usize = 300;

/// What a word near a value speaks of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Near {
    User,
    Host,
    Sample,
    Test,
    Secret,
    Crypto,
    Code,
    Shell,
    Address,
}

/// Words that are looked for in any case, as parts of other words, too.
const WORDS: &[(&str, Near)] = &[
    ("user", Near::User),
    ("login", Near::User),
    ("email", Near::User),
    ("account", Near::User),
    ("root", Near::User),
    ("admin", Near::User),
    ("host", Near::Host),
    ("port", Near::Host),
    ("url", Near::Host),
    ("server", Near::Host),
    ("database", Near::Host),
    ("jdbc", Near::Host),
    ("endpoint", Near::Host),
    ("connect", Near::Host),
    ("example", Near::Sample),
    ("sample", Near::Sample),
    ("e.g.", Near::Sample),
    ("placeholder", Near::Sample),
    ("your", Near::Sample),
    ("dummy", Near::Sample),
    ("fake", Near::Sample),
    ("test", Near::Test),
    ("assert", Near::Test),
    ("expect", Near::Test),
    ("mock", Near::Test),
    ("should", Near::Test),
    ("invalid", Near::Test),
    ("wrong", Near::Test),
    ("pass", Near::Secret),
    ("secret", Near::Secret),
    ("token", Near::Secret),
    ("key", Near::Secret),
    ("nonce", Near::Crypto),
    ("cipher", Near::Crypto),
    ("plaintext", Near::Crypto),
    ("vector", Near::Crypto),
    ("digest", Near::Crypto),
    ("hmac", Near::Crypto),
    ("encrypt", Near::Crypto),
    ("signature", Near::Crypto),
    ("public", Near::Crypto),
    ("message", Near::Crypto),
    ("function", Near::Code),
    ("return", Near::Code),
    ("private ", Near::Code),
    ("static ", Near::Code),
    ("const ", Near::Code),
    ("final ", Near::Code),
    ("string ", Near::Code),
    ("new ", Near::Code),
    ("import ", Near::Code),
    ("def ", Near::Code),
    ("func ", Near::Code),
    ("var ", Near::Code),
    ("let ", Near::Code),
    ("if ", Near::Code),
    ("export ", Near::Shell),
    ("curl ", Near::Shell),
    ("docker ", Near::Shell),
    ("sudo ", Near::Shell),
    ("$ ", Near::Shell),
    (" --", Near::Shell),
    (" -e ", Near::Shell),
    ("http", Near::Address),
];

fn words() -> &'static AhoCorasick {
    static WORDS_FOUND: OnceLock<AhoCorasick> = OnceLock::new();
    WORDS_FOUND.get_or_init(|| {
        AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .kind(Some(AhoCorasickKind::DFA))
            .build(WORDS.iter().map(|(word, _)| word))
            .expect("a few short words")
    })
}

/// Notes what stands around the value.
pub(super) fn describe(subject: &Subject<'_>, features: &mut Features) {
    let name = subject.name.unwrap_or_default();
    // A rule of one's own may match more behind the value, or have no name before it.
    let between = subject.whole.get(name.len()..subject.lead);
    given(subject, between.unwrap_or_default(), features);
    let before = &subject.head[..subject.head.len().saturating_sub(subject.lead)];
    follows(subject, features);
    line(subject, before, features);
    near(subject, before, name, features);
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

/// The line's part before what matched, and behind the value.
fn line_parts<'t>(subject: &Subject<'t>, before: &'t [u8]) -> (&'t [u8], &'t [u8]) {
    let before = &before[before.len().saturating_sub(LINE)..];
    let start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
    let after = &subject.tail[..subject.tail.len().min(LINE)];
    let end = memchr::memchr(b'\n', after).unwrap_or(after.len());
    (&before[start..], &after[..end])
}

/// The rest of the line.
fn line(subject: &Subject<'_>, before: &[u8], features: &mut Features) {
    let (left, right) = line_parts(subject, before);
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
    let is_quote = |byte: &&u8| matches!(byte, b'"' | b'\'' | b'`');
    let quotes = left.iter().chain(right).filter(is_quote).count();
    features.set(Feature::LineQuotes, quotes);
    let markup = left
        .iter()
        .chain(right)
        .filter(|byte| matches!(byte, b'<' | b'>'))
        .count();
    features.set(Feature::LineMarkup, markup);
    for part in [left, right] {
        for topic in topics(part) {
            let feature = match topic {
                Near::User => Feature::LineUser,
                Near::Host => Feature::LineHost,
                Near::Sample => Feature::LineSample,
                Near::Code => Feature::LineCode,
                Near::Shell => Feature::LineShell,
                Near::Address => Feature::LineUrl,
                Near::Test | Near::Secret | Near::Crypto => continue,
            };
            features.mark(feature, true);
        }
    }
}

/// What the words of a text speak of.
fn topics(text: &[u8]) -> impl Iterator<Item = Near> {
    words()
        .find_iter(text)
        .map(|found| WORDS[found.pattern().as_usize()].1)
}

/// The lines near it.
fn near(subject: &Subject<'_>, before: &[u8], name: &[u8], features: &mut Features) {
    let left = &before[before.len().saturating_sub(NEAR)..];
    let right = &subject.tail[..subject.tail.len().min(NEAR)];
    let (mut users, mut hosts, mut samples, mut tests) = (0, 0, 0, 0);
    let (mut secrets, mut crypto) = (0, 0);
    for topic in topics(left).chain(topics(right)) {
        match topic {
            Near::User => users += 1,
            Near::Host => hosts += 1,
            Near::Sample => samples += 1,
            Near::Test => tests += 1,
            Near::Secret => secrets += 1,
            Near::Crypto => crypto += 1,
            Near::Code | Near::Shell | Near::Address => {}
        }
    }
    features.set(Feature::NearUser, users);
    features.set(Feature::NearHost, hosts);
    features.set(Feature::NearSample, samples);
    features.set(Feature::NearTest, tests);
    features.set(Feature::NearSecrets, secrets);
    features.set(Feature::NearCrypto, crypto);
    features.set(Feature::NearDigits, long_values(left) + long_values(right));
    let count = |needle: &[u8]| {
        let finder = memchr::memmem::Finder::new(needle);
        [left, right]
            .iter()
            .map(|text| finder.find_iter(text).take(10).count())
            .sum()
    };
    if name.len() > 2 {
        features.set(Feature::NearSame, count(name));
    }
    features.set(
        Feature::NearAgain,
        count(&subject.secret[..subject.secret.len().min(NEAR)]),
    );
}

/// How many values there are that are as long as keys and digests: letters and digits in a row, with digits among them.
fn long_values(text: &[u8]) -> usize {
    const SHORTEST: usize = 20;
    text.split(|byte| !byte.is_ascii_alphanumeric())
        .filter(|run| {
            run.len() >= SHORTEST && run.iter().filter(|byte| byte.is_ascii_digit()).count() >= 3
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_rule_matches_behind_the_value_is_no_part_of_what_is_before_it() {
        let described = |subject: &Subject<'_>| {
            let mut features = Features([0; super::super::features::COUNT]);
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
