//! The examples and negatives that rule files carry: what a rule must find, and what it must not. Runs nothing.

use super::schema::{KEYS, RuleFile as WrittenFile, Sample as WrittenSample};
use super::set::{RuleError, RuleFile};
use crate::toml_doc::TomlDoc;

/// What breaks samples so that no scanner trips over a rule file; it is removed when they are loaded. Two in a row are one that stays.
const MARKER: char = '~';

/// One rule's samples.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Samples {
    /// The rule's id.
    pub rule: String,
    /// Each must be found by this rule.
    pub examples: Vec<Sample>,
    /// None may be found by any rule.
    pub negatives: Vec<Sample>,
}

/// A text, and the path that it stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Relative, with `/`.
    pub path: String,
    /// The text, unbroken.
    pub text: String,
}

/// The samples of every rule in a file.
///
/// # Errors
/// The text is not a rule file.
pub fn samples_in(file: &RuleFile) -> Result<Vec<Samples>, RuleError> {
    let written: WrittenFile = TomlDoc {
        file: &file.path,
        text: &file.text,
    }
    .parse(&KEYS)?;
    let samples = |rule: super::schema::WrittenRule| Samples {
        rule: rule.id.into_inner(),
        examples: rule.examples.into_iter().map(Sample::new).collect(),
        negatives: rule.negatives.into_iter().map(Sample::new).collect(),
    };
    Ok(written.rules.into_iter().map(samples).collect())
}

/// A sample's text without its markers.
fn unbroken(text: &str) -> String {
    let double: String = [MARKER; 2].iter().collect();
    text.split(&double)
        .map(|part| part.replace(MARKER, ""))
        .collect::<Vec<_>>()
        .join(&MARKER.to_string())
}

impl Sample {
    fn new(written: WrittenSample) -> Sample {
        let (path, text) = match written {
            WrittenSample::Text(text) => ("sample".to_owned(), text),
            WrittenSample::At { path, text } => (path, text),
        };
        Sample {
            path,
            text: unbroken(&text),
        }
    }
}
