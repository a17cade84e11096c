//! Where history begins: everything that keeps objects from being cleared away as far as refs and stashes do, in all worktrees.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use gix::bstr::BString;
use gix::refs::TargetRef;
use gix::{ObjectId, Repository};

use super::error::GitError;

/// How deep folders of refs may be.
const DEEPEST: usize = 64;

/// How long a file that holds a ref may be, in bytes.
const LONGEST_REF: u64 = 4096;

/// How long a stash's log may be, in bytes.
const LONGEST_LOG: u64 = 64 << 20;

/// A name and the object that it stands for.
pub(super) type Tip = (BString, ObjectId);

/// All refs, the HEAD of every worktree and all stashes, in order, each once.
///
/// # Errors
/// They cannot be read. One that is broken is an error, too: what it keeps cannot be told.
pub(super) fn tips(repository: &Repository) -> Result<BTreeSet<Tip>, GitError> {
    let broken = |error: &gix::Error| GitError::broken("the refs cannot be read", error);
    if is_kept_elsewhere(repository) {
        let words = "the refs are kept in a form that is not read, such as `reftable`";
        return Err(GitError::Broken(words.to_owned()));
    }
    let mut tips = BTreeSet::new();
    let platform = repository.references().map_err(|error| broken(&error))?;
    for reference in platform.all().map_err(|error| broken(&error))? {
        let reference = reference.map_err(|error| broken(&error))?;
        if let TargetRef::Object(id) = reference.target() {
            tips.insert((reference.name().as_bstr().to_owned(), id.to_owned()));
        }
    }
    if let Some(id) = head(repository)? {
        tips.insert((BString::from("HEAD"), id));
    }
    let common = repository.common_dir();
    tips.extend(in_file(&common.join("HEAD")).map(|id| (BString::from("HEAD"), id)));
    for private in ["bisect", "worktree", "rewritten"] {
        in_folder(&common.join("refs").join(private), 0, &mut tips)?;
    }
    for worktree in folder(&common.join("worktrees"))? {
        tips.extend(in_file(&worktree.join("HEAD")).map(|id| (BString::from("HEAD"), id)));
        in_folder(&worktree.join("refs"), 0, &mut tips)?;
    }
    for (at, id) in stashes(common)?.into_iter().enumerate() {
        tips.insert((BString::from(format!("stash@{{{at}}}")), id));
    }
    Ok(tips)
}

/// The commit that is checked out; nothing before the first.
///
/// # Errors
/// HEAD cannot be read.
pub(super) fn head(repository: &Repository) -> Result<Option<ObjectId>, GitError> {
    let broken = |error: &gix::Error| GitError::broken("HEAD cannot be read", error);
    let head = repository.head().map_err(|error| broken(&error))?;
    Ok(head.id().map(gix::Id::detach))
}

/// Whether git keeps the refs in no form that can be read here. Then HEAD says so.
fn is_kept_elsewhere(repository: &Repository) -> bool {
    repository.common_dir().join("reftable").is_dir()
        || text_of(&repository.git_dir().join("HEAD"), LONGEST_REF)
            .is_ok_and(|head| head.trim_ascii() == b"ref: refs/heads/.invalid")
}

/// What `git stash` put away, the newest first.
fn stashes(common: &Path) -> Result<Vec<ObjectId>, GitError> {
    let log = common.join("logs").join("refs").join("stash");
    if !log.exists() {
        return Ok(Vec::new());
    }
    let text = text_of(&log, LONGEST_LOG)
        .map_err(|error| GitError::Broken(format!("the stash's log cannot be read: {error}")))?;
    let lines = text.split(|&byte| byte == b'\n').rev();
    let new = lines.filter_map(|line| line.split(|&byte| byte == b' ').nth(1));
    Ok(new.filter_map(|id| ObjectId::from_hex(id).ok()).collect())
}

fn in_folder(path: &Path, depth: usize, tips: &mut BTreeSet<Tip>) -> Result<(), GitError> {
    for entry in folder(path)? {
        let is_folder = entry
            .symlink_metadata()
            .is_ok_and(|metadata| metadata.is_dir());
        if is_folder && depth < DEEPEST {
            in_folder(&entry, depth + 1, tips)?;
        } else if let Some(id) = in_file(&entry) {
            let name = entry.file_name().unwrap_or_default().to_string_lossy();
            tips.insert((BString::from(name.as_ref()), id));
        }
    }
    Ok(())
}

/// The object that a file of git's names, if it names one and no other ref.
fn in_file(path: &Path) -> Option<ObjectId> {
    let text = text_of(path, LONGEST_REF).ok()?;
    ObjectId::from_hex(text.trim_ascii()).ok()
}

/// What a regular file holds, if it is no longer than it may be.
fn text_of(path: &Path, longest: u64) -> std::io::Result<Vec<u8>> {
    let metadata = path.metadata()?;
    if !metadata.is_file() || metadata.len() > longest {
        return Err(std::io::Error::other("it is no file, or too long"));
    }
    fs::read(path)
}

/// What is in a folder; nothing if it is not there.
fn folder(path: &Path) -> Result<Vec<std::path::PathBuf>, GitError> {
    let unreadable = |error| GitError::Broken(format!("the refs cannot be read: {error}"));
    if !path.is_dir() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(path).map_err(unreadable)?;
    let entries = entries.map(|entry| entry.map(|entry| entry.path()));
    entries.collect::<Result<_, _>>().map_err(unreadable)
}
