//! Places: in a view, and in the source that the view was made from. The two are different types, so that an offset
//! in decoded text can never be used on the raw bytes.

use std::ops::Range;

/// Bytes of one view, from `start` up to but not including `end`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct ViewRange {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl ViewRange {
    /// From `start` up to but not including `end`.
    pub const fn new(start: usize, end: usize) -> ViewRange {
        ViewRange { start, end }
    }

    /// How many bytes.
    pub const fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// Whether it holds no byte.
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The bytes of `view` that it names; what lies outside of the view is left out.
    pub fn of(self, view: &[u8]) -> &[u8] {
        let end = self.end.min(view.len());
        &view[self.start.min(end)..end]
    }

    /// Whether the two share a byte.
    pub const fn overlaps(self, other: ViewRange) -> bool {
        self.start < other.end && other.start < self.end
    }
}

impl From<Range<usize>> for ViewRange {
    fn from(range: Range<usize>) -> ViewRange {
        ViewRange::new(range.start, range.end)
    }
}

/// A line and a column, both counted from 1; columns count bytes of UTF-8 text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Counted from 1 by line feeds.
    pub line: u64,
    /// Counted from 1 in bytes.
    pub column: u64,
}

impl Position {
    /// Where every text begins.
    pub const START: Position = Position { line: 1, column: 1 };

    /// The position after `text` when `self` is the one before it.
    pub fn after(self, text: &[u8]) -> Position {
        match memchr::memrchr(b'\n', text) {
            None => Position {
                line: self.line,
                column: self.column + text.len() as u64,
            },
            Some(last) => Position {
                line: self.line + memchr::memchr_iter(b'\n', text).count() as u64,
                column: (text.len() - last) as u64,
            },
        }
    }
}

/// A place in the source: inclusive lines, exclusive end columns and bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte in the source.
    pub byte_start: u64,
    /// One past the last byte in the source.
    pub byte_end: u64,
    /// Where it begins.
    pub start: Position,
    /// Its last line, and the column after its last byte.
    pub end: Position,
}

impl Span {
    /// The span of a finding that is about an item as a whole.
    pub const WHOLE_ITEM: Span = Span {
        byte_start: 0,
        byte_end: 0,
        start: Position::START,
        end: Position::START,
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_advance_over_lines_and_within_one() {
        assert_eq!(
            Position::START.after(b"abc"),
            Position { line: 1, column: 4 }
        );
        assert_eq!(
            Position::START.after(b"abc\n"),
            Position { line: 2, column: 1 }
        );
        assert_eq!(
            Position::START.after(b"a\nb\ncd"),
            Position { line: 3, column: 3 }
        );
        let midway = Position::START.after(b"a\nbc");
        assert_eq!(midway.after(b"d"), Position::START.after(b"a\nbcd"));
    }

    #[test]
    fn a_range_beyond_its_view_gives_what_is_there() {
        assert_eq!(ViewRange::new(2, 9).of(b"abcd"), b"cd");
        assert_eq!(ViewRange::new(7, 9).of(b"abcd"), b"");
    }
}
