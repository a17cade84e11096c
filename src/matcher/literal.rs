//! The value at a place in a text: in quotes of any kind, or bare up to where a value ends. Knows no name and no rule.

use std::ops::Range;

use crate::model::ViewRange;

/// The longest value, in bytes; what is longer is not a credential that somebody assigns to a name.
const LONGEST: usize = 1024;

/// A value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Literal {
    /// Without its quotes.
    pub(super) range: ViewRange,
    pub(super) quoted: bool,
}

/// How a value without quotes ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bare {
    /// Not at all: only a quoted value counts.
    No,
    /// At white space or punctuation, if after white space nothing follows that looks like a sentence going on.
    Alone,
    /// At white space or punctuation; what follows does not matter.
    Word,
    /// At `<`, as the text of an XML element.
    Element,
}

/// Bytes of one kind in a row that were looked at. Where many searches in a row read the same bytes, each is read once.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Run {
    from: usize,
    to: usize,
}

impl Run {
    /// How far in `range` the bytes from its beginning on are all of a kind, the same for every call in one text.
    pub(super) fn end(
        &mut self,
        text: &[u8],
        range: Range<usize>,
        is_kind: impl Fn(u8) -> bool,
    ) -> usize {
        if !(self.from..=self.to).contains(&range.start) {
            *self = Run {
                from: range.start,
                to: range.start,
            };
        }
        if let Some(more) = text.get(self.to..range.end) {
            self.to += more.iter().take_while(|&&byte| is_kind(byte)).count();
        }
        self.to.min(range.end)
    }
}

/// The value that begins at `at`, after white space that the caller has passed.
pub(super) fn literal(text: &[u8], at: usize, bare: Bare, run: &mut Run) -> Option<Literal> {
    if bare == Bare::Element {
        return element(text, at);
    }
    quoted(text, at).or_else(|| {
        if bare == Bare::No {
            None
        } else {
            bare_word(text, at, bare, run)
        }
    })
}

fn quoted(text: &[u8], at: usize) -> Option<Literal> {
    let at = skip_prefix(text, at);
    let (escaped, open) = match text.get(at)? {
        b'\\' => (true, at + 1),
        _ => (false, at),
    };
    let quote = *text.get(open)?;
    if !is_quote(quote) {
        return None;
    }
    let triple = !escaped && quote != b'`' && text[open..].starts_with(&[quote; 3]);
    let start = open + if triple { 3 } else { 1 };
    let mut end = start;
    loop {
        let byte = *text.get(end)?;
        if end - start > LONGEST {
            return None;
        }
        match byte {
            b'\\' if escaped && text.get(end + 1) == Some(&quote) => break,
            b'\\' => end += 2,
            _ if byte == quote && !escaped && (!triple || text[end..].starts_with(&[quote; 3])) => {
                break;
            }
            _ if byte == quote && escaped => return None,
            b'\n' if !triple && quote != b'`' => return None,
            _ => end += 1,
        }
    }
    let range = ViewRange::new(start, end);
    (!range.is_empty()).then_some(Literal {
        range,
        quoted: true,
    })
}

/// Letters that languages put before a quote: raw, byte, format, wide and verbatim strings.
fn skip_prefix(text: &[u8], at: usize) -> usize {
    let prefix = text[at..]
        .iter()
        .take(3)
        .take_while(|byte| b"rbfuLR@$".contains(byte))
        .count();
    match text.get(at + prefix) {
        Some(&byte) if is_quote(byte) => at + prefix,
        _ => at,
    }
}

fn element(text: &[u8], at: usize) -> Option<Literal> {
    let rest = &text[at..text.len().min(at + LONGEST)];
    let end = rest
        .iter()
        .position(|&byte| byte == b'<' || byte == b'\n')?;
    let value = rest[..end].trim_ascii();
    let start = at
        + rest[..end]
            .iter()
            .take_while(|byte| byte.is_ascii_whitespace())
            .count();
    let range = ViewRange::new(start, start + value.len());
    (rest[end] == b'<' && !range.is_empty()).then_some(Literal {
        range,
        quoted: true,
    })
}

fn bare_word(text: &[u8], at: usize, bare: Bare, run: &mut Run) -> Option<Literal> {
    let rest = &text[at..text.len().min(at + LONGEST + 1)];
    let length = run.end(text, at..at + rest.len(), |byte| !ends_bare(byte)) - at;
    if length == 0 || length > LONGEST {
        return None;
    }
    // A sentence goes on after white space; a setting ends, or is followed by a comment or by another setting.
    if bare == Bare::Alone {
        let after = &rest[length..];
        let blanks = after
            .iter()
            .take_while(|&&byte| byte == b' ' || byte == b'\t')
            .count();
        let next = after.get(blanks).copied();
        if blanks > 0 && next.is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'(') {
            return None;
        }
    }
    Some(Literal {
        range: ViewRange::new(at, at + length),
        quoted: false,
    })
}

fn ends_bare(byte: u8) -> bool {
    byte <= b' ' || byte == 0x7f || b"\"'`,;)}]<>|\\&".contains(&byte)
}

/// Whether a byte opens or closes a quoted text.
pub(super) fn is_quote(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'`')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str, bare: Bare) -> Option<&str> {
        literal(text.as_bytes(), 0, bare, &mut Run::default())
            .map(|literal| &text[literal.range.start..literal.range.end])
    }

    #[test]
    fn quoted_values_end_at_their_quote() {
        assert_eq!(value(r#""a b" c"#, Bare::No), Some("a b"));
        assert_eq!(value(r#""a\"b" c"#, Bare::No), Some(r#"a\"b"#));
        assert_eq!(value(r#"rb'ab'"#, Bare::No), Some("ab"));
        assert_eq!(value(r#"\"ab\" c"#, Bare::No), Some("ab"));
        assert_eq!(value("'''a\nb'''", Bare::No), Some("a\nb"));
        assert_eq!(value("\"a\nb\"", Bare::No), None);
        assert_eq!(value(r#""""#, Bare::No), None);
        assert_eq!(value(r#""never closed"#, Bare::No), None);
    }

    #[test]
    fn bare_values_end_at_white_space_or_punctuation() {
        assert_eq!(value("ab;c", Bare::Word), Some("ab"));
        assert_eq!(value("ab c", Bare::Word), Some("ab"));
        assert_eq!(value("ab c", Bare::Alone), None);
        assert_eq!(value("ab # c", Bare::Alone), Some("ab"));
        assert_eq!(value("ab", Bare::No), None);
        assert_eq!(value("ab</x>", Bare::Element), Some("ab"));
    }
}
