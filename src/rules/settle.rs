//! Chooses the groups of all builtin anchors together. Part of the build script alone: it takes longer than most scans.

use super::sieve::{Crowd, NUMBERING, Place, key, rarest};
use crate::simd::{GROUPS, PAIRS};

/// How often all keys are moved to better groups; later rounds move few.
const ROUNDS: usize = 4;

impl Crowd {
    /// Chooses a place for each of these anchors, of at least three bytes each.
    pub(crate) fn settle(&mut self, anchors: &[&[u8]]) -> Vec<Place> {
        let tried: Vec<Vec<(u8, f64)>> = anchors.iter().map(|anchor| rarest(anchor)).collect();
        let mut places = Vec::with_capacity(anchors.len());
        // To begin with, keys of one length and with the same first pair are together.
        for (anchor, tried) in anchors.iter().zip(&tried) {
            let offset = tried.first().map_or(0, |(offset, _)| *offset);
            let key = key(anchor, offset);
            let (from, groups) = match key.len() {
                3 => (0, GROUPS / 8),
                4 => (GROUPS / 8, GROUPS / 8),
                _ => (GROUPS / 4, GROUPS - GROUPS / 4),
            };
            let first = usize::from(NUMBERING.number(key[0], key[1]));
            let group = (from + first % groups) as u8;
            self.add(key, group);
            places.push(Place { offset, group });
        }
        for _ in 0..ROUNDS {
            for ((anchor, tried), place) in anchors.iter().zip(&tried).zip(&mut places) {
                self.remove(key(anchor, place.offset), place.group);
                *place = self.best(anchor, tried, *place);
                self.add(key(anchor, place.offset), place.group);
            }
        }
        places
    }

    fn remove(&mut self, key: &[u8], group: u8) {
        let group = &mut self.groups[usize::from(group)];
        for place in 0..PAIRS {
            match key.get(place..place + 2) {
                None => group.shorter[place] -= 1,
                Some(pair) => {
                    let number = usize::from(NUMBERING.number(pair[0], pair[1]));
                    let keys = &mut group.keys[place][number];
                    *keys -= 1;
                    if *keys == 0 {
                        group.shares[place] -= self.shares[number];
                    }
                }
            }
        }
    }
}
