//! What the name of a value says: its words, and how they are written.

use super::super::Subject;
use super::features::{Feature, Features};

/// What a word of a name speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Topic {
    Other = 0,
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

/// The longest word of a name that is looked up, in bytes.
const LONGEST_WORD: usize = 32;

/// What a word in lower case speaks of.
fn topic(word: &[u8]) -> Topic {
    match word {
        b"password" | b"passwd" | b"pwd" | b"pass" | b"pw" | b"psw" | b"passphrase"
        | b"passcode" | b"pin" | b"passwords" | b"passwort" | b"kennwort" | b"contrasena"
        | b"contrasenya" | b"clave" | b"senha" | b"mdp" | b"motdepasse" | b"parola"
        | b"wachtwoord" | b"losenord" | b"haslo" | b"heslo" | b"parol" | b"sifre" | b"salasana"
        | b"adgangskode" | b"passord" | b"kodeord" | b"jelszo" | b"lozinka" | b"sandi" => {
            Topic::Password
        }
        b"secret" | b"secrets" | b"geheimnis" | b"segredo" | b"secreto" | b"seed" | b"psk"
        | b"mnemonic" => Topic::Secret,
        b"token" | b"tokens" | b"jwt" | b"bearer" | b"pat" | b"ticket" | b"otp" | b"totp"
        | b"cookie" | b"session" | b"verifier" | b"signature" => Topic::Token,
        b"key" | b"keys" | b"nkey" | b"hmackey" | b"schluessel" | b"chave" => Topic::Key,
        b"auth" | b"authorization" | b"authentication" | b"oauth" | b"authenticator" => Topic::Auth,
        b"cred" | b"creds" | b"credential" | b"credentials" | b"login" => Topic::Credential,
        b"api" | b"apikey" | b"appkey" | b"app" | b"rest" | b"service" | b"webhook" => Topic::Api,
        b"private" | b"priv" | b"master" | b"root" | b"admin" | b"prod" | b"production" => {
            Topic::Private
        }
        b"public" | b"pub" | b"publishable" | b"site" | b"anon" => Topic::Public,
        b"aes" | b"des" | b"rsa" | b"hmac" | b"encryption" | b"encrypt" | b"signing" | b"sign"
        | b"cipher" | b"crypto" | b"crypt" | b"encoding" => Topic::Crypto,
        b"client" | b"consumer" | b"access" | b"refresh" | b"server" | b"account" | b"shared"
        | b"storage" | b"db" | b"database" | b"mysql" | b"postgres" | b"redis" | b"smtp"
        | b"aws" | b"ldap" => Topic::Client,
        b"user" | b"username" | b"usr" | b"email" | b"mail" => Topic::User,
        b"test" | b"example" | b"sample" | b"fake" | b"dummy" | b"mock" | b"wrong" | b"invalid"
        | b"bad" | b"new" | b"old" | b"default" | b"expected" | b"confirm" | b"confirmation"
        | b"repeat" | b"current" => Topic::Sample,
        b"encrypted" | b"iv" | b"salt" | b"csrf" | b"xsrf" | b"next" | b"continuation"
        | b"cursor" | b"page" | b"foreign" | b"primary" | b"sort" | b"cache" | b"partition"
        | b"row" | b"column" | b"index" | b"map" | b"hash" | b"checksum" | b"fingerprint"
        | b"etag" | b"nonce" | b"i18n" | b"locale" | b"translation" | b"label" | b"event"
        | b"keyboard" | b"shortcut" | b"idempotency" | b"object" | b"lock" | b"query"
        | b"field" | b"attribute" | b"state" | b"status" => Topic::Never,
        _ => Topic::Other,
    }
}

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

/// What a word speaks of, whatever its case, and whether it is glued to more.
fn topic_of(word: &[u8]) -> (Topic, bool) {
    let mut buffer = [0; LONGEST_WORD];
    let Some(lower) = buffer.get_mut(..word.len()) else {
        return (Topic::Other, true);
    };
    lower.copy_from_slice(word);
    lower.make_ascii_lowercase();
    match topic(lower) {
        Topic::Other => {
            let ending = ENDINGS.iter().find(|(ending, _)| lower.ends_with(ending));
            ending.map_or((Topic::Other, false), |(_, topic)| (*topic, true))
        }
        topic => (topic, false),
    }
}

/// Notes what the name says.
pub(super) fn describe(subject: &Subject<'_>, features: &mut Features) {
    let name = subject.name.unwrap_or_default();
    features.set(Feature::NameLength, name.len());
    features.mark(Feature::NameDotted, name.contains(&b'.'));
    let (mut count, mut last, mut glued_any) = (0, Topic::Other, false);
    for word in words(name) {
        let (topic, glued) = topic_of(word);
        let feature = match topic {
            Topic::Other => None,
            Topic::Password => Some(Feature::NamePassword),
            Topic::Secret => Some(Feature::NameSecret),
            Topic::Token => Some(Feature::NameToken),
            Topic::Key => Some(Feature::NameKey),
            Topic::Auth => Some(Feature::NameAuth),
            Topic::Credential => Some(Feature::NameCredential),
            Topic::Api => Some(Feature::NameApi),
            Topic::Private => Some(Feature::NamePrivate),
            Topic::Public => Some(Feature::NamePublic),
            Topic::Crypto => Some(Feature::NameCrypto),
            Topic::Client => Some(Feature::NameClient),
            Topic::User => Some(Feature::NameUser),
            Topic::Sample => Some(Feature::NameSample),
            Topic::Never => Some(Feature::NameNever),
        };
        if let Some(feature) = feature {
            features.mark(feature, true);
        }
        count += 1;
        last = topic;
        glued_any |= glued;
    }
    features.set(Feature::NameWords, count);
    features.set(Feature::NameLast, last as usize);
    features.mark(Feature::NameGlued, glued_any);
    features.set(Feature::NameKeyOf, key_of(last, features));
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
fn key_of(last: Topic, features: &Features) -> usize {
    let says = |feature: Feature| features.0[feature as usize] > 0;
    match last {
        Topic::Key if says(Feature::NamePublic) => 5,
        Topic::Key if says(Feature::NameSecret) || says(Feature::NamePrivate) => 4,
        Topic::Key if says(Feature::NameCrypto) => 3,
        Topic::Key
            if says(Feature::NameApi) || says(Feature::NameClient) || says(Feature::NameAuth) =>
        {
            2
        }
        Topic::Key => 1,
        _ => 0,
    }
}
