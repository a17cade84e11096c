//! Numbers written in digits of some base, as the tails of tokens are.

/// Digits, then upper case, then lower case: the order that token checksums use; many libraries have another.
pub(crate) const BASE62: &[u8; 62] =
    b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Digits, then lower case.
pub(crate) const BASE36: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// The last `N` digits of a number, most significant first, padded with the alphabet's first.
pub(crate) fn digits<const N: usize, const BASE: usize>(
    number: u32,
    alphabet: &[u8; BASE],
) -> [u8; N] {
    let mut rest = number as usize;
    let mut digits = [alphabet[0]; N];
    for digit in digits.iter_mut().rev() {
        *digit = alphabet[rest % BASE];
        rest /= BASE;
    }
    digits
}

/// The number that digits stand for, most significant first; none if it has others or is too large.
pub(crate) fn number(text: &[u8], alphabet: &[u8]) -> Option<u128> {
    text.iter().try_fold(0_u128, |number, byte| {
        let digit = alphabet.iter().position(|known| known == byte)?;
        number
            .checked_mul(alphabet.len() as u128)?
            .checked_add(digit as u128)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_and_read() {
        assert_eq!(digits(0, BASE62), *b"000000");
        assert_eq!(digits(10, BASE62), *b"00000A");
        assert_eq!(digits(36, BASE62), *b"00000a");
        assert_eq!(digits(u32::MAX, BASE36), *b"1z141z3");
        assert_eq!(number(b"1z141z3", BASE36), Some(u128::from(u32::MAX)));
        assert_eq!(number(b"!", BASE36), None);
        assert_eq!(number(&[b'z'; 40], BASE36), None);
    }
}
