//! What differs between the index and the commit that is checked out. Folders that the index itself says are the same, and whole
//! subtrees with the same id, are not opened.

use std::ops::Range;

use gix::bstr::{BStr, BString, ByteSlice};
use gix::index::State;
use gix::index::entry::{Flags, Mode};
use gix::index::extension::Tree;
use gix::objs::tree::EntryKind;
use gix::objs::{Kind, TreeRefIter};
use gix::prelude::FindExt;
use gix::{ObjectId, Repository};

use super::error::GitError;
use super::open::Git;

/// The largest tree that is read, in bytes.
const LARGEST_TREE: u64 = 256 << 20;

/// A file that the next commit changes or adds.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Change {
    /// Its path from the repository's root.
    pub(super) path: BString,
    /// What it would be.
    pub(super) id: ObjectId,
    /// What the commit before has under this path, if that is a file or a link.
    pub(super) old: Option<ObjectId>,
    /// Whether it was only said that it will be added, so that the index holds nothing of it.
    pub(super) intended: bool,
}

/// Something that the next commit no longer has under its path.
#[derive(Clone, Copy, Debug)]
pub(super) enum Gone {
    File(ObjectId),
    Folder(ObjectId),
}

/// What was found to differ, and what is yet to be compared.
pub(super) struct Compare<'r> {
    git: &'r Git,
    repository: &'r Repository,
    index: &'r State,
    bytes: Vec<u8>,
    to_do: Vec<Folder<'r>>,
    pub(super) changes: Vec<Change>,
    pub(super) gone: Vec<Gone>,
}

/// A folder to be compared.
struct Folder<'r> {
    /// Its path, with a `/` at its end; empty for the root.
    path: BString,
    new: New<'r>,
    old: Option<ObjectId>,
}

/// What the next commit has in a folder.
enum New<'r> {
    /// These entries of the index, and what it knows of the folder's id.
    Entries(Range<usize>, Option<&'r Tree>),
    /// In a sparse index, a tree that is not laid out.
    Tree(ObjectId),
}

/// A file, link, folder or submodule in a tree.
struct Entry {
    name: BString,
    kind: EntryKind,
    id: ObjectId,
    /// Whether the index has it, too.
    taken: bool,
}

impl Entry {
    fn new(name: &BStr, kind: EntryKind, id: ObjectId) -> Entry {
        Entry {
            name: name.to_owned(),
            kind,
            id,
            taken: false,
        }
    }

    fn gone(self) -> Option<Gone> {
        match self.kind {
            _ if self.taken => None,
            EntryKind::Tree => Some(Gone::Folder(self.id)),
            EntryKind::Commit => None,
            _ => Some(Gone::File(self.id)),
        }
    }

    fn is_blob(&self) -> bool {
        !matches!(self.kind, EntryKind::Tree | EntryKind::Commit)
    }
}

