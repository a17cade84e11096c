//! The table of all anchors in the shape in which the matcher's one pass reads it. Scans nothing itself.
//!
//! Every anchor is entered by a few of its bytes, its key, chosen to be rare. The pass asks the sieve (`rules/sieve.rs`) of every
//! position of a text whether a key may begin there. What passes is looked up here: by the hash of a key's first four bytes, or of
//! all three for the shortest anchors. What is left is compared. The default set's table is made by
//! `build.rs`, with which this file is shared.

use super::bounds::Bounds;
use super::data::{Literal, RuleData, UNPLACED};
use super::ready::Ready;
use super::sieve::{self, Crowd, Place};
use crate::simd::{
    Filter, GOLDEN, NO_KEYS, NUMBERS, PAIRS, THREE, Table, enter_four, enter_three, fold,
};

/// A rule that uses an anchor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct AnchorUser {
    /// The rule's index in its set.
    pub(super) rule: u16,
    /// Where case counts: where the anchor is in [`AnchorTable::texts`] as a text must have it.
    pub(super) exact: Option<u32>,
}

impl AnchorUser {
    /// The rule's index in its set.
    pub(crate) const fn rule(self) -> usize {
        self.rule as usize
    }
}

/// An anchor of a rule.
#[derive(Debug)]
pub(crate) struct Anchor<'r> {
    /// The rule's index in its set.
    pub(crate) rule: usize,
    /// As its file writes it.
    pub(crate) literal: &'r Literal,
    /// Whether case counts.
    pub(crate) exact: bool,
    /// What must be beside it.
    pub(crate) bounds: Bounds,
}

/// Every anchor of every rule that is on, without a pointer to any.
#[derive(Debug, PartialEq)]
pub(crate) struct AnchorTable {
    /// The anchors in lower case, one behind the other, and then those where case counts as they must be.
    pub(super) texts: Ready<[u8]>,
    /// Where each anchor begins in `texts`, and where the last one ends.
    pub(super) starts: Ready<[u32]>,
    /// Who uses the anchors, those of one side by side.
    pub(super) users: Ready<[AnchorUser]>,
    /// Where each anchor's users begin, and where those of the last one end.
    pub(super) first_users: Ready<[u16]>,
    /// What must be beside each anchor.
    pub(super) bounds: Ready<[Bounds]>,
    /// What the sieve is made of.
    pub(super) groups: Table,
    /// Where keys may be, by their hash. Small, because it is asked often.
    pub(super) filter: Filter,
    pub(super) long: KeyTable<{ 1 << 13 }>,
    pub(super) short: KeyTable<{ 1 << 8 }>,
}

/// A key of some anchor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Entry {
    /// Up to eight bytes of the anchor, the key and some beside it: most keys stand in other words, and this tells sooner than
    /// the whole anchor does.
    pub(super) bytes: u64,
    /// Which of their bits count: not those that tell cases apart, unless every rule that uses the anchor asks for its case.
    pub(super) care: u64,
    /// By their lowest five bits: the bytes that may be before the key, and those that may follow it, of this entry and all that
    /// are in its slot behind it. Where a slot has many, most of the text's keys are told from all of them by these.
    pub(super) beside: [u32; 2],
    /// How many of them are before the key.
    pub(super) before: u8,
    /// How far from the anchor's first byte the key begins.
    pub(super) offset: u8,
    /// How many entries behind it are in the same slot.
    pub(super) more: u16,
    /// Which anchor.
    pub(super) anchor: u16,
}

/// Keys of one length in so many slots, a power of two; a constant so that no look-up needs a bounds check.
#[derive(Debug, PartialEq)]
pub(crate) struct KeyTable<const SLOTS: usize> {
    /// By hash: where its entries begin, or 0 for none.
    pub(super) slots: [u16; SLOTS],
    pub(super) entries: Ready<[Entry]>,
}

/// An anchor at a place in a text. Small, because there are many: a view is shorter than 4 GiB by far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct AnchorHit {
    start: u32,
    anchor: u16,
}

impl AnchorHit {
    /// The anchor of this index at this place.
    pub(crate) fn new(start: usize, anchor: usize) -> AnchorHit {
        let start = u32::try_from(start).expect("a view is shorter than 4 GiB");
        AnchorHit {
            start,
            anchor: u16::try_from(anchor).expect("there are fewer than 65,536 anchors"),
        }
    }

    /// Where its first byte is.
    pub(crate) const fn start(self) -> usize {
        self.start as usize
    }

    /// Its index in [`AnchorTable::users`].
    pub(crate) const fn anchor(self) -> usize {
        self.anchor as usize
    }
}

/// How many bytes of a key are looked up, and of one of an anchor of three bytes.
const LONG: usize = 4;
const SHORT: usize = 3;

