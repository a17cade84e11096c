//! Tokens that hold a JSON object in base64, told by its members. Sources: the vendors' clients, which write and read them.

use serde_json::{Map, Value};

use super::encoding::{base64, is_uuid, json_object};
use super::{DISPROVEN, Said, Subject};

type Object = Map<String, Value>;

const PROVEN: Said = Said::Proven("it decodes to JSON with the members that such a token has");

/// For tokens with a prefix that only they have.
const CHANGED: Said = Said::AtMost(
    DISPROVEN,
    "it does not decode to JSON with the members that such a token has: cut off, or an example",
);

/// For tokens that are told from other JSON by their members alone.
const OTHER: Said =
    Said::Rejected("it does not decode to JSON with the members that such a token has");

fn text<'o>(object: &'o Object, name: &str) -> Option<&'o str> {
    object.get(name).and_then(Value::as_str)
}

fn has_texts(object: &Object, names: &[&str]) -> bool {
    names
        .iter()
        .all(|name| text(object, name).is_some_and(|text| !text.is_empty()))
}

/// Sentry's organisation tokens: who issued it and for whom, and 32 bytes behind an underscore.
pub(in crate::check) fn sentry(subject: &Subject<'_>, _: f32) -> Said {
    let parts = subject.secret.strip_prefix(b"sntrys_").and_then(|rest| {
        let cut = rest.iter().rposition(|&byte| byte == b'_')?;
        // The object may be in the URL's alphabet, and the bytes behind it too: they have 43 characters.
        Some((&rest[..cut], &rest[cut + 1..]))
    });
    let right = parts.is_some_and(|(object, bytes)| {
        json_object(object).is_some_and(|object| {
            object.contains_key("iat") && has_texts(&object, &["url", "region_url", "org"])
        }) && base64(bytes).is_some_and(|bytes| bytes.len() == 32)
    });
    if right { PROVEN } else { CHANGED }
}

/// Grafana Cloud's access policy tokens: organisation, name and key.
pub(in crate::check) fn grafana_cloud(subject: &Subject<'_>, _: f32) -> Said {
    let object = subject.secret.strip_prefix(b"glc_").and_then(json_object);
    let right = object.is_some_and(|object| {
        has_texts(&object, &["n", "k"]) && object.contains_key("o") && object.contains_key("m")
    });
    if right { PROVEN } else { CHANGED }
}

/// Grafana's API keys of old: key, name and organisation.
pub(in crate::check) fn grafana_legacy(subject: &Subject<'_>, _: f32) -> Said {
    let right = json_object(subject.secret).is_some_and(|object| {
        has_texts(&object, &["k", "n"]) && object.get("id").is_some_and(Value::is_number)
    });
    if right { PROVEN } else { OTHER }
}

/// Mapbox: user and id between the dots.
pub(in crate::check) fn mapbox(subject: &Subject<'_>, _: f32) -> Said {
    let object = subject.secret.split(|&byte| byte == b'.').nth(1);
    let right = object
        .and_then(json_object)
        .is_some_and(|object| has_texts(&object, &["u", "a"]));
    if right { PROVEN } else { CHANGED }
}

/// Tinybird: user and id between the dots.
pub(in crate::check) fn tinybird(subject: &Subject<'_>, _: f32) -> Said {
    let mut parts = subject.secret.split(|&byte| byte == b'.').skip(1);
    let right = parts
        .next()
        .and_then(json_object)
        .is_some_and(|object| has_texts(&object, &["u", "id"]))
        && parts.next().and_then(base64).is_some();
    if right { PROVEN } else { CHANGED }
}

/// Cloudflare's tunnels: account, tunnel and secret.
pub(in crate::check) fn cloudflare_tunnel(subject: &Subject<'_>, _: f32) -> Said {
    let right = json_object(subject.secret).is_some_and(|object| {
        let account = text(&object, "a").is_some_and(|account| {
            account.len() == 32 && account.bytes().all(|byte| byte.is_ascii_hexdigit())
        });
        let tunnel = text(&object, "t").is_some_and(|tunnel| is_uuid(tunnel.as_bytes()));
        let secret = text(&object, "s").is_some_and(|secret| {
            base64(secret.as_bytes()).is_some_and(|secret| secret.len() >= 16)
        });
        account && tunnel && secret
    });
    if right { PROVEN } else { OTHER }
}

/// 1Password's service accounts: who signs in, and with which key.
pub(in crate::check) fn onepassword(subject: &Subject<'_>, _: f32) -> Said {
    let object = subject.secret.strip_prefix(b"ops_").and_then(json_object);
    let right = object.is_some_and(|object| {
        has_texts(&object, &["email"])
            && object.contains_key("srpX")
            && object.contains_key("muk")
            && text(&object, "secretKey").is_some_and(|key| key.starts_with("A3-"))
    });
    if right { PROVEN } else { CHANGED }
}

/// TeamCity: a header of its own, and an id behind the second dot.
pub(in crate::check) fn teamcity(subject: &Subject<'_>, _: f32) -> Said {
    let mut parts = subject.secret.split(|&byte| byte == b'.');
    let header = parts
        .next()
        .and_then(json_object)
        .is_some_and(|header| text(&header, "typ") == Some("TCV2"));
    let id = parts.nth(1).and_then(base64).is_some_and(|id| is_uuid(&id));
    if header && id { PROVEN } else { CHANGED }
}
