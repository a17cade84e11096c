//! What is asked of every byte of every text, for 64 of them at once where the processor can. Each question has a plain answer
//! here, which is what it means, and a fast one in `avx512.rs`, the one file with `unsafe` in it; tests hold both to the same.
//! Knows no rule and no encoding.

#[cfg(target_arch = "x86_64")]
mod avx512;
mod filter;
mod marks;
mod sieve;

pub(crate) use filter::{Filters, GOLDEN, Passed, THREE, fold, sift};
pub(crate) use marks::{LETTER, MOST_MARKED, Marked, Marks, ONE_AHEAD, marks};
pub(crate) use sieve::{
    GROUPS, LOOK_AHEAD, MOST_LANES, NUMBERS, Notes, PAIRS, Pairs, Sieve, Table, sieve,
};

/// How many bytes are asked at once: the bits of an answer.
pub(crate) const LANES: usize = 64;
