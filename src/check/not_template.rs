//! Values that are filled in later, in files whose every value is a literal: `${PASSWORD}`, `{{ password }}`, `$PASSWORD`,
//! `%PASSWORD%`. A password may well begin with `$`, `#` or `/`: unlike in code, that alone says nothing.

use super::{Check, Said, Subject};
use crate::rules::CheckKind;

pub(super) const CHECK: Check = Check {
    kind: CheckKind::NotTemplate,
    run,
};

/// What is in a text for something else to be put there.
const TEMPLATES: &[&str] = &[
    "${", "{{", "}}", "$(", "#{", "<%", "%>", "{%", "%(", "@@", "ENC[", "ENC(",
];

/// Rejects what is to be filled in.
fn run(subject: &Subject<'_>, _: f32) -> Said {
    if is_template(subject.secret) {
        Said::Rejected("it is filled in later")
    } else {
        Said::Passed
    }
}

/// Whether a value is a template or a variable.
pub(super) fn is_template(value: &[u8]) -> bool {
    let holds = |part: &&str| memchr::memmem::find(value, part.as_bytes()).is_some();
    if TEMPLATES.iter().any(holds) {
        return true;
    }
    match value {
        [b'$', name @ ..] => is_variable(name),
        [b'%', name @ .., b'%'] | [b'@', name @ .., b'@'] => is_variable(name),
        _ => false,
    }
}

/// Whether a name is one that variables have: capital letters, no number before them.
fn is_variable(name: &[u8]) -> bool {
    name.len() >= 2
        && !name[0].is_ascii_digit()
        && name
            .iter()
            .all(|&byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_told_from_passwords() {
        for text in [
            "${PASSWORD}",
            "{{ password }}",
            "$DB_PASSWORD",
            "%PASSWORD%",
            "<%= ENV['X'] %>",
            "%(password)s",
            "@@PASSWORD@@",
            "ENC[AES256_GCM,data:x]",
        ] {
            assert!(is_template(text.as_bytes()), "{text}");
        }
        for text in ["$ecretK3y", "#9xQ!", "/k3Jx9", "50%off", "p@ss", "$1", ""] {
            assert!(!is_template(text.as_bytes()), "{text}");
        }
    }
}
