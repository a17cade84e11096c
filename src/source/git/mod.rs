//! Git, read through gix: no program is run, no hook, filter or text conversion, whatever the repository's configuration says.

mod added;
mod delta;
mod error;
mod graph;
mod history;
mod open;
mod pack;
mod parts;
mod places;
mod reader;
mod staged;
mod store;
mod tips;

pub use error::GitError;
pub use history::Depth;
pub use open::Git;
pub use staged::Changes;

pub(crate) use history::{History, Object, TextPart, Thing};
pub(crate) use places::Place;

pub(super) use added::added_to;
pub(super) use reader::{Blob, Reader};
