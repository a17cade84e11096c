//! Values that say where a value is to be had: variables, calls, templates, paths, types, references into a vault.

use std::net::IpAddr;

use super::{Check, Said, Subject, not_word};
use crate::rules::CheckKind;

pub(super) const CHECK: Check = Check {
    kind: CheckKind::NotReference,
    run,
};

/// What templates and interpolation look like within a text, in many languages.
const TEMPLATES: &[&str] = &[
    "${", "{{", "$(", "#{", "<%", "%(", "@{", "{%", "}}", "%{", "$[", "{0}", "{1}", "{}", "%s",
    "%d", "%v", "\\(", // Regular expressions.
    "(?:", "(?i", "(?P<", "[^", "[a-z", "[A-Z", "[0-9", "\\d", "\\w", "\\s",
];

/// Bytes of which each of those has one.
const OF_TEMPLATES: &[u8] = b"${}(#<%@[\\";

/// The same for every byte.
static IN_TEMPLATES: [bool; 256] = {
    let mut is_in = [false; 256];
    let mut at = 0;
    while at < OF_TEMPLATES.len() {
        is_in[OF_TEMPLATES[at] as usize] = true;
        at += 1;
    }
    is_in
};

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
    "--",
    "data:",
    "urn:",
    "com.",
    "org.",
    "net.",
    "io.",
    "s3://",
    "gs://",
    "ref+",
    "akv://",
];

/// Signs that references to a name begin with: `!vault`, `@file`, `&anchor`, `#id`.
const SIGNS: &[u8] = b"!@&#";

/// The fewest characters behind a sign that are a password: a colour has at most eight.
const LONGER_THAN_COLOURS: usize = 9;

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
    "lambda",
    "typeof",
    "instanceof",
    "async",
    "yield",
    "delete",
    "optional",
    "required",
];

/// Rejects what refers to a value.
pub(super) fn run(subject: &Subject<'_>, _: f32) -> Said {
    if is_date(subject.secret) {
        return Said::Rejected("it is a date");
    }
    if is_reference(subject.secret, subject.quoted) {
        return Said::Rejected("it refers to a value");
    }
    if is_address(subject.secret) {
        return Said::Rejected("it is an address");
    }
    if is_scope(subject.secret) {
        return Said::Rejected("it says what a signature is for");
    }
    if let Some(why) = in_address(subject.head) {
        return Said::Rejected(why);
    }
    // A bare word in code is a variable; that a call, an index or a member follows says so even of an odd one.
    let follows = subject.after.first();
    if !subject.quoted && matches!(follows, Some(b'(' | b'[')) {
        return Said::Rejected("it refers to a value");
    }
    // In code a bare name ends with its statement or its place in a list; settings are mostly alone on their lines.
    let is_bare = subject.name.is_some() && !subject.quoted;
    if is_bare
        && (is_number(subject.secret)
            || (matches!(follows, Some(b',' | b';' | b')')) && is_identifier(subject.secret))
            || goes_on(subject))
    {
        return Said::Rejected("it is code");
    }
    Said::Passed
}

/// Whether what follows a bare value makes it code: a choice, another assignment, the end of a statement behind a number, a
/// method on the next line.
fn goes_on(subject: &Subject<'_>) -> bool {
    let blanks = |byte: &&u8| matches!(byte, b' ' | b'\t');
    let same_line = &subject.after[subject.after.iter().take_while(blanks).count()..];
    if is_identifier(subject.secret)
        && matches!(same_line, [b'?', b' ', ..] | [b'=', b' ' | b'=', ..])
    {
        return true;
    }
    // A statement that assigns a number; within a connection string no blank is before a password.
    let ends_statement = matches!(same_line, [b';', b'\r' | b'\n', ..]);
    if ends_statement
        && subject.head.ends_with(b" = ")
        && subject.secret.iter().all(u8::is_ascii_digit)
    {
        return true;
    }
    let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
    match same_line.trim_ascii_start() {
        [b'.', method @ ..] if same_line.starts_with(b"\n ") => {
            let length = method.iter().take_while(is_name).count();
            length > 0 && matches!(method.get(length), Some(b'(' | b':'))
        }
        _ => false,
    }
}

/// The address of a machine, or of an account of a blockchain: all the world may know them.
fn is_address(value: &[u8]) -> bool {
    const ACCOUNT: usize = 40;
    const GROUP: usize = 5;
    match value {
        [b'0', b'x', digits @ ..] if digits.len() == ACCOUNT => {
            digits.iter().all(u8::is_ascii_hexdigit)
        }
        // An address has a dot or a colon among the first digits.
        _ => {
            let start = &value[..value.len().min(GROUP)];
            start.iter().any(|byte| matches!(byte, b'.' | b':'))
                && std::str::from_utf8(value).is_ok_and(|text| text.parse::<IpAddr>().is_ok())
        }
    }
}

