//! The anchors of a run: their table, and the sieve in the shape that this processor is fastest with.

use std::ops::Deref;

use super::ready::Ready;
use super::sieve::NUMBERING;
use super::table::AnchorTable;
use crate::simd::Sieve;

/// Every anchor of every rule that is on.
#[derive(Debug)]
pub(crate) struct Anchors {
    table: Ready<AnchorTable>,
    /// What is asked first, where it can be asked of many positions at once.
    pub(crate) sieve: Option<Sieve>,
}

impl Anchors {
    /// For a table that is ready or was made.
    pub(super) fn new(table: Ready<AnchorTable>) -> Anchors {
        Anchors {
            sieve: Sieve::new(&NUMBERING, &table.groups),
            table,
        }
    }
}

impl Deref for Anchors {
    type Target = AnchorTable;

    #[inline(always)]
    fn deref(&self) -> &AnchorTable {
        &self.table
    }
}
