//! Whether bytes look like text: what is decoded to anything else is not looked at.

/// How much of a text may be no text, one byte in so many.
const STRAY: usize = 8;

/// What bytes look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Looks {
    /// Mostly printable characters of UTF-8.
    Text,
    /// Text of the Latin alphabet in UTF-16.
    Wide,
}

/// Whether the first bytes of what was decoded are worth a closer look: nearly all else is turned away here.
pub(super) fn may_begin(first: [u8; 6]) -> bool {
    let plain = first
        .iter()
        .filter(|&&byte| byte < 0x7f && !is_control(byte) || byte == 0)
        .count();
    let marked = matches!(
        first,
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0xef, 0xbb, 0xbf, ..]
    );
    plain >= 5 || marked
}

/// What the beginning of something looks like, if it looks like text; an unfinished character at its end does not count.
pub(super) fn like(bytes: &[u8]) -> Option<Looks> {
    if stray(bytes) == 0 {
        Some(Looks::Text)
    } else if is_wide(bytes) {
        Some(Looks::Wide)
    } else {
        None
    }
}

/// Whether bytes look like more of what came before.
pub(super) fn goes_on(bytes: &[u8], looks: Looks) -> bool {
    match looks {
        Looks::Text => stray(bytes) * STRAY <= bytes.len(),
        // Other alphabets have no zeros; half of it Latin is enough.
        Looks::Wide => bytes.iter().filter(|&&byte| byte == 0).count() * 4 >= bytes.len(),
    }
}

/// How many bytes are control characters or no UTF-8.
fn stray(bytes: &[u8]) -> usize {
    let controls = |text: &str| text.bytes().filter(|&byte| is_control(byte)).count();
    let mut stray = 0;
    let mut chunks = bytes.utf8_chunks().peekable();
    while let Some(chunk) = chunks.next() {
        let unfinished = chunks.peek().is_none() && chunk.invalid().len() < 4 && bytes.len() > 4;
        stray += controls(chunk.valid());
        if !unfinished || chunk.invalid().first().is_none_or(|&byte| byte < 0xc2) {
            stray += chunk.invalid().len();
        }
    }
    stray
}

const fn is_control(byte: u8) -> bool {
    byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x1b) || byte == 0x7f
}

fn is_wide(bytes: &[u8]) -> bool {
    let pairs = bytes.as_chunks::<2>().0;
    let marked = matches!(pairs.first(), Some([0xff, 0xfe] | [0xfe, 0xff]));
    let pairs = &pairs[usize::from(marked)..];
    let is_text = |byte: u8| byte < 0x80 && !is_control(byte) && byte != 0;
    !pairs.is_empty()
        && (pairs.iter().all(|&[low, high]| high == 0 && is_text(low))
            || pairs.iter().all(|&[high, low]| high == 0 && is_text(low)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_told_from_other_bytes() {
        for text in [
            &b"user:password"[..],
            b"{\"a\":\n1}",
            "\u{feff}Schlüssel: ключ".as_bytes(),
            &"клю".as_bytes()[..5],
        ] {
            assert_eq!(like(text), Some(Looks::Text), "{text:?}");
        }
        for wide in [&b"p\0a\0s\0s\0"[..], b"\0p\0a\0s\0s", b"\xff\xfep\0a\0"] {
            assert_eq!(like(wide), Some(Looks::Wide), "{wide:?}");
        }
        for other in [
            &b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..],
            b"\x1f\x8b\x08\0\0\0\0\0",
            &[0; 12],
            b"0\x82\x04\xa4\x02\x01\0\x02",
        ] {
            assert_eq!(like(other), None, "{other:?}");
        }
    }
}
