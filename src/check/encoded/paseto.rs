//! PASETO tokens and the keys of PASERK: how long each part must be, by version and purpose. Sources: the PASETO specification,
//! versions 1 to 4, and PASERK's types.

use super::super::primitives::curve::is_ed25519_pair;
use super::encoding::base64;
use super::{DISPROVEN, Said, Subject};

const CHANGED: Said = Said::AtMost(
    DISPROVEN,
    "its parts are not as long as its version makes them: cut off, or an example",
);

/// A public token's claims are proof; what is encrypted cannot be looked at, but must be long enough. Keys have one length.
pub(in crate::check) fn paseto(subject: &Subject<'_>, _: f32) -> Said {
    let mut parts = subject.secret.split(|&byte| byte == b'.');
    let (Some(version), Some(purpose), Some(body)) = (parts.next(), parts.next(), parts.next())
    else {
        return Said::Rejected("it has not three parts");
    };
    let Some(bytes) = base64(body) else {
        return CHANGED;
    };
    // Nonce and tag, or a signature.
    let least = match (version, purpose) {
        (b"v1", b"local") | (b"v3", b"local") => 32 + 48,
        (b"v2", b"local") => 24 + 16,
        (b"v4", b"local") => 32 + 32,
        (b"v1", b"public") => 256,
        (b"v2" | b"v4", b"public") => 64,
        (b"v3", b"public") => 96,
        (b"k1" | b"k2" | b"k3" | b"k4", b"local") => return key(bytes.len() == 32),
        (b"k3", b"secret") => return key(bytes.len() == 48),
        (b"k2" | b"k4", b"secret") => {
            return key(bytes.len() == 64 && is_ed25519_pair(&bytes[..32], &bytes[32..]));
        }
        _ => return Said::Passed,
    };
    let Some(content) = bytes.len().checked_sub(least) else {
        return CHANGED;
    };
    if purpose == b"local" {
        return Said::Passed;
    }
    match serde_json::from_slice(&bytes[..content]) {
        Ok(serde_json::Value::Object(_)) => {
            Said::Proven("its claims are JSON, and a signature follows them")
        }
        _ => CHANGED,
    }
}

fn key(right: bool) -> Said {
    if right {
        Said::Proven("it is as long as such a key, and its halves belong together if it has two")
    } else {
        Said::AtMost(
            DISPROVEN,
            "it is not as long as such a key, or its halves do not belong together",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{proves, said};

    #[test]
    fn public_tokens_have_claims_and_a_signature() {
        // Test vector 4-S-1 of the specification, with a signature of zeros.
        let claims = br#"{"data":"this is a signed message","exp":"2022-01-01T00:00:00+00:00"}"#;
        let token = |claims: &[u8]| {
            let body = [claims, &[0; 64]].concat();
            format!("v4.public.{}", data_encoding::BASE64URL_NOPAD.encode(&body))
        };
        assert!(proves(paseto, &token(claims)));
        assert_eq!(said(paseto, &token(&claims[1..])), CHANGED);
        assert_eq!(said(paseto, "v4.public.AAAA"), CHANGED);
    }

    #[test]
    fn local_tokens_are_long_enough_and_keys_exact() {
        let zeros = |length: usize| data_encoding::BASE64URL_NOPAD.encode(&vec![0; length]);
        assert_eq!(
            said(paseto, &format!("v4.local.{}", zeros(64))),
            Said::Passed
        );
        assert_eq!(said(paseto, &format!("v4.local.{}", zeros(63))), CHANGED);
        assert!(proves(paseto, &format!("k4.local.{}", zeros(32))));
        assert!(!proves(paseto, &format!("k4.local.{}", zeros(33))));
        let pair = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8DoQe_884Qvh1w3RjnS8CZZ-TWMJulDV8d3IZkElUxuA";
        assert!(proves(paseto, &format!("k4.sec~ret.{pair}")));
        assert!(!proves(
            paseto,
            &format!("k4.sec~ret.{}", pair.replace('_', "-"))
        ));
    }
}
