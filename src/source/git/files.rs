//! Git's own files, before gix opens them: a pipe would be waited for without end, and a device read without end.

use std::fs::{self, FileType, Metadata};
use std::io::Read;
use std::path::{Path, PathBuf};

use super::error::GitError;
use crate::source::read::special;

/// The longest file that holds one line or a few, such as `HEAD`, in bytes.
const FEW_LINES: u64 = 64 << 10;

/// The longest configuration file or list of references, in bytes.
const LONGEST: u64 = 1 << 30;

/// How many object folders may be linked to each other, and how often a reference may name another.
const MOST_LINKS: usize = 64;

/// Whether every file of git's that says what the repository is can be opened: those in its folder, the reference that is
/// checked out, and the object folders that it borrows from.
///
/// # Errors
/// One of them is a pipe or a device, or far too long.
pub(super) fn check(git_folder: &Path) -> Result<(), GitError> {
    check_folder(git_folder)?;
    let common = common_folder(git_folder);
    if common != git_folder {
        check_folder(&common)?;
    }
    check_head(git_folder, &common)?;
    object_folders(&common.join("objects")).map(drop)
}

/// The folder that a linked working tree shares with the repository that it belongs to; the folder itself elsewhere.
pub(super) fn common_folder(git_folder: &Path) -> PathBuf {
    match few_lines(&git_folder.join("commondir")) {
        Some(text) => git_folder.join(text.trim_end()),
        None => git_folder.to_path_buf(),
    }
}

/// What a `.git` file points to.
pub(super) fn pointed_to(file: &Path) -> Option<PathBuf> {
    let text = few_lines(file)?;
    let target = text.strip_prefix("gitdir:")?.trim();
    Some(file.parent()?.join(target))
}

/// The folder itself and those that it borrows objects from.
///
/// # Errors
/// A list of such folders is a pipe or a device.
pub(super) fn object_folders(objects: &Path) -> Result<Vec<PathBuf>, GitError> {
    let mut folders = vec![objects.to_path_buf()];
    let mut at = 0;
    while at < folders.len() && folders.len() <= MOST_LINKS {
        let folder = folders[at].clone();
        check_folder(&folder.join("info"))?;
        check_folder(&folder.join("pack"))?;
        for line in few_lines(&folder.join("info/alternates"))
            .unwrap_or_default()
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
        {
            // Git takes them from the folder that names them, gix from the first one.
            for other in [folder.join(line), objects.join(line)] {
                if !folders.contains(&other) {
                    folders.push(other);
                }
            }
        }
        at += 1;
    }
    Ok(folders)
}

/// Whether a path is a pipe or a device, and which; links are followed.
pub(super) fn odd_kind(path: &Path) -> Option<&'static str> {
    fs::metadata(path)
        .ok()
        .and_then(|metadata| odd(metadata.file_type()))
}

/// Sockets do no harm, and git's own file system monitor has one in the folder.
fn odd(file_type: FileType) -> Option<&'static str> {
    special(file_type).filter(|kind| *kind != "socket")
}

/// Whether the files directly in a folder can be opened.
fn check_folder(folder: &Path) -> Result<(), GitError> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(());
    };
    for entry in entries.filter_map(Result::ok) {
        let Ok(file_type) = entry.file_type() else {
            continue;
        };
        let kind = match file_type.is_symlink() {
            true => odd_kind(&entry.path()),
            false => odd(file_type),
        };
        if let Some(kind) = kind {
            return Err(refused(&entry.path(), kind));
        }
    }
    for name in ["config", "config.worktree", "packed-refs", "HEAD"] {
        let path = folder.join(name);
        let is_long = |metadata: &Metadata| metadata.is_file() && metadata.len() > LONGEST;
        if fs::metadata(&path).is_ok_and(|metadata| is_long(&metadata)) {
            return Err(GitError::Broken(format!(
                "{} is far too long",
                path.display()
            )));
        }
    }
    Ok(())
}

/// Whether the reference that is checked out can be opened, and those that it names.
fn check_head(git_folder: &Path, common: &Path) -> Result<(), GitError> {
    let mut name = "HEAD".to_owned();
    for _ in 0..MOST_LINKS {
        let mut target: Option<String> = None;
        for folder in [git_folder, common] {
            let path = folder.join(&name);
            if let Some(kind) = odd_kind(&path) {
                return Err(refused(&path, kind));
            }
            if target.is_none() {
                let text = few_lines(&path);
                target = text.and_then(|text| Some(text.strip_prefix("ref:")?.trim().to_owned()));
            }
        }
        match target {
            Some(target) if target.starts_with("refs/") && !target.contains("..") => name = target,
            _ => return Ok(()),
        }
    }
    Ok(())
}

fn refused(path: &Path, kind: &str) -> GitError {
    GitError::Broken(format!("{} is a {kind}", path.display()))
}

/// A short text file; nothing if it is none, or not short.
fn few_lines(path: &Path) -> Option<String> {
    let metadata = fs::metadata(path).ok()?;
    if !metadata.is_file() || metadata.len() > FEW_LINES {
        return None;
    }
    let mut text = Vec::new();
    let file = fs::File::open(path).ok()?;
    file.take(FEW_LINES).read_to_end(&mut text).ok()?;
    String::from_utf8(text).ok()
}
