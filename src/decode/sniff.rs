//! Which encoding a text is in, from its first bytes. Decodes nothing.

use crate::model::Encoding;

/// How much of an item is looked at, in bytes.
const SAMPLE: usize = 1024;

/// The least that can be judged without a byte-order mark, in bytes.
const SHORTEST: usize = 8;

/// An encoding, and how it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sniffed {
    pub(super) encoding: Encoding,
    /// Whether a byte-order mark says so; without one it is a guess.
    pub(super) marked: bool,
}

/// UTF-16, by its byte-order mark or because nearly every other byte is zero, as in text of the Latin alphabet.
pub(super) fn utf16(beginning: &[u8]) -> Option<Sniffed> {
    match beginning {
        // Two zeros more would make it UTF-32.
        [0xff, 0xfe, rest @ ..] if !rest.starts_with(&[0, 0]) => Some(Sniffed {
            encoding: Encoding::Utf16Le,
            marked: true,
        }),
        [0xfe, 0xff, ..] => Some(Sniffed {
            encoding: Encoding::Utf16Be,
            marked: true,
        }),
        _ => by_zeros(&beginning[..beginning.len().min(SAMPLE)]),
    }
}

fn by_zeros(sample: &[u8]) -> Option<Sniffed> {
    if sample.len() < SHORTEST {
        return None;
    }
    let zeros = |first: usize| {
        sample
            .iter()
            .skip(first)
            .step_by(2)
            .filter(|&&byte| byte == 0)
            .count()
    };
    let (even, odd, pairs) = (zeros(0), zeros(1), sample.len() / 2);
    let encoding = match (even, odd) {
        (few, many) if many * 10 >= pairs * 7 && few * 20 <= pairs => Encoding::Utf16Le,
        (many, few) if many * 10 >= pairs * 7 && few * 20 <= pairs => Encoding::Utf16Be,
        _ => return None,
    };
    Some(Sniffed {
        encoding,
        marked: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn little(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn a_mark_decides_and_zeros_hint() {
        let marked = |encoding| {
            Some(Sniffed {
                encoding,
                marked: true,
            })
        };
        assert_eq!(utf16(b"\xff\xfea\0"), marked(Encoding::Utf16Le));
        assert_eq!(utf16(b"\xfe\xff\0a"), marked(Encoding::Utf16Be));
        let guess = |encoding| {
            Some(Sniffed {
                encoding,
                marked: false,
            })
        };
        assert_eq!(utf16(&little("plain text")), guess(Encoding::Utf16Le));
        let big: Vec<u8> = "plain text"
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect();
        assert_eq!(utf16(&big), guess(Encoding::Utf16Be));
    }

    #[test]
    fn plain_text_zeros_and_utf32_are_not_utf16() {
        assert_eq!(utf16(b"plain text, nothing else"), None);
        assert_eq!(utf16(&[0; 64]), None);
        assert_eq!(utf16(b"\xff\xfe\0\0a\0\0\0"), None);
        assert_eq!(utf16(b""), None);
    }
}
