//! All that a repository ever held: every blob once, wherever it stood, and the texts of commits and tags.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use gix::ObjectId;
use gix::bstr::{BString, ByteSlice};
use gix::objs::Kind;

use super::error::GitError;
use super::graph::{Graph, MISSING};
use super::objects::{CommitParts, signed, text};
use super::open::Git;
use super::pack::{NONE, Visit};
use super::places::{Place, Places, Reach};
use super::staged::file_path;
use super::store::Store;
use super::tips::{head, tips};
use crate::model::{Commit, Origin, OriginKind, Unscanned, Why};

/// How many lost objects are told one by one.
const MOST_LOST: usize = 1000;

/// How much of a repository's history is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// What refs and stashes lead to.
    Reachable,
    /// All objects that are here.
    Everything,
}

/// A repository's history, ready to be looked at.
pub(crate) struct History {
    git: Arc<Git>,
    store: Store,
    graph: Graph,
    places: Places,
    /// The ref that leads to a tag.
    tag_names: BTreeMap<u32, BString>,
    shallow: HashSet<ObjectId>,
}

/// Something to look at.
pub(crate) struct Object<'o> {
    pub(crate) thing: Thing<'o>,
    /// Its bytes, or why they cannot be had.
    pub(crate) bytes: Result<&'o [u8], Why>,
}

/// What it is.
pub(crate) enum Thing<'o> {
    /// A blob and where it stands, the first place first.
    Blob(&'o [Place]),
    /// A commit or tag, by its number.
    Text(u32),
}

/// A part of a commit's or tag's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum TextPart {
    Message,
    Headers,
    Author,
    Committer,
    Tag,
}

impl TextPart {
    /// What reports call it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            TextPart::Message => "commit message",
            TextPart::Headers => "commit header",
            TextPart::Author => "commit author",
            TextPart::Committer => "commit committer",
            TextPart::Tag => "tag",
        }
    }

    /// Whether it says who, as many others say, too.
    pub(crate) const fn is_person(self) -> bool {
        matches!(self, TextPart::Author | TextPart::Committer)
    }
}

/// Which objects are given, and to whom.
struct Given<'h, F> {
    history: &'h History,
    texts: bool,
    look: F,
}

impl Git {
    /// Reads how the repository's history hangs together, on all threads of the pool that this is called in.
    ///
    /// # Errors
    /// Its refs or its store cannot be read. What is damaged within is no error, but told by [`History::unscanned`].
    pub(crate) fn history(self: &Arc<Git>, depth: Depth) -> Result<History, GitError> {
        let repository = self.local();
        let store = Store::open(&repository)?;
        let tips = tips(&repository)?;
        let head = head(&repository)?;
        let shallow = repository
            .shallow_commits()
            .map_err(|error| GitError::broken("where the clone ends cannot be read", &error))?;
        let mut graph = Graph::of(&store);
        let tips: Vec<(BString, u32)> = tips
            .into_iter()
            .map(|(name, id)| (name, graph.object(&store, &id)))
            .collect();
        let head = head.map(|id| graph.object(&store, &id));
        let mut tag_names = BTreeMap::new();
        for (name, object) in &tips {
            let short = name.strip_prefix(b"refs/tags/").unwrap_or(name);
            tag_names.entry(*object).or_insert_with(|| short.into());
        }
        let with_unreachable = depth == Depth::Everything;
        let places = Places::of(&store, &mut graph, &tips, head, with_unreachable);
        Ok(History {
            git: Arc::clone(self),
            shallow: shallow.iter().flat_map(|ids| ids.iter().copied()).collect(),
            store,
            graph,
            places,
            tag_names,
        })
    }
}

impl History {
    /// How many objects there are to look at.
    pub(crate) fn len(&self) -> u64 {
        let texts = (0..self.store.len() as u32)
            .filter(|&object| matches!(self.store.kind(object), Some(Kind::Commit | Kind::Tag)))
            .filter(|&object| self.places.reached[object as usize])
            .count();
        self.places.blobs() + texts as u64
    }

