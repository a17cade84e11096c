//! Azure's identifiable keys: a signature at a known place, and a Marvin32 checksum with a seed that tells the kind of key.
//! Source: microsoft/security-utilities.

use super::primitives::checksums::marvin32;
use super::primitives::digits::{BASE62, digits};
use super::primitives::encoding::{base64, percent_decoded};
use super::{DISPROVEN, DOUBTED, Said, Subject};

/// A service's keys: their signature, and the seeds of their checksums.
struct Service {
    signature: &'static [u8; 4],
    /// How long the key is, in bytes; 0 for any length.
    length: usize,
    seeds: &'static [&'static [u8; 8]],
    /// Whether a key that does not have the checksum is doubted.
    enforced: bool,
}

const fn service(
    signature: &'static [u8; 4],
    length: usize,
    seeds: &'static [&'static [u8; 8]],
) -> Service {
    Service {
        signature,
        length,
        seeds,
        enforced: true,
    }
}

const MESSAGING: &[&[u8; 8]] = &[b"Send0000", b"Listen00", b"Manage00"];

const SERVICES: &[Service] = &[
    service(b"+ASt", 64, &[b"Default0"]),
    service(b"+ABa", 64, &[b"AbAcct00"]),
    service(
        b"ACDb",
        64,
        &[
            b"MastRW00",
            b"MastRO00",
            b"SysAll00",
            b"Resour00",
            b"SystRO00",
            b"Encryp00",
            b"SystRW00",
        ],
    ),
    service(
        b"APIM",
        64,
        &[b"Tenant00", b"Gatewy00", b"GitKey00", b"IoTHub00"],
    ),
    service(b"+AMC", 64, &[b"Classic0"]),
    service(b"+ASb", 32, MESSAGING),
    service(b"+AEh", 32, MESSAGING),
    service(b"+ARm", 32, MESSAGING),
    service(b"AIoT", 32, &[b"IoTHub00", b"DpsKey00", b"Device00"]),
    service(b"AZEG", 32, &[b"SendRecv"]),
    Service {
        signature: b"AzCa",
        length: 32,
        seeds: &[b"Access00"],
        // `+` and `/` may have been replaced after the checksum was made.
        enforced: false,
    },
    service(b"AzSe", 39, &[b"PAdmin00", b"Query000"]),
    service(b"+ACR", 39, &[b"ACRDflt0"]),
    service(b"AzFu", 40, &[b"Master00", b"System00", b"Functi00"]),
    service(b"+SQL", 0, &[b"UsrPwd00"]),
];

/// A signature at its place with a right checksum proves; with a wrong one it may be a key that its owner chose.
pub(super) fn key(subject: &Subject<'_>, _: f32) -> Said {
    let text = percent_decoded(subject.secret);
    let padding = text.iter().rev().take_while(|&&byte| byte == b'=').count();
    let bare = &text[..text.len() - padding];
    let signature = bare
        .len()
        .checked_sub(10)
        .and_then(|at| bare[at..].first_chunk::<4>());
    let service =
        signature.and_then(|found| SERVICES.iter().find(|service| service.signature == found));
    let Some(service) = service else {
        return Said::Passed;
    };
    let right = base64(&text).is_some_and(|bytes| {
        (service.length == 0 || service.length == bytes.len())
            && bytes
                .split_last_chunk::<4>()
                .is_some_and(|(covered, checksum)| {
                    service.seeds.iter().any(|seed| {
                        marvin32(u64::from_be_bytes(**seed), covered).to_le_bytes() == *checksum
                    })
                })
    });
    if right {
        Said::Proven("it has its service's signature, and the checksum is right")
    } else if service.enforced {
        Said::AtMost(
            DOUBTED,
            "it has its service's signature, but the checksum is wrong: a typo, an example, or a key that was not made by Azure",
        )
    } else {
        Said::Passed
    }
}

/// Provider signatures of the keys of the second generation.
const PROVIDERS: &[&[u8; 4]] = &[
    b"AZDO", b"AZEG", b"ACOG", b"APIM", b"AZAC", b"AZFR", b"AZMR", b"AZMP", b"AZCS", b"MSQL",
];

