//! JSON Web Tokens: a header that is JSON and names an algorithm. Source: RFC 7515, section 4 and appendix A.

use data_encoding::BASE64URL_NOPAD;
use serde_json::Value;

use super::{Check, DISPROVEN, Said, Subject};
use crate::rules::CheckKind;

pub(super) const CHECK: Check = Check {
    kind: CheckKind::Jwt,
    run,
};

/// Rejects what has no JSON header with `alg`; a token without a signature, or whose signature's length does not fit its
/// algorithm, is a documentation sample more often than not.
fn run(subject: &Subject<'_>, _: f32) -> Said {
    let mut parts = subject.secret.split(|&byte| byte == b'.');
    let (Some(header), Some(payload)) = (parts.next().and_then(json), parts.next()) else {
        return Said::Rejected("its first part is not a JSON object");
    };
    let Some(algorithm) = header.get("alg").and_then(Value::as_str) else {
        return Said::Rejected("its header names no algorithm");
    };
    let signature = parts.next().unwrap_or_default();
    let expected = match algorithm {
        "HS256" => 32,
        "HS384" => 48,
        "HS512" | "ES256" | "EdDSA" => 64,
        "ES384" => 96,
        "ES512" => 132,
        // RSA signatures are as long as their keys.
        _ => 0,
    };
    let length = BASE64URL_NOPAD
        .decode_len(signature.len())
        .unwrap_or_default();
    let plausible = if expected > 0 {
        length == expected
    } else {
        length >= 32
    };
    if plausible && json(payload).is_some() {
        Said::Proven
    } else {
        Said::AtMost(DISPROVEN)
    }
}

fn json(part: &[u8]) -> Option<Value> {
    let decoded = BASE64URL_NOPAD.decode(part).ok()?;
    serde_json::from_slice::<Value>(&decoded)
        .ok()
        .filter(Value::is_object)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(token: &str) -> Said {
        run(&Subject::bare(token.replace('~', "").as_bytes()), 0.0)
    }

    #[test]
    fn a_header_that_names_its_algorithm_proves() {
        let signed = "ey~JhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJkZW1vIiwiaWF0IjoxNzAwMDAwMDAwfQ.2l2y0rkOEnMHc8ZZta7Y_foR1UnjC4uv0DJJft2TfP0";
        assert_eq!(said(signed), Said::Proven);
        assert_eq!(said(&signed[..signed.len() - 4]), Said::AtMost(DISPROVEN));
        assert_eq!(
            said(&signed.replacen("J9", "", 1)),
            Said::Rejected("its first part is not a JSON object")
        );
        assert_eq!(
            said("e30.e30.x"),
            Said::Rejected("its header names no algorithm")
        );
    }
}
