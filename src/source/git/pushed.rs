//! What a push would bring: git's hooks say on standard input which references move, and only what the other side lacks counts.

use std::sync::Arc;

use gix::ObjectId;
use gix::bstr::ByteSlice;
use gix::objs::Kind;

use super::ancestry::{Ancestry, HIDDEN, Marks, RIGHT};
use super::commits::Gatherer;
use super::error::GitError;
use super::open::Git;
use super::staged::Changes;
use crate::model::OriginKind;
use crate::source::Gathered;

/// A reference that is about to move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Update {
    /// Its full name on the receiving side. It may hold anything; make it visible before it is shown.
    pub reference: String,
    /// What it will point to; nothing if it is deleted.
    pub new: Option<ObjectId>,
    /// What it points to now on the receiving side, which need not be here; nothing if it is made.
    pub old: Option<ObjectId>,
}

impl Update {
    /// The lines that git gives a pre-push hook: `LOCAL-REF LOCAL-ID REMOTE-REF REMOTE-ID`. There may be none.
    /// Source: git's githooks.adoc.
    ///
    /// # Errors
    /// A line is something else.
    pub fn parse_pushed(input: &[u8]) -> Result<Vec<Update>, GitError> {
        // The first part is as the user wrote it, and may have blanks in it.
        parse(input, |line| {
            let mut parts = line.rsplitn(4, |&byte| byte == b' ');
            let (old, reference, new) = (parts.next()?, parts.next()?, parts.next()?);
            parts.next()?;
            Some((reference, old, new))
        })
    }

    /// The lines that git gives a pre-receive hook: `OLD-ID NEW-ID REF`. There may be none. Source: git's githooks.adoc.
    ///
    /// # Errors
    /// A line is something else.
    pub fn parse_received(input: &[u8]) -> Result<Vec<Update>, GitError> {
        parse(input, |line| {
            let mut parts = line.splitn(3, |&byte| byte == b' ');
            let (old, new, reference) = (parts.next()?, parts.next()?, parts.next()?);
            Some((reference, old, new))
        })
    }
}

/// A line's reference, old id and new id.
type Parts<'l> = (&'l [u8], &'l [u8], &'l [u8]);

fn parse(
    input: &[u8],
    parts: impl Fn(&[u8]) -> Option<Parts<'_>>,
) -> Result<Vec<Update>, GitError> {
    let lines = input.strip_suffix(b"\n").unwrap_or(input);
    if lines.is_empty() {
        return Ok(Vec::new());
    }
    let update = |line| {
        let (reference, old, new) = parts(line)?;
        let id = |digits: &[u8]| ObjectId::from_hex(digits).ok();
        let (old, new) = (id(old)?, id(new)?);
        if reference.is_empty() || old.kind() != new.kind() {
            return None;
        }
        let unless_null = |id: ObjectId| (!id.is_null()).then_some(id);
        Some(Update {
            reference: reference.to_str_lossy().into_owned(),
            new: unless_null(new),
            old: unless_null(old),
        })
    };
    lines
        .split(|&byte| byte == b'\n')
        .map(|line: &[u8]| {
            update(line).ok_or_else(|| GitError::BadUpdate(line.to_str_lossy().into_owned()))
        })
        .collect()
}

impl Git {
    /// What `remote`, which git names or gives the URL of, lacks of what these updates would bring to it. What it has is known
    /// from where its references are and from its remote-tracking branches here.
    ///
    /// # Errors
    /// The repository's references cannot be read.
    pub fn pushed(
        self: &Arc<Git>,
        remote: &str,
        updates: &[Update],
        changes: Changes,
    ) -> Result<Gathered, GitError> {
        let mut gatherer = Gatherer::new(self, changes)?;
        // They are here, and go with the push.
        gatherer.pointers = true;
        let mut known: Vec<ObjectId> = updates.iter().filter_map(|update| update.old).collect();
        for name in names_of(&gatherer, remote) {
            let tracked = gatherer.references(&format!("refs/remotes/{name}/"))?;
            known.extend(tracked.into_iter().map(|(_, id)| id));
        }
        bring(gatherer, updates, &known)
    }

    /// What a repository that receives these updates has not had: what no reference leads to yet.
    ///
    /// # Errors
    /// The repository's references cannot be read.
    pub fn received(
        self: &Arc<Git>,
        updates: &[Update],
        changes: Changes,
    ) -> Result<Gathered, GitError> {
        let gatherer = Gatherer::new(self, changes)?;
        let mut known: Vec<ObjectId> = updates.iter().filter_map(|update| update.old).collect();
        let all = gatherer.references("refs/")?;
        known.extend(all.into_iter().map(|(_, id)| id));
        bring(gatherer, updates, &known)
    }
}

