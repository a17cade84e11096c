//! The one pass over a view that finds every anchor. What is read and why is told in `rules/anchors.rs`.

use crate::rules::{AnchorHit, Anchors, fold};

/// How many bytes are taken at once: three overlapping groups of four, two bytes apart.
const STEP: usize = 6;

/// How many steps make a block. What may hold a key is noted for a block before any of it is looked up: a branch on each
/// position would be guessed wrong too often.
const STEPS: usize = 64;

/// How many positions a block has.
const POSITIONS: usize = 3 * STEPS;

/// What was noted of a block. Every note is written, and counted if it is worth it; hence one place more than there are notes.
struct Notes {
    /// Positions from the block's beginning on, times eight, and the bits of [`Anchors::maybe`].
    maybe: [u32; POSITIONS + 1],
    /// Where long keys may be.
    long: [u32; POSITIONS + 1],
    /// Where short keys may be.
    short: [u32; 2 * POSITIONS + 1],
}

/// Finds every anchor in `text`; they are left in `hits`, sorted by where they start.
pub(super) fn find(anchors: &Anchors, text: &[u8], hits: &mut Vec<AnchorHit>) {
    hits.clear();
    let mut notes = Notes {
        maybe: [0; POSITIONS + 1],
        long: [0; POSITIONS + 1],
        short: [0; 2 * POSITIONS + 1],
    };
    let mut at = 0;
    while let Some(block) = text.get(at..).filter(|rest| rest.len() >= 8) {
        let mut noted = 0;
        let mut read = 0;
        while read < STEP * STEPS
            && let Some(eight) = block.get(read..).and_then(<[u8]>::first_chunk::<8>)
        {
            let eight = u64::from_le_bytes(*eight);
            for index in 0..3 {
                // The cast takes the four bytes in question.
                let bits = anchors.maybe(fold((eight >> (16 * index)) as u32));
                notes.maybe[noted] = (read as u32 + 2 * index) << 3 | bits;
                noted += usize::from(bits != 0);
            }
            read += STEP;
        }
        look_up(anchors, text, at, noted, &mut notes, hits);
        at += read;
    }
    while at < text.len() {
        notes.maybe[0] = anchors.maybe(four_at(text, at));
        look_up(anchors, text, at, 1, &mut notes, hits);
        at += 2;
    }
    // A key lies somewhere within its anchor; rules are tried in the order in which anchors start.
    hits.sort_unstable();
}

/// Looks up so many noted positions of a block that begins at `base`.
fn look_up(
    anchors: &Anchors,
    text: &[u8],
    base: usize,
    noted: usize,
    notes: &mut Notes,
    hits: &mut Vec<AnchorHit>,
) {
    let (mut long, mut short) = (0, 0);
    for &note in &notes.maybe[..noted] {
        let offset = note >> 3;
        let at = base + offset as usize;
        let four = four_at(text, at);
        let near = match (text.get(at.wrapping_sub(1)), text.get(at + 4)) {
            (Some(&before), Some(&after)) => anchors.has_neighbour(before, four, after),
            _ => 1,
        };
        notes.long[long] = offset;
        long += (note & near) as usize;
        for (second, bit) in [(0, 1), (1, 2)] {
            notes.short[short] = offset + second;
            short += (note >> bit & anchors.has_short(three(four, second))) as usize;
        }
    }
    for &offset in &notes.long[..long] {
        let at = base + offset as usize;
        anchors.long_hits(text, at, four_at(text, at), hits);
    }
    for &offset in &notes.short[..short] {
        let at = base + offset as usize;
        anchors.short_hits(text, at, three(four_at(text, at), 0), hits);
    }
}

/// The first or last three of four bytes.
const fn three(four: u32, second: u32) -> u32 {
    four >> (8 * second) & 0x00ff_ffff
}

/// The four bytes at a place, folded; zeros stand behind the text's end.
#[inline(always)]
fn four_at(text: &[u8], at: usize) -> u32 {
    let rest = &text[at..];
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
            find(&self.rules.anchors, text, &mut hits);
            let text_for_people = String::from_utf8_lossy(text);
            assert!(
                hits == reference(&self.automaton, text),
                "{text_for_people:?}"
            );
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
        // A linear congruential generator: the same texts in every run.
        let mut state = 7_u64;
        let mut next = |below: usize| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % below
        };
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