/// `KEY_ID/20261122/eu-west-1/s3/aws4_request`: the scope of a signature, with the id of a key and not the key. Source: AWS
/// Signature Version 4, "Create a string to sign".
fn is_scope(value: &[u8]) -> bool {
    const DATE: usize = 8;
    if !value.contains(&b'/') && !value.contains(&b'%') {
        return false;
    }
    let text = String::from_utf8_lossy(value).replace("%2F", "/");
    let mut parts = text.split('/').skip(1);
    parts
        .next()
        .is_some_and(|date| date.len() == DATE && date.bytes().all(|byte| byte.is_ascii_digit()))
        && parts.next().is_some()
}

/// What the address says that the value is a part of: a resource's name, or a badge's picture.
fn in_address(head: &[u8]) -> Option<&'static str> {
    const LONGEST: usize = 200;
    const SHORTEST: usize = 4;
    let head = &head[head.len().saturating_sub(LONGEST)..];
    let ends = |byte: &u8| byte.is_ascii_whitespace() || b"\"'`(<".contains(byte);
    let start = head.iter().rposition(ends).map_or(0, |at| at + 1);
    let address = &head[start..];
    let holds = |part: &[u8]| memchr::memmem::find(address, part).is_some();
    // Most values are no part of any.
    if address.len() < SHORTEST {
        None
    } else if address.starts_with(b"arn:") {
        Some("it is a part of a resource's name")
    } else if holds(b"/badge.svg?") || holds(b"//img.shields.io/") {
        Some("it shows a badge and nothing more")
    } else {
        None
    }
}

/// Whether a value refers to a value; bare ones may be code.
pub(super) fn is_reference(value: &[u8], quoted: bool) -> bool {
    let text = String::from_utf8_lossy(value);
    let text = text.trim();
    let (first, rest) = text.as_bytes().split_first().unwrap_or((&0, &[]));
    if SIGNS.contains(first) && !is_odd(rest) {
        return true;
    }
    let begins = |beginning: &&str| {
        beginning.as_bytes().first() == Some(first) && text.starts_with(beginning)
    };
    let may_be_template = value.iter().any(|byte| IN_TEMPLATES[usize::from(*byte)]);
    if (may_be_template && TEMPLATES.iter().any(|template| text.contains(template)))
        || BEGINNINGS.iter().any(begins)
        || is_sealed(value)
    {
        return true;
    }
    if quoted {
        return false;
    }
    let word = text.trim_end_matches(':');
    CONSTANTS
        .iter()
        .any(|known| word.eq_ignore_ascii_case(known))
        || text.contains(['(', '[', '{', '*', '?'])
        || text
            .as_bytes()
            .windows(2)
            .any(|pair| matches!(pair, b"::" | b"->"))
        || is_member(text)
        || is_chain(text)
}

/// Whether what a sign is before is no name: a password may begin with any.
fn is_odd(rest: &[u8]) -> bool {
    rest.len() >= LONGER_THAN_COLOURS
        && rest.iter().all(u8::is_ascii_graphic)
        && rest.iter().any(u8::is_ascii_digit)
        && !not_word::is_wordy(rest)
}

/// What Bitnami's Sealed Secrets make of a value: base64 of a length of 512, an RSA block of that length, and what follows, encrypted.
pub(super) fn is_sealed(value: &[u8]) -> bool {
    const SHORTEST: usize = (2 + 512 + 16) * 4 / 3;
    let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=".contains(byte);
    value.len() >= SHORTEST
        && matches!(value, [b'A', b'g', b'A'..=b'D', ..])
        && value.iter().all(is_base64)
}

/// `2026-01-02`, and what may follow.
fn is_date(value: &[u8]) -> bool {
    let Some(date) = value.first_chunk::<10>() else {
        return false;
    };
    date.iter().enumerate().all(|(at, byte)| {
        if at == 4 || at == 7 {
            *byte == b'-'
        } else {
            byte.is_ascii_digit()
        }
    })
}

/// `0x30`, `1048576i32`, `12.5`: a number as code writes it, short enough to be one.
fn is_number(value: &[u8]) -> bool {
    let text = value.strip_prefix(b"0x").unwrap_or(value);
    let is_hex = text.len() < value.len();
    let digits = text
        .iter()
        .take_while(|byte| {
            if is_hex {
                byte.is_ascii_hexdigit()
            } else {
                byte.is_ascii_digit()
            }
        })
        .count();
    let suffix = &text[digits..];
    if let [b'.', fraction @ ..] = suffix
        && !fraction.is_empty()
        && fraction.iter().all(u8::is_ascii_digit)
    {
        return digits > 0 && !is_hex;
    }
    let is_suffix = matches!(
        suffix.first(),
        Some(b'u' | b'i' | b'f' | b'l' | b'U' | b'L' | b'n' | b'.' | b'_')
    ) && suffix.len() <= 6;
    digits > 0 && ((is_hex && digits <= 16 && suffix.len() <= 3) || (!is_hex && is_suffix))
}