    /// Gives every commit and tag to `look` and then every blob, on all threads of the pool; returns what each thread kept.
    pub(crate) fn look<S: Default + Send>(
        &self,
        look: impl Fn(&mut S, &Object<'_>) + Sync,
    ) -> Vec<S> {
        let mut kept = Vec::new();
        for texts in [true, false] {
            let given = Given {
                history: self,
                texts,
                look: &look,
            };
            kept.extend(self.store.walk(&given));
        }
        kept
    }

    /// A path in full, as it is in git.
    pub(crate) fn path(&self, place: &Place) -> PathBuf {
        if place.path == NONE {
            return PathBuf::from(self.store.id(place.blob).to_string());
        }
        self.full_path(place.path)
    }

    fn full_path(&self, path: u32) -> PathBuf {
        file_path(self.places.path(&self.graph, path).as_bstr())
    }

    /// What kind of place it is.
    pub(crate) fn kind(&self, place: &Place) -> OriginKind {
        match self.places.steps[place.step as usize].reach {
            Reach::Ref => OriginKind::Commit,
            Reach::Note => OriginKind::Note,
            Reach::Nothing => OriginKind::Object,
        }
    }

    /// Whether HEAD has the blob at this path.
    pub(crate) fn is_in_head(&self, place: &Place) -> bool {
        self.places.is_in_head(place)
    }

    /// The commit that brought a blob to a place, as reports tell of it; nothing if no commit did.
    pub(crate) fn commit_of(&self, step: u32) -> Option<Arc<Commit>> {
        let commit = self.places.steps[step as usize].commit?;
        self.told(self.graph.commits[commit as usize].object)
    }

    /// What reports tell of a commit; nothing if the object is none, or cannot be read.
    pub(crate) fn told(&self, object: u32) -> Option<Arc<Commit>> {
        let id = self.store.id(object);
        let bytes = self.bytes(id)?;
        Some(Arc::new(CommitParts::of(&bytes)?.told(id, &bytes)))
    }

    fn bytes(&self, id: ObjectId) -> Option<Vec<u8>> {
        let repository = self.git.local();
        let found = repository.try_find_object(id).ok()??;
        Some(found.detach().data)
    }

    /// Where the text of a commit or tag, or a part of it, comes from.
    pub(crate) fn text_origin(
        &self,
        object: u32,
        part: &str,
        commit: Option<Arc<Commit>>,
    ) -> Origin {
        let is_tag = self.store.kind(object) == Some(Kind::Tag);
        let path = match self.tag_names.get(&object) {
            _ if !is_tag => part.to_owned(),
            Some(name) => format!("tag {name}"),
            None => format!("tag {}", self.store.id(object)),
        };
        let kind = match is_tag {
            _ if !self.places.from_refs[object as usize] => OriginKind::Object,
            true => OriginKind::Tag,
            false => OriginKind::Message,
        };
        Origin::git(kind, PathBuf::from(path), commit)
    }

    /// The parts of a commit or tag that are text of somebody's, each by its name.
    pub(crate) fn parts<'b>(&self, object: u32, bytes: &'b [u8]) -> Vec<(TextPart, &'b [u8])> {
        if self.store.kind(object) == Some(Kind::Tag) {
            let text = text(bytes);
            // The first line names what the tag is about.
            let first = memchr::memchr(b'\n', bytes).map_or(0, |at| at + 1);
            let header = &bytes[first.min(text.start)..text.start];
            return vec![(TextPart::Tag, &bytes[text]), (TextPart::Tag, header)];
        }
        let Some(parts) = CommitParts::of(bytes) else {
            return Vec::new();
        };
        let who = |range| signed(&bytes[range]).0;
        vec![
            (TextPart::Message, &bytes[parts.message.clone()]),
            (TextPart::Headers, &bytes[parts.others.clone()]),
            (TextPart::Author, who(parts.author.clone())),
            (TextPart::Committer, who(parts.committer.clone())),
        ]
    }

    /// Of commits and tags, which comes first; by the date of what they are, and then their names.
    pub(crate) fn rank(&self, object: u32) -> (i64, u32) {
        let commit = self.graph.commit(object);
        let time = commit.map_or(i64::MAX, |at| self.graph.commits[at as usize].time);
        (time, object)
    }

