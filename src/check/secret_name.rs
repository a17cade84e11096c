//! Names that hold a secret's word but not the secret: `password_field`, `tokenUrl`, `public_key`, `secretName`.

use super::context::speaks_of_a_credential;
use super::packed::Table;
use super::{Check, Said, Subject};
use crate::rules::CheckKind;

pub(super) const CHECK: Check = Check {
    kind: CheckKind::SecretName,
    run,
};

/// What a word says of a name that it is the last word of, or that it is in.
static WORDS: Table<512> = Table::new(&[(ABOUT, LAST), (NEVER, ANYWHERE)]);

/// As the last word of a name: it says something about a secret.
const ABOUT: u8 = 1;

/// Anywhere in a name: it is no secret, or it is made public.
const NEVER: u8 = 2;

const LAST: &[&str] = &[
    "url",
    "uri",
    "path",
    "file",
    "filename",
    "name",
    "names",
    "type",
    "types",
    "id",
    "ids",
    "length",
    "len",
    "size",
    "count",
    "limit",
    "max",
    "min",
    "expiry",
    "expires",
    "expiration",
    "ttl",
    "lifetime",
    "timeout",
    "label",
    "placeholder",
    "hint",
    "class",
    "column",
    "col",
    "field",
    "fields",
    "format",
    "policy",
    "prefix",
    "suffix",
    "regex",
    "regexp",
    "pattern",
    "message",
    "msg",
    "title",
    "text",
    "description",
    "desc",
    "help",
    "error",
    "errors",
    "reset",
    "change",
    "changed",
    "strength",
    "validator",
    "validation",
    "required",
    "enabled",
    "disabled",
    "endpoint",
    "host",
    "port",
    "provider",
    "manager",
    "service",
    "store",
    "storage",
    "version",
    "algorithm",
    "alg",
    "algo",
    "method",
    "mode",
    "kind",
    "index",
    "idx",
    "usage",
    "env",
    "var",
    "variable",
    "ref",
    "link",
    "header",
    "attribute",
    "attr",
    "param",
    "parameter",
    "property",
    "template",
    "rules",
    "schema",
    "model",
    "view",
    "page",
    "form",
    "input",
    "button",
    "icon",
    "color",
    "event",
    "handler",
    "callback",
    "location",
    "dir",
    "directory",
    "folder",
    "bucket",
    "table",
    "arn",
    "status",
    "state",
    "time",
    "date",
    "at",
    "codes",
    "binding",
    "frame",
    "press",
    "down",
    "up",
    "word",
    "words",
    "list",
    "map",
    "set",
    "pair",
    "pairs",
    "spec",
    "generator",
    "encoder",
    "decoder",
    "parser",
    "filter",
    "exists",
    "valid",
    "invalid",
    "used",
    "created",
    "updated",
    "server",
    "client",
    "uid",
    "user",
    "username",
    "account",
    "email",
    "domain",
    "realm",
    "scope",
    "audience",
    "issuer",
    "subject",
    "digest",
    "hash",
    "identifier",
    "accessor",
    "expression",
    "rate",
    "ip",
    "engine",
    "vendor",
    "expander",
    // Methods: `password.encode('utf-8')`.
    "encode",
    "decode",
    "split",
    "strip",
    "replace",
    "startswith",
    "endswith",
    "join",
];

const ANYWHERE: &[&str] = &[
    "public",
    "pub",
    "foreign",
    "primary",
    "csrf",
    "xsrf",
    "nonce",
    "next",
    "continuation",
    "idempotency",
    "cursor",
    "example",
    "sort",
    "partition",
    "cache",
    "i18n",
    "locale",
    "keyboard",
    "selector",
    "etag",
    "fingerprint",
    "thumbprint",
    "checksum",
];

/// Last words of names that tell requests apart, or places in a sequence: they open nothing.
const COUNTERS: &[&[&str]] = &[
    &["client", "request", "token"],
    &["lifecycle", "action", "token"],
    &["change", "token"],
    &["lock", "token"],
    &["sequence", "token"],
    &["page", "token"],
];

/// Last words of names of keys that are there to be shown: to a browser, or to whoever searches a page.
const SHOWN: &[&[&str]] = &[
    &["site", "key"],
    &["sitekey"],
    &["search", "key"],
    &["publishable", "key"],
];

/// What files' names end in: `token.rs` in a list of files is a file.
const EXTENSIONS: &[&str] = &[
    "rs", "py", "js", "mjs", "cjs", "ts", "tsx", "jsx", "go", "java", "kt", "c", "h", "cc", "cpp",
    "hpp", "cs", "rb", "php", "md", "rst", "txt", "json", "html", "htm", "css", "scss", "yml",
    "yaml", "toml", "xml", "svg", "png", "snap", "lock", "out", "stderr", "stdout", "map", "vue",
    "swift", "m", "pl", "pm", "sh", "sql", "proto", "pyi", "pyc", "so", "dll", "in", "tmpl", "tpl",
    "po", "pot", "gz", "zip",
];

/// How many words those have, at most.
const MOST_WORDS: usize = 3;

