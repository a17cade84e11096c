//! From bytes to views: what is text in another encoding is decoded, with the way back to the source. Knows no rule, and
//! opens nothing.

mod sniff;
mod utf16;

use std::borrow::Cow;

use crate::model::{Encoding, OffsetMap, Position, Stretch, View};

/// Decodes one item, stretch by stretch.
#[derive(Debug)]
pub(crate) struct Decoder {
    encoding: Option<sniff::Sniffed>,
    raw: Position,
    text: Position,
    broken: Option<(Encoding, u64)>,
}

impl Decoder {
    /// For an item that begins with these bytes.
    pub(crate) fn new(beginning: &[u8]) -> Decoder {
        Decoder {
            encoding: sniff::utf16(beginning),
            raw: Position::START,
            text: Position::START,
            broken: None,
        }
    }

    /// The views of the next stretch; the first is the raw bytes.
    pub(crate) fn views<'a>(&mut self, stretch: &Stretch<'a>) -> Vec<View<'a>> {
        let raw = View {
            bytes: Cow::Borrowed(stretch.bytes),
            map: OffsetMap::raw(stretch.base),
            via: Vec::new(),
            origin: self.raw,
        };
        let mut views = vec![raw];
        if let Some(sniffed) = self.encoding {
            let decoded = utf16::decode(stretch, sniffed);
            if sniffed.marked && self.broken.is_none() {
                self.broken = decoded.broken.map(|at| (sniffed.encoding, at));
            }
            views.push(View {
                bytes: Cow::Owned(decoded.text),
                map: decoded.map,
                via: vec![sniffed.encoding],
                origin: self.text,
            });
        }
        // Lines need counting only where more is to come.
        if !stretch.last {
            self.raw = self.raw.after(&stretch.bytes[..stretch.advance]);
            if let Some(view) = views.get(1) {
                let next = view
                    .map
                    .to_view(stretch.base + stretch.advance as u64, view.bytes.len());
                self.text = self.text.after(&view.bytes[..next]);
            }
        }
        views
    }

    /// The first byte, if any, at which text that is marked as being in an encoding breaks its rules.
    pub(crate) const fn broken(&self) -> Option<(Encoding, u64)> {
        self.broken
    }
}
