//! Which bytes of a text words are made of: letters and digits, small letters, capitals.

use super::LANES;

/// What is known of 64 bytes, a bit for each, the first one lowest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Kinds {
    /// Letters and digits of ASCII.
    pub(crate) words: u64,
    /// Small letters of ASCII.
    pub(crate) lower: u64,
    /// Capitals of ASCII.
    pub(crate) upper: u64,
}

/// Tells of [`LANES`] bytes to each of `kinds`.
///
/// # Panics
/// There are not as many of both.
pub(crate) fn kinds(text: &[[u8; LANES]], kinds: &mut [Kinds]) {
    assert_eq!(text.len(), kinds.len());
    #[cfg(target_arch = "x86_64")]
    if super::avx512::is_here() {
        return super::avx512::kinds(text, kinds);
    }
    plain(text, kinds);
}

/// The same, eight bytes after the other.
fn plain(text: &[[u8; LANES]], kinds: &mut [Kinds]) {
    for (lane, kinds) in text.iter().zip(kinds) {
        *kinds = Kinds::default();
        let (eights, _) = lane.as_chunks();
        for (eight, place) in eights.iter().zip((0..).step_by(8)) {
            let [words, lower, upper] = of_eight(u64::from_le_bytes(*eight));
            kinds.words |= gather(words) << place;
            kinds.lower |= gather(lower) << place;
            kinds.upper |= gather(upper) << place;
        }
    }
}

/// The highest bit of each of eight bytes.
const HIGH: u64 = 0x8080_8080_8080_8080;

/// Bit 5 of each of eight bytes: letters with it are in lower case.
const LOWER: u64 = 0x2020_2020_2020_2020;

/// The highest bit of each of eight bytes below 0x80 that are at least this.
const fn reach(bytes: u64, least: u8) -> u64 {
    bytes + 0x0101_0101_0101_0101 * (0x80 - least as u64)
}

/// Letters and digits, small letters, and capitals among eight bytes, by their highest bits.
const fn of_eight(bytes: u64) -> [u64; 3] {
    let low = bytes & !HIGH;
    let folded = low | LOWER;
    let ascii = !bytes & HIGH;
    let letters = reach(folded, b'a') & !reach(folded, b'z' + 1) & ascii;
    let digits = reach(low, b'0') & !reach(low, b'9' + 1) & ascii;
    // Bit 5 of each byte, in the place of its highest.
    [
        letters | digits,
        letters & (bytes << 2),
        letters & !(bytes << 2),
    ]
}

/// The highest bits of eight bytes, side by side.
const fn gather(high: u64) -> u64 {
    (high >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::numbers;

    #[test]
    fn every_way_tells_the_same() {
        let mut numbers = numbers(11);
        for lanes in 0..=9 {
            let text: Vec<[u8; LANES]> = (0..lanes)
                .map(|_| std::array::from_fn(|_| numbers(256) as u8))
                .collect();
            let (mut fast, mut slow) =
                (vec![Kinds::default(); lanes], vec![Kinds::default(); lanes]);
            kinds(&text, &mut fast);
            plain(&text, &mut slow);
            assert_eq!(fast, slow);
            for (at, byte) in text.as_flattened().iter().enumerate() {
                let is_set = |bits: u64| bits >> (at % LANES) & 1 == 1;
                let told = fast[at / LANES];
                assert_eq!(is_set(told.words), byte.is_ascii_alphanumeric(), "{byte}");
                assert_eq!(is_set(told.lower), byte.is_ascii_lowercase(), "{byte}");
                assert_eq!(is_set(told.upper), byte.is_ascii_uppercase(), "{byte}");
            }
        }
    }
}
