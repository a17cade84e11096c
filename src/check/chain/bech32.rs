//! Bech32: what it is for, a 1, the data in base 32, and six characters that tell of any mistake. Source: BIP 173; there is no limit
//! on its length here, as age, Sui, Cardano and Zcash have none.

use super::{Said, Subject};

const CHARSET: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";

const CHECKSUM: usize = 6;

/// How many bytes the private keys hold that have one length.
const LENGTHS: &[(&[u8], usize)] = &[
    (b"age-secret-key-", 32),
    (b"nsec", 32),
    (b"suiprivkey", 33),
    (b"ed25519_sk", 32),
    (b"ed25519e_sk", 64),
];

/// Proven by a right checksum, rejected by a wrong one and by mixed case.
pub(in crate::check) fn bech32(subject: &Subject<'_>, _: f32) -> Said {
    let text = subject.secret;
    if text.iter().any(u8::is_ascii_lowercase) && text.iter().any(u8::is_ascii_uppercase) {
        return Said::Rejected("it is in upper and lower case at once");
    }
    let text = text.to_ascii_lowercase();
    let Some((purpose, length)) = decoded(&text) else {
        return Said::Rejected("its Bech32 checksum is wrong");
    };
    let known = LENGTHS.iter().find(|(known, _)| *known == purpose);
    if known.is_some_and(|(_, expected)| *expected != length) {
        return Said::Rejected("its Bech32 checksum is right, but it is not as long as such a key");
    }
    Said::Proven("its Bech32 checksum is right")
}

/// What it is for, and how many bytes it holds.
fn decoded(text: &[u8]) -> Option<(&[u8], usize)> {
    let cut = text.iter().rposition(|&byte| byte == b'1')?;
    let (purpose, data) = (&text[..cut], &text[cut + 1..]);
    let groups: Vec<u8> = data
        .iter()
        .map(|digit| CHARSET.iter().position(|known| known == digit))
        .map(|value| value.map(|value| value as u8))
        .collect::<Option<_>>()?;
    let payload = &groups[..groups.len().checked_sub(CHECKSUM)?];
    let expanded = purpose
        .iter()
        .map(|byte| byte >> 5)
        .chain([0])
        .chain(purpose.iter().map(|byte| byte & 31))
        .chain(groups.iter().copied());
    let leftover = payload.len() * 5 % 8;
    let last = payload.last().copied().unwrap_or_default();
    let is_exact = leftover < 5 && last & ((1 << leftover) - 1) == 0;
    (!purpose.is_empty() && polymod(expanded) == 1 && is_exact)
        .then_some((purpose, payload.len() * 5 / 8))
}

fn polymod(values: impl Iterator<Item = u8>) -> u32 {
    const GENERATORS: [u32; 5] = [
        0x3b6a_57b2,
        0x2650_8e6d,
        0x1ea1_19fa,
        0x3d42_33dd,
        0x2a14_62b3,
    ];
    values.fold(1, |sum, value| {
        let top = sum >> 25;
        let shifted = (sum & 0x01ff_ffff) << 5 ^ u32::from(value);
        (0..5)
            .filter(|bit| top >> bit & 1 == 1)
            .fold(shifted, |sum, bit| sum ^ GENERATORS[bit])
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{proves, said};

    #[test]
    fn one_case_or_the_other() {
        let key = "AGE-SEC~RET-KEY-1QQQSYQCYQ5RQWZQFPG9SCRGWPUGPZYSNZS23V9CCRYDPK8QARC0SWRYDWG";
        assert!(proves(bech32, key));
        assert!(proves(bech32, &key.to_ascii_lowercase()));
        assert_eq!(
            said(bech32, &key.replacen('Q', "q", 1)),
            Said::Rejected("it is in upper and lower case at once")
        );
    }

    #[test]
    fn the_standard_s_own_examples() {
        for valid in [
            "A12UEL5L",
            "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w",
        ] {
            assert!(proves(bech32, valid), "{valid}");
        }
        for invalid in [
            "A1G7SGD8",
            "10a06t8",
            "1qzzfhee",
            "li1dgmt3",
            "split1cheo2y9e2w",
            "1",
            "",
        ] {
            assert!(
                matches!(said(bech32, invalid), Said::Rejected(_)),
                "{invalid}"
            );
        }
    }
}
