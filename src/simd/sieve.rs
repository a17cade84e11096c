//! At which positions of a text four pairs of bytes stand in a row, by numbers of pairs below 128, that are in one of 48 groups.

use super::LANES;
#[cfg(target_arch = "x86_64")]
use super::avx512::Columns;

/// How many pairs are asked for.
pub(crate) const PAIRS: usize = 4;

/// How many groups there are: eight to each byte of a word, the last bytes of which are not used. Fewer take less time to ask, and
/// let more pass, which is then looked up.
pub(crate) const GROUPS: usize = 48;

/// How many different numbers pairs have.
pub(crate) const NUMBERS: usize = 128;

/// How many bytes an answer needs behind the positions that it is about.
pub(crate) const LOOK_AHEAD: usize = PAIRS;

/// What each byte adds to the number of a pair in which it comes first or second: the two are combined by exclusive or. A byte's
/// highest bit does not count.
#[derive(Debug)]
pub(crate) struct Pairs {
    pub(crate) first: [u8; NUMBERS],
    pub(crate) second: [u8; NUMBERS],
}

impl Pairs {
    /// The number of two bytes side by side, below [`NUMBERS`].
    #[inline(always)]
    pub(crate) const fn number(&self, first: u8, second: u8) -> u8 {
        (self.first[first as usize & 127] ^ self.second[second as usize & 127]) & 127
    }
}

/// By the number of a pair and its place in a row of four: its groups, as bits.
pub(crate) type Table = [[u64; PAIRS]; NUMBERS];

/// A table, in the shape in which it is asked.
#[derive(Debug)]
pub(crate) struct Sieve {
    pairs: &'static Pairs,
    columns: Columns,
}

impl Sieve {
    /// For a numbering of pairs and their groups; none where the processor cannot ask it of many positions at once.
    pub(crate) fn new(pairs: &'static Pairs, table: &Table) -> Option<Sieve> {
        Columns::new(table).map(|columns| Sieve { pairs, columns })
    }
}

/// No other processor has a way of its own.
#[cfg(not(target_arch = "x86_64"))]
#[derive(Debug)]
enum Columns {}

#[cfg(not(target_arch = "x86_64"))]
impl Columns {
    const fn new(_: &Table) -> Option<Columns> {
        None
    }

    const fn sieve(&self, _: &Pairs, _: &[u8], _: usize, _: &mut Notes) -> usize {
        match *self {}
    }
}

/// For how many lanes of positions an answer is asked for at most.
pub(crate) const MOST_LANES: usize = 32;

/// Positions, with room for what is written and not counted.
pub(crate) type Notes = [u16; (MOST_LANES + 1) * LANES];

/// Notes which of the positions from the text's beginning on pass, of so many times [`LANES`], at most [`MOST_LANES`] times;
/// returns how many do.
///
/// # Panics
/// The text does not have [`LOOK_AHEAD`] bytes more than there are positions.
pub(crate) fn sieve(sieve: &Sieve, text: &[u8], lanes: usize, notes: &mut Notes) -> usize {
    assert!(lanes <= MOST_LANES && text.len() >= lanes * LANES + LOOK_AHEAD);
    sieve.columns.sieve(sieve.pairs, text, lanes, notes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::numbers;

    /// What the answers mean, as simply as can be said.
    fn passes(pairs: &Pairs, table: &Table, text: &[u8], at: usize) -> bool {
        let groups = (0..PAIRS).map(|place| {
            let number = pairs.number(text[at + place], text[at + place + 1]);
            table[usize::from(number)][place]
        });
        groups.fold(u64::MAX, |left, groups| left & groups) != 0
    }

    #[test]
    fn the_answers_are_what_they_mean() {
        let mut next = numbers(11);
        for round in 0..40 {
            let mut table: Box<Table> = Box::new([[0; PAIRS]; NUMBERS]);
            for _ in 0..200 * (round + 1) {
                table[next(NUMBERS)][next(PAIRS)] |= 1 << next(GROUPS);
            }
            let mut pairs = Pairs {
                first: [0; NUMBERS],
                second: [0; NUMBERS],
            };
            for byte in 0..NUMBERS {
                pairs.first[byte] = next(NUMBERS) as u8;
                pairs.second[byte] = next(NUMBERS) as u8;
            }
            let pairs: &'static Pairs = Box::leak(Box::new(pairs));
            let Some(mine) = Sieve::new(pairs, &table) else {
                return;
            };
            let lanes = 1 + round % MOST_LANES;
            let text: Vec<u8> = (0..lanes * LANES + LOOK_AHEAD + round % 3)
                .map(|_| next(256) as u8)
                .collect();
            let positions = (0..lanes * LANES).filter(|&at| passes(pairs, &table, &text, at));
            let expected: Vec<u16> = positions.map(|at| at as u16).collect();
            let mut notes = [0; (MOST_LANES + 1) * LANES];
            let noted = sieve(&mine, &text, lanes, &mut notes);
            assert_eq!(notes[..noted], expected);
        }
    }
}