/// Gathers what updates bring that nothing known leads to.
fn bring(
    mut gatherer: Gatherer<'_>,
    updates: &[Update],
    known: &[ObjectId],
) -> Result<Gathered, GitError> {
    let mut tips: Vec<(ObjectId, Marks)> = Vec::new();
    let mut ends = Vec::new();
    for update in updates {
        let Some(new) = update.new.filter(|_| update.new != update.old) else {
            continue;
        };
        match gatherer.objects.peel(new) {
            Ok(peeled) => {
                if peeled.kind == Kind::Commit {
                    tips.push((peeled.id, RIGHT));
                }
                ends.push((&update.reference, peeled));
            }
            Err(why) => gatherer.unscanned(OriginKind::Commit, &update.reference, why),
        }
    }
    if !tips.is_empty() {
        // What is known elsewhere need not be here, as after somebody else's push.
        let known = known
            .iter()
            .filter_map(|id| gatherer.objects.peel(*id).ok());
        let commits = known.filter(|peeled| peeled.kind == Kind::Commit);
        let hidden: Vec<_> = commits.map(|peeled| (peeled.id, HIDDEN)).collect();
        tips.splice(0..0, hidden);
        let ancestry = Ancestry::of(&gatherer.objects, &tips, &gatherer.shallow);
        gatherer.add_commits(&ancestry);
    }
    for (reference, peeled) in &ends {
        let name = reference.strip_prefix("refs/tags/").unwrap_or(reference);
        gatherer.add_tags(name, peeled);
        gatherer.add_object(reference, peeled);
    }
    Ok(gatherer.gathered)
}

/// The names of a remote that git names, or gives the URL of.
fn names_of(gatherer: &Gatherer<'_>, remote: &str) -> Vec<String> {
    let repository = &gatherer.objects.repository;
    let config = repository.config_snapshot();
    let mut names = Vec::new();
    for name in repository.remote_names() {
        let Ok(name) = name.to_str() else {
            continue;
        };
        let is_at = |key: &str| {
            let url = config.string(format!("remote.{name}.{key}").as_str());
            url.is_some_and(|url| url.as_slice() == remote.as_bytes())
        };
        if name == remote || is_at("url") || is_at("pushurl") {
            names.push(name.to_owned());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "1111111111111111111111111111111111111111";
    const B: &str = "2222222222222222222222222222222222222222";
    const NULL: &str = "0000000000000000000000000000000000000000";

    fn told(updates: Result<Vec<Update>, GitError>) -> Vec<(String, bool, bool)> {
        let updates = updates.unwrap().into_iter();
        updates
            .map(|it| (it.reference, it.new.is_some(), it.old.is_some()))
            .collect()
    }

    #[test]
    fn lines_of_a_pre_push_hook_are_updates() {
        let lines = format!(
            "refs/heads/main {A} refs/heads/main {B}\nHEAD@{{1 day ago}} {A} refs/heads/x {NULL}\n(delete) {NULL} refs/heads/y {B}\n"
        );
        let expected = [
            ("refs/heads/main".to_owned(), true, true),
            ("refs/heads/x".to_owned(), true, false),
            ("refs/heads/y".to_owned(), false, true),
        ];
        assert_eq!(told(Update::parse_pushed(lines.as_bytes())), expected);
        assert_eq!(told(Update::parse_pushed(b"")), []);
        let sha256 =
            format!("x {A}111111111111111111111111 refs/heads/x {NULL}000000000000000000000000");
        assert_eq!(told(Update::parse_pushed(sha256.as_bytes())).len(), 1);
        for bad in [
            "\n\n".to_owned(),
            format!("{A} refs/heads/x {B}"),
            format!("x {A} refs/heads/x 22222"),
            format!("x {A} refs/heads/x {B}\r\n"),
            format!("x {A}  {B}"),
            format!("x {A} refs/heads/x {B}2222222222222222 22222222"),
            format!("x {A} refs/heads/x {B}\n\nx {A} refs/heads/x {B}\n"),
        ] {
            assert!(Update::parse_pushed(bad.as_bytes()).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn lines_of_a_pre_receive_hook_are_updates() {
        let lines =
            format!("{A} {B} refs/heads/main\n{NULL} {B} refs/tags/odd name\n{A} {NULL} refs/x");
        let expected = [
            ("refs/heads/main".to_owned(), true, true),
            ("refs/tags/odd name".to_owned(), true, false),
            ("refs/x".to_owned(), false, true),
        ];
        assert_eq!(told(Update::parse_received(lines.as_bytes())), expected);
        for bad in ["x", "a b c", &format!("{A} {B}"), &format!("{A} {B} ")] {
            assert!(Update::parse_received(bad.as_bytes()).is_err(), "{bad:?}");
        }
    }
}
