//! A compiled pattern that is tried at one place after the other, and never searched for: an automaton that is made as far as
//! texts call for it, so that a text that does not match costs no more than the bytes up to where that shows. Knows no rule.

use regex_automata::hybrid::dfa::{self, DFA};
use regex_automata::meta;
use regex_automata::nfa::thompson;
use regex_automata::nfa::thompson::backtrack::{self, BoundedBacktracker};
use regex_automata::nfa::thompson::pikevm::{self, PikeVM};
use regex_automata::util::primitives::NonMaxUsize;
use regex_automata::{Anchored, Input};

use super::compile::{SIZE_LIMIT, parse};
use super::shape::first_bytes;
use crate::model::ViewRange;

/// How much a thread keeps of automata that it has made, in bytes; beyond that it begins anew. What keeps longer is the same
/// with and without.
const MOST_KEPT: usize = 3 << 20;

/// What it costs to begin, in bytes.
const START: usize = 4;

/// How many bytes are looked at, at most, before it is asked again how much is kept.
const UNASKED: usize = 64;

/// How much slower than the automaton the others are.
const SLOW: usize = 16;

/// A compiled pattern.
#[derive(Debug)]
pub(crate) struct Program {
    /// None where the pattern asks for what automata cannot tell, as Unicode's words.
    dfa: Option<DFA>,
    /// For the group `secret`, once it is known that and where the pattern matches.
    backtrack: BoundedBacktracker,
    pikevm: PikeVM,
    /// What the first byte of a match may be.
    first: Box<[bool; 256]>,
    /// Where the group `secret` is among all places that a match has.
    secret: Option<usize>,
}

/// What one thread keeps for one set's patterns between searches, each under a number of its own.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    automata: Vec<Option<Kept<dfa::Cache>>>,
    searches: Vec<Option<Kept<meta::Cache>>>,
    bytes: usize,
    backtrack: Option<backtrack::Cache>,
    pikevm: Option<pikevm::Cache>,
    places: Vec<Option<NonMaxUsize>>,
}

#[derive(Debug)]
struct Kept<A> {
    automaton: Box<A>,
    bytes: usize,
    /// How many bytes it has looked at since that was asked.
    since: usize,
}

impl Program {
    /// Compiles a pattern that is known to compile.
    pub(super) fn new(pattern: &str) -> Program {
        const VALID: &str = "patterns are compiled once when they are validated";
        let hir = parse(pattern).expect(VALID);
        let settings = thompson::Config::new()
            .utf8(false)
            .nfa_size_limit(Some(SIZE_LIMIT));
        let nfa = thompson::Compiler::new()
            .configure(settings)
            .build_from_hir(&hir)
            .expect(VALID);
        // A thread has a limit for all of them.
        let settings = DFA::config().skip_cache_capacity_check(true);
        let groups = nfa.group_info();
        let secret = groups.to_index(regex_automata::PatternID::ZERO, "secret");
        Program {
            first: first_bytes(&hir),
            secret: secret.map(|group| group * 2),
            dfa: DFA::builder()
                .configure(settings)
                .build_from_nfa(nfa.clone())
                .ok(),
            backtrack: BoundedBacktracker::new_from_nfa(nfa.clone()).expect(VALID),
            pikevm: PikeVM::new_from_nfa(nfa).expect(VALID),
        }
    }

    /// Whether a match may begin with a byte.
    pub(crate) fn may_begin_with(&self, byte: u8) -> bool {
        self.first[usize::from(byte)]
    }

    /// Where the match ends that begins at `at`. How many bytes were looked at is added to `walked`: the same for every call
    /// with one text, whatever is kept.
    pub(crate) fn end_of_match(
        &self,
        number: usize,
        memory: &mut Memory,
        text: &[u8],
        at: usize,
        walked: &mut usize,
    ) -> Option<usize> {
        let automaton = self.dfa.as_ref();
        let walk = automaton.and_then(|dfa| memory.walk(dfa, number, text, at));
        match walk {
            Some(walk) => {
                *walked += START + walk.bytes;
                walk.end
            }
            None => {
                *walked += SLOW * (text.len() - at);
                let input = Input::new(text).range(at..).anchored(Anchored::Yes);
                memory.search(self, &input, 2)?;
                memory.place(1)
            }
        }
    }

