//! What the name of a value says: its words, and how they are written.

use super::super::Subject;
use super::features::{Feature, Features};
use crate::check::packed::Table;
use crate::check::secret_name::words;

/// What a word of a name speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Topic {
    Password = 1,
    Secret = 2,
    Token = 3,
    Key = 4,
    Auth = 5,
    Credential = 6,
    Api,
    Private,
    Public,
    Crypto,
    Client,
    User,
    Sample,
    Never,
}

/// What is noted of a name when a word of it speaks of something, in the order of [`Topic`].
const SAID: [Feature; 14] = [
    Feature::NamePassword,
    Feature::NameSecret,
    Feature::NameToken,
    Feature::NameKey,
    Feature::NameAuth,
    Feature::NameCredential,
    Feature::NameApi,
    Feature::NamePrivate,
    Feature::NamePublic,
    Feature::NameCrypto,
    Feature::NameClient,
    Feature::NameUser,
    Feature::NameSample,
    Feature::NameNever,
];

/// What words of names speak of.
static WORDS: Table<512> = Table::new(&[
    (
        Topic::Password as u8,
        &[
            "password",
            "passwd",
            "pwd",
            "pass",
            "pw",
            "psw",
            "passphrase",
            "passcode",
            "pin",
            "passwords",
            "passwort",
            "kennwort",
            "contrasena",
            "contrasenya",
            "clave",
            "senha",
            "mdp",
            "motdepasse",
            "parola",
            "wachtwoord",
            "losenord",
            "haslo",
            "heslo",
            "parol",
            "sifre",
            "salasana",
            "adgangskode",
            "passord",
            "kodeord",
            "jelszo",
            "lozinka",
            "sandi",
        ],
    ),
    (
        Topic::Secret as u8,
        &[
            "secret",
            "secrets",
            "geheimnis",
            "segredo",
            "secreto",
            "seed",
            "psk",
            "mnemonic",
        ],
    ),
    (
        Topic::Token as u8,
        &[
            "token",
            "tokens",
            "jwt",
            "bearer",
            "pat",
            "ticket",
            "otp",
            "totp",
            "cookie",
            "session",
            "verifier",
            "signature",
        ],
    ),
    (
        Topic::Key as u8,
        &["key", "keys", "nkey", "hmackey", "schluessel", "chave"],
    ),
    (
        Topic::Auth as u8,
        &[
            "auth",
            "authorization",
            "authentication",
            "oauth",
            "authenticator",
        ],
    ),
    (
        Topic::Credential as u8,
        &["cred", "creds", "credential", "credentials", "login"],
    ),
    (
        Topic::Api as u8,
        &[
            "api", "apikey", "appkey", "app", "rest", "service", "webhook",
        ],
    ),
    (
        Topic::Private as u8,
        &[
            "private",
            "priv",
            "master",
            "root",
            "admin",
            "prod",
            "production",
        ],
    ),
    (
        Topic::Public as u8,
        &["public", "pub", "publishable", "site", "anon"],
    ),
    (
        Topic::Crypto as u8,
        &[
            "aes",
            "des",
            "rsa",
            "hmac",
            "encryption",
            "encrypt",
            "signing",
            "sign",
            "cipher",
            "crypto",
            "crypt",
            "encoding",
        ],
    ),
    (
        Topic::Client as u8,
        &[
            "client", "consumer", "access", "refresh", "server", "account", "shared", "storage",
            "db", "database", "mysql", "postgres", "redis", "smtp", "aws", "ldap",
        ],
    ),
    (
        Topic::User as u8,
        &["user", "username", "usr", "email", "mail"],
    ),
    (
        Topic::Sample as u8,
        &[
            "test",
            "example",
            "sample",
            "fake",
            "dummy",
            "mock",
            "wrong",
            "invalid",
            "bad",
            "new",
            "old",
            "default",
            "expected",
            "confirm",
            "confirmation",
            "repeat",
            "current",
        ],
    ),
    (
        Topic::Never as u8,
        &[
            "encrypted",
            "iv",
            "salt",
            "csrf",
            "xsrf",
            "next",
            "continuation",
            "cursor",
            "page",
            "foreign",
            "primary",
            "sort",
            "cache",
            "partition",
            "row",
            "column",
            "index",
            "map",
            "hash",
            "checksum",
            "fingerprint",
            "etag",
            "nonce",
            "i18n",
            "locale",
            "translation",
            "label",
            "event",
            "keyboard",
            "shortcut",
            "idempotency",
            "object",
            "lock",
            "query",
            "field",
            "attribute",
            "state",
            "status",
        ],
    ),
]);

