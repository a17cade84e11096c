//! The parts of a text that an older version of it does not have.

use std::ops::Range;

use super::span::Span;

/// Ranges of bytes, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Added(Vec<Range<u64>>);

impl Added {
    /// All of a text.
    pub(crate) fn everything() -> Added {
        Added(std::iter::once(0..u64::MAX).collect())
    }

    /// These, in order; those that are empty do not count.
    pub(crate) fn new(ranges: impl Iterator<Item = Range<u64>>) -> Added {
        Added(ranges.filter(|range| !range.is_empty()).collect())
    }

    /// What two have in common: new beside the one and beside the other.
    pub(crate) fn and(&self, other: &Added) -> Added {
        let mut both = Vec::new();
        let (mut lefts, mut rights) = (self.0.iter().peekable(), other.0.iter().peekable());
        while let (Some(left), Some(right)) = (lefts.peek(), rights.peek()) {
            both.push(left.start.max(right.start)..left.end.min(right.end));
            if left.end < right.end {
                lefts.next();
            } else {
                rights.next();
            }
        }
        Added::new(both.into_iter())
    }

    /// Whether any of `span` is new.
    pub(crate) fn has_part_of(&self, span: &Span) -> bool {
        self.0
            .iter()
            .any(|range| range.start < span.byte_end && span.byte_start < range.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_new_to_both_parents_is_new() {
        let added = |ranges: &[(u64, u64)]| Added::new(ranges.iter().map(|range| range.0..range.1));
        let both = added(&[(0, 5), (8, 10)]).and(&added(&[(3, 9)]));
        assert_eq!(both, added(&[(3, 5), (8, 9)]));
        assert_eq!(added(&[(0, 2)]).and(&added(&[(2, 4)])), added(&[]));
        assert_eq!(Added::everything().and(&both), both);
    }
}
