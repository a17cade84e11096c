//! Keys in DER: PKCS #1, PKCS #8, SEC 1, DSA and PKCS #12, armoured or not. Sources: RFC 8017 appendix A.1.2, RFC 5208, RFC 5958,
//! RFC 5915, RFC 8410, RFC 7292, and OpenSSL for DSA.

use super::super::primitives::encoding::base64;
use super::armour::Armour;
use super::primitives::curve::is_p256_pair;
use super::primitives::der::{BIT_STRING, INTEGER, OCTET_STRING, OID, Reader, bits, is_product};
use super::{DISPROVEN, ENCRYPTED, Said, Subject, openssh, pgp};

/// The least bits of an RSA or DSA modulus in use; shorter ones are exercises.
const LEAST_BITS: usize = 1024;

const UNREADABLE: Said = Said::AtMost(
    DISPROVEN,
    "its body does not decode to a key: cut off, or an example",
);

pub(super) const TOO_SHORT: Said = Said::AtMost(DISPROVEN, "it is too short for a key in use");

const PARSED: Said = Said::Proven("it decodes to a private key, from its first byte to its last");

/// Object identifiers, encoded.
const RSA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01";
const RSA_PSS: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a";
const EC: &[u8] = b"\x2a\x86\x48\xce\x3d\x02\x01";
const DSA: &[u8] = b"\x2a\x86\x48\xce\x38\x04\x01";
const X25519: &[u8] = b"\x2b\x65\x6e";
const X448: &[u8] = b"\x2b\x65\x6f";
const ED25519: &[u8] = b"\x2b\x65\x70";
const ED448: &[u8] = b"\x2b\x65\x71";
const PBES2: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d";
const PBES1: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x05";
const PKCS12_PBE: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01";
const PKCS7_DATA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";
const PKCS7_SIGNED: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";

/// Curves, and how long their private keys are.
const CURVES: &[(&[u8], usize)] = &[
    (b"\x2a\x86\x48\xce\x3d\x03\x01\x07", 32),
    (b"\x2b\x81\x04\x00\x0a", 32),
    (b"\x2b\x81\x04\x00\x21", 28),
    (b"\x2b\x81\x04\x00\x22", 48),
    (b"\x2b\x81\x04\x00\x23", 66),
];

/// A private key in armour, in base64 of its armour, or in base64 of the key itself. With armour, what cannot be read is
/// documentation; without, it is something else.
pub(in crate::check) fn pem(subject: &Subject<'_>, _: f32) -> Said {
    if let Some(armour) = Armour::read(subject.secret) {
        return armoured(&armour);
    }
    let text: Vec<u8> = subject
        .secret
        .iter()
        .copied()
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    let Some(bytes) = base64(&text) else {
        return Said::Rejected("it is no base64");
    };
    if let Some(armour) = Armour::read(&bytes) {
        return armoured(&armour);
    }
    if bytes.starts_with(openssh::MAGIC) {
        return openssh::key(&bytes);
    }
    match any_key(&bytes) {
        UNREADABLE => Said::Rejected("it does not decode to a private key"),
        said => said,
    }
}

fn armoured(armour: &Armour) -> Said {
    if let Some(rejected) = armour.rejected() {
        return rejected;
    }
    if armour.mislabelled {
        return Said::AtMost(DISPROVEN, "its last line has another label than its first");
    }
    let Some(bytes) = armour.decoded() else {
        return UNREADABLE;
    };
    if armour.label.starts_with(b"PGP") {
        return pgp::armoured(armour);
    }
    if armour.encrypted {
        // The header says with what; the body is as random as it should be.
        return ENCRYPTED;
    }
    match armour.label.as_slice() {
        b"OPENSSH PRIVATE KEY" => openssh::key(&bytes),
        b"RSA PRIVATE KEY" => Reader::whole(&bytes).map_or(UNREADABLE, pkcs1),
        b"EC PRIVATE KEY" => Reader::whole(&bytes).map_or(UNREADABLE, |key| sec1(key, None)),
        b"DSA PRIVATE KEY" => Reader::whole(&bytes).map_or(UNREADABLE, dsa),
        b"ENCRYPTED PRIVATE KEY" => Reader::whole(&bytes).map_or(UNREADABLE, encrypted),
        _ => any_key(&bytes),
    }
}

