//! From an outcome to text: one file a format, each a pure function of the outcome. Decides nothing; the exit code never
//! depends on what is in here.

mod escape;
mod hook;
mod human;
mod json;
mod jsonl;
mod paths;

use std::io::{self, Write};

use crate::model::Outcome;

pub use escape::visible;
pub use hook::{Door, HookReport, Refusal};
pub use human::Human;
pub use json::Json;
pub use jsonl::Jsonl;
pub use paths::{PathList, Separator, Which};

/// A format.
pub trait Report {
    /// Writes an outcome.
    ///
    /// # Errors
    /// What is written to fails.
    fn write(&self, outcome: &Outcome, out: &mut dyn Write) -> io::Result<()>;
}
