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
const VIEW_COST: usize = 32;

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
            let whole = Stretch::whole(bytes);
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
            let zero_first = found.encoding == Encoding::Utf16Be;
            map.push(0, (found.first - usize::from(zero_first)) as u64, 1, 2);
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

#[cfg(test)]
mod tests {
    use super::*;

    /// What one view held: how it came about, its text, and where each of its bytes leads.
    type Held = (Vec<Encoding>, Vec<u8>, Vec<ViewRange>);

    fn all_within(text: &[u8], cut: bool) -> (Vec<Held>, Work) {
        let view = View::whole(text);
        let mut work = Work::for_text(text.len());
        let mut all = Vec::new();
        within(&view, cut, &mut work, &mut |view| {
            let length = view.bytes.len();
            let places = (0..length).map(|at| view.in_text(ViewRange::new(at, at + 1)).1);
            let via = via(view, ViewRange::new(0, length));
            all.push((via, view.bytes.to_vec(), places.collect()));
        });
        (all, work)
    }

    /// A linear congruential generator: the same texts in every run.
    fn numbers(mut state: u64) -> impl FnMut(usize) -> usize {
        move |below| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % below
        }
    }

    const PIECES: &[&[u8]] = &[
        b"%41",
        b"%C3%A9",
        b"\\u0041",
        b"\\ud83d\\ude00",
        b"\\\\u{41}",
        b"\\x41",
        b"&#65;",
        b"&amp;",
        b"\" + \"",
        b"\\\" . \\\"",
        b"'\n'",
        b"=3D",
        b"=\r\n",
        b"\xe2\x80\x8b",
        b"\xef\xbc\xa1",
        b"\xef\xbb",
        b"YSBsb25nIHRleHQgaW4gYmFzZTY0LCBvZiBvbmUgbGluZQ",
        b"WVNCc2IyNW5JSFJsZUhRZ2FXNGdZbUZ6WlRZMExDQnZaaUJ2Ym1VZ2JHbHVaUQ==",
        b"61206c6f6e67207465787420696e20686578",
        b"a\0b\0c\0d\0e\0f\0g\0h\0i\0j\0k\0l\0m\0",
        b"\n",
        b"\\\n  ",
        b"_",
        b"secretsecretsecret",
        b"\0\0\0",
        b"=",
    ];

    #[test]
    fn whatever_is_mixed_every_byte_leads_into_the_text_and_in_order() {
        let mut next = numbers(11);
        for round in 0..3000 {
            let mut text = Vec::new();
            for _ in 0..next(24) {
                if next(5) == 0 {
                    text.extend((0..next(6)).map(|_| u8::try_from(next(256)).unwrap()));
                } else {
                    text.extend_from_slice(PIECES[next(PIECES.len())]);
                }
            }
            let (all, work) = all_within(&text, round % 2 == 0);
            assert!(!work.exhausted);
            for (via, bytes, places) in all {
                assert!(via.len() <= 4 * MOST_LAYERS && bytes.len() <= text.len());
                let mut least = 0;
                for place in places {
                    assert!(
                        least <= place.start && place.start < place.end && place.end <= text.len(),
                        "{via:?} {place:?} in {:?}",
                        String::from_utf8_lossy(&text)
                    );
                    least = place.start;
                }
            }
        }
    }

    #[test]
    fn what_is_encoded_in_what_is_encoded_is_seen_down_to_a_depth() {
        let mut text = "a secret of some length".to_owned();
        for depth in 1..=MOST_LAYERS + 2 {
            text = data_encoding::BASE64.encode(text.as_bytes());
            let (all, work) = all_within(text.as_bytes(), false);
            let innermost = all.last().unwrap();
            assert_eq!(innermost.0, vec![Encoding::Base64; depth.min(MOST_LAYERS)]);
            assert_eq!(
                innermost.1 == b"a secret of some length",
                depth <= MOST_LAYERS
            );
            assert_eq!(work.too_deep, depth > MOST_LAYERS);
        }
    }

    #[test]
    fn work_ends_at_its_limit() {
        // Each layer of escapes is undone in place, and what comes of it is looked at again.
        let line = format!("{}secretsecretsecret\n", "%2525252525252541".repeat(6));
        let (all, work) = all_within(line.repeat(20_000).as_bytes(), false);
        let decoded: usize = all.iter().map(|(_, bytes, _)| bytes.len()).sum();
        assert!(decoded <= line.len() * 20_000 * WORK + LEAST_WORK);
        assert!(work.exhausted || work.too_deep);
    }

    #[test]
    fn a_long_part_is_undone_in_pieces_that_each_report_their_own() {
        let text = "%41%42secretsecretsecret".repeat(60_000);
        let view = View::whole(text.as_bytes());
        let mut owned = Vec::new();
        let mut pieces = 0;
        within(&view, false, &mut Work::for_text(text.len()), &mut |view| {
            pieces += 1;
            for at in memchr::memmem::find_iter(&view.bytes, b"ABsecret") {
                if view.owns(at) {
                    owned.push(view.in_text(ViewRange::new(at, at + 1)).1.start);
                }
            }
        });
        assert!(pieces > 2);
        let expected: Vec<usize> = (0..60_000).map(|index| index * 24).collect();
        assert_eq!(owned, expected);
    }
}
