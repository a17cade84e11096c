//! Base58Check, as Bitcoin's keys carry it: the last four bytes are the first four of SHA-256 taken twice over the rest.
//! Source: Bitcoin's reference implementation, `base58.cpp`; BIP 32 and BIP 38 for the kinds of payload.

use sha2::{Digest, Sha256};

use super::{Check, Said, Subject};
use crate::rules::CheckKind;

pub(super) const CHECK: Check = Check {
    kind: CheckKind::Base58Check,
    run,
};

/// The longest text that is decoded: an extended private key has 111 characters.
const LONGEST: usize = 128;

const CHECKSUM: usize = 4;

/// Proven by a right checksum, rejected by a wrong one: every such key carries it.
fn run(subject: &Subject<'_>, _: f32) -> Said {
    let decoded = decode(subject.secret);
    match decoded
        .as_deref()
        .and_then(<[u8]>::split_last_chunk::<CHECKSUM>)
    {
        Some((payload, checksum))
            if Sha256::digest(Sha256::digest(payload)).starts_with(checksum) =>
        {
            Said::Proven
        }
        _ => Said::Rejected("its Base58Check checksum is wrong"),
    }
}

/// The bytes that a base-58 text stands for; each leading `1` is a zero byte.
fn decode(text: &[u8]) -> Option<Vec<u8>> {
    const ALPHABET: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    if text.len() > LONGEST {
        return None;
    }
    // Least significant byte first while it grows.
    let mut bytes: Vec<u8> = Vec::with_capacity(text.len());
    for digit in text {
        let mut carry = ALPHABET.iter().position(|known| known == digit)?;
        for byte in &mut bytes {
            carry += usize::from(*byte) * 58;
            *byte = (carry & 0xff) as u8;
            carry >>= 8;
        }
        while carry > 0 {
            bytes.push((carry & 0xff) as u8);
            carry >>= 8;
        }
    }
    bytes.extend(text.iter().take_while(|&&digit| digit == b'1').map(|_| 0));
    bytes.reverse();
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(key: &str) -> Said {
        run(&Subject::bare(key.replace('~', "").as_bytes()), 0.0)
    }

    #[test]
    fn right_checksums_prove_and_wrong_ones_reject() {
        let rejected = Said::Rejected("its Base58Check checksum is wrong");
        assert_eq!(
            said("5HpjKrb7dH5kKQQ~zmbjB87Mxova7mek5bXUTWfndcX6tBoqUwzm"),
            Said::Proven
        );
        assert_eq!(
            said("KwFfpDsaF7yxCEL~uyrH9gP5XL7TAt5b9HPWC1xCQbmrxvhJgMQHb"),
            Said::Proven
        );
        assert_eq!(
            said("6PRHv2PqiXQZ6AN~LtvBE3sxDY6XYsfWcuW4eV35P8ZBnRZmayzSmzbSCJ4"),
            Said::Proven
        );
        assert_eq!(
            said("5HpjKrb7dH5kKQQ~zmbjB87Mxova7mek5bXUTWfndcX6tBoqUwzn"),
            rejected
        );
        assert_eq!(said("0OIl"), rejected);
        assert_eq!(said(""), rejected);
    }
}
