//! The scales on which rules and findings are graded. Knows no rule and no policy.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize, Serializer};

/// Declares a scale whose members are written in lower case everywhere: rules, configuration, flags and reports.
macro_rules! scale {
    ($(#[$doc:meta])* $name:ident { $($(#[$member_doc:meta])* $member:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "lowercase")]
        pub enum $name {
            $($(#[$member_doc])* $member,)+
        }

        impl $name {
            /// Every member, lowest first.
            pub const ALL: &'static [$name] = &[$($name::$member,)+];

            /// The word that stands for it in rules, configuration, flags and reports.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $($name::$member => $text,)+
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = ParseGradeError;

            fn from_str(text: &str) -> Result<Self, ParseGradeError> {
                match text {
                    $($text => Ok($name::$member),)+
                    _ => Err(ParseGradeError { given: text.to_owned(), choices: &[$($text,)+] }),
                }
            }
        }
    };
}

scale! {
    /// What kind of thing a rule finds.
    Class {
        /// It opens something: a key, a token, a password.
        Secret = "secret",
        /// It is marked, labelled or shaped as not for outsiders.
        Confidential = "confidential",
        /// It is about a person.
        Personal = "personal",
    }
}

scale! {
    /// How far content may travel. A destination's clearance is the highest level that it may be given.
    Level {
        /// For anyone.
        Public = "public",
        /// For everyone inside.
        Internal = "internal",
        /// For those who need it.
        Confidential = "confidential",
        /// For named people or one system only.
        Restricted = "restricted",
    }
}

scale! {
    /// How bad it is if it gets out, by what it opens or harms.
    Severity {
        /// A nuisance: short-lived, test-only or public by design.
        Low = "low",
        /// One service or one user's part of it.
        Medium = "medium",
        /// A service as a whole, or much of its data.
        High = "high",
        /// An organisation, its money or its infrastructure.
        Critical = "critical",
    }
}

/// A word that names no member of a scale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseGradeError {
    given: String,
    choices: &'static [&'static str],
}

impl fmt::Display for ParseGradeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is none of {}", self.given, self.choices.join(", "))
    }
}

impl std::error::Error for ParseGradeError {}

/// How sure a finding is, from 0 to 1, kept in thousandths so that it can be ordered and compared exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Confidence(u16);

impl Confidence {
    /// So many thousandths; more than 1000 counts as 1000.
    pub const fn from_thousandths(thousandths: u16) -> Confidence {
        Confidence(if thousandths > 1000 {
            1000
        } else {
            thousandths
        })
    }

    /// From a number between 0 and 1; `None` outside of it.
    pub fn new(value: f64) -> Option<Confidence> {
        // The cast is exact: the range is checked first.
        (0.0..=1.0)
            .contains(&value)
            .then(|| Confidence((value * 1000.0).round() as u16))
    }

    /// As thousandths, 0 to 1000.
    pub const fn thousandths(self) -> u16 {
        self.0
    }

    /// As a number between 0 and 1.
    pub fn as_f64(self) -> f64 {
        f64::from(self.0) / 1000.0
    }
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2}", self.as_f64())
    }
}

impl Serialize for Confidence {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.as_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_ordered_from_public_to_restricted() {
        assert!(Level::Public < Level::Internal && Level::Internal < Level::Confidential);
        assert_eq!(Level::ALL.iter().max(), Some(&Level::Restricted));
    }

    #[test]
    fn a_wrong_word_names_the_right_ones() {
        let error = "severe".parse::<Severity>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "`severe` is none of low, medium, high, critical"
        );
    }

    #[test]
    fn confidence_stays_within_its_range() {
        assert_eq!(
            Confidence::new(0.99).map(Confidence::thousandths),
            Some(990)
        );
        assert_eq!(Confidence::new(1.01), None);
        assert_eq!(Confidence::new(f64::NAN), None);
        assert_eq!(Confidence::from_thousandths(2000).thousandths(), 1000);
    }
}
