//! Why git cannot be asked what it was asked. Each is the end of the run: nothing was looked at, so nothing is clean.

use std::path::PathBuf;

use thiserror::Error;

/// Why a repository, or a part of its history, cannot be had.
#[derive(Debug, Error)]
pub enum GitError {
    /// There is none here.
    #[error(
        "{} is not in a git repository; to look at the files in it, use `withhold scan {}` without the flags for git",
        .0.display(), .0.display()
    )]
    NoRepository(PathBuf),
    /// It is somebody else's, and git would not use it either.
    #[error(
        "{} belongs to another user, who could have made it to harm you; if you trust it, say `git config --global --add safe.directory {}`",
        .0.display(), .0.display()
    )]
    NotYours(PathBuf),
    /// A revision names nothing that is here.
    #[error("`{revision}` names no commits here: {words}{}", advice(*shallow))]
    UnknownRevision {
        /// What was given.
        revision: String,
        /// What was not found.
        words: String,
        /// Whether the clone is shallow, so that the reason may be that.
        shallow: bool,
    },
    /// A revision that means no commits to look at.
    #[error("`{0}` is no range of commits; give A..B, A...B or one commit")]
    NotARange(String),
    /// A range where one commit is wanted.
    #[error("`{0}` is not one commit")]
    NotOneCommit(String),
    /// The id that git gives for what does not exist.
    #[error(
        "an id of zeros names no commit; CI gives it as the one before for a new branch: name the branch that it was made from instead"
    )]
    NullRevision,
    /// What a hook of git was given is not as git gives it.
    #[error("a line on standard input is not as git gives it to this hook: `{0}`")]
    BadUpdate(String),
    /// It has no working tree, and so nothing is staged in it.
    #[error("{} is a bare repository: nothing can be staged in it", .0.display())]
    Bare(PathBuf),
    /// A path on the command line that is not in the repository.
    #[error("{} is outside of the repository at {}", .0.display(), .1.display())]
    Outside(PathBuf, PathBuf),
    /// Something in it is not as git writes it, or cannot be read.
    #[error("git: {0}")]
    Broken(String),
}

impl GitError {
    /// As [`GitError::Broken`], with all that gix says of it on one line.
    pub(super) fn broken(what: &str, error: &gix::Error) -> GitError {
        GitError::Broken(format!("{what}: {}", said(error)))
    }
}

/// What to do about a commit that is not here.
const fn advice(shallow: bool) -> &'static str {
    match shallow {
        true => {
            "; this clone is shallow: fetch the rest with `git fetch --unshallow`, in CI with `fetch-depth: 0` or `GIT_DEPTH: 0`"
        }
        false => "",
    }
}

/// What an error of gix says, on one line.
pub(super) fn said(error: &gix::Error) -> String {
    let words = error.to_string();
    let lines: Vec<&str> = words
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    lines.join("; ")
}
