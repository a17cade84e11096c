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

const TOO_FAR: &str = "it is written as in a sentence, far below the text's head";

/// Doubts words that are written as in a sentence, unless they stand at the head of the text.
fn run(subject: &Subject<'_>, _: f32) -> Said {
    if memchr::memchr_iter(b'\n', subject.head).count() < HEAD {
        Said::Passed
    } else if !is_stressed(subject.secret) {
        Said::AtMost(DISPROVEN, TOO_FAR)
    } else if is_about_code(subject) {
        Said::AtMost(DISPROVEN, ABOUT_CODE)
    } else {
        Said::Passed
    }
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
    is_comment && memchr::memmem::find(&text, b"internal").is_some()
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
