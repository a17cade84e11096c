//! The trees that were trained: `rules/model/forest.bin`, as `rules/model/train.py` writes it, and the walk through them. Whole
//! numbers all the way, so that every machine comes to the same.
//!
//! The file, little-endian: `WHF1`, the number of features (u16), of trees (u16), the depth (u16), the bias (i32); for each tree the
//! nodes from the root down, level by level, as a feature and a threshold (u8 each: above it, to the right), what each node is worth
//! by itself (i16), and the leaves (i16); then 1,000 sums (i32): whose sum reaches the nth is at least n thousandths sure.

use std::array;
use std::sync::OnceLock;

use super::features::{COUNT, Features, ROOM};
use crate::model::Confidence;

/// The file.
const FILE: &[u8] = include_bytes!("../../../rules/model/forest.bin");

/// How deep every tree is: so many questions are asked in each.
const DEPTH: usize = 4;

/// How many answers a tree has, one more than questions.
const LEAVES: usize = 1 << DEPTH;

/// How many sums there are, one for each thousandth.
const SUMS: usize = 1000;

/// How many trees are walked through at once; with four it takes a quarter longer, with one twice as long.
const TOGETHER: usize = 8;

/// One tree, the children of node n at 2n and 2n + 1, the root at 1: a line of the cache.
#[repr(align(64))]
struct Tree {
    questions: [[u8; 2]; LEAVES],
    leaves: [i16; LEAVES],
}

/// All that was trained.
pub(super) struct Forest {
    bias: i32,
    trees: Vec<Tree>,
    /// What each node of each tree is worth by itself, for explanations.
    worth: Vec<[i16; LEAVES]>,
    sums: [i32; SUMS],
}

/// Reads numbers from the front of a file.
struct Reader<'f>(&'f [u8]);

impl Reader<'_> {
    fn bytes<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (first, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*first)
    }

    fn short(&mut self) -> Option<i16> {
        self.bytes().map(i16::from_le_bytes)
    }

    fn count(&mut self) -> Option<usize> {
        self.bytes()
            .map(|bytes| usize::from(u16::from_le_bytes(bytes)))
    }

    fn int(&mut self) -> Option<i32> {
        self.bytes().map(i32::from_le_bytes)
    }

    fn tree(&mut self) -> Option<(Tree, [i16; LEAVES])> {
        let mut tree = Tree {
            questions: [[0; 2]; LEAVES],
            leaves: [0; LEAVES],
        };
        let mut worth = [0; LEAVES];
        for question in &mut tree.questions[1..] {
            let [feature, threshold] = self.bytes()?;
            if usize::from(feature) >= COUNT {
                return None;
            }
            *question = [feature, threshold];
        }
        for worth in worth[1..].iter_mut().chain(&mut tree.leaves) {
            *worth = self.short()?;
        }
        Some((tree, worth))
    }

    fn forest(&mut self) -> Option<Forest> {
        if self.bytes()? != *b"WHF1" || self.count()? != COUNT {
            return None;
        }
        let trees = self.count()?;
        if self.count()? != DEPTH {
            return None;
        }
        let bias = self.int()?;
        let both = (0..trees)
            .map(|_| self.tree())
            .collect::<Option<Vec<_>>>()?;
        let (trees, worth) = both.into_iter().unzip();
        let mut sums = [0; SUMS];
        for sum in &mut sums {
            *sum = self.int()?;
        }
        self.0.is_empty().then_some(Forest {
            bias,
            trees,
            worth,
            sums,
        })
    }
}

impl Tree {
    /// The child of a node that a candidate comes to. What is cut to the size of its array is never larger: no bounds are compared.
    fn next(&self, node: usize, features: &[u8; ROOM]) -> usize {
        let [feature, threshold] = self.questions[node % LEAVES];
        node << 1 | usize::from(features[usize::from(feature) % ROOM] > threshold)
    }
}

/// The answers of some trees for a candidate, together. Each question waits for the answer before it; those of other trees need
/// not wait.
fn walk_together<const TREES: usize>(trees: &[Tree; TREES], features: &[u8; ROOM]) -> i32 {
    let mut nodes = [1; TREES];
    for _ in 0..DEPTH {
        for (node, tree) in nodes.iter_mut().zip(trees) {
            *node = tree.next(*node, features);
        }
    }
    let leaves = nodes
        .iter()
        .zip(trees)
        .map(|(node, tree)| tree.leaves[node % LEAVES]);
    // So few small numbers never come to too much.
    leaves.map(i32::from).fold(0, i32::wrapping_add)
}

impl Forest {
    /// What is in the program.
    pub(super) fn get() -> &'static Forest {
        static FOREST: OnceLock<Forest> = OnceLock::new();
        FOREST.get_or_init(|| {
            Reader(FILE)
                .forest()
                .expect("the file is of this version; a test reads it")
        })
    }

    /// What all trees make of a candidate together.
    pub(super) fn sum(&self, features: &Features) -> i32 {
        let (groups, rest) = self.trees.as_chunks();
        let walk = |trees: &[Tree; TOGETHER]| walk_together(trees, &features.0);
        let rest = rest
            .iter()
            .map(|tree| walk_together(array::from_ref(tree), &features.0));
        self.bias + groups.iter().map(walk).chain(rest).sum::<i32>()
    }

    /// How sure a sum is.
    pub(super) fn confidence(&self, sum: i32) -> Confidence {
        let reached = self.sums.partition_point(|least| *least <= sum);
        Confidence::from_thousandths(reached as u16)
    }

    /// What each feature changed, on the way to the sum.
    pub(super) fn shares(&self, features: &Features) -> [i32; COUNT] {
        let mut shares = [0; COUNT];
        for (tree, worth) in self.trees.iter().zip(&self.worth) {
            let worth = |node: usize| {
                i32::from(
                    *worth
                        .get(node)
                        .unwrap_or_else(|| &tree.leaves[node - LEAVES]),
                )
            };
            let mut node = 1;
            for _ in 0..DEPTH {
                let next = tree.next(node, &features.0);
                let feature = usize::from(tree.questions[node][0]);
                shares[feature] += worth(next) - worth(node);
                node = next;
            }
        }
        shares
    }
}
