//! Texts of git that are in no file: messages, who made a commit, what tags say. They are read when they are looked at.

use gix::ObjectId;
use gix::objs::Kind;

use super::objects::{CommitParts, signed};

/// A part of a commit or a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::source) enum Part {
    /// What it says.
    Message,
    /// Who wrote a commit, but not when.
    Author,
    /// Who made a commit, but not when.
    Committer,
    /// A commit's header without what it is about: signatures, tags that were merged, whatever else.
    Headers,
    /// All of a tag, as `git cat-file tag` shows it.
    Tag,
}

/// A part of an object, to be read later.
#[derive(Clone, Copy, Debug)]
pub(in crate::source) struct Text {
    pub(super) id: ObjectId,
    pub(super) part: Part,
}

impl Text {
    /// Leaves of an object's bytes what is meant; nothing if it is another kind of object.
    pub(super) fn keep(self, kind: Kind, bytes: &mut Vec<u8>) -> Option<()> {
        let range = match (self.part, kind) {
            (Part::Tag, Kind::Tag) => return Some(()),
            (_, Kind::Commit) => {
                let parts = CommitParts::of(bytes)?;
                let who = |range: std::ops::Range<usize>| {
                    range.start..range.start + signed(&bytes[range]).0.len()
                };
                match self.part {
                    Part::Message => parts.message,
                    Part::Author => who(parts.author),
                    Part::Committer => who(parts.committer),
                    Part::Headers => parts.others,
                    Part::Tag => return None,
                }
            }
            _ => return None,
        };
        bytes.truncate(range.end);
        bytes.drain(..range.start);
        Some(())
    }
}
