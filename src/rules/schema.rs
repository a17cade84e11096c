//! A rule as its file writes it. Shared with `build.rs`; decides nothing about what is valid.

use serde::Deserialize;
use toml::Spanned;

use crate::model::{Class, Level, Severity};
use crate::toml_doc::{Inner, Keys};

/// A rule file.
#[derive(Debug, Deserialize)]
pub(crate) struct RuleFile {
    #[serde(default, rename = "rule")]
    pub(crate) rules: Vec<WrittenRule>,
    #[serde(default)]
    pub(crate) longtail: Vec<WrittenLongtail>,
}

/// One `[[longtail]]`: a rule by context that says no more than it must.
#[derive(Debug, Deserialize)]
pub(crate) struct WrittenLongtail {
    pub(crate) id: Spanned<String>,
    pub(crate) provider: String,
    pub(crate) kind: String,
    pub(crate) context: Spanned<Vec<String>>,
    #[serde(default)]
    pub(crate) ordinary: bool,
    pub(crate) body: Spanned<String>,
    pub(crate) severity: Severity,
    #[serde(default = "yes")]
    pub(crate) verified: bool,
}

/// One `[[rule]]`.
#[derive(Debug, Deserialize)]
pub(crate) struct WrittenRule {
    pub(crate) id: Spanned<String>,
    pub(crate) title: String,
    pub(crate) class: Class,
    pub(crate) level: Level,
    pub(crate) severity: Severity,
    pub(crate) confidence: Option<Spanned<f64>>,
    pub(crate) anchors: Option<Spanned<Vec<String>>>,
    pub(crate) pattern: Option<Spanned<String>>,
    pub(crate) value: Option<Spanned<String>>,
    pub(crate) context: Option<Spanned<Vec<String>>>,
    #[serde(default)]
    pub(crate) ordinary: bool,
    pub(crate) body: Option<Spanned<String>>,
    pub(crate) window: Option<Spanned<usize>>,
    pub(crate) near: Option<WrittenNear>,
    #[serde(default)]
    pub(crate) checks: Vec<Spanned<String>>,
    #[serde(default)]
    pub(crate) paths: WrittenPaths,
    pub(crate) file: Option<Spanned<WrittenFile>>,
    #[serde(default)]
    pub(crate) fallback: bool,
    #[serde(default = "yes")]
    pub(crate) enabled: bool,
    #[serde(default)]
    pub(crate) remedy: String,
    #[serde(default)]
    pub(crate) docs: String,
    #[serde(default)]
    pub(crate) examples: Vec<Sample>,
    #[serde(default)]
    pub(crate) negatives: Vec<Sample>,
}

/// A text that a rule must find, or must not: as it is, or with the path it stands in.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Sample {
    /// The text alone.
    Text(String),
    /// The text and its path.
    At {
        /// Relative, with `/`.
        path: String,
        /// The text.
        text: String,
    },
}

/// A second pattern that must match near the first.
#[derive(Debug, Deserialize)]
pub(crate) struct WrittenNear {
    pub(crate) pattern: Spanned<String>,
    pub(crate) lines: Spanned<usize>,
    pub(crate) alone: Option<Spanned<f64>>,
}

/// Globs on the item's path.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct WrittenPaths {
    #[serde(default)]
    pub(crate) only: Vec<Spanned<String>>,
    #[serde(default)]
    pub(crate) never: Vec<Spanned<String>>,
}

/// The file itself is the finding, or lines of a file that is known by its name.
#[derive(Debug, Deserialize)]
pub(crate) struct WrittenFile {
    #[serde(default)]
    pub(crate) names: Vec<Spanned<String>>,
    #[serde(default)]
    pub(crate) magic: Vec<Spanned<String>>,
    pub(crate) line: Option<Spanned<String>>,
    #[serde(default)]
    pub(crate) holds: Vec<Spanned<String>>,
}

const fn yes() -> bool {
    true
}

/// The keys of a rule file.
pub(crate) const KEYS: Keys = Keys(&[
    ("rule", Inner::Table(&RULE_KEYS)),
    ("longtail", Inner::Table(&LONGTAIL_KEYS)),
]);

const LONGTAIL_KEYS: Keys = Keys(&[
    ("id", Inner::Anything),
    ("provider", Inner::Anything),
    ("kind", Inner::Anything),
    ("context", Inner::Anything),
    ("ordinary", Inner::Anything),
    ("body", Inner::Anything),
    ("severity", Inner::Anything),
    ("verified", Inner::Anything),
]);

const RULE_KEYS: Keys = Keys(&[
    ("id", Inner::Anything),
    ("title", Inner::Anything),
    ("class", Inner::Anything),
    ("level", Inner::Anything),
    ("severity", Inner::Anything),
    ("confidence", Inner::Anything),
    ("anchors", Inner::Anything),
    ("pattern", Inner::Anything),
    ("value", Inner::Anything),
    ("context", Inner::Anything),
    ("ordinary", Inner::Anything),
    ("body", Inner::Anything),
    ("window", Inner::Anything),
    (
        "near",
        Inner::Table(&Keys(&[
            ("pattern", Inner::Anything),
            ("lines", Inner::Anything),
            ("alone", Inner::Anything),
        ])),
    ),
    ("checks", Inner::Anything),
    (
        "paths",
        Inner::Table(&Keys(&[
            ("only", Inner::Anything),
            ("never", Inner::Anything),
        ])),
    ),
    (
        "file",
        Inner::Table(&Keys(&[
            ("names", Inner::Anything),
            ("magic", Inner::Anything),
            ("line", Inner::Anything),
            ("holds", Inner::Anything),
        ])),
    ),
    ("fallback", Inner::Anything),
    ("enabled", Inner::Anything),
    ("remedy", Inner::Anything),
    ("docs", Inner::Anything),
    ("examples", Inner::Anything),
    ("negatives", Inner::Anything),
]);
