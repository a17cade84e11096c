//! The one pass over a view that finds every anchor, block by block: the sieve says for 64 positions at once where a key may
//! begin, what it lets through is looked up, and what is found is compared.
//!
//! A branch on each position would be guessed wrong too often, so each step but the last writes down every position and counts
//! it if it is worth it. Measured on one core, with the share of a profile or in memory, over 70 to 105 MB of source, exact
//! comparison included:
//! * `aho-corasick`'s automaton (a DFA, overlapping, 330 anchors): about 0.35 GB/s;
//! * hashes of four bytes at every second position in a table of bits, with a branch on each (540 anchors): 0.75 to 0.8, and with
//!   3,800 anchors 0.45; without branches, 0.55; with the three pairs of bytes told from two tables instead of hashes, 0.65;
//! * hashes of four bytes at every position: 1.05 before anything was looked up; with gather instructions, 1.25;
//! * this sieve, and what follows on it: 1.4 GB/s on the whole corpus, of which the sieve takes half. Where the processor has no
//!   AVX-512 every position is hashed instead: 0.56; a sieve that is asked position by position took 0.44.

use crate::rules::{AnchorHit, Anchors};
use crate::simd::{LANES, LOOK_AHEAD, MOST_LANES, Notes, Passed, fold, sieve, sift, sift_all};

/// What was written down of a block: positions, from its beginning on.
#[derive(Debug)]
pub(super) struct Lists {
    /// Where a key may be.
    maybe: Notes,
    /// Where one of four bytes may be.
    long: Passed,
    /// Where one of three may be.
    short: Passed,
}

/// A key begins at most so far behind its anchor's first byte.
const MOST_BEFORE: usize = u8::MAX as usize;

impl Default for Lists {
    fn default() -> Lists {
        let none = [0; (MOST_LANES + 1) * LANES];
        let passed = || Passed {
            positions: none,
            count: 0,
        };
        Lists {
            maybe: none,
            long: passed(),
            short: passed(),
        }
    }
}

/// Finds every anchor in `text`; they are left in `hits`, sorted by where they start.
pub(super) fn find(anchors: &Anchors, text: &[u8], lists: &mut Lists, hits: &mut Vec<AnchorHit>) {
    hits.clear();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let lanes = rest.len().saturating_sub(LOOK_AHEAD) / LANES;
        if lanes > 0 {
            let lanes = lanes.min(MOST_LANES);
            look_at(anchors, rest, lanes, lists);
            look_up(anchors, text, at, lists, hits);
            at += lanes * LANES;
        } else {
            // The text's end: zeros stand behind it.
            let mut padded = [0; 2 * LANES + LOOK_AHEAD];
            padded[..rest.len()].copy_from_slice(rest);
            look_at(anchors, &padded, 2, lists);
            look_up(anchors, text, at, lists, hits);
            break;
        }
    }
}

/// Writes down where in so many lanes of a block a key may be.
fn look_at(anchors: &Anchors, block: &[u8], lanes: usize, lists: &mut Lists) {
    let Lists { maybe, long, short } = lists;
    let filter = anchors.filter();
    match &anchors.sieve {
        Some(anchors) => {
            let count = sieve(anchors, block, lanes, maybe);
            sift(filter, block, maybe, count, [long, short]);
        }
        None => sift_all(filter, block, lanes, [long, short]),
    }
}

/// Looks up the positions written down of a block that begins at `base`.
fn look_up(
    anchors: &Anchors,
    text: &[u8],
    base: usize,
    lists: &mut Lists,
    hits: &mut Vec<AnchorHit>,
) {
    let Lists { long, short, .. } = lists;
    let mut near = 0;
    for index in 0..long.count {
        let offset = long.positions[index];
        let at = base + usize::from(offset);
        long.positions[near] = offset;
        near += anchors.is_near(text, at, four_at(text, at)) as usize;
    }
    for &offset in &long.positions[..near] {
        let at = base + usize::from(offset);
        anchors.long_hits(text, at, four_at(text, at), hits);
    }
    for &offset in &short.positions[..short.count] {
        let at = base + usize::from(offset);
        let four = four_at(text, at);
        anchors.short_hits(text, at, four, hits);
        if anchors.is_near(text, at, four) == 1 {
            anchors.long_hits(text, at, four, hits);
        }
    }
    // A key lies somewhere within its anchor, so that one of the block before may start behind one of this block; rules are tried
    // in the order in which anchors start.
    let before = base.saturating_sub(MOST_BEFORE);
    let known = hits.iter().rposition(|hit| hit.start() < before);
    hits[known.map_or(0, |known| known + 1)..].sort_unstable();
}

