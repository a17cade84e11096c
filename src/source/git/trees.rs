//! What a commit changes: its tree beside those of its parents. Folders that a parent has as well are not looked into, so the
//! work is that of what changed. Names are names alone here; nothing is opened by them.

use std::collections::{HashMap, HashSet};

use gix::ObjectId;
use gix::bstr::{BStr, BString, ByteSlice};
use gix::objs::TreeRefIter;
use gix::objs::tree::EntryMode;

use super::objects::Objects;
use crate::model::Why;

/// How many folders deep a tree may be; git's own limit is half of it or less.
const DEEPEST: usize = 4096;

/// How many files of one commit are looked at.
const MOST_FILES: usize = 1 << 20;

/// How long the paths of one commit's files are together, in bytes.
const MOST_PATHS: usize = 256 << 20;

/// How many files that went are considered as what a new file was before.
const MOST_GONE: usize = 100_000;

/// A submodule's commit, which is no object of this repository.
const SUBMODULE: u16 = 0o160_000;

/// A file that none of the parents has as it is.
pub(super) struct Changed {
    pub(super) path: BString,
    pub(super) blob: ObjectId,
    /// The parents' versions.
    pub(super) before: Vec<ObjectId>,
    /// Whether a parent has a file by this name.
    pub(super) known: bool,
}

/// What a commit changes.
#[derive(Default)]
pub(super) struct Comparison {
    pub(super) changed: Vec<Changed>,
    /// How long the paths are together, in bytes.
    pub(super) paths: usize,
    /// Folders that could not be compared, and why.
    pub(super) unread: Vec<(BString, Why)>,
}

/// A folder beside the parents' folders of that name; a parent need not have it.
struct Folder {
    path: BString,
    depth: usize,
    tree: ObjectId,
    olds: Vec<ObjectId>,
}

/// Compares a tree with those of the parents. A file that was moved is compared with what it was under its old name: one that
/// went and holds the same bytes, or else one that went and has the same last name.
pub(super) fn compare(objects: &Objects, tree: ObjectId, parents: &[ObjectId]) -> Comparison {
    let mut comparison = Comparison::default();
    let mut gone = Vec::new();
    if parents.contains(&tree) {
        return comparison;
    }
    let mut folders = vec![Folder {
        path: BString::default(),
        depth: 0,
        tree,
        olds: parents.to_vec(),
    }];
    while let Some(folder) = folders.pop() {
        match compare_folder(objects, &folder, &mut folders, &mut gone, &mut comparison) {
            Ok(()) => {}
            Err(why) => comparison.unread.push((folder.path, why)),
        }
        if comparison.changed.len() > MOST_FILES || comparison.paths > MOST_PATHS {
            let why = Why::Unreadable(format!(
                "more than {MOST_FILES} files in one commit, or paths longer than {MOST_PATHS} bytes"
            ));
            comparison.unread.push((BString::default(), why));
            break;
        }
    }
    if !gone.is_empty() && comparison.changed.iter().any(|changed| !changed.known) {
        find_moved(objects, gone, &mut comparison.changed);
    }
    comparison
}

