//! PuTTY's private keys, versions 2 and 3: a MAC over all that the file says. Source: PuTTY's manual, appendix C.

use hmac::{Hmac, KeyInit, Mac};
use sha1::{Digest, Sha1};
use sha2::Sha256;

use super::super::primitives::encoding::{base64, hex};
use super::{DISPROVEN, ENCRYPTED, Said, Subject};

/// The most of a file that is read, in bytes; a key of 16,384 bits has some 15,000.
const LONGEST: usize = 1 << 15;

const UNREADABLE: Said = Said::AtMost(
    DISPROVEN,
    "it is not a whole key file of PuTTY's: cut off, or an example",
);

/// Reads on behind the secret, of which a pattern may take no more than the first line.
pub(in crate::check) fn putty(subject: &Subject<'_>, _: f32) -> Said {
    let tail = &subject.tail[..subject.tail.len().min(LONGEST)];
    let mut text = [subject.secret, tail].concat();
    // In JSON and in shell scripts its lines may be one.
    if memchr::memmem::find(&text, br"\n").is_some() {
        let lines = String::from_utf8_lossy(&text).replace(r"\r", "");
        text = lines.replace(r"\n", "\n").into_bytes();
    }
    read(&text).unwrap_or(UNREADABLE)
}

fn read(text: &[u8]) -> Option<Said> {
    let begin = memchr::memmem::find(text, b"PuTTY-User-Key-File-")?;
    let mut lines = text[begin..]
        .split(|&byte| byte == b'\n')
        .map(|line| line.trim_ascii_start())
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let (version, algorithm) = {
        let first = lines.next()?.strip_prefix(b"PuTTY-User-Key-File-")?;
        (first.first()?, first.get(1..)?.strip_prefix(b": ")?)
    };
    let encryption = lines.next()?.strip_prefix(b"Encryption: ")?;
    let comment = lines.next()?.strip_prefix(b"Comment: ")?;
    let (mut public, mut private, mut mac) = (None, None, None);
    while let Some(line) = lines.next() {
        if let Some(count) = line.strip_prefix(b"Public-Lines: ") {
            public = Some(blob(&mut lines, count)?);
        } else if let Some(count) = line.strip_prefix(b"Private-Lines: ") {
            private = Some(blob(&mut lines, count)?);
        } else if let Some(digits) = line.strip_prefix(b"Private-MAC: ") {
            // A quote or a tag may follow.
            let length = digits.iter().take_while(|byte| byte.is_ascii_hexdigit());
            mac = Some(hex(&digits[..length.count()])?);
            break;
        } else if !line.starts_with(b"Key-Derivation: ") && !line.starts_with(b"Argon2-") {
            return None;
        }
    }
    if encryption != b"none" {
        // Nothing more can be told without the passphrase.
        return private.map(|_| ENCRYPTED);
    }
    let (public, private, mac) = (base64(&public?)?, base64(&private?)?, mac?);
    let mut covered = Vec::new();
    for part in [algorithm, encryption, comment, &public, &private] {
        covered.extend(u32::try_from(part.len()).ok()?.to_be_bytes());
        covered.extend(part);
    }
    let right = match version {
        b'2' => {
            let key = Sha1::digest(b"putty-private-key-file-mac-key");
            let mut expected = Hmac::<Sha1>::new_from_slice(&key).ok()?;
            expected.update(&covered);
            expected.finalize().into_bytes().as_slice() == mac
        }
        b'3' => {
            let mut expected = Hmac::<Sha256>::new_from_slice(b"").ok()?;
            expected.update(&covered);
            expected.finalize().into_bytes().as_slice() == mac
        }
        _ => return None,
    };
    Some(if right {
        Said::Proven("its MAC is right")
    } else {
        Said::AtMost(DISPROVEN, "its MAC is wrong: a typo or an example")
    })
}

/// So many lines of base64, as one.
fn blob<'t>(lines: &mut impl Iterator<Item = &'t [u8]>, count: &[u8]) -> Option<Vec<u8>> {
    let count: usize = std::str::from_utf8(count).ok()?.trim().parse().ok()?;
    let mut text = Vec::new();
    for _ in 0..count {
        text.extend(lines.next()?.trim_ascii());
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{proves, said};

    fn file(version: u8, mac: &str) -> String {
        format!(
            "PuTTY-User-K~ey-File-{version}: ssh-ed25519\nEncryption: none\nComment: test\nPublic-Lines: 2\n\
             AAAAC3NzaC1lZDI1NTE5AAAAIAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQS\nVTG4\nPriv~ate-Lines: 1\n\
             AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f\nPriv~ate-MAC: {mac}\n"
        )
    }

    const V2: &str = "4195829de8e5f58c0ab7b15f8ecdfd6d188ccff7";
    const V3: &str = "ee36a09adba7fe53e60cb42c272e329f4655271e360f2361662093699ebfd8e8";

    #[test]
    fn macs_prove() {
        assert!(proves(putty, &file(2, V2)));
        assert!(proves(putty, &file(3, V3)));
        assert!(proves(putty, &file(2, V2).replace('\n', "\r\n")));
        assert!(proves(putty, &file(2, V2).replace('\n', "\\n")));
        assert!(proves(putty, &file(2, V2).replace('\n', "\n    ")));
        assert!(proves(
            putty,
            &file(3, V3).replace(V3, &format!("{V3}</key>"))
        ));
        assert!(matches!(said(putty, &file(2, V3)), Said::AtMost(..)));
        assert!(matches!(
            said(putty, &file(2, V2).replace("test", "text")),
            Said::AtMost(..)
        ));
        assert_eq!(said(putty, &file(2, V2)[..200]), UNREADABLE);
        assert_eq!(
            said(putty, &file(2, V2).replace("none", "aes256-cbc")),
            ENCRYPTED
        );
    }

    #[test]
    fn the_rest_of_the_file_is_read() {
        let text = file(2, V2).replace('~', "");
        let (secret, tail) = text.as_bytes().split_at(33);
        let subject = Subject {
            tail,
            ..Subject::bare(secret)
        };
        assert!(matches!(putty(&subject, 0.0), Said::Proven(_)));
    }
}
