//! Tokens that decode to parts with a sign between them, or to bytes of a known length. Sources: what the vendors' documentation
//! and clients say of each; most decode to text.

use super::super::primitives::wire::Wire;
use super::encoding::{base64, is_uuid, percent_decoded};
use super::{DISPROVEN, Said, Subject};

const PROVEN: Said = Said::Proven("it decodes to the parts that such a token has");

/// For tokens with a prefix that only they have.
const CHANGED: Said = Said::AtMost(
    DISPROVEN,
    "it does not decode to the parts that such a token has: cut off, or an example",
);

/// For tokens that are told by their parts alone.
const OTHER: Said = Said::Rejected("it does not decode to the parts that such a token has");

fn is_base64url(text: &[u8]) -> bool {
    text.iter()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

fn cut(bytes: &[u8], sign: u8) -> Option<(&[u8], &[u8])> {
    let at = memchr::memchr(sign, bytes)?;
    Some((&bytes[..at], &bytes[at + 1..]))
}

/// Exactly so many bytes, in base64 of either alphabet, with or without padding, percent-escaped or not.
pub(in crate::check) fn base64_bytes(subject: &Subject<'_>, length: f32) -> Said {
    match base64(&percent_decoded(subject.secret)) {
        Some(bytes) if bytes.len() == length as usize => Said::Passed,
        Some(_) => Said::Rejected("it decodes to another number of bytes"),
        None => Said::Rejected("it is not base64"),
    }
}

/// Jira, Confluence and Bitbucket Data Center: a decimal id, a colon and twenty random bytes.
pub(in crate::check) fn atlassian_dc(subject: &Subject<'_>, _: f32) -> Said {
    let (text, otherwise) = match subject.secret.strip_prefix(b"BBDC-") {
        Some(text) => (text, CHANGED),
        None => (subject.secret, OTHER),
    };
    let right = base64(text).is_some_and(|bytes| {
        cut(&bytes, b':').is_some_and(|(id, random)| {
            (4..=20).contains(&id.len())
                && id.iter().all(u8::is_ascii_digit)
                && random.len() == 20
                && !random.iter().all(|byte| matches!(byte, b' '..=b'~'))
        })
    });
    if right { PROVEN } else { otherwise }
}

/// JFrog's reference tokens: `reftkn`, two digits, when it ends, and 27 random characters.
pub(in crate::check) fn jfrog(subject: &Subject<'_>, _: f32) -> Said {
    let right = base64(subject.secret).is_some_and(|bytes| {
        let digits =
            |part: &[u8], length| part.len() == length && part.iter().all(u8::is_ascii_digit);
        match bytes.split(|&byte| byte == b':').collect::<Vec<_>>()[..] {
            [b"reftkn", version, time, random] => {
                digits(version, 2)
                    && digits(time, 10)
                    && random.len() == 27
                    && random.iter().all(u8::is_ascii_alphanumeric)
            }
            _ => false,
        }
    });
    if right { PROVEN } else { CHANGED }
}

/// Amazon Bedrock: a name, an account and a secret in the long-lived kind, a request in the other.
pub(in crate::check) fn bedrock(subject: &Subject<'_>, _: f32) -> Said {
    let right = if let Some(text) = subject.secret.strip_prefix(b"bedrock-api-key-") {
        base64(text).is_some_and(|bytes| bytes.starts_with(b"bedrock.amazonaws.com/"))
    } else {
        let bytes = subject.secret.strip_prefix(b"ABSK").and_then(base64);
        bytes.is_some_and(|bytes| {
            cut(&bytes, b':').is_some_and(|(name, secret)| {
                let account = name.split_last_chunk::<12>();
                !secret.is_empty()
                    && name.starts_with(b"BedrockAPIKey-")
                    && account.is_some_and(|(before, account)| {
                        before.ends_with(b"-at-") && account.iter().all(u8::is_ascii_digit)
                    })
            })
        })
    };
    if right { PROVEN } else { CHANGED }
}

/// Passwords for Amazon SES: a version and 32 bytes of HMAC. Source: the SES developer guide.
pub(in crate::check) fn ses(subject: &Subject<'_>, _: f32) -> Said {
    match base64(&percent_decoded(subject.secret)).as_deref() {
        Some([0x04, rest @ ..]) if rest.len() == 32 => Said::Passed,
        _ => Said::Rejected("it is not version 4 of such a password and 32 bytes"),
    }
}

/// Elasticsearch: an id of twenty characters and a key of 22.
pub(in crate::check) fn elasticsearch(subject: &Subject<'_>, _: f32) -> Said {
    let right = base64(subject.secret).is_some_and(|bytes| {
        cut(&bytes, b':').is_some_and(|(id, key)| {
            id.len() == 20 && key.len() == 22 && is_base64url(id) && is_base64url(key)
        })
    });
    if right { PROVEN } else { OTHER }
}

/// NVIDIA NGC: an account of 26 characters and a UUID.
pub(in crate::check) fn ngc(subject: &Subject<'_>, _: f32) -> Said {
    let right = base64(subject.secret).is_some_and(|bytes| {
        cut(&bytes, b':').is_some_and(|(account, key)| {
            account.len() == 26
                && account
                    .iter()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
                && is_uuid(key)
        })
    });
    if right { PROVEN } else { OTHER }
}

/// Intercom: `tok`, an id in hexadecimal digits, and two numbers.
pub(in crate::check) fn intercom(subject: &Subject<'_>, _: f32) -> Said {
    let right = base64(subject.secret).is_some_and(|bytes| {
        bytes
            .strip_prefix(b"tok:")
            .and_then(|rest| rest.strip_suffix(b":1:0"))
            .is_some_and(|id| {
                let groups: Vec<&[u8]> = id.split(|&byte| byte == b'_').collect();
                groups[0].len() == 8
                    && id.len() >= 32
                    && groups
                        .iter()
                        .all(|group| !group.is_empty() && group.iter().all(u8::is_ascii_hexdigit))
            })
    });
    if right { PROVEN } else { OTHER }
}

/// The shortest of Vault's long service tokens, without its prefix; the short ones are random characters.
const LONG_VAULT: usize = 50;

/// Vault's long service tokens: a message of protocol buffers, of which every byte is accounted for. It can only confirm.
pub(in crate::check) fn vault(subject: &Subject<'_>, _: f32) -> Said {
    let body = subject.secret.strip_prefix(b"hvs.");
    let right = body
        .filter(|body| body.len() >= LONG_VAULT)
        .and_then(|body| {
            // A namespace may follow.
            base64(body.split(|&byte| byte == b'.').next().unwrap_or(body))
        })
        .is_some_and(|bytes| matches!(bytes.first(), Some(0x08 | 0x0a)) && is_message(&bytes));
    if right {
        Said::Proven("it decodes to a message of protocol buffers")
    } else {
        Said::Passed
    }
}

/// Whether `bytes` are fields of numbers and strings, one of which is long enough to be a secret.
fn is_message(bytes: &[u8]) -> bool {
    let mut wire = Wire::new(bytes);
    let mut longest = 0;
    while !wire.rest.is_empty() {
        let field = match wire.varint() {
            // Field numbers begin with one and are small in so short a message.
            Some(tag @ 0x08..0x100) => match tag & 7 {
                0 => wire.varint().map(|_| 0),
                1 => wire.bytes(8).map(<[u8]>::len),
                2 => wire
                    .varint()
                    .and_then(|length| wire.bytes(length))
                    .map(<[u8]>::len),
                5 => wire.bytes(4).map(<[u8]>::len),
                _ => None,
            },
            _ => None,
        };
        let Some(length) = field else { return false };
        longest = longest.max(length);
    }
    longest >= 16
}