/// The key that `bytes` are, whichever kind it is.
fn any_key(bytes: &[u8]) -> Said {
    let Some(key) = Reader::whole(bytes) else {
        return UNREADABLE;
    };
    let kinds: [&dyn Fn(Reader<'_>) -> Said; 5] =
        [&pkcs8, &pkcs1, &|key| sec1(key, None), &dsa, &encrypted];
    kinds
        .iter()
        .map(|kind| kind(key))
        .find(|said| *said != UNREADABLE)
        .unwrap_or(UNREADABLE)
}

/// Version, modulus, exponents, primes and the rest; the modulus is the product of the primes.
fn pkcs1(key: Reader<'_>) -> Said {
    let read = |mut key: Reader<'_>| {
        let version = key.integer()?;
        let modulus = key.integer()?;
        let (public, _private) = (key.integer()?, key.integer()?);
        let (p, q) = (key.integer()?, key.integer()?);
        for _ in 0..3 {
            key.integer()?;
        }
        // More than two primes follow in version 1.
        let several = version == [1];
        let odd = |number: &[u8]| number.last().is_some_and(|last| last & 1 == 1);
        if !(version.is_empty() && key.is_empty() || several) || !odd(public) || !odd(modulus) {
            return None;
        }
        Some(if bits(modulus) < LEAST_BITS {
            TOO_SHORT
        } else if several {
            PARSED
        } else if is_product(p, q, modulus) {
            Said::Proven("it decodes to an RSA key whose modulus is the product of its primes")
        } else {
            Said::AtMost(DISPROVEN, "its modulus is not the product of its primes")
        })
    };
    read(key).unwrap_or(UNREADABLE)
}

/// Version, private number, and perhaps the curve and the public point; the curve may have been named outside.
fn sec1(key: Reader<'_>, curve: Option<&[u8]>) -> Said {
    let read = |mut key: Reader<'_>| {
        if key.integer()? != [1] {
            return None;
        }
        let private = key.take(OCTET_STRING)?;
        let mut curve = curve;
        let mut public = None;
        while !key.is_empty() {
            match key.tag()? {
                0xa0 => {
                    let mut inside = Reader::new(key.take(0xa0)?);
                    match inside.tag()? {
                        OID => curve = inside.take(OID),
                        _ => inside.skip()?,
                    }
                }
                0xa1 => public = Reader::new(key.take(0xa1)?).take(BIT_STRING),
                _ => return None,
            }
        }
        let known = CURVES.iter().find(|(known, _)| Some(*known) == curve);
        let length = private.len();
        let fits = known.map_or((20..=66).contains(&length), |(_, expected)| {
            *expected == length
        });
        if !fits || private.iter().all(|&byte| byte == 0) {
            return None;
        }
        // Unused bits, that it is not compressed, x and y.
        let (Ok(private), Some([0x00, 0x04, point @ ..])) =
            (<&[u8; 32]>::try_from(private), public)
        else {
            return Some(PARSED);
        };
        let (Some(x), Some(y)) = (point.first_chunk(), point.last_chunk()) else {
            return None;
        };
        if known.is_none_or(|(known, _)| *known != CURVES[0].0) {
            return Some(PARSED);
        }
        Some(if is_p256_pair(private, x, y) {
            Said::Proven("it decodes to a key whose halves belong together")
        } else {
            Said::AtMost(
                DISPROVEN,
                "its public half does not belong to its private one",
            )
        })
    };
    read(key).unwrap_or(UNREADABLE)
}

/// Zero, p, q, g, and both halves.
fn dsa(key: Reader<'_>) -> Said {
    let read = |mut key: Reader<'_>| {
        let version = key.integer()?;
        let (p, q) = (key.integer()?, key.integer()?);
        for _ in 0..2 {
            key.integer()?;
        }
        let private = key.integer()?;
        if !version.is_empty() || !key.is_empty() || private.is_empty() || bits(private) > bits(q) {
            return None;
        }
        Some(if bits(p) < LEAST_BITS {
            TOO_SHORT
        } else {
            PARSED
        })
    };
    read(key).unwrap_or(UNREADABLE)
}

