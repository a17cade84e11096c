//! The one pass over a view that finds every anchor. What is read and why is told in `rules/anchors.rs`.

use crate::rules::{AnchorHit, Anchors, fold};

/// How many bytes are taken at once: three overlapping groups of four, two bytes apart.
const STEP: usize = 6;

/// Finds every anchor in `text`; they are left in `hits`, sorted by where they start.
pub(super) fn find(anchors: &Anchors, text: &[u8], hits: &mut Vec<AnchorHit>) {
    hits.clear();
    let mut at = 0;
    while let Some(eight) = text.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let eight = u64::from_le_bytes(*eight);
        // The casts take the four bytes in question.
        let fours = [
            fold(eight as u32),
            fold((eight >> 16) as u32),
            fold((eight >> 32) as u32),
        ];
        if fours.iter().any(|&four| anchors.may_hold(four)) {
            for (index, four) in fours.into_iter().enumerate() {
                if anchors.may_hold(four) {
                    anchors.hits_at(text, at + 2 * index, four, hits);
                }
            }
        }
        at += STEP;
    }
    while at < text.len() {
        let mut four = [0; 4];
        let rest = &text[at..text.len().min(at + 4)];
        four[..rest.len()].copy_from_slice(rest);
        anchors.hits_at(text, at, fold(u32::from_le_bytes(four)), hits);
        at += 2;
    }
    // A key lies somewhere within its anchor; rules are tried in the order in which anchors start.
    hits.sort_unstable();
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
