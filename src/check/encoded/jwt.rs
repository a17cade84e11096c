//! JSON Web Tokens, signed and encrypted: a header that is JSON and names an algorithm, and parts as long as that makes them.
//! Sources: RFC 7515 section 4 and appendix A, RFC 7516 section 3, RFC 7797, RFC 7518.

use serde_json::{Map, Value};

use super::encoding::{base64, json_object};
use super::{DISPROVEN, DOUBTED, Said, Subject};

/// The least bytes of an RSA signature: a key of 1024 bits.
const SHORTEST_RSA: usize = 128;

/// The most bytes of an RSA signature: a key of 16,384 bits.
const LONGEST_RSA: usize = 2048;

/// Rejects what has no JSON header with `alg`; a token without a signature, or whose signature's length does not fit its
/// algorithm, is a documentation sample more often than not. Whether it has expired is not asked: that would make the answer
/// depend on the day.
pub(in crate::check) fn jwt(subject: &Subject<'_>, _: f32) -> Said {
    let mut parts = subject.secret.split(|&byte| byte == b'.');
    let (Some(header), Some(payload)) = (parts.next().and_then(header), parts.next()) else {
        return Said::Rejected("its first part is not a JSON object");
    };
    let Some(algorithm) = header.get("alg").and_then(Value::as_str) else {
        return Said::Rejected("its header names no algorithm");
    };
    let any_payload = header.get("b64") == Some(&Value::Bool(false)) || header.contains_key("cty");
    if !any_payload && json_object(payload).is_none() {
        return Said::AtMost(DISPROVEN, "its second part is not a JSON object");
    }
    let signature = parts.next().unwrap_or_default();
    if signature.is_empty() {
        return Said::AtMost(DISPROVEN, "it is not signed");
    }
    let length = base64(signature).map_or(0, |bytes| bytes.len());
    if is_signature(algorithm, length) {
        Said::Proven(
            "its header and claims are JSON, and its signature is as long as its algorithm makes it",
        )
    } else {
        // Somebody cut or changed it, or the algorithm is used in a way of its own; header and claims are real all the same.
        Said::AtMost(
            DOUBTED,
            "its signature is not as long as its algorithm makes it",
        )
    }
}

fn is_signature(algorithm: &str, length: usize) -> bool {
    match algorithm {
        "HS256" => length == 32,
        "HS384" => length == 48,
        "HS512" | "ES256" | "ES256K" => length == 64,
        // Ed25519 or Ed448.
        "EdDSA" => matches!(length, 64 | 114),
        "Ed25519" => length == 64,
        "ES384" => length == 96,
        "ES512" => length == 132,
        "RS256" | "RS384" | "RS512" | "PS256" | "PS384" | "PS512" => {
            (SHORTEST_RSA..=LONGEST_RSA).contains(&length)
        }
        _ => length >= 32,
    }
}

/// Five parts: a header that names how the content is encrypted, the key, the nonce, the content and its tag.
pub(in crate::check) fn jwe(subject: &Subject<'_>, _: f32) -> Said {
    let parts: Vec<&[u8]> = subject.secret.splitn(6, |&byte| byte == b'.').collect();
    let Some(header) = parts.first().copied().and_then(header) else {
        return Said::Rejected("its first part is not a JSON object");
    };
    if !["alg", "enc"]
        .iter()
        .all(|name| header.get(*name).is_some_and(Value::is_string))
    {
        return Said::Rejected("its header does not name how it is encrypted");
    }
    let [_, key, nonce, content, tag] = parts[..] else {
        return Said::AtMost(DISPROVEN, "it has not five parts");
    };
    let length = |part: &[u8]| base64(part).map(|bytes| bytes.len());
    let fits = length(key).is_some()
        && length(content).is_some_and(|length| length > 0)
        && matches!(length(nonce), Some(12 | 16 | 24))
        && matches!(length(tag), Some(16 | 24 | 32));
    if fits {
        Said::Proven("its header is JSON, and its parts are as long as encryption makes them")
    } else {
        Said::AtMost(
            DISPROVEN,
            "its parts are not as long as encryption makes them",
        )
    }
}

