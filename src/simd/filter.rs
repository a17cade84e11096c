//! Which of some positions have four bytes, or three, that hash to where some key does.

use super::sieve::Notes;

/// Multiplicative hashing by the golden ratio (Knuth, volume 3, section 6.4): the highest bits of the product tell where in a
/// filter a key is.
pub(crate) const GOLDEN: u32 = 0x9e37_79b1;

/// The first three of four bytes.
pub(crate) const THREE: u32 = 0x00ff_ffff;

/// Folds the case of four bytes at once. It also folds some punctuation together; an exact comparison tells them apart.
pub(crate) const fn fold(bytes: u32) -> u32 {
    bytes | FOLD
}

/// See [`fold`].
pub(super) const FOLD: u32 = 0x2020_2020;

/// Bits, by hash: whether there is a key of four folded bytes, or of three. As many times sixteen as a power of two, and at least
/// two times.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Filters<'f> {
    pub(crate) four: &'f [u16],
    pub(crate) three: &'f [u16],
}

/// Positions that pass a filter.
#[derive(Debug)]
pub(crate) struct Passed {
    pub(crate) positions: Notes,
    pub(crate) count: usize,
}

/// Of the first so many notes those positions at which a key of four bytes may begin, and those at which one of three may.
///
/// # Panics
/// There are more notes than there is room for, or a filter is none.
pub(crate) fn sift(
    filters: Filters<'_>,
    text: &[u8],
    notes: &Notes,
    count: usize,
    [four, three]: [&mut Passed; 2],
) {
    let is_filter = |filter: &[u16]| filter.len().is_power_of_two() && filter.len() >= 2;
    assert!(is_filter(filters.four) && is_filter(filters.three));
    assert!(count + super::LANES <= notes.len() && text.len() >= size_of::<u32>());
    #[cfg(target_arch = "x86_64")]
    if super::avx512::is_here() {
        return super::avx512::sift(filters, text, notes, count, [four, three]);
    }
    plain(filters, text, notes, count, [four, three]);
}

/// The same, one position after the other.
fn plain(
    filters: Filters<'_>,
    text: &[u8],
    notes: &Notes,
    count: usize,
    [four, three]: [&mut Passed; 2],
) {
    (four.count, three.count) = (0, 0);
    for &position in &notes[..count] {
        // What is at the text's end is looked at closely anyway.
        let at = usize::from(position).min(text.len() - size_of::<u32>());
        let bytes = text[at..].first_chunk::<4>().copied();
        let bytes = fold(u32::from_le_bytes(bytes.unwrap_or_default()));
        // Written in any case: a branch would be guessed wrong too often.
        four.positions[four.count] = position;
        four.count += has(filters.four, bytes);
        three.positions[three.count] = position;
        three.count += has(filters.three, bytes & THREE);
    }
}

/// Whether some key hashes to where this one does: in the lowest bit.
#[inline(always)]
fn has(filter: &[u16], key: u32) -> usize {
    let bit = key.wrapping_mul(GOLDEN) >> (u32::BITS - bits(filter));
    usize::from(filter[bit as usize / 16]) >> (bit % 16) & 1
}

/// How many of a hash's bits tell where in a filter a key is.
pub(super) const fn bits(filter: &[u16]) -> u32 {
    filter.len().trailing_zeros() + u16::BITS.trailing_zeros()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::{LANES, MOST_LANES, numbers};

    #[test]
    fn every_way_passes_the_same() {
        let mut numbers = numbers(9);
        let mut next = || numbers(1 << 16) as u16;
        for round in 0..60 {
            let four: Vec<u16> = (0..4096).map(|_| next() & next()).collect();
            let three: Vec<u16> = (0..256).map(|_| next() & next() & next()).collect();
            let filters = Filters {
                four: &four,
                three: &three,
            };
            let text: Vec<u8> = (0..MOST_LANES * LANES + 4).map(|_| next() as u8).collect();
            let mut notes: Notes = [0; (MOST_LANES + 1) * LANES];
            let count = round * 34;
            for note in &mut notes[..count] {
                *note = next() % (MOST_LANES * LANES) as u16;
            }
            let passed = || Passed {
                positions: notes,
                count: 7,
            };
            let [mut a, mut b, mut c, mut d] = [(); 4].map(|()| passed());
            sift(filters, &text, &notes, count, [&mut a, &mut b]);
            plain(filters, &text, &notes, count, [&mut c, &mut d]);
            assert_eq!(a.positions[..a.count], c.positions[..c.count]);
            assert_eq!(b.positions[..b.count], d.positions[..d.count]);
            let key = |position: u16| {
                let bytes = text[usize::from(position)..].first_chunk::<4>();
                fold(u32::from_le_bytes(*bytes.unwrap()))
            };
            let expected = notes[..count]
                .iter()
                .filter(|&&note| has(&four, key(note)) == 1);
            assert!(a.positions[..a.count].iter().eq(expected));
        }
    }
}