/// Version, algorithm, and the key as that algorithm writes it.
fn pkcs8(key: Reader<'_>) -> Said {
    let read = |mut key: Reader<'_>| {
        if !matches!(key.integer()?, [] | [1]) {
            return None;
        }
        let mut algorithm = key.sequence()?;
        let name = algorithm.take(OID)?;
        let inside = key.take(OCTET_STRING)?;
        // Attributes, and the public half in version 1.
        while !key.is_empty() {
            if !matches!(key.tag()?, 0xa0 | 0xa1 | 0x81) {
                return None;
            }
            key.skip()?;
        }
        let octets = |length: usize| {
            let mut inside = Reader::new(inside);
            let key = inside.take(OCTET_STRING)?;
            (inside.is_empty() && key.len() == length).then_some(PARSED)
        };
        match name {
            RSA | RSA_PSS => Some(pkcs1(Reader::whole(inside)?)),
            EC => Some(sec1(Reader::whole(inside)?, algorithm.take(OID))),
            ED25519 | X25519 => octets(32),
            ED448 => octets(57),
            X448 => octets(56),
            DSA => {
                let private = Reader::new(inside).integer()?;
                (!private.is_empty()).then_some(PARSED)
            }
            // One that this program does not know: it has the shape of a key.
            _ => Some(Said::Passed),
        }
    };
    read(key).unwrap_or(UNREADABLE)
}

/// How it is encrypted, and what is.
fn encrypted(key: Reader<'_>) -> Said {
    let read = |mut key: Reader<'_>| {
        let name = key.sequence()?.take(OID)?;
        let content = key.take(OCTET_STRING)?;
        let known = name == PBES2 || name.starts_with(PKCS12_PBE) || name.starts_with(PBES1);
        (known && key.is_empty() && content.len() >= 32).then_some(ENCRYPTED)
    };
    read(key).unwrap_or(UNREADABLE)
}

/// A PKCS #12 store, in base64 or as it is: version 3, what is inside, and a MAC. Stores of lengths that come last, as some
/// programs write them, are told by how they begin.
pub(in crate::check) fn pkcs12(subject: &Subject<'_>, _: f32) -> Said {
    let text = subject.secret;
    let decoded = if text.first() == Some(&0x30) && text.get(1).is_some_and(|byte| *byte >= 0x80) {
        None
    } else {
        let plain: Vec<u8> = text
            .iter()
            .copied()
            .filter(|byte| !byte.is_ascii_whitespace())
            .collect();
        base64(&plain)
    };
    let bytes = decoded.as_deref().unwrap_or(text);
    if let [
        0x30,
        0x80,
        0x02,
        0x01,
        0x03,
        0x30,
        0x80,
        0x06,
        0x09,
        rest @ ..,
    ] = bytes
    {
        return if rest.starts_with(PKCS7_DATA) || rest.starts_with(PKCS7_SIGNED) {
            Said::Passed
        } else {
            UNREADABLE
        };
    }
    let read = |mut store: Reader<'_>| {
        if store.take(INTEGER)? != [3] {
            return None;
        }
        let name = store.sequence()?.take(OID)?;
        if name != PKCS7_DATA && name != PKCS7_SIGNED {
            return None;
        }
        if store.is_empty() {
            return Some(Said::Passed);
        }
        let mut mac = store.sequence()?;
        mac.sequence()?;
        mac.take(OCTET_STRING)?;
        Some(Said::Proven("it decodes to a PKCS #12 store with its MAC"))
    };
    Reader::whole(bytes).and_then(read).unwrap_or(UNREADABLE)
}

#[cfg(test)]
mod tests {
    use data_encoding::BASE64;

    use super::*;
    use crate::check::testing::{proves, said};

