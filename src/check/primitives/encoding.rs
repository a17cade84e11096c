//! Texts that stand for bytes: base64 in all its spellings, percent-escapes, JSON in base64. Sources: RFC 4648, RFC 3986
//! section 2.1.

use std::borrow::Cow;

use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD};
use serde_json::{Map, Value};

/// The longest text that is decoded, in bytes.
const LONGEST: usize = 1 << 16;

/// Base64 of either alphabet, with or without padding; leftover bits must be zero, as every encoder leaves them.
pub(crate) fn base64(text: &[u8]) -> Option<Vec<u8>> {
    let padding = text.iter().rev().take_while(|&&byte| byte == b'=').count();
    if text.len() > LONGEST || padding > 3 {
        return None;
    }
    let bare = &text[..text.len() - padding];
    let encoding = if bare.iter().any(|byte| matches!(byte, b'-' | b'_')) {
        BASE64URL_NOPAD
    } else {
        BASE64_NOPAD
    };
    encoding.decode(bare).ok()
}

/// A text with its `%2B` and the like undone; what is no escape stays.
pub(crate) fn percent_decoded(text: &[u8]) -> Cow<'_, [u8]> {
    if !text.contains(&b'%') {
        return Cow::Borrowed(text);
    }
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, after @ ..] = rest {
        match after {
            [high, low, behind @ ..]
                if *first == b'%' && high.is_ascii_hexdigit() && low.is_ascii_hexdigit() =>
            {
                decoded.push(hex_digit(*high) << 4 | hex_digit(*low));
                rest = behind;
            }
            _ => {
                decoded.push(*first);
                rest = after;
            }
        }
    }
    Cow::Owned(decoded)
}

/// The value of a hexadecimal digit of either case; 0 for anything else.
const fn hex_digit(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => byte - b'0',
        b'a'..=b'f' => byte - b'a' + 10,
        b'A'..=b'F' => byte - b'A' + 10,
        _ => 0,
    }
}

/// Hexadecimal digits of either case.
pub(crate) fn hex(text: &[u8]) -> Option<Vec<u8>> {
    data_encoding::HEXLOWER_PERMISSIVE.decode(text).ok()
}

/// A JSON object in base64.
pub(crate) fn json_object(text: &[u8]) -> Option<Map<String, Value>> {
    match serde_json::from_slice(&base64(text)?).ok()? {
        Value::Object(object) => Some(object),
        _ => None,
    }
}

/// Whether `text` has the shape of a UUID.
pub(crate) fn is_uuid(text: &[u8]) -> bool {
    text.len() == 36
        && text.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read_in_all_its_spellings() {
        for text in ["+/8=", "-_8=", "+/8", "-_8"] {
            assert_eq!(base64(text.as_bytes()), Some(vec![0xfb, 0xff]), "{text}");
        }
        for text in ["+_8=", "+/9", "+/8====", "a", "a b"] {
            assert_eq!(base64(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn percent_escapes_are_undone_and_other_percents_stay() {
        assert_eq!(*percent_decoded(b"a%2Bb%2fc%"), *b"a+b/c%");
        assert_eq!(*percent_decoded(b"100%zz%2"), *b"100%zz%2");
    }
}
