//! UTF-16 to UTF-8. What breaks its rules is replaced and reported, so that the rest is still looked at.

use super::sniff::Sniffed;
use crate::model::{Encoding, OffsetMap, Stretch};

/// A decoded stretch.
pub(super) struct Decoded {
    pub(super) text: Vec<u8>,
    pub(super) map: OffsetMap,
    /// The first offending byte in the source. What is broken only because the stretch was cut there does not count.
    pub(super) broken: Option<u64>,
}

/// Decodes a stretch; every stretch begins at an even offset.
pub(super) fn decode(stretch: &Stretch<'_>, sniffed: Sniffed) -> Decoded {
    let skipped = if sniffed.marked && stretch.base == 0 {
        2
    } else {
        0
    };
    let units = stretch.bytes[skipped..].as_chunks::<2>();
    let unit = |pair: &[u8; 2]| match sniffed.encoding {
        Encoding::Utf16Le => u16::from_le_bytes(*pair),
        Encoding::Utf16Be => u16::from_be_bytes(*pair),
    };
    let mut decoded = Decoded {
        text: Vec::with_capacity(stretch.bytes.len() / 2),
        map: OffsetMap::decoded(),
        broken: None,
    };
    let mut source = stretch.base + skipped as u64;
    for character in char::decode_utf16(units.0.iter().map(unit)) {
        if character.is_err() && decoded.broken.is_none() && stretch.own.contains(&source) {
            decoded.broken = Some(source);
        }
        let character = character.unwrap_or(char::REPLACEMENT_CHARACTER);
        // Neither length exceeds four.
        let (view_step, source_step) =
            (character.len_utf8() as u8, character.len_utf16() as u8 * 2);
        decoded
            .map
            .push(decoded.text.len(), source, view_step, source_step);
        decoded
            .text
            .extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        source += u64::from(source_step);
    }
    if stretch.last && !units.1.is_empty() {
        decoded.broken.get_or_insert(source);
    }
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode_all(bytes: &[u8], marked: bool) -> Decoded {
        let whole = Stretch {
            bytes,
            base: 0,
            own: 0..bytes.len() as u64,
            last: true,
            advance: bytes.len(),
        };
        decode(
            &whole,
            Sniffed {
                encoding: Encoding::Utf16Le,
                marked,
            },
        )
    }

    #[test]
    fn every_view_byte_leads_back_to_the_character_it_came_from() {
        let text = "a é € 𝄞 z";
        let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let decoded = decode_all(&bytes, false);
        assert_eq!(decoded.text, text.as_bytes());
        assert_eq!(decoded.broken, None);
        let mut source = 0;
        for (view, character) in text.char_indices() {
            for within in 0..character.len_utf8() {
                assert_eq!(
                    decoded.map.to_source(view + within),
                    source,
                    "{character:?} + {within}"
                );
            }
            source += character.len_utf16() as u64 * 2;
        }
        assert_eq!(decoded.map.to_source(text.len()), source);
    }

    #[test]
    fn broken_text_is_replaced_and_reported() {
        let decoded = decode_all(b"\xff\xfea\0\x00\xd8b\0", true);
        assert_eq!(String::from_utf8(decoded.text).unwrap(), "a\u{fffd}b");
        assert_eq!(decoded.broken, Some(4));
        assert_eq!(decode_all(b"a\0b", false).broken, Some(2));
    }
}
