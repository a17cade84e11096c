//! The text of a secret, in a type that cannot print it. Knows no format.

use std::fmt;

use sha2::{Digest, Sha256};

/// How many characters of a long secret a mask may show after a prefix that is public anyway. Two characters of a
/// 64-letter alphabet are the 12 bits that a report may give away.
const SHOWN: usize = 2;

/// Secrets shorter than this are masked whole: of a password every character counts.
const LONG: usize = 20;

/// A secret's bytes. It has no `Display` and no `Serialize`, and its `Debug` tells only the length.
#[derive(Clone, Copy)]
pub struct Secret<'a>(&'a [u8]);

impl<'a> Secret<'a> {
    /// Wraps the bytes of a secret.
    pub const fn new(bytes: &'a [u8]) -> Secret<'a> {
        Secret(bytes)
    }

    /// What a report may show: `prefix` if the secret begins with it, two characters more of a long one, and stars.
    /// The stars do not tell the length.
    pub fn masked(self, prefix: &[u8]) -> String {
        if self.0.is_empty() {
            return String::new();
        }
        let public = if self.0.len() >= LONG && self.0.starts_with(prefix) {
            prefix.len()
        } else {
            0
        };
        // Of a secret that is long by its prefix alone, too little is left to show any.
        let shown = if self.0.len() >= LONG + public {
            public + SHOWN
        } else {
            public
        };
        let shown = &self.0[..shown.min(self.0.len())];
        // Of what begins with punctuation, such as armour, two characters tell nothing.
        let shown = if public == 0 && !self.0[0].is_ascii_alphanumeric() {
            b""
        } else {
            shown
        };
        let text: String = shown
            .iter()
            .take_while(|byte| byte.is_ascii_graphic())
            .map(|&byte| char::from(byte))
            .collect();
        text + "****"
    }

    /// Twelve bits of the secret's SHA-256: enough to tell a changed secret from the old one with probability
    /// 4095/4096, too few to guess it by.
    pub fn twelve_bits(self) -> u16 {
        let digest = Sha256::digest(self.0);
        u16::from_be_bytes([digest[0], digest[1]]) & 0x0fff
    }
}

impl fmt::Debug for Secret<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({} bytes)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_shows_the_public_prefix_and_two_characters() {
        let classic = "gh~p_a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6q7r8".replace('~', "");
        assert_eq!(
            Secret::new(classic.as_bytes()).masked(b"ghp_"),
            "ghp_a1****"
        );
        assert_eq!(Secret::new(classic.as_bytes()).masked(b""), "gh****");
    }

    #[test]
    fn a_short_secret_shows_nothing() {
        assert_eq!(Secret::new(b"hunter2").masked(b""), "****");
        assert_eq!(Secret::new(b"hunter2").masked(b"hun"), "****");
        assert_eq!(Secret::new(b"").masked(b""), "");
    }

    #[test]
    fn debug_does_not_tell() {
        assert_eq!(format!("{:?}", Secret::new(b"hunter2")), "Secret(7 bytes)");
    }

    #[test]
    fn control_bytes_never_reach_a_mask() {
        assert_eq!(
            Secret::new(b"\x1b]52;c;aaaaaaaaaaaaaaaaaaaaaa").masked(b""),
            "****"
        );
    }
}
