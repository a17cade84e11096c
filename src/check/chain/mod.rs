//! Keys of ledgers and of what grew up beside them: base 58, bech32, base 32 with a checksum, and seeds written as words. None of
//! them exists without its checksum, so that a wrong one rejects.

mod base58;
mod base58check;
mod bech32;
mod mnemonics;
mod seeds;

pub(super) use base58::{eos, near, solana, tezos, xrp};
pub(super) use base58check::base58check;
pub(super) use bech32::bech32;
pub(super) use mnemonics::{algorand, bip39, electrum, monero};
pub(super) use seeds::{nkey, secp256k1, stellar};

use super::primitives;
use super::{DOUBTED, Said, Subject};
