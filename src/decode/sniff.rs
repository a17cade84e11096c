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

/// UTF-16 or UTF-32, by its byte-order mark or because zeros stand where they do in text of the Latin alphabet.
pub(super) fn encoding(beginning: &[u8]) -> Option<Sniffed> {
    let encoding = match beginning {
        // UTF-16 that begins with a zero character looks the same; no text does.
        [0xff, 0xfe, 0, 0, ..] => Encoding::Utf32Le,
        [0xff, 0xfe, ..] => Encoding::Utf16Le,
        [0, 0, 0xfe, 0xff, ..] => Encoding::Utf32Be,
        [0xfe, 0xff, ..] => Encoding::Utf16Be,
        _ => return by_zeros(&beginning[..beginning.len().min(SAMPLE)]),
    };
    Some(Sniffed {
        encoding,
        marked: true,
    })
}

fn by_zeros(sample: &[u8]) -> Option<Sniffed> {
    if sample.len() < SHORTEST || memchr::memchr(0, sample).is_none() {
        return None;
    }
    let mut zeros = [0; 4];
    for four in sample.as_chunks::<4>().0 {
        for (zeros, &byte) in zeros.iter_mut().zip(four) {
            *zeros += usize::from(byte == 0);
        }
    }
    let fours = sample.len() / 4;
    let many = |at: usize| zeros[at] * 10 >= fours * 7;
    let few = |at: usize| zeros[at] * 20 <= fours;
    let encoding = match () {
        () if few(0) && many(1) && many(2) && many(3) => Encoding::Utf32Le,
        () if many(0) && many(1) && many(2) && few(3) => Encoding::Utf32Be,
        () if few(0) && many(1) && few(2) && many(3) => Encoding::Utf16Le,
        () if many(0) && few(1) && many(2) && few(3) => Encoding::Utf16Be,
        () => return None,
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
        assert_eq!(encoding(b"\xff\xfea\0"), marked(Encoding::Utf16Le));
        assert_eq!(encoding(b"\xfe\xff\0a"), marked(Encoding::Utf16Be));
        let guess = |encoding| {
            Some(Sniffed {
                encoding,
                marked: false,
            })
        };
        assert_eq!(encoding(&little("plain text")), guess(Encoding::Utf16Le));
        let big: Vec<u8> = "plain text"
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect();
        assert_eq!(encoding(&big), guess(Encoding::Utf16Be));
    }

    #[test]
    fn plain_text_zeros_and_utf32_are_not_encoding() {
        assert_eq!(encoding(b"plain text, nothing else"), None);
        assert_eq!(encoding(&[0; 64]), None);
        assert_eq!(encoding(b""), None);
    }
}
