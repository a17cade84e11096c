//! A part of a text with its escapes undone in place and its pieces put together. Decides nothing about which parts.

use std::ops::Range;

use super::escapes::{self, Escape, Meaning};
use super::joins;
use crate::model::{Encoding, OffsetMap};

/// What is undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// Escapes that can hardly be anything else, and literals in pieces.
    Escapes,
    /// Quoted-printable, whose `=41` is ordinary text elsewhere.
    QuotedPrintable,
}

/// What stands at a place.
pub(super) enum Step {
    /// A byte that is meant.
    Plain,
    Escape(Escape),
    /// So many bytes between two pieces.
    Join(usize),
}

/// What stands at `at`, which is within the text.
pub(super) fn step(text: &[u8], at: usize, what: What) -> Step {
    let byte = text[at];
    let escape = match what {
        What::QuotedPrintable if byte == b'=' => escapes::quoted_printable(text, at),
        What::QuotedPrintable => None,
        What::Escapes if SPECIAL[usize::from(byte)] => escapes::at(text, at),
        What::Escapes => return Step::Plain,
    };
    if let Some(escape) = escape {
        return Step::Escape(escape);
    }
    if what == What::Escapes && (byte == b'\\' || joins::is_quote(byte)) {
        let slashes = text[at..]
            .iter()
            .take(8)
            .take_while(|&&byte| byte == b'\\')
            .count();
        if let Some(gap) = joins::at(text, at + slashes)
            && gap.start == at
        {
            return Step::Join(gap.len());
        }
    }
    Step::Plain
}

/// Bytes that may begin something that is undone.
const SPECIAL: [bool; 256] = {
    let mut special = [false; 256];
    let bytes = b"%\\&\"'`\xc2\xcd\xe1\xe2\xef";
    let mut index = 0;
    while index < bytes.len() {
        special[bytes[index] as usize] = true;
        index += 1;
    }
    special
};

/// A part of a text with its escapes undone, and the way back to the text.
pub(super) struct Undone {
    pub(super) bytes: Vec<u8>,
    pub(super) map: OffsetMap,
}

/// Undoes what is escaped in a range of a text.
pub(super) fn undo(text: &[u8], range: Range<usize>, what: What) -> Undone {
    let mut undone = Undone {
        bytes: Vec::with_capacity(range.len()),
        map: OffsetMap::decoded(),
    };
    // An escape that the range cuts is none.
    let text = &text[..range.end];
    let mut at = range.start;
    while at < text.len() {
        let is_special = |&byte: &u8| match what {
            What::Escapes => SPECIAL[usize::from(byte)],
            What::QuotedPrintable => byte == b'=',
        };
        let rest = &text[at..];
        let plain = rest.iter().position(is_special).unwrap_or(rest.len());
        undone.copy(rest, plain, at);
        at += plain;
        if at == text.len() {
            break;
        }
        match step(text, at, what) {
            Step::Plain => {
                undone.copy(&text[at..], 1, at);
                at += 1;
            }
            Step::Escape(escape) => {
                undone.add(escape, at);
                at += escape.length;
            }
            Step::Join(length) => at += length,
        }
    }
    undone
}

impl Undone {
    fn copy(&mut self, from: &[u8], length: usize, source: usize) {
        if length > 0 {
            self.map.push(self.bytes.len(), source as u64, 1, 1);
            self.bytes.extend_from_slice(&from[..length]);
        }
    }

    fn add(&mut self, escape: Escape, source: usize) {
        let mut buffer = [0; 4];
        let meant = match escape.meaning {
            Meaning::Nothing => return,
            Meaning::Byte(byte) => {
                buffer[0] = byte;
                &buffer[..1]
            }
            Meaning::Character(character) => character.encode_utf8(&mut buffer).as_bytes(),
        };
        // No escape is longer than a few backslashes and digits.
        let length = u8::try_from(escape.length).unwrap_or(u8::MAX);
        self.map
            .push(self.bytes.len(), source as u64, meant.len() as u8, length);
        self.bytes.extend_from_slice(meant);
    }
}

/// The kinds of what is undone in a range of a text, each once, in the order in which they come.
pub(super) fn kinds(text: &[u8], range: Range<usize>, what: What) -> Vec<Encoding> {
    let mut kinds = Vec::new();
    let mut at = range.start;
    while at < range.end.min(text.len()) {
        let (kind, length) = match step(text, at, what) {
            Step::Plain => {
                at += 1;
                continue;
            }
            Step::Escape(escape) => (escape.encoding, escape.length),
            Step::Join(length) => (Encoding::Concatenation, length),
        };
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
        at += length;
    }
    kinds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_leads_back_to_where_it_was_written() {
        let text = r#"a%41\u0042&#67;" + "D=\x45"#;
        let undone = undo(text.as_bytes(), 0..text.len(), What::Escapes);
        assert_eq!(String::from_utf8(undone.bytes).unwrap(), "aABCD=E");
        let places: Vec<u64> = (0..=7).map(|at| undone.map.to_source(at)).collect();
        assert_eq!(places, [0, 1, 4, 10, 20, 21, 22, 26]);
        let all = kinds(text.as_bytes(), 0..text.len(), What::Escapes);
        use Encoding::{Concatenation, HexEscape, HtmlEntity, Percent, UnicodeEscape};
        assert_eq!(
            all,
            [Percent, UnicodeEscape, HtmlEntity, Concatenation, HexEscape]
        );
    }

    #[test]
    fn quoted_printable_is_undone_by_itself() {
        let text = b"a=3D%41=\r\nb=C3=A9";
        let undone = undo(text, 0..text.len(), What::QuotedPrintable);
        assert_eq!(undone.bytes, "a=%41bé".as_bytes());
    }
}
