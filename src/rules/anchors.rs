//! The table of all anchors, built once a run, in the shape in which the matcher's one pass reads it. Scans nothing itself.
//!
//! Every anchor is entered by a few of its bytes, its key, chosen to be rare. The pass looks at every second position of a
//! text, takes the four bytes there, folds their case, and asks two byte tables whether any key hashes to where they do:
//! * an anchor of five bytes and more has two keys of four bytes, one byte apart, so that one of them begins at an even
//!   position wherever the anchor does;
//! * a shorter anchor has one key of three bytes, and the pass asks for the first three and for the last three of its four.
//!
//! What is asked often must be small: the tables are 64 and 16 KiB, and hold the number of a group of entries, or zero.
//! The idea is that of direct filters (Choi et al., "DFC", NSDI 2016). Measured on one core over 105 MB of mixed source, by the
//! share of a profile: `aho-corasick`'s automaton (a DFA, overlapping, 330 anchors) about 0.35 GB/s; this pass with bounds
//! checks 0.6, and with table sizes that are constants 0.75 to 0.8 GB/s, both with 540 anchors and the exact comparison.

use std::collections::BTreeMap;

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
    long: KeyTable<LONG_BITS, { 1 << LONG_BITS }>,
    short: KeyTable<SHORT_BITS, { 1 << SHORT_BITS }>,
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
}

/// Keys of one length, in a table of `SIZE` = 2^`BITS` hashes. Both are constants so that no look-up needs a bounds check.
#[derive(Debug)]
struct KeyTable<const BITS: u32, const SIZE: usize> {
    /// By hash: the number of a group of entries, from 1, or 0 for none.
    groups_by_hash: Box<[u8; SIZE]>,
    /// The entries of each group; the first group is empty.
    groups: Vec<Vec<Entry>>,
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

const LONG_BITS: u32 = 16;
const SHORT_BITS: u32 = 14;

impl Anchors {
    /// From anchors in lower case and their users.
    pub(super) fn new(table: BTreeMap<String, Vec<AnchorUser>>) -> Anchors {
        let (literals, users): (Vec<Box<[u8]>>, Vec<Vec<AnchorUser>>) = table
            .into_iter()
            .map(|(literal, users)| (literal.into_bytes().into_boxed_slice(), users))
            .unzip();
        let (mut long, mut short) = (Vec::new(), Vec::new());
        for (index, literal) in literals.iter().enumerate() {
            let anchor = u16::try_from(index).expect("there are fewer than 65,536 anchors");
            if literal.len() > 4 {
                let offset = rarest(literal, 5);
                long.extend(
                    [offset, offset + 1].map(|offset| Entry::new(literal, offset, 4, anchor)),
                );
            } else {
                short.push(Entry::new(literal, rarest(literal, 3), 3, anchor));
            }
        }
        Anchors {
            users,
            literals,
            long: KeyTable::new(&long),
            short: KeyTable::new(&short),
        }
    }

    /// Whether any key may be in four folded bytes: as a whole, or as their first or last three. Wrong only by saying yes.
    #[inline(always)]
    pub(crate) fn may_hold(&self, four: u32) -> bool {
        (self.long.group(four) | self.short.group(four & 0x00ff_ffff) | self.short.group(four >> 8))
            != 0
    }

    /// Every anchor, a key of which is in the four folded bytes at the even position `at`.
    pub(crate) fn hits_at(&self, text: &[u8], at: usize, four: u32, hits: &mut Vec<AnchorHit>) {
        self.long
            .entries(four, |entry| self.hit(text, at, entry, hits));
        self.short
            .entries(four & 0x00ff_ffff, |entry| self.hit(text, at, entry, hits));
        self.short
            .entries(four >> 8, |entry| self.hit(text, at + 1, entry, hits));
    }

    /// Adds a hit if the whole anchor is where its key, at `at`, says.
    fn hit(&self, text: &[u8], at: usize, entry: &Entry, hits: &mut Vec<AnchorHit>) {
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
    fn new(literal: &[u8], offset: usize, length: usize, anchor: u16) -> Entry {
        let mut bytes = [0; 4];
        bytes[..length].copy_from_slice(&literal[offset..offset + length]);
        let mask = if length == 4 { u32::MAX } else { 0x00ff_ffff };
        let offset =
            u8::try_from(offset).expect("a key is looked for in the first bytes of an anchor");
        Entry {
            key: fold(u32::from_le_bytes(bytes)) & mask,
            offset,
            anchor,
        }
    }
}

impl<const BITS: u32, const SIZE: usize> KeyTable<BITS, SIZE> {
    fn new(entries: &[Entry]) -> KeyTable<BITS, SIZE> {
        let groups_by_hash = vec![0; SIZE]
            .into_boxed_slice()
            .try_into()
            .expect("it has this length");
        let mut table = KeyTable {
            groups_by_hash,
            groups: vec![Vec::new()],
        };
        for entry in entries {
            let hash = Self::hash(entry.key);
            if table.groups_by_hash[hash] == 0 {
                // There are 255 numbers; beyond that, hashes share groups.
                let number = if table.groups.len() <= 255 {
                    table.groups.push(Vec::new());
                    table.groups.len() - 1
                } else {
                    1 + hash % 255
                };
                table.groups_by_hash[hash] = u8::try_from(number).expect("it is at most 255");
            }
            let group = usize::from(table.groups_by_hash[hash]);
            table.groups[group].push(*entry);
        }
        table
    }

    /// Multiplicative hashing by the golden ratio (Knuth, volume 3, section 6.4).
    #[inline(always)]
    const fn hash(key: u32) -> usize {
        (key.wrapping_mul(0x9e37_79b1) >> (u32::BITS - BITS)) as usize
    }

    #[inline(always)]
    fn group(&self, key: u32) -> u8 {
        self.groups_by_hash[Self::hash(key)]
    }

    fn entries(&self, key: u32, each: impl FnMut(&Entry)) {
        let group = &self.groups[usize::from(self.group(key))];
        group.iter().filter(|entry| entry.key == key).for_each(each);
    }
}

/// Where in a literal the rarest run of `length` bytes begins, by how often its bytes stand in source code. Looked for in the
/// first bytes only: what is not there is not near.
fn rarest(literal: &[u8], length: usize) -> usize {
    const FIRST_BYTES: usize = 32;
    let last = literal.len().min(FIRST_BYTES) - length;
    let commonness = |offset: usize| {
        literal[offset..offset + length]
            .iter()
            .map(|&byte| commonness(byte))
            .sum::<u32>()
    };
    (0..=last)
        .min_by_key(|&offset| commonness(offset))
        .unwrap_or(0)
}

/// How common a folded byte is in source code, roughly, as a logarithm: letters by their frequency in English, common
/// punctuation as common letters, digits and the rest as rare.
fn commonness(byte: u8) -> u32 {
    const BY_FREQUENCY: &[u8] = b"etaoinsrlcdupmhfgbyvwkxqjz";
    match byte {
        b' ' => 40,
        b'_' | b'.' | b'-' | b'/' | b':' | b'"' | b'=' => 22,
        b'0' | b'1' | b'2' => 16,
        b'3'..=b'9' => 11,
        _ => match BY_FREQUENCY
            .iter()
            .position(|&letter| letter == byte.to_ascii_lowercase())
        {
            Some(rank) => 34 - rank as u32,
            None => 8,
        },
    }
}
