//! Where blobs stand: every path that a blob has in any commit, and the commit that brought it there. Commits are walked in
//! order, the oldest first, and of each only what no commit before it had.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

use gix::bstr::BString;
use gix::objs::Kind;

use super::graph::{Graph, MISSING};
use super::pack::NONE;
use super::store::Store;

/// How often an entry of a tree is met, on average, before a folder is no longer looked at in a second place.
const MOST_VISITS: u64 = 4;

/// How many entries are met in any case.
const LEAST_VISITS: u64 = 1 << 20;

/// Why what a step brings is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// From a ref.
    Ref,
    /// From refs of notes alone.
    Note,
    /// From nothing.
    Nothing,
}

/// One step of the walk: a commit or, where there is none, an object that a ref names or nothing does.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    /// The commit's place in the graph, or nothing.
    pub(super) commit: Option<u32>,
    pub(super) reach: Reach,
}

/// A blob at a path, and the step that brought it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) blob: u32,
    pub(crate) path: u32,
    pub(crate) step: u32,
    /// Whether nothing stood at this path before.
    pub(crate) is_new_path: bool,
}

impl Place {
    /// Whether the blob stands at a path at all.
    pub(crate) const fn has_path(&self) -> bool {
        self.path != NONE
    }
}

/// All places of all blobs.
pub(super) struct Places {
    pub(super) steps: Vec<Step>,
    /// By blob, then by step.
    all: Vec<Place>,
    /// Where a blob's places begin, and at the end how many places there are.
    starts: Vec<u32>,
    /// Each path's folder and name; the first is the root.
    paths: Vec<(u32, u32)>,
    /// What HEAD has at each path.
    at_head: Vec<u32>,
    /// What is reached, by its number.
    pub(super) reached: Vec<bool>,
    /// What of it is reached from refs.
    pub(super) from_refs: Vec<bool>,
    /// Objects that are not here or cannot be read, each with one path.
    pub(super) lost: BTreeMap<u32, u32>,
    /// Parents that are not here, each with a child.
    pub(super) lost_parents: BTreeMap<u32, u32>,
    /// The first folder that was not looked at in a second place, if there are too many places.
    pub(super) crowded: Option<u32>,
}

/// Numbers are their own hash, but for where they differ.
#[derive(Default)]
pub(super) struct OfNumber(u64);

impl Hasher for OfNumber {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(u64::from(byte));
        }
    }

    fn write_u64(&mut self, number: u64) {
        let mixed = (self.0 ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ mixed >> 32;
    }
}

type Numbers = BuildHasherDefault<OfNumber>;

/// The walk so far.
struct Walk<'g> {
    store: &'g Store,
    graph: &'g Graph,
    places: Places,
    paths: HashMap<u64, u32, Numbers>,
    /// Paths, each with an object that was seen there.
    seen: HashSet<u64, Numbers>,
    /// What was last seen at each path.
    last: Vec<u32>,
    visits: u64,
}

const fn pair(left: u32, right: u32) -> u64 {
    (left as u64) << 32 | right as u64
}

impl Places {
    /// Walks everything that the tips lead to and then, if that is asked for, all else.
    pub(super) fn of(
        store: &Store,
        graph: &mut Graph,
        tips: &[(BString, u32)],
        head: Option<u32>,
        with_unreachable: bool,
    ) -> Places {
        let named: Vec<(u32, u32)> = tips
            .iter()
            .filter(|(_, object)| !is_text(store, *object))
            .map(|(name, object)| (graph.add_name(name), *object))
            .collect();
        let mut walk = Walk {
            store,
            graph,
            places: Places {
                steps: Vec::new(),
                all: Vec::new(),
                starts: Vec::new(),
                paths: vec![(0, NONE)],
                at_head: Vec::new(),
                reached: vec![false; store.len()],
                from_refs: Vec::new(),
                lost: BTreeMap::new(),
                lost_parents: BTreeMap::new(),
                crowded: None,
            },
            paths: HashMap::default(),
            seen: HashSet::default(),
            last: vec![NONE],
            visits: 0,
        };
        walk.reachable(tips, &named);
        walk.places.from_refs.clone_from(&walk.places.reached);
        if with_unreachable {
            walk.unreachable();
        }
        if let Some(head) = head {
            walk.head(head);
        }
        let mut places = walk.places;
        places.all.sort_by_key(|place| place.blob);
        let mut starts = vec![0_u32; store.len() + 1];
        for place in &places.all {
            starts[place.blob as usize + 1] += 1;
        }
        for at in 0..store.len() {
            starts[at + 1] += starts[at];
        }
        places.starts = starts;
        places
    }

    /// The places of a blob, in the order of the steps that brought it there.
    pub(super) fn of_blob(&self, blob: u32) -> &[Place] {
        let at = blob as usize;
        &self.all[self.starts[at] as usize..self.starts[at + 1] as usize]
    }

