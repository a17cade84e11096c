//! Whose repository it is. Like git, none is read that another user owns, unless the user's or the system's `safe.directory`
//! names it; what the repository itself says of that does not count.

use std::fs;
use std::path::{Path, PathBuf};

use gix::config::file::{Metadata, includes, init};
use gix::config::{File, Source};
use gix::sec::Trust;

use super::error::GitError;

/// Whether the repository may be read.
///
/// # Errors
/// It belongs to another user.
pub(super) fn check(git_folder: &Path, top: Option<&Path>) -> Result<(), GitError> {
    let git_file = top.map(|top| top.join(".git"));
    let is_ours = [Some(git_folder), top, git_file.as_deref()]
        .into_iter()
        .flatten()
        .filter(|path| fs::symlink_metadata(path).is_ok())
        .all(|path| Trust::from_path_ownership(path).is_ok_and(|trust| trust == Trust::Full));
    let named = top.unwrap_or(git_folder);
    let real = fs::canonicalize(named).unwrap_or_else(|_| named.to_path_buf());
    match is_ours || is_safe(&real) {
        true => Ok(()),
        false => Err(GitError::NotYours(real)),
    }
}

/// Whether `safe.directory` names a folder, as git understands it: `*` names all, a path that ends in `/*` all below, and an
/// empty value takes back what was said before.
fn is_safe(folder: &Path) -> bool {
    let mut safe = false;
    for value in [Source::System, Source::Git, Source::User]
        .into_iter()
        .filter_map(values_in)
        .flatten()
        .chain(values_of_environment())
    {
        safe = match &*value {
            "" => false,
            "*" => true,
            _ => safe || names(&value, folder),
        };
    }
    safe
}

fn names(value: &str, folder: &Path) -> bool {
    let (value, below) = match value.strip_suffix("/*") {
        Some(value) => (value, true),
        None => (value, false),
    };
    let path = match value.strip_prefix("~/") {
        Some(rest) => gix::path::env::home_dir().map(|home| home.join(rest)),
        None => Some(PathBuf::from(value)),
    };
    let Some(path) = path.filter(|path| path.is_absolute()) else {
        return false;
    };
    let path = fs::canonicalize(&path).unwrap_or(path);
    match below {
        true => folder.starts_with(&path),
        false => folder == path,
    }
}

fn values_in(source: Source) -> Option<Vec<String>> {
    let path = source.storage_location(&mut gix::path::env::var)?;
    let metadata = Metadata::from(source).at(path).with(Trust::Full);
    let file = File::from_paths_metadata_buf(
        &mut std::iter::once(metadata),
        &mut Vec::new(),
        false,
        options(gix::path::env::home_dir().as_deref()),
    );
    file.ok().flatten().map(|file| values(&file))
}

fn values_of_environment() -> Vec<String> {
    let home = gix::path::env::home_dir();
    let file = File::from_env(options(home.as_deref())).ok().flatten();
    file.map(|file| values(&file)).unwrap_or_default()
}

fn options(home: Option<&Path>) -> init::Options<'_> {
    init::Options {
        includes: includes::Options::follow_without_conditional(home),
        ..init::Options::default()
    }
}

fn values(file: &File) -> Vec<String> {
    file.strings("safe.directory")
        .unwrap_or_default()
        .into_iter()
        .map(|value| value.to_string())
        .collect()
}
