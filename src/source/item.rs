//! An origin and the means to read it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::git::{Blob, Git, Text};
use crate::model::Origin;

/// Something to look at.
#[derive(Clone, Debug)]
pub struct Item {
    /// Where its bytes come from.
    pub origin: Origin,
    pub(super) handle: Handle,
    /// What it points to, if it is a link.
    link: Option<String>,
    /// What it was before, where only what was added to it counts.
    pub(super) before: Vec<Blob>,
    /// Where it is new, what was removed as it came: it may be one of them, moved.
    pub(super) gone: Arc<[Blob]>,
    /// Whether its name is new.
    named: bool,
}

/// How an item's bytes are had.
#[derive(Clone, Debug)]
pub(super) enum Handle {
    /// A file, at its origin's path or elsewhere. One that was found while walking is not followed if it turned into a link
    /// meanwhile.
    File {
        elsewhere: Option<PathBuf>,
        follow: bool,
    },
    /// Standard input, read once.
    Stdin,
    /// Bytes that somebody has read already.
    Bytes(Arc<Vec<u8>>),
    /// As [`Handle::Bytes`], looked at in stretches of other sizes.
    #[cfg(test)]
    Cut {
        bytes: Arc<Vec<u8>>,
        sizes: super::read::Sizes,
    },
    /// A blob in git's store; if it points to a file of git-lfs, that file instead where `pointers` says so.
    Blob {
        git: Arc<Git>,
        blob: Blob,
        pointers: bool,
    },
    /// A text in git's store that is in no file.
    Text { git: Arc<Git>, text: Text },
}

impl Item {
    /// A file that was named on the command line; a link is followed.
    pub fn named_file(path: PathBuf) -> Item {
        Item {
            link: points_to(&path),
            origin: Origin::file(path),
            handle: Handle::File {
                elsewhere: None,
                follow: true,
            },
            before: Vec::new(),
            gone: Arc::default(),
            named: true,
        }
    }

    /// Standard input; `name` is for rules that look at paths.
    pub fn stdin(name: Option<&str>) -> Item {
        Item {
            origin: Origin::stdin(name),
            handle: Handle::Stdin,
            link: None,
            before: Vec::new(),
            gone: Arc::default(),
            named: true,
        }
    }

    /// Standard input that was read already.
    pub fn stdin_bytes(name: Option<&str>, bytes: Arc<Vec<u8>>) -> Item {
        Item {
            origin: Origin::stdin(name),
            handle: Handle::Bytes(bytes),
            link: None,
            before: Vec::new(),
            gone: Arc::default(),
            named: true,
        }
    }

    /// The same item, looked at in stretches of other sizes; it is of bytes that were read already.
    #[cfg(test)]
    pub(crate) fn cut(self, sizes: super::read::Sizes) -> Item {
        match self.handle {
            Handle::Bytes(bytes) => Item {
                handle: Handle::Cut { bytes, sizes },
                ..self
            },
            _ => self,
        }
    }

    /// Bytes that were read already, from a place of their own.
    pub fn bytes(origin: Origin, bytes: Arc<Vec<u8>>) -> Item {
        Item {
            origin,
            handle: Handle::Bytes(bytes),
            link: None,
            before: Vec::new(),
            gone: Arc::default(),
            named: false,
        }
    }

    /// A file that was found at `path` while walking, and is opened there or, if it was reached over a link, at `target`.
    pub(super) fn walked_file(path: PathBuf, target: Option<PathBuf>) -> Item {
        let link = target.as_ref().and_then(|_| points_to(&path));
        Item {
            link,
            origin: Origin::file(path),
            handle: Handle::File {
                elsewhere: target,
                follow: false,
            },
            before: Vec::new(),
            gone: Arc::default(),
            named: true,
        }
    }

    /// A blob. If it has older versions, only what is in none of them counts; its name counts unless it is `known`.
    pub(super) fn blob(
        git: &Arc<Git>,
        origin: Origin,
        blob: Blob,
        before: Vec<Blob>,
        known: bool,
    ) -> Item {
        Item {
            origin,
            handle: Handle::Blob {
                git: Arc::clone(git),
                blob,
                pointers: false,
            },
            link: None,
            before,
            gone: Arc::default(),
            named: !known,
        }
    }

    /// A text of git's that is in no file. Its name counts if it is `named`.
    pub(super) fn git_text(git: &Arc<Git>, origin: Origin, text: Text, named: bool) -> Item {
        Item {
            origin,
            handle: Handle::Text {
                git: Arc::clone(git),
                text,
            },
            link: None,
            before: Vec::new(),
            gone: Arc::default(),
            named,
        }
    }

    /// A file of the working tree in place of what git does not have yet; of a link, what it points to.
    pub(super) fn working_file(origin: Origin, path: PathBuf) -> Item {
        let handle = match fs::read_link(&path) {
            Ok(target) => Handle::Bytes(Arc::new(target.into_os_string().into_encoded_bytes())),
            Err(_) => Handle::File {
                elsewhere: Some(path),
                follow: false,
            },
        };
        Item {
            origin,
            handle,
            link: None,
            before: Vec::new(),
            gone: Arc::default(),
            named: true,
        }
    }

    /// Looks at the file of git-lfs that the blob points to, if it does.
    pub(super) fn following_pointers(mut self) -> Item {
        if let Handle::Blob { pointers, .. } = &mut self.handle {
            *pointers = true;
        }
        self
    }

    /// If one of these files, which were removed, is much like it, only what was added to that one counts.
    pub(super) fn perhaps_moved(mut self, gone: &Arc<[Blob]>) -> Item {
        if self.before.is_empty() {
            self.gone = Arc::clone(gone);
        }
        self
    }

    /// Whether only what was added counts.
    pub(crate) fn is_changed(&self) -> bool {
        !self.before.is_empty() || !self.gone.is_empty()
    }

    /// Whether a finding in its name counts.
    pub(crate) fn is_named(&self) -> bool {
        self.named
    }

    /// What it points to, in words of its own, if it was reached over a link.
    pub(crate) fn link(&self) -> Option<&str> {
        self.link.as_deref()
    }
}

/// What a link says that it points to; nothing for all else.
pub(super) fn points_to(path: &Path) -> Option<String> {
    let target = fs::read_link(path).ok()?;
    Some(Origin::file(target).shown)
}
