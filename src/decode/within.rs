//! What is encoded within a view, as views of its own, each with what is encoded within it in turn: down to a depth, and up
//! to a limit of work that grows with the text.

use std::borrow::Cow;
use std::ops::Range;

use super::triggers::{self, Found};
use super::unescape::{What, kinds, undo};
use super::{looks, runs, sniff, wide};
use crate::model::{Encoding, OffsetMap, Position, Stretch, View, ViewRange};

/// How many encodings may be undone one after the other.
const MOST_LAYERS: usize = 6;

/// How many bytes may be decoded for each byte of a text, and how many in any case.
const WORK: usize = 4;
const LEAST_WORK: usize = 1 << 20;

/// What a view costs, however short it is, in bytes.
const VIEW_COST: usize = 128;

/// How much of a text is unescaped at once, in bytes, and how much of it is context to each side. What is longer is taken in
/// parts, so that the way back stays small.
const OWN: usize = 512 << 10;
const MARGIN: usize = 64 << 10;

/// How much decoding may be done for a text, and whether that was too little.
#[derive(Debug)]
pub(crate) struct Work {
    left: usize,
    /// Whether more was encoded than was decoded.
    pub(crate) exhausted: bool,
    /// Whether something was encoded more often than is undone.
    pub(crate) too_deep: bool,
}

impl Work {
    /// For a text of so many bytes.
    pub(crate) const fn for_text(length: usize) -> Work {
        Work {
            left: length.saturating_mul(WORK).saturating_add(LEAST_WORK),
            exhausted: false,
            too_deep: false,
        }
    }

    /// Takes what a view of so many bytes costs, if it is left.
    fn take(&mut self, length: usize) -> bool {
        let cost = length + VIEW_COST;
        self.exhausted |= self.left < cost;
        self.left = self.left.saturating_sub(cost);
        !self.exhausted
    }
}

/// Gives everything that is encoded within a view of an item's text to `visit`, each view before those within it. A text that
/// is `cut` may have begun before. None is kept.
pub(crate) fn within(
    text: &View<'_>,
    cut: bool,
    work: &mut Work,
    visit: &mut dyn FnMut(&View<'_>),
) {
    let layer = Layer {
        view: text,
        depth: 0,
        cut,
    };
    layer.descend(work, visit);
}

/// What was undone to see a range of a view, outermost first.
pub(crate) fn via(view: &View<'_>, range: ViewRange) -> Vec<Encoding> {
    let mut undone = match view.parent {
        None => Vec::new(),
        Some(parent) => via(parent, view.in_parent(range)),
    };
    match (view.via, view.parent) {
        (Some(encoding), _) => undone.push(encoding),
        (None, Some(parent)) => {
            let range = view.in_parent(range);
            undone.extend(kinds(&parent.bytes, range.start..range.end, What::Escapes));
        }
        (None, None) => {}
    }
    undone
}

/// A view, and what is known of it.
struct Layer<'v> {
    view: &'v View<'v>,
    depth: usize,
    cut: bool,
}

