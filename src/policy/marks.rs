//! Marks that a text carries to say that a finding may go: `withhold:allow RULE-OR-* reason` in a comment of any syntax on the
//! finding's line, or on a comment line of its own above it; other scanners' marks on the finding's line. They are looked for
//! only once something was found.

use crate::model::{Suppression, ViewRange};

/// Our own mark.
pub(super) const OURS: &str = "withhold:allow";

/// Other scanners' marks; they have no place for a reason.
const FOREIGN: [&str; 2] = ["gitleaks:allow", "pragma: allowlist secret"];

/// How far to each side of a finding its line is looked at, in bytes: a minified bundle is one line, and a mark at its
/// other end is about something else.
const LONGEST_LINE: usize = 4096;

/// The mark, if any, that lets a finding of `rule` at `at` go.
pub(super) fn for_rule(text: &[u8], at: ViewRange, rule: &str) -> Option<Suppression> {
    let floor = at.start.saturating_sub(LONGEST_LINE);
    let before = &text[floor..at.start];
    let line_start = memchr::memrchr(b'\n', before).map_or(floor, |newline| floor + newline + 1);
    let line_end = memchr::memchr(
        b'\n',
        &text[at.start..text.len().min(at.start + LONGEST_LINE)],
    );
    let line_end = line_end.map_or(text.len().min(at.start + LONGEST_LINE), |newline| {
        at.start + newline
    });
    let line = &text[line_start..line_end];
    ours(line, rule).or_else(|| foreign(line)).or_else(|| {
        let above_end = line_start.checked_sub(1)?;
        let above_floor = above_end.saturating_sub(LONGEST_LINE);
        let above = &text[above_floor..above_end];
        let above = above.rsplit(|&byte| byte == b'\n').next().unwrap_or(above);
        // A mark behind other text is about that text.
        let mark = memchr::memmem::find(above, OURS.as_bytes())?;
        let alone = above[..mark]
            .iter()
            .all(|byte| !byte.is_ascii_alphanumeric())
            || above.trim_ascii_start().starts_with(b"REM ");
        if alone { ours(above, rule) } else { None }
    })
}

fn ours(line: &[u8], rule: &str) -> Option<Suppression> {
    memchr::memmem::find_iter(line, OURS.as_bytes()).find_map(|at| {
        let after = String::from_utf8_lossy(&line[at + OURS.len()..]);
        let after = without_comment_end(&after);
        let (rules, reason) = after.split_once(char::is_whitespace).unwrap_or((after, ""));
        let names_rule =
            rules.is_empty() || rules.split(',').any(|name| name == "*" || name == rule);
        names_rule.then(|| Suppression::Mark {
            mark: OURS,
            reason: reason.trim().to_owned(),
        })
    })
}

fn foreign(line: &[u8]) -> Option<Suppression> {
    let mark = FOREIGN
        .iter()
        .find(|mark| memchr::memmem::find(line, mark.as_bytes()).is_some())?;
    Some(Suppression::Mark {
        mark,
        reason: "the other scanner's mark has no place for a reason".to_owned(),
    })
}

/// What stands before the end of the comment that the mark is in.
fn without_comment_end(text: &str) -> &str {
    let ends = ["*/", "-->", "--%>", "%>", "#}", "--}}", "=#", "|#"];
    let end = ends
        .iter()
        .filter_map(|end| text.find(end))
        .min()
        .unwrap_or(text.len());
    text[..end].trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(text: &str) -> Option<String> {
        let at = text.find("SECRET").unwrap();
        match for_rule(text.as_bytes(), ViewRange::new(at, at + 6), "acme-key")? {
            Suppression::Mark { reason, .. } => Some(reason),
            Suppression::Path { .. } => None,
        }
    }

    #[test]
    fn a_mark_counts_in_any_comment_on_the_line_or_above_it() {
        for text in [
            "k = SECRET # withhold:allow acme-key made up",
            "k = SECRET // withhold:allow * made up",
            "<k>SECRET</k> <!-- withhold:allow other-rule,acme-key made up -->",
            "/* withhold:allow acme-key made up */ k = SECRET",
            "# withhold:allow acme-key made up\nk = SECRET",
            "  <!-- withhold:allow acme-key made up -->\r\nk = SECRET",
        ] {
            assert_eq!(reason(text).as_deref(), Some("made up"), "{text}");
        }
    }

    #[test]
    fn a_mark_for_another_rule_or_another_line_does_not_count() {
        for text in [
            "k = SECRET # withhold:allow other-rule made up",
            "a = 1 # withhold:allow acme-key made up\nk = SECRET",
            "# withhold:allow acme-key made up\n\nk = SECRET",
            "k = SECRET\n# withhold:allow acme-key made up",
        ] {
            assert_eq!(reason(text), None, "{text}");
        }
    }

    #[test]
    fn a_mark_without_a_reason_is_empty_and_foreign_marks_count() {
        assert_eq!(
            reason("k = SECRET # withhold:allow acme-key").as_deref(),
            Some("")
        );
        assert_eq!(reason("k = SECRET # withhold:allow").as_deref(), Some(""));
        assert!(reason("k = SECRET # gitleaks:allow").is_some());
        assert!(reason("k = SECRET # pragma: allowlist secret").is_some());
        assert!(reason("# gitleaks:allow\nk = SECRET").is_none());
    }
}
