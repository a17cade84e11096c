//! What is asked of every byte of every text, for 64 of them at once where the processor can. Each question has a plain answer
//! here, which is what it means, and a fast one in `avx512.rs`, the one file with `unsafe` in it; tests hold both to the same.
//! Knows no rule and no encoding.

#[cfg(target_arch = "x86_64")]
mod avx512;
mod filter;
mod kinds;
mod marks;
mod sieve;

pub(crate) use filter::{
    Filter, GOLDEN, NO_KEYS, Passed, THREE, enter_four, enter_three, fold, sift, sift_all,
};
pub(crate) use kinds::{Kinds, kinds};
pub(crate) use marks::{LETTER, MOST_MARKED, Marked, Marks, ONE_AHEAD, marks};
pub(crate) use sieve::{
    GROUPS, LOOK_AHEAD, MOST_LANES, NUMBERS, Notes, PAIRS, Pairs, Sieve, Table, sieve,
};

/// How many bytes are asked at once: the bits of an answer.
pub(crate) const LANES: usize = 64;

/// A linear congruential generator (Knuth, volume 2, section 3.3.4, table 1): the same numbers in every run of a test.
#[cfg(test)]
pub(crate) fn numbers(seed: u64) -> impl FnMut(usize) -> usize {
    let mut state = seed;
    move |below| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    }
}
