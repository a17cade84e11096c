//! Blobs, read from git's store one after the other.

use std::sync::Arc;

use gix::ObjectId;
use gix::objs::Kind;
use gix::prelude::FindExt;

use super::error::said;
use super::open::Git;
use crate::model::Why;

/// The largest object that is read, in bytes: git's store gives them whole only.
pub(super) const LARGEST: u64 = 1 << 30;

/// A blob's name in the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::source) struct Blob(pub(super) ObjectId);

/// One thread's way into a repository's store, kept from blob to blob.
#[derive(Default)]
pub(in crate::source) struct Reader {
    open: Option<(Arc<Git>, gix::Repository)>,
}

impl Reader {
    /// Reads a blob into `bytes`, in place of what was there.
    ///
    /// # Errors
    /// It is not there, is no blob, is too large, or is not as git writes objects.
    pub(in crate::source) fn read(
        &mut self,
        git: &Arc<Git>,
        blob: Blob,
        bytes: &mut Vec<u8>,
    ) -> Result<(), Why> {
        let repository = match &mut self.open {
            Some((open, repository)) if Arc::ptr_eq(open, git) => repository,
            open => &mut open.insert((Arc::clone(git), git.local())).1,
        };
        bytes.clear();
        match repository.try_find_header(blob.0) {
            Ok(Some(header)) if header.size() > LARGEST => return Err(Why::TooLong(LARGEST)),
            Ok(Some(_)) => {}
            Ok(None) => return Err(Why::MissingObject(blob.0.to_string())),
            Err(error) => return Err(Why::Unreadable(said(&error))),
        }
        match repository.objects.find(&blob.0, bytes) {
            Ok(data) if data.kind == Kind::Blob => Ok(()),
            Ok(data) => Err(Why::Unreadable(format!(
                "git's object {} is a {}, not a blob",
                blob.0, data.kind
            ))),
            Err(error) => Err(Why::Unreadable(format!("git's object {}: {error}", blob.0))),
        }
    }
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Reader")
    }
}
