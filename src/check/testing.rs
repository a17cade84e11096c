//! What the tests of checks share.

use super::{Said, Subject};

type Run = fn(&Subject<'_>, f32) -> Said;

/// A sample as it is without its marker, as in the rules' samples: `~` goes, `~~` stands for one.
pub(super) fn unbroken(text: &str) -> String {
    text.replace("~~", "\0").replace('~', "").replace('\0', "~")
}

/// What a check says of a sample with nothing around it.
pub(super) fn said(run: Run, text: &str) -> Said {
    run(&Subject::bare(unbroken(text).as_bytes()), 0.0)
}

/// Whether a check proves a sample.
pub(super) fn proves(run: Run, text: &str) -> bool {
    matches!(said(run, text), Said::Proven(_))
}