    /// How many blobs have a place.
    pub(super) fn blobs(&self) -> u64 {
        let starts = self.starts.windows(2);
        starts.filter(|pair| pair[0] < pair[1]).count() as u64
    }

    /// Whether HEAD has the blob where it was brought to.
    pub(super) fn is_in_head(&self, place: &Place) -> bool {
        self.at_head.get(place.path as usize) == Some(&place.blob)
    }

    /// A path in full.
    pub(super) fn path(&self, graph: &Graph, path: u32) -> BString {
        let mut names = Vec::new();
        let mut at = path;
        while let Some(&(folder, name)) = self.paths.get(at as usize).filter(|it| it.1 != NONE) {
            names.push(graph.name(name));
            at = folder;
        }
        names.reverse();
        BString::from(names.join(&b'/'))
    }
}

/// Whether an object is a commit or a tag.
fn is_text(store: &Store, object: u32) -> bool {
    object < MISSING && matches!(store.kind(object), Some(Kind::Commit | Kind::Tag))
}

impl Walk<'_> {
    fn reachable(&mut self, tips: &[(BString, u32)], named: &[(u32, u32)]) {
        let is_note = |name: &BString| name.starts_with(b"refs/notes/");
        let (notes, others): (Vec<_>, Vec<_>) = tips.iter().partition(|(name, _)| is_note(name));
        for (group, reach) in [(others, Reach::Ref), (notes, Reach::Note)] {
            let mut commits = Vec::new();
            let mut objects = Vec::new();
            for (_, object) in group {
                self.peel(*object, &mut commits, &mut objects);
            }
            self.commits(commits, reach);
            self.places.steps.push(Step {
                commit: None,
                reach,
            });
            for object in objects {
                let name = named.iter().find(|(_, other)| *other == object);
                self.thing(object, name.map(|(name, _)| *name));
            }
        }
    }

    /// Follows tags to the commit or to what else they are about.
    fn peel(&mut self, mut object: u32, commits: &mut Vec<u32>, objects: &mut Vec<u32>) {
        while let Some(next) = self.graph.tagged(object) {
            if std::mem::replace(&mut self.places.reached[object as usize], true) {
                return;
            }
            object = next;
        }
        match self.graph.commit(object) {
            Some(commit) => commits.push(commit),
            None => objects.push(object),
        }
    }

    /// What is no commit and no tag, and in no commit as far as is known.
    fn thing(&mut self, object: u32, name: Option<u32>) {
        let kind = (object < MISSING).then(|| self.store.kind(object));
        match kind.flatten() {
            Some(Kind::Tree) => self.tree(0, object),
            kind => {
                let path = match name {
                    Some(name) => self.path(0, name),
                    None => NONE,
                };
                self.meet(path, object, kind, true);
            }
        }
    }

    /// Walks commits and all that they come from, the oldest first.
    fn commits(&mut self, tips: Vec<u32>, reach: Reach) {
        let graph = self.graph;
        let mut found = Vec::new();
        let mut waiting = tips;
        while let Some(at) = waiting.pop() {
            let commit = &graph.commits[at as usize];
            if std::mem::replace(&mut self.places.reached[commit.object as usize], true) {
                continue;
            }
            found.push(at);
            for &parent in &commit.parents {
                match graph.commit(parent) {
                    Some(parent) => waiting.push(parent),
                    None => {
                        self.places.lost_parents.entry(parent).or_insert(at);
                        self.reach(parent);
                    }
                }
            }
        }
        found.sort_unstable();
        for at in in_order(graph, &found) {
            self.places.steps.push(Step {
                commit: Some(at),
                reach,
            });
            let tree = graph.commits[at as usize].tree;
            if tree < MISSING && self.store.kind(tree) == Some(Kind::Tree) {
                self.tree(0, tree);
            } else {
                self.places.lost.entry(tree).or_insert(0);
            }
        }
    }

    /// Walks what nothing leads to: commits, then trees that are in no other tree, then the rest.
    fn unreachable(&mut self) {
        let graph = self.graph;
        let objects = || 0..self.store.len() as u32;
        for &(tag, about) in &graph.tags {
            if !self.places.reached[tag as usize] {
                self.places.reached[tag as usize] = true;
                if about >= MISSING {
                    self.places.lost.entry(about).or_insert(NONE);
                }
            }
        }
        self.commits((0..graph.commits.len() as u32).collect(), Reach::Nothing);
        self.places.steps.push(Step {
            commit: None,
            reach: Reach::Nothing,
        });
        let mut within = vec![false; self.store.len()];
        let is_tree = |object: &u32| self.store.kind(*object) == Some(Kind::Tree);
        for tree in objects().filter(is_tree) {
            for child in graph.children(tree) {
                if child.object < MISSING {
                    within[child.object as usize] = true;
                }
            }
        }
        let trees: Vec<u32> = objects().filter(is_tree).collect();
        for is_within in [false, true] {
            for &tree in &trees {
                if within[tree as usize] == is_within && !self.places.reached[tree as usize] {
                    self.tree(0, tree);
                }
            }
        }
        for object in objects() {
            if !self.places.reached[object as usize] {
                self.meet(NONE, object, self.store.kind(object), false);
            }
        }
    }

    /// Notes everything in a tree that was not there before.
    fn tree(&mut self, path: u32, tree: u32) {
        let graph = self.graph;
        let most = LEAST_VISITS + MOST_VISITS * graph.entries();
        let mut waiting = Vec::new();
        if self.seen.insert(pair(path, tree)) {
            waiting.push((path, tree));
        }
        while let Some((folder, tree)) = waiting.pop() {
            let is_new = !std::mem::replace(&mut self.places.reached[tree as usize], true);
            if self.visits > most && !is_new {
                self.places.crowded.get_or_insert(folder);
                continue;
            }
            let children = graph.children(tree);
            if children.is_empty() && !graph.has_tree(tree) {
                self.places.lost.entry(tree).or_insert(folder);
            }
            self.visits += children.len() as u64;
            for child in children {
                let path = self.path(folder, child.name);
                if self.last[path as usize] == child.object {
                    continue;
                }
                let is_new_path =
                    std::mem::replace(&mut self.last[path as usize], child.object) == NONE;
                if !self.seen.insert(pair(path, child.object)) {
                    continue;
                }
                let kind = (child.object < MISSING).then(|| self.store.kind(child.object));
                match kind.flatten() {
                    Some(Kind::Tree) => waiting.push((path, child.object)),
                    kind => self.meet(path, child.object, kind, is_new_path),
                }
            }
        }
    }

    /// Notes an object that is no tree at a path.
    fn meet(&mut self, path: u32, object: u32, kind: Option<Kind>, is_new_path: bool) {
        match kind {
            Some(Kind::Blob) => self.places.all.push(Place {
                blob: object,
                path,
                step: self.places.steps.len() as u32 - 1,
                is_new_path,
            }),
            // Its text is looked at as what it is.
            Some(Kind::Commit | Kind::Tag) => {}
            Some(Kind::Tree) | None => {
                self.places.lost.entry(object).or_insert(path);
            }
        }
        self.reach(object);
    }

    fn reach(&mut self, object: u32) {
        if let Some(reached) = self.places.reached.get_mut(object as usize) {
            *reached = true;
        }
    }

    fn path(&mut self, folder: u32, name: u32) -> u32 {
        let next = self.places.paths.len() as u32;
        let path = *self.paths.entry(pair(folder, name)).or_insert(next);
        if path == next {
            self.places.paths.push((folder, name));
            self.last.push(NONE);
        }
        path
    }

    /// Notes what HEAD has, which was walked before.
    fn head(&mut self, commit: u32) {
        let graph = self.graph;
        self.places.at_head = vec![NONE; self.places.paths.len()];
        let Some(commit) = graph.commit(commit) else {
            return;
        };
        let mut waiting = vec![(0, graph.commits[commit as usize].tree)];
        while let Some((folder, tree)) = waiting.pop() {
            if tree >= MISSING || self.store.kind(tree) != Some(Kind::Tree) {
                continue;
            }
            for child in graph.children(tree) {
                let Some(&path) = self.paths.get(&pair(folder, child.name)) else {
                    continue;
                };
                // Each path is met once, unless a tree has a name twice.
                if std::mem::replace(&mut self.places.at_head[path as usize], child.object) == NONE
                {
                    waiting.push((path, child.object));
                }
            }
        }
    }
}