    /// The group `secret` of a match.
    pub(crate) fn secret(
        &self,
        memory: &mut Memory,
        text: &[u8],
        whole: ViewRange,
    ) -> Option<ViewRange> {
        let group = self.secret?;
        let input = Input::new(text)
            .range(whole.start..whole.end)
            .anchored(Anchored::Yes);
        let places = self.pikevm.get_nfa().group_info().slot_len();
        memory.search(self, &input, places)?;
        let (start, end) = (memory.place(group)?, memory.place(group + 1)?);
        Some(ViewRange::new(start, end))
    }
}

/// What trying a pattern at a place came to.
struct Walk {
    end: Option<usize>,
    bytes: usize,
}

impl Memory {
    /// Tries an automaton at a place, if it can tell.
    fn walk(&mut self, dfa: &DFA, number: usize, text: &[u8], at: usize) -> Option<Walk> {
        if self.automata.len() <= number {
            self.automata.resize_with(number + 1, || None);
        }
        let kept = self.automata[number].get_or_insert_with(|| Kept {
            automaton: Box::new(dfa.create_cache()),
            bytes: 0,
            since: UNASKED,
        });
        let walk = walk(dfa, &mut kept.automaton, text, at);
        kept.since += walk.as_ref().map_or(UNASKED, |walk| walk.bytes);
        if kept.since < UNASKED {
            return walk;
        }
        kept.since = 0;
        let bytes = kept.automaton.memory_usage();
        let grown = (self.bytes + bytes).saturating_sub(kept.bytes);
        kept.bytes = bytes;
        self.keep(grown);
        walk
    }

    /// Does what needs the automata of a pattern that is searched for.
    pub(super) fn with_search<T>(
        &mut self,
        number: usize,
        regex: &meta::Regex,
        search: impl FnOnce(&mut meta::Cache) -> T,
    ) -> T {
        if self.searches.len() <= number {
            self.searches.resize_with(number + 1, || None);
        }
        let kept = self.searches[number].get_or_insert_with(|| Kept {
            automaton: Box::new(regex.create_cache()),
            bytes: 0,
            since: 0,
        });
        let found = search(&mut kept.automaton);
        let bytes = kept.automaton.memory_usage();
        let grown = (self.bytes + bytes).saturating_sub(kept.bytes);
        kept.bytes = bytes;
        self.keep(grown);
        found
    }

    /// Notes that so many bytes are kept now, and keeps nothing if that is too much.
    fn keep(&mut self, bytes: usize) {
        self.bytes = bytes;
        if bytes > MOST_KEPT {
            *self = Memory::default();
        }
    }

    /// Finds so many places of a pattern's match, the slow way.
    fn search(&mut self, program: &Program, input: &Input<'_>, places: usize) -> Option<()> {
        self.places.clear();
        self.places.resize(places, None);
        let found = if input.get_span().len() < program.backtrack.max_haystack_len() {
            let cache = self
                .backtrack
                .get_or_insert_with(|| program.backtrack.create_cache());
            cache.reset(&program.backtrack);
            let places = &mut self.places;
            program.backtrack.try_search_slots(cache, input, places)
        } else {
            let cache = self
                .pikevm
                .get_or_insert_with(|| program.pikevm.create_cache());
            cache.reset(&program.pikevm);
            Ok(program.pikevm.search_slots(cache, input, &mut self.places))
        };
        found.ok().flatten().map(|_| ())
    }

    fn place(&self, at: usize) -> Option<usize> {
        Some(self.places.get(at)?.as_ref()?.get())
    }
}

