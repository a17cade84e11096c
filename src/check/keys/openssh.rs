//! OpenSSH's own format of private keys. Source: OpenSSH, PROTOCOL.key.

use super::super::primitives::encoding::base64;
use super::armour::Armour;
use super::primitives::curve::{is_ed25519_pair, is_p256_pair};
use super::primitives::der::{is_product, without_zeros};
use super::primitives::wire::Wire;
use super::{DISPROVEN, ENCRYPTED, Said, Subject};

/// What every such key begins with.
pub(super) const MAGIC: &[u8] = b"openssh-key-v1\0";

const UNREADABLE: Said = Said::AtMost(
    DISPROVEN,
    "its body does not decode to an OpenSSH key: cut off, or an example",
);

/// A key in armour, or in bare base64.
pub(in crate::check) fn openssh(subject: &Subject<'_>, _: f32) -> Said {
    let bytes = match Armour::read(subject.secret) {
        Some(armour) => {
            if let Some(rejected) = armour.rejected() {
                return rejected;
            }
            armour.decoded()
        }
        None => {
            let bytes = base64(subject.secret);
            match bytes.as_deref().and_then(Armour::read) {
                Some(armour) => armour.decoded(),
                None => bytes,
            }
        }
    };
    bytes.map_or(UNREADABLE, |bytes| key(&bytes))
}

/// What the bytes of a key say of it.
pub(super) fn key(bytes: &[u8]) -> Said {
    read(bytes).unwrap_or(UNREADABLE)
}

fn read(bytes: &[u8]) -> Option<Said> {
    let mut outer = Wire::new(bytes.strip_prefix(MAGIC)?);
    let cipher = outer.string()?;
    let (kdf, _options) = (outer.string()?, outer.string()?);
    let count = outer.number(4)?;
    let public = outer.string()?;
    if count != 1 {
        // The format allows several keys; nothing writes them.
        return None;
    }
    let private = outer.string()?;
    if cipher != b"none" || kdf != b"none" {
        // The cipher's tag may follow.
        return (private.len() >= 64).then_some(ENCRYPTED);
    }
    if !outer.rest.is_empty() || !private.len().is_multiple_of(8) {
        return None;
    }
    let mut inner = Wire::new(private);
    if inner.number(4)? != inner.number(4)? {
        return Some(Said::AtMost(
            DISPROVEN,
            "its two check numbers are not the same: a typo or an example",
        ));
    }
    let kind = inner.string()?;
    let mut public = Wire::new(public);
    if public.string()? != kind {
        return None;
    }
    let right = match fits(kind, &mut inner, public)? {
        Fit::Yes => Said::Proven("it decodes to a key whose parts fit each other"),
        Fit::No => Said::AtMost(
            DISPROVEN,
            "its public half does not belong to its private one",
        ),
        Fit::Handle => {
            return Some(Said::AtMost(
                super::DOUBTED,
                "it is a handle to a key that never leaves its device",
            ));
        }
        Fit::Unknown => return Some(Said::Passed),
    };
    let _comment = inner.string()?;
    let padded = (1..)
        .zip(inner.rest)
        .all(|(expected, byte)| *byte == expected);
    padded.then_some(right)
}

enum Fit {
    Yes,
    No,
    Handle,
    Unknown,
}

/// Reads a key's fields, and says whether its halves belong together.
fn fits(kind: &[u8], inner: &mut Wire<'_>, mut public: Wire<'_>) -> Option<Fit> {
    let fit = |fits| if fits { Fit::Yes } else { Fit::No };
    Some(match kind {
        b"ssh-ed25519" => {
            let (half, pair) = (inner.string()?, inner.string()?);
            let (seed, copy) = pair.split_at_checked(32)?;
            fit(half == copy && public.string()? == half && is_ed25519_pair(seed, half))
        }
        b"ssh-rsa" => {
            let modulus = inner.string()?;
            for _ in 0..3 {
                inner.string()?;
            }
            let (p, q) = (inner.string()?, inner.string()?);
            let _exponent = public.string()?;
            fit(public.string()? == modulus
                && is_product(without_zeros(p), without_zeros(q), without_zeros(modulus)))
        }
        b"ecdsa-sha2-nistp256" | b"ecdsa-sha2-nistp384" | b"ecdsa-sha2-nistp521" => {
            let (curve, point) = (inner.string()?, inner.string()?);
            let private = without_zeros(inner.string()?);
            let same = public.string()? == curve && public.string()? == point;
            let halves = match point {
                [0x04, point @ ..] if curve == b"nistp256" && point.len() == 64 => {
                    let mut number = [0; 32];
                    let from = 32_usize.checked_sub(private.len())?;
                    number[from..].copy_from_slice(private);
                    is_p256_pair(&number, point.first_chunk()?, point.last_chunk()?)
                }
                _ => !private.is_empty(),
            };
            fit(same && halves)
        }
        b"ssh-dss" => {
            for _ in 0..5 {
                inner.string()?;
            }
            Fit::Yes
        }
        _ if kind.starts_with(b"sk-") => Fit::Handle,
        _ => Fit::Unknown,
    })
}
