//! One character that is written as something else: percent, backslash and HTML escapes, full-width forms, and characters that
//! take no room. Says what stands at a place, and nothing of whether it matters there.

use crate::model::Encoding;

/// What stands for something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Escape {
    /// How many bytes it takes; more than what it stands for.
    pub(super) length: usize,
    pub(super) meaning: Meaning,
    pub(super) encoding: Encoding,
}

/// What is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Character(char),
    /// One byte, perhaps of a longer character.
    Byte(u8),
    Nothing,
}

/// Backslashes before a letter double with each time that a text is quoted.
const MOST_BACKSLASHES: usize = 16;

/// The longest of HTML's names that matter here.
const LONGEST_NAME: usize = 16;

/// HTML's names of what secrets and assignments are made of. Source: the WHATWG's list of named character references.
const NAMED: &[(&[u8], char)] = &[
    (b"amp;", '&'),
    (b"apos;", '\''),
    (b"ast;", '*'),
    (b"bsol;", '\\'),
    (b"colon;", ':'),
    (b"comma;", ','),
    (b"commat;", '@'),
    (b"dash;", '\u{2010}'),
    (b"dollar;", '$'),
    (b"equals;", '='),
    (b"excl;", '!'),
    (b"gt;", '>'),
    (b"hyphen;", '\u{2010}'),
    (b"lowbar;", '_'),
    (b"UnderBar;", '_'),
    (b"lt;", '<'),
    (b"nbsp;", ' '),
    (b"num;", '#'),
    (b"percnt;", '%'),
    (b"period;", '.'),
    (b"plus;", '+'),
    (b"quest;", '?'),
    (b"quot;", '"'),
    (b"semi;", ';'),
    (b"sol;", '/'),
    (b"shy;", '\u{ad}'),
    (b"Tab;", '\t'),
    (b"NewLine;", '\n'),
    (b"zwnj;", '\u{200c}'),
    (b"zwj;", '\u{200d}'),
    (b"ZeroWidthSpace;", '\u{200b}'),
    (b"NoBreak;", '\u{2060}'),
];

/// The escape that begins at `at`, if one does.
pub(super) fn at(text: &[u8], at: usize) -> Option<Escape> {
    let rest = text.get(at..)?;
    match rest.first()? {
        b'%' => percent(rest),
        b'\\' => backslash(rest),
        b'&' => entity(rest),
        0xc2 | 0xcd | 0xe1 | 0xe2 | 0xef => character(rest),
        _ => None,
    }
}

/// `=41`, and an equals sign that ends a line. Source: RFC 2045, section 6.7.
pub(super) fn quoted_printable(text: &[u8], at: usize) -> Option<Escape> {
    let rest = text.get(at..)?;
    let (length, meaning) = match rest {
        [b'=', b'\r', b'\n', ..] => (3, Meaning::Nothing),
        [b'=', b'\n', ..] => (2, Meaning::Nothing),
        [b'=', high, low, ..] if !(high.is_ascii_lowercase() || low.is_ascii_lowercase()) => {
            (3, byte(pair(*high, *low)?)?)
        }
        _ => return None,
    };
    Some(Escape {
        length,
        meaning,
        encoding: Encoding::QuotedPrintable,
    })
}

fn percent(rest: &[u8]) -> Option<Escape> {
    let (length, meaning) = match rest {
        // What `escape` writes in JavaScript.
        [b'%', b'u' | b'U', a, b, c, d, ..] => (6, Meaning::Character(four([*a, *b, *c, *d])?)),
        [b'%', high, low, ..] => (3, byte(pair(*high, *low)?)?),
        _ => return None,
    };
    Some(Escape {
        length,
        meaning,
        encoding: Encoding::Percent,
    })
}

