//! Shannon entropy: random text uses its characters evenly, names and words do not.

use super::{Check, Said, Subject};
use crate::rules::CheckKind;

pub(super) const CHECK: Check = Check {
    kind: CheckKind::Entropy,
    run,
};

/// Rejects what has fewer bits per character than `least`.
fn run(subject: &Subject<'_>, least: f32) -> Said {
    if bits_per_byte(subject.secret) < least {
        Said::Rejected("its characters repeat too much to be random")
    } else {
        Said::Passed
    }
}

/// Bits per byte, from 0 to 8; of random text it is at most the binary logarithm of the text's length.
pub(super) fn bits_per_byte(text: &[u8]) -> f32 {
    let mut counts = [0_u32; 256];
    for &byte in text {
        counts[usize::from(byte)] += 1;
    }
    let total = text.len() as f32;
    counts
        .iter()
        .filter(|&&count| count > 0)
        .map(|&count| count as f32 / total)
        .map(|share| -share * share.log2())
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn even_use_of_characters_has_the_most_bits() {
        assert!((bits_per_byte(b"aabbccdd") - 2.0).abs() < 1e-6);
        assert!(bits_per_byte(b"aaaaaaaa") < 1e-6);
        assert_eq!(
            run(&Subject::bare(b"aaaabbbb"), 3.0),
            Said::Rejected("its characters repeat too much to be random")
        );
        assert_eq!(run(&Subject::bare(b"a8Fk2xQ9"), 3.0), Said::Passed);
    }
}
