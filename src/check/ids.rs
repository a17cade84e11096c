//! Ids with a structure: a clock, an account, a version. Sources: Discord's and MongoDB's documentation of their ids, the ULID
//! and KSUID specifications, RFC 9562, AWS' documentation of its ids and public research on what they hold.

use std::ops::RangeInclusive;

use data_encoding::BASE32_NOPAD;

use super::primitives::digits::{BASE62, number};
use super::primitives::encoding::{base64, hex, is_uuid};
use super::{DISPROVEN, DOUBTED, Said, Subject, not_placeholder};

/// The last second that a clock in an id may show: the end of 2039. A fixed year, not today: the answer must not depend on the day.
const LAST: u64 = 2_208_988_799;

const IMPLAUSIBLE: Said = Said::AtMost(
    DISPROVEN,
    "the time in it is before there were such ids, or far from now: invented, or something else",
);

fn plausible(seconds: u64, first: u64) -> Said {
    if (first..=LAST).contains(&seconds) {
        Said::Passed
    } else {
        IMPLAUSIBLE
    }
}

/// The first run of `length` characters of a kind, neither more nor fewer.
fn run_of(text: &[u8], length: RangeInclusive<usize>, is_digit: fn(&u8) -> bool) -> Option<&[u8]> {
    text.split(|byte| !is_digit(byte))
        .find(|run| length.contains(&run.len()))
}

/// Discord: a bot's id in base64 before the first dot, or a webhook's in digits.
pub(super) fn discord(subject: &Subject<'_>, _: f32) -> Said {
    /// The first second of 2015, in milliseconds: where Discord's clock begins.
    const EPOCH: u64 = 1_420_070_400_000;
    let first = subject
        .secret
        .split(|&byte| byte == b'.')
        .next()
        .unwrap_or_default();
    let decoded = base64(first);
    let digits = match run_of(subject.secret, 17..=20, u8::is_ascii_digit) {
        Some(run) => Some(run),
        None => decoded.as_deref(),
    };
    let id = digits
        .filter(|digits| (17..=20).contains(&digits.len()))
        .and_then(|digits| number(digits, b"0123456789"))
        .and_then(|id| u64::try_from(id).ok());
    match id {
        Some(id) => plausible(((id >> 22) + EPOCH) / 1000, EPOCH / 1000),
        None => Said::Rejected("its first part is no id"),
    }
}

/// MongoDB: 24 hexadecimal digits, of which the first eight are a time.
pub(super) fn object_id(subject: &Subject<'_>, _: f32) -> Said {
    /// The first second of 2009, the year of MongoDB's first release.
    const FIRST: u64 = 1_230_768_000;
    let id = run_of(subject.secret, 24..=24, u8::is_ascii_hexdigit);
    match id.and_then(|id| hex(&id[..8])).as_deref() {
        Some([a, b, c, d]) => plausible(u32::from_be_bytes([*a, *b, *c, *d]).into(), FIRST),
        _ => Said::Rejected("it holds no id of 24 hexadecimal digits"),
    }
}

/// ULID: 26 digits of Crockford's base 32, of which the first ten are a time.
pub(super) fn ulid(subject: &Subject<'_>, _: f32) -> Said {
    const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    /// The first second of 2016, the year of the specification.
    const FIRST: u64 = 1_451_606_400;
    let time = run_of(subject.secret, 26..=26, u8::is_ascii_alphanumeric)
        .map(<[u8]>::to_ascii_uppercase)
        .filter(|id| number(&id[10..], ALPHABET).is_some() && id[0] <= b'7')
        .and_then(|id| number(&id[..10], ALPHABET));
    match time.and_then(|time| u64::try_from(time).ok()) {
        Some(time) => plausible(time / 1000, FIRST),
        None => Said::Rejected("it holds no ULID"),
    }
}

/// KSUID: 27 digits of base 62, twenty bytes, of which the first four are a time.
pub(super) fn ksuid(subject: &Subject<'_>, _: f32) -> Said {
    /// Where its clock begins, in 2014.
    const EPOCH: u64 = 1_400_000_000;
    /// The first second of 2017, the year of the specification.
    const FIRST: u64 = 1_483_228_800;
    // 62^27 has 161 bits: the digits are split so that no product is larger than 128.
    let id = run_of(subject.secret, 27..=27, u8::is_ascii_alphanumeric);
    let seconds = id.and_then(|id| {
        let (high, low) = id.split_at(14);
        let (high, low) = (number(high, BASE62)?, number(low, BASE62)?);
        // The value is high * 62^13 + low, of which the part above 2^128 is the time.
        let scale = 62_u128.pow(13);
        let (upper, lower) = (scale >> 64, scale & u128::from(u64::MAX));
        let (high_upper, high_lower) = (high >> 64, high & u128::from(u64::MAX));
        let lowest = high_lower * lower;
        let middle = high_lower * upper + high_upper * lower + (lowest >> 64);
        let (_, carry) = (middle << 64 | lowest & u128::from(u64::MAX)).overflowing_add(low);
        let top = high_upper * upper + (middle >> 64) + u128::from(carry);
        u32::try_from(top).ok()
    });
    match seconds {
        Some(seconds) => plausible(u64::from(seconds) + EPOCH, FIRST),
        None => Said::Rejected("it holds no KSUID"),
    }
}

