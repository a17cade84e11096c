//! Supabase's keys: the last eight characters are the beginning of a hash over the project and the rest. The project is not in the
//! key, so that the checksum can only confirm. Source: Supabase, `docker/utils/add-new-auth-keys.sh`.

use std::collections::BTreeSet;

use data_encoding::BASE64URL_NOPAD;
use memchr::memmem;
use sha2::{Digest, Sha256};

use super::{Said, Subject};

/// The project that servers of one's own have.
const SELF_HOSTED: &[u8] = b"supabase-self-hosted";

/// How far a project's address may be from the key, in bytes.
const REACH: usize = 4096;

/// How many projects are tried.
const MOST_PROJECTS: usize = 8;

/// How long a project's name is.
const PROJECT: usize = 20;

const HOST: &[u8] = b".supabase.co";

/// Tries the projects whose addresses are close by, and the one of servers of one's own.
pub(super) fn supabase(subject: &Subject<'_>, _: f32) -> Said {
    let parts = subject
        .secret
        .split_last_chunk::<8>()
        .and_then(|(rest, checksum)| Some((rest.strip_suffix(b"_")?, checksum)));
    let Some((covered, checksum)) = parts else {
        return Said::Passed;
    };
    let right = |project: &[u8]| {
        let hash = Sha256::new()
            .chain_update(project)
            .chain_update(b"|")
            .chain_update(covered)
            .finalize();
        BASE64URL_NOPAD
            .encode(&hash)
            .as_bytes()
            .starts_with(checksum)
    };
    let before = &subject.head[subject.head.len().saturating_sub(REACH)..];
    let behind = &subject.tail[..subject.tail.len().min(REACH)];
    let projects: BTreeSet<&[u8]> = [before, behind]
        .into_iter()
        .flat_map(|text| {
            memmem::find_iter(text, HOST).filter_map(move |at| text[..at].last_chunk::<PROJECT>())
        })
        .filter(|project| project.iter().all(u8::is_ascii_lowercase))
        .map(<[u8; PROJECT]>::as_slice)
        .take(MOST_PROJECTS)
        .collect();
    if right(SELF_HOSTED) {
        Said::Proven("the checksum at its end is right for a server of one's own")
    } else if projects.iter().any(|project| right(project)) {
        Said::Proven("the checksum at its end is right for the project beside it")
    } else {
        Said::Passed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{proves, said};

    const COVERED: &str = "sb~_secret_AbCdEfGhIjKlMnOpQrStUv";

    #[test]
    fn the_project_of_one_s_own_server_is_known() {
        assert!(proves(supabase, &format!("{COVERED}_W9_g6tBN")));
        assert_eq!(said(supabase, &format!("{COVERED}_W9_g6tBM")), Said::Passed);
        assert_eq!(said(supabase, "x"), Said::Passed);
    }

    #[test]
    fn a_project_close_by_is_tried() {
        let project = "abcdefghijklmnopqrst";
        let hash = Sha256::digest(format!("{project}|{COVERED}").replace('~', ""));
        let key = format!("{COVERED}_{}", &BASE64URL_NOPAD.encode(&hash)[..8]).replace('~', "");
        let host = format!("url = \"https://{project}.supabase.co\"\n");
        for (head, tail) in [(host.as_str(), ""), ("", host.as_str())] {
            let subject = Subject {
                head: head.as_bytes(),
                tail: tail.as_bytes(),
                ..Subject::bare(key.as_bytes())
            };
            assert!(matches!(supabase(&subject, 0.0), Said::Proven(_)));
        }
        assert_eq!(said(supabase, &key), Said::Passed);
    }
}