impl Layer<'_> {
    fn descend(&self, work: &mut Work, visit: &mut dyn FnMut(&View<'_>)) {
        let text = &self.view.bytes[..];
        // In what was undone in place, only what came of that is new.
        let in_place = self.view.parent.is_some()
            && matches!(self.view.via, None | Some(Encoding::QuotedPrintable));
        let is_new = |range: Range<usize>| !in_place || self.view.map.is_decoded(range.into());
        let found = triggers::find(text, is_new);
        if self.depth == MOST_LAYERS {
            work.too_deep |= self.holds_more(&found);
            return;
        }
        for (islands, what) in [
            (&found.escaped, What::Escapes),
            (&found.quoted, What::QuotedPrintable),
        ] {
            for island in &islands.ranges {
                self.unescape(island.clone(), what, work, visit);
            }
        }
        let mut reached = 0;
        for run in &found.runs {
            if work.exhausted {
                return;
            }
            if run.start < reached || !is_new(run.clone()) {
                continue;
            }
            if let Some(decoded) = runs::decode(text, run.clone(), self.is_cut(run)) {
                reached = decoded.end;
                self.child(
                    decoded.bytes,
                    decoded.map,
                    Some(decoded.encoding),
                    0..u64::MAX,
                    work,
                    visit,
                );
            }
        }
        self.wide(work, visit);
    }

    /// Whether a run may have begun before the text.
    fn is_cut(&self, run: &Range<usize>) -> bool {
        // A line of it may have ended just there.
        self.cut && run.start < 64
    }

    fn holds_more(&self, found: &Found) -> bool {
        let text = &self.view.bytes;
        !found.escaped.ranges.is_empty()
            || !found.quoted.ranges.is_empty()
            || found
                .runs
                .iter()
                .any(|run| runs::decode(text, run.clone(), self.is_cut(run)).is_some())
    }

    /// One part with what is escaped in it undone, in pieces if it is long.
    fn unescape(
        &self,
        island: Range<usize>,
        what: What,
        work: &mut Work,
        visit: &mut dyn FnMut(&View<'_>),
    ) {
        let text = &self.view.bytes[..];
        let via = (what == What::QuotedPrintable).then_some(Encoding::QuotedPrintable);
        let mut own = island.start;
        while own < island.end && !work.exhausted {
            let is_last = island.end - own <= OWN + MARGIN;
            let own_end = if is_last { island.end } else { own + OWN };
            let from = island.start.max(own.saturating_sub(MARGIN));
            let to = island.end.min(own_end + MARGIN);
            let undone = undo(text, from..to, what);
            if undone.bytes.len() < to - from {
                self.child(
                    undone.bytes,
                    undone.map,
                    via,
                    own as u64..own_end as u64,
                    work,
                    visit,
                );
            }
            own = own_end;
        }
    }

    /// Strings of UTF-16, or a whole view of it that came out of another encoding.
    fn wide(&self, work: &mut Work, visit: &mut dyn FnMut(&View<'_>)) {
        let bytes = &self.view.bytes[..];
        let is_text = self.view.parent.is_none() && self.view.via.is_some();
        if is_text || memchr::memchr(0, bytes).is_none() {
            return;
        }
        if self.view.parent.is_some()
            && looks::like(&bytes[..bytes.len().min(64)]) == Some(looks::Looks::Wide)
            && let Some(sniffed) = sniff::encoding(bytes)
        {
            let whole = Stretch {
                bytes,
                base: 0,
                own: 0..u64::MAX,
                last: true,
                advance: bytes.len(),
            };
            let decoded = wide::decode(&whole, sniffed);
            return self.child(
                decoded.text,
                decoded.map,
                Some(sniffed.encoding),
                0..u64::MAX,
                work,
                visit,
            );
        }
        // An item that is UTF-16 as a whole is decoded as such.
        if self.view.parent.is_none() && sniff::encoding(bytes).is_some() {
            return;
        }
        let mut from = 0;
        while let Some(found) = wide::next_string(bytes, from) {
            from = found.first + 2 * found.characters - 1;
            let characters = bytes[found.first..]
                .iter()
                .step_by(2)
                .take(found.characters);
            let mut map = OffsetMap::decoded();
            map.push(0, found.first as u64, 1, 2);
            self.child(
                characters.copied().collect(),
                map,
                Some(found.encoding),
                0..u64::MAX,
                work,
                visit,
            );
            if work.exhausted {
                return;
            }
        }
    }

    /// A view within this one, and what is within it.
    fn child(
        &self,
        bytes: Vec<u8>,
        map: OffsetMap,
        via: Option<Encoding>,
        own: Range<u64>,
        work: &mut Work,
        visit: &mut dyn FnMut(&View<'_>),
    ) {
        if !work.take(bytes.len()) {
            return;
        }
        // What begins where a cut text begins is cut itself.
        let cut = self.cut && map.to_source(0) < 64;
        let view = View {
            bytes: Cow::Owned(bytes),
            map,
            parent: Some(self.view),
            via,
            origin: Position::START,
            own,
        };
        visit(&view);
        let layer = Layer {
            view: &view,
            depth: self.depth + 1,
            cut,
        };
        layer.descend(work, visit);
    }
}
