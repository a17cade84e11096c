//! TOML whose errors name file, line and key: what rule files and configuration files share. Knows neither of them.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What is wrong in a TOML file, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TomlError {
    file: PathBuf,
    /// Counted from 1; 0 when the error is about the file as a whole.
    line: usize,
    what: String,
}

impl TomlError {
    /// About the file as a whole.
    pub(crate) fn whole(file: &Path, what: impl fmt::Display) -> TomlError {
        TomlError {
            file: file.to_path_buf(),
            line: 0,
            what: what.to_string(),
        }
    }
}

impl fmt::Display for TomlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file.display(), self.what),
            line => write!(f, "{}:{line}: {}", self.file.display(), self.what),
        }
    }
}

impl std::error::Error for TomlError {}

/// The keys that a table may hold; a key's own table may hold those behind it.
pub(crate) struct Keys(pub(crate) &'static [(&'static str, Inner)]);

/// What may stand behind a key.
pub(crate) enum Inner {
    /// Whatever the type says.
    Anything,
    /// A table, or a list of tables, with these keys.
    Table(&'static Keys),
    /// A table whose keys are names that the file gives, each with a table of these keys.
    Named(&'static Keys),
}

/// A TOML text and its name.
#[derive(Clone, Copy)]
pub(crate) struct TomlDoc<'a> {
    /// For errors.
    pub(crate) file: &'a Path,
    /// The text.
    pub(crate) text: &'a str,
}

impl<'a> TomlDoc<'a> {
    /// Reads the whole text as a `T` that may hold `keys` and no other.
    ///
    /// # Errors
    /// The text is not TOML, holds a key that is unknown, or a value of another type.
    pub(crate) fn parse<T: DeserializeOwned>(self, keys: &Keys) -> Result<T, TomlError> {
        let table = DeTable::parse(self.text).map_err(|error| self.syntax(&error))?;
        self.check_keys(table.get_ref(), keys)?;
        toml::from_str(self.text).map_err(|error| {
            let key = error
                .span()
                .and_then(|span| key_at(table.get_ref(), span.start));
            match (error.span(), key) {
                (Some(span), Some(key)) => {
                    self.error(span, format!("key `{key}`: {}", error.message()))
                }
                _ => self.syntax(&error),
            }
        })
    }

    /// An error about the bytes at `span`.
    pub(crate) fn error(self, span: Range<usize>, what: impl fmt::Display) -> TomlError {
        let before = self.text.as_bytes().get(..span.start).unwrap_or_default();
        let line = 1 + before.iter().filter(|&&byte| byte == b'\n').count();
        TomlError {
            file: self.file.to_path_buf(),
            line,
            what: what.to_string(),
        }
    }

    fn syntax(self, error: &toml::de::Error) -> TomlError {
        match error.span() {
            Some(span) => self.error(span, error.message()),
            None => TomlError::whole(self.file, error.message()),
        }
    }

    fn check_keys(self, table: &DeTable<'a>, keys: &Keys) -> Result<(), TomlError> {
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            let Some((_, inner)) = keys.0.iter().find(|(known, _)| *known == name) else {
                let known = keys.0.iter().map(|(known, _)| *known);
                return Err(self.error(
                    key.span(),
                    format!("unknown key `{name}`{}", suggestion(name, known)),
                ));
            };
            match (inner, value.get_ref()) {
                (Inner::Table(keys), DeValue::Table(table)) => self.check_keys(table, keys)?,
                (Inner::Table(keys), DeValue::Array(array)) => {
                    for table in array.iter().filter_map(|value| value.get_ref().as_table()) {
                        self.check_keys(table, keys)?;
                    }
                }
                (Inner::Named(keys), DeValue::Table(table)) => {
                    for table in table
                        .values()
                        .filter_map(|value| value.get_ref().as_table())
                    {
                        self.check_keys(table, keys)?;
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// The innermost key whose value holds the byte at `at`.
fn key_at(table: &DeTable<'_>, at: usize) -> Option<String> {
    let (key, value) = table.iter().find(|(_, value)| holds(value, at))?;
    let inner = match value.get_ref() {
        DeValue::Table(table) => key_at(table, at),
        DeValue::Array(array) => {
            let item = array
                .iter()
                .find(|item| holds(item, at))
                .and_then(|item| item.get_ref().as_table());
            item.and_then(|table| key_at(table, at))
        }
        _ => None,
    };
    inner.or_else(|| Some(key.get_ref().to_string()))
}

/// Whether a value lies around the byte at `at`. A table that is written under a header lies around its entries.
fn holds(value: &Spanned<DeValue<'_>>, at: usize) -> bool {
    let within = match value.get_ref() {
        DeValue::Table(table) => table.values().any(|value| holds(value, at)),
        DeValue::Array(array) => array.iter().any(|value| holds(value, at)),
        _ => false,
    };
    within || value.span().contains(&at)
}

/// `, did you mean …?` when a known word is close to `given`, else a list of the known words.
pub(crate) fn suggestion<'k>(given: &str, known: impl Iterator<Item = &'k str>) -> String {
    let known: Vec<&str> = known.collect();
    let closest = known
        .iter()
        .map(|word| (strsim::damerau_levenshtein(given, word), *word))
        .min();
    match closest {
        Some((distance, word)) if distance <= 1 + word.len() / 4 => {
            format!(", did you mean `{word}`?")
        }
        _ => format!(", expected one of: {}", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    struct Sample {
        #[expect(dead_code, reason = "read by nobody: what counts is the error")]
        size: Option<u8>,
    }

    const KEYS: Keys = Keys(&[
        ("size", Inner::Anything),
        ("named", Inner::Named(&Keys(&[("colour", Inner::Anything)]))),
    ]);

    fn error(text: &str) -> String {
        TomlDoc {
            file: Path::new("a.toml"),
            text,
        }
        .parse::<Sample>(&KEYS)
        .unwrap_err()
        .to_string()
    }

    #[test]
    fn errors_name_file_line_and_key() {
        assert_eq!(
            error("\nsiez = 1\n"),
            "a.toml:2: unknown key `siez`, did you mean `size`?"
        );
        assert_eq!(
            error("weight = 1\n"),
            "a.toml:1: unknown key `weight`, expected one of: size, named"
        );
        assert_eq!(
            error("[named.x]\ncolor = 1\n"),
            "a.toml:2: unknown key `color`, did you mean `colour`?"
        );
        assert!(
            error("size = 'x'\n").starts_with("a.toml:1: key `size`: invalid type"),
            "{}",
            error("size = 'x'\n")
        );
        assert!(error("size = = 1\n").starts_with("a.toml:1: "));
    }
}