/// The first part's object; what a vendor puts before it does not count, as in `ghs_123_eyJ…`.
fn header(part: &[u8]) -> Option<Map<String, Value>> {
    // `{"`, `{ "`, and `{` before a line's end.
    let begin = ["eyJ", "eyA", "ewo", "ewk", "ew0"]
        .iter()
        .filter_map(|start| memchr::memmem::find(part, start.as_bytes()))
        .min()?;
    json_object(&part[begin..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{proves, said};

    #[test]
    fn a_header_that_names_its_algorithm_proves() {
        let signed = "ey~JhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJkZW1vIiwiaWF0IjoxNzAwMDAwMDAwfQ.2l2y0rkOEnMHc8ZZta7Y_foR1UnjC4uv0DJJft2TfP0";
        assert!(proves(jwt, signed));
        assert!(proves(jwt, &format!("gh~s_12_{signed}")));
        let unsigned = &signed[..signed.rfind('.').unwrap()];
        for (token, limit, why) in [
            (
                &signed[..signed.len() - 4],
                DOUBTED,
                "its signature is not as long as its algorithm makes it",
            ),
            (unsigned, DISPROVEN, "it is not signed"),
        ] {
            assert_eq!(said(jwt, token), Said::AtMost(limit, why));
        }
        assert_eq!(
            said(jwt, &signed.replacen("J9", "", 1)),
            Said::Rejected("its first part is not a JSON object")
        );
        assert_eq!(
            said(jwt, "e30.e30.x"),
            Said::Rejected("its first part is not a JSON object")
        );
        assert_eq!(
            said(jwt, "eyJhIjoxfQ.e30.x"),
            Said::Rejected("its header names no algorithm")
        );
    }

    #[test]
    fn payloads_that_need_not_be_json_need_not() {
        // {"alg":"HS256","b64":false,"crit":["b64"]}, as in RFC 7797.
        let text = "ey~JhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19.$.02.A5dxf2s96_n5FLueVuW1Z_vh161FwXZC4YLPff6dmDY";
        assert_ne!(
            said(jwt, text),
            Said::Rejected("its first part is not a JSON object")
        );
        let text = "ey~JhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..A5dxf2s96_n5FLueVuW1Z_vh161FwXZC4YLPff6dmDY";
        assert!(proves(jwt, text));
    }

    #[test]
    fn pretty_headers_count() {
        // {\n  "alg": "HS256"\n}
        let text = "ew~ogICJhbGciOiAiSFMyNTYiCn0.eyJzdWIiOiJkZW1vIn0.2l2y0rkOEnMHc8ZZta7Y_foR1UnjC4uv0DJJft2TfP0";
        assert!(proves(jwt, text));
    }

    #[test]
    fn encrypted_tokens_have_five_parts() {
        // The example of RFC 7516, appendix A.1, with a shorter key.
        let text = "ey~JhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.OKOawDo13gRp2ojaHV7LFpZcgV7T6DVZKTyKOMTYUmKoTCVJRgckCL9kiMT03JGe.48V1_ALb6US04U3b.5eym8TW_c8SuK0ltJ3rpYIzOeDQz7TALvtu6UG9oMo4vpzs9tX_EFShS8iB7j6ji.XFBoMYUZodetZdvTiFvSkQ";
        assert!(proves(jwe, text));
        assert!(matches!(
            said(jwe, &text[..text.len() - 9]),
            Said::AtMost(..)
        ));
        assert!(matches!(
            said(jwe, &text[..text.rfind('.').unwrap()]),
            Said::AtMost(..)
        ));
        assert!(matches!(said(jwe, "eyJhIjoxfQ.a.b.c.d"), Said::Rejected(_)));
    }
}
