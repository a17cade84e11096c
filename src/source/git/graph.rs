//! How objects hang together: commits, tags and trees, decoded once and kept in a form that is small.

use std::collections::HashMap;
use std::collections::hash_map::{DefaultHasher, Entry};
use std::hash::{Hash, Hasher};
use std::sync::Mutex;

use gix::objs::Kind;
use gix::{ObjectId, oid};

use super::objects::CommitParts;
use super::pack::{NONE, Visit};
use super::store::Store;
use crate::model::Why;

/// From here on a number means an object that is named and not here.
pub(super) const MISSING: u32 = 1 << 31;

/// In how many parts the names are kept, so that threads do not wait for each other.
const SHARDS: usize = 64;

/// A commit.
#[derive(Debug)]
pub(super) struct CommitNode {
    pub(super) object: u32,
    pub(super) tree: u32,
    pub(super) parents: Box<[u32]>,
    /// When it was committed, in seconds.
    pub(super) time: i64,
}

/// What is in a tree under one name; no submodules, which are no objects here.
#[derive(Clone, Copy, Debug)]
pub(super) struct Child {
    pub(super) object: u32,
    pub(super) name: u32,
}

/// Commits, tags and trees.
pub(super) struct Graph {
    /// By their objects' numbers.
    pub(super) commits: Vec<CommitNode>,
    /// Tags and what each is about.
    pub(super) tags: Vec<(u32, u32)>,
    /// The place of an object among the commits, tags or trees.
    node: Vec<u32>,
    entries: u64,
    trees: Vec<(u32, usize, u32)>,
    children: Vec<Vec<Child>>,
    names: Vec<Box<[u8]>>,
    missing: Vec<ObjectId>,
    /// Commits, tags and trees that cannot be read, by their numbers.
    pub(super) broken: Vec<(u32, Why)>,
}

/// What one thread decoded.
#[derive(Default)]
struct Part {
    commits: Vec<CommitNode>,
    tags: Vec<(u32, u32)>,
    trees: Vec<(u32, usize, u32)>,
    children: Vec<Child>,
    broken: Vec<(u32, Why)>,
}

struct Decoding<'s> {
    store: &'s Store,
    names: [Mutex<HashMap<Box<[u8]>, u32>>; SHARDS],
    missing: Mutex<HashMap<ObjectId, u32>>,
}

impl Graph {
    /// Decodes all commits, tags and trees of the store.
    pub(super) fn of(store: &Store) -> Graph {
        let decoding = Decoding {
            store,
            names: std::array::from_fn(|_| Mutex::default()),
            missing: Mutex::default(),
        };
        let parts: Vec<Part> = store.walk(&decoding);
        let mut graph = Graph {
            commits: Vec::new(),
            tags: Vec::new(),
            node: vec![NONE; store.len()],
            entries: 0,
            trees: Vec::new(),
            children: Vec::new(),
            names: Vec::new(),
            missing: Vec::new(),
            broken: Vec::new(),
        };
        for (number, part) in (0..).zip(parts) {
            graph.commits.extend(part.commits);
            graph.tags.extend(part.tags);
            for (object, start, length) in part.trees {
                graph.node[object as usize] = graph.trees.len() as u32;
                graph.trees.push((number, start, length));
            }
            graph.entries += part.children.len() as u64;
            graph.children.push(part.children);
            graph.broken.extend(part.broken);
        }
        graph.commits.sort_unstable_by_key(|commit| commit.object);
        graph.tags.sort_unstable();
        graph.broken.sort_unstable();
        for (at, commit) in (0..).zip(&graph.commits) {
            graph.node[commit.object as usize] = at;
        }
        for (at, tag) in (0..).zip(&graph.tags) {
            graph.node[tag.0 as usize] = at;
        }
        graph.names = decoding.all_names();
        let missing = decoding.missing.into_inner();
        let missing = missing.unwrap_or_else(|gone| gone.into_inner());
        graph.missing = vec![store.null(); missing.len()];
        #[expect(clippy::iter_over_hash_type, reason = "each has its place")]
        for (id, at) in missing {
            graph.missing[at as usize] = id;
        }
        graph
    }

    /// The commit that an object is, if it is one and could be read.
    pub(super) fn commit(&self, object: u32) -> Option<u32> {
        let at = self.node(object)?;
        let commit = self.commits.get(at as usize)?;
        (commit.object == object).then_some(at)
    }

    /// What a tag is about, if the object is a tag and could be read.
    pub(super) fn tagged(&self, object: u32) -> Option<u32> {
        let tag = self.tags.get(self.node(object)? as usize)?;
        (tag.0 == object).then_some(tag.1)
    }

    /// What is in a tree; nothing if it could not be read. The object must be a tree.
    pub(super) fn children(&self, tree: u32) -> &[Child] {
        let Some(at) = self.node(tree) else {
            return &[];
        };
        let (part, start, length) = self.trees[at as usize];
        &self.children[part as usize][start..start + length as usize]
    }

    /// Whether a tree could be read.
    pub(super) fn has_tree(&self, tree: u32) -> bool {
        self.node(tree).is_some()
    }

