//! A rule's pattern over the whole text of a file that is known by its name. Knows no file.

use crate::model::{Candidate, Half};
use crate::rules::Line;

/// Gives every match in `text` to `each`, in order, until that has had enough. No match is longer than a window of other
/// rules may be, so that a search reads little more than what lies before the next match.
pub(super) fn find(line: &Line, text: &[u8], mut each: impl FnMut(Candidate) -> bool) {
    let holds = |held: &str| memchr::memmem::find(text, held.as_bytes()).is_some();
    if !line.holds.is_empty() && !line.holds.iter().any(|held| holds(held)) {
        return;
    }
    line.pattern.get().all(text, |found| {
        let Some(secret) = found.secret else {
            return true;
        };
        each(Candidate {
            rule: 0,
            whole: found.whole,
            secret,
            name: None,
            word: None,
            // The file's format says that this is the value, as quotes do in code.
            quoted: true,
            half: Half::Whole,
        })
    });
}
