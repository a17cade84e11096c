//! Git, read through gix: no program is run, no hook, filter or text conversion, whatever the repository's configuration says.

mod added;
mod against_head;
mod ancestry;
mod cache;
mod commits;
mod delta;
mod error;
mod files;
mod graph;
mod history;
mod hooks;
mod index;
mod large;
mod moved;
mod objects;
mod open;
mod owner;
mod pack;
mod picks;
mod places;
mod pushed;
mod range;
mod reader;
mod staged;
mod store;
mod texts;
mod tips;
mod trees;

pub use error::GitError;
pub use history::Depth;
pub use hooks::{
    ConfiguredHook, GlobalHooks, HookConfig, HookFacts, MessageCleanup, PathSetting, SetBy,
    global_hooks,
};
pub use open::Git;
pub use pushed::Update;
pub use staged::Changes;

pub(crate) use history::{History, Object, TextPart, Thing};
pub(crate) use places::Place;

pub(super) use added::added_to;
pub(super) use large::{Checked, LargeFile};
pub(super) use moved::most_like;
pub(super) use reader::{Blob, Reader};
pub(super) use texts::Text;