fn backslash(rest: &[u8]) -> Option<Escape> {
    let slashes = rest
        .iter()
        .take(MOST_BACKSLASHES)
        .take_while(|&&byte| byte == b'\\')
        .count();
    let after = &rest[slashes..];
    let (length, meaning, encoding) = match after {
        [b'u', b'{', ..] => {
            let (length, character) = braced(&after[1..])?;
            (
                1 + length,
                Meaning::Character(character),
                Encoding::UnicodeEscape,
            )
        }
        [b'u', a, b, c, d, ..] => {
            let (length, character) = utf16([*a, *b, *c, *d], &after[5..], slashes)?;
            (
                length,
                Meaning::Character(character),
                Encoding::UnicodeEscape,
            )
        }
        [b'U', digits @ ..] => {
            let digits = digits.first_chunk::<8>()?;
            (
                9,
                Meaning::Character(number(digits, 16)?),
                Encoding::UnicodeEscape,
            )
        }
        [b'x', b'{', ..] => {
            let (length, character) = braced(&after[1..])?;
            (
                1 + length,
                Meaning::Character(character),
                Encoding::HexEscape,
            )
        }
        [b'x', high, low, ..] => (3, byte(pair(*high, *low)?)?, Encoding::HexEscape),
        // JSON may write a slash so.
        [b'/', ..] => (1, Meaning::Character('/'), Encoding::UnicodeEscape),
        // The line goes on below, its indentation aside.
        [b'\n', ..] | [b'\r', b'\n', ..] if slashes == 1 => {
            let line_end = if after[0] == b'\n' { 1 } else { 2 };
            let blanks = after[line_end..]
                .iter()
                .take(64)
                .take_while(|byte| matches!(byte, b' ' | b'\t'));
            (
                line_end + blanks.count(),
                Meaning::Nothing,
                Encoding::Concatenation,
            )
        }
        _ => return None,
    };
    Some(Escape {
        length: slashes + length,
        meaning,
        encoding,
    })
}

fn entity(rest: &[u8]) -> Option<Escape> {
    let after = &rest[1..];
    let (length, character) = match after {
        [b'#', b'x' | b'X', digits @ ..] => numbered(digits, 16, 2)?,
        [b'#', digits @ ..] => numbered(digits, 10, 1)?,
        _ => {
            // Most ampersands are no entities.
            let letters = after.iter().take(LONGEST_NAME);
            let end = letters
                .take_while(|byte| byte.is_ascii_alphabetic())
                .count();
            let name = after.get(..=end).filter(|name| name.ends_with(b";"))?;
            let (_, character) = NAMED.iter().find(|(known, _)| *known == name)?;
            (name.len(), *character)
        }
    };
    Some(Escape {
        length: 1 + length,
        meaning: shown(character),
        encoding: Encoding::HtmlEntity,
    })
}

/// A number of digits, and the semicolon that may be left out.
fn numbered(digits: &[u8], radix: u32, before: usize) -> Option<(usize, char)> {
    let length = digits
        .iter()
        .take(8)
        .take_while(|&&digit| char::from(digit).is_digit(radix))
        .count();
    let character = number(&digits[..length], radix)?;
    let end = usize::from(digits.get(length) == Some(&b';'));
    Some((before + length + end, character))
}

/// Characters of UTF-8 that look like ASCII or like nothing.
fn character(rest: &[u8]) -> Option<Escape> {
    let (length, meaning, encoding) = match rest {
        [0xef, 0xbc, last @ 0x81..=0xbf, ..] => {
            (3, Meaning::Byte(last - 0x60), Encoding::FullWidth)
        }
        [0xef, 0xbd, last @ 0x80..=0x9e, ..] => {
            (3, Meaning::Byte(last - 0x20), Encoding::FullWidth)
        }
        [0xc2, 0xad, ..] | [0xcd, 0x8f, ..] => (2, Meaning::Nothing, Encoding::ZeroWidth),
        [0xe1, 0xa0, 0x8e, ..]
        | [0xe2, 0x80, 0x8b..=0x8f | 0xaa..=0xae, ..]
        | [0xe2, 0x81, 0xa0..=0xaf, ..]
        | [0xef, 0xb8, 0x80..=0x8f, ..]
        | [0xef, 0xbb, 0xbf, ..] => (3, Meaning::Nothing, Encoding::ZeroWidth),
        _ => return None,
    };
    Some(Escape {
        length,
        meaning,
        encoding,
    })
}

/// What is left of a character that was escaped: one that takes no room leaves nothing.
fn shown(character: char) -> Meaning {
    match character {
        '\u{ad}'
        | '\u{34f}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}' => Meaning::Nothing,
        '\u{ff01}'..='\u{ff5e}' => {
            let ascii = u32::from(character) - 0xff01 + 0x21;
            Meaning::Character(char::from_u32(ascii).unwrap_or(character))
        }
        '\u{2010}' | '\u{2011}' => Meaning::Character('-'),
        _ => Meaning::Character(character),
    }
}

fn pair(high: u8, low: u8) -> Option<u8> {
    Some(digit(high)? << 4 | digit(low)?)
}

pub(super) fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