/// A name with digits in one place at most, as people write them and chance does not.
fn is_identifier(value: &[u8]) -> bool {
    let is_name = value
        .iter()
        .all(|&byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let digit_runs = value
        .chunk_by(|left, right| left.is_ascii_digit() == right.is_ascii_digit())
        .filter(|run| run[0].is_ascii_digit());
    is_name && !value.first().is_some_and(u8::is_ascii_digit) && digit_runs.count() <= 1
}

/// `a.first=b.second=void`: one value that several names are given to.
fn is_chain(text: &str) -> bool {
    if !text.contains('=') {
        return false;
    }
    let mut parts = text.split('=');
    let first = parts.next().unwrap_or_default();
    let mut rest = parts.peekable();
    is_member(first)
        && rest.peek().is_some()
        && rest.all(|part| is_member(part) || (!part.is_empty() && is_identifier(part.as_bytes())))
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
    fn every_template_has_a_byte_of_templates() {
        for template in TEMPLATES {
            let has = |byte: u8| OF_TEMPLATES.contains(&byte);
            assert!(template.bytes().any(has), "{template}");
        }
        // A reference begins with no blank, and is not empty.
        assert!(
            BEGINNINGS
                .iter()
                .all(|beginning| beginning.trim() == *beginning && !beginning.is_empty())
        );
    }

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
            "!vault",
            "@passwords.txt",
            "&default_password",
            "#ff8800cc",
            "#login-form2",
        ] {
            assert!(is_reference(text.as_bytes(), false), "{text}");
        }
        for text in [
            "k3Jx9vQ2m",
            "b1lunzw8x",
            "Pa.9x!k",
            "!ZnPt7Wtlo03Kf",
            "#x9vQ2mk3Jw",
        ] {
            assert!(!is_reference(text.as_bytes(), false), "{text}");
        }
        let sealed = format!("AgB{}==", "k3Jx9vQ2m+".repeat(71));
        assert!(is_reference(sealed.as_bytes(), false));
        assert!(!is_reference(&sealed.as_bytes()[..600], false));
        assert!(is_reference(b"prefix-${SUFFIX}", true));
        assert!(is_date(b"2026-01-02T03:04:05Z") && !is_date(b"20260-1-02"));
        for text in [
            "0x030",
            "1048576i32",
            "2147483648u32",
            "12.5",
            "3.821874416040255",
        ] {
            assert!(is_number(text.as_bytes()), "{text}");
        }
        for text in [
            "297769",
            "0x4f3edf983ac636a65a842ce7c78d9aa706d3b113",
            "12ab34cd",
        ] {
            assert!(!is_number(text.as_bytes()), "{text}");
        }
        assert!(
            is_identifier(b"__u32")
                && is_identifier(b"userPassword2")
                && !is_identifier(b"k3Jx9vQ2m")
        );
        assert!(!is_reference(b"None", true));
    }

    #[test]
    fn code_and_addresses_are_told_by_what_stands_around() {
        let said = |value: &'static str, head: &'static str, after: &'static str| {
            run(
                &Subject {
                    name: Some(b"token"),
                    quoted: false,
                    head: head.as_bytes(),
                    after: after.as_bytes(),
                    ..Subject::bare(value.as_bytes())
                },
                0.0,
            )
        };
        for (value, head, after) in [
            ("has_key8", "token = ", " ? first : second"),
            ("size", "token = ", " = rest"),
            ("TLS13_SHA256_A1", "token = ", "\n    .expand(1)"),
            ("a.B_1=a.C_2=void", "token=", " 0"),
            ("lambda:", "token = ", " None"),
            ("100024", "token = ", ";\n"),
            ("0x4f3edf983ac636a65a842ce7c78d9aa706d3b113", "", ""),
            ("192.0.2.1", "", ""),
            ("acme%2F20261122%2Feu-west-1%2Fs3%2F", "", ""),
            (
                "Acme-d4e5f6",
                "arn:aws:secretsmanager:eu-west-1:1:secret:",
                "",
            ),
            (
                "k3Jx9vQ2mR",
                "(https://host.example/graph/badge.svg?token=",
                ")",
            ),
        ] {
            assert!(
                matches!(said(value, head, after), Said::Rejected(_)),
                "{value}"
            );
        }
        for (value, head, after) in [
            ("k3Jx9vQ2mR", "token = ", "\n.next:\n"),
            ("k3Jx9vQ2mR", "token=", " && run"),
            ("100024", "token=", ";Database=x\n"),
            ("100024", "token = ", "\n"),
            ("k3Jx/9vQ2mR/a", "token=", ""),
            ("k3Jx9vQ2mR=", "token=", ""),
        ] {
            assert_eq!(said(value, head, after), Said::Passed, "{value}");
        }
    }
}
