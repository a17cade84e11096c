//! From bytes to views: what is text in another encoding is decoded, with the way back to the source. Knows no rule, and
//! opens nothing.
//!
//! An item's text as a whole is a view, as it is and decoded from UTF-16 or UTF-32. Within a view, parts that are encoded in
//! some other way are views of their own, and so on down to a depth and a limit of work. Most text holds nothing of the kind,
//! and costs one quick pass.
//!
//! What an item is, its first KiB decides: text in UTF-16 or UTF-32, or bytes. There is no third kind that is passed
//! over: a program, an archive or an image is looked at whole as it is, for secrets stand in those as well.

mod escapes;
mod joins;
mod looks;
mod runs;
mod sniff;
mod triggers;
mod unescape;
mod wide;
mod within;

use std::borrow::Cow;
use std::iter;

use crate::model::{Encoding, OffsetMap, Position, Stretch, View};

pub(crate) use within::{Work, via, within};

/// Decodes one item's text as a whole, stretch by stretch.
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
            encoding: sniff::encoding(beginning),
            raw: Position::START,
            text: Position::START,
            broken: None,
        }
    }

    /// The views of the next stretch; the first is the raw bytes.
    pub(crate) fn views<'a>(
        &mut self,
        stretch: &Stretch<'a>,
    ) -> impl Iterator<Item = View<'a>> + use<'a> {
        let raw = View {
            bytes: Cow::Borrowed(stretch.bytes),
            map: OffsetMap::raw(stretch.base),
            parent: None,
            via: None,
            origin: self.raw,
            own: stretch.own.clone(),
        };
        let text = self.encoding.map(|sniffed| {
            let decoded = wide::decode(stretch, sniffed);
            if sniffed.marked && self.broken.is_none() {
                self.broken = decoded.broken.map(|at| (sniffed.encoding, at));
            }
            View {
                bytes: Cow::Owned(decoded.text),
                map: decoded.map,
                parent: None,
                via: Some(sniffed.encoding),
                origin: self.text,
                own: stretch.own.clone(),
            }
        });
        // Lines need counting only where more is to come.
        if !stretch.last {
            self.raw = self.raw.after(&stretch.bytes[..stretch.advance]);
            if let Some(text) = &text {
                let next = text
                    .map
                    .to_view(stretch.base + stretch.advance as u64, text.bytes.len());
                self.text = self.text.after(&text.bytes[..next]);
            }
        }
        iter::once(raw).chain(text)
    }

    /// The first byte, if any, at which text that is marked as being in an encoding breaks its rules.
    pub(crate) const fn broken(&self) -> Option<(Encoding, u64)> {
        self.broken
    }
}
