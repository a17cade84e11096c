//! Keys in files and in armour: what stands between the lines must decode to a key, and its parts must fit each other. What cannot
//! be read is documentation; what has a passphrase is a finding, but a lesser one.

mod armour;
mod der_key;
mod key_body;
mod openssh;
mod pgp;
mod putty;
mod raw;

pub(super) use der_key::{pem, pkcs12};
pub(super) use key_body::key_body;
pub(super) use openssh::openssh;
pub(super) use pgp::pgp;
pub(super) use putty::putty;
pub(super) use raw::{vapid, wireguard, wpa_psk};

use super::{DISPROVEN, DOUBTED, Said, Subject, entropy, not_placeholder, primitives};

const NO_BODY: Said = Said::Rejected("it has no body");

const ENCRYPTED: Said = Said::AtMost(DOUBTED, "it has a passphrase");
