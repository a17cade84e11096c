//! The rules of the folder `rules/`, written into the program by `build.rs`.

use std::borrow::Cow;

use super::data::{CheckKind, CheckSpec, Line, Literal, Method, Near, RuleData};
use super::sieve::Place;
use crate::model::{Class, Confidence, Level, RuleCard, Severity};

include!(concat!(env!("OUT_DIR"), "/builtin_rules.rs"));
