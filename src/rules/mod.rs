//! Rules: from their files to a table of anchors, and patterns that are compiled when first needed. Knows no text to scan.

mod about;
mod anchors;
mod bounds;
mod builtin;
mod compile;
mod data;
mod files;
mod list;
mod made;
mod names;
#[cfg(test)]
mod pack;
mod packed;
mod program;
mod rarity;
mod ready;
mod rule;
mod samples;
mod schema;
mod search;
mod set;
mod shape;
mod sieve;
mod spelling;
mod table;
mod test_paths;
mod validate;

pub use about::{Finds, NearAbout, RuleAbout, every_rule};
pub use made::{made_samples, made_value};
pub use samples::{Sample, Samples, samples_in};
pub use set::{RuleError, RuleFile, RuleSet};

pub(crate) use anchors::Anchors;
pub(crate) use bounds::{CONTINUATIONS, LONG_WORD, SHORT_NAME};
pub(crate) use data::CheckKind;
pub(crate) use program::{Memory, Program};
pub(crate) use rule::{Lazy, LazyBytes, Line, Method, Near, Rule, Tried};
pub(crate) use search::Search;
pub(crate) use table::{AnchorHit, AnchorUser};
pub(crate) use test_paths::is_of_tests;
pub(crate) use validate::LONGEST_REACH;
