//! The body of an armoured private key: a header alone is documentation, a body that decodes is a key.
//! Sources: RFC 7468 (PEM), RFC 4880 section 6 (OpenPGP), OpenSSH's PROTOCOL.key.

use data_encoding::{BASE64, BASE64_NOPAD};

use super::{Check, DISPROVEN, Said, Subject, entropy, not_placeholder};
use crate::rules::CheckKind;

pub(super) const CHECK: Check = Check {
    kind: CheckKind::KeyBody,
    run,
};

/// The shortest body, in bytes: an Ed25519 key in PKCS #8 has 48.
const SHORTEST: usize = 32;

/// Proven by a body that decodes to a structure that private keys have, rejected without a body.
fn run(subject: &Subject<'_>, _: f32) -> Said {
    let body = body(subject.secret);
    if body.len() < SHORTEST || not_placeholder::is_placeholder(&body) {
        return Said::Rejected("it has no body");
    }
    if entropy::bits_per_byte(&body) < 3.5 {
        return Said::Rejected("its body is a placeholder");
    }
    let decoded = BASE64.decode(&body).or_else(|_| BASE64_NOPAD.decode(&body));
    match decoded {
        Ok(bytes) if is_key(&bytes) => Said::Proven,
        // Cut off, or with characters left out: a key all the same, or what is left of one.
        Ok(_) => Said::Passed,
        Err(_)
            if body
                .iter()
                .filter(|byte| byte.is_ascii_alphanumeric())
                .count()
                * 10
                >= body.len() * 9 =>
        {
            Said::Passed
        }
        Err(_) => Said::AtMost(DISPROVEN),
    }
}

/// The base64 text between the header and the footer, whatever the source's language did to its lines: escapes such as
/// `\n`, quotes, plus signs and indentation go, header fields (`Proc-Type: …`) go, and so does a checksum line.
fn body(armour: &[u8]) -> Vec<u8> {
    let dashes = memchr::memmem::find_iter(armour, b"-----").collect::<Vec<_>>();
    let inside = match dashes[..] {
        [_, start, end, ..] => &armour[start + 5..end],
        [_, start] => &armour[start + 5..],
        _ => &[],
    };
    let mut body = Vec::with_capacity(inside.len());
    for line in inside.split(|&byte| byte == b'\n') {
        if line.contains(&b':') || line.trim_ascii_start().starts_with(b"=") {
            continue;
        }
        let mut bytes = line.iter().peekable();
        while let Some(&byte) = bytes.next() {
            match byte {
                b'\\' => {
                    bytes.next_if(|&&next| matches!(next, b'n' | b'r' | b't' | b'\\'));
                    bytes.next_if(|&&next| next == b'n' || next == b'r');
                }
                b' ' | b'\t' | b'\r' | b'"' | b'\'' | b',' | b'|' | b'#' | b'>' | b'-' | b'*' => {}
                b'+' if bytes.peek().is_none_or(|next| next.is_ascii_whitespace())
                    && body.len().is_multiple_of(64) => {}
                _ => body.push(byte),
            }
        }
    }
    body
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

    const ED25519: &str = "MC4CAQAwBQYDK2VwBCIE~IAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";

    fn said(header: &str, body: &str) -> Said {
        let armour =
            format!("-----BEGIN {header}-----{body}-----END {header}-----").replace('~', "");
        run(&Subject::bare(armour.as_bytes()), 0.0)
    }

    #[test]
    fn a_body_that_decodes_proves_however_its_lines_are_written() {
        for (before, after) in [
            ("\n", "\n"),
            ("\\n", "\\n"),
            ("\n  ", "\n  "),
            ("\\n\" +\n \"", "\\n"),
        ] {
            assert_eq!(
                said("PRIVATE KEY", &format!("{before}{ED25519}{after}")),
                Said::Proven,
                "{before:?}"
            );
        }
    }

    #[test]
    fn a_header_alone_is_no_key() {
        assert_eq!(
            said("PRIVATE KEY", "\n...\n"),
            Said::Rejected("it has no body")
        );
        assert_eq!(said("PRIVATE KEY", ""), Said::Rejected("it has no body"));
        assert_eq!(
            said("PRIVATE KEY", &format!("\n{}\n", "x".repeat(64))),
            Said::Rejected("it has no body")
        );
    }

    #[test]
    fn header_fields_and_checksums_are_no_part_of_the_body() {
        let armour =
            format!("\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n{ED25519}\n=FFzr\n");
        assert_eq!(said("RSA PRIVATE KEY", &armour), Said::Proven);
    }
}
