//! Literals that the program or the shell puts together: `"ab" + "cd"`, `"ab" "cd"`, over lines, in the common languages.
//! Says where two pieces meet, and nothing of what they make.

use std::ops::Range;

/// How far apart two pieces may stand, in bytes.
const LONGEST_GAP: usize = 128;

/// What may stand before a literal's quote, as part of it: kinds of strings in Python, C, C++, C# and others.
const PREFIX: &[u8] = b"rRbBuUfFLcC@$8";

/// All that stands between two pieces of what is one literal, if the quote at `quote` ends the first piece.
pub(super) fn at(text: &[u8], quote: usize) -> Option<Range<usize>> {
    let kind = *text.get(quote).filter(|&&byte| is_quote(byte))?;
    // Within another literal quotes are escaped.
    let slashes = text[..quote]
        .iter()
        .rev()
        .take(8)
        .take_while(|&&byte| byte == b'\\')
        .count();
    let start = quote - slashes;
    if !start
        .checked_sub(1)
        .is_some_and(|before| is_inner(text[before]))
    {
        return None;
    }
    let first_gap = skip_blanks(text, quote + 1)?;
    let rest = &text[first_gap..];
    let operator = operator(rest);
    let mut at = skip_blanks(text, first_gap + operator)?;
    let prefix = text[at..]
        .iter()
        .take(2)
        .take_while(|byte| PREFIX.contains(byte))
        .count();
    // Where nothing is between the two, letters are what follows the literal.
    if at > quote + 1 {
        at += prefix;
    }
    let opening = text[at..]
        .iter()
        .take(8)
        .take_while(|&&byte| byte == b'\\')
        .count();
    at += opening;
    let other = *text.get(at).filter(|&&byte| is_quote(byte))?;
    // Only the shell puts unlike literals together, and that without a gap.
    let unlike_fits = operator > 0 || at == quote + 1;
    let fits = opening == slashes && (other == kind || unlike_fits);
    let follows = text.get(at + 1).is_some_and(|&byte| is_inner(byte));
    (fits && follows && at - quote <= LONGEST_GAP).then_some(start..at + 1)
}

/// Whether two literals stand side by side on a line, with nothing between them that puts them together.
pub(super) fn is_side_by_side(gap: &[u8]) -> bool {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let is_other = |byte: &u8| !is_blank(byte) && !is_quote(*byte) && *byte != b'\\';
    gap.iter().any(is_blank) && !gap.iter().any(is_other)
}

/// How long the operator is that puts two literals together, in: JavaScript, Java, C#, Python, Go and others; Perl and PHP; Lua;
/// Visual Basic and spreadsheets; SQL; Haskell and Elm; Elixir; D, Raku and Twig; OCaml and others.
const fn operator(rest: &[u8]) -> usize {
    match rest {
        [b'.', b'.', ..] | [b'|', b'|', ..] | [b'+', b'+', ..] | [b'<', b'>', ..] => 2,
        [b'+' | b'.' | b'&' | b'~' | b'^', ..] => 1,
        _ => 0,
    }
}

/// Whether a byte may stand behind a literal and a blank where another piece of it follows.
pub(super) fn may_follow(byte: u8) -> bool {
    is_quote(byte)
        || matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'\\' | b'_')
        || matches!(byte, b'+' | b'.' | b'&' | b'|' | b'<' | b'~' | b'^')
        || PREFIX.contains(&byte)
}

pub(super) const fn is_quote(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'`')
}

/// Whether a byte may be within a token: what ends or begins with another is no part of one.
const fn is_inner(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'_' | b'-' | b'+' | b'/' | b'=' | b'.' | b'~' | b'%' | b'\\' | b'&' | b':' | b';'
        )
        || byte >= 0x80
}

/// Over white space, line ends, and what lets a statement go on below: a backslash, an underscore.
fn skip_blanks(text: &[u8], at: usize) -> Option<usize> {
    let mut end = at;
    for _ in 0..LONGEST_GAP {
        match text.get(end..)? {
            [b' ' | b'\t' | b'\r' | b'\n', ..] => end += 1,
            [b'\\' | b'_', b'\n', ..] | [b'\\' | b'_', b'\r', b'\n', ..] => end += 1,
            [] => return None,
            _ => return Some(end),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(text: &str) -> Option<String> {
        let quote = text
            .match_indices(['"', '\'', '`'])
            .find_map(|(quote, _)| at(text.as_bytes(), quote))?;
        Some(format!("{}{}", &text[..quote.start], &text[quote.end..]))
    }

    #[test]
    fn pieces_are_put_together_as_the_languages_do() {
        for text in [
            r#""ab" + "cd""#,
            r#""ab"+"cd""#,
            r#""ab" . "cd""#,
            r#""ab"."cd""#,
            r#""ab" .. "cd""#,
            r#""ab" & "cd""#,
            "\"ab\" & _\r\n    \"cd\"",
            r#""ab" || "cd""#,
            r#""ab" <> "cd""#,
            r#""ab" ++ "cd""#,
            r#""ab" "cd""#,
            r#""ab""cd""#,
            "\"ab\"\n    \"cd\"",
            "\"ab\" +\r\n    \"cd\"",
            "\"ab\"\n    + \"cd\"",
            "\"ab\" \\\n    \"cd\"",
            "\"ab\"\n    b\"cd\"",
            r#""ab" + 'cd""#,
        ] {
            let joined = joined(text).map(|text| text.replace('\'', "\""));
            assert_eq!(joined.as_deref(), Some("\"abcd\""), "{text}");
        }
        assert_eq!(joined(r#"\"ab\" + \"cd\""#).as_deref(), Some(r#"\"abcd\""#));
        assert_eq!(joined(r#""ab"'cd'"#).as_deref(), Some("\"abcd'"));
    }

    #[test]
    fn what_is_not_put_together_stays_apart() {
        for text in [
            r#"["ab", "cd"]"#,
            r#""ab" - "cd""#,
            r#""ab" 'cd'"#,
            r#"f("ab") + "cd""#,
            r#""ab" + x + "cd""#,
            r#""ab " "cd""#,
            r#""ab" + \"cd\""#,
            r#""ab" +"#,
            r#""ab" + """#,
        ] {
            assert_eq!(joined(text), None, "{text}");
        }
    }
}
