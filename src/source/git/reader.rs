//! Blobs, read from git's store one after the other.

use std::sync::Arc;

use gix::ObjectId;
use gix::objs::Find;
use gix::objs::Kind;

use super::error::said;
use super::open::Git;
use super::texts::Text;
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
        match self.read_object(git, blob.0, bytes)? {
            Kind::Blob => Ok(()),
            kind => Err(Why::Unreadable(format!(
                "git's object {} is a {kind}, not a blob",
                blob.0
            ))),
        }
    }

    /// Reads a text into `bytes`, in place of what was there.
    ///
    /// # Errors
    /// The object that it is in is not there, is too large, or is not as git writes objects.
    pub(in crate::source) fn read_text(
        &mut self,
        git: &Arc<Git>,
        text: Text,
        bytes: &mut Vec<u8>,
    ) -> Result<(), Why> {
        let kind = self.read_object(git, text.id, bytes)?;
        let kept = text.keep(kind, bytes);
        kept.ok_or_else(|| Why::Unreadable(format!("git's object {} is no whole {kind}", text.id)))
    }

    fn read_object(
        &mut self,
        git: &Arc<Git>,
        id: ObjectId,
        bytes: &mut Vec<u8>,
    ) -> Result<Kind, Why> {
        read_from(git, self.repository(git), id, bytes)
    }

    /// How long a blob is, in bytes, if that can be told.
    pub(super) fn size(&mut self, git: &Arc<Git>, blob: Blob) -> Option<u64> {
        if git.odd_kind(&blob.0).is_some() {
            return None;
        }
        let header = self.repository(git).find_header(blob.0).ok()?;
        Some(header.size())
    }

    fn repository(&mut self, git: &Arc<Git>) -> &mut gix::Repository {
        self.open.take_if(|(open, _)| !Arc::ptr_eq(open, git));
        let open = self
            .open
            .get_or_insert_with(|| (Arc::clone(git), git.local()));
        &mut open.1
    }
}

/// Reads an object of any kind into `bytes`, in place of what was there.
///
/// # Errors
/// It is not there, is too large, or is not as git writes objects.
pub(super) fn read_from(
    git: &Git,
    repository: &gix::Repository,
    id: ObjectId,
    bytes: &mut Vec<u8>,
) -> Result<Kind, Why> {
    bytes.clear();
    if let Some(kind) = git.odd_kind(&id) {
        return Err(Why::NotAFile(kind));
    }
    match repository.objects.try_find(&id, bytes) {
        Ok(Some(data)) => Ok(data.kind),
        Ok(None) => Err(Why::MissingObject(id.to_string())),
        // What is too large is not even begun.
        Err(error) => match repository.try_find_header(id) {
            Ok(Some(header)) if header.size() > LARGEST => Err(Why::TooLong(LARGEST)),
            _ => Err(Why::Unreadable(format!(
                "git's object {id}: {}",
                said(&error)
            ))),
        },
    }
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Reader")
    }
}
