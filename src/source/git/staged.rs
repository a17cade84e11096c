//! What the next commit would hold: the index beside the commit that is checked out.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use gix::bstr::{BStr, BString, ByteSlice};
use gix::index::entry::Mode;
use gix::{ObjectId, Repository};

use super::error::GitError;
use super::open::Git;
use super::reader::Blob;
use crate::model::{Origin, OriginKind};
use crate::source::{Gathered, Item};

/// How much of what changed is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changes {
    /// Findings on lines that were added or changed.
    AddedLines,
    /// All findings in files that were changed.
    WholeFiles,
}

impl Git {
    /// What the index would commit.
    ///
    /// # Errors
    /// The index or the commit that is checked out cannot be read.
    pub fn staged(self: &Arc<Git>, changes: Changes) -> Result<Gathered, GitError> {
        let repository = self.local();
        let index = repository
            .index_or_empty()
            .map_err(|error| GitError::broken("the index cannot be read", &error))?;
        let before = head_files(&repository)?;
        let mut gathered = Gathered::default();
        for entry in index.entries() {
            let path = entry.path(&index);
            let old = before.get(path);
            if entry.mode == Mode::COMMIT || old == Some(&entry.id) {
                continue;
            }
            let origin = Origin::git(OriginKind::Staged, file_path(path), None);
            let versions = match changes {
                Changes::AddedLines => old.copied().map(Blob).into_iter().collect(),
                Changes::WholeFiles => Vec::new(),
            };
            gathered.items.push(Item::blob(
                self,
                origin,
                Blob(entry.id),
                versions,
                old.is_some(),
            ));
        }
        Ok(gathered)
    }
}

/// Every file of the commit that is checked out; none before the first.
fn head_files(repository: &Repository) -> Result<BTreeMap<BString, ObjectId>, GitError> {
    let broken = |error: &gix::Error| GitError::broken("HEAD cannot be read", error);
    let tree = repository
        .head_tree_id_or_empty()
        .map_err(|error| broken(&error))?;
    let index = repository
        .index_from_tree(&tree)
        .map_err(|error| broken(&error))?;
    Ok(index
        .entries()
        .iter()
        .map(|entry| (entry.path(&index).to_owned(), entry.id))
        .collect())
}

/// A path of git's as the system has it; where the system cannot have it, as near as can be.
pub(super) fn file_path(path: &BStr) -> PathBuf {
    let lossy = || PathBuf::from(path.to_str_lossy().into_owned());
    gix::path::from_bstr(path).map_or_else(|_| lossy(), |path| path.into_owned())
}
