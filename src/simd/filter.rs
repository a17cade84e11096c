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

/// By the hash of three folded bytes: which fourth bytes some key goes on with, a bit for each by its lowest five bits; all of
/// them where the three are a key. One word to look up tells of both. As many words as a power of two.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Filter<'f>(&'f [u32]);

impl<'f> Filter<'f> {
    /// Of such words.
    ///
    /// # Panics
    /// There is no power of two of them, or just one.
    pub(crate) const fn new(words: &'f [u32]) -> Filter<'f> {
        assert!(words.len().is_power_of_two() && words.len() >= 2);
        Filter(words)
    }

    pub(super) const fn words(self) -> &'f [u32] {
        self.0
    }

    /// By how many bits a hash is shifted to tell which word.
    pub(super) const fn shift(self) -> u32 {
        u32::BITS - self.0.len().trailing_zeros()
    }

    /// The word of four folded bytes, or of three.
    const fn word(self, bytes: u32) -> u32 {
        self.0[place_of(bytes, self.0.len())]
    }
}

/// Enters a key of four folded bytes.
pub(crate) const fn enter_four(words: &mut [u32], key: u32) {
    words[place_of(key, words.len())] |= 1 << (key >> FOURTH & LOW_BITS);
}

/// Enters a key of three folded bytes.
pub(crate) const fn enter_three(words: &mut [u32], key: u32) {
    words[place_of(key, words.len())] = ALL;
}

const fn place_of(bytes: u32, words: usize) -> usize {
    let hash = (bytes & THREE).wrapping_mul(GOLDEN);
    (hash >> (u32::BITS - words.trailing_zeros())) as usize
}

/// Where the fourth byte is, in bits, and which bits of it count.
pub(super) const FOURTH: u32 = 24;
pub(super) const LOW_BITS: u32 = 0x1f;

/// The word of three bytes that are a key.
pub(super) const ALL: u32 = u32::MAX;

/// Positions that pass a filter.
#[derive(Debug)]
pub(crate) struct Passed {
    pub(crate) positions: Notes,
    pub(crate) count: usize,
}

/// Of the first so many notes those positions at which a key of four bytes alone may begin, and those at which one of three may,
/// or of four that shares its word.
///
/// # Panics
/// There are more notes than there is room for.
pub(crate) fn sift(
    filter: Filter<'_>,
    text: &[u8],
    notes: &Notes,
    count: usize,
    [four, three]: [&mut Passed; 2],
) {
    assert!(count + super::LANES <= notes.len() && text.len() >= size_of::<u32>());
    #[cfg(target_arch = "x86_64")]
    if super::avx512::is_here() {
        return super::avx512::sift(filter, text, notes, count, [four, three]);
    }
    plain(filter, text, notes, count, [four, three]);
}

/// The same, one position after the other.
fn plain(
    filter: Filter<'_>,
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
        let word = filter.word(bytes);
        // Written in any case: a branch would be guessed wrong too often.
        four.positions[four.count] = position;
        let (begins, is_three) = (word >> (bytes >> FOURTH & LOW_BITS) & 1, word == ALL);
        four.count += usize::from(begins == 1 && !is_three);
        three.positions[three.count] = position;
        three.count += usize::from(is_three);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::{LANES, MOST_LANES, numbers};

    #[test]
    fn every_way_passes_the_same_and_every_key() {
        let mut numbers = numbers(9);
        let mut next = || numbers(1 << 16) as u16;
        for round in 0..60 {
            let text: Vec<u8> = (0..MOST_LANES * LANES + 4).map(|_| next() as u8).collect();
            let key = |position: u16| {
                let bytes = text[usize::from(position)..].first_chunk::<4>();
                fold(u32::from_le_bytes(*bytes.unwrap()))
            };
            let mut notes: Notes = [0; (MOST_LANES + 1) * LANES];
            let count = round * 34;
            for note in &mut notes[..count] {
                *note = next() % (MOST_LANES * LANES) as u16;
            }
            let mut words = vec![0; 1 << 8];
            // Some places of the text are keys, and others share a word with them.
            let keys: Vec<u16> = notes[..count].iter().step_by(9).copied().collect();
            for (number, &position) in keys.iter().enumerate() {
                match number % 4 {
                    0 => enter_three(&mut words, key(position) & THREE),
                    _ => enter_four(&mut words, key(position)),
                }
            }
            let filter = Filter::new(&words);
            let passed = || Passed {
                positions: notes,
                count: 7,
            };
            let [mut a, mut b, mut c, mut d] = [(); 4].map(|()| passed());
            sift(filter, &text, &notes, count, [&mut a, &mut b]);
            plain(filter, &text, &notes, count, [&mut c, &mut d]);
            assert_eq!(a.positions[..a.count], c.positions[..c.count]);
            assert_eq!(b.positions[..b.count], d.positions[..d.count]);
            for (number, position) in keys.iter().enumerate() {
                let is_in = |passed: &Passed| passed.positions[..passed.count].contains(position);
                assert!(is_in(&b) || number % 4 != 0 && is_in(&a));
            }
            assert!(count < 100 || a.count < count);
        }
    }
}
