//! UTF-16 and UTF-32 to UTF-8, an item's whole text or a string of it among other bytes. What breaks their rules is replaced
//! and reported, so that the rest is still looked at.

use std::ops::Range;

use super::sniff::Sniffed;
use crate::model::{Encoding, OffsetMap, Stretch};

/// The shortest string of UTF-16 among other bytes that is looked at, in characters: no token is shorter.
const SHORTEST: usize = 12;

/// A decoded stretch.
pub(super) struct Decoded {
    pub(super) text: Vec<u8>,
    pub(super) map: OffsetMap,
    /// The first offending byte in the source. What is broken only because the stretch was cut there does not count.
    pub(super) broken: Option<u64>,
}

/// Decodes a stretch; every stretch begins at an offset that is a multiple of four.
pub(super) fn decode(stretch: &Stretch<'_>, sniffed: Sniffed) -> Decoded {
    let wide = matches!(sniffed.encoding, Encoding::Utf32Le | Encoding::Utf32Be);
    let unit = if wide { 4 } else { 2 };
    let skipped = if sniffed.marked && stretch.base == 0 {
        unit
    } else {
        0
    };
    let bytes = &stretch.bytes[skipped.min(stretch.bytes.len())..];
    let mut decoded = Decoded {
        text: Vec::with_capacity(bytes.len() / unit),
        map: OffsetMap::decoded(),
        broken: None,
    };
    let mut source = stretch.base + skipped as u64;
    let rest = if wide {
        let units = bytes.as_chunks::<4>();
        let character = |four: &[u8; 4]| match sniffed.encoding {
            Encoding::Utf32Be => char::from_u32(u32::from_be_bytes(*four)),
            _ => char::from_u32(u32::from_le_bytes(*four)),
        };
        for four in units.0 {
            decoded.add(character(four), 4, &mut source, &stretch.own);
        }
        units.1
    } else {
        let units = bytes.as_chunks::<2>();
        let unit = |pair: &[u8; 2]| match sniffed.encoding {
            Encoding::Utf16Be => u16::from_be_bytes(*pair),
            _ => u16::from_le_bytes(*pair),
        };
        for character in char::decode_utf16(units.0.iter().map(unit)) {
            let character = character.ok();
            let length = character.map_or(1, char::len_utf16) as u8 * 2;
            decoded.add(character, length, &mut source, &stretch.own);
        }
        units.1
    };
    if stretch.last && !rest.is_empty() {
        decoded.broken.get_or_insert(source);
    }
    decoded
}

impl Decoded {
    /// Adds what was `length` bytes at `source`; nothing if it is no character.
    fn add(&mut self, character: Option<char>, length: u8, source: &mut u64, own: &Range<u64>) {
        if character.is_none() && self.broken.is_none() && own.contains(source) {
            self.broken = Some(*source);
        }
        let character = character.unwrap_or(char::REPLACEMENT_CHARACTER);
        // A character's length never exceeds four.
        self.map
            .push(self.text.len(), *source, character.len_utf8() as u8, length);
        self.text
            .extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        *source += u64::from(length);
    }
}

/// A string of printable ASCII in UTF-16 among other bytes, as in programs and in files that were written twice.
pub(super) struct Wide {
    /// Where its first character's byte is that is not zero.
    pub(super) first: usize,
    pub(super) characters: usize,
    pub(super) encoding: Encoding,
}

/// The next such string in `bytes` that begins at `from` or later. One word of eight bytes in sixteen is looked at: every
/// string fills one of them.
pub(super) fn next_string(bytes: &[u8], from: usize) -> Option<Wide> {
    const EVEN: u64 = 0x00ff_00ff_00ff_00ff;
    let zero = from + memchr::memchr(0, bytes.get(from..)?)?;
    let mut at = zero.saturating_sub(16).max(from);
    while let Some(word) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let eight = u64::from_le_bytes(*word);
        let first = match (eight & EVEN, eight & !EVEN) {
            (0, 0) | (1.., 1..) => None,
            (_, 0) => Some(at),
            (0, _) => Some(at + 1),
        };
        if let Some(first) = first.filter(|first| {
            (0..4).all(|index| {
                bytes
                    .get(first + 2 * index)
                    .copied()
                    .is_some_and(is_printable)
            })
        }) {
            let found = string_around(bytes, from, first);
            if found.characters >= SHORTEST {
                return Some(found);
            }
        }
        at += 16;
    }
    None
}

/// The string of which a character is at `at`, and which begins at `from` or later.
fn string_around(bytes: &[u8], from: usize, at: usize) -> Wide {
    let mut first = at;
    while first >= from + 2 && is_printable(bytes[first - 2]) && bytes[first - 1] == 0 {
        first -= 2;
    }
    // A zero before the first character is its own if the most significant byte comes first.
    let preceded = first > from && bytes[first - 1] == 0;
    let rest = &bytes[first..];
    let both = |pair: &&[u8]| is_printable(pair[0]) && pair.get(1) == Some(&0);
    let whole = rest.chunks(2).take_while(both).count();
    let last = preceded && rest.get(2 * whole).is_some_and(|&byte| is_printable(byte));
    Wide {
        first,
        characters: whole + usize::from(last),
        encoding: if last {
            Encoding::Utf16Be
        } else {
            Encoding::Utf16Le
        },
    }
}

fn is_printable(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\t' | b'\n' | b'\r')
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

    #[test]
    fn utf32_is_decoded_and_what_is_no_character_is_replaced() {
        let bytes = b"\xff\xfe\0\0a\0\0\0\x20\xac\0\0\xff\xff\xff\xffb\0\0\0c";
        let whole = Stretch::whole(bytes);
        let sniffed = Sniffed {
            encoding: Encoding::Utf32Le,
            marked: true,
        };
        let decoded = decode(&whole, sniffed);
        assert_eq!(
            String::from_utf8(decoded.text).unwrap(),
            "a\u{ac20}\u{fffd}b"
        );
        assert_eq!(decoded.broken, Some(12));
        assert_eq!(
            [0, 1, 4, 7].map(|at| decoded.map.to_source(at)),
            [4, 8, 12, 16]
        );
    }

    #[test]
    fn strings_are_found_among_other_bytes_wherever_they_begin() {
        let little: Vec<u8> = "twelve chars"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let big: Vec<u8> = "twelve chars"
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect();
        for before in [
            &b""[..],
            b"a",
            b"ab",
            b"\0",
            b"\0\0",
            b"\0\0\0",
            b"text\n",
            b"x\0y\0\x07",
        ] {
            for (wide, encoding) in [(&little, Encoding::Utf16Le), (&big, Encoding::Utf16Be)] {
                // What could be the string's first character is taken for it.
                if encoding == Encoding::Utf16Be
                    && before.last().is_some_and(|&byte| is_printable(byte))
                {
                    continue;
                }
                let bytes = [before, wide, b"\x01\x02"].concat();
                let found = next_string(&bytes, 0).unwrap_or_else(|| panic!("{bytes:?}"));
                let text: Vec<u8> = bytes[found.first..]
                    .iter()
                    .step_by(2)
                    .take(found.characters)
                    .copied()
                    .collect();
                assert!(
                    text.windows(12).any(|part| part == b"twelve chars"),
                    "{bytes:?}: {text:?}"
                );
                if before == b"" {
                    assert_eq!(found.encoding, encoding);
                }
                assert!(next_string(&bytes, found.first + 2 * found.characters).is_none());
            }
        }
        assert!(next_string(&[0; 1000], 0).is_none());
        assert!(next_string(b"a\0b\0c\0d", 0).is_none());
    }
}