/// What words end in that were glued together: `dbpassword`, `mysecretkey`.
const ENDINGS: &[(&[u8], Topic)] = &[
    (b"password", Topic::Password),
    (b"passwd", Topic::Password),
    (b"passphrase", Topic::Password),
    (b"pwd", Topic::Password),
    (b"pass", Topic::Password),
    (b"secret", Topic::Secret),
    (b"token", Topic::Token),
    (b"key", Topic::Key),
    (b"auth", Topic::Auth),
];

/// What a word speaks of, whatever its case, and whether it is glued to more.
fn topic_of(word: &[u8]) -> (u8, bool) {
    match WORDS.get(word) {
        0 => {
            let ends = |ending: &[u8]| {
                let tail = word.len().checked_sub(ending.len());
                tail.is_some_and(|at| word[at..].eq_ignore_ascii_case(ending))
            };
            let last = word.last().map(u8::to_ascii_lowercase);
            let ending = ENDINGS
                .iter()
                .find(|(ending, _)| ending.last().copied() == last && ends(ending));
            ending.map_or((0, false), |(_, topic)| (*topic as u8, true))
        }
        topic => (topic, false),
    }
}

/// Notes what the name says.
pub(super) fn describe(subject: &Subject<'_>, features: &mut Features) {
    let name = subject.name.unwrap_or_default();
    features.set(Feature::NameLength, name.len());
    features.mark(Feature::NameDotted, name.contains(&b'.'));
    let (mut count, mut last, mut glued_any) = (0, 0, false);
    for word in words(name) {
        let (topic, glued) = topic_of(word);
        if let Some(said) = usize::from(topic).checked_sub(1) {
            features.0[SAID[said] as usize] = 1;
        }
        count += 1;
        last = topic;
        glued_any |= glued;
    }
    features.set(Feature::NameWords, count);
    features.set(Feature::NameLast, usize::from(last));
    features.mark(Feature::NameGlued, glued_any);
    features.set(
        Feature::NameKeyOf,
        key_of(last == Topic::Key as u8, features),
    );
    features.mark(Feature::NameBare, count == 1 && !glued_any);
    features.set(Feature::NameCase, case(name));
}

/// How a name is written: 0 lower case, 1 upper case, 2 camel case, 3 with a capital first, 4 otherwise.
fn case(name: &[u8]) -> usize {
    let lower = name.iter().any(u8::is_ascii_lowercase);
    let upper = name.iter().any(u8::is_ascii_uppercase);
    let first_is_upper = name.first().is_some_and(u8::is_ascii_uppercase);
    let joined = name.iter().any(|byte| matches!(byte, b'_' | b'-' | b'.'));
    match (lower, upper) {
        (_, false) => 0,
        (false, true) => 1,
        (true, true) if joined => 4,
        (true, true) if first_is_upper => 3,
        (true, true) => 2,
    }
}

/// What kind of key a name speaks of: 0 of none, 1 of any, 2 of an API's, 3 of one to encrypt or to sign with, 4 of one that is
/// said to be secret, 5 of one that is public.
fn key_of(is_key: bool, features: &Features) -> usize {
    let says = |feature: Feature| features.0[feature as usize] > 0;
    if !is_key {
        0
    } else if says(Feature::NamePublic) {
        5
    } else if says(Feature::NameSecret) || says(Feature::NamePrivate) {
        4
    } else if says(Feature::NameCrypto) {
        3
    } else if says(Feature::NameApi) || says(Feature::NameClient) || says(Feature::NameAuth) {
        2
    } else {
        1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_topic_has_its_feature() {
        for (name, feature) in [
            ("password", Feature::NamePassword),
            ("dbToken", Feature::NameToken),
            ("aws_api", Feature::NameApi),
            ("csrf", Feature::NameNever),
        ] {
            let mut features = Features::NONE;
            let subject = Subject {
                name: Some(name.as_bytes()),
                ..Subject::bare(b"x")
            };
            describe(&subject, &mut features);
            assert_eq!(features.0[feature as usize], 1, "{name}");
        }
    }
}
