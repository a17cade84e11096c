//! Passwords that are hidden rather than encrypted, and hashes of passwords. Sources: Cisco's type 7 as is widely published,
//! Microsoft's MS-GPPREF section 2.2.1.1.4, `crypt(5)`, the argon2 reference, RFC 3112's successors for LDAP, Ansible's vault format.

use aes::Aes256;
use aes::cipher::{Array, BlockCipherDecrypt, KeyInit};

use super::primitives::encoding::{base64, hex};
use super::{DISPROVEN, DOUBTED, Said, Subject};

/// The least characters that a reversed password has for chance to be ruled out.
const LONG_ENOUGH: usize = 6;

fn is_printable(byte: u8) -> bool {
    matches!(byte, b' '..=b'~')
}

/// Cisco's type 7: where to begin in a fixed text, and the password combined with it.
pub(super) fn cisco_type7(subject: &Subject<'_>, _: f32) -> Said {
    const KEY: &[u8; 53] = b"dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87";
    let begin = subject
        .secret
        .split_at_checked(2)
        .and_then(|(begin, rest)| {
            let begin: usize = std::str::from_utf8(begin).ok()?.parse().ok()?;
            Some((begin, hex(rest)?))
        });
    match begin {
        Some((begin @ 0..=15, bytes)) if !bytes.is_empty() => {
            let mut key = KEY.iter().cycle().skip(begin);
            let readable = bytes
                .iter()
                .all(|byte| key.next().is_some_and(|key| is_printable(byte ^ key)));
            match (readable, bytes.len()) {
                (true, LONG_ENOUGH..) => Said::Proven("it can be turned back into a password"),
                (true, _) => Said::Passed,
                (false, _) => Said::Rejected("it cannot be turned back into a password"),
            }
        }
        _ => Said::Rejected("it has not the shape of such a password"),
    }
}

/// The key that Microsoft published.
const GPP_KEY: [u8; 32] = [
    0x4e, 0x99, 0x06, 0xe8, 0xfc, 0xb6, 0x6c, 0xc9, 0xfa, 0xf4, 0x93, 0x10, 0x62, 0x0f, 0xfe, 0xe8,
    0xf4, 0x96, 0xe8, 0x06, 0xcc, 0x05, 0x79, 0x90, 0x20, 0x9b, 0x09, 0xa4, 0x33, 0xb6, 0x6c, 0x1b,
];

/// Group Policy's passwords: AES-256-CBC with that key and no nonce; the text is UTF-16.
pub(super) fn gpp_cpassword(subject: &Subject<'_>, _: f32) -> Said {
    let bytes = base64(subject.secret).unwrap_or_default();
    let (blocks, rest) = bytes.as_chunks::<16>();
    if blocks.is_empty() || !rest.is_empty() {
        return Said::Rejected("it is not as long as such a password");
    }
    let cipher = Aes256::new(&Array::from(GPP_KEY));
    let mut before = [0; 16];
    let mut plain = Vec::with_capacity(bytes.len());
    for block in blocks {
        let mut decrypted = Array::from(*block);
        cipher.decrypt_block(&mut decrypted);
        plain.extend(
            decrypted
                .iter()
                .zip(before)
                .map(|(byte, before)| byte ^ before),
        );
        before = *block;
    }
    let padding = plain.last().copied().map_or(0, usize::from);
    let padded = plain.len().checked_sub(padding).and_then(|end| {
        let is_padding = (1..=16).contains(&padding)
            && plain[end..]
                .iter()
                .all(|&byte| usize::from(byte) == padding);
        is_padding.then(|| &plain[..end])
    });
    let readable = padded.is_some_and(|plain| {
        let (units, rest) = plain.as_chunks::<2>();
        let text = String::from_utf16(
            &units
                .iter()
                .map(|unit| u16::from_le_bytes(*unit))
                .collect::<Vec<_>>(),
        );
        rest.is_empty()
            && !units.is_empty()
            && text.is_ok_and(|text| !text.chars().any(char::is_control))
    });
    if readable {
        Said::Proven("it can be decrypted into a password with the key that Microsoft published")
    } else {
        Said::Rejected("it cannot be decrypted into a password")
    }
}

/// Whether `text` is so many characters that `crypt` writes.
fn is_crypt(text: &[u8], lengths: impl std::ops::RangeBounds<usize>) -> bool {
    lengths.contains(&text.len())
        && text
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'/'))
}

fn decimal(text: &[u8]) -> Option<u64> {
    if !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(text).ok()?.parse().ok()
}

/// Hashes of passwords, each of exactly its shape.
pub(super) fn password_hash(subject: &Subject<'_>, _: f32) -> Said {
    if is_hash(subject.secret) {
        Said::Passed
    } else {
        Said::Rejected("it has not the shape of a password's hash")
    }
}