impl AnchorTable {
    /// The rules that use an anchor, in order.
    pub(crate) fn users(&self, anchor: usize) -> &[AnchorUser] {
        let first = &self.first_users;
        &self.users[usize::from(first[anchor])..usize::from(first[anchor + 1])]
    }

    /// Whether `found`, which is an anchor in any case, is as a rule that uses it must have it.
    #[inline]
    pub(crate) fn suits(&self, user: AnchorUser, found: &[u8]) -> bool {
        user.exact.is_none_or(|start| {
            let start = start as usize;
            self.texts.get(start..start + found.len()) == Some(found)
        })
    }

    /// Where keys may be, by their hash.
    pub(crate) const fn filter(&self) -> &Filter {
        &self.filter
    }

    /// Whether an anchor may be where the four folded bytes at `at` are those of a long key: in the lowest bit. Wrong only by
    /// saying yes.
    #[inline(always)]
    pub(crate) fn is_near(&self, text: &[u8], at: usize, four: u32) -> u32 {
        let [first, second] = self.long.first_two(four);
        let others = (first.more > 0) & (second.is_at(text, at) | (second.more > 0));
        u32::from(first.is_beside(text, at) & (first.is_at(text, at) | others))
    }

    /// Adds every anchor, a long key of which is in the four folded bytes at `at`.
    #[inline(always)]
    pub(crate) fn long_hits(&self, text: &[u8], at: usize, four: u32, hits: &mut Vec<AnchorHit>) {
        let entries = self.long.entries(four).iter();
        entries.for_each(|entry| self.hit(text, at, entry, hits));
    }

    /// Adds every anchor of three bytes, which are the first of the four folded bytes at `at`.
    #[inline(always)]
    pub(crate) fn short_hits(&self, text: &[u8], at: usize, four: u32, hits: &mut Vec<AnchorHit>) {
        let entries = self.short.entries(four & THREE).iter();
        entries.for_each(|entry| self.hit(text, at, entry, hits));
    }

    /// Adds a hit if the whole anchor is where its key, at `at`, says.
    #[inline(always)]
    fn hit(&self, text: &[u8], at: usize, entry: &Entry, hits: &mut Vec<AnchorHit>) {
        if !entry.is_at(text, at) {
            return;
        }
        let anchor = usize::from(entry.anchor);
        let literal = self.literal(anchor);
        let Some(start) = at.checked_sub(usize::from(entry.offset)) else {
            return;
        };
        let end = start + literal.len();
        if text
            .get(start..end)
            .is_some_and(|bytes| bytes.eq_ignore_ascii_case(literal))
            && self.bounds[anchor].are_at(text, start, end)
        {
            hits.push(AnchorHit::new(start, anchor));
        }
    }

    /// How long an anchor is, in bytes.
    pub(crate) fn length(&self, anchor: usize) -> usize {
        self.literal(anchor).len()
    }

    /// Every anchor in lower case.
    #[cfg(test)]
    pub(crate) fn literals(&self) -> Vec<&[u8]> {
        let number = self.starts.len() - 1;
        (0..number).map(|anchor| self.literal(anchor)).collect()
    }

    /// Whether a hit is worth one: it is written as some rule asks for it, with what must be beside it.
    #[cfg(test)]
    pub(crate) fn counts(&self, hit: AnchorHit, text: &[u8]) -> bool {
        let (start, anchor) = (hit.start(), hit.anchor());
        let end = start + self.length(anchor);
        let users = self.users(anchor).iter();
        users
            .clone()
            .any(|user| self.suits(*user, &text[start..end]))
            && self.bounds[anchor].are_at(text, start, end)
    }
}

