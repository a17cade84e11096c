//! What a revision means: a range of commits, or one commit.

use std::sync::Arc;

use gix::ObjectId;
use gix::objs::Kind;
use gix::revision::plumbing::Spec;

use super::ancestry::{Ancestry, HIDDEN, LEFT, RIGHT};
use super::commits::Gatherer;
use super::error::{GitError, said};
use super::objects::Peeled;
use super::open::Git;
use super::staged::Changes;
use crate::source::Gathered;

impl Git {
    /// What the commits of a range change, and all texts about them: `A..B` for what `B` has and `A` has not, `A...B` for what
    /// only one of both has, and one revision for that commit alone. A side that is left out is `HEAD`.
    ///
    /// # Errors
    /// It is no range, or names what is not here.
    pub fn range(self: &Arc<Git>, spec: &str, changes: Changes) -> Result<Gathered, GitError> {
        let gatherer = Gatherer::new(self, changes)?;
        let (ancestry, ends) = match gatherer.parsed(spec)? {
            Spec::Include(id) | Spec::ExcludeParents(id) => {
                let end = gatherer.commit_of(id, spec)?;
                (Ancestry::alone(end.id, &gatherer.shallow), vec![end])
            }
            Spec::Range { from, to } => gatherer.between(from, to, spec)?,
            Spec::Merge { theirs, ours } => {
                let (left, right) = (
                    gatherer.commit_of(theirs, spec)?,
                    gatherer.commit_of(ours, spec)?,
                );
                let tips = [(left.id, LEFT), (right.id, RIGHT)];
                let ancestry = Ancestry::of(&gatherer.objects, &tips, &gatherer.shallow);
                (ancestry, vec![left, right])
            }
            Spec::Exclude(_) | Spec::IncludeOnlyParents(_) => {
                return Err(GitError::NotARange(spec.to_owned()));
            }
        };
        gather(gatherer, &ancestry, spec, &ends)
    }

    /// As [`Git::range`], for all that `HEAD` has and `reference` has not.
    ///
    /// # Errors
    /// There is no such commit, or it is not here.
    pub fn since(self: &Arc<Git>, reference: &str, changes: Changes) -> Result<Gathered, GitError> {
        let gatherer = Gatherer::new(self, changes)?;
        let Spec::Include(from) = gatherer.parsed(reference)? else {
            return Err(GitError::NotOneCommit(reference.to_owned()));
        };
        let Spec::Include(head) = gatherer.parsed("HEAD")? else {
            return Err(GitError::NotOneCommit("HEAD".to_owned()));
        };
        let (ancestry, ends) = gatherer.between(from, head, reference)?;
        gather(gatherer, &ancestry, "HEAD", &ends)
    }
}

/// Commits, and all texts about them.
fn gather(
    mut gatherer: Gatherer<'_>,
    ancestry: &Ancestry,
    name: &str,
    ends: &[Peeled],
) -> Result<Gathered, GitError> {
    gatherer.add_commits(ancestry);
    gatherer.add_tags_of_commits()?;
    for end in ends {
        if ancestry.commits.contains(&end.id) {
            gatherer.add_tags(name, end);
        }
    }
    gatherer.add_notes()?;
    Ok(gatherer.gathered)
}

impl Gatherer<'_> {
    fn between(
        &self,
        from: ObjectId,
        to: ObjectId,
        spec: &str,
    ) -> Result<(Ancestry, Vec<Peeled>), GitError> {
        let (from, to) = (self.commit_of(from, spec)?, self.commit_of(to, spec)?);
        let tips = [(from.id, HIDDEN), (to.id, RIGHT)];
        let ancestry = Ancestry::of(&self.objects, &tips, &self.shallow);
        Ok((ancestry, vec![to]))
    }

    fn parsed(&self, spec: &str) -> Result<Spec, GitError> {
        let repository = &self.objects.repository;
        repository
            .rev_parse(spec)
            .map(|parsed| parsed.detach())
            .map_err(|error| {
                let sides = spec.split_once("...").or_else(|| spec.split_once(".."));
                let (from, to) = sides.unwrap_or((spec, ""));
                let is_unknown =
                    |side: &&str| !side.is_empty() && repository.rev_parse_single(*side).is_err();
                let words = match [from, to].into_iter().find(is_unknown) {
                    Some(side) => format!("there is no `{side}`"),
                    None => said(&error),
                };
                self.unknown(spec, &words)
            })
    }

    /// What a name stands for, if that is a commit.
    fn commit_of(&self, id: ObjectId, spec: &str) -> Result<Peeled, GitError> {
        if id.is_null() {
            return Err(GitError::NullRevision);
        }
        if !self.objects.has(id) {
            return Err(self.unknown(spec, &format!("the commit {id} is not here")));
        }
        match self.objects.peel(id) {
            Ok(peeled) if peeled.kind == Kind::Commit => Ok(peeled),
            Ok(peeled) => {
                Err(self.unknown(spec, &format!("{id} is a {}, not a commit", peeled.kind)))
            }
            Err(why) => Err(self.unknown(spec, &why.to_string())),
        }
    }

    fn unknown(&self, spec: &str, words: &str) -> GitError {
        GitError::UnknownRevision {
            revision: spec.to_owned(),
            words: words.to_owned(),
            shallow: !self.shallow.is_empty(),
        }
    }
}
