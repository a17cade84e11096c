//! What the next commit would hold: the index beside the commit that is checked out.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use gix::bstr::{BStr, ByteSlice};
use gix::index::State;
use gix::{ObjectId, Repository};

use super::against_head::{Change, Compare};
use super::error::GitError;
use super::index;
use super::open::Git;
use super::picks::Picks;
use super::reader::Blob;
use crate::model::{Origin, OriginKind, SkipReason, Skipped, Unscanned, Why};
use crate::source::walk::WalkSettings;
use crate::source::{Gathered, Item};

/// How many files of the commit before, gone from it, are looked at as what a new file may have been before.
const MOST_GONE: usize = 1_000;

/// How much of what changed is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changes {
    /// Findings on lines that were added or changed.
    AddedLines,
    /// All findings in files that were changed.
    WholeFiles,
}

impl Git {
    /// What the index would commit, below `paths` if there are any, which are relative to `here`; of the settings those about
    /// paths and sizes count. A file that was moved is beside what it was before.
    ///
    /// # Errors
    /// There is no working tree, a path is not in it, or the index or the commit that is checked out cannot be read.
    pub fn staged(
        self: &Arc<Git>,
        changes: Changes,
        here: &Path,
        paths: &[PathBuf],
        settings: &WalkSettings,
    ) -> Result<Gathered, GitError> {
        let repository = self.local();
        if self.top().is_none() {
            return Err(GitError::Bare(self.common().to_path_buf()));
        }
        let picks = Picks::new(self, here, paths, settings)?;
        let index = index::open(&repository)?;
        let head = self.head_tree(&repository)?;
        let mut compare = Compare::run(self, &repository, &index, head)?;
        let mut gathered = Gathered::default();
        for below in &picks.below {
            let is_known = is_in_index(&index, below.path.as_bstr())
                || compare
                    .changes
                    .iter()
                    .any(|change| below.holds(change.path.as_bstr()))
                || is_in_tree(&repository, head, below.path.as_bstr())
                || fs::symlink_metadata(here.join(&below.given)).is_ok();
            if !is_known {
                gathered.unscanned.push(Unscanned {
                    origin: Origin::file(below.given.clone()),
                    why: Why::Unreadable(
                        "there is nothing of this name, neither staged nor in the working tree"
                            .to_owned(),
                    ),
                });
            }
        }
        let mut taken = Vec::new();
        for change in std::mem::take(&mut compare.changes) {
            if !picks.is_given(change.path.as_bstr()) {
                continue;
            }
            let origin = Origin::git(OriginKind::Staged, file_path(change.path.as_bstr()), None);
            match reason_against(&picks, &repository, &change) {
                Some(reason) => gathered.skipped.push(Skipped { origin, reason }),
                None if change.intended => self.add_intended(&change, &mut gathered),
                None => taken.push((origin, change)),
            }
        }
        let is_new = |(_, change): &(Origin, Change)| change.old.is_none();
        let gone = match changes {
            Changes::AddedLines if taken.iter().any(is_new) => compare.gone_blobs(MOST_GONE)?,
            _ => Vec::new(),
        };
        let same: BTreeSet<ObjectId> = gone.iter().copied().collect();
        let gone: Arc<[Blob]> = gone.into_iter().map(Blob).collect();
        for (origin, change) in taken {
            let before = match (changes, change.old) {
                (Changes::WholeFiles, _) => Vec::new(),
                (Changes::AddedLines, None) if same.contains(&change.id) => vec![Blob(change.id)],
                (Changes::AddedLines, old) => old.map(Blob).into_iter().collect(),
            };
            let known = change.old.is_some();
            let item =
                Item::blob(self, origin, Blob(change.id), before, known).following_pointers();
            gathered.items.push(match known {
                true => item,
                false => item.perhaps_moved(&gone),
            });
        }
        Ok(gathered)
    }

    /// The tree of the commit that is checked out; none before the first.
    fn head_tree(&self, repository: &Repository) -> Result<Option<ObjectId>, GitError> {
        let broken = |error: &gix::Error| GitError::broken("HEAD cannot be read", error);
        let head = repository.head().map_err(|error| broken(&error))?;
        let Some(id) = head.id() else {
            return Ok(None);
        };
        if let Some(kind) = self.odd_kind(&id) {
            return Err(GitError::Broken(format!("HEAD's commit {id} is a {kind}")));
        }
        let commit = repository.find_commit(id).map_err(|error| broken(&error))?;
        let tree = commit.tree_id().map_err(|error| broken(&error))?;
        Ok(Some(tree.detach()))
    }

    /// A file of which the index has the name alone: what would be added is the working file.
    fn add_intended(&self, change: &Change, gathered: &mut Gathered) {
        let path = file_path(change.path.as_bstr());
        let origin = Origin::git(OriginKind::File, path.clone(), None);
        let why = match self.working_file(&path) {
            Ok(Some(file)) => return gathered.items.push(Item::working_file(origin, file)),
            // Nothing is there, so nothing would be added.
            Ok(None) => return,
            Err(words) => Why::Unreadable(words.to_owned()),
        };
        gathered.unscanned.push(Unscanned { origin, why });
    }

    /// Where a file of the working tree is, if it is there, without a link on the way.
    fn working_file(&self, path: &Path) -> Result<Option<PathBuf>, &'static str> {
        let is_name = |part: Component| match part {
            Component::Normal(name) => !name.eq_ignore_ascii_case(".git"),
            _ => false,
        };
        if !path.components().all(is_name) || path.as_os_str().is_empty() {
            return Err("is no path within a working tree");
        }
        let top = self.top().filter(|top| self.is_own_tree(top));
        let top = top.ok_or("the working tree is elsewhere, as only the repository itself says")?;
        let mut file = top;
        for part in path.components() {
            match fs::symlink_metadata(&file) {
                Ok(metadata) if metadata.is_symlink() => return Err("is behind a link"),
                Ok(_) => file.push(part),
                Err(_) => return Ok(None),
            }
        }
        Ok(fs::symlink_metadata(&file).is_ok().then_some(file))
    }
}

fn reason_against(picks: &Picks, repository: &Repository, change: &Change) -> Option<SkipReason> {
    let reason = picks.reason_against(change.path.as_bstr());
    reason.or_else(|| {
        let most = picks.max_file_size.filter(|_| !change.intended)?;
        // What cannot be read is taken, and then said to be unreadable.
        let header = repository.find_header(change.id).ok()?;
        (header.size() > most).then_some(SkipReason::TooLarge)
    })
}

/// Whether the index has a path, or one below it.
fn is_in_index(index: &State, path: &BStr) -> bool {
    path.is_empty() || index.path_is_directory(path) || index.entry_range(path).is_some()
}

fn is_in_tree(repository: &Repository, tree: Option<ObjectId>, path: &BStr) -> bool {
    let found = tree
        .and_then(|tree| repository.find_tree(tree).ok())
        .and_then(|tree| {
            let parts = path.split(|&byte| byte == b'/');
            tree.lookup_entry(parts).ok().flatten()
        });
    found.is_some()
}

/// A path of git's as the system has it; where the system cannot have it, as near as can be.
pub(super) fn file_path(path: &BStr) -> PathBuf {
    let lossy = || PathBuf::from(path.to_str_lossy().into_owned());
    gix::path::from_bstr(path).map_or_else(|_| lossy(), |path| path.into_owned())
}
