//! Where bytes came from. Opens nothing.

use std::cmp::Ordering;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;

use super::span::ViewRange;

/// The kinds of places that bytes come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum OriginKind {
    /// A file of the working tree.
    File,
    /// Standard input.
    Stdin,
    /// What git's index holds, and the next commit would.
    Staged,
    /// A file in a commit.
    Commit,
    /// A commit's message, author or committer.
    Message,
    /// The text of a tag.
    Tag,
    /// A note about a commit.
    Note,
    /// An object of git that no commit holds.
    Object,
}

/// A commit, as far as reports tell of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Commit {
    /// Its id, in hexadecimal digits.
    pub id: String,
    /// Who wrote it: `Name <address>`.
    pub author: String,
    /// When it was written, as ISO 8601 has it.
    pub date: String,
}

/// Where one item's bytes came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// What kind of place.
    pub kind: OriginKind,
    /// The path as the system knows it, relative to where the command ran where that is possible.
    pub path: PathBuf,
    /// The path for reports: with `/`, and percent-escaped where it is not UTF-8.
    pub shown: String,
    /// Whether `shown` is not the whole truth: there is a secret in the path.
    pub masked: bool,
    /// The commit that brought it, where one did.
    pub commit: Option<Arc<Commit>>,
    /// Whether the commit that is checked out still holds it, where that is known.
    pub in_head: Option<bool>,
}

impl Origin {
    /// A file; `path` is relative to where the command ran, or absolute.
    pub fn file(path: PathBuf) -> Origin {
        let path = match path.strip_prefix(".") {
            Ok(below) => below.to_path_buf(),
            Err(_) => path,
        };
        Origin {
            kind: OriginKind::File,
            shown: shown(&path),
            path,
            masked: false,
            commit: None,
            in_head: None,
        }
    }

    /// Something in a repository; `path` is relative to the repository's root.
    pub fn git(kind: OriginKind, path: PathBuf, commit: Option<Arc<Commit>>) -> Origin {
        Origin {
            kind,
            shown: shown(&path),
            path,
            masked: false,
            commit,
            in_head: None,
        }
    }

    /// Standard input under `name`, for rules that look at paths; `-` when nothing better is known.
    pub fn stdin(name: Option<&str>) -> Origin {
        let name = name.unwrap_or("-");
        Origin {
            kind: OriginKind::Stdin,
            path: PathBuf::from(name),
            shown: name.to_owned(),
            masked: false,
            commit: None,
            in_head: None,
        }
    }

    /// Replaces parts of the path for reports, given in order, each by its mask.
    pub(crate) fn mask<'m>(&mut self, parts: impl Iterator<Item = (ViewRange, &'m str)>) {
        self.shown = masked(&self.shown, parts);
        self.masked = true;
    }
}

/// A text with parts of it, given in order, each replaced by its mask.
pub(crate) fn masked<'m>(text: &str, parts: impl Iterator<Item = (ViewRange, &'m str)>) -> String {
    let whole = text.as_bytes();
    let mut masked = Vec::with_capacity(whole.len());
    let mut at = 0;
    for (range, mask) in parts {
        masked.extend_from_slice(ViewRange::new(at, range.start).of(whole));
        masked.extend_from_slice(mask.as_bytes());
        at = at.max(range.end);
    }
    masked.extend_from_slice(ViewRange::new(at, whole.len()).of(whole));
    String::from_utf8_lossy(&masked).into_owned()
}

impl Ord for Origin {
    fn cmp(&self, other: &Origin) -> Ordering {
        let key = |origin: &Origin| {
            let commit = origin.commit.as_ref();
            commit.map(|commit| (commit.date.clone(), commit.id.clone()))
        };
        (&self.shown, self.kind, &self.path)
            .cmp(&(&other.shown, other.kind, &other.path))
            .then_with(|| key(self).cmp(&key(other)))
    }
}

impl PartialOrd for Origin {
    fn partial_cmp(&self, other: &Origin) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// With `/` between its parts; where it is not UTF-8, each offending byte and each `%` as `%XX`.
fn shown(path: &Path) -> String {
    if let Some(text) = path.to_str() {
        return if std::path::MAIN_SEPARATOR == '/' {
            text.to_owned()
        } else {
            text.replace(std::path::MAIN_SEPARATOR, "/")
        };
    }
    let mut text = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        text.push_str(&chunk.valid().replace('%', "%25"));
        for byte in chunk.invalid() {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_loses_its_leading_dot() {
        assert_eq!(Origin::file(PathBuf::from("./src/a.py")).shown, "src/a.py");
        assert_eq!(
            Origin::file(PathBuf::from("/etc/x%20y")).shown,
            "/etc/x%20y"
        );
    }

    #[test]
    fn parts_of_a_path_are_masked() {
        let mut origin = Origin::file(PathBuf::from("a/sesame-b/sesame"));
        let parts = [
            (ViewRange::new(2, 8), "****"),
            (ViewRange::new(11, 17), "se****"),
        ];
        origin.mask(parts.into_iter());
        assert_eq!(origin.shown, "a/****-b/se****");
    }

    #[cfg(unix)]
    #[test]
    fn a_path_that_is_not_utf8_is_percent_escaped() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;
        let path = PathBuf::from(OsStr::from_bytes(b"a\xff/50%\xc3\xa9"));
        assert_eq!(Origin::file(path).shown, "a%FF/50%25é");
    }
}
