//! The rules of the folder `rules/`, written into the program by `build.rs`: what the default set needs is ready, and a rule
//! is unpacked when it is asked for.

use std::borrow::Cow;

use super::bounds::{Bounds, Start};
use super::data::RuleData;
use super::names::{Asks, NameTables, Named, Wild};
use super::packed;
use super::ready::Ready;
use super::table::{AnchorTable, AnchorUser, Entry, KeyTable};

include!(concat!(env!("OUT_DIR"), "/builtin_rules.rs"));

/// How many there are.
pub(super) const NUMBER: usize = STARTS.len() - 1;

/// The rule of this number.
pub(super) fn rule(number: usize) -> RuleData {
    packed::unpack(bytes(number))
}

/// Every rule, on or off.
pub(super) fn rules() -> impl Iterator<Item = RuleData> {
    (0..NUMBER).map(rule)
}

/// The name of the rule of this number.
pub(super) fn name(number: usize) -> &'static str {
    packed::name_and_default(bytes(number)).0
}

/// The names of all rules.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    (0..NUMBER).map(name)
}

/// The names of all rules, and whether each is on by default.
pub(super) fn names_and_defaults() -> impl Iterator<Item = (&'static str, bool)> {
    (0..NUMBER).map(|number| packed::name_and_default(bytes(number)))
}

/// The rule of this number as it is in the program.
fn bytes(number: usize) -> &'static [u8] {
    &PACKED[STARTS[number] as usize..STARTS[number + 1] as usize]
}
