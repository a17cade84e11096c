//! Base58Check, as Bitcoin's keys carry it. Sources: Bitcoin's reference implementation, `base58.cpp`; BIP 32, BIP 38 and
//! SLIP 132 for the kinds of payload.

use super::primitives::base58::{BITCOIN, checked};
use super::primitives::der::{SECP256K1_ORDER, is_scalar};
use super::{Said, Subject};

/// Versions of extended private keys: main net and test net, with and without SegWit, one signature or several.
const EXTENDED: &[[u8; 4]] = &[
    [0x04, 0x88, 0xad, 0xe4],
    [0x04, 0x35, 0x83, 0x94],
    [0x04, 0x9d, 0x78, 0x78],
    [0x04, 0xb2, 0x43, 0x0c],
    [0x04, 0x4a, 0x4e, 0x28],
    [0x04, 0x5f, 0x18, 0xbc],
    [0x02, 0x95, 0xb0, 0x05],
    [0x02, 0xaa, 0x7a, 0x99],
    [0x02, 0x42, 0x85, 0xb5],
    [0x02, 0x57, 0x50, 0x48],
];

/// Where the key of an extended key is, behind version, depth, fingerprint, number and chain code.
const EXTENDED_KEY: usize = 45;

/// Proven by a right checksum, rejected by a wrong one: every such key carries it. What is known to be public, or to be a key
/// that the curve does not have, is rejected too; other payloads are other programs' keys.
pub(in crate::check) fn base58check(subject: &Subject<'_>, _: f32) -> Said {
    let Some(payload) = checked(subject.secret, BITCOIN) else {
        return Said::Rejected("its Base58Check checksum is wrong");
    };
    let is_key = |key: &[u8]| is_scalar(key, SECP256K1_ORDER);
    let right = match payload.as_slice() {
        [] => return Said::Rejected("it holds nothing"),
        // A version and the hash of a public key.
        [_, hash @ ..] if hash.len() == 20 => {
            return Said::Rejected("its Base58Check checksum is right, but it is an address");
        }
        // The versions of private keys are those of addresses with the highest bit set, whatever the coin.
        [0x80..=0xff, key @ ..] if key.len() == 32 => is_key(key),
        [0x80..=0xff, key @ .., 0x01] if key.len() == 32 => is_key(key),
        [a, b, c, d, depth, parent @ ..] if payload.len() == 78 => {
            let is_root = parent[..8].iter().all(|&byte| byte == 0);
            if matches!(payload[EXTENDED_KEY], 2 | 3) {
                return Said::Rejected("its Base58Check checksum is right, but it is a public key");
            }
            EXTENDED.contains(&[*a, *b, *c, *d])
                && (*depth > 0 || is_root)
                && payload[EXTENDED_KEY] == 0
                && is_key(&payload[EXTENDED_KEY + 1..])
        }
        // With a passphrase: flags, a hash of the address, and the rest.
        [0x01, 0x42, flags, ..] if payload.len() == 39 => flags & 0xc0 == 0xc0,
        _ => true,
    };
    if right {
        Said::Proven("its Base58Check checksum is right")
    } else {
        Said::Rejected("its Base58Check checksum is right, but there is no such key")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{proves, said};

    #[test]
    fn right_checksums_prove_and_wrong_ones_reject() {
        for key in [
            "5HpjKrb7dH5kKQQ~zmbjB87Mxova7mek5bXUTWfndcX6tBoqUwzm",
            "KwFfpDsaF7yxCEL~uyrH9gP5XL7TAt5b9HPWC1xCQbmrxvhJgMQHb",
            "6PRHv2PqiXQZ6AN~LtvBE3sxDY6XYsfWcuW4eV35P8ZBnRZmayzSmzbSCJ4",
        ] {
            assert!(proves(base58check, key), "{key}");
        }
        let rejected = Said::Rejected("its Base58Check checksum is wrong");
        for key in [
            "5HpjKrb7dH5kKQQ~zmbjB87Mxova7mek5bXUTWfndcX6tBoqUwzn",
            "0OIl",
            "",
        ] {
            assert_eq!(said(base58check, key), rejected);
        }
    }

    #[test]
    fn addresses_are_no_keys() {
        let why = "its Base58Check checksum is right, but it is an address";
        assert_eq!(
            said(base58check, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"),
            Said::Rejected(why)
        );
        // The public key of BIP 32's first test vector.
        let public = "xpub661MyMwAqRbcFtXgS5sYJABqqG9YLmC4Q1Rdap9gSE8NqtwybGhePY2gZ29ESFjqJoCu1Rupje8YtGqsefD265TMg7usUDFdp6W1EGMcet8";
        let why = "its Base58Check checksum is right, but it is a public key";
        assert_eq!(said(base58check, public), Said::Rejected(why));
    }
}
