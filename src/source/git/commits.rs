//! From commits to what is looked at: the files that each changes, its texts, and the tags and notes about it.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::path::PathBuf;
use std::sync::Arc;

use gix::ObjectId;
use gix::bstr::{BString, ByteSlice};
use gix::objs::{Kind, TreeRefIter};

use super::ancestry::{Ancestry, shallow};
use super::error::GitError;
use super::objects::{CommitParts, Objects, Peeled, signed};
use super::open::Git;
use super::reader::Blob;
use super::staged::{Changes, file_path};
use super::texts::{Part, Text};
use super::trees::{Changed, compare};
use crate::model::{Commit, Origin, OriginKind, Unscanned, Why};
use crate::source::{Gathered, Item};

/// How deep the folders of a tree of notes are looked into.
const NOTES_DEEPEST: usize = 64;

/// How many items a run has at most; what is more was made to take room.
const MOST_ITEMS: usize = 4 << 20;

/// How long the paths of all files are together, in bytes.
const MOST_PATHS: usize = 1 << 30;

/// What is gathered, and what was already.
pub(super) struct Gatherer<'g> {
    git: &'g Arc<Git>,
    pub(super) objects: Objects,
    pub(super) shallow: HashSet<ObjectId>,
    changes: Changes,
    /// Whether files of git-lfs are looked at where pointers to them change.
    pub(super) pointers: bool,
    pub(super) gathered: Gathered,
    /// The commits that were looked at, as reports tell of them.
    commits: HashMap<ObjectId, Arc<Commit>>,
    /// Who is looked at, and as which item.
    people: HashMap<Vec<u8>, usize>,
    tags: HashSet<ObjectId>,
    /// Files with what they were before, hashed with two keys of this run's, and as which item: the same file changed in the
    /// same way in several commits is looked at once, in the first of them.
    files: HashMap<(u64, u64), usize>,
    keys: (RandomState, RandomState),
    /// How long the paths of all files are together, in bytes.
    paths: usize,
    bytes: Vec<u8>,
}

