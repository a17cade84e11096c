//! Objects of git that lead to others: commits, trees and tags, read one after the other and kept while they may be asked for
//! again. Commits and tags are split into their parts by hand, so that one that is oddly made is not out of sight for that.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use gix::objs::Kind;
use gix::{ObjectId, Repository};

use super::error::said;
use super::open::Git;
use super::reader::read_from;
use crate::model::{Commit, Why};

/// How many bytes of trees are kept.
const KEPT: usize = 32 << 20;

/// How many tags may point to each other in a row.
const MOST_TAGS: usize = 64;

/// A repository's objects, for one thread.
pub(super) struct Objects {
    git: Arc<Git>,
    pub(super) repository: Repository,
    kept: RefCell<Kept>,
}

/// Trees that were read, and how long they are together.
#[derive(Default)]
struct Kept {
    size: usize,
    trees: HashMap<ObjectId, Rc<[u8]>>,
}

/// What a name stands for in the end, and the tags on the way there.
pub(super) struct Peeled {
    pub(super) tags: Vec<ObjectId>,
    pub(super) id: ObjectId,
    pub(super) kind: Kind,
}

impl Objects {
    pub(super) fn new(git: &Arc<Git>) -> Objects {
        Objects {
            git: Arc::clone(git),
            repository: git.local(),
            kept: RefCell::default(),
        }
    }

    /// Whether an object is here.
    pub(super) fn has(&self, id: ObjectId) -> bool {
        self.git.odd_kind(&id).is_none()
            && matches!(self.repository.try_find_header(id), Ok(Some(_)))
    }

    /// Reads an object into `bytes`, in place of what was there.
    ///
    /// # Errors
    /// It is not there, too large, or not as git writes objects.
    pub(super) fn read(&self, id: ObjectId, bytes: &mut Vec<u8>) -> Result<Kind, Why> {
        read_from(&self.git, &self.repository, id, bytes)
    }

    /// A commit.
    ///
    /// # Errors
    /// It cannot be read, or is no commit.
    pub(super) fn commit(&self, id: ObjectId, bytes: &mut Vec<u8>) -> Result<CommitParts, Why> {
        let kind = self.read(id, bytes)?;
        self.expect(Kind::Commit, kind, id)?;
        CommitParts::of(bytes)
            .ok_or_else(|| Why::Unreadable(format!("git's object {id} is no whole commit")))
    }

    /// A tree's bytes.
    ///
    /// # Errors
    /// It cannot be read, or is no tree.
    pub(super) fn tree(&self, id: ObjectId) -> Result<Rc<[u8]>, Why> {
        // Git knows it without having it.
        if id.is_empty_tree() {
            return Ok(Rc::default());
        }
        if let Some(bytes) = self.kept.borrow().trees.get(&id) {
            return Ok(Rc::clone(bytes));
        }
        let mut bytes = Vec::new();
        let kind = self.read(id, &mut bytes)?;
        self.expect(Kind::Tree, kind, id)?;
        let bytes: Rc<[u8]> = bytes.into();
        let mut kept = self.kept.borrow_mut();
        if kept.size + bytes.len() > KEPT {
            *kept = Kept::default();
        }
        kept.size += bytes.len();
        kept.trees.insert(id, Rc::clone(&bytes));
        Ok(bytes)
    }

    /// Follows tags to what they are about.
    ///
    /// # Errors
    /// An object on the way cannot be read, or there are too many tags.
    pub(super) fn peel(&self, mut id: ObjectId) -> Result<Peeled, Why> {
        let (mut tags, mut bytes) = (Vec::new(), Vec::new());
        loop {
            if let Some(kind) = self.git.odd_kind(&id) {
                return Err(Why::NotAFile(kind));
            }
            let header = self.repository.try_find_header(id);
            let kind = match header {
                Ok(Some(header)) => header.kind(),
                Ok(None) => return Err(Why::MissingObject(id.to_string())),
                Err(error) => return Err(Why::Unreadable(said(&error))),
            };
            if kind != Kind::Tag {
                return Ok(Peeled { tags, id, kind });
            }
            if tags.len() == MOST_TAGS {
                return Err(Why::Unreadable("too many tags of tags".to_owned()));
            }
            self.read(id, &mut bytes)?;
            tags.push(id);
            id = headers(&bytes)
                .find_map(|(name, value)| (name == b"object").then(|| hex(&bytes[value])))
                .flatten()
                .ok_or_else(|| Why::Unreadable(format!("git's object {id} is no whole tag")))?;
        }
    }

    fn expect(&self, wanted: Kind, kind: Kind, id: ObjectId) -> Result<(), Why> {
        if kind == wanted {
            return Ok(());
        }
        let words = format!("git's object {id} is a {kind}, not a {wanted}");
        Err(Why::Unreadable(words))
    }
}

/// A commit's parts, as ranges of its bytes where they are text.
pub(super) struct CommitParts {
    pub(super) tree: ObjectId,
    pub(super) parents: Vec<ObjectId>,
    pub(super) author: Range<usize>,
    pub(super) committer: Range<usize>,
    /// Lines that are none of the above, such as signatures and merged tags, if there are any.
    pub(super) others: Range<usize>,
    /// All behind the first empty line.
    pub(super) message: Range<usize>,
}

