//! Tokens whose last characters are a checksum of the rest. What is covered and how the number is written differs by vendor;
//! each function says where its rule is from. "Recomputed" means that published test values have the checksum.

mod gitlab;

use data_encoding::BASE64;

use super::primitives::digits::{BASE62, digits};
use super::{DISPROVEN, Said, Subject};

pub(super) use gitlab::gitlab_routable;

/// How many digits of base 62 a checksum has: 62^6 is the first power above 2^32.
const DIGITS: usize = 6;

const RIGHT: Said = Said::Proven("the checksum at its end is right");

const WRONG: Said = Said::AtMost(
    DISPROVEN,
    "the checksum at its end does not match: a typo, an example, or a server that adds none",
);

/// For checksums that every such token has.
const fn enforced(right: bool) -> Said {
    if right { RIGHT } else { WRONG }
}

/// For checksums that were found out rather than published, or that only some tokens have.
const fn confirmed(right: bool) -> Said {
    if right { RIGHT } else { Said::Passed }
}

fn base62(covered: &[u8]) -> [u8; DIGITS] {
    digits(crc32fast::hash(covered), BASE62)
}

/// What follows the last underscore.
fn body(token: &[u8]) -> &[u8] {
    token
        .rsplit(|&byte| byte == b'_')
        .next()
        .unwrap_or_default()
}

/// Whether the last six characters are the checksum of the rest.
fn ends_in_base62(body: &[u8]) -> bool {
    body.split_last_chunk()
        .is_some_and(|(random, checksum)| !random.is_empty() && base62(random) == *checksum)
}

/// Whether the last eight characters are the checksum of the rest, big-endian, in one case of hexadecimal digits.
fn ends_in_hex(covered: &[u8], checksum: &[u8], upper: bool) -> bool {
    let number = crc32fast::hash(covered);
    let expected = if upper {
        format!("{number:08X}")
    } else {
        format!("{number:08x}")
    };
    checksum == expected.as_bytes()
}

/// GitHub, npm and Polar: CRC-32 of the random part; the prefix is not covered. Sources: GitHub, "Behind GitHub's new
/// authentication token formats" (2021); npm's announcement of its format; Polar's server, `kit/crypto.py`.
pub(super) fn crc32_base62(subject: &Subject<'_>, _: f32) -> Said {
    enforced(ends_in_base62(body(subject.secret)))
}

/// SaladCloud: the random part behind the user's name. Recomputed.
pub(super) fn salad(subject: &Subject<'_>, _: f32) -> Said {
    confirmed(ends_in_base62(body(subject.secret)))
}

/// Vercel: the random part. Recomputed.
pub(super) fn vercel(subject: &Subject<'_>, _: f32) -> Said {
    confirmed(ends_in_base62(body(subject.secret)))
}

/// Synapse: all before the last underscore. Source: Synapse, `handlers/auth.py`.
pub(super) fn synapse(subject: &Subject<'_>, _: f32) -> Said {
    let parts = subject
        .secret
        .split_last_chunk::<DIGITS>()
        .and_then(|(rest, checksum)| Some((rest.strip_suffix(b"_")?, checksum)));
    enforced(parts.is_some_and(|(covered, checksum)| base62(covered) == *checksum))
}

/// Matrix Authentication Service: all before the last underscore, least significant digit first, padded in front. Source: its
/// `data-model`, `tokens.rs`.
pub(super) fn mas(subject: &Subject<'_>, _: f32) -> Said {
    let parts = subject
        .secret
        .split_last_chunk::<DIGITS>()
        .and_then(|(rest, checksum)| Some((rest.strip_suffix(b"_")?, checksum)));
    enforced(parts.is_some_and(|(covered, checksum)| {
        let digits = base62(covered);
        let padding = digits.iter().take_while(|&&digit| digit == b'0').count();
        let mut expected = digits;
        expected[padding..].reverse();
        expected == *checksum
    }))
}

/// Cloudflare: the forty characters behind the prefix. Recomputed.
pub(super) fn cloudflare(subject: &Subject<'_>, _: f32) -> Said {
    let parts = subject
        .secret
        .split_last_chunk::<48>()
        .map(|(_, tail)| tail.split_at(40));
    confirmed(parts.is_some_and(|(covered, checksum)| ends_in_hex(covered, checksum, false)))
}

/// Grafana service accounts: all before the last underscore, as hexadecimal digits of the little-endian bytes. Source:
/// Grafana, `pkg/components/satokengen`.
pub(super) fn grafana(subject: &Subject<'_>, _: f32) -> Said {
    let parts = subject
        .secret
        .split_last_chunk::<8>()
        .and_then(|(rest, checksum)| Some((rest.strip_suffix(b"_")?, checksum)));
    enforced(parts.is_some_and(|(covered, checksum)| {
        let swapped = crc32fast::hash(covered).swap_bytes();
        checksum == format!("{swapped:08x}").as_bytes()
    }))
}

/// Atlassian Cloud: all before the checksum, the `=` too, which may be escaped. Recomputed.
pub(super) fn atlassian(subject: &Subject<'_>, _: f32) -> Said {
    let Some((covered, checksum)) = subject.secret.split_last_chunk::<8>() else {
        return WRONG;
    };
    let mut plain = covered.to_vec();
    for escaped in [&b"\\="[..], b"%3D", b"%3d"] {
        if let Some(before) = covered.strip_suffix(escaped) {
            plain.truncate(before.len());
            plain.push(b'=');
        }
    }
    enforced(ends_in_hex(&plain, checksum, true))
}

/// Bitbucket app passwords: all before the checksum. Recomputed.
pub(super) fn bitbucket(subject: &Subject<'_>, _: f32) -> Said {
    let parts = subject.secret.split_last_chunk::<8>();
    enforced(parts.is_some_and(|(covered, checksum)| ends_in_hex(covered, checksum, true)))
}

/// Zuplo: what is between the underscores. Recomputed.
pub(super) fn zuplo(subject: &Subject<'_>, _: f32) -> Said {
    let parts = subject.secret.split_last_chunk::<8>();
    let covered =
        parts.and_then(|(rest, checksum)| Some((body(rest.strip_suffix(b"_")?), checksum)));
    confirmed(covered.is_some_and(|(covered, checksum)| ends_in_hex(covered, checksum, false)))
}

/// Confluent: what follows `cflt`, as the first six characters of base64 of the little-endian bytes. Recomputed.
pub(super) fn confluent(subject: &Subject<'_>, _: f32) -> Said {
    let parts = subject
        .secret
        .strip_prefix(b"cflt")
        .and_then(<[u8]>::split_last_chunk::<6>);
    confirmed(parts.is_some_and(|(covered, checksum)| {
        let bytes = crc32fast::hash(covered).to_le_bytes();
        BASE64.encode(&bytes).as_bytes().starts_with(checksum)
    }))
}

/// crates.io's trusted publishing: the last character is the exclusive or of the 31 before it, as a digit. Source: crates.io,
/// `crates_io_trustpub`.
pub(super) fn crates_io(subject: &Subject<'_>, _: f32) -> Said {
    const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let right = match body(subject.secret).split_last() {
        Some((last, random)) if !random.is_empty() => {
            let sum = random.iter().fold(0, |sum, byte| sum ^ byte);
            ALPHABET[usize::from(sum) % ALPHABET.len()] == *last
        }
        _ => false,
    };
    enforced(right)
}
