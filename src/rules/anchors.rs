//! The table of all anchors in the shape in which the matcher's one pass reads it. Scans nothing itself.
//!
//! Every anchor is entered by a few of its bytes, its key, chosen to be rare. The pass asks the sieve (`rules/sieve.rs`) of every
//! position of a text whether a key may begin there. What passes is looked up here: by the hash of a key's first four bytes, or of
//! all three for the shortest anchors. What is left is compared.

use super::data::UNPLACED;
use super::sieve::{self, Crowd, NUMBERING, Place};
use crate::simd::{NUMBERS, PAIRS, Sieve, Table};

/// A rule that uses an anchor.
#[derive(Clone, Debug)]
pub(crate) struct AnchorUser {
    /// The rule's index in its set.
    pub(crate) rule: usize,
    /// The anchor as the text must have it, where case counts.
    pub(crate) exact: Option<super::data::Text>,
}

/// Every anchor of every rule that is on.
#[derive(Debug)]
pub(crate) struct Anchors {
    /// Who uses each anchor.
    pub(crate) users: Vec<Vec<AnchorUser>>,
    /// Each anchor in lower case.
    literals: Vec<Box<[u8]>>,
    /// What is asked first.
    pub(crate) sieve: Sieve,
    long: KeyTable<{ 1 << 12 }>,
    short: KeyTable<{ 1 << 8 }>,
}

/// A key of some anchor.
#[derive(Clone, Copy, Debug)]
struct Entry {
    /// Up to eight folded bytes of the anchor, the key and some beside it: most keys stand in other words, and this tells
    /// sooner than the whole anchor does.
    bytes: u64,
    /// How many there are.
    length: u8,
    /// How many of them are before the key.
    before: u8,
    /// How far from the anchor's first byte the key begins.
    offset: u8,
    /// Whether the next entry is of another slot.
    last: bool,
    /// Which anchor.
    anchor: u16,
}

/// Keys of one length in so many slots, a power of two; a constant so that no look-up needs a bounds check.
#[derive(Debug)]
struct KeyTable<const SLOTS: usize> {
    /// By hash, sixteen bits to a slot: whether there is a key. Small, because it is asked often.
    filter: Box<[u16; SLOTS]>,
    /// By hash: where its entries begin, or 0 for none.
    slots: Box<[u16; SLOTS]>,
    entries: Box<[Entry]>,
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

    /// Its index in [`Anchors::users`].
    pub(crate) const fn anchor(self) -> usize {
        self.anchor as usize
    }
}

/// Folds the case of four bytes at once. It also folds some punctuation together; the exact comparison tells them apart.
pub(crate) const fn fold(bytes: u32) -> u32 {
    bytes | 0x2020_2020
}

/// How many bytes of a key are looked up, and of one of an anchor of three bytes.
const LONG: usize = 4;
const SHORT: usize = 3;

/// The first three of four bytes.
const THREE: u32 = 0x00ff_ffff;

impl Anchors {
    /// From anchors in any order, each with the place of its key, if it has one already, and a rule that uses it.
    pub(super) fn new(mut anchors: Vec<(Box<[u8]>, Place, AnchorUser)>) -> Anchors {
        for (literal, ..) in &mut anchors {
            literal.make_ascii_lowercase();
        }
        let rank = |it: &(Box<[u8]>, Place, AnchorUser)| (it.1 == UNPLACED, it.2.rule);
        anchors.sort_unstable_by(|left, right| (&left.0, rank(left)).cmp(&(&right.0, rank(right))));
        let (mut literals, mut places) = (Vec::new(), Vec::new());
        let mut users: Vec<Vec<AnchorUser>> = Vec::new();
        for (literal, place, user) in anchors {
            match users.last_mut() {
                Some(others) if literals.last() == Some(&literal) => others.push(user),
                _ => {
                    literals.push(literal);
                    places.push(place);
                    users.push(vec![user]);
                }
            }
        }
        place_all(&literals, &mut places);
        let mut table: Box<Table> = Box::new([[0; PAIRS]; NUMBERS]);
        let (mut long, mut short) = (Vec::new(), Vec::new());
        for (index, (literal, place)) in literals.iter().zip(&places).enumerate() {
            let anchor = u16::try_from(index).expect("there are fewer than 65,536 anchors");
            sieve::enter(&mut table, sieve::key(literal, place.offset), place.group);
            if literal.len() > SHORT {
                let entry = Entry::new(literal, place.offset, LONG, anchor);
                long.push((key(literal, place.offset, LONG), entry));
            } else {
                let entry = Entry::new(literal, place.offset, SHORT, anchor);
                short.push((key(literal, place.offset, SHORT), entry));
            }
        }
        Anchors {
            users,
            literals,
            sieve: Sieve::new(&NUMBERING, table),
            long: KeyTable::new(long),
            short: KeyTable::new(short),
        }
    }

