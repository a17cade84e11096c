//! Numbers of cards and accounts, which check themselves. Sources: ISO/IEC 7812-1 annex B, ISO 13616 and its registry.

use super::{Said, Subject};

/// Card numbers: a known issuer's first digits and a right check digit. One number in ten has that by chance, so that it proves
/// nothing.
pub(super) fn luhn(subject: &Subject<'_>, _: f32) -> Said {
    let digits: Vec<u8> = subject
        .secret
        .iter()
        .filter(|byte| !matches!(byte, b' ' | b'-' | b'.'))
        .map(|byte| byte.wrapping_sub(b'0'))
        .take(20)
        .collect();
    if digits.iter().any(|digit| *digit > 9) || !(12..=19).contains(&digits.len()) {
        return Said::Rejected("it has not as many digits as a card");
    }
    if !is_issued(&digits) {
        return Said::Rejected("no issuer of cards has these first digits");
    }
    if digits[1..].iter().all(|digit| *digit == digits[1]) {
        return Said::Rejected("it repeats one digit");
    }
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, digit)| match (at % 2, digit) {
            (0, digit) => *digit,
            (_, 0..=4) => digit * 2,
            (_, _) => digit * 2 - 9,
        })
        .map(u32::from)
        .sum();
    if sum.is_multiple_of(10) {
        Said::Passed
    } else {
        Said::Rejected("its check digit is wrong")
    }
}

/// Whether an issuer has numbers that begin and are as long as this one.
fn is_issued(digits: &[u8]) -> bool {
    let first = |count: usize| {
        digits[..count]
            .iter()
            .fold(0_u32, |number, digit| number * 10 + u32::from(*digit))
    };
    match (first(4), digits.len()) {
        // Visa, Mastercard, American Express.
        (4000..=4999, 13 | 16 | 19) | (5100..=5599 | 2221..=2720, 16) => true,
        (3400..=3499 | 3700..=3799, 15) => true,
        // Discover, Diners Club, JCB, UnionPay, Maestro, Mir.
        (6011 | 6440..=6599, 16..=19) => true,
        (3000..=3059 | 3095 | 3600..=3699 | 3800..=3999, 14..=19) => true,
        (3528..=3589, 16..=19) | (6200..=6299, 16..=19) => true,
        (5018 | 5020 | 5038 | 5893 | 6304 | 6759 | 6761..=6763, 12..=19) => true,
        (2200..=2204, 16..=19) => true,
        _ => false,
    }
}

/// How long each country's account numbers are, sorted.
const LENGTHS: &[(&[u8; 2], usize)] = &[
    (b"AD", 24),
    (b"AE", 23),
    (b"AL", 28),
    (b"AT", 20),
    (b"AZ", 28),
    (b"BA", 20),
    (b"BE", 16),
    (b"BG", 22),
    (b"BH", 22),
    (b"BI", 27),
    (b"BR", 29),
    (b"BY", 28),
    (b"CH", 21),
    (b"CR", 22),
    (b"CY", 28),
    (b"CZ", 24),
    (b"DE", 22),
    (b"DJ", 27),
    (b"DK", 18),
    (b"DO", 28),
    (b"EE", 20),
    (b"EG", 29),
    (b"ES", 24),
    (b"FI", 18),
    (b"FK", 18),
    (b"FO", 18),
    (b"FR", 27),
    (b"GB", 22),
    (b"GE", 22),
    (b"GI", 23),
    (b"GL", 18),
    (b"GR", 27),
    (b"GT", 28),
    (b"HN", 28),
    (b"HR", 21),
    (b"HU", 28),
    (b"IE", 22),
    (b"IL", 23),
    (b"IQ", 23),
    (b"IS", 26),
    (b"IT", 27),
    (b"JO", 30),
    (b"KW", 30),
    (b"KZ", 20),
    (b"LB", 28),
    (b"LC", 32),
    (b"LI", 21),
    (b"LT", 20),
    (b"LU", 20),
    (b"LV", 21),
    (b"LY", 25),
    (b"MC", 27),
    (b"MD", 24),
    (b"ME", 22),
    (b"MK", 19),
    (b"MN", 20),
    (b"MR", 27),
    (b"MT", 31),
    (b"MU", 30),
    (b"NI", 28),
    (b"NL", 18),
    (b"NO", 15),
    (b"OM", 23),
    (b"PK", 24),
    (b"PL", 28),
    (b"PS", 29),
    (b"PT", 25),
    (b"QA", 29),
    (b"RO", 24),
    (b"RS", 22),
    (b"RU", 33),
    (b"SA", 24),
    (b"SC", 31),
    (b"SD", 18),
    (b"SE", 24),
    (b"SI", 19),
    (b"SK", 24),
    (b"SM", 27),
    (b"SO", 23),
    (b"ST", 25),
    (b"SV", 28),
    (b"TL", 23),
    (b"TN", 24),
    (b"TR", 26),
    (b"UA", 29),
    (b"VA", 22),
    (b"VG", 24),
    (b"XK", 20),
    (b"YE", 30),
];

/// Account numbers: as long as the country's, and one modulo 97 with the country and check digits put last.
pub(super) fn iban(subject: &Subject<'_>, _: f32) -> Said {
    let text: Vec<u8> = subject
        .secret
        .iter()
        .filter(|byte| !matches!(byte, b' ' | b'-'))
        .map(u8::to_ascii_uppercase)
        .take(40)
        .collect();
    let length = text.first_chunk::<2>().and_then(|country| {
        let found = LENGTHS.binary_search_by(|(known, _)| known.cmp(&country));
        found.ok().map(|at| LENGTHS[at].1)
    });
    if length != Some(text.len()) {
        return Said::Rejected("it is not as long as its country's account numbers");
    }
    let remainder = text[4..]
        .iter()
        .chain(&text[..4])
        .try_fold(0_u32, |rest, byte| match byte {
            b'0'..=b'9' => Some((rest * 10 + u32::from(byte - b'0')) % 97),
            b'A'..=b'Z' => Some((rest * 100 + u32::from(byte - b'A') + 10) % 97),
            _ => None,
        });
    if remainder == Some(1) {
        Said::Proven(
            "it is as long as its country's account numbers, and its check digits are right",
        )
    } else {
        Said::Rejected("its check digits are wrong")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{proves, said};

    #[test]
    fn cards_have_a_check_digit_and_an_issuer() {
        assert_eq!(said(luhn, "4000~001234567899"), Said::Passed);
        assert_eq!(said(luhn, "4000 0012 ~3456 7899"), Said::Passed);
        for wrong in [
            "4000~001234567898",
            "9000001234567894",
            "4000",
            "",
            "4000x01234567899",
        ] {
            assert!(matches!(said(luhn, wrong), Said::Rejected(_)), "{wrong}");
        }
        assert!(matches!(said(luhn, "0000000000000000"), Said::Rejected(_)));
    }

    #[test]
    fn accounts_have_their_country_s_length() {
        assert!(LENGTHS.is_sorted());
        assert!(proves(iban, "DE74~123456780000000042"));
        assert!(proves(iban, "de74 1234 ~5678 0000 0000 42"));
        for wrong in [
            "DE75~123456780000000042",
            "DE74~12345678000000004",
            "XX74",
            "",
            "DE7412345678000000004\u{e9}",
        ] {
            assert!(matches!(said(iban, wrong), Said::Rejected(_)), "{wrong}");
        }
    }
}