    /// How many names there are in all trees together.
    pub(super) const fn entries(&self) -> u64 {
        self.entries
    }

    fn node(&self, object: u32) -> Option<u32> {
        let node = self.node.get(object as usize).copied();
        node.filter(|&node| node != NONE)
    }

    /// A name in a tree.
    pub(super) fn name(&self, name: u32) -> &[u8] {
        &self.names[name as usize]
    }

    /// A number for a name that is in no tree.
    pub(super) fn add_name(&mut self, name: &[u8]) -> u32 {
        self.names.push(name.into());
        self.names.len() as u32 - 1
    }

    /// A number for an object, wherever it is.
    pub(super) fn object(&mut self, store: &Store, id: &oid) -> u32 {
        store.find(id).unwrap_or_else(|| {
            self.missing.push(id.to_owned());
            MISSING + self.missing.len() as u32 - 1
        })
    }

    /// The name of an object that is not here.
    pub(super) fn missing(&self, object: u32) -> Option<ObjectId> {
        let at = object.checked_sub(MISSING)?;
        self.missing.get(at as usize).copied()
    }
}

impl Visit<Part> for Decoding<'_> {
    fn wants(&self, _: u32, kind: Kind) -> bool {
        kind != Kind::Blob
    }

    fn visit(&self, part: &mut Part, object: u32, kind: Kind, bytes: Result<&[u8], Why>) {
        let bytes = match bytes {
            Ok(bytes) => bytes,
            Err(why) => return part.broken.push((object, why)),
        };
        let whole = match kind {
            Kind::Commit => self.commit(part, object, bytes),
            Kind::Tag => self.tag(part, object, bytes),
            Kind::Tree => self.tree(part, object, bytes),
            Kind::Blob => Some(()),
        };
        if whole.is_none() {
            let words = format!("git's object is no whole {kind}");
            part.broken.push((object, Why::Unreadable(words)));
        }
    }
}

impl Decoding<'_> {
    fn commit(&self, part: &mut Part, object: u32, bytes: &[u8]) -> Option<()> {
        let parts = CommitParts::of(bytes)?;
        part.commits.push(CommitNode {
            object,
            tree: self.object(&parts.tree),
            parents: parts.parents.iter().map(|id| self.object(id)).collect(),
            time: parts.committed(bytes),
        });
        Some(())
    }

    fn tag(&self, part: &mut Part, object: u32, bytes: &[u8]) -> Option<()> {
        let line = bytes
            .strip_prefix(b"object ")?
            .split(|&it| it == b'\n')
            .next()?;
        let id = ObjectId::from_hex(line).ok()?;
        part.tags.push((object, self.object(&id)));
        Some(())
    }

    /// A tree's entries: mode in octal digits, a blank, the name, a zero byte, the object's name in bytes.
    fn tree(&self, part: &mut Part, object: u32, bytes: &[u8]) -> Option<()> {
        let start = part.children.len();
        let whole = self.entries(part, bytes);
        if whole.is_none() {
            part.children.truncate(start);
            return None;
        }
        let length = u32::try_from(part.children.len() - start).ok()?;
        part.trees.push((object, start, length));
        whole
    }

    fn entries(&self, part: &mut Part, bytes: &[u8]) -> Option<()> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let blank = memchr::memchr(b' ', rest)?;
            let zero = blank + 1 + memchr::memchr(0, &rest[blank + 1..])?;
            let (mode, name) = (&rest[..blank], &rest[blank + 1..zero]);
            let (id, after) = rest[zero + 1..].split_at_checked(self.store.name_length())?;
            rest = after;
            if mode == b"160000" {
                continue;
            }
            part.children.push(Child {
                object: self.object(oid::try_from_bytes(id).ok()?),
                name: self.name(name),
            });
        }
        Some(())
    }

    fn object(&self, id: &oid) -> u32 {
        self.store.find(id).unwrap_or_else(|| {
            let mut missing = self.missing.lock().unwrap_or_else(|gone| gone.into_inner());
            let next = missing.len() as u32;
            MISSING + *missing.entry(id.to_owned()).or_insert(next)
        })
    }

    /// A number for a name: its place among those of its part, and the part.
    fn name(&self, name: &[u8]) -> u32 {
        let mut hasher = DefaultHasher::new();
        name.hash(&mut hasher);
        let shard = hasher.finish() as usize % SHARDS;
        let mut names = self.names[shard]
            .lock()
            .unwrap_or_else(|gone| gone.into_inner());
        if let Some(&number) = names.get(name) {
            return number;
        }
        let number = (names.len() * SHARDS + shard) as u32;
        if let Entry::Vacant(vacant) = names.entry(name.into()) {
            vacant.insert(number);
        }
        number
    }

    fn all_names(&self) -> Vec<Box<[u8]>> {
        let mut all = Vec::new();
        for shard in &self.names {
            let mut names = shard.lock().unwrap_or_else(|gone| gone.into_inner());
            #[expect(clippy::iter_over_hash_type, reason = "each has its place")]
            for (name, number) in names.drain() {
                let number = number as usize;
                if all.len() <= number {
                    all.resize(number + 1, Box::default());
                }
                all[number] = name;
            }
        }
        all
    }
}