/// Commits so that parents come before children and else by date; `commits` are in the order of their names.
fn in_order(graph: &Graph, commits: &[u32]) -> Vec<u32> {
    let place = |commit: u32| commits.binary_search(&commit).ok();
    let mut parents = vec![0_u32; commits.len()];
    let mut children: Vec<Vec<u32>> = vec![Vec::new(); commits.len()];
    for (at, &commit) in (0..).zip(commits) {
        let known = graph.commits[commit as usize].parents.iter();
        for parent in known.filter_map(|&parent| place(graph.commit(parent)?)) {
            children[parent].push(at);
            parents[at as usize] += 1;
        }
    }
    let key = |at: u32| Reverse((graph.commits[commits[at as usize] as usize].time, at));
    let ready = (0..commits.len() as u32).filter(|&at| parents[at as usize] == 0);
    let mut ready: BinaryHeap<_> = ready.map(key).collect();
    let mut order = Vec::with_capacity(commits.len());
    while let Some(Reverse((_, at))) = ready.pop() {
        order.push(commits[at as usize]);
        for &child in &children[at as usize] {
            parents[child as usize] -= 1;
            if parents[child as usize] == 0 {
                ready.push(key(child));
            }
        }
    }
    // Commits that come from each other, which only somebody who lies about names can make.
    let known = order.len();
    order.extend(
        (0..commits.len())
            .filter(|&at| parents[at] > 0)
            .map(|at| commits[at]),
    );
    order[known..].sort_unstable();
    order
}
