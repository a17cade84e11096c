//! Macaroons: tokens that hold where they count, an identifier, conditions, and a signature over all of it. Sources: the binary
//! format, version 2, of libmacaroons; PyPI's and LND's use of it; Fly.io's macaroons, in MessagePack.

use super::primitives::encoding::{base64, hex, is_uuid};
use super::primitives::wire::Wire;
use super::{DOUBTED, Said, Subject};

const PROVEN: Said = Said::Proven("it decodes to a macaroon, from its first byte to its last");

const REJECTED: Said = Said::Rejected("it does not decode to a macaroon");

/// Field types of version 2.
const LOCATION: u64 = 1;
const IDENTIFIER: u64 = 2;
const SIGNATURE: u64 = 6;

/// What a macaroon of version 2 holds that tells whose it is.
struct Macaroon<'m> {
    location: &'m [u8],
    identifier: &'m [u8],
}

/// Reads a macaroon of version 2, all of it.
fn macaroon(bytes: &[u8]) -> Option<Macaroon<'_>> {
    let mut wire = Wire::new(bytes);
    if wire.byte()? != 2 {
        return None;
    }
    let location = field(&mut wire, LOCATION)?;
    let identifier = field(&mut wire, IDENTIFIER)?;
    // Anything but a zero here would be a field that version 2 does not have.
    if wire.byte()? != 0 {
        return None;
    }
    // Conditions, until a second zero ends them.
    while *wire.rest.first()? != 0 {
        if wire.rest.first() == Some(&1) {
            field(&mut wire, LOCATION)?;
        }
        field(&mut wire, IDENTIFIER)?;
        if wire.rest.first() == Some(&4) {
            // The key of a condition that somebody else has to confirm.
            field(&mut wire, 4)?;
        }
        if wire.byte()? != 0 {
            return None;
        }
    }
    wire.byte()?;
    let signature = field(&mut wire, SIGNATURE)?;
    (signature.len() == 32 && wire.rest.is_empty()).then_some(Macaroon {
        location,
        identifier,
    })
}

fn field<'m>(wire: &mut Wire<'m>, kind: u64) -> Option<&'m [u8]> {
    if wire.varint()? != kind {
        return None;
    }
    let length = wire.varint()?;
    wire.bytes(length)
}

/// PyPI and TestPyPI: the location is theirs, the identifier a UUID or JSON.
pub(super) fn pypi(subject: &Subject<'_>, _: f32) -> Said {
    let bytes = subject.secret.strip_prefix(b"pypi-").and_then(base64);
    let right = bytes.as_deref().and_then(macaroon).is_some_and(|macaroon| {
        matches!(macaroon.location, b"pypi.org" | b"test.pypi.org")
            && (is_uuid(macaroon.identifier)
                || serde_json::from_slice::<serde_json::Value>(macaroon.identifier).is_ok())
    });
    if right { PROVEN } else { REJECTED }
}

/// LND: the location is `lnd`, the identifier has a nonce; in hexadecimal digits or in base64.
pub(super) fn lnd(subject: &Subject<'_>, _: f32) -> Said {
    let bytes = hex(subject.secret).or_else(|| base64(subject.secret));
    let right = bytes.as_deref().and_then(macaroon).is_some_and(|macaroon| {
        macaroon.location == b"lnd"
            && macaroon.identifier.starts_with(&[0x03, 0x0a, 0x10])
            && macaroon.identifier.len() >= 3 + 16
    });
    if right { PROVEN } else { REJECTED }
}

/// Fly.io: a list of nonce, location, conditions and signature; several tokens may stand behind one another.
pub(super) fn fly(subject: &Subject<'_>, _: f32) -> Said {
    let tokens = subject
        .secret
        .strip_prefix(b"FlyV1 ")
        .unwrap_or(subject.secret);
    let first = tokens.split(|&byte| byte == b',').next().unwrap_or(tokens);
    let body = memchr::memchr(b'_', first).map(|cut| &first[cut + 1..]);
    let Some(body) = body else { return REJECTED };
    if base64(body).is_some_and(|bytes| is_fly(&bytes)) {
        return PROVEN;
    }
    // `[[` and bytes: it begins as one, and may have been cut off by whoever copied it.
    if body.starts_with(b"lJPE") {
        return Said::AtMost(
            DOUBTED,
            "it begins as a macaroon, but does not decode to one",
        );
    }
    REJECTED
}

