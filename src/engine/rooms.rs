//! Each room's work by itself, for `benches/scan.rs`. No part of the interface: it changes as the rooms do.

use std::path::Path;

use crate::check::{self, ItemPath};
use crate::decode::{Decoder, Work, within};
use crate::matcher::{self, Scratch};
use crate::model::{Candidate, Stretch, Why};
use crate::rules::{AnchorHit, RuleSet};
use crate::source::{Buffer, Item};

/// The rooms with a run's rules, and what one thread uses again for every text. Each counts what it came to.
#[derive(Debug)]
pub struct Rooms<'r> {
    rules: &'r RuleSet,
    buffer: Buffer,
    matcher: Scratch,
    hits: Vec<AnchorHit>,
}

/// The anchors of a text.
#[derive(Debug)]
pub struct Anchored(Vec<AnchorHit>);

/// What the patterns of a text's anchors found in it.
#[derive(Debug)]
pub struct Matched(Vec<Candidate>);

impl<'r> Rooms<'r> {
    /// For these rules.
    pub fn new(rules: &'r RuleSet) -> Rooms<'r> {
        Rooms {
            rules,
            buffer: Buffer::default(),
            matcher: Scratch::default(),
            hits: Vec::new(),
        }
    }

    /// `source`: reads a file; how many bytes it has.
    ///
    /// # Errors
    /// It is not a regular file, or cannot be read.
    pub fn read(&mut self, path: &Path) -> Result<u64, Why> {
        Item::named_file(path.to_owned()).stretches(&mut self.buffer, |stretch| {
            std::hint::black_box(stretch.bytes);
        })
    }

    /// `decode`: how many texts a file's bytes are; two if they are in UTF-16 or UTF-32, which is undone.
    pub fn sniff(&self, bytes: &[u8]) -> usize {
        Decoder::new(bytes).views(&Stretch::whole(bytes)).count()
    }

    /// `matcher`, its first pass: how many anchors there are.
    pub fn anchors(&mut self, text: &[u8]) -> usize {
        matcher::find_anchors(self.rules, text, &mut self.hits);
        self.hits.len()
    }

    /// `matcher`, what follows on the first pass: how many candidates the anchors' patterns find.
    pub fn patterns(&mut self, text: &[u8], path: &str, anchored: &Anchored) -> usize {
        // What it refuses to finish, it refuses in every run.
        let _ = matcher::find_at(self.rules, text, path, &[], &anchored.0, &mut self.matcher);
        self.matcher.candidates.len()
    }

    /// `check`: how many of the candidates pass.
    pub fn checks(&self, text: &[u8], path: &str, matched: &Matched) -> usize {
        let path = ItemPath::new(path);
        let passes = |candidate: &&Candidate| {
            check::run(&self.rules.rules[candidate.rule], (text, &path), candidate).is_ok()
        };
        matched.0.iter().filter(passes).count()
    }

    /// `decode`: how many views are within a file's texts.
    pub fn decode(&self, bytes: &[u8]) -> usize {
        let mut count = 0;
        for text in Decoder::new(bytes).views(&Stretch::whole(bytes)) {
            let mut work = Work::for_text(text.bytes.len());
            within(&text, false, &mut work, &mut |_| count += 1);
        }
        count
    }

    /// The anchors of a text, for [`Rooms::patterns`].
    pub fn anchored(&mut self, text: &[u8]) -> Anchored {
        self.anchors(text);
        Anchored(self.hits.clone())
    }

    /// The candidates of a text, for [`Rooms::checks`].
    pub fn matched(&mut self, text: &[u8], path: &str, anchored: &Anchored) -> Matched {
        self.patterns(text, path, anchored);
        Matched(self.matcher.candidates.clone())
    }
}
