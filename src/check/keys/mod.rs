//! Keys in files and in armour: what stands between the lines must decode to a key, and its parts must fit each other. What cannot
//! be read is documentation; what has a passphrase is a finding, but a lesser one.

mod armour;
mod der_key;
mod key_body;
mod openssh;
mod pgp;
mod putty;
mod raw;

pub(super) use der_key::pkcs12;
pub(super) use key_body::key_body;
pub(super) use putty::putty;
pub(super) use raw::{vapid, wireguard, wpa_psk};

use super::{DISPROVEN, DOUBTED, Said, Subject, entropy, not_placeholder, primitives};

const NO_BODY: Said = Said::Rejected("it has no body");

const ENCRYPTED: Said = Said::AtMost(DOUBTED, "it has a passphrase");

/// From so many characters on, a body that looks random is more than an example, even if it cannot be read as a key.
const LONG_BODY: usize = 160;

/// What random base64 has at least, in bits a character, at that length.
const RANDOM: f32 = 5.0;

/// A key in PEM armour.
pub(super) fn pem(subject: &Subject<'_>, parameter: f32) -> Said {
    doubted(subject, der_key::pem(subject, parameter))
}

/// A key in OpenSSH's own format.
pub(super) fn openssh(subject: &Subject<'_>, parameter: f32) -> Said {
    doubted(subject, openssh::openssh(subject, parameter))
}

/// An OpenPGP key.
pub(super) fn pgp(subject: &Subject<'_>, parameter: f32) -> Said {
    doubted(subject, pgp::pgp(subject, parameter))
}

/// A key that cannot be read, or whose parts do not fit, but has the length and the look of one, is doubted and reported: it may be
/// of a kind that is not known here, or have lost a line. Toys and stubs are not.
fn doubted(subject: &Subject<'_>, said: Said) -> Said {
    match said {
        Said::AtMost(DISPROVEN, why)
            if said != der_key::TOO_SHORT && looks_whole(subject.secret) =>
        {
            Said::AtMost(DOUBTED, why)
        }
        _ => said,
    }
}

/// Whether what stands between the lines is long, without gaps, and as mixed as a key.
fn looks_whole(secret: &[u8]) -> bool {
    let Some(armour) = armour::Armour::read(secret) else {
        return false;
    };
    let dots = armour.body.windows(3).any(|three| three == b"...");
    armour.body.len() >= LONG_BODY && !dots && entropy::bits_per_byte(&armour.body) >= RANDOM
}
