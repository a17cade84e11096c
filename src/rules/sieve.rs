//! The sieve's table: what the pass over a text asks first of every position, made so that it can be asked of 64 positions at
//! once, and says no to almost all of them.
//!
//! Each anchor has a key, up to five of its bytes, and is in one of 48 groups. Every two bytes that stand side by side have a
//! number below 128, their pair; a key of five bytes has four. For each place in a key and each pair, the table says in which
//! groups some key has that pair at that place. A position passes if some group has all four pairs that begin there. So a group
//! of keys that have pairs in common lets little through; a key that is shorter lets any pair pass where it has none, and shares
//! its group with other short ones. Looking a byte up in a table of 128 is one instruction on processors that do it for 64
//! bytes at a time; elsewhere a pair's groups for all four places are 32 bytes side by side.
//! The idea of asking for groups is FDR's (Wang et al., "Hyperscan", NSDI 2019); that of columns of byte look-ups is Harry's
//! (Xu et al., "Harry", INFOCOM 2023).
//!
//! Groups are chosen when the program is built (`settle.rs`), by moving each key to where it adds least to what passes, reckoned from how
//! common pairs are. A user's own anchors are added to those groups at run time. Measured on 70 MB of packages' sources with 3,800
//! anchors: 6 of 100 positions pass, half of them because of the 300 keys of three and four bytes.

use crate::simd::{GROUPS, NUMBERS, PAIRS, Pairs, Table};

use super::rarity::{SYMBOLS, share, share_of_pair, symbol};

/// How many bytes a key has at most.
pub(crate) const KEY: usize = PAIRS + 1;

/// Looked for in an anchor's first bytes only: what is not there is not near.
const FIRST_BYTES: usize = 32;

/// Of all the places in an anchor where its key may be, so many of the rarest are tried.
const TRIED: usize = 6;

/// What a key costs that stands in a text, beside one that only seems to: it is looked up, too.
const KEY_COST: f64 = 3.0;

/// So many of a key's bytes are looked up. What the sieve lets through of places that have these alone, beside those that have
/// all of the key: a group with many keys lets most of them through.
const LOOKED_UP: usize = 4;
const BEGINNING_COST: f64 = 0.5;

/// Where in an anchor its key is, and in which group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// From the anchor's first byte on.
    pub(crate) offset: u8,
    pub(crate) group: u8,
}

/// What each symbol adds to a pair's number where it comes first, and second. What a number is does not matter, but that common
/// pairs do not share theirs with those of keys: found by changing one of these at a time, 4,500 times, and keeping what lets less
/// of 4 MB of packages' sources pass; of 8 MB of others it then let 5.8 of 100 positions pass, where numbers drawn at random let 6.7
/// to 21.
#[rustfmt::skip]
const ADDED: [[u8; SYMBOLS]; 2] = [
    [
        1, 74, 120, 72, 100, 14, 57, 4, 16, 75, 1, 127, 117, 89, 107, 26,
        19, 60, 59, 48, 79, 78, 111, 108, 8, 97, 61, 68, 39, 61, 2, 122,
        8, 26, 31, 57, 41, 98, 72, 117, 10, 102, 20, 15, 127, 63, 15, 123,
        87, 61, 64, 49, 69, 63, 68, 55, 33, 92, 22, 87, 99, 48, 99, 14,
    ],
    [
        96, 39, 112, 58, 9, 15, 27, 111, 7, 14, 115, 72, 120, 5, 18, 49,
        73, 78, 46, 69, 22, 17, 17, 5, 72, 61, 54, 29, 8, 108, 34, 8,
        124, 65, 110, 117, 46, 61, 84, 89, 85, 91, 7, 125, 72, 46, 60, 99,
        73, 38, 55, 112, 28, 14, 55, 94, 12, 111, 101, 2, 83, 84, 54, 35,
    ],
];

/// The one numbering of pairs.
pub(crate) static NUMBERING: Pairs = {
    let mut pairs = Pairs {
        first: [0; NUMBERS],
        second: [0; NUMBERS],
    };
    let mut byte = 0;
    while byte < NUMBERS {
        let symbol = symbol(byte as u8);
        pairs.first[byte] = ADDED[0][symbol];
        pairs.second[byte] = ADDED[1][symbol];
        byte += 1;
    }
    pairs
};

/// Enters a key of three to five bytes.
pub(crate) fn enter(sieve: &mut Table, key: &[u8], group: u8) {
    let bit = 1 << group;
    for place in 0..PAIRS {
        match key.get(place..place + 2) {
            Some(pair) => sieve[usize::from(NUMBERING.number(pair[0], pair[1]))][place] |= bit,
            None => sieve.iter_mut().for_each(|groups| groups[place] |= bit),
        }
    }
}

