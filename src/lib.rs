//! withhold says which files and which text must not be handed to an external AI tool, and why. Nothing it reads leaves the
//! machine: no network code is linked in.
//!
//! The pipeline, in the order of the rooms:
//! ```text
//! config   files + flags -> Settings               rules   builtin + user's files -> RuleSet
//! source   paths, git -> items, and what is left out   engine  items -> threads -> look at each:
//!   source   the item's bytes, in stretches          decode   bytes -> views, with the way back
//!   matcher  view -> candidates                      check    candidate -> confidence, or why not
//!   policy   finding -> verdict
//! engine   sort -> Outcome                         report  Outcome -> text
//! ```
//! What must always hold: whatever could not be looked at is in the outcome; no secret's text is.

mod check;
pub mod config;
mod decode;
mod engine;
mod matcher;
pub mod model;
mod policy;
pub mod report;
pub mod rules;
mod simd;
pub mod source;
mod toml_doc;

#[doc(hidden)]
pub use engine::rooms;
#[doc(hidden)]
pub use engine::{Described, Timing, Took, describe, time_scores};
pub use engine::{HistoryError, scan, scan_answering, scan_history, scan_paths, scan_until};
