//! Rules: from their files to a table of anchors, and patterns that are compiled when first needed. Knows no text to scan.

mod about;
mod anchors;
mod builtin;
mod compile;
mod data;
mod files;
mod made;
mod names;
mod rarity;
mod samples;
mod schema;
mod set;
mod shape;
mod sieve;
mod spelling;
mod validate;

pub use about::{Finds, NearAbout, RuleAbout, every_rule};
pub use made::{made_samples, made_value};
pub use samples::{Sample, Samples, samples_in};
pub use set::{RuleError, RuleFile, RuleSet};

pub(crate) use anchors::{AnchorHit, AnchorUser, Anchors, fold};
pub(crate) use data::CheckKind;
pub(crate) use set::{Lazy, Line, Method, Near, Rule};
pub(crate) use validate::LONGEST_REACH;