/// UUID: version and variant as the standard has them; nil and patterned ones stand for a value. A pattern may allow other shapes
/// beside it, of which there is nothing to say.
pub(super) fn uuid(subject: &Subject<'_>, _: f32) -> Said {
    let id = subject.secret;
    if !is_uuid(id) {
        return Said::Passed;
    }
    let digits: Vec<u8> = id
        .iter()
        .filter(|byte| byte.is_ascii_hexdigit())
        .map(u8::to_ascii_lowercase)
        .collect();
    if is_patterned(&digits) || not_placeholder::is_placeholder(id) {
        return Said::Rejected("it is a pattern, not an id");
    }
    let is_standard =
        matches!(digits[12], b'1'..=b'8') && matches!(digits[16], b'8' | b'9' | b'a' | b'b');
    if is_standard {
        Said::Passed
    } else {
        Said::AtMost(
            DOUBTED,
            "its version and variant are none that the standard has",
        )
    }
}

/// Whether few digits make up an id, most groups repeat one digit, or its digits only count.
fn is_patterned(digits: &[u8]) -> bool {
    let groups = [
        &digits[..8],
        &digits[8..12],
        &digits[12..16],
        &digits[16..20],
        &digits[20..],
    ];
    let repeats = |group: &&&[u8]| group[1..].windows(2).all(|pair| pair[0] == pair[1]);
    let value = |digit: u8| {
        if digit <= b'9' {
            digit - b'0'
        } else {
            digit - b'a' + 10
        }
    };
    let steps = digits
        .windows(2)
        .filter(|pair| {
            value(pair[1]) == (value(pair[0]) + 1) % 16 || (pair[0], pair[1]) == (b'9', b'0')
        })
        .count();
    let mut known = digits.to_vec();
    known.sort_unstable();
    known.dedup();
    known.len() <= 4 || groups.iter().filter(repeats).count() >= 4 || steps >= 20
}

/// AWS: sixteen digits of base 32 behind the kind of id, which hold an account's number unless they are old. It never drops.
pub(super) fn aws(subject: &Subject<'_>, _: f32) -> Said {
    let body = subject.secret.get(4..20).unwrap_or_default();
    match BASE32_NOPAD.decode(body) {
        Ok(bytes) if bytes.len() == 10 => match account(&bytes) {
            Some(account) if account < 1_000_000_000_000 => Said::Passed,
            // Before about 2019 there was no account in them; most of those begin so.
            _ if matches!(body[0], b'I' | b'J') => Said::Passed,
            _ => Said::AtMost(DOUBTED, "the account in it has more than twelve digits"),
        },
        _ => Said::AtMost(DOUBTED, "it has digits that such ids do not have"),
    }
}

/// The account's number: forty bits behind the first.
fn account(bytes: &[u8]) -> Option<u64> {
    let first = bytes.first_chunk::<6>()?;
    let number = first
        .iter()
        .fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    Some((number & 0x7fff_ffff_ff80) >> 7)
}