/// The four bytes at a place, folded; zeros stand behind the text's end.
#[inline(always)]
fn four_at(text: &[u8], at: usize) -> u32 {
    let rest = text.get(at..).unwrap_or_default();
    fold(match rest.first_chunk::<4>() {
        Some(four) => u32::from_le_bytes(*four),
        None => {
            let mut four = [0; 4];
            four[..rest.len()].copy_from_slice(rest);
            u32::from_le_bytes(four)
        }
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use aho_corasick::AhoCorasick;

    use super::*;
    use crate::rules::RuleSet;
    use crate::simd::numbers;

    /// What the pass must find, by an automaton that takes no short cuts.
    fn reference(automaton: &AhoCorasick, text: &[u8]) -> Vec<AnchorHit> {
        let hits = automaton.find_overlapping_iter(text);
        let mut hits: Vec<AnchorHit> = hits
            .map(|hit| AnchorHit::new(hit.start(), hit.pattern().as_usize()))
            .collect();
        hits.sort_unstable();
        hits
    }

    /// Compares the pass with the reference on one text.
    struct Checker {
        rules: RuleSet,
        automaton: AhoCorasick,
    }

    impl Checker {
        fn new() -> Checker {
            let rules = RuleSet::new(&[], &BTreeMap::new()).unwrap();
            let mut builder = AhoCorasick::builder();
            let automaton = builder
                .ascii_case_insensitive(true)
                .build(rules.anchors.literals());
            Checker {
                automaton: automaton.unwrap(),
                rules,
            }
        }

        fn check(&self, text: &[u8]) {
            let mut hits = Vec::new();
            let anchors = &self.rules.anchors;
            find(anchors, text, &mut Lists::default(), &mut hits);
            let mut expected = reference(&self.automaton, text);
            for hits in [&mut hits, &mut expected] {
                hits.retain(|hit| anchors.counts(*hit, text));
            }
            let text_for_people = String::from_utf8_lossy(text);
            assert!(hits == expected, "{text_for_people:?}");
        }
    }

    #[test]
    fn every_anchor_is_found_wherever_it_starts_and_however_it_is_written() {
        let checker = Checker::new();
        for literal in checker.rules.anchors.literals() {
            for before in 0..14 {
                for after in [0, 1, 5] {
                    let mut text = vec![b'~'; before];
                    text.extend_from_slice(literal);
                    text.extend(vec![b'~'; after]);
                    checker.check(&text);
                    checker.check(&text.to_ascii_uppercase());
                }
            }
        }
    }

    #[test]
    fn the_pass_finds_what_the_automaton_finds_in_mixed_text() {
        let checker = Checker::new();
        let literals = checker.rules.anchors.literals();
        let mut next = numbers(7);
        for _ in 0..500 {
            let mut text = Vec::new();
            while text.len() < 200 {
                let literal = &literals[next(literals.len())];
                match next(4) {
                    0 => text.extend_from_slice(literal),
                    1 => text.extend_from_slice(&literal[..next(literal.len() + 1)]),
                    2 => text.extend(literal.iter().map(u8::to_ascii_uppercase)),
                    _ => text.push(u8::try_from(next(256)).unwrap()),
                }
            }
            checker.check(&text);
        }
    }

    #[test]
    fn short_texts_are_read_to_their_end() {
        let checker = Checker::new();
        for length in 0..20 {
            checker.check(&b"ghp_token password"[..length.min(18)]);
        }
    }
}