fn is_fly(bytes: &[u8]) -> bool {
    let mut wire = Wire::new(bytes);
    let list = |byte: u8| matches!(byte, 0x90..=0x9f | 0xdc | 0xdd);
    let text = |byte: u8| matches!(byte, 0xa0..=0xbf | 0xd9..=0xdb);
    let binary = |byte: u8| matches!(byte, 0xc4..=0xc6);
    let parts: [&dyn Fn(u8) -> bool; 4] = [&list, &text, &list, &binary];
    wire.byte() == Some(0x94)
        && parts.iter().all(|is_kind| {
            wire.rest.first().is_some_and(|first| is_kind(*first)) && skip(&mut wire).is_some()
        })
        && wire.rest.is_empty()
}

/// Skips one value of MessagePack. Lists are counted instead of entered, so that nesting costs nothing; each value has at least
/// one byte, so that the loop ends with the input.
fn skip(wire: &mut Wire<'_>) -> Option<()> {
    let mut left: u64 = 1;
    while left > 0 {
        left -= 1;
        let (inside, length) = match wire.byte()? {
            0x00..=0x7f | 0xc0 | 0xc2 | 0xc3 | 0xe0..=0xff => (0, 0),
            map @ 0x80..=0x8f => (u64::from(map & 0x0f) * 2, 0),
            list @ 0x90..=0x9f => (u64::from(list & 0x0f), 0),
            text @ 0xa0..=0xbf => (0, u64::from(text & 0x1f)),
            0xc4 | 0xd9 => (0, wire.number(1)?),
            0xc5 | 0xda => (0, wire.number(2)?),
            0xc6 | 0xdb => (0, wire.number(4)?),
            0xc7 => (0, wire.number(1)? + 1),
            0xc8 => (0, wire.number(2)? + 1),
            0xc9 => (0, wire.number(4)? + 1),
            0xca | 0xce | 0xd2 => (0, 4),
            0xcb | 0xcf | 0xd3 => (0, 8),
            0xcc | 0xd0 => (0, 1),
            0xcd | 0xd1 => (0, 2),
            fixed @ 0xd4..=0xd8 => (0, 1 + (1 << (fixed - 0xd4))),
            0xdc => (wire.number(2)?, 0),
            0xdd => (wire.number(4)?, 0),
            0xde => (wire.number(2)? * 2, 0),
            0xdf => (wire.number(4)? * 2, 0),
            0xc1 => return None,
        };
        wire.bytes(length)?;
        left = left.saturating_add(inside);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{proves, said};

    #[test]
    fn fly_tokens_are_lists_of_four() {
        // [[h'00', h'11..', true], "https://api.fly.io/v1", [1, [2]], h'22..']
        let mut bytes = vec![0x94, 0x93, 0xc4, 0x01, 0x00, 0xc4, 0x10];
        bytes.extend([0x11; 16]);
        bytes.extend([0xc3, 0xb5]);
        bytes.extend(b"https://api.fly.io/v1");
        bytes.extend([0x92, 0x01, 0x91, 0x02, 0xc4, 0x20]);
        bytes.extend([0x22; 32]);
        let token = format!("fm~2_{}", data_encoding::BASE64.encode(&bytes));
        assert!(proves(fly, &token));
        assert!(proves(fly, &format!("FlyV1 {token},fm~2_AAAA")));
        assert!(matches!(
            said(fly, &token[..token.len() - 8]),
            Said::AtMost(..)
        ));
        assert_eq!(said(fly, "fm~2_AAAAAAAA"), REJECTED);
        assert_eq!(said(fly, ""), REJECTED);
    }

    #[test]
    fn nesting_and_lengths_cost_nothing() {
        assert!(!is_fly(&[0x94; 100_000]));
        let mut bytes = vec![0xdd; 5];
        assert!(skip(&mut Wire::new(&bytes)).is_none());
        bytes.truncate(3);
        assert!(skip(&mut Wire::new(&bytes)).is_none());
    }
}