impl<'r> Compare<'r> {
    /// Compares an index with a tree, if there is one.
    ///
    /// # Errors
    /// A tree cannot be read.
    pub(super) fn run(
        git: &'r Git,
        repository: &'r Repository,
        index: &'r State,
        head: Option<ObjectId>,
    ) -> Result<Compare<'r>, GitError> {
        let all = 0..index.entries().len();
        let mut compare = Compare {
            git,
            repository,
            index,
            bytes: Vec::new(),
            to_do: Vec::new(),
            changes: Vec::new(),
            gone: Vec::new(),
        };
        compare.folder(BString::default(), all, index.tree(), head);
        while let Some(folder) = compare.to_do.pop() {
            let mut old = match folder.old {
                Some(id) => compare.tree(id)?,
                None => Vec::new(),
            };
            match folder.new {
                New::Entries(entries, cached) => {
                    compare.entries(&folder.path, entries, cached, &mut old);
                }
                New::Tree(id) => {
                    for entry in compare.tree(id)? {
                        compare.tree_entry(&folder.path, entry, &mut old);
                    }
                }
            }
            compare.gone.extend(old.into_iter().filter_map(Entry::gone));
        }
        compare
            .changes
            .sort_by(|left, right| left.path.cmp(&right.path));
        Ok(compare)
    }

    /// Notes a folder to be compared, unless the index knows that it is the same.
    fn folder(
        &mut self,
        path: BString,
        entries: Range<usize>,
        cached: Option<&'r Tree>,
        old: Option<ObjectId>,
    ) {
        let is_same = cached.is_some_and(|tree| {
            Some(tree.id) == old
                && tree.num_entries.map(|number| number as usize) == Some(entries.len())
        });
        if !is_same {
            let new = New::Entries(entries, cached);
            self.to_do.push(Folder { path, new, old });
        }
    }

    /// Compares a folder's entries in the index with those in the old tree, and takes out the latter what both have.
    fn entries(
        &mut self,
        folder: &BString,
        entries: Range<usize>,
        cached: Option<&'r Tree>,
        old: &mut [Entry],
    ) {
        let all = self.index.entries();
        let mut at = entries.start;
        while at < entries.end {
            let entry = &all[at];
            let path = entry.path(self.index);
            let name = &path[folder.len()..];
            let slash = name.find_byte(b'/');
            if let Some(slash) =
                slash.filter(|slash| *slash + 1 == name.len() && entry.mode == Mode::DIR)
            {
                let entry = Entry::new(name[..slash].as_bstr(), EntryKind::Tree, entry.id);
                self.tree_entry(folder, entry, old);
                at += 1;
            } else if let Some(slash) = slash {
                let prefix = &path[..=folder.len() + slash];
                let rest = &all[at..entries.end];
                // All are in order, so those of one folder follow each other.
                let end =
                    at + rest.partition_point(|entry| entry.path(self.index).starts_with(prefix));
                let name = name[..slash].as_bstr();
                let old = take(old, name, |entry| entry.kind == EntryKind::Tree);
                let cached = cached.and_then(|tree| child(tree, name));
                self.folder(BString::from(prefix), at..end, cached, old);
                at = end;
            } else {
                // The stages of a conflict follow each other, too.
                let end = at
                    + all[at..entries.end].partition_point(|other| other.path(self.index) == path);
                let old = take(old, name.as_bstr(), Entry::is_blob);
                for entry in &all[at..end] {
                    let intended = entry.flags.contains(Flags::INTENT_TO_ADD);
                    if entry.mode != Mode::COMMIT && (intended || old != Some(entry.id)) {
                        self.changes.push(Change {
                            path: path.to_owned(),
                            id: entry.id,
                            old,
                            intended,
                        });
                    }
                }
                at = end;
            }
        }
    }

    /// Compares one entry of a new tree with the old one.
    fn tree_entry(&mut self, folder: &BString, entry: Entry, old: &mut [Entry]) {
        let mut path = folder.clone();
        path.extend_from_slice(&entry.name);
        match entry.kind {
            EntryKind::Commit => {}
            EntryKind::Tree => {
                let old = take(old, entry.name.as_bstr(), |entry| {
                    entry.kind == EntryKind::Tree
                });
                if old != Some(entry.id) {
                    path.push(b'/');
                    self.to_do.push(Folder {
                        path,
                        new: New::Tree(entry.id),
                        old,
                    });
                }
            }
            _ => {
                let old = take(old, entry.name.as_bstr(), Entry::is_blob);
                if old != Some(entry.id) {
                    self.changes.push(Change {
                        path,
                        id: entry.id,
                        old,
                        intended: false,
                    });
                }
            }
        }
    }

    /// The blobs among what is gone, at most so many.
    ///
    /// # Errors
    /// A tree cannot be read.
    pub(super) fn gone_blobs(&mut self, most: usize) -> Result<Vec<ObjectId>, GitError> {
        let mut blobs = Vec::new();
        let mut to_do = std::mem::take(&mut self.gone);
        while let Some(gone) = to_do.pop().filter(|_| blobs.len() < most) {
            match gone {
                Gone::File(id) => blobs.push(id),
                Gone::Folder(id) => {
                    to_do.extend(self.tree(id)?.into_iter().filter_map(Entry::gone));
                }
            }
        }
        Ok(blobs)
    }

    /// What a tree holds, by name.
    fn tree(&mut self, id: ObjectId) -> Result<Vec<Entry>, GitError> {
        let hash = self.repository.object_hash();
        if id.is_empty_tree() {
            return Ok(Vec::new());
        }
        let broken = |words: &str| GitError::Broken(format!("the tree {id} {words}"));
        if let Some(kind) = self.git.odd_kind(&id) {
            return Err(broken(&format!("is a {kind}")));
        }
        match self.repository.try_find_header(id) {
            Ok(Some(header)) if header.size() > LARGEST_TREE => {
                return Err(broken("is far too large"));
            }
            Ok(Some(_)) => {}
            Ok(None) => {
                return Err(broken(
                    "is not here; fetch it, for instance with `git fetch --refetch`",
                ));
            }
            Err(error) => return Err(GitError::broken(&format!("the tree {id}"), &error)),
        }
        let data = self.repository.objects.find(&id, &mut self.bytes);
        let data = data.map_err(|error| broken(&format!("cannot be read: {error}")))?;
        if data.kind != Kind::Tree {
            return Err(broken(&format!("is a {}", data.kind)));
        }
        let entries = TreeRefIter::from_bytes(data.data, hash).map(|entry| {
            let entry =
                entry.map_err(|error| broken(&format!("is not as git writes them: {error}")))?;
            Ok(Entry::new(
                entry.filename,
                entry.mode.kind(),
                entry.oid.to_owned(),
            ))
        });
        let mut entries = entries.collect::<Result<Vec<Entry>, GitError>>()?;
        entries.sort_by(|left, right| left.name.cmp(&right.name));
        Ok(entries)
    }
}

/// Marks the entry with this name in a sorted list, if it is as wanted; its id.
fn take(entries: &mut [Entry], name: &BStr, wanted: impl Fn(&Entry) -> bool) -> Option<ObjectId> {
    let at = entries
        .binary_search_by(|entry| entry.name.as_bstr().cmp(name))
        .ok()?;
    let entry = entries.get_mut(at).filter(|entry| wanted(entry))?;
    entry.taken = true;
    Some(entry.id)
}

/// What the index knows of a folder's folder.
fn child<'t>(tree: &'t Tree, name: &BStr) -> Option<&'t Tree> {
    let name: &[u8] = name;
    let at = tree
        .children
        .binary_search_by(|child| child.name[..].cmp(name))
        .ok()?;
    tree.children.get(at)
}
