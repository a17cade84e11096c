//! Seeds in base 32 with a CRC-16, and bare private keys. Sources: Stellar's SEP 23, NATS' `nkeys`, SEC 2 section 2.4.1.

use data_encoding::BASE32_NOPAD;

use super::primitives::checksums::crc16;
use super::primitives::der::{SECP256K1_ORDER, is_scalar};
use super::primitives::encoding::hex;
use super::{Said, Subject};

const RIGHT: Said = Said::Proven("its CRC-16 is right, and it holds a seed");

const WRONG: Said = Said::Rejected("its CRC-16 is wrong, or it holds no seed");

/// What stands before a right checksum.
fn checked(text: &[u8]) -> Option<Vec<u8>> {
    // Longer ones do not exist, and need not be decoded.
    let mut bytes = BASE32_NOPAD.decode(text.get(..text.len().min(64))?).ok()?;
    let (payload, checksum) = bytes.split_last_chunk::<2>()?;
    if crc16(payload).to_le_bytes() != *checksum {
        return None;
    }
    bytes.truncate(bytes.len() - 2);
    Some(bytes)
}

/// Stellar: a version byte and 32 bytes.
pub(in crate::check) fn stellar(subject: &Subject<'_>, _: f32) -> Said {
    match checked(subject.secret).as_deref() {
        Some([0x90, seed @ ..]) if seed.len() == 32 => RIGHT,
        _ => WRONG,
    }
}

/// NATS: that it is a seed and of what kind, and 32 bytes.
pub(in crate::check) fn nkey(subject: &Subject<'_>, _: f32) -> Said {
    /// User, account, operator, server, cluster, curve.
    const KINDS: [u8; 6] = [160, 0, 112, 104, 16, 184];
    match checked(subject.secret).as_deref() {
        Some([first, second, seed @ ..])
            if seed.len() == 32
                && KINDS
                    .iter()
                    .any(|kind| *first == 0x90 | kind >> 5 && *second == (kind & 31) << 3) =>
        {
            RIGHT
        }
        _ => WRONG,
    }
}

/// Ethereum and others: a number below the curve's order. Nearly every number of that length is; only what is not is told.
pub(in crate::check) fn secp256k1(subject: &Subject<'_>, _: f32) -> Said {
    let text = subject.secret;
    let digits = text
        .strip_prefix(b"0x")
        .or_else(|| text.strip_prefix(b"0X"))
        .unwrap_or(text);
    if hex(digits).is_some_and(|key| is_scalar(&key, SECP256K1_ORDER)) {
        Said::Passed
    } else {
        Said::Rejected("it is no number that the curve has private keys for")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::said;

    #[test]
    fn private_keys_lie_between_zero_and_the_order() {
        let order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
        assert_eq!(said(secp256k1, &order.replace("141", "140")), Said::Passed);
        assert_eq!(
            said(secp256k1, &format!("0x{}", "12".repeat(32))),
            Said::Passed
        );
        for wrong in [order, &"0".repeat(64), "12", "xyz", ""] {
            assert!(
                matches!(said(secp256k1, wrong), Said::Rejected(_)),
                "{wrong}"
            );
        }
    }
}
