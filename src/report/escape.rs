//! Text from outside that goes to a terminal, a log or a file: nothing in it may act on what shows it. Knows no format.

use std::borrow::Cow;
use std::io::{self, Write};

/// Whether a character acts on a terminal or on the order in which text is shown, or is not seen at all.
pub(super) fn is_hostile(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{00ad}' | '\u{061c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// `text` with every hostile character as `\u{…}`; tabs are hostile, too.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hostile) {
        return Cow::Borrowed(text);
    }
    let escape = |character: char| match is_hostile(character) {
        true => character.escape_unicode().to_string(),
        false => character.to_string(),
    };
    Cow::Owned(text.chars().map(escape).collect())
}

/// Writes JSON in which every hostile character is an escape, so that showing the JSON itself is harmless.
pub(super) struct HarmlessJson;

impl serde_json::ser::Formatter for HarmlessJson {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(is_hostile) {
            writer.write_all(&rest.as_bytes()[..at])?;
            let character = rest[at..].chars().next().unwrap_or_default();
            for unit in character.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = &rest[at + character.len_utf8()..];
        }
        writer.write_all(rest.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Serialize;

    #[test]
    fn nothing_acts_on_the_terminal() {
        assert_eq!(visible("plain é 漢"), "plain é 漢");
        assert_eq!(visible("a\u{1b}]52;c;x\u{7}b"), "a\\u{1b}]52;c;x\\u{7}b");
        assert_eq!(
            visible("a\u{202e}b\u{9b}c\nd"),
            "a\\u{202e}b\\u{9b}c\\u{a}d"
        );
    }

    #[test]
    fn json_stays_the_same_json() {
        let text = "a\u{1b}b\u{202e}c\u{9b}d\u{e0041}\"\\\n";
        let mut out = Vec::new();
        text.serialize(&mut serde_json::Serializer::with_formatter(
            &mut out,
            HarmlessJson,
        ))
        .unwrap();
        assert!(!String::from_utf8(out.clone()).unwrap().contains(is_hostile));
        assert_eq!(serde_json::from_slice::<String>(&out).unwrap(), text);
    }
}
