//! A commit's message as git will keep it: without the comments and the part below the scissors that its editor showed.

use withhold::source::MessageCleanup;

/// What stands behind the comment's sign in the line below which nothing is kept.
const SCISSORS: &str = " ------------------------ >8 ------------------------";

/// The signs that git chooses from where it chooses by the message.
const CHOSEN: &[u8] = b"#;@!$%^&|:";

/// The text with empty lines in place of what git will not keep, so that the others keep their numbers. Where git cannot be
/// sure to drop a line it stays. `edited` tells whether somebody wrote the message in an editor, in which git showed comments.
pub(super) fn kept(text: &[u8], cleanup: &MessageCleanup, edited: bool) -> Vec<u8> {
    let comments = match cleanup.mode.as_deref() {
        Some("verbatim" | "whitespace" | "scissors") => false,
        Some("strip") => true,
        _ => edited,
    };
    let sign = match &cleanup.comment {
        Some(sign) => sign.clone().into_bytes(),
        None => vec![chosen(text)],
    };
    let scissors = [&sign, SCISSORS.as_bytes()].concat();
    let mut kept = Vec::with_capacity(text.len());
    for line in text.split_inclusive(|&byte| byte == b'\n') {
        let words = line.trim_ascii_end();
        if edited && words == scissors {
            break;
        }
        match comments && line.starts_with(&sign) {
            true => kept.push(b'\n'),
            false => kept.extend_from_slice(line),
        }
    }
    kept
}

/// The sign that git chose: its comments are the last thing in the text.
fn chosen(text: &[u8]) -> u8 {
    let mut lines = text.split(|&byte| byte == b'\n').rev();
    let last = lines.find(|line| !line.trim_ascii().is_empty());
    last.and_then(|line| line.first().copied())
        .filter(|sign| CHOSEN.contains(sign))
        .unwrap_or(b'#')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleanup(comment: Option<&str>, mode: Option<&str>) -> MessageCleanup {
        MessageCleanup {
            comment: comment.map(str::to_owned),
            mode: mode.map(str::to_owned),
        }
    }

    const TEXT: &str =
        "one\n# two\nthree\n# ------------------------ >8 ------------------------\n# x\n-four\n";

    #[test]
    fn what_the_editor_showed_is_dropped() {
        let of = |mode, edited| {
            let kept = kept(TEXT.as_bytes(), &cleanup(Some("#"), mode), edited);
            String::from_utf8(kept).unwrap()
        };
        assert_eq!(of(None, true), "one\n\nthree\n");
        assert_eq!(of(Some("scissors"), true), "one\n# two\nthree\n");
        assert_eq!(of(Some("whitespace"), true), "one\n# two\nthree\n");
        // Given on the command line, all of it stays unless the configuration strips it.
        assert_eq!(of(None, false), TEXT);
        assert!(of(Some("strip"), false).ends_with("\n\n\n-four\n"));
    }

    #[test]
    fn the_sign_may_be_another_and_git_may_choose_it() {
        let text = b"one\n#two\n; three\n;\n";
        assert_eq!(
            kept(text, &cleanup(Some(";"), None), true),
            b"one\n#two\n\n\n"
        );
        assert_eq!(kept(text, &cleanup(None, None), true), b"one\n#two\n\n\n");
        assert_eq!(kept(b"// x\ny", &cleanup(Some("//"), None), true), b"\ny");
    }
}