/// 1Password's secret keys: groups of letters and digits that cannot be taken for one another.
pub(super) fn onepassword_secret_key(subject: &Subject<'_>, _: f32) -> Said {
    let groups = subject.secret.strip_prefix(b"A3-").map(|rest| {
        rest.iter().filter(|&&byte| byte != b'-').all(|byte| {
            matches!(byte, b'2'..=b'9' | b'A'..=b'Z') && !matches!(byte, b'I' | b'O' | b'U')
        })
    });
    if groups == Some(true) {
        Said::Passed
    } else {
        Said::Rejected("it has letters or digits that such keys do not have")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::said;

    #[test]
    fn clocks_show_a_time_that_can_be() {
        for (check, id) in [
            (
                discord as fn(&Subject<'_>, f32) -> Said,
                "MTIzNDU2Nzg5MDEyMzQ1Njc4.Xx-Yy1.aaaaaaaaaaaaaaaaaaaaaaaaaaa",
            ),
            (discord, "123456789012345678/aaaaaaaa"),
            (
                object_id,
                "PMAK-6553f1000001020304050607-01~23456789abcdef0123456789abcdef01",
            ),
            (ulid, "01HF7YAT00000G40R40M30E209"),
            (ulid, "PMAT-01HF7YAT00~000G40R40M30E209"),
            (ksuid, "2YBXZHqCjn9u9XPqNaTCk9OXKKF"),
            (ksuid, "2YBXZHqCjn9u9XPqNaTCk9OXKKF_5aBcDeFgHiJkLmNoPqRsT"),
        ] {
            assert_eq!(said(check, id), Said::Passed, "{id}");
        }
        for (check, id) in [
            (
                discord as fn(&Subject<'_>, f32) -> Said,
                "OTk5OTk5OTk5OTk5OTk5OTk5OTk.a.b",
            ),
            (object_id, "PMAK-0153f1000001020304050607-01"),
            (object_id, "PMAK-ff53f1000001020304050607-01"),
            (ulid, "7ZHF7YAT00000G40R40M30E209"),
            (ksuid, "0YBXZHqCjn9u9XPqNaTCk9OXKKF"),
        ] {
            assert!(
                matches!(said(check, id), IMPLAUSIBLE | Said::Rejected(_)),
                "{id}"
            );
        }
        for (check, id) in [
            (
                discord as fn(&Subject<'_>, f32) -> Said,
                "bm90LWRpZ2l0cw.a.b",
            ),
            (object_id, "6553f100"),
            (ulid, "81HF7YAT00000G40R40M30E209"),
            (ulid, "01HF7YAT0000UG40R40M30E209"),
            (ksuid, "zzzzzzzzzzzzzzzzzzzzzzzzzzz"),
            (ksuid, ""),
        ] {
            assert!(matches!(said(check, id), Said::Rejected(_)), "{id}");
        }
    }

    #[test]
    fn the_seconds_of_a_ksuid_are_its_first_four_bytes() {
        // 2023-11-14T22:13:20Z, and the largest of all, which is in 2150.
        assert_eq!(said(ksuid, "aWgEPTl1tmebfsQzFP4bxwgy80V"), IMPLAUSIBLE);
        assert_eq!(
            said(ksuid, "aWgEPTl1tmebfsQzFP4bxwgy80W"),
            Said::Rejected("it holds no KSUID")
        );
    }

    #[test]
    fn uuids_are_standard_and_no_pattern() {
        assert_eq!(
            said(uuid, "7d9f6f3a-2c41-4b8e-9a57-1f0c6be2d483"),
            Said::Passed
        );
        for wrong in [
            "00000000-0000-0000-0000-000000000000",
            "11111111-2222-3333-4444-555555555555",
            "12345678-1234-1234-1234-123456789012",
            "01234567-89ab-cdef-0123-456789abcdef",
            "ffffffff-ffff-4fff-8fff-ffffffffffff",
        ] {
            assert!(matches!(said(uuid, wrong), Said::Rejected(_)), "{wrong}");
        }
        assert_eq!(said(uuid, "7d9f6f3a2c41"), Said::Passed);
        assert!(matches!(
            said(uuid, "7d9f6f3a-2c41-0b8e-1a57-1f0c6be2d483"),
            Said::AtMost(..)
        ));
    }

    #[test]
    fn aws_ids_hold_an_account() {
        let bytes = BASE32_NOPAD.decode(b"BZPUZDIKCUAQEAYE").unwrap();
        assert_eq!(account(&bytes), Some(123_456_789_012));
        assert_eq!(said(aws, "AK~IABZPUZDIKCUAQEAYE"), Said::Passed);
        assert_eq!(said(aws, "AK~IAIOSFODNN7EXAMPLE"), Said::Passed);
        assert!(matches!(
            said(aws, "AK~IABZPUZDIKCUAQEA01"),
            Said::AtMost(..)
        ));
        assert!(matches!(said(aws, "AK~IA"), Said::AtMost(..)));
    }

    #[test]
    fn secret_keys_avoid_what_looks_alike() {
        assert_eq!(
            said(
                onepassword_secret_key,
                "A3~-ABCDEF-GHJKLM-NPQRS-TVWXY-Z2345-67892"
            ),
            Said::Passed
        );
        assert!(matches!(
            said(
                onepassword_secret_key,
                "A3~-ABCDEF-GHIJKL-NPQRS-TVWXY-Z2345-67892"
            ),
            Said::Rejected(_)
        ));
    }
}
