//! Base64 of a text, as FileZilla, Kubernetes and Windows' answer files write passwords. It hides nothing. Source: RFC 4648,
//! sections 4 and 5.

use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD};

use super::{Check, Said, Subject, not_placeholder, not_template};
use crate::rules::CheckKind;

pub(super) const CHECK: Check = Check {
    kind: CheckKind::Base64Text,
    run,
};

/// Rejects what does not decode to a text, and what decodes to a placeholder or a template.
fn run(subject: &Subject<'_>, _: f32) -> Said {
    let encodings = [BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD];
    let decoded = encodings
        .iter()
        .find_map(|encoding| encoding.decode(subject.secret).ok());
    let Some(decoded) = decoded else {
        return Said::Rejected("it is not base64");
    };
    let decoded = narrow(decoded);
    let is_text = |text: &str| {
        let odd = |letter: char| letter.is_control() && !letter.is_whitespace();
        !text.contains(odd)
    };
    if !std::str::from_utf8(&decoded).is_ok_and(is_text) {
        return Said::Rejected("it decodes to no text");
    }
    let text = decoded.trim_ascii();
    if not_placeholder::is_placeholder(text) || not_template::is_template(text) {
        Said::Rejected("it decodes to a placeholder")
    } else {
        Said::Passed
    }
}

/// ASCII that was written as UTF-16, least significant byte first, as ASCII; anything else as it is.
fn narrow(text: Vec<u8>) -> Vec<u8> {
    let (pairs, rest) = text.as_chunks::<2>();
    if pairs.is_empty() || !rest.is_empty() || pairs.iter().any(|pair| pair[1] != 0) {
        return text;
    }
    pairs.iter().map(|pair| pair[0]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_told_from_other_bytes() {
        let said = |text: &str| run(&Subject::bare(text.as_bytes()), 0.0);
        let encoded = |bytes: &[u8]| run(&Subject::bare(BASE64.encode(bytes).as_bytes()), 0.0);
        assert_eq!(encoded(b"k3Jx9-vQ2m"), Said::Passed);
        assert_eq!(encoded("pä9!kQ\n".as_bytes()), Said::Passed);
        assert_eq!(encoded(b"k\x003\0J\0x\x009\0"), Said::Passed);
        assert_eq!(said("azNKeDktdlEybQ"), Said::Passed);
        assert_eq!(
            encoded(b"changeme"),
            Said::Rejected("it decodes to a placeholder")
        );
        assert_eq!(
            encoded(b"{{ password }}"),
            Said::Rejected("it decodes to a placeholder")
        );
        assert_eq!(said("frontend"), Said::Rejected("it decodes to no text"));
        assert_eq!(said("no base64"), Said::Rejected("it is not base64"));
    }
}
