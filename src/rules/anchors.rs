//! The table of all anchors, built once a run, in the shape in which the matcher's one pass reads it. Scans nothing itself.
//!
//! Every anchor is entered by a few of its bytes, its key, chosen to be rare. The pass looks at every second position of a
//! text, takes the four bytes there, folds their case, and asks two byte tables whether any key hashes to where they do:
//! * an anchor of five bytes and more has two keys of four bytes, one byte apart, so that one of them begins at an even
//!   position wherever the anchor does;
//! * a shorter anchor has one key of three bytes, and the pass asks for the first three and for the last three of its four.
//!
//! What is asked often must be small: the tables have 32 and 8 KiB, a bit for each hash. What passes is narrowed down by the
//! byte beside a long key, or by more bits of a short one, and what is left is compared.
//! The idea is that of direct filters (Choi et al., "DFC", NSDI 2016). Measured on one core over 105 MB of mixed source, by the
//! share of a profile: `aho-corasick`'s automaton (a DFA, overlapping, 330 anchors) about 0.35 GB/s; this pass with bounds
//! checks 0.6, and with table sizes that are constants 0.75 to 0.8 GB/s, both with 540 anchors and the exact comparison. With
//! 2,800 anchors, a branch on each position cost a third of the pass; noting positions first, without a branch, and looking
//! them up block by block took 40% off what they cost beyond those of eighty rules. A filter of twice the size gained nothing.

use super::rarity::{LONG_KEY, LONGEST_SHORT, SHORT_KEY};

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
    /// By a long key and the byte after or before it: whether some anchor has both. Most keys stand in other words.
    neighbours: Box<[u64; NEIGHBOURS / 64]>,
    long: KeyTable<LONG_BITS, { (1 << LONG_BITS) / 64 }>,
    short: KeyTable<SHORT_BITS, { (1 << SHORT_BITS) / 64 }>,
}

/// A key of some anchor.
#[derive(Clone, Copy, Debug)]
struct Entry {
    /// The key's bytes, folded.
    key: u32,
    /// How far from the anchor's first byte the key begins.
    offset: u8,
    /// Which anchor.
    anchor: u16,
    /// Four folded bytes beside the key, those that are the anchor's by `side_mask`: most keys stand in other words, and this
    /// tells sooner than the whole anchor does.
    side: u32,
    side_mask: u32,
    /// How far from the key's first byte they begin.
    side_at: i8,
    /// Whether the next entry is of another slot.
    last: bool,
}

/// Keys of one length. The filter has 2^`BITS` bits, `WORDS` times 64; its size is a constant so that no look-up needs a bounds
/// check.
#[derive(Debug)]
struct KeyTable<const BITS: u32, const WORDS: usize> {
    /// By hash: whether there is a key.
    filter: Box<[u64; WORDS]>,
    /// By the first bits of the hash: what is there.
    slots: Box<[Slot; SLOTS]>,
    entries: Box<[Entry]>,
}

/// What is in a slot.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    /// Where its entries begin, or 0 for none.
    first: u16,
    /// If they are of one key, that key's [`tag`], else 0: most keys that pass the filter by chance need not be looked up.
    tag: u16,
}

/// How many bits tell of keys and their neighbours.
const NEIGHBOURS: usize = 1 << 17;

/// What keeps the byte after a key apart from the one before it.
const AFTER: u32 = 0x9e37_79b1;
const BEFORE: u32 = 0x85eb_ca6b;

/// Where a long key and its neighbour, case folded, are told of.
#[inline(always)]
const fn neighbour(key: u32, byte: u8, side: u32) -> usize {
    let mixed = (key ^ ((byte | 0x20) as u32).wrapping_mul(0x01_00_01_93)).wrapping_mul(side);
    (mixed >> (u32::BITS - NEIGHBOURS.trailing_zeros())) as usize
}

