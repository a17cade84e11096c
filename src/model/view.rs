//! What is matched: an item's bytes as they are or decoded, with the way back to the source. Decodes nothing itself.

use std::borrow::Cow;

use serde::Serialize;

use super::span::{Position, Span, ViewRange};

/// How a view's bytes were had from the ones before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Encoding {
    /// UTF-16, least significant byte first.
    #[serde(rename = "utf-16le")]
    Utf16Le,
    /// UTF-16, most significant byte first.
    #[serde(rename = "utf-16be")]
    Utf16Be,
}

impl Encoding {
    /// Its name in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Encoding::Utf16Le => "utf-16le",
            Encoding::Utf16Be => "utf-16be",
        }
    }
}

/// Some bytes to match, and where they came from.
#[derive(Clone, Debug)]
pub struct View<'a> {
    /// What is matched.
    pub bytes: Cow<'a, [u8]>,
    /// From offsets in `bytes` to offsets in the source.
    pub map: OffsetMap,
    /// What was undone to get here, outermost first; empty for the raw bytes.
    pub via: Vec<Encoding>,
    /// The line and column of the view's first byte, counted in the decoded text.
    pub origin: Position,
}

/// Finds the places of ranges in a view. Ranges that come in order cost one pass over the view in all.
#[derive(Debug)]
pub struct Locator<'v> {
    view: &'v View<'v>,
    known: (usize, Position),
}

impl<'v> Locator<'v> {
    /// A locator at the view's first byte.
    pub const fn new(view: &'v View<'v>) -> Locator<'v> {
        Locator {
            view,
            known: (0, view.origin),
        }
    }

    /// The place in the source of `range`.
    pub fn span(&mut self, range: ViewRange) -> Span {
        if range.start < self.known.0 {
            self.known = (0, self.view.origin);
        }
        let (offset, position) = self.known;
        let start = position.after(&self.view.bytes[offset..range.start]);
        self.known = (range.start, start);
        Span {
            byte_start: self.view.map.to_source(range.start),
            byte_end: self.view.map.to_source(range.end),
            start,
            end: start.after(range.of(&self.view.bytes)),
        }
    }
}

/// From a view's offsets to the source's: runs in which both advance at fixed rates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OffsetMap {
    runs: Vec<Run>,
}

/// From `view` on, each `view_step` bytes of the view stand for `source_step` bytes of the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    view: usize,
    source: u64,
    view_step: u8,
    source_step: u8,
}

impl OffsetMap {
    /// The view is the source from its byte `base` on.
    pub fn raw(base: u64) -> OffsetMap {
        OffsetMap {
            runs: vec![Run {
                view: 0,
                source: base,
                view_step: 1,
                source_step: 1,
            }],
        }
    }

    /// An empty map; characters are added with [`OffsetMap::push`].
    pub fn decoded() -> OffsetMap {
        OffsetMap { runs: Vec::new() }
    }

    /// The character at `view` in the view, `view_step` bytes long, was `source_step` bytes at `source`.
    /// Characters come in order; neighbours of one shape share a run.
    pub fn push(&mut self, view: usize, source: u64, view_step: u8, source_step: u8) {
        let run = Run {
            view,
            source,
            view_step,
            source_step,
        };
        let continues = self.runs.last().is_some_and(|last| {
            (last.view_step, last.source_step) == (view_step, source_step)
                && last.at(view) == source
        });
        if !continues {
            self.runs.push(run);
        }
    }

    /// The source offset of a view offset. Within a character it is that of the character's first byte; past the
    /// view's end it goes on at the last run's rate.
    pub fn to_source(&self, view: usize) -> u64 {
        let after = self.runs.partition_point(|run| run.view <= view);
        match after.checked_sub(1) {
            Some(index) => self.runs[index].at(view),
            None => self.runs.first().map_or(0, |run| run.source),
        }
    }

    /// The view offset of a source offset, at most `end`: the inverse of [`OffsetMap::to_source`] at characters' starts.
    pub fn to_view(&self, source: u64, end: usize) -> usize {
        let after = self.runs.partition_point(|run| run.source <= source);
        let Some(run) = after.checked_sub(1).map(|index| &self.runs[index]) else {
            return 0;
        };
        let characters = (source - run.source) / u64::from(run.source_step.max(1));
        let view = run.view as u64 + characters * u64::from(run.view_step);
        usize::try_from(view).unwrap_or(end).min(end)
    }
}

impl Run {
    fn at(&self, view: usize) -> u64 {
        let characters = (view - self.view) / usize::from(self.view_step.max(1));
        self.source + characters as u64 * u64::from(self.source_step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decoded_map_leads_back_to_each_character() {
        // "aé€b" in UTF-16 after a two-byte mark: view offsets 0, 1, 3, 6; source offsets 2, 4, 6, 8.
        let mut map = OffsetMap::decoded();
        for (view, source, step) in [(0, 2, 1), (1, 4, 2), (3, 6, 3), (6, 8, 1)] {
            map.push(view, source, step, 2);
        }
        assert_eq!(
            [0, 1, 2, 3, 5, 6, 7].map(|at| map.to_source(at)),
            [2, 4, 4, 6, 6, 8, 10]
        );
    }

    #[test]
    fn neighbours_of_one_shape_share_a_run() {
        let mut map = OffsetMap::decoded();
        for at in 0..1000 {
            map.push(at, at as u64 * 2, 1, 2);
        }
        assert_eq!(map.runs.len(), 1);
    }
}
