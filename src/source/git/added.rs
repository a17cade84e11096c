//! What one version of a text adds to another: whole lines, as ranges of bytes, whatever the text's encoding.

use gix_imara_diff::sources::byte_lines;
use gix_imara_diff::{Algorithm, Diff, InternedInput};

use crate::model::Added;

/// The parts of `new` that `old` does not have.
pub(in crate::source) fn added_to(old: &[u8], new: &[u8]) -> Added {
    let input = InternedInput::new(byte_lines(old), byte_lines(new));
    let diff = Diff::compute(Algorithm::Histogram, &input);
    let mut starts = Vec::with_capacity(input.after.len() + 1);
    let mut at = 0;
    for &token in &input.after {
        starts.push(at);
        at += input.interner[token].len() as u64;
    }
    starts.push(at);
    Added::new(
        diff.hunks()
            .map(|hunk| starts[hunk.after.start as usize]..starts[hunk.after.end as usize]),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn added_lines_are_ranges_of_bytes() {
        for (old, new, ranges) in [
            ("a\nb\nc\n", "a\nx\nb\nc\ny", &[(2, 4), (8, 9)][..]),
            ("a\n", "a\n", &[]),
            ("", "new\n", &[(0, 4)]),
            // The last line gains its end.
            ("a\nb", "a\nb\n", &[(2, 4)]),
        ] {
            let added = added_to(old.as_bytes(), new.as_bytes());
            assert_eq!(
                added,
                Added::new(ranges.iter().map(|range| range.0..range.1))
            );
        }
    }
}