impl AnchorTable {
    /// From the anchors of all rules, in any order.
    pub(crate) fn new<'r>(anchors: impl Iterator<Item = Anchor<'r>>) -> Box<AnchorTable> {
        let lower = |anchor: Anchor<'r>| (anchor.literal.text.to_ascii_lowercase(), anchor);
        let mut anchors: Vec<(String, Anchor<'r>)> = anchors.map(lower).collect();
        // Of rules that use one anchor, one that knows its place comes first to tell it.
        anchors.sort_unstable_by(|left, right| {
            let key = |it: &Anchor<'_>| (it.literal.place == UNPLACED, it.rule);
            (&left.0, key(&left.1)).cmp(&(&right.0, key(&right.1)))
        });
        let (mut texts, mut starts) = (Vec::new(), Vec::new());
        let (mut users, mut first_users) = (Vec::new(), Vec::new());
        let mut places = Vec::new();
        let number = |length: usize| u32::try_from(length).expect("anchors have less than 4 GiB");
        let few = |length: usize| u16::try_from(length).expect("there are fewer than 65,536 uses");
        let same = || anchors.chunk_by(|left, right| left.0 == right.0);
        let (mut told, mut bounds) = (Vec::new(), Vec::new());
        for same in same() {
            let [(literal, first), ..] = same else {
                continue;
            };
            starts.push(number(texts.len()));
            texts.extend(literal.as_bytes());
            places.push(first.literal.place);
            let is_first = |anchor: &Anchor<'r>| anchor.literal.text == first.literal.text;
            // How it must be written, if case counts for all that use it, and they agree.
            told.push(
                same.iter()
                    .all(|(_, anchor)| anchor.exact && is_first(anchor))
                    .then(|| first.literal.text.as_bytes()),
            );
            let all = same.iter().map(|(_, anchor)| anchor.bounds);
            bounds.push(all.fold(first.bounds, Bounds::or));
        }
        starts.push(number(texts.len()));
        for (same, start) in same().zip(&starts) {
            first_users.push(few(users.len()));
            for (literal, anchor) in same {
                let text = anchor.literal.text.as_bytes();
                let exact = anchor.exact.then(|| {
                    if text == literal.as_bytes() {
                        return *start;
                    }
                    texts.extend(text);
                    number(texts.len() - text.len())
                });
                users.push(AnchorUser {
                    rule: few(anchor.rule),
                    exact,
                });
            }
        }
        first_users.push(few(users.len()));
        let literals: Vec<&[u8]> = starts
            .windows(2)
            .map(|ends| &texts[ends[0] as usize..ends[1] as usize])
            .collect();
        place_all(&literals, &mut places);
        let mut groups: Table = [[0; PAIRS]; NUMBERS];
        let (mut long, mut short) = (Vec::new(), Vec::new());
        for (index, ((literal, place), &told)) in
            literals.iter().zip(&places).zip(&told).enumerate()
        {
            let anchor = few(index);
            sieve::enter(&mut groups, sieve::key(literal, place.offset), place.group);
            if literal.len() > SHORT {
                let entry = Entry::new(literal, told, (place.offset, LONG), anchor);
                long.push((key(literal, place.offset, LONG), entry));
            } else {
                let entry = Entry::new(literal, told, (place.offset, SHORT), anchor);
                short.push((key(literal, place.offset, SHORT), entry));
            }
        }
        let mut filter = NO_KEYS;
        long.iter()
            .for_each(|(key, _)| enter_four(&mut filter, *key));
        short
            .iter()
            .for_each(|(key, _)| enter_three(&mut filter, *key));
        Box::new(AnchorTable {
            texts: Ready::Made(texts.into()),
            starts: Ready::Made(starts.into()),
            users: Ready::Made(users.into()),
            first_users: Ready::Made(first_users.into()),
            bounds: Ready::Made(bounds.into()),
            groups,
            filter,
            long: KeyTable::new(long),
            short: KeyTable::new(short),
        })
    }

    /// An anchor in lower case.
    #[inline(always)]
    fn literal(&self, anchor: usize) -> &[u8] {
        &self.texts[self.starts[anchor] as usize..self.starts[anchor + 1] as usize]
    }
}

impl Entry {
    /// The first of a table, which is no anchor's.
    const NONE: Entry = Entry {
        bytes: 0,
        care: u64::MAX,
        beside: [0; 2],
        before: 0,
        offset: 0,
        more: 0,
        anchor: 0,
    };

    /// For a key at `offset` of so many bytes. `told` is how the anchor must be written, if case counts.
    fn new(
        literal: &[u8],
        told: Option<&[u8]>,
        (offset, length): (u8, usize),
        anchor: u16,
    ) -> Entry {
        const MOST: usize = size_of::<u64>();
        let start = usize::from(offset);
        let end = literal.len().min(start + MOST);
        let before = start.min(MOST - (end - start)).min(MOST - length);
        let shown = start - before..end;
        let (mut bytes, mut care) = ([0; MOST], [0; MOST]);
        bytes[..shown.len()].copy_from_slice(&told.unwrap_or(literal)[shown.clone()]);
        for (care, byte) in care.iter_mut().zip(&literal[shown]) {
            let folds = told.is_none() && byte.is_ascii_lowercase();
            *care = if folds { !CASE } else { u8::MAX };
        }
        let care = u64::from_le_bytes(care);
        Entry {
            bytes: u64::from_le_bytes(bytes) & care,
            care,
            beside: [
                start.checked_sub(1).and_then(|at| literal.get(at)),
                literal.get(start + length),
            ]
            .map(|byte| byte.map_or(u32::MAX, |&byte| 1 << (byte & LOW_BITS))),
            before: before as u8,
            offset,
            more: 0,
            anchor,
        }
    }

