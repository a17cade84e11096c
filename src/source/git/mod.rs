//! Git, read through gix: no program is run, no hook, filter or text conversion, whatever the repository's configuration says.

mod added;
mod compare;
mod error;
mod files;
mod index;
mod large;
mod moved;
mod open;
mod owner;
mod picks;
mod reader;
mod staged;

pub use error::GitError;
pub use open::Git;
pub use staged::Changes;

pub(super) use added::added_to;
pub(super) use large::{Checked, LargeFile};
pub(super) use moved::most_like;
pub(super) use reader::{Blob, Reader};