fn is_hash(text: &[u8]) -> bool {
    if let Some(close) = text
        .first()
        .filter(|first| **first == b'{')
        .and_then(|_| memchr::memchr(b'}', text))
    {
        let length = base64(&text[close + 1..]).map_or(0, |bytes| bytes.len());
        return match text[1..close].to_ascii_uppercase().as_slice() {
            b"SHA" => length == 20,
            b"SSHA" => length > 20,
            b"SHA256" => length == 32,
            b"SSHA256" => length > 32,
            b"SHA384" => length == 48,
            b"SSHA384" => length > 48,
            b"SHA512" => length == 64,
            b"SSHA512" => length > 64,
            b"MD5" => length == 16,
            b"SMD5" => length > 16,
            b"CRYPT" => is_hash(&text[close + 1..]) || is_crypt(&text[close + 1..], 13..=13),
            _ => false,
        };
    }
    let parts: Vec<&[u8]> = text.splitn(8, |&byte| byte == b'$').collect();
    match parts[..] {
        [b"", b"2a" | b"2b" | b"2x" | b"2y", cost, hash] => {
            cost.len() == 2
                && decimal(cost).is_some_and(|cost| (4..=31).contains(&cost))
                && is_crypt(hash, 53..=53)
        }
        [b"", b"1" | b"apr1", salt, hash] => is_crypt(salt, ..=8) && is_crypt(hash, 22..=22),
        [b"", b"5", ref rest @ ..] => is_rounds(rest, 43),
        [b"", b"6", ref rest @ ..] => is_rounds(rest, 86),
        [b"", b"y" | b"gy" | b"7", parameters, salt, hash] => {
            is_crypt(parameters, 1..=16) && is_crypt(salt, ..=86) && is_crypt(hash, 43..=43)
        }
        // scrypt in `crypt`: parameters and salt in one.
        [b"", b"7", salt, hash] => is_crypt(salt, 11..) && is_crypt(hash, 43..=43),
        [b"", b"argon2i" | b"argon2d" | b"argon2id", ref rest @ ..] => is_argon2(rest),
        // Cisco's types 8 and 9, and PHPass.
        [b"", b"8" | b"9", salt, hash] => is_crypt(salt, 14..=14) && is_crypt(hash, 43..=43),
        [b"", b"P" | b"H", hash] => is_crypt(hash, 31..=31),
        [b"", b"S", hash] => is_crypt(hash, 52..=52),
        [b"pbkdf2_sha256", rounds, salt, hash] => {
            decimal(rounds).is_some()
                && !salt.is_empty()
                && base64(hash).is_some_and(|hash| hash.len() == 32)
        }
        [b"SCRAM-SHA-256", rounds_and_salt, keys] => {
            let halves = |text: &[u8]| {
                let at = memchr::memchr(b':', text)?;
                Some((text[..at].to_vec(), text[at + 1..].to_vec()))
            };
            let is_key = |text: &[u8]| base64(text).is_some_and(|key| key.len() == 32);
            halves(rounds_and_salt).is_some_and(|(rounds, salt)| {
                decimal(&rounds).is_some() && base64(&salt).is_some_and(|salt| !salt.is_empty())
            }) && halves(keys).is_some_and(|(stored, server)| is_key(&stored) && is_key(&server))
        }
        _ => false,
    }
}

/// Perhaps how many rounds, a salt, and a hash of `length`.
fn is_rounds(rest: &[&[u8]], length: usize) -> bool {
    let (salt, hash) = match rest {
        [rounds, salt, hash] => {
            let rounds = rounds.strip_prefix(b"rounds=").and_then(decimal);
            if !rounds.is_some_and(|rounds| (1..=999_999_999).contains(&rounds)) {
                return false;
            }
            (salt, hash)
        }
        [salt, hash] => (salt, hash),
        _ => return false,
    };
    // Salts may hold anything but a dollar sign; programs make them of these.
    is_crypt(salt, ..=16) && is_crypt(hash, length..=length)
}

/// Perhaps a version, memory, time and lanes, salt and hash.
fn is_argon2(rest: &[&[u8]]) -> bool {
    let (parameters, salt, hash) = match rest {
        [version, parameters, salt, hash] => {
            if version.strip_prefix(b"v=").and_then(decimal).is_none() {
                return false;
            }
            (parameters, salt, hash)
        }
        [parameters, salt, hash] => (parameters, salt, hash),
        _ => return false,
    };
    let mut names = [&b"m="[..], b"t=", b"p="].into_iter();
    let known = parameters.split(|&byte| byte == b',').take(4).all(|part| {
        names
            .next()
            .and_then(|name| part.strip_prefix(name))
            .and_then(decimal)
            .is_some()
    });
    let long = |text: &[u8], least: usize| base64(text).is_some_and(|bytes| bytes.len() >= least);
    known && names.next().is_none() && long(salt, 8) && long(hash, 12)
}

/// How much of a vault is read, in bytes.
const LONGEST_VAULT: usize = 1 << 15;

