//! A configuration file as written. Resolves nothing.

use std::collections::BTreeMap;
use std::path::Path;

use globset::Glob;
use serde::Deserialize;
use toml::Spanned;

use crate::model::{Level, Severity};
use crate::toml_doc::{Inner, Keys, TomlDoc, TomlError, suggestion};

use super::settings::Marks;

/// What a configuration file may say; every key may be left out.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct WrittenConfig {
    pub(super) destination: Option<String>,
    pub(super) min_confidence: Option<Spanned<f64>>,
    pub(super) min_severity: Option<Severity>,
    pub(super) withhold_severity: Option<Severity>,
    pub(super) marks: Option<Marks>,
    #[serde(default)]
    pub(super) rule_files: Vec<String>,
    #[serde(default)]
    pub(super) destinations: BTreeMap<String, WrittenDestination>,
    #[serde(default)]
    pub(super) rules: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    pub(super) paths: Vec<WrittenPathRule>,
}

/// One `[destinations.NAME]`.
#[derive(Debug, Deserialize)]
pub(super) struct WrittenDestination {
    pub(super) clearance: Level,
}

/// One `[[paths]]`.
#[derive(Debug, Deserialize)]
pub(super) struct WrittenPathRule {
    #[serde(rename = "match")]
    pub(super) globs: Vec<Spanned<String>>,
    pub(super) rules: Vec<String>,
    pub(super) reason: Spanned<String>,
}

const KEYS: Keys = Keys(&[
    ("destination", Inner::Anything),
    ("min-confidence", Inner::Anything),
    ("min-severity", Inner::Anything),
    ("withhold-severity", Inner::Anything),
    ("marks", Inner::Anything),
    ("rule-files", Inner::Anything),
    (
        "destinations",
        Inner::Named(&Keys(&[("clearance", Inner::Anything)])),
    ),
    ("rules", Inner::Anything),
    (
        "paths",
        Inner::Table(&Keys(&[
            ("match", Inner::Anything),
            ("rules", Inner::Anything),
            ("reason", Inner::Anything),
        ])),
    ),
]);

/// Reads the text of a configuration file.
pub(super) fn parse(file: &Path, text: &str) -> Result<WrittenConfig, TomlError> {
    let doc = TomlDoc { file, text };
    let written: WrittenConfig = doc.parse(&KEYS)?;
    if let Some(confidence) = &written.min_confidence
        && !(0.0..=1.0).contains(confidence.get_ref())
    {
        return Err(doc.error(
            confidence.span(),
            "key `min-confidence`: must be between 0 and 1",
        ));
    }
    for (id, switch) in &written.rules {
        if !matches!(switch.get_ref().as_str(), "on" | "off") {
            let hint = suggestion(switch.get_ref(), ["on", "off"].into_iter());
            return Err(doc.error(
                switch.span(),
                format!("key `rules.{id}`: `{}`{hint}", switch.get_ref()),
            ));
        }
    }
    for rule in &written.paths {
        for glob in &rule.globs {
            Glob::new(glob.get_ref())
                .map_err(|error| doc.error(glob.span(), format!("key `paths.match`: {error}")))?;
        }
        if rule.reason.get_ref().trim().is_empty() {
            return Err(doc.error(
                rule.reason.span(),
                "key `paths.reason`: must say why these findings may go",
            ));
        }
    }
    Ok(written)
}