    /// What cannot be looked at, and why.
    pub(crate) fn unscanned(&self) -> Vec<Unscanned> {
        let mut all = BTreeSet::new();
        let mut add = |kind, path: PathBuf, commit, why| {
            let origin = Origin::git(kind, path, commit);
            all.insert(Unscanned { origin, why });
        };
        for (path, why) in &self.store.unread {
            let folder = self.git.local().common_dir().to_path_buf();
            let path = path.strip_prefix(folder).unwrap_or(path).to_path_buf();
            add(OriginKind::Object, path, None, why.clone());
        }
        let broken: BTreeMap<u32, &Why> =
            (self.graph.broken.iter().map(|(object, why)| (*object, why))).collect();
        let why = |object: u32| match (self.graph.missing(object), broken.get(&object)) {
            (Some(id), _) => Why::MissingObject(id.to_string()),
            (None, Some(&why)) => why.clone(),
            (None, None) => {
                let id = self.store.id(object);
                Why::Unreadable(format!("git's object {id} cannot be read"))
            }
        };
        for (&object, why) in &broken {
            if self.places.reached[object as usize] && !self.places.lost.contains_key(&object) {
                let kind = self
                    .store
                    .kind(object)
                    .map_or_else(String::new, |kind| kind.to_string());
                let path = format!("{kind} {}", self.store.id(object));
                add(
                    OriginKind::Object,
                    PathBuf::from(path),
                    None,
                    (*why).clone(),
                );
            }
        }
        for (&parent, &child) in &self.places.lost_parents {
            let child = self.store.id(self.graph.commits[child as usize].object);
            let is_cut = parent >= MISSING && self.shallow.contains(&child);
            let why = match is_cut {
                true => Why::Shallow(child.to_string()),
                false => why(parent),
            };
            let told = self.store.find(&child).and_then(|object| self.told(object));
            add(OriginKind::Commit, PathBuf::from("commit"), told, why);
        }
        for (&object, &path) in &self.places.lost {
            let path = match path {
                NONE => PathBuf::from(
                    self.graph
                        .missing(object)
                        .map_or_else(|| self.store.id(object).to_string(), |id| id.to_string()),
                ),
                0 => PathBuf::from("commit"),
                path => self.full_path(path),
            };
            add(OriginKind::Commit, path, None, why(object));
        }
        if let Some(path) = self.places.crowded {
            let words = "it stands, or what is in it, at more places than are looked at";
            let path = self.full_path(path);
            add(
                OriginKind::Commit,
                path,
                None,
                Why::Unreadable(words.to_owned()),
            );
        }
        shortened(all.into_iter().collect())
    }
}

/// The first of very many, and how many more there are.
fn shortened(mut all: Vec<Unscanned>) -> Vec<Unscanned> {
    let more = all.len().saturating_sub(MOST_LOST);
    if more > 0 {
        all.truncate(MOST_LOST);
        let words = format!("{more} more objects are not here, or cannot be read");
        all.push(Unscanned {
            origin: Origin::git(OriginKind::Object, PathBuf::from("objects"), None),
            why: Why::Unreadable(words),
        });
    }
    all
}

impl<S: Default + Send, F: Fn(&mut S, &Object<'_>) + Sync> Visit<S> for Given<'_, F> {
    fn wants(&self, object: u32, kind: Kind) -> bool {
        match kind {
            Kind::Blob => !self.texts && !self.history.places.of_blob(object).is_empty(),
            Kind::Commit | Kind::Tag => self.texts && self.history.places.reached[object as usize],
            Kind::Tree => false,
        }
    }

    fn visit(&self, scratch: &mut S, object: u32, kind: Kind, bytes: Result<&[u8], Why>) {
        let thing = match kind {
            Kind::Blob => Thing::Blob(self.history.places.of_blob(object)),
            _ => Thing::Text(object),
        };
        (self.look)(scratch, &Object { thing, bytes });
    }
}

impl fmt::Debug for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("History")
    }
}