/// Ansible's vaults: hexadecimal digits of three lines of hexadecimal digits, a salt, an HMAC and what is encrypted. Reads on behind
/// the secret, of which a pattern may take no more than the first line.
pub(super) fn ansible_vault(subject: &Subject<'_>, _: f32) -> Said {
    let tail = &subject.tail[..subject.tail.len().min(LONGEST_VAULT)];
    let text = [subject.secret, tail].concat();
    if is_vault(&text) {
        Said::AtMost(DOUBTED, "it is encrypted with a passphrase")
    } else {
        Said::AtMost(
            DISPROVEN,
            "what follows is no vault: cut off, or an example",
        )
    }
}

fn is_vault(text: &[u8]) -> bool {
    // A line's end may be an escape.
    let mut lines = text.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii);
    let header = lines.next().is_some_and(|header| {
        let mut fields = header.split(|&byte| byte == b';');
        fields.next() == Some(b"$ANSIBLE_VAULT")
            && matches!(fields.next(), Some(b"1.1" | b"1.2"))
            && fields.next() == Some(b"AES256")
    });
    let digits: Vec<u8> = lines
        .take_while(|line| !line.is_empty() && line.iter().all(u8::is_ascii_hexdigit))
        .flatten()
        .copied()
        .collect();
    let Some(inside) = hex(&digits).filter(|_| header) else {
        return false;
    };
    let parts: Option<Vec<Vec<u8>>> = inside
        .split(|&byte| byte == b'\n')
        .take(4)
        .map(hex)
        .collect();
    matches!(parts.as_deref(), Some([salt, mac, content])
        if salt.len() == 32 && mac.len() == 32 && !content.is_empty())
        // The end may be beyond what is read.
        || parts.is_none() && digits.len() > LONGEST_VAULT / 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{proves, said};

    #[test]
    fn hidden_passwords_are_brought_back() {
        assert!(proves(cisco_type7, "072A39~4D4319150046"));
        for wrong in [
            "072A39~4D43F9150046",
            "992A394D4319150046",
            "07",
            "0",
            "07zz",
            "",
        ] {
            assert!(!proves(cisco_type7, wrong), "{wrong}");
        }
        let hidden = "kcr6LkkXfl8z5rysYS~/EhXX761HuHUKP+58ieyM0cgo";
        assert!(proves(gpp_cpassword, hidden));
        assert!(proves(gpp_cpassword, &format!("{hidden}=")));
        assert!(!proves(gpp_cpassword, &hidden.replace("kcr", "kcs")));
        assert!(!proves(gpp_cpassword, ""));
    }

    #[test]
    fn hashes_have_exactly_one_shape() {
        let c = |length: usize| "aB3./xYz".repeat(12)[..length].to_owned();
        for hash in [
            format!("$2b$12${}", c(53)),
            format!("$1$salt${}", c(22)),
            format!("$apr1$salt${}", c(22)),
            format!("$5$rounds=5000$saltsalt${}", c(43)),
            format!("$6$saltsalt${}", c(86)),
            format!("$y$j9T$saltsalt${}", c(43)),
            "$arg~on2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub+b7bXXRdescudvJC"
                .to_owned(),
            "{SS~HA}AAECAwQFBgcICQoLDA0ODxAREhMUFRYX".to_owned(),
            format!("{{CRYPT}}$1$salt${}", c(22)),
            format!("$P${}", c(31)),
        ] {
            assert_eq!(said(password_hash, &hash), Said::Passed, "{hash}");
        }
        for wrong in [
            format!("$2b$03${}", c(53)),
            format!("$2b$12${}", c(52)),
            format!("$6$saltsalt${}", c(85)),
            format!("$6$rounds=x$saltsalt${}", c(86)),
            format!("$5$a$b$c$d$e$f$g${}", c(43)),
            "$arg~on2id$v=19$m=65536,t=3$c29tZXNhbHQ$RdescudvJCsgt3ub".to_owned(),
            "{SS~HA}AAEC".to_owned(),
            "{NONE}AAEC".to_owned(),
            "{".to_owned(),
            String::new(),
        ] {
            assert!(
                matches!(said(password_hash, &wrong), Said::Rejected(_)),
                "{wrong}"
            );
        }
    }

    #[test]
    fn vaults_are_three_lines_inside() {
        let inside = format!(
            "{}\n{}\n{}",
            "ab".repeat(32),
            "cd".repeat(32),
            "ef".repeat(16)
        );
        let digits = data_encoding::HEXLOWER.encode(inside.as_bytes());
        let vault = |indent: &str| {
            let mut text = "$ANSI~BLE_VAULT;1.1;AES256\n".to_owned();
            for line in digits.as_bytes().chunks(80) {
                text += &format!("{indent}{}\n", std::str::from_utf8(line).unwrap());
            }
            text
        };
        let encrypted = Said::AtMost(DOUBTED, "it is encrypted with a passphrase");
        assert_eq!(said(ansible_vault, &vault("")), encrypted);
        assert_eq!(
            said(ansible_vault, &format!("{}next: 1\n", vault("  "))),
            encrypted
        );
        assert_ne!(
            said(ansible_vault, &vault("").replace("3962", "3967")[..300]),
            encrypted
        );
        assert_ne!(
            said(ansible_vault, "$ANSI~BLE_VAULT;1.1;AES256\n"),
            encrypted
        );
    }
}
