//! Values that say where a value is to be had: variables, calls, templates, paths, types, references into a vault.

use super::{Check, Said, Subject};
use crate::rules::CheckKind;

pub(super) const CHECK: Check = Check {
    kind: CheckKind::NotReference,
    run,
};

/// What templates and interpolation look like within a text, in many languages.
const TEMPLATES: &[&str] = &[
    "${", "{{", "$(", "#{", "<%", "%(", "@{", "{%", "}}", "%{", "$[", "{0}", "{1}", "{}", "%s",
    "%d", "%v", "\\(",
];

/// What references begin with: a path, a link, a name in a vault or in the environment, an encrypted value.
const BEGINNINGS: &[&str] = &[
    "$",
    "/",
    "./",
    "../",
    "~/",
    "http://",
    "https://",
    "file:",
    "arn:",
    "op://",
    "vault:",
    "env:",
    "ENV[",
    "env.",
    "process.env",
    "os.",
    "System.",
    "secretsmanager",
    "ssm:",
    "ENC[",
    "ENC(",
    "!",
    "@",
    "&",
    "--",
    "data:",
    "urn:",
    "com.",
    "org.",
    "net.",
    "io.",
    "#",
    "s3://",
    "gs://",
    "ref+",
    "akv://",
];

/// Bare words that are no text: constants and types.
const CONSTANTS: &[&str] = &[
    "none",
    "null",
    "nil",
    "true",
    "false",
    "undefined",
    "string",
    "str",
    "text",
    "bytes",
    "char",
    "void",
    "int",
    "bool",
    "boolean",
    "self",
    "this",
    "any",
    "object",
    "integer",
    "number",
    "array",
    "list",
    "dict",
    "func",
    "function",
    "new",
    "await",
    "return",
    "nullptr",
    "optional",
    "required",
];

/// Rejects what refers to a value.
fn run(subject: &Subject<'_>, _: f32) -> Said {
    if is_reference(subject.secret, subject.quoted) {
        return Said::Rejected("it refers to a value");
    }
    // A bare word in code is a variable; that a call, an index or a member follows says so even of an odd one.
    let follows = subject.after.first();
    if !subject.quoted && matches!(follows, Some(b'(' | b'[')) {
        return Said::Rejected("it refers to a value");
    }
    Said::Passed
}

/// Whether a value refers to a value; bare ones may be code.
pub(super) fn is_reference(value: &[u8], quoted: bool) -> bool {
    let text = String::from_utf8_lossy(value);
    let text = text.trim();
    if TEMPLATES.iter().any(|template| text.contains(template))
        || BEGINNINGS
            .iter()
            .any(|beginning| text.starts_with(beginning))
    {
        return true;
    }
    if quoted {
        return false;
    }
    let lower = text.to_ascii_lowercase();
    CONSTANTS.contains(&lower.as_str())
        || text.contains(['(', '[', '{', '*', '?'])
        || text.contains("::")
        || text.contains("->")
        || is_member(text)
}

/// `settings.password`, `request.args.token`: names joined by dots.
fn is_member(text: &str) -> bool {
    let mut parts = text.split('.');
    let is_name = |part: &str| {
        part.bytes()
            .next()
            .is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_')
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    text.contains('.') && text.len() < 80 && parts.all(is_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_told_from_values() {
        for text in [
            "${DB_PASSWORD}",
            "$PASSWORD",
            "{{ token }}",
            "os.environ",
            "get_password()",
            "settings.PASSWORD",
            "/run/secrets/db",
            "arn:aws:x",
            "None",
            "args[0]",
        ] {
            assert!(is_reference(text.as_bytes(), false), "{text}");
        }
        for text in ["k3Jx9vQ2m", "b1lunzw8x", "Pa.9x!k"] {
            assert!(!is_reference(text.as_bytes(), false), "{text}");
        }
        assert!(is_reference(b"prefix-${SUFFIX}", true));
        assert!(!is_reference(b"None", true));
    }
}
