//! Keys that are nothing but bytes: what can be told of them, and what stands beside them. Sources: RFC 7748 section 5, RFC 8292
//! section 2, IEEE 802.11i annex H.4.

use hmac::{Hmac, KeyInit, Mac};
use memchr::memmem;
use sha1::Sha1;

use super::super::primitives::encoding::{base64, hex};
use super::primitives::curve::{is_p256_pair, is_p256_private};
use super::{DOUBTED, Said, Subject};

/// WireGuard: 32 bytes, three bits at the ends of which are set and cleared. Random bytes pass once in 32 times, which proves
/// nothing; preshared keys are plain random bytes.
pub(in crate::check) fn wireguard(subject: &Subject<'_>, _: f32) -> Said {
    let bytes = base64(subject.secret).and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    let Some(bytes) = bytes else {
        return Said::Rejected("it is not 32 bytes in base64");
    };
    let clamped = bytes[0] & 7 == 0 && bytes[31] & 0xc0 == 0x40;
    let line = subject.head.rsplit(|&byte| byte == b'\n').next();
    let shared = line.is_some_and(|line| {
        let near = &line[line.len().saturating_sub(40)..];
        memmem::find(&near.to_ascii_lowercase(), b"preshared").is_some()
    });
    if clamped || shared {
        Said::Passed
    } else {
        Said::AtMost(
            DOUBTED,
            "its bits are not set as WireGuard sets a private key's",
        )
    }
}

/// How far a public key may be from its private one, in bytes.
const REACH: usize = 512;

/// Web push: a private key of P-256, proven by its public key close by.
pub(in crate::check) fn vapid(subject: &Subject<'_>, _: f32) -> Said {
    /// The length of a public key in base64url.
    const PUBLIC: usize = 87;
    let private = base64(subject.secret).and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    let Some(private) = private.filter(|private| is_p256_private(private)) else {
        return Said::Rejected("it is no private key of P-256 in base64");
    };
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let before = &subject.head[subject.head.len().saturating_sub(REACH)..];
    let behind = &subject.tail[..subject.tail.len().min(REACH)];
    let is_public = |word: &&[u8]| word.len() == PUBLIC && word[0] == b'B';
    let words = |text| <[u8]>::split(text, |byte| !is_digit(byte));
    // The nearest on either side: more would let a file of nothing but public keys take long.
    let nearest = [
        words(before).rfind(is_public),
        words(behind).find(is_public),
    ];
    let confirmed = nearest
        .into_iter()
        .flatten()
        .filter_map(base64)
        .any(|point| match point.as_slice() {
            [0x04, point @ ..] if point.len() == 64 => point
                .first_chunk()
                .zip(point.last_chunk())
                .is_some_and(|(x, y)| is_p256_pair(&private, x, y)),
            _ => false,
        });
    if confirmed {
        Said::Proven("the public key beside it belongs to it")
    } else {
        Said::Passed
    }
}

/// How much of a file is looked at for a network's name and passphrase, in bytes.
const NETWORK: usize = 1024;

/// How many keys of one file are derived: each takes some 16,000 rounds of SHA-1, a millisecond or two.
const MOST_DERIVED: usize = 4;

/// How long a file may be before a key that is derived, in bytes: those that hold such keys are short.
const LONGEST_FILE: usize = 1 << 14;

/// A Wi-Fi network's key in hexadecimal digits: proven if the network's name and a passphrase stand beside it and lead to it. As
/// deriving is slow on purpose, it is done for the first few keys of short files alone, so that no file can make it take long.
pub(in crate::check) fn wpa_psk(subject: &Subject<'_>, _: f32) -> Said {
    let key = hex(subject.secret).filter(|key| key.len() == 32);
    let (Some(key), ..=LONGEST_FILE) = (key, subject.head.len()) else {
        return Said::Passed;
    };
    if memmem::find_iter(subject.head, b"psk=")
        .take(3 * MOST_DERIVED + 1)
        .count()
        > 3 * MOST_DERIVED
    {
        return Said::Passed;
    }
    let before = &subject.head[subject.head.len().saturating_sub(NETWORK)..];
    let behind = &subject.tail[..subject.tail.len().min(NETWORK)];
    let nearest = |names: &[&[u8]]| {
        names
            .iter()
            .find_map(|name| value(before, name, true))
            .or_else(|| names.iter().find_map(|name| value(behind, name, false)))
    };
    let name = nearest(&[b"ssid="]);
    let passphrase = nearest(&[b"psk=\"", b"passphrase="]);
    let (Some(name), Some(passphrase)) = (name, passphrase) else {
        return Said::Passed;
    };
    if name.len() <= 32
        && (8..=63).contains(&passphrase.len())
        && derived(passphrase, name) == Some(key)
    {
        Said::Proven("the network's name and passphrase beside it lead to it")
    } else {
        Said::Passed
    }
}

