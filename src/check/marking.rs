//! Marks against mentions: `INTERNAL USE ONLY` marks a text, `for internal use only` above a function speaks of the function.

use super::{Check, DISPROVEN, Said, Subject};
use crate::rules::CheckKind;

pub(super) const CHECK: Check = Check {
    kind: CheckKind::Marking,
    run,
};

/// A text's head, where a mark may be written as a sentence is, in lines.
const HEAD: usize = 30;

const TOO_FAR: &str = "it is written as in a sentence, far below the text's head";

/// Doubts words that are written as in a sentence, unless they stand at the head of the text.
fn run(subject: &Subject<'_>, _: f32) -> Said {
    if is_stressed(subject.secret) || memchr::memchr_iter(b'\n', subject.head).count() < HEAD {
        Said::Passed
    } else {
        Said::AtMost(DISPROVEN, TOO_FAR)
    }
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
    }
}