    /// Whether four folded bytes are a long key's, and whether the first three of them are a short key: in the lowest bits. Wrong
    /// only by saying yes.
    #[inline(always)]
    pub(crate) fn has(&self, four: u32) -> (u32, u32) {
        (self.long.has(four), self.short.has(four & THREE))
    }

    /// Whether an anchor may be where the four folded bytes at `at` are those of a long key: in the lowest bit. Wrong only by
    /// saying yes.
    #[inline(always)]
    pub(crate) fn is_near(&self, text: &[u8], at: usize, four: u32) -> u32 {
        let first = self.long.first(four);
        u32::from(first.is_at(text, at) | !first.last)
    }

    /// Adds every anchor, a long key of which is in the four folded bytes at `at`.
    #[inline(always)]
    pub(crate) fn long_hits(&self, text: &[u8], at: usize, four: u32, hits: &mut Vec<AnchorHit>) {
        let entries = self.long.entries(four);
        entries.for_each(|entry| self.hit(text, at, entry, hits));
    }

    /// Adds every anchor of three bytes, which are the first of the four folded bytes at `at`.
    #[inline(always)]
    pub(crate) fn short_hits(&self, text: &[u8], at: usize, four: u32, hits: &mut Vec<AnchorHit>) {
        let entries = self.short.entries(four & THREE);
        entries.for_each(|entry| self.hit(text, at, entry, hits));
    }

    /// Adds a hit if the whole anchor is where its key, at `at`, says.
    #[inline(always)]
    fn hit(&self, text: &[u8], at: usize, entry: &Entry, hits: &mut Vec<AnchorHit>) {
        if !entry.is_at(text, at) {
            return;
        }
        let anchor = usize::from(entry.anchor);
        let literal = &self.literals[anchor];
        let Some(start) = at.checked_sub(usize::from(entry.offset)) else {
            return;
        };
        if text
            .get(start..start + literal.len())
            .is_some_and(|bytes| bytes.eq_ignore_ascii_case(literal))
        {
            hits.push(AnchorHit::new(start, anchor));
        }
    }

    /// How long an anchor is, in bytes.
    pub(crate) fn length(&self, anchor: usize) -> usize {
        self.literals[anchor].len()
    }

    /// Every anchor in lower case.
    #[cfg(test)]
    pub(crate) fn literals(&self) -> &[Box<[u8]>] {
        &self.literals
    }
}

impl Entry {
    /// The first of a table, which is no anchor's.
    const NONE: Entry = Entry {
        bytes: 0,
        length: 0,
        before: 0,
        offset: 0,
        last: true,
        anchor: 0,
    };

    /// For a key of so many bytes at `offset`.
    fn new(literal: &[u8], offset: u8, length: usize, anchor: u16) -> Entry {
        const MOST: usize = size_of::<u64>();
        let start = usize::from(offset);
        let end = literal.len().min(start + MOST);
        let before = start.min(MOST - (end - start)).min(MOST - length);
        let shown = &literal[start - before..end];
        let mut bytes = [0; MOST];
        bytes[..shown.len()].copy_from_slice(shown);
        Entry {
            bytes: fold_all(u64::from_le_bytes(bytes)) & first_bytes(shown.len()),
            length: shown.len() as u8,
            before: before as u8,
            offset,
            last: false,
            anchor,
        }
    }