impl CommitParts {
    /// The parts of a commit's bytes; nothing if it names no tree, or a parent badly.
    pub(super) fn of(bytes: &[u8]) -> Option<CommitParts> {
        let mut parts = CommitParts {
            tree: ObjectId::null(gix::hash::Kind::Sha1),
            parents: Vec::new(),
            author: 0..0,
            committer: 0..0,
            others: 0..0,
            message: text(bytes),
        };
        let (mut has_tree, mut others_from) = (false, None);
        for (name, value) in headers(bytes) {
            let start = value.start - name.len() - 1;
            match name {
                b"tree" if !has_tree => {
                    parts.tree = hex(&bytes[value])?;
                    has_tree = true;
                }
                b"parent" => parts.parents.push(hex(&bytes[value])?),
                b"author" if parts.author.is_empty() => parts.author = value,
                b"committer" if parts.committer.is_empty() => parts.committer = value,
                _ => {
                    others_from.get_or_insert(start);
                }
            }
        }
        if let Some(start) = others_from {
            // The empty line before the message is no header.
            parts.others = start..parts.message.start.saturating_sub(1).max(start);
        }
        has_tree.then_some(parts)
    }

    /// When it was committed, in seconds since 1970; 0 if it does not say.
    pub(super) fn committed(&self, bytes: &[u8]) -> i64 {
        signed(&bytes[self.committer.clone()])
            .1
            .map_or(0, |time| time.seconds)
    }

    /// What reports tell of it.
    pub(super) fn told(&self, id: ObjectId, bytes: &[u8]) -> Commit {
        let (name, time) = signed(&bytes[self.author.clone()]);
        let iso = gix::date::time::format::ISO8601_STRICT;
        Commit {
            id: id.to_string(),
            author: String::from_utf8_lossy(name).into_owned(),
            date: time.map_or_else(String::new, |time| time.format_or_unix(iso)),
        }
    }
}

/// Who signed and when, from a line such as `Ada <ada@example.org> 1767323045 +0100`; all of it is the name where it ends
/// otherwise.
pub(super) fn signed(line: &[u8]) -> (&[u8], Option<gix::date::Time>) {
    let split = || {
        let end = line.iter().rposition(|&byte| byte == b'>')? + 1;
        let rest = std::str::from_utf8(&line[end..]).ok()?;
        let (seconds, zone) = rest.strip_prefix(' ')?.split_once(' ')?;
        let seconds: i64 = seconds.parse().ok()?;
        let (sign, digits) = zone.split_at_checked(1)?;
        if digits.len() != 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let (hours, minutes): (i32, i32) = (digits[..2].parse().ok()?, digits[2..].parse().ok()?);
        let offset = (hours * 60 + minutes) * 60;
        let offset = match sign {
            "+" => offset,
            "-" => -offset,
            _ => return None,
        };
        Some((&line[..end], gix::date::Time::new(seconds, offset)))
    };
    match split() {
        Some((name, time)) => (name, Some(time)),
        None => (line, None),
    }
}

/// Where the text of a commit or tag is: behind its first empty line.
pub(super) fn text(bytes: &[u8]) -> Range<usize> {
    let start = match bytes {
        [b'\n', ..] => 1,
        _ => gix::bstr::ByteSlice::find(bytes, "\n\n").map_or(bytes.len(), |at| at + 2),
    };
    start..bytes.len()
}

/// The lines before the text, as name and place of the value. Lines that go on with a blank belong to the one before.
fn headers(bytes: &[u8]) -> impl Iterator<Item = (&[u8], Range<usize>)> {
    let end = text(bytes).start;
    let mut at = 0;
    std::iter::from_fn(move || {
        let line_from = |at: usize| {
            let rest = &bytes[at..end];
            at + rest
                .iter()
                .position(|&byte| byte == b'\n')
                .map_or(rest.len(), |length| length)
        };
        if at >= end || bytes[at] == b'\n' {
            return None;
        }
        let start = at;
        let mut stop = line_from(at);
        while stop + 1 < end && bytes[stop + 1] == b' ' {
            stop = line_from(stop + 1);
        }
        at = stop + 1;
        let line = &bytes[start..stop];
        let name = line.iter().position(|&byte| byte == b' ');
        Some(match name {
            Some(length) => (&line[..length], start + length + 1..stop),
            // A line that names nothing is all value.
            None => (&[][..], start + 1..stop.max(start + 1)),
        })
    })
}

fn hex(digits: &[u8]) -> Option<ObjectId> {
    ObjectId::from_hex(digits).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_has_parts_however_oddly_it_is_made() {
        let tree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
        let part = |bytes: &'static [u8], range: Range<usize>| {
            String::from_utf8_lossy(&bytes[range]).into_owned()
        };
        let bytes: &'static [u8] = format!(
            "tree {tree}\nparent {tree}\nauthor A <a@b> 1 +0130\ncommitter C <c> 5 -0100\nencoding x\ngpgsig a\n b\n\nfirst\n\nrest"
        )
        .leak()
        .as_bytes();
        let parts = CommitParts::of(bytes).unwrap();
        assert_eq!(parts.parents.len(), 1);
        assert_eq!(parts.committed(bytes), 5);
        assert_eq!(part(bytes, parts.message.clone()), "first\n\nrest");
        assert_eq!(
            part(bytes, parts.others.clone()),
            "encoding x\ngpgsig a\n b\n"
        );
        let told = parts.told(parts.tree, bytes);
        assert_eq!(
            (&*told.author, &*told.date),
            ("A <a@b>", "1970-01-01T01:30:01+01:30")
        );
        // No message, no committer, and an author that says nothing of when.
        let bytes: &'static [u8] = format!("tree {tree}\nauthor x\n").leak().as_bytes();
        let parts = CommitParts::of(bytes).unwrap();
        assert_eq!(part(bytes, parts.author.clone()), "x");
        assert!(parts.message.is_empty() && parts.others.is_empty());
        assert_eq!(parts.told(parts.tree, bytes).date, "");
        for bad in [
            "",
            "\n",
            "parent x\n\n",
            "tree x\n\nmessage",
            "author x\n\n",
        ] {
            assert!(CommitParts::of(bad.as_bytes()).is_none(), "{bad:?}");
        }
    }
}
