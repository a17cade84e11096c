//! GitLab's routable tokens: a payload, its length, and a checksum over both and the prefix. Source: GitLab,
//! `lib/authn/token_field/generator/routable_token.rb`.

use super::super::primitives::digits::{BASE36, digits, number};
use super::{Said, Subject, WRONG};
use crate::check::DISPROVEN;

/// How many digits of base 36 the checksum has.
const DIGITS: usize = 7;

/// The longest prefix that a server's administrator can put in front, in bytes.
const LONGEST_PREFIX: usize = 20;

/// The length of the payload must be right, then the checksum; a prefix of the server's own, which the pattern may have left
/// out, is covered too.
pub(in crate::check) fn gitlab_routable(subject: &Subject<'_>, _: f32) -> Said {
    let token = subject.secret;
    let Some((covered, checksum)) = token.split_last_chunk::<DIGITS>() else {
        return WRONG;
    };
    if payload_length(covered).is_none() {
        return Said::AtMost(
            DISPROVEN,
            "the length it states for its payload is not the payload's",
        );
    }
    let right = |covered: &[u8]| digits(crc32fast::hash(covered), BASE36) == *checksum;
    if right(covered) {
        return Said::Proven("the payload's length and the checksum at its end are right");
    }
    let own = subject
        .head
        .iter()
        .rev()
        .take(LONGEST_PREFIX)
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        .count();
    let before = &subject.head[subject.head.len() - own..];
    let with_own = (0..before.len()).any(|from| right(&[&before[from..], covered].concat()));
    if with_own {
        Said::Proven("the checksum at its end is right, with the prefix before it")
    } else {
        WRONG
    }
}

/// The length of the payload, if it is the one stated: `<prefix>-<payload>.<length>` or `<prefix>-<payload>.01.<length>`. The
/// payload's own alphabet has hyphens, so that each of them may be where it begins.
fn payload_length(covered: &[u8]) -> Option<usize> {
    let (rest, stated) = covered.split_last_chunk::<2>()?;
    let stated = usize::try_from(number(stated, BASE36)?).ok()?;
    let rest = rest.strip_suffix(b".")?;
    let payload = rest.strip_suffix(b".01").unwrap_or(rest);
    let before = payload.len().checked_sub(stated)?;
    let is_payload = payload[before..]
        .iter()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    // What is before it ends the prefix: a hyphen, or the kind of a runner's token, as in `glrt-t1_`.
    let is_prefixed = matches!(payload[..before].last(), None | Some(b'-' | b'_'));
    (is_payload && is_prefixed).then_some(stated)
}
