//! The checksum at the end of GitHub's and npm's tokens: six digits of base 62 that are the CRC-32 of the random part.
//! Source: GitHub, "Behind GitHub's new authentication token formats" (2021); recomputed on published test values.

use super::{Check, DISPROVEN, Said, Subject};
use crate::rules::CheckKind;

pub(super) const CHECK: Check = Check {
    kind: CheckKind::Crc32Base62,
    run,
};

/// How many digits the checksum has: 62^6 is the first power above 2^32.
const DIGITS: usize = 6;

/// Proven or disproven by the last six characters; the prefix, up to the last `_`, is not covered.
fn run(subject: &Subject<'_>, _: f32) -> Said {
    let body = subject
        .secret
        .rsplit(|&byte| byte == b'_')
        .next()
        .unwrap_or(subject.secret);
    match body.split_last_chunk::<DIGITS>() {
        Some((random, checksum)) if base62(crc32fast::hash(random)) == *checksum => Said::Proven,
        _ => Said::AtMost(DISPROVEN),
    }
}

/// Most significant digit first, padded with zeros; digits, then upper case, then lower case.
fn base62(mut number: u32) -> [u8; DIGITS] {
    const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut digits = [b'0'; DIGITS];
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET[(number % 62) as usize];
        number /= 62;
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(token: &str) -> Said {
        run(&Subject::bare(token.replace('~', "").as_bytes()), 0.0)
    }

    #[test]
    fn right_checksums_prove() {
        assert_eq!(
            said("gh~p_Aa0Bb1Cc2Dd3Ee4Ff5Gg6Hh7Ii8Jj937zBg7"),
            Said::Proven
        );
        assert_eq!(
            said("gh~p_Zz000000000000000000000000017700updo"),
            Said::Proven
        );
        assert_eq!(
            said(
                "gh~r_Aa0Bb1Cc2Dd3Ee4Ff5Gg6Hh7Ii8Jj9Aa0Bb1Cc2Dd3Ee4Ff5Gg6Hh7Ii8Jj9Aa0Bb1Cc2D1eUvaG"
            ),
            Said::Proven
        );
        assert_eq!(
            said("np~m_Aa0Bb1Cc2Dd3Ee4Ff5Gg6Hh7Ii8Jj937zBg7"),
            Said::Proven
        );
    }

    #[test]
    fn one_changed_character_disproves() {
        assert_eq!(
            said("gh~p_Aa0Bb1Cc2Dd3Ee4Ff5Gg6Hh7Ii8Jj837zBg7"),
            Said::AtMost(DISPROVEN)
        );
        assert_eq!(
            said("gh~p_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
            Said::AtMost(DISPROVEN)
        );
    }
}