    /// An element of DER; its contents are the parts, one behind another.
    fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
        let contents = parts.concat();
        let length = u16::try_from(contents.len()).unwrap().to_be_bytes();
        [&[tag, 0x82], &length[..], &contents].concat()
    }

    fn sequence(parts: &[&[u8]]) -> Vec<u8> {
        element(0x30, parts)
    }

    fn armoured_text(label: &str, bytes: &[u8]) -> String {
        format!(
            "-----BEGIN {label}-----\n{}\n-----END {label}-----",
            BASE64.encode(bytes)
        )
    }

    /// Bytes that no check takes for a placeholder, beginning with a digit that is not zero.
    fn counting(length: u8) -> Vec<u8> {
        (1..=length).map(|byte| byte.wrapping_mul(37) | 1).collect()
    }

    #[test]
    fn stores_are_told_by_what_is_in_them() {
        let data = sequence(&[&element(OID, &[PKCS7_DATA])]);
        let digest = sequence(&[
            &sequence(&[&element(OID, &[b"\x2b\x0e\x03\x02\x1a"])]),
            &element(OCTET_STRING, &[&counting(20)]),
        ]);
        let mac = sequence(&[&digest, &element(OCTET_STRING, &[&counting(8)])]);
        let version = element(INTEGER, &[&[3]]);
        let store = BASE64.encode(&sequence(&[&version, &data, &mac]));
        assert!(proves(pkcs12, &store));
        let other = sequence(&[&element(INTEGER, &[&[1]]), &data, &mac]);
        assert_eq!(said(pkcs12, &BASE64.encode(&other)), UNREADABLE);
        assert_eq!(said(pkcs12, &store[..40]), UNREADABLE);
        let endless = [b"\x30\x80\x02\x01\x03\x30\x80\x06\x09", PKCS7_DATA].concat();
        assert_eq!(said(pkcs12, &BASE64.encode(&endless)), Said::Passed);
    }

    #[test]
    fn keys_with_a_passphrase_are_told() {
        let scheme = sequence(&[&element(OID, &[PBES2])]);
        let key = sequence(&[&scheme, &element(OCTET_STRING, &[&counting(64)])]);
        assert_eq!(
            said(pem, &armoured_text("ENCRYPTED PRIV~ATE KEY", &key)),
            ENCRYPTED
        );
        let text = armoured_text("RSA PRIV~ATE KEY", &counting(64));
        let field = text.replacen('\n', "\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES,00\n\n", 1);
        assert_eq!(said(pem, &field), ENCRYPTED);
    }

    #[test]
    fn what_is_no_private_key_is_told() {
        let key = "MC4CAQAwBQYDK2VwBCIE~IAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";
        let armoured = |begin: &str, body: &str, end: &str| {
            format!("-----BEGIN {begin}-----\n{body}\n-----END {end}-----")
        };
        let label = "PRIV~ATE KEY";
        assert!(proves(pem, &armoured(label, key, label)));
        assert!(proves(pem, key));
        assert_eq!(said(pem, &armoured(label, &key[..48], label)), UNREADABLE);
        assert!(matches!(
            said(pem, &armoured(label, key, "CERTIFICATE")),
            Said::AtMost(_, why) if why.contains("label")
        ));
        assert_eq!(
            said(pem, &armoured("RSA PRIV~ATE KEY", key, "RSA PRIV~ATE KEY")),
            UNREADABLE
        );
        // A public key, and a certificate's beginning.
        let public = "MCowBQYDK2VwAyEAA6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=";
        for other in [
            public,
            "MIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBa",
            "?",
        ] {
            assert!(matches!(said(pem, other), Said::Rejected(_)), "{other}");
        }
        let whole = BASE64.encode(armoured(label, key, label).replace('~', "").as_bytes());
        assert!(proves(pem, &whole));
    }

    #[test]
    fn public_halves_must_belong_to_private_ones() {
        let key = "MHcCAQEEIAECAwQFBgcICQoLDA0ODxAREhMUFRYX~GBkaGxwdHh8goAoGCCqGSM49AwEHoUQDQgAEUVw9brnjlrkE0/7Kf1T9zQzB6Ze/N13KUVrQpsO0A19FNr46UPMY+/mlR1kCoiFQK+8NV+CMU7LMClbxfZ+TVA==";
        assert!(proves(pem, key));
        let other = key.replace("AQIDBA", "AQIDBB").replace("EIAEC", "EIAED");
        assert!(matches!(
            said(pem, &other),
            Said::AtMost(_, why) if why.contains("belong")
        ));
    }
}