/// Sixteen bits of a key, other than its hash has first; never 0.
const fn tag(key: u32) -> u16 {
    (key.wrapping_mul(0x85eb_ca6b) >> 16) as u16 | 1
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

const LONG_BITS: u32 = 18;
const SHORT_BITS: u32 = 16;

/// Slots are looked up for what passes the filter only; they need not be in the nearest cache.
const SLOT_BITS: u32 = 14;
const SLOTS: usize = 1 << SLOT_BITS;

impl Anchors {
    /// From anchors in any order, each with where its key is and a rule that uses it.
    pub(super) fn new(mut table: Vec<(Box<[u8]>, u8, AnchorUser)>) -> Anchors {
        for (literal, ..) in &mut table {
            literal.make_ascii_lowercase();
        }
        table.sort_unstable_by(|left, right| (&left.0, left.2.rule).cmp(&(&right.0, right.2.rule)));
        let (mut long, mut short) = (Vec::new(), Vec::new());
        let (mut literals, mut users) = (Vec::new(), Vec::new());
        for (literal, key, user) in table {
            if literals.last() == Some(&literal) {
                if let Some::<&mut Vec<AnchorUser>>(others) = users.last_mut() {
                    others.push(user);
                }
                continue;
            }
            let anchor =
                u16::try_from(literals.len()).expect("there are fewer than 65,536 anchors");
            if literal.len() > LONGEST_SHORT {
                long.extend([key, key + 1].map(|at| Entry::new(&literal, at, LONG_KEY, anchor)));
            } else {
                short.push(Entry::new(&literal, key, SHORT_KEY, anchor));
            }
            literals.push(literal);
            users.push(vec![user]);
        }
        let mut neighbours: Box<[u64; NEIGHBOURS / 64]> = zeros();
        for entry in &long {
            let literal = &literals[usize::from(entry.anchor)];
            let offset = usize::from(entry.offset);
            // A long anchor has a byte behind its first key, and one before its second.
            let hash = match (literal.get(offset + LONG_KEY), offset.checked_sub(1)) {
                (Some(&after), _) => neighbour(entry.key, after, AFTER),
                (None, Some(before)) => neighbour(entry.key, literal[before], BEFORE),
                (None, None) => unreachable!("a long anchor is longer than its key"),
            };
            neighbours[hash / 64] |= 1 << (hash % 64);
        }
        Anchors {
            neighbours,
            users,
            literals,
            long: KeyTable::new(long),
            short: KeyTable::new(short),
        }
    }

    /// Which keys may be in four folded bytes, as bits: 1 for a long one, 2 for a short one in the first three, 4 for one in the
    /// last three. Wrong only by saying yes.
    #[inline(always)]
    pub(crate) fn maybe(&self, four: u32) -> u32 {
        let long = self.long.may_hold(four) as u32 & 1;
        let first = self.short.may_hold(four & 0x00ff_ffff) as u32 & 1;
        let last = self.short.may_hold(four >> 8) as u32 & 1;
        long | first << 1 | last << 2
    }

    /// Adds every anchor, a long key of which is in the four folded bytes at `at`.
    #[inline(always)]
    pub(crate) fn long_hits(&self, text: &[u8], at: usize, four: u32, hits: &mut Vec<AnchorHit>) {
        self.long
            .entries(four, |entry| self.hit(text, at, entry, hits));
    }

    /// As [`Anchors::maybe`] for a short key in three folded bytes, less often wrong: in the lowest bit.
    #[inline(always)]
    pub(crate) fn has_short(&self, three: u32) -> u32 {
        self.short.has(three)
    }

    /// Adds every anchor, a short key of which is in the three folded bytes at `at`.
    #[inline(always)]
    pub(crate) fn short_hits(&self, text: &[u8], at: usize, three: u32, hits: &mut Vec<AnchorHit>) {
        self.short
            .entries(three, |entry| self.hit(text, at, entry, hits));
    }

    /// Whether the byte after a long key, or the one before it, is one that some anchor has there: in the lowest bit.
    #[inline(always)]
    pub(crate) fn has_neighbour(&self, before: u8, four: u32, after: u8) -> u32 {
        let holds = |hash: usize| (self.neighbours[hash / 64] >> (hash % 64)) as u32;
        (holds(neighbour(four, after, AFTER)) | holds(neighbour(four, before, BEFORE))) & 1
    }

    /// Adds a hit if the whole anchor is where its key, at `at`, says.
    #[inline(always)]
    fn hit(&self, text: &[u8], at: usize, entry: &Entry, hits: &mut Vec<AnchorHit>) {
        if !entry.has_side(text, at) {
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
    fn new(literal: &[u8], at: u8, length: usize, anchor: u16) -> Entry {
        let offset = usize::from(at);
        let mut bytes = [0; 4];
        bytes[..length].copy_from_slice(&literal[offset..offset + length]);
        let mask = if length == 4 { u32::MAX } else { 0x00ff_ffff };
        let (side_at, side) = side(literal, offset, length);
        let mut side_bytes = [0; 4];
        side_bytes[..side.len()].copy_from_slice(side);
        let side_mask = u32::MAX
            .checked_shr(32 - 8 * side.len() as u32)
            .unwrap_or_default();
        Entry {
            key: fold(u32::from_le_bytes(bytes)) & mask,
            offset: at,
            anchor,
            side: fold(u32::from_le_bytes(side_bytes)) & side_mask,
            side_mask,
            side_at,
            last: false,
        }
    }

    /// Whether what is beside the key at `at` may be the anchor's. Near the text's ends it may.
    #[inline(always)]
    fn has_side(&self, text: &[u8], at: usize) -> bool {
        let four = at
            .checked_add_signed(isize::from(self.side_at))
            .and_then(|at| text.get(at..))
            .and_then(<[u8]>::first_chunk::<4>);
        four.is_none_or(|four| fold(u32::from_le_bytes(*four)) & self.side_mask == self.side)
    }
}

/// Up to four bytes of a literal after its key, or before it if it ends with the key; and where they begin, from the key on.
fn side(literal: &[u8], offset: usize, length: usize) -> (i8, &[u8]) {
    const MOST: usize = 4;
    let after = &literal[offset + length..];
    if after.is_empty() {
        let most = offset.min(MOST);
        (-(most as i8), &literal[offset - most..offset])
    } else {
        (length as i8, &after[..after.len().min(MOST)])
    }
}

impl<const BITS: u32, const WORDS: usize> KeyTable<BITS, WORDS> {
    fn new(mut entries: Vec<Entry>) -> KeyTable<BITS, WORDS> {
        let mut filter: Box<[u64; WORDS]> = zeros();
        let mut slots: Box<[Slot; SLOTS]> = zeros();
        // Entries of one slot lie side by side; the first of all is none's.
        entries.sort_by_key(|entry| Self::slot(Self::hash(entry.key)));
        let none = Entry {
            key: 0,
            offset: 0,
            anchor: 0,
            side: 0,
            side_mask: 0,
            side_at: 0,
            last: true,
        };
        let mut table = vec![none];
        for group in entries.chunk_by(|left, right| {
            Self::slot(Self::hash(left.key)) == Self::slot(Self::hash(right.key))
        }) {
            let Some(first) = group.first() else { continue };
            let is_one = group.iter().all(|entry| entry.key == first.key);
            slots[Self::slot(Self::hash(first.key))] = Slot {
                first: u16::try_from(table.len()).expect("there are fewer than 65,536 keys"),
                tag: if is_one { tag(first.key) } else { 0 },
            };
            table.extend_from_slice(group);
            if let Some(last) = table.last_mut() {
                last.last = true;
            }
            for entry in group {
                let hash = Self::hash(entry.key);
                filter[hash / 64] |= 1 << (hash % 64);
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
    const fn hash(key: u32) -> usize {
        (key.wrapping_mul(0x9e37_79b1) >> (u32::BITS - BITS)) as usize
    }

    const fn slot(hash: usize) -> usize {
        hash >> (BITS - SLOT_BITS)
    }

    /// Whether some key hashes to where this one does: in the lowest bit.
    #[inline(always)]
    fn may_hold(&self, key: u32) -> u64 {
        let hash = Self::hash(key);
        self.filter[hash / 64] >> (hash % 64)
    }

    /// Whether a slot has this key, or several: in the lowest bit.
    #[inline(always)]
    fn has(&self, key: u32) -> u32 {
        let slot = self.slots[Self::slot(Self::hash(key))];
        u32::from((slot.first != 0) & ((slot.tag == 0) | (slot.tag == tag(key))))
    }

    #[inline(always)]
    fn entries(&self, key: u32, mut each: impl FnMut(&Entry)) {
        let slot = self.slots[Self::slot(Self::hash(key))];
        if slot.first == 0 || (slot.tag != 0 && slot.tag != tag(key)) {
            return;
        }
        for entry in &self.entries[usize::from(slot.first)..] {
            if entry.key == key {
                each(entry);
            }
            if entry.last {
                break;
            }
        }
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
