//! Whether a value near a provider's name is a credential of that provider: the name that it is given to, or the words between
//! the two, must speak of one. Runs for every rule that finds by context.

use super::secret_name;
use super::{Said, Subject, is_among, not_word};
use crate::model::Confidence;

/// What a value is worth that nothing but its place speaks for.
const BARE: Confidence = Confidence::from_thousandths(550);

/// Words that speak of a credential.
const CREDENTIAL: &[&str] = &[
    "key",
    "keys",
    "token",
    "tokens",
    "tok",
    "secret",
    "secrets",
    "pass",
    "passwd",
    "password",
    "pwd",
    "pw",
    "passphrase",
    "passcode",
    "auth",
    "authorization",
    "authentication",
    "cred",
    "creds",
    "credential",
    "credentials",
    "bearer",
    "pat",
    "jwt",
    "sk",
    "private",
    "license",
    "licence",
    "appid",
    "sid",
    "webhook",
    "signature",
    "seed",
    "mnemonic",
    "access",
];

/// What glued words end in that speak of a credential: `acmeapikey`.
const ENDINGS: &[&str] = &[
    "key", "token", "secret", "password", "passwd", "pwd", "auth",
];

/// Words of a value's own name that say that it is something else: what many hashes and ids look like.
const OTHER: &[&str] = &[
    "sha",
    "sha1",
    "sha256",
    "sha512",
    "md5",
    "hash",
    "digest",
    "checksum",
    "commit",
    "revision",
    "rev",
    "ref",
    "etag",
    "integrity",
    "fingerprint",
    "thumbprint",
    "uuid",
    "guid",
    "version",
    "public",
    "nonce",
    "cursor",
    "tree",
    "blob",
    "build",
    "image",
    "trace",
    "span",
    "request",
    "crc",
    "cid",
    "node",
    "sum",
    "md",
    "url",
    "uri",
    "path",
    "file",
    "filename",
    "resolved",
    "src",
    "href",
    "class",
    "boundary",
];

/// Last words of names that say that a value is not the secret itself.
const ABOUT: &[&str] = &[
    "id", "ids", "name", "type", "count", "size", "length", "index",
];

/// Words that say nothing about what a value is.
const FILLERS: &[&str] = &[
    "api",
    "app",
    "my",
    "the",
    "prod",
    "production",
    "dev",
    "test",
    "staging",
    "live",
    "admin",
    "client",
    "v",
    "x",
    "com",
    "io",
    "www",
    "value",
    "val",
    "default",
    "env",
    "config",
    "conf",
    "cfg",
    "account",
    "service",
];

/// How many line ends may be between a word and a value whose own name does not speak of a credential.
const FEW_LINES: usize = 1;

/// Judges a value by the text from the context's word to it; a distinctive one has something of its own to say.
pub(super) fn judge(subject: &Subject<'_>, distinctive: bool) -> Said {
    let own: Vec<String> = subject
        .name
        .map(|name| words(name).collect())
        .unwrap_or_default();
    // What the context's word says of itself, as `project_id` may, is what the rule looks for.
    let rest: Vec<String> = match subject.beside_word {
        Some((before, after)) => words(before).chain(words(after)).collect(),
        None => own.clone(),
    };
    let speaks = |words: &[String]| words.iter().any(|word| speaks_of_a_credential(word));
    let last_speaks = rest.last().is_some_and(|last| speaks_of_a_credential(last));
    if !last_speaks && rest.iter().any(|word| is_among(word, OTHER)) {
        return Said::Rejected("its name says that it is something else");
    }
    if rest.last().is_some_and(|last| is_among(last, ABOUT)) {
        return Said::Rejected("its name says that it is not the secret itself");
    }
    if !distinctive && is_camel_case(subject.secret) {
        return Said::Rejected("it is a name as code has it");
    }
    let named_so = speaks(&own);
    if named_so || distinctive {
        return Said::Passed;
    }
    let between = subject.whole;
    if memchr::memchr_iter(b'\n', between).count() > FEW_LINES {
        return Said::Rejected("nothing on its line speaks of a credential");
    }
    let before_secret: Vec<String> = words(between).collect();
    if speaks(&before_secret) {
        return Said::Passed;
    }
    // The name is the context's word and nothing that tells more.
    let is_bare = subject.beside_word.is_some() && rest.iter().all(|word| is_among(word, FILLERS));
    if is_bare {
        return Said::AtMost(BARE, "only the provider's name is beside it");
    }
    Said::Rejected("nothing near it speaks of a credential")
}

/// `getAuthenticatedUser`: words without a number, each but the first with its capital. Lists of a program's names are full of
/// them, some as long as a key.
fn is_camel_case(value: &[u8]) -> bool {
    let is_edge = |pair: &[u8]| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase();
    value.iter().all(u8::is_ascii_alphabetic)
        && value.windows(2).any(is_edge)
        && not_word::is_wordy(value)
}

/// The words of a name, in lower case.
fn words(name: &[u8]) -> impl Iterator<Item = String> {
    let lower = |word: &[u8]| String::from_utf8_lossy(word).to_ascii_lowercase();
    secret_name::words(name).map(lower)
}

/// Whether a word of a name speaks of a credential.
pub(super) fn speaks_of_a_credential(word: &str) -> bool {
    const NOT: &[&str] = &[
        "monkey", "turkey", "donkey", "hockey", "whiskey", "jockey", "hotkey",
    ];
    is_among(word, CREDENTIAL)
        || (ENDINGS.iter().any(|ending| word.ends_with(ending)) && !NOT.contains(&word))
}
