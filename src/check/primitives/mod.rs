//! What several checks are made of: encodings, checksums, DER, and a little arithmetic. Each function is total: whatever the
//! bytes, it answers without a panic and within time that its input's length bounds.

pub(crate) mod base58;
pub(crate) mod checksums;
pub(crate) mod curve;
pub(crate) mod der;
pub(crate) mod digits;
pub(crate) mod encoding;
pub(crate) mod wire;
