//! Keys in base 58 that are not Bitcoin's. Sources: the XRP Ledger's, Tezos', NEAR's and Solana's documentation of their
//! encodings; EOSIO's `fc/crypto`.

use ripemd::{Digest, Ripemd160};

use super::primitives::base58::{BITCOIN, XRP, checked, decode};
use super::primitives::curve::is_ed25519_pair;
use super::{DOUBTED, Said, Subject};

const WRONG: Said = Said::Rejected("its checksum is wrong");

const RIGHT: Said = Said::Proven("its checksum is right, and it holds a private key");

/// XRP seeds: sixteen bytes behind the version of either kind of key.
pub(in crate::check) fn xrp(subject: &Subject<'_>, _: f32) -> Said {
    match checked(subject.secret, XRP).as_deref() {
        Some([0x21, seed @ ..] | [0x01, 0xe1, 0x4b, seed @ ..]) if seed.len() == 16 => RIGHT,
        Some(_) => Said::Rejected("its checksum is right, but it holds no seed"),
        None => WRONG,
    }
}

/// Tezos: the kind of key is in the prefix, and so is whether it has a passphrase.
pub(in crate::check) fn tezos(subject: &Subject<'_>, _: f32) -> Said {
    let Some(payload) = checked(subject.secret, BITCOIN) else {
        return WRONG;
    };
    match payload.split_at_checked(4) {
        Some((
            [0x0d, 0x0f, 0x3a, 0x07] | [0x11, 0xa2, 0xe0, 0xc9] | [0x10, 0x51, 0xee, 0xbd],
            key,
        )) if key.len() == 32 => RIGHT,
        Some(([0x2b, 0xf6, 0x4e, 0x07], pair)) if pair.len() == 64 => RIGHT,
        // Salt and an encrypted key.
        _ if ["edesk", "spesk", "p2esk"]
            .iter()
            .any(|prefix| subject.secret.starts_with(prefix.as_bytes()))
            && payload.len() == 5 + 56 =>
        {
            Said::AtMost(DOUBTED, "its checksum is right, but it has a passphrase")
        }
        _ => Said::Rejected("its checksum is right, but it holds no private key"),
    }
}

/// EOSIO: the checksum is over the key and the name of its curve.
pub(in crate::check) fn eos(subject: &Subject<'_>, _: f32) -> Said {
    let parts = subject.secret.split_at_checked(7);
    let (curve, text) = match parts {
        Some((b"PVT_K1_", text)) => (b"K1", text),
        Some((b"PVT_R1_", text)) => (b"R1", text),
        _ => return Said::Rejected("it does not begin as such a key"),
    };
    let bytes = decode(text, BITCOIN);
    match bytes.as_deref().and_then(<[u8]>::split_last_chunk::<4>) {
        Some((key, checksum))
            if key.len() == 32
                && Ripemd160::new()
                    .chain_update(key)
                    .chain_update(curve)
                    .finalize()
                    .starts_with(checksum) =>
        {
            RIGHT
        }
        _ => WRONG,
    }
}

const PAIR: Said = Said::Proven("its second half is the public key of its first");

const NO_PAIR: Said = Said::Rejected("its second half is not the public key of its first");

fn pair(bytes: Option<Vec<u8>>) -> Said {
    match bytes {
        Some(pair) if pair.len() == 64 && is_ed25519_pair(&pair[..32], &pair[32..]) => PAIR,
        _ => NO_PAIR,
    }
}

/// NEAR: a seed and its public key.
pub(in crate::check) fn near(subject: &Subject<'_>, _: f32) -> Said {
    let text = subject.secret;
    pair(decode(
        text.strip_prefix(b"ed25519:").unwrap_or(text),
        BITCOIN,
    ))
}

/// Solana: a seed and its public key, in base 58 or as a list of numbers.
pub(in crate::check) fn solana(subject: &Subject<'_>, _: f32) -> Said {
    let text = subject.secret.trim_ascii();
    if text
        .first()
        .is_some_and(|first| *first != b'[' && !text.contains(&b','))
    {
        return pair(decode(text, BITCOIN));
    }
    let inside = text.strip_prefix(b"[").unwrap_or(text);
    let inside = inside.strip_suffix(b"]").unwrap_or(inside);
    let bytes: Option<Vec<u8>> = inside
        .split(|&byte| byte == b',')
        .take(65)
        .map(|number| std::str::from_utf8(number).ok()?.trim().parse().ok())
        .collect();
    pair(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{proves, said};

    #[test]
    fn solana_keys_may_be_lists() {
        let bytes = decode(
            b"1GMkH3brNXiNNs1tiFZHu4yZSRrzJwxi5wB9bHFtMikjwpAW9DMZzU2Pqakc5it8X3N5vPmqdN7KF4CCUpmKhq",
            BITCOIN,
        );
        let list = format!("{:?}", bytes.unwrap());
        assert!(proves(solana, &list));
        assert!(proves(solana, &list[1..list.len() - 1]));
        assert!(!proves(solana, &list.replacen("1,", "2,", 1)));
        assert_eq!(said(solana, "[1, 2, x]"), NO_PAIR);
        assert_eq!(said(solana, ""), NO_PAIR);
        assert_eq!(said(solana, &"1,".repeat(9999)), NO_PAIR);
    }
}
