//! Commits and tags, split into their parts by hand, so that one that is oddly made is not out of sight for that.

use std::ops::Range;

use gix::ObjectId;

use crate::model::Commit;

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
