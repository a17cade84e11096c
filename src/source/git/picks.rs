//! Which of git's files are looked at: those below the given paths, and as the flags about paths say.

use std::fs;
use std::path::{Component, Path, PathBuf};

use gix::bstr::{BStr, BString, ByteSlice};
use globset::GlobSet;

use super::error::GitError;
use super::open::Git;
use super::staged::file_path;
use crate::model::SkipReason;
use crate::source::walk::{WalkSettings, glob_set};

/// What was picked.
pub(super) struct Picks {
    /// Paths from the repository's root, none with a `/` at its end; if there are none, everything.
    pub(super) below: Vec<Below>,
    include: Option<GlobSet>,
    exclude: GlobSet,
    pub(super) max_file_size: Option<u64>,
}

/// A path that was given.
pub(super) struct Below {
    /// As it was given.
    pub(super) given: PathBuf,
    /// From the repository's root.
    pub(super) path: BString,
}

impl Picks {
    /// What the flags say of paths from the repository's root; `paths` are relative to `here`.
    ///
    /// # Errors
    /// One of them is not in the repository.
    pub(super) fn new(
        git: &Git,
        here: &Path,
        paths: &[PathBuf],
        settings: &WalkSettings,
    ) -> Result<Picks, GitError> {
        let top = git.top().unwrap_or_default();
        let real = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        let (here, top) = (real(here), real(&top));
        let below = paths.iter().map(|given| {
            let whole = plain(&here.join(given));
            let outside = || GitError::Outside(given.clone(), top.clone());
            let path = whole.strip_prefix(&top).map_err(|_| outside())?;
            let path = gix::path::into_bstr(path).map_err(|_| outside())?;
            Ok(Below {
                given: given.clone(),
                path: gix::path::to_unix_separators_on_windows(path).into_owned(),
            })
        });
        let include = &settings.include;
        Ok(Picks {
            below: below.collect::<Result<_, GitError>>()?,
            include: (!include.is_empty()).then(|| glob_set(include)),
            exclude: glob_set(&settings.exclude),
            max_file_size: settings.max_file_size,
        })
    }

    /// Whether a path is among those that were given.
    pub(super) fn is_given(&self, path: &BStr) -> bool {
        self.below.is_empty() || self.below.iter().any(|below| below.holds(path))
    }

    /// Why a path is left out, if it is.
    pub(super) fn reason_against(&self, path: &BStr) -> Option<SkipReason> {
        let path = file_path(path);
        let is_included = |include: &GlobSet| include.is_match(&path);
        match () {
            () if self.exclude.is_match(&path) => Some(SkipReason::Excluded),
            () if !self.include.as_ref().is_none_or(is_included) => Some(SkipReason::NotIncluded),
            () => None,
        }
    }
}

impl Below {
    /// Whether a path is this one, or below it.
    pub(super) fn holds(&self, path: &BStr) -> bool {
        let rest = path.strip_prefix(self.path.as_slice());
        self.path.is_empty()
            || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with_str("/"))
    }
}

/// A path without `.` and `..`, whatever links there are on the way: as git understands the paths that it is given.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}
