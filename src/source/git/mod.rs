//! Git, read through gix: no program is run, no hook, filter or text conversion, whatever the repository's configuration says.

mod added;
mod ancestry;
mod commits;
mod compare;
mod delta;
mod error;
mod graph;
mod history;
mod objects;
mod open;
mod pack;
mod places;
mod pushed;
mod range;
mod reader;
mod staged;
mod store;
mod texts;
mod tips;

pub use error::GitError;
pub use history::Depth;
pub use open::Git;
pub use pushed::Update;
pub use staged::Changes;

pub(crate) use history::{History, Object, TextPart, Thing};
pub(crate) use places::Place;

pub(super) use added::added_to;
pub(super) use reader::{Blob, Reader};
pub(super) use texts::Text;