/// The value behind a name, in quotes or to the line's end; the last one or the first.
fn value<'t>(text: &'t [u8], name: &[u8], last: bool) -> Option<&'t [u8]> {
    let at = if last {
        memmem::rfind(text, name)
    } else {
        memmem::find(text, name)
    }? + name.len();
    let quoted = name.ends_with(b"\"");
    let (rest, quoted) = match text[at..].strip_prefix(b"\"") {
        Some(rest) if !quoted => (rest, true),
        _ => (&text[at..], quoted),
    };
    let end = rest
        .iter()
        .position(|byte| matches!(byte, b'\n' | b'\r') || quoted && *byte == b'"')
        .unwrap_or(rest.len());
    Some(&rest[..end])
}

/// PBKDF2 with HMAC-SHA-1, 4096 rounds, 32 bytes.
fn derived(passphrase: &[u8], name: &[u8]) -> Option<Vec<u8>> {
    const ROUNDS: usize = 4096;
    let mac = Hmac::<Sha1>::new_from_slice(passphrase).ok()?;
    let mut key = Vec::new();
    for block in 1..=2_u32 {
        let mut round = {
            let mut mac = mac.clone();
            mac.update(name);
            mac.update(&block.to_be_bytes());
            mac.finalize().into_bytes()
        };
        let mut sum = round;
        for _ in 1..ROUNDS {
            let mut mac = mac.clone();
            mac.update(&round);
            round = mac.finalize().into_bytes();
            for (sum, byte) in sum.iter_mut().zip(&round) {
                *sum ^= byte;
            }
        }
        key.extend(sum);
    }
    key.truncate(32);
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::said;

    fn between(check: fn(&Subject<'_>, f32) -> Said, head: &str, secret: &str, tail: &str) -> Said {
        let [head, secret, tail] = [head, secret, tail].map(|text| text.replace('~', ""));
        let subject = Subject {
            head: head.as_bytes(),
            tail: tail.as_bytes(),
            ..Subject::bare(secret.as_bytes())
        };
        check(&subject, 0.0)
    }

    #[test]
    fn wireguard_s_keys_are_clamped() {
        let key = "AAECAwQFBgcICQoLDA0ODxAR~EhMUFRYXGBkaGxwdHl8=";
        assert_eq!(said(wireguard, key), Said::Passed);
        let other = key.replace("AAEC", "AQEC");
        assert!(matches!(said(wireguard, &other), Said::AtMost(..)));
        assert_eq!(
            between(wireguard, "[Peer]\nPre~sharedKey = ", &other, "\n"),
            Said::Passed
        );
        assert!(matches!(said(wireguard, &key[4..]), Said::Rejected(_)));
    }

    #[test]
    fn a_public_key_close_by_proves() {
        let private = "AQIDBAUGBwgJCgsM~DQ4PEBESExQVFhcYGRobHB0eHyA";
        let public = "BFFcPW6545a5BNP-yn9U_c0MwemXvzddylFa0KbDtANfRTa-OlDzGPv5pUdZAqIhUCvvDVfgjFOyzApW8X2fk1Q";
        let head = format!("{{\"publicKey\":\"{public}\",\"privateKey\":\"");
        assert!(matches!(
            between(vapid, &head, private, "\"}"),
            Said::Proven(_)
        ));
        let tail = format!("\npublic={public}\n");
        assert!(matches!(
            between(vapid, "", private, &tail),
            Said::Proven(_)
        ));
        assert_eq!(
            between(vapid, "", private, &tail.replace("BFFc", "BFFd")),
            Said::Passed
        );
        assert_eq!(said(vapid, private), Said::Passed);
        assert!(matches!(said(vapid, "AAAA"), Said::Rejected(_)));
    }

    #[test]
    fn a_name_and_a_passphrase_close_by_prove() {
        let key = "a5e173c46d9fe2be70637962f0de5e4f0fb7ce2f2b0f44b17a481079090be208";
        let head = "network={\n\tssid=\"demo-ssid\"\n\t#psk=\"self-made-~pass\"\n\tpsk=";
        assert!(matches!(
            between(wpa_psk, head, key, "\n}\n"),
            Said::Proven(_)
        ));
        let head = "ssid=demo-ssid\nwpa_passphrase=self-made-~pass\nwpa_psk=";
        assert!(matches!(between(wpa_psk, head, key, "\n"), Said::Proven(_)));
        let tail = "\nssid=demo-ssid\nwpa_passphrase=self-made-~pass\n";
        assert!(matches!(
            between(wpa_psk, "wpa_psk=", key, tail),
            Said::Proven(_)
        ));
        assert_eq!(
            between(wpa_psk, &head.replace("demo", "deno"), key, ""),
            Said::Passed
        );
        assert_eq!(said(wpa_psk, key), Said::Passed);
        let many = format!("{}{head}", "psk=1\n".repeat(100));
        assert_eq!(between(wpa_psk, &many, key, ""), Said::Passed);
    }
}