/// Goes through a text from `at` on as far as a match may go on.
fn walk(dfa: &DFA, cache: &mut dfa::Cache, text: &[u8], at: usize) -> Option<Walk> {
    let input = Input::new(text).range(at..).anchored(Anchored::Yes);
    let mut state = dfa.start_state_forward(cache, &input).ok()?;
    let mut end = None;
    for (bytes, &byte) in text[at..].iter().enumerate() {
        state = dfa.next_state(cache, state, byte).ok()?;
        if state.is_tagged() {
            // That a match has ended shows in the byte behind it.
            if state.is_match() {
                end = Some(at + bytes);
            } else if state.is_dead() {
                return Some(Walk {
                    end,
                    bytes: bytes + 1,
                });
            } else if state.is_quit() {
                return None;
            }
        }
    }
    if dfa.next_eoi_state(cache, state).ok()?.is_match() {
        end = Some(text.len());
    }
    Some(Walk {
        end,
        bytes: text.len() - at,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where a match of a pattern ends that begins at a place, its group, and how many bytes were looked at.
    fn tried(
        memory: &mut Memory,
        pattern: &str,
        text: &str,
        at: usize,
    ) -> (Option<usize>, Option<ViewRange>, usize) {
        let program = Program::new(pattern);
        let mut walked = 0;
        let text = text.as_bytes();
        let end = program.end_of_match(0, memory, text, at, &mut walked);
        let whole = end.map(|end| ViewRange::new(at, end));
        let secret = whole.and_then(|whole| program.secret(memory, text, whole));
        (end, secret, walked)
    }

    #[test]
    fn a_pattern_is_tried_at_one_place_only() {
        let fresh = |pattern, text, at| tried(&mut Memory::default(), pattern, text, at);
        let pattern = r"\b(?:ab)?(?<secret>[0-9]{2,4})(?:[^0-9]|$)";
        let secret = |start, end| Some(ViewRange::new(start, end));
        assert_eq!(
            fresh(pattern, "ab123 x", 0),
            (Some(6), secret(2, 5), START + 7)
        );
        assert_eq!(fresh(pattern, "ab123 x", 1), (None, None, START + 1));
        assert_eq!(
            fresh(pattern, "ab123", 0),
            (Some(5), secret(2, 5), START + 5)
        );
        assert_eq!(fresh(pattern, "ab12345", 0), (None, None, START + 7));
        assert_eq!(
            fresh(pattern, "xx 12", 3),
            (Some(5), secret(3, 5), START + 2)
        );
        // Of two that begin at one place, the one that the pattern names first.
        assert_eq!(fresh("(?<secret>a|ab)c?", "abc", 0).0, Some(1));
        assert_eq!(fresh("(?<secret>a{2,}?)", "aaaa", 0).0, Some(2));
    }

    #[test]
    fn what_no_automaton_can_tell_is_found_all_the_same() {
        let pattern = r"(?u:\b)(?<secret>k[0-9]+)";
        let (end, secret, walked) = tried(&mut Memory::default(), pattern, "é k12", 3);
        assert_eq!((end, secret), (Some(6), Some(ViewRange::new(3, 6))));
        assert!(walked >= SLOW);
    }

    #[test]
    fn what_is_kept_is_bounded_and_changes_nothing() {
        let pattern = "(?<secret>[a-z]{4000})[a-z]{1,4000}[0-9]";
        let text = "x".repeat(8000);
        let (program, mut memory) = (Program::new(pattern), Memory::default());
        let mut most = 0;
        for number in 0..40 {
            let mut walked = 0;
            assert_eq!(
                program.end_of_match(number, &mut memory, text.as_bytes(), 0, &mut walked),
                None
            );
            assert_eq!(walked, START + text.len());
            most = most.max(memory.bytes);
        }
        assert!((MOST_KEPT / 2..=MOST_KEPT).contains(&most), "{most}");
    }
}
