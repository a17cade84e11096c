//! Credentials of HTTP's basic scheme: base64 of a user, a colon and a password. Source: RFC 7617, section 2.

use data_encoding::{BASE64, BASE64_NOPAD};

use super::{Check, Said, Subject, not_placeholder, not_reference};
use crate::rules::CheckKind;

pub(super) const CHECK: Check = Check {
    kind: CheckKind::BasicAuth,
    run,
};

/// Rejects what does not decode to a user and a password, and passwords that are placeholders.
fn run(subject: &Subject<'_>, _: f32) -> Said {
    let text = subject.secret;
    let Ok(decoded) = BASE64.decode(text).or_else(|_| BASE64_NOPAD.decode(text)) else {
        return Said::Rejected("it is not base64");
    };
    let Some(colon) = memchr::memchr(b':', &decoded) else {
        return Said::Rejected("it decodes to no user and password");
    };
    if decoded.starts_with(b"{\"") {
        return Said::Rejected("it decodes to JSON: the head of a token");
    }
    let password = &decoded[colon + 1..];
    let printable =
        std::str::from_utf8(&decoded).is_ok_and(|text| !text.chars().any(char::is_control));
    if password.is_empty() || !printable {
        return Said::Rejected("it decodes to no user and password");
    }
    if not_placeholder::is_placeholder(password) || not_reference::is_reference(password, true) {
        return Said::Rejected("its password is a placeholder");
    }
    Said::Passed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_and_a_password_pass() {
        let said = |text: &str| {
            run(
                &Subject::bare(BASE64.encode(text.as_bytes()).as_bytes()),
                0.0,
            )
        };
        assert_eq!(said("deploy:k3Jx9-vQ2m"), Said::Passed);
        assert_eq!(
            said("deploy:<password>"),
            Said::Rejected("its password is a placeholder")
        );
        assert_eq!(
            said("deploy:"),
            Said::Rejected("it decodes to no user and password")
        );
        assert_eq!(
            said(r#"{"alg":"HS256"}"#),
            Said::Rejected("it decodes to JSON: the head of a token")
        );
        assert_eq!(
            said("nothing"),
            Said::Rejected("it decodes to no user and password")
        );
        assert_eq!(
            run(&Subject::bare(b"not base64!"), 0.0),
            Said::Rejected("it is not base64")
        );
    }
}
