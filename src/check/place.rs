//! Hexadecimal values that their place tells: the digest of a file in a list of files, as lock files and manifests have them,
//! and a revision in the address of a file. This check runs on every secret; no rule needs to name it.

use super::{Said, Subject};

/// How many hexadecimal digits the digests have that are in use.
const DIGESTS: &[usize] = &[32, 40, 56, 64, 96, 128];

/// The longest path that is looked at, in bytes.
const LONGEST_PATH: usize = 300;

/// The longest extension of a file's name.
const LONGEST_EXTENSION: usize = 12;

/// What comes before a revision in the address of a file.
const BEFORE_REVISION: &[&[u8]] = &[
    b"/blob/",
    b"/blame/",
    b"/tree/",
    b"/commit/",
    b"/commits/",
    b"/raw/",
    b"/compare/",
    b"/archive/",
    b"/rev/",
];

/// Rejects digests and revisions.
pub(super) fn judge(subject: &Subject<'_>) -> Said {
    if !is_digest(subject.secret) {
        Said::Passed
    } else if follows_a_path(subject.head)
        || (is_before_a_path(subject.after) && !is_given(subject.head))
    {
        Said::Rejected("it is the digest of a file in a list")
    } else if BEFORE_REVISION
        .iter()
        .any(|before| subject.head.ends_with(before))
    {
        Said::Rejected("it is a revision in an address")
    } else {
        Said::Passed
    }
}

fn is_digest(value: &[u8]) -> bool {
    DIGESTS.contains(&value.len()) && value.iter().all(u8::is_ascii_hexdigit)
}

/// `"src/key.rs": "` before the value.
fn follows_a_path(head: &[u8]) -> bool {
    let head = &head[head.len().saturating_sub(LONGEST_PATH)..];
    let Some((quote @ (b'"' | b'\''), rest)) = head.split_last() else {
        return false;
    };
    let Some(rest) = rest.trim_ascii_end().strip_suffix(b":") else {
        return false;
    };
    let Some(rest) = rest.trim_ascii_end().strip_suffix(&[*quote]) else {
        return false;
    };
    memchr::memrchr(*quote, rest).is_some_and(|open| is_path(&rest[open + 1..], true))
}

/// Whether the value is given to something: such a line is no line of a list of digests.
fn is_given(head: &[u8]) -> bool {
    matches!(
        head.trim_ascii_end().last(),
        Some(b'=' | b':' | b'"' | b'\'')
    )
}

/// `  src/key.rs` or ` *key.rs` behind the value, as the programs print it that compute digests.
fn is_before_a_path(after: &[u8]) -> bool {
    let [b' ', b' ' | b'*', path @ ..] = after else {
        return false;
    };
    let end = path
        .iter()
        .position(u8::is_ascii_whitespace)
        .unwrap_or(path.len());
    is_path(&path[..end], false)
}

/// Whether a text is the path of a file with an extension, in a folder if it must be.
fn is_path(text: &[u8], in_folder: bool) -> bool {
    let folder = memchr::memrchr(b'/', text);
    let file = folder.map_or(text, |slash| &text[slash + 1..]);
    let extension = memchr::memrchr(b'.', file).map_or(&b""[..], |dot| &file[dot + 1..]);
    (folder.is_some() || !in_folder)
        && (1..=LONGEST_EXTENSION).contains(&extension.len())
        && extension.iter().all(u8::is_ascii_alphanumeric)
        && !text.iter().any(u8::is_ascii_whitespace)
        && memchr::memmem::find(text, b"://").is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGEST: &[u8] = b"8f1c0e5a7d92648d1f0c5b7a92e46d3b8f1c0e5a";

    fn said(head: &'static str, after: &'static str) -> Said {
        judge(&Subject {
            head: head.as_bytes(),
            after: after.as_bytes(),
            ..Subject::bare(DIGEST)
        })
    }

    #[test]
    fn digests_in_lists_and_revisions_in_addresses_are_no_secrets() {
        for (head, after) in [
            (r#""files":{"tests/private_key.der":""#, "\""),
            ("'lib/auth.a' : '", "'"),
            ("secret_key ", "  dist/secret_key.tar.gz\n"),
            ("", " *key.bin"),
            ("see https://host.example/acme/blob/", "/src/key.c"),
        ] {
            assert!(matches!(said(head, after), Said::Rejected(_)), "{head}");
        }
    }

    #[test]
    fn values_of_names_and_in_addresses_pass() {
        for (head, after) in [
            (r#"{"private_key": ""#, "\""),
            (r#"{"app.key": ""#, "\""),
            (r#"{"https://host.example/a.b": ""#, "\""),
            (r#"{"kv/api_key": ""#, "\""),
            ("key = '", "'  # see it.md"),
            ("api_key: ", "  config.yaml"),
            ("https://api.acme.example/v1/", "/items.json"),
        ] {
            assert_eq!(said(head, after), Said::Passed, "{head}");
        }
        assert_eq!(judge(&Subject::bare(b"k3Jx9vQ2m")), Said::Passed);
    }
}
