//! Which bytes of a text are marks of some kind and stand before a byte that such a mark may stand before; and which are letters.

use super::LANES;

/// How many bytes an answer needs behind the positions that it is about.
pub(crate) const ONE_AHEAD: usize = 1;

/// For how many lanes of positions an answer is asked for at most.
pub(crate) const MOST_MARKED: usize = 32;

/// The bit of a letter; what follows it does not matter.
pub(crate) const LETTER: u8 = 0x80;

/// The kinds of each byte, as bits, and the kinds that it may follow.
#[derive(Debug)]
pub(crate) struct Marks {
    pub(super) kinds: [u8; 256],
    pub(super) follows: [u8; 256],
}

/// What is known of 64 positions, a bit for each, the first one lowest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Marked {
    /// Where a mark of any kind is, before a byte that may follow it.
    pub(crate) marks: u64,
    /// Where a letter is.
    pub(crate) letters: u64,
}

impl Marks {
    /// For bytes of which these functions tell the kinds: seven bits for marks, and [`LETTER`].
    pub(crate) const fn new(kinds: [u8; 256], follows: [u8; 256]) -> Marks {
        Marks { kinds, follows }
    }
}

/// Tells of the positions from the text's beginning on, [`LANES`] to each of `marked`, of which there are at most
/// [`MOST_MARKED`].
///
/// # Panics
/// The text does not have [`ONE_AHEAD`] bytes more than there are positions.
pub(crate) fn marks(marks: &Marks, text: &[u8], marked: &mut [Marked]) {
    assert!(text.len() >= marked.len() * LANES + ONE_AHEAD);
    #[cfg(target_arch = "x86_64")]
    if super::avx512::is_here() {
        return super::avx512::marks(marks, text, marked);
    }
    plain(marks, text, marked);
}

/// The same, one position after the other.
fn plain(marks: &Marks, text: &[u8], marked: &mut [Marked]) {
    for (lane, marked) in marked.iter_mut().enumerate() {
        let bytes = &text[lane * LANES..][..LANES + ONE_AHEAD];
        *marked = Marked::default();
        for (at, pair) in bytes.windows(2).enumerate() {
            let kinds = marks.kinds[usize::from(pair[0])];
            let is_mark = kinds & marks.follows[usize::from(pair[1])] & !LETTER != 0;
            marked.marks |= u64::from(is_mark) << at;
            marked.letters |= u64::from(kinds & LETTER != 0) << at;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::numbers;

    #[test]
    fn every_way_tells_the_same() {
        let mut numbers = numbers(5);
        let mut next = || numbers(256) as u8;
        for lanes in 1..=MOST_MARKED {
            let mut mine = Marks::new([0; 256], [0; 256]);
            for byte in 0..256 {
                mine.kinds[byte] = next() & next();
                mine.follows[byte] = next() & next();
            }
            let text: Vec<u8> = (0..lanes * LANES + ONE_AHEAD).map(|_| next()).collect();
            let (mut fast, mut slow) = (
                [Marked::default(); MOST_MARKED],
                [Marked::default(); MOST_MARKED],
            );
            marks(&mine, &text, &mut fast[..lanes]);
            plain(&mine, &text, &mut slow[..lanes]);
            assert_eq!(fast, slow);
            for at in 0..lanes * LANES {
                let kinds = mine.kinds[usize::from(text[at])];
                let is_mark = kinds & mine.follows[usize::from(text[at + 1])] & !LETTER != 0;
                let marked = fast[at / LANES];
                assert_eq!(marked.marks >> (at % LANES) & 1 == 1, is_mark);
                assert_eq!(marked.letters >> (at % LANES) & 1 == 1, kinds & LETTER != 0);
            }
        }
    }
}
