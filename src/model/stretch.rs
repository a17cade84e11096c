//! A part of an item's bytes, as large items are read. Reads nothing.

use std::ops::Range;

/// A stretch of an item's bytes. An item is one stretch, or several that overlap.
#[derive(Debug)]
pub(crate) struct Stretch<'a> {
    /// Its bytes.
    pub(crate) bytes: &'a [u8],
    /// Where in the source it begins.
    pub(crate) base: u64,
    /// The part, in bytes of the source, whose findings this stretch is to report; the rest is there as context.
    pub(crate) own: Range<u64>,
    /// Whether nothing follows it.
    pub(crate) last: bool,
    /// How many of its bytes the next stretch no longer has.
    pub(crate) advance: usize,
}

impl<'a> Stretch<'a> {
    /// All of an item.
    pub(crate) const fn whole(bytes: &'a [u8]) -> Stretch<'a> {
        Stretch {
            bytes,
            base: 0,
            own: 0..u64::MAX,
            last: true,
            advance: bytes.len(),
        }
    }
}
