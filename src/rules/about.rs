//! What a rule says of itself, for people and for tests: nothing here finds anything.

use serde::Serialize;

use super::builtin;
use super::data::{CheckSpec, Literal, Method, RuleData, Text};
use super::set::{RuleError, RuleFile, own_rules};
use crate::model::{Confidence, RuleCard};

/// Everything about one rule.
#[derive(Clone, Debug, Serialize)]
pub struct RuleAbout {
    /// What reports say about it.
    #[serde(flatten)]
    pub card: RuleCard,
    /// Whose credential it finds, in lower case.
    pub provider: String,
    /// How sure a match is before any check has spoken.
    pub confidence: Confidence,
    /// How it finds.
    #[serde(flatten)]
    pub finds: Finds,
    /// Its checks as rule files write them, in the order they run.
    pub checks: Vec<String>,
    /// Globs of which the item's path must match one; empty for any path.
    pub only: Vec<String>,
    /// Globs of which the item's path must match none.
    pub never: Vec<String>,
    /// Whether it gives way to any other finding in the same place.
    pub fallback: bool,
    /// Whether it is on by default.
    pub enabled: bool,
}

/// How a rule finds, in the words of its file.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "finds", rename_all = "kebab-case")]
pub enum Finds {
    /// A pattern around a literal.
    Pattern {
        /// Literals of which every match holds one.
        anchors: Vec<String>,
        /// The pattern.
        pattern: String,
        /// The second pattern.
        near: Option<NearAbout>,
    },
    /// The value given to a name.
    Value {
        /// Parts of the name.
        anchors: Vec<String>,
        /// What the whole value must match.
        value: String,
    },
    /// A value near a provider's word.
    Context {
        /// The words.
        words: Vec<String>,
        /// Whether they must be part of a name or of a host.
        ordinary: bool,
        /// What the whole value must match.
        body: String,
    },
    /// The file itself.
    File {
        /// Globs on its path.
        names: Vec<String>,
        /// What its first bytes may be, in hexadecimal digits; `??` is any byte.
        magic: Vec<String>,
        /// What is reported of it; the file as a whole where there is none.
        line: Option<String>,
        /// Literals of which its text must hold one; empty for any text.
        holds: Vec<String>,
    },
}

/// A second pattern that must match close by.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NearAbout {
    /// The pattern.
    pub pattern: String,
    /// How many lines away it may be, before or after.
    pub lines: usize,
    /// What the first is worth without it; nothing is reported where there is none.
    pub alone: Option<Confidence>,
}

/// Every builtin rule and every rule of `files`, on or off.
///
/// # Errors
/// A file is not valid, or takes an id that is taken.
pub fn every_rule(files: &[RuleFile]) -> Result<Vec<RuleAbout>, RuleError> {
    let own = own_rules(files)?;
    let builtin = builtin::rules();
    Ok(builtin
        .chain(own)
        .map(|rule| RuleAbout::new(&rule))
        .collect())
}

impl RuleAbout {
    fn new(data: &RuleData) -> RuleAbout {
        RuleAbout {
            card: data.card.clone(),
            provider: data.provider.to_string(),
            confidence: data.confidence,
            finds: Finds::new(&data.method),
            checks: data.checks.iter().map(CheckSpec::to_string).collect(),
            only: strings(&data.only),
            never: strings(&data.never),
            fallback: data.fallback,
            enabled: data.enabled,
        }
    }
}

impl Finds {
    fn new(method: &Method) -> Finds {
        match method {
            Method::Pattern {
                anchors,
                pattern,
                near,
                ..
            } => Finds::Pattern {
                anchors: literals(anchors),
                pattern: pattern.to_string(),
                near: near.as_ref().map(|near| NearAbout {
                    pattern: near.pattern.to_string(),
                    lines: near.lines,
                    alone: near.alone,
                }),
            },
            Method::Value { anchors, value } => Finds::Value {
                anchors: literals(anchors),
                value: value.to_string(),
            },
            Method::Context {
                words,
                ordinary,
                body,
                ..
            } => Finds::Context {
                words: literals(words),
                ordinary: *ordinary,
                body: body.to_string(),
            },
            Method::File { names, magic, line } => Finds::File {
                names: strings(names),
                magic: magic.iter().map(|bytes| first_bytes(bytes)).collect(),
                line: line.as_ref().map(|line| line.pattern.to_string()),
                holds: line
                    .as_ref()
                    .map_or(Vec::new(), |line| strings(&line.holds)),
            },
        }
    }
}

/// First bytes as rule files write them.
fn first_bytes(bytes: &[Option<u8>]) -> String {
    bytes
        .iter()
        .map(|byte| byte.map_or_else(|| "??".to_owned(), |byte| format!("{byte:02x}")))
        .collect()
}

fn literals(literals: &[Literal]) -> Vec<String> {
    literals
        .iter()
        .map(|literal| literal.text.to_string())
        .collect()
}

fn strings(texts: &[Text]) -> Vec<String> {
    texts.iter().map(|text| text.to_string()).collect()
}
