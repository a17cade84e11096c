//! Marks against mentions: `INTERNAL USE ONLY` marks a text, `for internal use only` above a function speaks of the function.

use super::{Check, DISPROVEN, Said, Subject};
use crate::rules::CheckKind;

pub(super) const CHECK: Check = Check {
    kind: CheckKind::Marking,
    run,
};

/// A text's head, where a mark may be written as a sentence is, in lines.
const HEAD: usize = 30;

const ABOUT_CODE: &str = "it is a comment within code, and speaks of the code";

const LISTED: &str = "it is one of several names";

const TOO_FAR: &str = "it is written as in a sentence, far below the text's head";

/// Doubts words that are written as in a sentence, unless they stand at the head of the text.
fn run(subject: &Subject<'_>, _: f32) -> Said {
    if is_listed(subject) {
        Said::AtMost(DISPROVEN, LISTED)
    } else if memchr::memchr_iter(b'\n', subject.head).count() < HEAD {
        Said::Passed
    } else if !is_stressed(subject.secret) {
        Said::AtMost(DISPROVEN, TOO_FAR)
    } else if is_about_code(subject) {
        Said::AtMost(DISPROVEN, ABOUT_CODE)
    } else {
        Said::Passed
    }
}

/// Whether a single word is one of several names, as code and lists have them: `CONFIDENTIAL` between `PUBLIC` and a bracket.
fn is_listed(subject: &Subject<'_>) -> bool {
    if subject.secret.iter().any(u8::is_ascii_whitespace) {
        return false;
    }
    let (above, before) = subject
        .head
        .iter()
        .rposition(|&byte| byte == b'\n')
        .map_or((&b""[..], subject.head), |end| {
            (&subject.head[..end], &subject.head[end + 1..])
        });
    let is_bullet = |byte: &u8| byte.is_ascii_whitespace() || b"-*".contains(byte);
    // At the left margin it may be a cover's, below the company's name or a label.
    if before.is_empty() || !before.iter().all(is_bullet) {
        return false;
    }
    let last = |text: &'_ [u8]| memchr::memrchr(b'\n', text).map_or(0, |at| at + 1);
    let above = above[last(above)..].trim_ascii();
    let mut below = subject.after.split(|&byte| byte == b'\n');
    let below = below.nth(1).unwrap_or_default().trim_ascii();
    let is_name = |line: &[u8]| {
        let is_part = |byte: &u8| byte.is_ascii_uppercase() || b"_0123456789".contains(byte);
        let bullets = line.iter().take_while(|byte| is_bullet(byte)).count();
        line.len() > bullets + 2 && line[bullets..].iter().all(is_part)
    };
    above.last().is_some_and(|byte| b"{([,;=|:".contains(byte))
        || below.first().is_some_and(|byte| b"})]|,".contains(byte))
        || is_name(above)
        || is_name(below)
}

/// Whether words such as `INTERNAL USE ONLY` are a comment in code: there they say who may call what follows.
fn is_about_code(subject: &Subject<'_>) -> bool {
    let line = memchr::memrchr(b'\n', subject.head).map_or(0, |at| at + 1);
    let before = subject.head[line..].trim_ascii_start();
    let is_comment = match before.first() {
        Some(b'/' | b'*') => true,
        // A heading in Markdown stands alone.
        Some(b'#') => memchr::memmem::find(subject.after, b"\n#").is_some_and(|next| {
            subject.after[..next]
                .iter()
                .all(|byte| !byte.is_ascii_alphanumeric() && *byte != b'\n')
        }),
        _ => false,
    };
    let text = subject.secret.to_ascii_lowercase();
    let of_code = text.starts_with(b"do not") || memchr::memmem::find(&text, b"internal").is_some();
    is_comment && of_code
}

/// Whether every longer word begins with a capital: `INTERNAL USE ONLY`, `Strictly Confidential`, `Not for External Use`.
fn is_stressed(text: &[u8]) -> bool {
    let words = text
        .split(|byte| !byte.is_ascii_alphabetic())
        .filter(|word| word.len() > 3);
    words.into_iter().all(|word| word[0].is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_among_names_is_no_mark() {
        let said = |head: &'static str, after: &'static str| {
            run(
                &Subject {
                    head: head.as_bytes(),
                    after: after.as_bytes(),
                    ..Subject::bare(b"CONFIDENTIAL")
                },
                0.0,
            )
        };
        for (head, after) in [
            ("enum Level {\n    PUBLIC\n    ", "\n}"),
            ("levels:\n  ", "\n"),
            ("- all\n- PUBLIC\n- ", "\n"),
            ("levels = (\n  ", "\n  SECRET"),
            ("levels\n    PUBLIC\n    ", "\n"),
        ] {
            assert_eq!(said(head, after), Said::AtMost(DISPROVEN, LISTED), "{head}");
        }
        for (head, after) in [
            ("", "\n\nThe plan"),
            ("Northgate Ltd.\n", "\nThe plan"),
            ("NORTHGATE\n", "\nThe plan"),
            ("Classification:\n", "\n"),
            ("/*\n * ", "\n */"),
        ] {
            assert_eq!(said(head, after), Said::Passed, "{head}");
        }
    }

    #[test]
    fn a_sentence_marks_only_at_the_head() {
        let said = |text: &'static str, head: &'static [u8]| {
            run(
                &Subject {
                    head,
                    ..Subject::bare(text.as_bytes())
                },
                0.0,
            )
        };
        let far: &[u8] = &[b'\n'; 40];
        assert_eq!(said("INTERNAL USE ONLY", far), Said::Passed);
        assert_eq!(said("Strictly Confidential", far), Said::Passed);
        assert_eq!(said("for internal use only", b"\n"), Said::Passed);
        assert_eq!(
            said("For internal use only", far),
            Said::AtMost(DISPROVEN, TOO_FAR)
        );
        let after = |text: &'static str, head: &'static str, after: &'static str| {
            let head = ["\n".repeat(40).as_str(), head].concat();
            run(
                &Subject {
                    head: head.as_bytes(),
                    after: after.as_bytes(),
                    ..Subject::bare(text.as_bytes())
                },
                0.0,
            )
        };
        let about_code = Said::AtMost(DISPROVEN, ABOUT_CODE);
        assert_eq!(after("INTERNAL USE ONLY", "    /// !", "!\n"), about_code);
        assert_eq!(after("INTERNAL ONLY", "# ", "\n# ----\n"), about_code);
        assert_eq!(
            after("INTERNAL ONLY", "# ", "\n\nText\n# Next"),
            Said::Passed
        );
        assert_eq!(after("STRICTLY CONFIDENTIAL", "// ", "\n"), Said::Passed);
    }
}