    /// Whether the bytes beside a key of four bytes at `at` are as some entry of the slot has them. Near the text's ends they are.
    #[inline(always)]
    fn is_beside(&self, text: &[u8], at: usize) -> bool {
        let [previous, next] = [at.wrapping_sub(1), at + LONG].map(|at| text.get(at));
        let is_one = |bytes: u32, byte: Option<&u8>| {
            byte.is_none_or(|&byte| bytes >> (byte & LOW_BITS) & 1 == 1)
        };
        is_one(self.beside[0], previous) & is_one(self.beside[1], next)
    }

    /// Whether what is at `at` and beside it may be the anchor's. Near the text's ends it may.
    #[inline(always)]
    fn is_at(&self, text: &[u8], at: usize) -> bool {
        let start = at.wrapping_sub(usize::from(self.before));
        let eight = text.get(start..).and_then(<[u8]>::first_chunk::<8>);
        eight.is_none_or(|eight| u64::from_le_bytes(*eight) & self.care == self.bytes)
    }
}

/// The bits by which bytes beside a key are told apart, whatever their case.
const LOW_BITS: u8 = 0x1f;

/// The bit that tells a letter's cases apart.
const CASE: u8 = 0x20;

/// So many bytes of a literal from `offset` on, folded.
fn key(literal: &[u8], offset: u8, length: usize) -> u32 {
    let offset = usize::from(offset);
    let mut bytes = [0; 4];
    bytes[..length].copy_from_slice(&literal[offset..offset + length]);
    let mask = if length == SHORT { THREE } else { u32::MAX };
    fold(u32::from_le_bytes(bytes)) & mask
}

/// The anchors of a set of rules, in order.
pub(crate) fn anchors_of<'r>(
    rules: impl Iterator<Item = &'r RuleData>,
) -> impl Iterator<Item = Anchor<'r>> {
    rules.enumerate().flat_map(|(rule, data)| {
        let exact = data.method.is_exact();
        let anchor = move |literal: &'r Literal| Anchor {
            rule,
            literal,
            exact,
            bounds: data.method.bounds(&literal.text),
        };
        data.method.anchors().iter().map(anchor)
    })
}

/// Chooses places for anchors that have none.
fn place_all(literals: &[&[u8]], places: &mut [Place]) {
    if places.iter().all(|place| *place != UNPLACED) {
        return;
    }
    let mut crowd = Crowd::new();
    for (literal, place) in literals.iter().zip(&*places) {
        if *place != UNPLACED {
            crowd.enter(literal, *place);
        }
    }
    for (literal, place) in literals.iter().zip(places) {
        if *place == UNPLACED {
            *place = crowd.place(literal);
        }
    }
}

impl<const SLOTS: usize> KeyTable<SLOTS> {
    /// From entries, each with its key.
    fn new(mut entries: Vec<(u32, Entry)>) -> KeyTable<SLOTS> {
        let mut slots = [0; SLOTS];
        // Entries of one slot lie side by side.
        entries.sort_by_key(|(key, _)| Self::slot(*key));
        let mut table = vec![Entry::NONE];
        for group in entries.chunk_by(|left, right| Self::slot(left.0) == Self::slot(right.0)) {
            let Some((key, _)) = group.first() else {
                continue;
            };
            slots[Self::slot(*key)] =
                u16::try_from(table.len()).expect("there are fewer than 65,536 keys");
            table.extend(group.iter().map(|(_, entry)| entry));
            let own = table.len() - group.len()..;
            let mut beside = [0; 2];
            for (more, entry) in (0..).zip(table[own].iter_mut().rev()) {
                entry.more = more;
                for (all, own) in beside.iter_mut().zip(&mut entry.beside) {
                    *all |= *own;
                    *own = *all;
                }
            }
        }
        KeyTable {
            slots,
            entries: Ready::Made(table.into()),
        }
    }

    #[inline(always)]
    const fn slot(key: u32) -> usize {
        (key.wrapping_mul(GOLDEN) >> (u32::BITS - SLOTS.trailing_zeros())) as usize
    }

    /// The first of what is in a key's slot, and what comes after it.
    #[inline(always)]
    fn first_two(&self, key: u32) -> [&Entry; 2] {
        let first = usize::from(self.slots[Self::slot(key)]);
        let entries = &self.entries[first..];
        [&entries[0], entries.get(1).unwrap_or(&entries[0])]
    }

    /// What is in a key's slot.
    #[inline(always)]
    fn entries(&self, key: u32) -> &[Entry] {
        let first = usize::from(self.slots[Self::slot(key)]);
        &self.entries[first..=first + usize::from(self.entries[first].more)]
    }
}