    /// Whether what is at `at` and beside it may be the anchor's. Near the text's ends it may.
    #[inline(always)]
    fn is_at(&self, text: &[u8], at: usize) -> bool {
        let start = at.wrapping_sub(usize::from(self.before));
        let eight = text.get(start..).and_then(<[u8]>::first_chunk::<8>);
        eight.is_none_or(|eight| {
            let mask = first_bytes(usize::from(self.length));
            fold_all(u64::from_le_bytes(*eight)) & mask == self.bytes
        })
    }
}

/// So many bytes, of eight.
#[inline(always)]
const fn first_bytes(length: usize) -> u64 {
    match length {
        0 => 0,
        _ => u64::MAX >> (64 - 8 * length),
    }
}

const fn fold_all(bytes: u64) -> u64 {
    bytes | 0x2020_2020_2020_2020
}

/// So many bytes of a literal from `offset` on, folded.
fn key(literal: &[u8], offset: u8, length: usize) -> u32 {
    let offset = usize::from(offset);
    let mut bytes = [0; 4];
    bytes[..length].copy_from_slice(&literal[offset..offset + length]);
    let mask = if length == SHORT { THREE } else { u32::MAX };
    fold(u32::from_le_bytes(bytes)) & mask
}

/// Chooses places for anchors that have none.
fn place_all(literals: &[Box<[u8]>], places: &mut [Place]) {
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
        let mut filter: Box<[u16; SLOTS]> = zeros();
        let mut slots: Box<[u16; SLOTS]> = zeros();
        // Entries of one slot lie side by side.
        entries.sort_by_key(|(key, _)| Self::slot(*key));
        let mut table = vec![Entry::NONE];
        for group in entries.chunk_by(|left, right| Self::slot(left.0) == Self::slot(right.0)) {
            let Some((key, _)) = group.first() else {
                continue;
            };
            slots[Self::slot(*key)] =
                u16::try_from(table.len()).expect("there are fewer than 65,536 keys");
            for (key, _) in group {
                filter[Self::slot(*key)] |= 1 << Self::bit(*key);
            }
            table.extend(group.iter().map(|(_, entry)| entry));
            if let Some(last) = table.last_mut() {
                last.last = true;
            }
        }
        KeyTable {
            filter,
            slots,
            entries: table.into_boxed_slice(),
        }
    }

    /// Multiplicative hashing by the golden ratio (Knuth, volume 3, section 6.4).
    #[inline(always)]
    const fn hash(key: u32) -> u32 {
        key.wrapping_mul(0x9e37_79b1)
    }

    #[inline(always)]
    const fn slot(key: u32) -> usize {
        (Self::hash(key) >> (u32::BITS - SLOTS.trailing_zeros())) as usize
    }

    /// The bits of the hash after those of the slot.
    #[inline(always)]
    const fn bit(key: u32) -> u32 {
        Self::hash(key) >> (u32::BITS - SLOTS.trailing_zeros() - u16::BITS.trailing_zeros())
            & (u16::BITS - 1)
    }

    /// Whether some key hashes to where this one does: in the lowest bit.
    #[inline(always)]
    fn has(&self, key: u32) -> u32 {
        u32::from(self.filter[Self::slot(key)]) >> Self::bit(key) & 1
    }

    /// The first of what is in a key's slot.
    #[inline(always)]
    fn first(&self, key: u32) -> &Entry {
        &self.entries[usize::from(self.slots[Self::slot(key)])]
    }

    /// What is in a key's slot.
    #[inline(always)]
    fn entries(&self, key: u32) -> impl Iterator<Item = &Entry> {
        let first = usize::from(self.slots[Self::slot(key)]);
        let mut ended = false;
        self.entries[first..]
            .iter()
            .take_while(move |entry| !std::mem::replace(&mut ended, entry.last))
    }
}

/// A table of zeros, which is too large for the stack.
fn zeros<T: Clone + Default, const LENGTH: usize>() -> Box<[T; LENGTH]> {
    let zeros = vec![T::default(); LENGTH].into_boxed_slice();
    match zeros.try_into() {
        Ok(zeros) => zeros,
        Err(_) => unreachable!("it has this length"),
    }
}