impl<'g> Gatherer<'g> {
    /// # Errors
    /// It cannot be told where the clone ends.
    pub(super) fn new(git: &'g Arc<Git>, changes: Changes) -> Result<Gatherer<'g>, GitError> {
        let objects = Objects::new(git);
        Ok(Gatherer {
            git,
            shallow: shallow(&objects)?,
            objects,
            changes,
            pointers: false,
            gathered: Gathered::default(),
            commits: HashMap::new(),
            people: HashMap::new(),
            tags: HashSet::new(),
            files: HashMap::new(),
            keys: (RandomState::new(), RandomState::new()),
            paths: 0,
            bytes: Vec::new(),
        })
    }

    /// Files and texts of commits. The newest come first: git stores older versions as what is other in them than in newer ones.
    pub(super) fn add_commits(&mut self, ancestry: &Ancestry) {
        for (id, why) in &ancestry.unread {
            self.unscanned(OriginKind::Commit, &format!("commit {id}"), why.clone());
        }
        for &id in ancestry.commits.iter().rev() {
            if self.gathered.items.len() > MOST_ITEMS || self.paths > MOST_PATHS {
                let why = Why::Unreadable(format!(
                    "more than {MOST_ITEMS} changes of files, or paths longer than {MOST_PATHS} bytes; this commit and those before it were not looked at"
                ));
                return self.unscanned(OriginKind::Commit, &format!("commit {id}"), why);
            }
            let mut bytes = std::mem::take(&mut self.bytes);
            match self.objects.commit(id, &mut bytes) {
                Ok(parts) => self.add_commit(id, &parts, &bytes, ancestry),
                Err(why) => {
                    self.unscanned(OriginKind::Commit, &format!("commit {id}"), why);
                }
            }
            self.bytes = bytes;
        }
    }

    fn add_commit(&mut self, id: ObjectId, parts: &CommitParts, bytes: &[u8], ancestry: &Ancestry) {
        let is_cut = ancestry.cut.contains(&id);
        let commit = Arc::new(parts.told(id, bytes));
        self.commits.insert(id, Arc::clone(&commit));
        let about =
            |kind, path: &str| Origin::git(kind, PathBuf::from(path), Some(Arc::clone(&commit)));
        let text = |part, path| {
            let origin = about(OriginKind::Message, path);
            Item::git_text(self.git, origin, Text { id, part }, false)
        };
        let mut items = Vec::new();
        if !parts.message.is_empty() {
            items.push(text(Part::Message, "commit message"));
        }
        if !parts.others.is_empty() {
            items.push(text(Part::Headers, "commit header"));
        }
        for (range, part, path) in [
            (&parts.author, Part::Author, "commit author"),
            (&parts.committer, Part::Committer, "commit committer"),
        ] {
            let who = signed(&bytes[range.clone()]).0;
            if who.is_empty() {
                continue;
            }
            let next = self.gathered.items.len() + items.len();
            match self.people.get(who) {
                Some(&at) if at < self.gathered.items.len() => {
                    self.gathered.items[at] = text(part, path);
                }
                Some(_) => {}
                None => {
                    self.people.insert(who.to_vec(), next);
                    items.push(text(part, path));
                }
            }
        }
        self.gathered.items.append(&mut items);
        let parents = match is_cut {
            true => Vec::new(),
            false => self.trees_of(&parts.parents, &commit, ancestry),
        };
        if is_cut {
            let origin = about(OriginKind::Commit, "commit");
            let why = Why::Shallow(id.to_string());
            self.gathered.unscanned.push(Unscanned { origin, why });
        }
        let comparison = compare(&self.objects, parts.tree, &parents);
        self.paths += comparison.paths;
        for (path, why) in comparison.unread {
            let path = match path.is_empty() {
                true => BString::from("commit"),
                false => path,
            };
            let path = file_path(path.as_bstr());
            let origin = Origin::git(OriginKind::Commit, path, Some(Arc::clone(&commit)));
            self.gathered.unscanned.push(Unscanned { origin, why });
        }
        for changed in comparison.changed {
            self.add_file(OriginKind::Commit, changed, Some(&commit));
        }
    }

    /// The trees of a commit's parents. One that is not here is as good as empty: all is new then.
    fn trees_of(
        &mut self,
        parents: &[ObjectId],
        commit: &Arc<Commit>,
        ancestry: &Ancestry,
    ) -> Vec<ObjectId> {
        let mut trees = Vec::with_capacity(parents.len());
        let mut bytes = Vec::new();
        for &parent in parents {
            let tree = match ancestry.trees.get(&parent) {
                Some(&tree) => Ok(tree),
                None => self
                    .objects
                    .commit(parent, &mut bytes)
                    .map(|parts| parts.tree),
            };
            match tree {
                Ok(tree) if !trees.contains(&tree) => trees.push(tree),
                Ok(_) => {}
                // It was said already.
                Err(_) if ancestry.unread.iter().any(|(id, _)| *id == parent) => {}
                Err(why) => {
                    let path = PathBuf::from("commit");
                    let origin = Origin::git(OriginKind::Commit, path, Some(Arc::clone(commit)));
                    self.gathered.unscanned.push(Unscanned { origin, why });
                }
            }
        }
        trees
    }

    fn add_file(&mut self, kind: OriginKind, changed: Changed, commit: Option<&Arc<Commit>>) {
        let key = (&changed.path, &changed.blob, &changed.before, changed.known);
        let key = (self.keys.0.hash_one(key), self.keys.1.hash_one(key));
        let origin = Origin::git(kind, file_path(changed.path.as_bstr()), commit.cloned());
        let next = self.gathered.items.len();
        let at = *self.files.entry(key).or_insert(next);
        if at < next {
            self.gathered.items[at].origin = origin;
            return;
        }
        let before = match self.changes {
            Changes::AddedLines => changed.before.iter().copied().map(Blob).collect(),
            Changes::WholeFiles => Vec::new(),
        };
        let blob = Blob(changed.blob);
        let item = Item::blob(self.git, origin, blob, before, changed.known);
        self.gathered.items.push(match self.pointers {
            true => item.following_pointers(),
            false => item,
        });
    }

    /// What is at the end of a name that is no commit: a file, or all files of a tree.
    pub(super) fn add_object(&mut self, name: &str, peeled: &Peeled) {
        match peeled.kind {
            Kind::Blob => {
                let changed = Changed {
                    path: BString::from(name),
                    blob: peeled.id,
                    before: Vec::new(),
                    known: false,
                };
                self.add_file(OriginKind::Object, changed, None);
            }
            Kind::Tree => {
                let comparison = compare(&self.objects, peeled.id, &[]);
                for changed in comparison.changed {
                    self.add_file(OriginKind::Object, changed, None);
                }
                for (path, why) in comparison.unread {
                    let path = path.to_str_lossy();
                    self.unscanned(OriginKind::Object, &format!("{name} {path}"), why);
                }
            }
            Kind::Commit | Kind::Tag => {}
        }
    }

    /// Tags' own texts, by the name of the first.
    pub(super) fn add_tags(&mut self, name: &str, peeled: &Peeled) {
        for &id in &peeled.tags {
            if !self.tags.insert(id) {
                continue;
            }
            let commit = self.commits.get(&peeled.id).cloned();
            let path = PathBuf::from(format!("tag {name}"));
            let origin = Origin::git(OriginKind::Tag, path, commit);
            let text = Text {
                id,
                part: Part::Tag,
            };
            let item = Item::git_text(self.git, origin, text, true);
            self.gathered.items.push(item);
        }
    }

    /// All tags whose commits were looked at.
    ///
    /// # Errors
    /// The references cannot be listed.
    pub(super) fn add_tags_of_commits(&mut self) -> Result<(), GitError> {
        for (name, id) in self.references("refs/tags/")? {
            match self.objects.peel(id) {
                Ok(peeled) if self.commits.contains_key(&peeled.id) => {
                    self.add_tags(&name, &peeled);
                }
                Ok(_) => {}
                Err(why) => self.unscanned(OriginKind::Tag, &format!("tag {name}"), why),
            }
        }
        Ok(())
    }

    /// All notes about commits that were looked at.
    ///
    /// # Errors
    /// The references cannot be listed.
    pub(super) fn add_notes(&mut self) -> Result<(), GitError> {
        for (name, id) in self.references("refs/notes/")? {
            let path = format!("note {name}");
            let tree = match self.objects.peel(id) {
                Ok(peeled) if peeled.kind == Kind::Tree => Ok(peeled.id),
                Ok(peeled) => {
                    let commit = self.objects.commit(peeled.id, &mut self.bytes);
                    commit.map(|parts| parts.tree)
                }
                Err(why) => Err(why),
            };
            match tree {
                Ok(tree) => self.add_notes_in(&path, tree),
                Err(why) => self.unscanned(OriginKind::Note, &path, why),
            }
        }
        Ok(())
    }

    /// The notes of a tree: the names of folders and file, laid end to end, are the id of what the note is about.
    fn add_notes_in(&mut self, path: &str, tree: ObjectId) {
        let mut folders = vec![(BString::default(), tree)];
        while let Some((digits, tree)) = folders.pop() {
            let bytes = match self.objects.tree(tree) {
                Ok(bytes) => bytes,
                Err(why) => {
                    self.unscanned(OriginKind::Note, path, why);
                    continue;
                }
            };
            for entry in TreeRefIter::from_bytes(&bytes, tree.kind()) {
                let Ok(entry) = entry else {
                    let why = Why::Unreadable(format!("git's object {tree} is no whole tree"));
                    self.unscanned(OriginKind::Note, path, why);
                    break;
                };
                let mut digits = digits.clone();
                digits.extend_from_slice(entry.filename);
                if entry.mode.is_tree() {
                    // Folders that are no digits hold no notes.
                    if digits.len() <= NOTES_DEEPEST && digits.iter().all(u8::is_ascii_hexdigit) {
                        folders.push((digits, entry.oid.to_owned()));
                    }
                    continue;
                }
                let about = ObjectId::from_hex(&digits).ok();
                let Some(commit) = about.and_then(|id| self.commits.get(&id).cloned()) else {
                    continue;
                };
                let origin = Origin::git(OriginKind::Note, PathBuf::from(path), Some(commit));
                let blob = Blob(entry.oid.to_owned());
                let item = Item::blob(self.git, origin, blob, Vec::new(), true);
                self.gathered.items.push(item);
            }
        }
    }

    /// The references below a prefix that ends in `/`, without it, and what they point to, in order.
    ///
    /// # Errors
    /// They cannot be listed, or one of them cannot be read.
    pub(super) fn references(&self, prefix: &str) -> Result<Vec<(String, ObjectId)>, GitError> {
        let broken = |error: &gix::Error| GitError::broken("references cannot be read", error);
        let platform = self.objects.repository.references();
        let platform = platform.map_err(|error| broken(&error))?;
        let mut found = Vec::new();
        for reference in platform.prefixed(prefix).map_err(|error| broken(&error))? {
            let reference = reference.map_err(|error| broken(&error))?;
            // One that names another is listed under that one's name.
            if let Some(id) = reference.try_id() {
                let name = reference.name().as_bstr().to_str_lossy();
                let name = name.strip_prefix(prefix).unwrap_or(&name);
                found.push((name.to_owned(), id.detach()));
            }
        }
        Ok(found)
    }

    /// Notes that something could not be looked at.
    pub(super) fn unscanned(&mut self, kind: OriginKind, path: &str, why: Why) {
        let origin = Origin::git(kind, PathBuf::from(path), None);
        self.gathered.unscanned.push(Unscanned { origin, why });
    }
}
