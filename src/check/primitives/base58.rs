//! Base 58, and base 58 with a checksum: the last four bytes are the first four of SHA-256 taken twice over the rest. Source:
//! Bitcoin's reference implementation, `base58.cpp`.

use sha2::{Digest, Sha256};

/// Bitcoin's alphabet, and that of nearly everyone else.
pub(crate) const BITCOIN: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/// The XRP Ledger's alphabet.
pub(crate) const XRP: &[u8; 58] = b"rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz";

/// The longest text that is decoded: an extended private key has 111 characters.
const LONGEST: usize = 128;

const CHECKSUM: usize = 4;

/// The bytes that a text stands for; each leading digit of value zero is a zero byte.
pub(crate) fn decode(text: &[u8], alphabet: &[u8; 58]) -> Option<Vec<u8>> {
    if text.len() > LONGEST {
        return None;
    }
    // Least significant byte first while it grows.
    let mut bytes: Vec<u8> = Vec::with_capacity(text.len());
    for digit in text {
        let mut carry = alphabet.iter().position(|known| known == digit)?;
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
    let zeros = text.iter().take_while(|&&digit| digit == alphabet[0]);
    bytes.extend(zeros.map(|_| 0));
    bytes.reverse();
    Some(bytes)
}

/// What stands before a right checksum.
pub(crate) fn checked(text: &[u8], alphabet: &[u8; 58]) -> Option<Vec<u8>> {
    let mut bytes = decode(text, alphabet)?;
    let (payload, checksum) = bytes.split_last_chunk::<CHECKSUM>()?;
    if !Sha256::digest(Sha256::digest(payload)).starts_with(checksum) {
        return None;
    }
    bytes.truncate(bytes.len() - CHECKSUM);
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_count_and_strange_digits_do_not_decode() {
        assert_eq!(decode(b"11z", BITCOIN), Some(vec![0, 0, 57]));
        assert_eq!(decode(b"", BITCOIN), Some(vec![]));
        assert_eq!(decode(b"0OIl", BITCOIN), None);
        assert_eq!(decode(&[b'z'; LONGEST + 1], BITCOIN), None);
        assert_eq!(checked(b"11", BITCOIN), None);
    }
}