/// Rejects values whose name says that they are something else.
fn run(subject: &Subject<'_>, _: f32) -> Said {
    let Some(name) = subject.name else {
        return Said::Passed;
    };
    let extension = name
        .iter()
        .rposition(|&byte| byte == b'.')
        .map(|dot| &name[dot + 1..]);
    if extension.is_some_and(|extension| {
        EXTENSIONS
            .iter()
            .any(|known| extension.eq_ignore_ascii_case(known.as_bytes()))
    }) {
        return Said::Rejected("its name is a file's");
    }
    // The last words, the very last of them last.
    let mut last: [&[u8]; MOST_WORDS] = [b""; MOST_WORDS];
    let (mut says, mut never) = (0, false);
    for word in words(name) {
        says = WORDS.get(word);
        never |= says == NEVER;
        last.rotate_left(1);
        last[MOST_WORDS - 1] = word;
    }
    if never || says == ABOUT {
        return Said::Rejected("its name says that it is not the secret itself");
    }
    if COUNTERS.iter().any(|those| ends_with(&last, those)) {
        return Said::Rejected("its name says that it tells requests apart");
    }
    if SHOWN.iter().any(|those| ends_with(&last, those)) {
        return Said::Rejected("its name says that everybody may see it");
    }
    if is_again(name, subject.secret) {
        return Said::Rejected("it is its own name");
    }
    let is_number = !subject.quoted && subject.secret.iter().all(u8::is_ascii_digit);
    if is_number && numbers_something(name) {
        return Said::Rejected("it is a number of something");
    }
    Said::Passed
}

/// Whether the last words of a name are those, whatever their case.
fn ends_with(last: &[&[u8]; MOST_WORDS], those: &[&str]) -> bool {
    let last = last.iter().rev();
    last.zip(those.iter().rev())
        .all(|(word, that)| word.eq_ignore_ascii_case(that.as_bytes()))
}

/// Whether the value is the name, written in another case: `ALWAYS_SIGN_AUTH = "always-sign-auth"`.
fn is_again(name: &[u8], value: &[u8]) -> bool {
    let last = memchr::memrchr(b'.', name).map_or(name, |dot| &name[dot + 1..]);
    letters(value).next().is_some()
        && (letters(value).eq(letters(name)) || letters(value).eq(letters(last)))
}

/// The letters and digits of a text, in lower case.
fn letters(text: &[u8]) -> impl Iterator<Item = u8> {
    let kept = text.iter().filter(|byte| byte.is_ascii_alphanumeric());
    kept.map(u8::to_ascii_lowercase)
}

/// Whether a name speaks of a credential, but ends in something else: `PASSWORD_RESET_START`.
fn numbers_something(name: &[u8]) -> bool {
    let speaks = |word: &[u8]| {
        let word = String::from_utf8_lossy(word).to_ascii_lowercase();
        speaks_of_a_credential(&word)
    };
    words(name).last().is_some_and(|last| !speaks(last)) && words(name).any(speaks)
}

/// The words of a name: cut at punctuation and where case changes from lower to upper; no digits at their ends.
pub(super) fn words(name: &[u8]) -> impl Iterator<Item = &[u8]> {
    name.chunk_by(|left, right| {
        left.is_ascii_alphanumeric()
            && right.is_ascii_alphanumeric()
            && !(left.is_ascii_lowercase() && right.is_ascii_uppercase())
    })
    .map(|run| {
        let digits = run.iter().rev().take_while(|byte| byte.is_ascii_digit());
        &run[..run.len() - digits.count()]
    })
    .filter(|run| run.first().is_some_and(u8::is_ascii_alphanumeric))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_about_a_secret_are_not_its_name() {
        let said = |name: &'static str| {
            run(
                &Subject {
                    name: Some(name.as_bytes()),
                    ..Subject::bare(b"x")
                },
                0.0,
            )
        };
        for name in [
            "password_field",
            "tokenUrl",
            "PUBLIC_KEY",
            "secretName",
            "api_key_id",
            "publicKeyToken",
            "ClientRequestToken",
            "sequence_token",
            "secret_id_accessor",
            "RECAPTCHA_SITE_KEY",
        ] {
            assert!(matches!(said(name), Said::Rejected(_)), "{name}");
        }
        for name in [
            "password",
            "DB_PASSWORD",
            "accessToken",
            "secret_key_base",
            "apiKey2",
            "client.secret",
            "client_token",
        ] {
            assert_eq!(said(name), Said::Passed, "{name}");
        }
    }

    #[test]
    fn names_again_and_numbers_of_something_are_no_secrets() {
        let said = |name: &str, value: &str, quoted| {
            let name = name.replace('~', "");
            run(
                &Subject {
                    name: Some(name.as_bytes()),
                    quoted,
                    ..Subject::bare(value.as_bytes())
                },
                0.0,
            )
        };
        for (name, value) in [
            ("ALWAYS_SIGN_AUTH", "always-sign-auth"),
            ("Behavior.NO_AUTH", "no-auth"),
            ("PASS~WORD_RESET_START", "100241"),
            ("lastPass~wordChangeUSec", "1641941238208691"),
        ] {
            assert!(
                matches!(said(name, value, false), Said::Rejected(_)),
                "{name}"
            );
        }
        for (name, value, quoted) in [
            ("PASS~WORD", "100241", false),
            ("db_pass~word_prod", "100241", true),
            ("pin", "100241", false),
        ] {
            assert_eq!(said(name, value, quoted), Said::Passed, "{name}");
        }
    }
}
