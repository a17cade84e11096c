//! Who gives bytes: the working tree, named files, standard input, git. Looks into none of them.

mod git;
mod item;
mod read;
mod trees;
mod walk;

pub use git::{Changes, Depth, Git, GitError, Update};
pub use git::{
    ConfiguredHook, GlobalHooks, HookConfig, HookFacts, MessageCleanup, PathSetting, SetBy,
    global_hooks,
};
pub use item::Item;
pub use trees::BUILT_TREES;
pub use walk::{Gathered, Scope, WalkSettings, gather};

pub(crate) use git::{History, Object, Place, TextPart, Thing};
#[cfg(test)]
pub(crate) use read::Sizes;
pub(crate) use read::{Buffer, MARGIN, slices};
pub(crate) use walk::gather_to;
