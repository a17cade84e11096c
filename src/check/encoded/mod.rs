//! Tokens that are something in base64: JSON with known members, or parts with a sign between them. What decodes to exactly
//! that is no accident.

mod jwk;
mod jwt;
mod members;
mod parts;
mod paseto;

pub(super) use jwk::jwk;
pub(super) use jwt::{jwe, jwt};
pub(super) use members::{
    cloudflare_tunnel, grafana_cloud, grafana_legacy, mapbox, onepassword, sentry, teamcity,
    tinybird,
};
pub(super) use parts::{
    atlassian_dc, base64_bytes, bedrock, elasticsearch, intercom, jfrog, ngc, ses, vault,
};
pub(super) use paseto::paseto;

use super::primitives::encoding;
use super::{DISPROVEN, DOUBTED, Said, Subject};
