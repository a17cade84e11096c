//! Paths alone, one a line or NUL-separated, for other programs. A path that could be read as two never is.

use std::io::{self, Write};

use super::Report;
use super::escape::{is_hostile, visible};
use crate::model::{OriginKind, Outcome, Verdict};

/// A list of paths.
#[derive(Clone, Copy, Debug)]
pub struct PathList {
    /// Which paths.
    pub which: Which,
    /// What stands between them.
    pub separator: Separator,
}

/// Which paths are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Those that must not go.
    Withheld,
    /// Those that may, without a warning or with one; what could not be looked at whole is not among them.
    Cleared,
}

/// What ends a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Separator {
    /// A line feed. A path with characters that end a line or act on a terminal cannot be written truly: it is escaped among
    /// the withheld, and left out from the cleared, so that no other path is cleared in its name.
    Newline,
    /// A zero byte; every path can be written truly.
    Nul,
}

impl Report for PathList {
    fn write(&self, outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
        for judged in &outcome.judged {
            let withheld = judged.verdict == Verdict::Withheld;
            if withheld != (self.which == Which::Withheld) {
                continue;
            }
            let hostile = judged.origin.shown.contains(is_hostile);
            if hostile && !withheld && self.separator == Separator::Newline {
                continue;
            }
            // What reads the list must not take a file's name for an option, or for standard input.
            if judged.origin.kind == OriginKind::File && judged.origin.shown.starts_with('-') {
                out.write_all(b"./")?;
            }
            match self.separator {
                // A list of what must not go is no reason to write a secret down.
                _ if withheld && judged.origin.masked => {
                    out.write_all(visible(&judged.origin.shown).as_bytes())?
                }
                Separator::Newline if hostile => {
                    out.write_all(visible(&judged.origin.shown).as_bytes())?
                }
                Separator::Newline | Separator::Nul => {
                    out.write_all(judged.origin.path.as_os_str().as_encoded_bytes())?
                }
            }
            out.write_all(match self.separator {
                Separator::Newline => b"\n",
                Separator::Nul => b"\0",
            })?;
        }
        Ok(())
    }
}
