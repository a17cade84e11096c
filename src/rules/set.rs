//! The rules of a run: which are on, the table of their anchors, and what they ask of file names. Each rule is made when first
//! asked for: most runs need few.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::anchors::Anchors;
use super::builtin;
use super::data::RuleData;
use super::list::Rules;
use super::names::{FileNames, NameTables};
use super::ready::Ready;
use super::table::{AnchorTable, anchors_of};
use super::validate::{TakenIds, rules_in};
use crate::toml_doc::{TomlError, suggestion};

/// A user's rule file, read but not parsed.
#[derive(Clone, Debug)]
pub struct RuleFile {
    /// For errors.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
}

/// The rules of a run.
#[derive(Debug)]
pub struct RuleSet {
    pub(crate) rules: Rules,
    pub(crate) anchors: Anchors,
    pub(crate) file_names: FileNames,
}

/// Why a set of rules could not be made.
#[derive(Debug, thiserror::Error)]
pub enum RuleError {
    /// A rule file is not valid.
    #[error(transparent)]
    File(#[from] TomlError),
    /// A rule that was to be switched is not there.
    #[error("there is no rule `{0}`{1}")]
    Unknown(String, String),
    /// A rule that is to be explained is off.
    #[error("the rule `{0}` is off")]
    Off(String),
    /// Every rule is off: a scan would find nothing and say that all is well.
    #[error("no rule is on; a scan with no rules would clear everything")]
    NoneOn,
}

impl RuleSet {
    /// The builtin rules and those of `files`; `switches` turns rules on and off by id.
    ///
    /// # Errors
    /// A file is not valid, takes an id that is taken, a switch names no rule, or no rule is left on.
    pub fn new(
        files: &[RuleFile],
        switches: &BTreeMap<String, bool>,
    ) -> Result<RuleSet, RuleError> {
        if files.is_empty() && switches.is_empty() {
            return Ok(RuleSet::builtin());
        }
        let own = own_rules(files)?;
        let is_known = |id: &str| builtin::names().any(|name| name == id);
        let is_own = |id: &str| own.iter().any(|rule| rule.card.id == id);
        if let Some(id) = switches.keys().find(|id| !is_known(id) && !is_own(id)) {
            let rules = Rules::new(own, switches);
            return Err(unknown(id, rules.every_id().collect()));
        }
        let rules = Rules::new(own, switches);
        if rules.is_empty() {
            return Err(RuleError::NoneOn);
        }
        Ok(RuleSet::of(rules))
    }

    /// The builtin rules, as they are switched by default.
    fn builtin() -> RuleSet {
        RuleSet {
            rules: Rules::builtin(),
            anchors: Anchors::new(Ready::Here(&builtin::ANCHORS)),
            file_names: builtin::FILE_NAMES.into(),
        }
    }

    /// Whether a rule of this id is there, on or off.
    ///
    /// # Errors
    /// It is not.
    pub fn check_name(&self, id: &str) -> Result<(), RuleError> {
        if self.rules.every_id().any(|known| known == id) {
            return Ok(());
        }
        Err(unknown(id, self.rules.every_id().collect()))
    }

    /// Whether a rule of this id is on.
    ///
    /// # Errors
    /// It is not, or there is none.
    pub fn check_on(&self, id: &str) -> Result<(), RuleError> {
        self.check_name(id)?;
        if self.ids().any(|on| on == id) {
            Ok(())
        } else {
            Err(RuleError::Off(id.to_owned()))
        }
    }

    /// How many rules are on.
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether no rule is on; a set that was made has at least one.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The ids of the rules that are on.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.rules.ids()
    }

    /// The rules that look at some paths only, by their index in the set.
    pub(crate) fn of_some_paths(&self) -> Vec<usize> {
        let rules = self.rules.iter().enumerate();
        rules
            .filter(|(_, rule)| rule.is_of_some_paths())
            .map(|(index, _)| index)
            .collect()
    }

    /// These rules and tables of what they ask for.
    fn of(rules: Rules) -> RuleSet {
        let data: Vec<_> = rules.data().collect();
        let data = || data.iter().map(|rule| &**rule);
        let anchors = AnchorTable::new(anchors_of(data()));
        let file_names = NameTables::of(data());
        RuleSet {
            anchors: Anchors::new(Ready::Made(anchors)),
            file_names: file_names.into(),
            rules,
        }
    }
}

/// The rules of a user's files.
///
/// # Errors
/// A file is not valid, or takes an id that is taken.
pub(super) fn own_rules(files: &[RuleFile]) -> Result<Vec<RuleData>, RuleError> {
    let mut own = Vec::new();
    if files.is_empty() {
        return Ok(own);
    }
    let mut taken: TakenIds = builtin::names()
        .map(|name| (name.into(), PathBuf::from("the builtin rules")))
        .collect();
    for file in files {
        own.extend(rules_in(&file.path, &file.text, &mut taken)?);
    }
    Ok(own)
}

/// There is no rule `id`; of those that there are, one may be meant.
fn unknown(id: &str, ids: BTreeSet<&str>) -> RuleError {
    // With hundreds of rules a list of them all would help nobody.
    let hint = suggestion(id, ids.into_iter());
    let hint = Some(hint).filter(|hint| hint.starts_with(", did"));
    RuleError::Unknown(id.to_owned(), hint.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_set_in_the_program_is_the_one_that_its_rules_make() {
        let (ready, made) = (RuleSet::builtin(), RuleSet::of(Rules::builtin()));
        assert_eq!(ready.file_names.tables, made.file_names.tables);
        // Compared as a whole: what is told of two tables of thousands would help nobody.
        assert!(*ready.anchors == *made.anchors);
        let switched = Rules::new(Vec::new(), &BTreeMap::new());
        assert!(switched.ids().eq(ready.ids()));
    }
}
