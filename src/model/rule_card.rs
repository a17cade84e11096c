//! What everyone may know about a rule. Knows nothing of how it finds.

use std::borrow::Cow;

use serde::Serialize;

use super::grade::{Class, Level, Severity};

/// What every report says about a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleCard {
    /// Its name, kebab-case and unique.
    pub id: Cow<'static, str>,
    /// What it finds, for people.
    pub title: Cow<'static, str>,
    /// What kind of thing it finds.
    pub class: Class,
    /// How far such content may travel.
    pub level: Level,
    /// How bad it is if it gets out.
    pub severity: Severity,
    /// What to do about a finding.
    pub remedy: Cow<'static, str>,
    /// A page of the provider's, or empty.
    pub docs: Cow<'static, str>,
}
