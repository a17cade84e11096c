//! Samples that nobody wrote: values made from the pattern of a rule by context, in the forms in which credentials stand in
//! files. So no one-line rule goes untested.

use regex_syntax::hir::{Class, Hir, HirKind};

use super::about::{Finds, RuleAbout};
use super::samples::{Sample, Samples};

/// The forms in which a value stands near a provider's word. `WORD` is the word as a name has it, `HOST` as a host has it.
const FORMS: &[&str] = &[
    "WORD_api_key = \"VALUE\"",
    "export WORD_TOKEN=VALUE",
    "WORD_secret: VALUE",
    "{\"WORD_api_key\": \"VALUE\"}",
    "{\"WORD_auth\": {\n  \"api_key\": \"VALUE\"}}",
    "<WORD_key>VALUE</WORD_key>",
    "<WORD_client key=\"VALUE\"/>",
    "deploy --WORD-token VALUE",
    "deploy --WORD-token=VALUE --now",
    "X-WORD-Key: VALUE",
    "https://api.HOST/v1/items?api_key=VALUE&page=1",
    "curl -H 'X-Api-Key: VALUE' https://api.HOST/v1/items",
    "12:01:07 INFO call to https://api.HOST/v1 with token VALUE",
    "WORD_key =\n    \"VALUE\"",
    "metadata:\n  name: WORD_key\nstringData:\n  token: VALUE\n",
    "<id>WORD_key</id>\n<secret>VALUE</secret>",
];

/// The forms in which an ordinary word tells whose a value is: as a part of its name, or as a host.
const ORDINARY_FORMS: &[&str] = &[
    "WORD_api_key = \"VALUE\"",
    "export WORD_TOKEN=VALUE",
    "{\"WORD_api_key\": \"VALUE\"}",
    "X-WORD-Key: VALUE",
    "https://api.HOST/v1/items?api_key=VALUE&page=1",
];

/// Too long a value, where all values are equally long.
const TOO_LONG: &str = "WORD_item = \"VALUE0a1b\"";

/// Texts that are no finding of the rule: no word near the value, no value, a value that is too far away.
const NEGATIVES: &[&str] = &[
    "item: VALUE",
    "note: see the manual of WORD",
    "WORD_item:\n\n\n\n\n\n  VALUE",
];

/// Checks that a value of the right shape passes. What other checks prove cannot be made from a pattern.
const PLAIN: &[&str] = &["not-", "entropy:", "secret-name", "uuid"];

/// Where a UUID has its version and its variant (RFC 9562, section 4).
const UUID_LENGTH: usize = 36;
const UUID_VERSION: usize = 14;
const UUID_VARIANT: usize = 19;

/// Samples of a rule that finds by context and whose values can be made from its pattern; none for other rules.
pub fn made_samples(about: &RuleAbout) -> Option<Samples> {
    let Finds::Context {
        words,
        ordinary,
        body,
    } = &about.finds
    else {
        return None;
    };
    let plain = |check: &String| PLAIN.iter().any(|plain| check.starts_with(plain));
    if !about.checks.iter().all(plain) {
        return None;
    }
    let mut value = value_of(body, &mut Chance::of(&about.card.id));
    if about.checks.iter().any(|check| check == "uuid") && value.len() == UUID_LENGTH {
        value.replace_range(UUID_VERSION..=UUID_VERSION, "4");
        value.replace_range(UUID_VARIANT..=UUID_VARIANT, "a");
    }
    let is_in_names = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    let name = words.iter().find(|word| word.bytes().all(is_in_names));
    let host = words.iter().find(|word| !word.contains('_'));
    let host = host.map(|word| match word.contains('.') {
        true => word.clone(),
        false => format!("{word}.com"),
    });
    let fill = |forms: &[&str]| -> Vec<Sample> {
        let filled = forms.iter().filter_map(|form| {
            let form = match &host {
                Some(host) => form.replace("HOST", host),
                None if form.contains("HOST") => return None,
                None => (*form).to_owned(),
            };
            let form = match name {
                Some(name) => form.replace("WORD", name),
                None if form.contains("WORD") => return None,
                None => form,
            };
            Some(Sample {
                path: "sample".to_owned(),
                text: form.replace("VALUE", &value),
            })
        });
        filled.collect()
    };
    let lengths = parsed(body).properties().clone();
    let mut negatives = fill(NEGATIVES);
    if lengths.minimum_len() == lengths.maximum_len() {
        negatives.extend(fill(&[TOO_LONG]));
    }
    Some(Samples {
        rule: about.card.id.to_string(),
        examples: fill(if *ordinary { ORDINARY_FORMS } else { FORMS }),
        negatives,
    })
}

/// A text that matches a rule's pattern, the same for the same `seed`. Checks that prove a structure may still refuse it.
pub fn made_value(seed: &str, pattern: &str) -> String {
    value_of(pattern, &mut Chance::of(seed))
}

/// A linear congruential generator: the same values in every run.
struct Chance(u64);

impl Chance {
    fn of(seed: &str) -> Chance {
        let seed = seed.bytes().fold(7, |sum: u64, byte| {
            sum.wrapping_mul(31).wrapping_add(u64::from(byte))
        });
        Chance(seed)
    }

    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }
}

/// A text that matches a pattern; of every class only printable ASCII, of every repetition at most a hundred more than must be.
fn value_of(pattern: &str, chance: &mut Chance) -> String {
    let mut value = String::new();
    write_value(&parsed(pattern), chance, &mut value);
    value
}

fn write_value(hir: &Hir, chance: &mut Chance, value: &mut String) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => value.push_str(&String::from_utf8_lossy(&literal.0)),
        HirKind::Class(class) => {
            let Class::Bytes(class) = class else {
                panic!("patterns are about bytes")
            };
            let bytes: Vec<u8> = class
                .iter()
                .flat_map(|range| range.start()..=range.end())
                .filter(|byte| byte.is_ascii_graphic())
                .collect();
            value.push(char::from(bytes[chance.below(bytes.len())]));
        }
        HirKind::Repetition(repetition) => {
            let most = repetition.max.unwrap_or(u32::MAX).min(repetition.min + 100);
            let more = chance.below((most - repetition.min) as usize + 1);
            for _ in 0..repetition.min as usize + more {
                write_value(&repetition.sub, chance, value);
            }
        }
        HirKind::Capture(capture) => write_value(&capture.sub, chance, value),
        HirKind::Concat(parts) => parts
            .iter()
            .for_each(|part| write_value(part, chance, value)),
        HirKind::Alternation(parts) => {
            let part = chance.below(parts.len());
            write_value(&parts[part], chance, value);
        }
    }
}

/// A rule's pattern, which was valid when the rule was read.
fn parsed(pattern: &str) -> Hir {
    regex_syntax::ParserBuilder::new()
        .unicode(false)
        .utf8(false)
        .build()
        .parse(pattern)
        .unwrap_or_else(|_| Hir::fail())
}
