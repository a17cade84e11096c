//! OpenPGP's secret keys: the armour's checksum, and the first packet. Sources: RFC 4880 sections 4.2, 5.5.3 and 6; RFC 9580.

use super::armour::Armour;
use super::primitives::checksums::crc24;
use super::primitives::wire::Wire;
use super::{DISPROVEN, ENCRYPTED, NO_BODY, Said, Subject};
use crate::check::primitives::encoding::base64;

const UNREADABLE: Said = Said::AtMost(
    DISPROVEN,
    "its body does not decode to a secret key: cut off, or an example",
);

/// A key in its armour.
pub(in crate::check) fn pgp(subject: &Subject<'_>, _: f32) -> Said {
    match Armour::read(subject.secret) {
        Some(armour) => armour.rejected().unwrap_or_else(|| armoured(&armour)),
        None => NO_BODY,
    }
}

/// Newer programs write no checksum, so that it need not be there; where it is, it counts.
pub(super) fn armoured(armour: &Armour) -> Said {
    let Some(bytes) = armour.decoded() else {
        return UNREADABLE;
    };
    let right = armour.checksum.as_deref().map(|checksum| {
        base64(checksum).is_some_and(|stated| stated == crc24(&bytes).to_be_bytes()[1..])
    });
    if right == Some(false) {
        return Said::AtMost(
            DISPROVEN,
            "the checksum below its body does not match: a typo or an example",
        );
    }
    match (packet(&bytes), right) {
        (None, _) => Said::AtMost(DISPROVEN, "its body does not begin with a secret key"),
        (Some(body), right) => match is_encrypted(body) {
            Some(true) => ENCRYPTED,
            Some(false) => Said::Proven("its body begins with a secret key without a passphrase"),
            None if right == Some(true) => Said::Proven("the checksum below its body is right"),
            None => Said::Passed,
        },
    }
}

/// The first packet's contents, or what there is of them, if it is a secret key.
fn packet(bytes: &[u8]) -> Option<&[u8]> {
    let mut wire = Wire::new(bytes);
    let length = match wire.byte()? {
        0x94 => wire.number(1)?,
        0x95 => wire.number(2)?,
        0x96 => wire.number(4)?,
        0xc5 => match wire.byte()? {
            short @ 0..192 => u64::from(short),
            middle @ 192..=223 => ((u64::from(middle) - 192) << 8) + wire.number(1)? + 192,
            255 => wire.number(4)?,
            // Secret keys come in one piece.
            _ => return None,
        },
        _ => return None,
    };
    let shown = usize::try_from(length).ok()?.min(wire.rest.len());
    Some(&wire.rest[..shown])
}

/// Whether a secret key's packet says that it has a passphrase; none where this program cannot read it.
fn is_encrypted(body: &[u8]) -> Option<bool> {
    let mut wire = Wire::new(body);
    let version = wire.byte()?;
    wire.bytes(4)?;
    if version == 3 {
        wire.bytes(2)?;
    } else if !matches!(version, 4..=6) {
        return None;
    }
    let algorithm = wire.byte()?;
    if version == 4 || version == 3 {
        let numbers = match algorithm {
            1..=3 => 2,
            16 => 3,
            17 => 4,
            18 | 19 | 22 => {
                // The curve, the point, and for exchanging keys a word on how.
                let length = wire.byte()?;
                wire.bytes(u64::from(length))?;
                1
            }
            25 | 27 => {
                wire.bytes(32)?;
                0
            }
            _ => return None,
        };
        for _ in 0..numbers {
            let bits = wire.number(2)?;
            wire.bytes(bits.div_ceil(8))?;
        }
        if algorithm == 18 {
            let length = wire.byte()?;
            wire.bytes(u64::from(length))?;
        }
    } else {
        let length = wire.number(4)?;
        wire.bytes(length)?;
    }
    Some(wire.byte()? != 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{proves, said};

    fn armoured_text(body: &str) -> String {
        format!(
            "-----BEGIN PGP PRIV~ATE KEY BLOCK-----\n\n{body}\n-----END PGP PRIV~ATE KEY BLOCK-----"
        )
    }

    fn key(usage: u8) -> Vec<u8> {
        // Version 4, a time, EdDSA on Ed25519, a point of 263 bits, and whether a passphrase protects the rest.
        let mut body = vec![4, 0x65, 0x53, 0xf1, 0, 22, 9];
        body.extend(b"\x2b\x06\x01\x04\x01\xda\x47\x0f\x01\x01\x07\x40");
        body.extend(1..33);
        body.push(usage);
        body.extend(40..80);
        let mut packet = vec![0x94, body.len() as u8];
        packet.extend(body);
        packet
    }

    #[test]
    fn checksums_count_where_they_are() {
        let body = "lQABAgMEBQYHCAkKCwwNDg8QERIT";
        let text = |body: &str| armoured_text(&format!("{body}{body}"));
        assert_eq!(said(pgp, &armoured_text(body)), NO_BODY);
        assert_eq!(
            crc24(&base64(body.as_bytes()).unwrap()).to_be_bytes()[1..],
            base64(b"FFzr").unwrap()
        );
        let bytes = base64(body.repeat(2).as_bytes()).unwrap();
        let sum = data_encoding::BASE64.encode(&crc24(&bytes).to_be_bytes()[1..]);
        assert!(proves(
            pgp,
            &armoured_text(&format!("{}\n={sum}", body.repeat(2)))
        ));
        assert!(matches!(
            said(pgp, &armoured_text(&format!("{}\n=FFzr", body.repeat(2)))),
            Said::AtMost(..)
        ));
        assert_eq!(said(pgp, &text(body)), Said::Passed);
        assert!(matches!(
            said(pgp, &text("mQABAgMEBQYHCAkKCwwNDg8QERIT")),
            Said::AtMost(..)
        ));
    }

    #[test]
    fn passphrases_are_told() {
        let text = |usage| armoured_text(&data_encoding::BASE64.encode(&key(usage)));
        assert!(proves(pgp, &text(0)));
        assert_eq!(said(pgp, &text(254)), ENCRYPTED);
    }
}