/// A byte of text, or of a longer character; a control character is neither.
fn byte(byte: u8) -> Option<Meaning> {
    (is_shown(byte) || byte >= 0x80).then_some(Meaning::Byte(byte))
}

/// Whether a byte of ASCII is part of text.
pub(super) const fn is_shown(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\t' | b'\n' | b'\r')
}

fn four(digits: [u8; 4]) -> Option<char> {
    number(&digits, 16)
}

fn number(digits: &[u8], radix: u32) -> Option<char> {
    let text = std::str::from_utf8(digits).ok()?;
    // A sign is no digit.
    if !text.bytes().all(|digit| char::from(digit).is_digit(radix)) {
        return None;
    }
    char::from_u32(u32::from_str_radix(text, radix).ok()?).filter(|&character| character != '\0')
}

/// `{41}`: its length, and the character.
fn braced(rest: &[u8]) -> Option<(usize, char)> {
    let close = rest.iter().take(12).position(|&byte| byte == b'}')?;
    Some((close + 1, number(rest[1..close].trim_ascii(), 16)?))
}

/// The character of one escape, or of two that are halves of it: `u`, digits, and the rest of the text behind them.
fn utf16(digits: [u8; 4], rest: &[u8], slashes: usize) -> Option<(usize, char)> {
    if let Some(character) = four(digits) {
        return Some((5, character));
    }
    let unit = |digits: &[u8]| u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok();
    let first = unit(&digits)?;
    let second = rest.get(slashes..slashes + 5)?;
    let second = second.strip_prefix(b"u").and_then(unit)?;
    let mut characters = char::decode_utf16([first, second]);
    match (characters.next(), characters.next()) {
        (Some(Ok(character)), None) => Some((5 + slashes + 5, character)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meaning(text: &str) -> Option<(String, usize)> {
        let escape = at(text.as_bytes(), 0)?;
        let text = match escape.meaning {
            Meaning::Character(character) => character.to_string(),
            Meaning::Byte(byte) => char::from(byte).to_string(),
            Meaning::Nothing => String::new(),
        };
        Some((text, escape.length))
    }

    #[test]
    fn escapes_stand_for_characters() {
        for (text, character, length) in [
            ("%41b", "A", 3),
            ("%u0041b", "A", 6),
            ("\\u0041b", "A", 6),
            ("\\\\u0041b", "A", 7),
            ("\\u{41}b", "A", 6),
            ("\\u{1F600}", "\u{1f600}", 9),
            ("\\ud83d\\ude00", "\u{1f600}", 12),
            ("\\U00000041", "A", 10),
            ("\\x41b", "A", 4),
            ("\\x{41}b", "A", 6),
            ("\\/b", "/", 2),
            ("\\\n  b", "", 4),
            ("&#65;b", "A", 5),
            ("&#65b", "A", 4),
            ("&#x41;b", "A", 6),
            ("&lowbar;b", "_", 8),
            ("&dash;", "-", 6),
            ("&#x200b;b", "", 8),
            ("\u{200b}b", "", 3),
            ("\u{ad}b", "", 2),
            ("\u{feff}b", "", 3),
            ("\u{ff21}b", "A", 3),
            ("\u{ff41}b", "a", 3),
            ("\u{ff3f}b", "_", 3),
        ] {
            assert_eq!(
                meaning(text),
                Some((character.to_owned(), length)),
                "{text:?}"
            );
        }
    }

    #[test]
    fn what_is_none_stays_as_it_is() {
        for text in [
            "%4",
            "%",
            "%zz",
            "%00",
            "%s",
            "\\",
            "\\u",
            "\\u00",
            "\\ud83d",
            "\\ud83d\\u0041",
            "\\u{}",
            "\\u{110000}",
            "\\U0011000",
            "\\x",
            "\\x4",
            "\\x00",
            "\\n",
            "&",
            "&#",
            "&#;",
            "&#x;",
            "&#1114112;",
            "&and;",
            "é",
            "\u{2014}",
            "%+1",
            "\\u+041",
            "\\u{+41}",
        ] {
            assert_eq!(meaning(text), None, "{text:?}");
        }
    }

    #[test]
    fn quoted_printable_is_upper_case() {
        let length = |text: &str| quoted_printable(text.as_bytes(), 0).map(|escape| escape.length);
        assert_eq!(
            ["=3D", "=\n", "=\r\n"].map(length),
            [Some(3), Some(2), Some(3)]
        );
        assert_eq!(["=3d", "=", "=3", "= ", "=00"].map(length), [None; 5]);
    }
}