/// The key of an anchor that begins at `offset`.
pub(crate) fn key(anchor: &[u8], offset: u8) -> &[u8] {
    let offset = usize::from(offset);
    &anchor[offset..anchor.len().min(offset + KEY)]
}

/// Groups as they fill: what each of them lets through.
pub(crate) struct Crowd {
    /// How common each pair is, as a share of all places.
    pub(super) shares: [f64; NUMBERS],
    pub(super) groups: Vec<Group>,
}

/// The pairs of a group's keys.
#[derive(Clone)]
pub(super) struct Group {
    /// How many keys have each pair, by place.
    pub(super) keys: [[u16; NUMBERS]; PAIRS],
    /// How many keys have none.
    pub(super) shorter: [u16; PAIRS],
    /// How common the pairs are together, by place.
    pub(super) shares: [f64; PAIRS],
}

impl Crowd {
    /// Empty groups.
    pub(crate) fn new() -> Crowd {
        let mut shares = [0.0; NUMBERS];
        for first in 0..SYMBOLS {
            for second in 0..SYMBOLS {
                let byte = |symbol: usize| (symbol & 0x1f | (symbol & 0x20) << 1) as u8;
                let number = NUMBERING.number(byte(first), byte(second));
                shares[usize::from(number)] += share_of_pair(first, second);
            }
        }
        let empty = Group {
            keys: [[0; NUMBERS]; PAIRS],
            shorter: [0; PAIRS],
            shares: [0.0; PAIRS],
        };
        Crowd {
            shares,
            groups: vec![empty; GROUPS],
        }
    }

    /// Chooses a place for one more anchor.
    pub(crate) fn place(&mut self, anchor: &[u8]) -> Place {
        let tried = rarest(anchor);
        let start = Place {
            offset: 0,
            group: 0,
        };
        let place = self.best(anchor, &tried, start);
        self.add(key(anchor, place.offset), place.group);
        place
    }

    /// Enters an anchor whose place is known.
    pub(crate) fn enter(&mut self, anchor: &[u8], place: Place) {
        self.add(key(anchor, place.offset), place.group);
    }

    /// Where an anchor adds least; where it is, if nowhere is better.
    pub(super) fn best(&self, anchor: &[u8], tried: &[(u8, f64)], from: Place) -> Place {
        let mut best = from;
        let mut least = f64::MAX;
        for &(offset, share) in tried {
            let key = key(anchor, offset);
            for (index, group) in self.groups.iter().enumerate() {
                let cost = KEY_COST * share + group.growth(key, &self.shares);
                if cost < least {
                    least = cost;
                    best = Place {
                        offset,
                        group: index as u8,
                    };
                }
            }
        }
        best
    }

    pub(super) fn add(&mut self, key: &[u8], group: u8) {
        let group = &mut self.groups[usize::from(group)];
        for place in 0..PAIRS {
            match key.get(place..place + 2) {
                None => group.shorter[place] += 1,
                Some(pair) => {
                    let number = usize::from(NUMBERING.number(pair[0], pair[1]));
                    let keys = &mut group.keys[place][number];
                    *keys += 1;
                    if *keys == 1 {
                        group.shares[place] += self.shares[number];
                    }
                }
            }
        }
    }
}

impl Group {
    /// How much more of a text the group lets through with one key more, as a share of all places.
    fn growth(&self, key: &[u8], shares: &[f64; NUMBERS]) -> f64 {
        let (mut before, mut after) = (1.0, 1.0);
        for place in 0..PAIRS {
            // Where a key is shorter, anything passes.
            let share = if self.shorter[place] > 0 {
                1.0
            } else {
                self.shares[place].max(0.0)
            };
            before *= share;
            after *= match key.get(place..place + 2) {
                None => 1.0,
                Some(_) if self.shorter[place] > 0 => 1.0,
                Some(pair) => {
                    let number = usize::from(NUMBERING.number(pair[0], pair[1]));
                    let is_new = self.keys[place][number] == 0;
                    share + if is_new { shares[number] } else { 0.0 }
                }
            };
        }
        after - before
    }
}

/// Where an anchor's rarest keys begin, with the share of places that have each; the rarest first.
pub(super) fn rarest(anchor: &[u8]) -> Vec<(u8, f64)> {
    let length = anchor.len().min(KEY);
    let last = anchor.len().min(FIRST_BYTES) - length;
    let mut keys: Vec<(u8, f64)> = (0..=last)
        .map(|offset| {
            let key = &anchor[offset..offset + length];
            let beginning = &key[..length.min(LOOKED_UP)];
            (offset as u8, share(key) + BEGINNING_COST * share(beginning))
        })
        .collect();
    keys.sort_by(|left, right| left.1.total_cmp(&right.1));
    keys.truncate(TRIED);
    keys
}
