//! Which of some positions have four bytes, or three, that hash to where some key does.

use super::LANES;
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
/// them where the three are a key. One word to look up tells of both.
pub(crate) type Filter = [u32; WORDS];

/// How many words there are, a power of two. Few, because they are asked often.
const WORDS: usize = 1 << 12;

/// By how many bits a hash is shifted to tell which word.
pub(super) const SHIFT: u32 = u32::BITS - WORDS.trailing_zeros();

/// A filter without keys.
pub(crate) const NO_KEYS: Filter = [0; WORDS];

/// Enters a key of four folded bytes.
pub(crate) const fn enter_four(filter: &mut Filter, key: u32) {
    filter[place_of(key)] |= 1 << (key >> FOURTH & LOW_BITS);
}

/// Enters a key of three folded bytes.
pub(crate) const fn enter_three(filter: &mut Filter, key: u32) {
    filter[place_of(key)] = ALL;
}

/// Where the word of four folded bytes, or of three, is.
const fn place_of(bytes: u32) -> usize {
    ((bytes & THREE).wrapping_mul(GOLDEN) >> SHIFT) as usize
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
    filter: &Filter,
    text: &[u8],
    notes: &Notes,
    count: usize,
    [four, three]: [&mut Passed; 2],
) {
    assert!(count + LANES <= notes.len() && text.len() >= size_of::<u32>());
    #[cfg(target_arch = "x86_64")]
    if super::avx512::is_here() {
        return super::avx512::sift(filter, text, notes, count, [four, three]);
    }
    plain(filter, text, notes, count, [four, three]);
}

/// The same, one position after the other.
fn plain(
    filter: &Filter,
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
        let (is_four, is_three) = ask(filter, bytes.unwrap_or_default());
        // Written in any case: a branch would be guessed wrong too often.
        four.positions[four.count] = position;
        four.count += usize::from(is_four && !is_three);
        three.positions[three.count] = position;
        three.count += usize::from(is_three);
    }
}

/// The same of all positions of the first so many lanes: where sixty-four cannot be asked at once, to hash every position takes half
/// the time that it takes to sieve them first.
///
/// # Panics
/// There are more positions than there is room for notes.
pub(crate) fn sift_all(
    filter: &Filter,
    text: &[u8],
    lanes: usize,
    [four, three]: [&mut Passed; 2],
) {
    (four.count, three.count) = (0, 0);
    for (lane, text) in (0..lanes).zip(text.windows(LANES + ONE_KEY).step_by(LANES)) {
        let mut begins = 0_u64;
        for (at, bytes) in text.array_windows::<4>().enumerate() {
            begins |= u64::from(ask(filter, *bytes).0) << at;
        }
        while begins != 0 {
            let at = begins.trailing_zeros() as usize;
            let bytes = text[at..].first_chunk::<4>().copied();
            let passed = match ask(filter, bytes.unwrap_or_default()) {
                (_, true) => &mut *three,
                (_, false) => &mut *four,
            };
            passed.positions[passed.count] = (lane * LANES + at) as u16;
            passed.count += 1;
            begins &= begins - 1;
        }
    }
}

/// How many more bytes than positions there are, so that there is a key at each.
const ONE_KEY: usize = size_of::<u32>() - 1;

/// Whether a key of four bytes may begin with these, and whether one of three may, or of four that shares its word.
#[inline(always)]
fn ask(filter: &Filter, bytes: [u8; 4]) -> (bool, bool) {
    let bytes = fold(u32::from_le_bytes(bytes));
    let word = filter[place_of(bytes)];
    (word >> (bytes >> FOURTH & LOW_BITS) & 1 == 1, word == ALL)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::{MOST_LANES, numbers};

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
            let mut words = NO_KEYS;
            // Some places of the text are keys, and others share a word with them.
            let keys: Vec<u16> = notes[..count].iter().step_by(9).copied().collect();
            for (number, &position) in keys.iter().enumerate() {
                match number % 4 {
                    0 => enter_three(&mut words, key(position) & THREE),
                    _ => enter_four(&mut words, key(position)),
                }
            }
            let filter = &words;
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

    #[test]
    fn all_positions_pass_as_each_does() {
        let mut numbers = numbers(3);
        let mut words = NO_KEYS;
        for _ in 0..2000 {
            enter_four(&mut words, fold(numbers(1 << 31) as u32));
        }
        enter_three(&mut words, fold(numbers(1 << 24) as u32) & THREE);
        let filter = &words;
        let text: Vec<u8> = (0..MOST_LANES * LANES + 4)
            .map(|_| numbers(256) as u8)
            .collect();
        let mut notes: Notes = [0; (MOST_LANES + 1) * LANES];
        let positions = MOST_LANES * LANES;
        for (position, note) in notes[..positions].iter_mut().enumerate() {
            *note = position as u16;
        }
        let [mut a, mut b, mut c, mut d] = [(); 4].map(|()| Passed {
            positions: notes,
            count: 7,
        });
        sift_all(filter, &text, MOST_LANES, [&mut a, &mut b]);
        plain(filter, &text, &notes, positions, [&mut c, &mut d]);
        assert!(a.count > 0 && b.count > 0 && a.count < positions);
        assert_eq!(a.positions[..a.count], c.positions[..c.count]);
        assert_eq!(b.positions[..b.count], d.positions[..d.count]);
    }
}
