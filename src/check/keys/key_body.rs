//! The body of any armoured private key: a header alone is documentation, a body that decodes is a key. It asks less than the
//! checks by kind of key do: what is cut off passes.

use super::armour::Armour;
use super::{DISPROVEN, NO_BODY, Said, Subject};

/// Proven by a body that decodes to a structure that private keys have, rejected without a body.
pub(in crate::check) fn key_body(subject: &Subject<'_>, _: f32) -> Said {
    let Some(armour) = Armour::read(subject.secret) else {
        return NO_BODY;
    };
    if let Some(rejected) = armour.rejected() {
        return rejected;
    }
    let body = &armour.body;
    match armour.decoded() {
        Some(bytes) if is_key(&bytes) => {
            Said::Proven("its body decodes to what begins and ends as a key")
        }
        // Cut off, or with characters left out: a key all the same, or what is left of one.
        Some(_) => Said::Passed,
        None => {
            let plain = body.iter().filter(|byte| byte.is_ascii_alphanumeric());
            if plain.count() * 10 >= body.len() * 9 {
                Said::Passed
            } else {
                Said::AtMost(DISPROVEN, "its body is no base64")
            }
        }
    }
}

/// A DER sequence whose length is that of the rest, an OpenSSH key, or an OpenPGP secret-key packet.
fn is_key(bytes: &[u8]) -> bool {
    let der_length = match bytes {
        [0x30, short @ 0..=0x7f, ..] => Some(2 + usize::from(*short)),
        [0x30, 0x81, length, ..] => Some(3 + usize::from(*length)),
        [0x30, 0x82, high, low, ..] => Some(4 + usize::from(u16::from_be_bytes([*high, *low]))),
        _ => None,
    };
    der_length == Some(bytes.len())
        || bytes.starts_with(b"openssh-key-v1\0")
        || matches!(bytes, [0x94 | 0x95 | 0xc5, ..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{proves, said};

    const ED25519: &str = "MC4CAQAwBQYDK2VwBCIE~IAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";

    fn armoured(header: &str, body: &str) -> String {
        format!("-----BEGIN {header}-----{body}-----END {header}-----")
    }

    #[test]
    fn a_body_that_decodes_proves_however_its_lines_are_written() {
        for (before, after) in [
            ("\n", "\n"),
            ("\\n", "\\n"),
            ("\n  ", "\n  "),
            ("\\n\" +\n \"", "\\n"),
        ] {
            let key = armoured("PRIV~ATE KEY", &format!("{before}{ED25519}{after}"));
            assert!(proves(key_body, &key), "{before:?}");
        }
    }

    #[test]
    fn a_header_alone_is_no_key() {
        for body in ["\n...\n", "", &format!("\n{}\n", "x".repeat(64))] {
            assert_eq!(said(key_body, &armoured("PRIV~ATE KEY", body)), NO_BODY);
        }
        assert_eq!(said(key_body, ""), NO_BODY);
    }

    #[test]
    fn what_is_cut_off_passes() {
        let key = armoured("PRIV~ATE KEY", &format!("\n{}\n", &ED25519[..50]));
        assert_eq!(said(key_body, &key), Said::Passed);
    }
}
