//! JSON Web Keys with a private member. Sources: RFC 7517, RFC 7518 section 6, RFC 8037 section 2.

use serde_json::{Map, Value};

use super::super::primitives::curve::{is_ed25519_pair, is_p256_pair};
use super::super::primitives::der::{bits, is_product, without_zeros};
use super::encoding::base64;
use super::{DISPROVEN, Said, Subject};

/// How far the braces of the object may be from the secret, in bytes.
const REACH: usize = 4096;

/// The least bits of an RSA modulus in use.
const LEAST_BITS: usize = 1024;

/// The object itself, or the one that the secret stands in: private, and its members fit each other.
pub(in crate::check) fn jwk(subject: &Subject<'_>, _: f32) -> Said {
    let Some(object) = object(subject.secret).or_else(|| around(subject)) else {
        return Said::AtMost(DISPROVEN, "it stands in no JSON object that can be read");
    };
    let text = |name: &str| object.get(name).and_then(Value::as_str);
    let bytes = |name: &str| text(name).and_then(|text| base64(text.as_bytes()));
    let curve = text("crv").unwrap_or_default();
    let right = match text("kty") {
        Some("RSA") => return rsa(&object),
        Some("oct") => bytes("k").is_some_and(|key| key.len() >= 16),
        Some("EC") => {
            let length = match curve {
                "P-256" | "secp256k1" => 32,
                "P-384" => 48,
                "P-521" => 66,
                _ => return Said::Passed,
            };
            bytes("d").is_some_and(|key| {
                let public: [Option<[u8; 32]>; 2] =
                    ["x", "y"].map(|name| bytes(name).and_then(|bytes| bytes.try_into().ok()));
                key.len() == length
                    && match (curve, <&[u8; 32]>::try_from(key.as_slice()), public) {
                        ("P-256", Ok(key), [Some(x), Some(y)]) => is_p256_pair(key, &x, &y),
                        _ => true,
                    }
            })
        }
        Some("OKP") => bytes("d").is_some_and(|key| match curve {
            "Ed25519" => {
                key.len() == 32 && bytes("x").is_none_or(|public| is_ed25519_pair(&key, &public))
            }
            "X25519" => key.len() == 32,
            "Ed448" => key.len() == 57,
            "X448" => key.len() == 56,
            _ => false,
        }),
        _ => return Said::Rejected("it is no JSON Web Key"),
    };
    if right {
        Said::Proven("its private member is as long as its kind of key, and fits the public one")
    } else {
        Said::AtMost(
            DISPROVEN,
            "its private member is missing, is not as long as its kind of key, or does not fit the public one",
        )
    }
}

fn object(text: &[u8]) -> Option<Map<String, Value>> {
    match serde_json::from_slice(text).ok()? {
        Value::Object(object) => Some(object),
        _ => None,
    }
}

/// The innermost braces around the secret: a key holds no objects.
fn around(subject: &Subject<'_>) -> Option<Map<String, Value>> {
    let head = subject.head;
    let open = head
        .iter()
        .rev()
        .take(REACH)
        .position(|&byte| byte == b'{')?;
    let close = subject
        .tail
        .iter()
        .take(REACH)
        .position(|&byte| byte == b'}')?;
    let parts = [
        &head[head.len() - 1 - open..],
        subject.secret,
        &subject.tail[..=close],
    ];
    object(&parts.concat())
}

fn rsa(object: &Map<String, Value>) -> Said {
    let number = |name: &str| {
        let text = object.get(name)?.as_str()?;
        base64(text.as_bytes()).map(|bytes| without_zeros(&bytes).to_vec())
    };
    let (Some(modulus), Some(private)) = (number("n"), number("d")) else {
        return Said::AtMost(DISPROVEN, "it has no modulus or no private member");
    };
    if bits(&modulus) < LEAST_BITS {
        return Said::AtMost(DISPROVEN, "its modulus is too short for a key in use");
    }
    if private.is_empty() || private.len() > modulus.len() {
        return Said::AtMost(DISPROVEN, "its private member does not fit its modulus");
    }
    match (number("p"), number("q")) {
        (Some(p), Some(q)) if !is_product(&p, &q, &modulus) => {
            Said::AtMost(DISPROVEN, "its modulus is not the product of its primes")
        }
        (Some(_), Some(_)) => Said::Proven("its modulus is the product of its primes"),
        _ => Said::Passed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{proves, said};

    const ED25519: &str = r#"{"kty": "OKP", "crv": "Ed25519", "x": "A6EHv_POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg", "~d": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}"#;

    #[test]
    fn keys_whose_halves_fit_are_proven() {
        assert!(proves(jwk, ED25519));
        assert!(matches!(
            said(jwk, &ED25519.replace("A6E", "A6F")),
            Said::AtMost(..)
        ));
        let p256 = r#"{"kty":"EC","crv":"P-256","x":"UVw9brnjlrkE0_7Kf1T9zQzB6Ze_N13KUVrQpsO0A18","y":"RTa-OlDzGPv5pUdZAqIhUCvvDVfgjFOyzApW8X2fk1Q","~d":"AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA"}"#;
        assert!(proves(jwk, p256));
        assert!(!proves(jwk, &p256.replace("AQID", "AQIE")));
        assert!(proves(
            jwk,
            r#"{"kty":"oct","~k":"AyM1SysPpbyDfgZld3umj1qzKObwVMko"}"#
        ));
        assert!(!proves(jwk, r#"{"kty":"EC","crv":"P-384","~d":"AAAA"}"#));
        assert!(matches!(said(jwk, r#"{"a":1}"#), Said::Rejected(_)));
        assert!(matches!(said(jwk, "x"), Said::AtMost(..)));
    }

    #[test]
    fn the_object_around_the_secret_counts() {
        let text = format!("keys = [{ED25519}, {{}}]").replace('~', "");
        let at = text.find("AAEC").unwrap();
        let subject = Subject {
            head: &text.as_bytes()[..at],
            tail: &text.as_bytes()[at + 43..],
            ..Subject::bare(&text.as_bytes()[at..at + 43])
        };
        assert!(matches!(jwk(&subject, 0.0), Said::Proven(_)));
    }

    #[test]
    fn rsa_keys_are_the_product_of_their_primes() {
        // 2^521 - 1 and 2^607 - 1 are primes, and easy to write down.
        let mersenne = |bits: usize| {
            let mut bytes = vec![0xff; bits.div_ceil(8)];
            bytes[0] = 0xff >> (bytes.len() * 8 - bits);
            bytes
        };
        let (p, q) = (mersenne(521), mersenne(607));
        // 2^1128 - 2^607 - 2^521 + 1.
        let mut n = vec![0xff_u8; 141];
        n[65] = 0x7f;
        n[75] = 0xfe;
        for byte in &mut n[76..140] {
            *byte = 0;
        }
        n[140] = 1;
        let text = |bytes: &[u8]| data_encoding::BASE64URL_NOPAD.encode(bytes);
        let key = |n: &[u8]| {
            format!(
                r#"{{"kty":"RSA","n":"{}","e":"AQAB","d":"{}","p":"{}","q":"{}"}}"#,
                text(n),
                text(&[5; 100]),
                text(&p),
                text(&q)
            )
        };
        assert!(proves(jwk, &key(&n)));
        n[3] ^= 1;
        assert!(matches!(said(jwk, &key(&n)), Said::AtMost(..)));
    }
}
