//! From a rule to the bytes that the program holds of it. For `build.rs` and tests alone; what they mean, `packed.rs` knows.

use super::data::{Literal, Method, RuleData, Text};
use super::packed::{CONTEXT, FILE, PATTERN, VALUE};
use crate::model::{Confidence, RuleCard};

/// The bytes of a rule. What is asked of all rules, its name and whether it is on by default, comes first.
pub(crate) fn pack(rule: &RuleData) -> Vec<u8> {
    let mut packer = Packer(Vec::new());
    let RuleCard {
        id,
        title,
        class,
        level,
        severity,
        remedy,
        docs,
    } = &rule.card;
    packer.text(id);
    packer.flag(rule.enabled);
    packer.flag(rule.fallback);
    packer.text(title);
    packer
        .0
        .extend([*class as u8, *level as u8, *severity as u8]);
    packer.text(remedy);
    packer.text(docs);
    packer.text(&rule.provider);
    packer.confidence(rule.confidence);
    packer.method(&rule.method);
    packer.list(&rule.checks, |packer, check| {
        packer.0.push(check.kind as u8);
        packer.0.extend(check.parameter.to_le_bytes());
    });
    packer.texts(&rule.only);
    packer.texts(&rule.never);
    packer.0
}

/// What was packed so far.
struct Packer(Vec<u8>);

impl Packer {
    fn flag(&mut self, flag: bool) {
        self.0.push(u8::from(flag));
    }

    fn number(&mut self, number: usize) {
        let number = u32::try_from(number).expect("no rule has a number of 4 GiB");
        self.0.extend(number.to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.number(text.len());
        self.0.extend(text.as_bytes());
    }

    fn list<T>(&mut self, list: &[T], mut each: impl FnMut(&mut Packer, &T)) {
        self.number(list.len());
        list.iter().for_each(|item| each(self, item));
    }

    fn texts(&mut self, texts: &[Text]) {
        self.list(texts, |packer, text| packer.text(text));
    }

    fn literals(&mut self, literals: &[Literal]) {
        self.list(literals, |packer, literal| {
            packer.text(&literal.text);
            packer.0.extend([literal.place.offset, literal.place.group]);
        });
    }

    fn maybe<T>(&mut self, value: Option<&T>, each: impl FnOnce(&mut Packer, &T)) {
        self.flag(value.is_some());
        if let Some(value) = value {
            each(self, value);
        }
    }

    fn confidence(&mut self, confidence: Confidence) {
        self.0.extend(confidence.thousandths().to_le_bytes());
    }

    fn method(&mut self, method: &Method) {
        match method {
            Method::Pattern {
                anchors,
                ignore_case,
                begins,
                run,
                pattern,
                reach,
                lead,
                then,
                near,
            } => {
                self.0.push(PATTERN);
                self.literals(anchors);
                self.flag(*ignore_case);
                self.flag(*begins);
                self.0.push(*run);
                self.text(pattern);
                self.number(*reach);
                self.number(*lead);
                self.maybe(then.as_ref(), |packer, then| packer.0.push(*then));
                self.maybe(near.as_ref(), |packer, near| {
                    packer.text(&near.pattern);
                    packer.number(near.lines);
                    packer.maybe(near.alone.as_ref(), |packer, alone| {
                        packer.confidence(*alone)
                    });
                });
            }
            Method::Value { anchors, value } => {
                self.0.push(VALUE);
                self.literals(anchors);
                self.text(value);
            }
            Method::Context {
                words,
                ordinary,
                body,
                distinctive,
                lengths: (shortest, longest),
            } => {
                self.0.push(CONTEXT);
                self.literals(words);
                self.flag(*ordinary);
                self.text(body);
                self.flag(*distinctive);
                self.number(*shortest);
                self.number(*longest);
            }
            Method::File { names, magic, line } => {
                self.0.push(FILE);
                self.texts(names);
                self.list(magic, |packer, magic| {
                    packer.list(magic, |packer, byte| {
                        packer.maybe(byte.as_ref(), |packer, byte| packer.0.push(*byte));
                    });
                });
                self.maybe(line.as_ref(), |packer, line| {
                    packer.text(&line.pattern);
                    packer.texts(&line.holds);
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::rules::data::CheckKind;
    use crate::rules::packed::{name_and_default, unpack};
    use crate::rules::validate::{TakenIds, rules_in};

    /// One rule of each method, with all that a file can say.
    const RULES: &str = r#"
[[rule]]
id = "made-pair"
title = "A pair"
class = "secret"
level = "restricted"
severity = "high"
confidence = 0.7
anchors = ["mp_"]
pattern = '''(?i)(?<secret>mp_[0-9a-z]{16})'''
near = { pattern = '''(?<secret>mq_[0-9]{16})''', lines = 3, alone = 0.25 }
checks = ["not-placeholder", "entropy:3.5"]
remedy = "Revoke it"
docs = "https://docs.example/pair"
paths = { only = ["**/*.a"], never = ["**/b/**", "c"] }
fallback = true
enabled = false
examples = []
negatives = []

[[rule]]
id = "made-value"
title = "A value"
class = "personal"
level = "internal"
severity = "low"
anchors = ["mv_name", "mv-name"]
value = "[0-9]{8}"
remedy = "Change it"
examples = []
negatives = []

[[rule]]
id = "made-context"
title = "A value near a word"
class = "secret"
level = "confidential"
severity = "critical"
context = ["made.example"]
ordinary = true
body = "m[0-9a-f]{20,32}"
remedy = "Change it"
examples = []
negatives = []

[[rule]]
id = "made-lines"
title = "Lines"
class = "confidential"
level = "confidential"
severity = "medium"
file = { names = ["**/.made"], line = "(?m)^(?<secret>[0-9]{9})$", holds = ["made", "other"] }
remedy = "Change it"
examples = []
negatives = []

[[rule]]
id = "made-file"
title = "A file"
class = "secret"
level = "restricted"
severity = "high"
file = { magic = ["4d??4e"] }
remedy = "Change it"
examples = []
negatives = []
"#;

    #[test]
    fn what_is_packed_is_unpacked_again() {
        let rules = rules_in(Path::new("made.toml"), RULES, &mut TakenIds::new());
        for rule in rules.unwrap() {
            let bytes = pack(&rule).leak();
            assert_eq!(unpack(bytes), rule);
            assert_eq!(
                name_and_default(bytes),
                (rule.card.id.as_ref(), rule.enabled)
            );
        }
    }

    #[test]
    fn checks_are_listed_in_the_order_of_their_kinds() {
        for (place, (kind, _)) in CheckKind::ALL.iter().enumerate() {
            assert_eq!(*kind as usize, place);
        }
    }
}