/// The second generation: everything at its place, and a checksum that can only confirm, as no published key has it.
pub(super) fn cask(subject: &Subject<'_>, _: f32) -> Said {
    let text = subject.secret;
    let Some((covered, checksum)) = text.split_at_checked(80) else {
        return Said::Rejected("it is too short for such a key");
    };
    let is_plain = covered
        .iter()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_'));
    let kinds = matches!(covered[57], b'9' | b'D' | b'H') && matches!(covered[59], b'A'..=b'L');
    if !is_plain || !kinds || &covered[52..57] != b"JQQJ9" || !matches!(text.len(), 84 | 88) {
        return Said::Rejected("its parts are not where such a key has them");
    }
    let known = PROVIDERS
        .iter()
        .any(|provider| provider.eq_ignore_ascii_case(&covered[76..80]));
    let Some(bytes) = base64(covered) else {
        return Said::Passed;
    };
    let sum = marvin32(u64::from_be_bytes(*b"Default0"), &bytes).to_le_bytes();
    let number = u32::from_be_bytes(sum);
    // Base 62 without leading zeros of the number, but with one for each leading zero byte; zeros fill it up behind.
    let padded: [u8; 6] = digits(number, BASE62);
    let zeros = padded.iter().take_while(|&&digit| digit == b'0').count();
    let mut written = vec![b'0'; sum.iter().take_while(|&&byte| byte == 0).count()];
    written.extend(&padded[zeros..]);
    written.resize(6, b'0');
    let plain = data_encoding::BASE64.encode(&sum).into_bytes();
    let right = match checksum.len() {
        4 => checksum == &written[..4] || checksum == &plain[..4],
        _ => {
            // The sixth character carries four bits that the bytes do not have.
            let decoded = four_bytes(checksum);
            decoded.is_some() && (decoded == four_bytes(&written) || decoded == Some(sum))
        }
    };
    if right {
        Said::Proven("its parts are where such a key has them, and the checksum is right")
    } else if known {
        Said::Proven("its parts are where such a key has them, and the service is known")
    } else {
        Said::Passed
    }
}

/// The four bytes that six characters of base64 begin with; what follows the six does not matter.
fn four_bytes(text: &[u8]) -> Option<[u8; 4]> {
    let mut encoding = data_encoding::BASE64_NOPAD.specification();
    encoding.check_trailing_bits = false;
    let decoded = encoding
        .encoding()
        .ok()?
        .decode(text.first_chunk::<6>()?)
        .ok()?;
    decoded.try_into().ok()
}

/// Client secrets of Entra applications with `8Q~`: the last three characters are a checksum of the 37 before them.
pub(super) fn entra(subject: &Subject<'_>, _: f32) -> Said {
    const ALPHABET: &[u8; 66] =
        b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890.-_~";
    let text = subject.secret;
    if text.len() != 40 || text.get(3..6) != Some(b"8Q~") {
        return Said::Passed;
    }
    let (covered, checksum) = text.split_at(37);
    let number = marvin32(u64::from_be_bytes(*b"AadPwd00"), covered);
    let expected: [u8; 6] = digits(number, ALPHABET);
    if checksum == &expected[..3] {
        Said::Proven("the checksum at its end is right")
    } else {
        Said::AtMost(
            DOUBTED,
            "the checksum at its end does not match: a typo or an example",
        )
    }
}

/// Personal access tokens of Azure DevOps before 2024: 32 bytes in base 32, four of which are a checksum of the others.
pub(super) fn devops(subject: &Subject<'_>, _: f32) -> Said {
    /// What the checksum is combined with: for users' tokens, and for applications'.
    const MASKS: [u32; 2] = [0xe0b9_692d, 0x1019_f92e];
    let upper = subject.secret.to_ascii_uppercase();
    let mut encoding = data_encoding::BASE32_NOPAD.specification();
    encoding.check_trailing_bits = false;
    let bytes = encoding
        .encoding()
        .ok()
        .filter(|_| upper.len() == 52)
        .and_then(|encoding| encoding.decode(&upper).ok());
    let Some(bytes) = bytes.filter(|bytes| bytes.len() == 32) else {
        return Said::Rejected("it is not 32 bytes in base 32");
    };
    let covered = [&bytes[0..2], &bytes[3..7], &bytes[9..22], &bytes[23..32]].concat();
    let stored = u32::from_le_bytes([bytes[22], bytes[8], bytes[7], bytes[2]]);
    let sum = crc32fast::hash(&covered);
    if MASKS.iter().any(|mask| sum ^ mask == stored) {
        Said::Proven("the checksum inside it is right")
    } else {
        Said::AtMost(DISPROVEN, "the checksum inside it does not match")
    }
}