/// One folder; the folders in it that differ are added to `folders`, what is not in it any more to `gone`.
fn compare_folder(
    objects: &Objects,
    folder: &Folder,
    folders: &mut Vec<Folder>,
    gone: &mut Vec<Gone>,
    comparison: &mut Comparison,
) -> Result<(), Why> {
    if folder.depth > DEEPEST {
        return Err(Why::Unreadable(format!("more than {DEEPEST} folders deep")));
    }
    let new = objects.tree(folder.tree)?;
    let mut olds = Vec::with_capacity(folder.olds.len());
    for &old in &folder.olds {
        // A parent that cannot be read has nothing, so all is new.
        match objects.tree(old) {
            Ok(tree) => olds.push(tree),
            Err(why) => comparison.unread.push((folder.path.clone(), why)),
        }
    }
    let kind = folder.tree.kind();
    let olds: Vec<Entries<'_>> = olds.iter().map(|tree| by_name(tree, kind)).collect();
    let mut names: Vec<&BStr> = Vec::new();
    for entry in TreeRefIter::from_bytes(&new, kind) {
        let entry = entry.map_err(|_| broken_tree(folder.tree))?;
        names.push(entry.filename);
        if entry.mode.value() == SUBMODULE {
            continue;
        }
        let is_tree = entry.mode.is_tree();
        let mut before = Vec::new();
        for old in &olds {
            if let Some((mode, id)) = entry_of(old, entry.filename)
                && mode.is_tree() == is_tree
                && mode.value() != SUBMODULE
                && !before.contains(&id)
            {
                before.push(id);
            }
        }
        let id = entry.oid.to_owned();
        if before.contains(&id) {
            continue;
        }
        let path = joined(&folder.path, entry.filename);
        comparison.paths += path.len();
        if comparison.paths > MOST_PATHS {
            return Ok(());
        }
        if is_tree {
            folders.push(Folder {
                path,
                depth: folder.depth + 1,
                tree: id,
                olds: before,
            });
        } else {
            comparison.changed.push(Changed {
                path,
                blob: id,
                known: !before.is_empty(),
                before,
            });
        }
    }
    names.sort_unstable();
    for old in &olds {
        for &(name, mode, id) in old {
            let is_gone = names.binary_search(&name).is_err();
            if is_gone && mode.value() != SUBMODULE && gone.len() < MOST_GONE {
                gone.push(Gone {
                    name: name.to_owned(),
                    id,
                    is_tree: mode.is_tree(),
                    depth: 0,
                });
            }
        }
    }
    Ok(())
}

/// What a parent has and the commit has not, at least not by this name.
struct Gone {
    name: BString,
    id: ObjectId,
    is_tree: bool,
    depth: usize,
}

/// Gives new files that were something else before what they were. What a file is compared with is content of a parent, so
/// that a wrong guess makes too much of it new, or too little only of what the parents have as well.
fn find_moved(objects: &Objects, mut gone: Vec<Gone>, changed: &mut [Changed]) {
    let mut blobs: HashSet<ObjectId> = HashSet::new();
    let mut by_last_name: HashMap<BString, Vec<ObjectId>> = HashMap::new();
    let mut room = MOST_GONE;
    while let Some(old) = gone.pop() {
        room -= 1;
        if room == 0 {
            break;
        }
        if !old.is_tree {
            blobs.insert(old.id);
            by_last_name.entry(old.name).or_default().push(old.id);
        } else if old.depth < DEEPEST
            && let Ok(tree) = objects.tree(old.id)
        {
            let entries = TreeRefIter::from_bytes(&tree, old.id.kind()).flatten();
            gone.extend(entries.take(room).map(|entry| Gone {
                name: entry.filename.to_owned(),
                id: entry.oid.to_owned(),
                is_tree: entry.mode.is_tree(),
                depth: old.depth + 1,
            }));
        }
    }
    for new in changed.iter_mut().filter(|changed| !changed.known) {
        let last = new.path.rsplit(|&byte| byte == b'/').next();
        let same_name = last.and_then(|last| by_last_name.get(last.as_bstr()));
        if blobs.contains(&new.blob) {
            new.before.push(new.blob);
        } else if let Some([only]) = same_name.map(Vec::as_slice) {
            new.before.push(*only);
        }
    }
}

/// A tree's entries, by name.
type Entries<'t> = Vec<(&'t BStr, EntryMode, ObjectId)>;

/// A tree's entries; of one that is broken, those before the break, so that all others are new.
fn by_name(tree: &[u8], kind: gix::hash::Kind) -> Entries<'_> {
    let entries = TreeRefIter::from_bytes(tree, kind).flatten();
    let mut entries: Entries<'_> = entries
        .map(|entry| (entry.filename, entry.mode, entry.oid.to_owned()))
        .collect();
    entries.sort_by_key(|entry| entry.0);
    entries
}

fn entry_of(entries: &Entries<'_>, name: &BStr) -> Option<(EntryMode, ObjectId)> {
    let at = entries.binary_search_by_key(&name, |entry| entry.0).ok()?;
    Some((entries[at].1, entries[at].2))
}

fn broken_tree(id: ObjectId) -> Why {
    Why::Unreadable(format!("git's object {id} is no whole tree"))
}

/// A path and a name in it.
fn joined(path: &BString, name: &BStr) -> BString {
    let mut joined = path.clone();
    if !joined.is_empty() {
        joined.push(b'/');
    }
    joined.extend_from_slice(name);
    joined
}
