//! One pack: which object is made of which, and all of them decoded family by family, so that no base is inflated twice. Format:
//! git's `Documentation/gitformat-pack.adoc`.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use gix::hash;
use gix::objs::Kind;
use gix::odb::pack::data::entry::Header;
use gix::odb::pack::{data, index};
use gix::oid;
use gix::zlib::Inflate;
use rayon::Scope;

use super::delta;
use super::error::said;
use super::reader::LARGEST;
use crate::model::Why;

/// In place of an entry or an object, where there is none.
pub(super) const NONE: u32 = u32::MAX;

/// How many times longer than its deflated form a text can be, rounded up.
const MOST_INFLATED: u64 = 1100;

/// How many bytes of bases may wait for another thread.
const MOST_WAITING: usize = 64 << 20;

/// What is worth another thread: so many objects.
const WORTH_A_THREAD: u32 = 16;

/// A pack and its index.
pub(super) struct Pack {
    data: data::File,
    index: index::File,
    /// Entries by where they begin; from here on an entry is its number in this order.
    offsets: Vec<u64>,
    /// An entry by its place in the index.
    entry_of: Vec<u32>,
    /// The object that an entry is, if no other pack was asked for it first.
    objects: Vec<u32>,
    kinds: Vec<Option<Kind>>,
    /// The delta tree: an entry's first child, and the next child of its base.
    first_child: Vec<u32>,
    next_child: Vec<u32>,
    /// Every entry that can be decoded, bases first.
    order: Vec<u32>,
    roots: usize,
}

/// What a thread keeps from object to object.
pub(super) struct Worker<S> {
    inflate: Inflate,
    delta: Vec<u8>,
    pub(super) scratch: S,
}

impl<S: Default> Default for Worker<S> {
    fn default() -> Worker<S> {
        Worker {
            inflate: Inflate::default(),
            delta: Vec::new(),
            scratch: S::default(),
        }
    }
}

/// What is done with objects, on many threads at once.
pub(super) trait Visit<S>: Sync {
    /// Whether an object is to be decoded for its own sake.
    fn wants(&self, object: u32, kind: Kind) -> bool;
    /// An object's bytes, or why they cannot be had.
    fn visit(&self, scratch: &mut S, object: u32, kind: Kind, bytes: Result<&[u8], Why>);
}

/// One walk through a pack.
struct Walk<'p, V> {
    pack: &'p Pack,
    visit: &'p V,
    /// How many objects in an entry's family, from it on, are wanted.
    weights: Vec<u32>,
    waiting: AtomicUsize,
}

impl Pack {
    /// Opens a pack by its index, and finds out which entry is made of which.
    pub(super) fn open(index: &Path, hash: hash::Kind) -> Result<Pack, Why> {
        let broken = |error: gix::Error| Why::Unreadable(said(&error));
        let pack = index.with_extension("pack");
        for path in [index, &pack] {
            let metadata = path
                .metadata()
                .map_err(|error| Why::Unreadable(error.to_string()))?;
            if !metadata.is_file() {
                return Err(Why::Unreadable("is not a regular file".to_owned()));
            }
        }
        let index = index::File::at(index, hash).map_err(broken)?;
        let data = data::File::at(&pack, hash).map_err(broken)?;
        Ok(Pack::new(data, index))
    }

    fn new(data: data::File, index: index::File) -> Pack {
        let count = index.num_objects() as usize;
        let offsets: Vec<u64> = (0..index.num_objects())
            .map(|at| index.pack_offset_at_index(at))
            .collect();
        let mut by_offset: Vec<u32> = (0..index.num_objects()).collect();
        by_offset.sort_unstable_by_key(|&at| offsets[at as usize]);
        let mut entry_of = vec![0; count];
        for (entry, &at) in (0..).zip(&by_offset) {
            entry_of[at as usize] = entry;
        }
        let mut pack = Pack {
            offsets: by_offset.iter().map(|&at| offsets[at as usize]).collect(),
            data,
            index,
            entry_of,
            objects: vec![NONE; count],
            kinds: vec![None; count],
            first_child: vec![NONE; count],
            next_child: vec![NONE; count],
            order: Vec::with_capacity(count),
            roots: 0,
        };
        pack.find_families();
        pack
    }

    fn find_families(&mut self) {
        for entry in (0..self.index.num_objects()).rev() {
            let Ok(header) = self.header(entry) else {
                continue;
            };
            let base = match header.header {
                Header::OfsDelta { base_distance } => header
                    .checked_base_pack_offset(base_distance)
                    .and_then(|offset| self.offsets.binary_search(&offset).ok()),
                Header::RefDelta { base_id } => self
                    .index
                    .lookup(base_id)
                    .map(|at| self.entry_of[at as usize] as usize),
                whole => {
                    self.kinds[entry as usize] = whole.as_kind();
                    None
                }
            };
            if let Some(base) = base {
                self.next_child[entry as usize] = self.first_child[base];
                self.first_child[base] = entry;
            }
        }
        let roots = (0..self.index.num_objects()).filter(|&at| self.kinds[at as usize].is_some());
        self.order.extend(roots);
        self.roots = self.order.len();
        let mut at = 0;
        while let Some(&base) = self.order.get(at) {
            at += 1;
            let mut child = self.first_child[base as usize];
            while child != NONE {
                self.kinds[child as usize] = self.kinds[base as usize];
                self.order.push(child);
                child = self.next_child[child as usize];
            }
        }
    }

    /// How many entries there are.
    pub(super) fn len(&self) -> u32 {
        self.index.num_objects()
    }

    /// The name of the object at a place in the index.
    pub(super) fn id(&self, at: u32) -> &oid {
        self.index.oid_at_index(at)
    }

    /// The kind of the object at a place in the index, if it can be told.
    pub(super) fn kind(&self, at: u32) -> Option<Kind> {
        self.kinds[self.entry_of[at as usize] as usize]
    }

    /// Says which object the one at a place in the index is.
    pub(super) fn set_object(&mut self, at: u32, object: u32) {
        self.objects[self.entry_of[at as usize] as usize] = object;
    }

    fn header(&self, entry: u32) -> Result<data::Entry, Why> {
        let offset = self.offsets[entry as usize];
        let entry = self.data.entry(offset);
        entry.map_err(|error| Why::Unreadable(format!("git's pack: {}", said(&error))))
    }

    /// Gives every wanted object of the pack to `visit`, on all threads of the pool.
    pub(super) fn walk<S: Default + Send, V: Visit<S>>(
        &self,
        visit: &V,
        workers: &super::store::Workers<S>,
    ) {
        let mut weights = vec![0_u32; self.kinds.len()];
        for &entry in self.order.iter().rev() {
            let (object, kind) = (self.objects[entry as usize], self.kinds[entry as usize]);
            let wanted = kind.is_some_and(|kind| object != NONE && visit.wants(object, kind));
            let mut weight = u32::from(wanted);
            let mut child = self.first_child[entry as usize];
            while child != NONE {
                weight += weights[child as usize];
                child = self.next_child[child as usize];
            }
            weights[entry as usize] = weight;
        }
        let roots: Vec<u32> = self.order[..self.roots]
            .iter()
            .copied()
            .filter(|&root| weights[root as usize] > 0)
            .collect();
        let walk = Walk {
            pack: self,
            visit,
            weights,
            waiting: AtomicUsize::new(0),
        };
        let mut rest = &roots[..];
        rayon::scope(|scope| {
            while !rest.is_empty() {
                let mut weight = 0;
                let part = rest
                    .iter()
                    .take_while(|&&root| {
                        let is_room = weight < WORTH_A_THREAD;
                        weight += walk.weights[root as usize];
                        is_room
                    })
                    .count();
                let (part, others) = rest.split_at(part);
                rest = others;
                let walk = &walk;
                scope.spawn(move |scope| {
                    workers.with(|worker| {
                        for &root in part {
                            walk.family(scope, workers, worker, root, None);
                        }
                    });
                });
            }
        });
    }
}

impl<V> Walk<'_, V> {
    /// Decodes an entry with the bytes of its base, and all that is made of it. The largest part of the family comes last,
    /// when the base is no longer needed: so there are never more bases at once than the family's size has bits.
    fn family<'s, S: Default + Send>(
        &'s self,
        scope: &Scope<'s>,
        workers: &'s super::store::Workers<S>,
        worker: &mut Worker<S>,
        mut entry: u32,
        mut base: Option<Arc<Vec<u8>>>,
    ) where
        V: Visit<S>,
    {
        loop {
            let mut bytes = Vec::new();
            let decoded = self.pack.decode(
                entry,
                base.as_deref().map(Vec::as_slice),
                worker,
                &mut bytes,
            );
            drop(base.take());
            if let Err(why) = decoded {
                return self.fail(worker, entry, &why);
            }
            self.give(worker, entry, Ok(&bytes));
            let mut children = self.children(entry);
            let Some(heaviest) = children.pop() else {
                return;
            };
            let bytes = Arc::new(bytes);
            for child in children {
                let is_worth = self.weights[child as usize] >= WORTH_A_THREAD
                    && self.waiting.load(Ordering::Relaxed) + bytes.len() <= MOST_WAITING;
                let bytes = Arc::clone(&bytes);
                if is_worth {
                    self.waiting.fetch_add(bytes.len(), Ordering::Relaxed);
                    scope.spawn(move |scope| {
                        self.waiting.fetch_sub(bytes.len(), Ordering::Relaxed);
                        workers
                            .with(|worker| self.family(scope, workers, worker, child, Some(bytes)));
                    });
                } else {
                    self.family(scope, workers, worker, child, Some(bytes));
                }
            }
            (entry, base) = (heaviest, Some(bytes));
        }
    }

    /// The children of an entry that lead to anything wanted, the heaviest last.
    fn children(&self, entry: u32) -> Vec<u32> {
        let mut children = Vec::new();
        let mut child = self.pack.first_child[entry as usize];
        while child != NONE {
            if self.weights[child as usize] > 0 {
                children.push(child);
            }
            child = self.pack.next_child[child as usize];
        }
        children.sort_by_key(|&child| (self.weights[child as usize], child));
        children
    }

    /// Says of an entry, and of all that is made of it, that it cannot be had.
    fn fail<S>(&self, worker: &mut Worker<S>, entry: u32, why: &Why)
    where
        V: Visit<S>,
    {
        let mut waiting = vec![entry];
        while let Some(entry) = waiting.pop() {
            self.give(worker, entry, Err(why.clone()));
            waiting.extend(self.children(entry));
        }
    }

    fn give<S>(&self, worker: &mut Worker<S>, entry: u32, bytes: Result<&[u8], Why>)
    where
        V: Visit<S>,
    {
        let object = self.pack.objects[entry as usize];
        let Some(kind) = self.pack.kinds[entry as usize] else {
            return;
        };
        if object != NONE && self.visit.wants(object, kind) {
            self.visit.visit(&mut worker.scratch, object, kind, bytes);
        }
    }
}

impl Pack {
    fn decode<S>(
        &self,
        entry: u32,
        base: Option<&[u8]>,
        worker: &mut Worker<S>,
        bytes: &mut Vec<u8>,
    ) -> Result<(), Why> {
        let broken = || Why::Unreadable("git's pack is damaged here".to_owned());
        let header = self.header(entry)?;
        let Some(base) = base else {
            return self.inflate(entry, &header, &mut worker.inflate, bytes);
        };
        self.inflate(entry, &header, &mut worker.inflate, &mut worker.delta)?;
        if delta::result_size(&worker.delta).map_err(|_| broken())? > LARGEST {
            return Err(Why::TooLong(LARGEST));
        }
        delta::apply(base, &worker.delta, bytes).map_err(|_| broken())
    }

    fn inflate(
        &self,
        entry: u32,
        header: &data::Entry,
        inflate: &mut Inflate,
        bytes: &mut Vec<u8>,
    ) -> Result<(), Why> {
        let end = match self.offsets.get(entry as usize + 1) {
            Some(&next) => next,
            None => self.data.pack_end() as u64,
        };
        let deflated = end.saturating_sub(header.data_offset);
        let size = header.decompressed_size;
        if size > LARGEST {
            return Err(Why::TooLong(LARGEST));
        }
        // Room is not made for what cannot be.
        if size > deflated.saturating_mul(MOST_INFLATED) {
            return Err(Why::Unreadable("git's pack is damaged here".to_owned()));
        }
        let size = usize::try_from(size).map_err(|_| Why::TooLong(LARGEST))?;
        if bytes.capacity() == 0 {
            *bytes = vec![0; size];
        } else {
            bytes.resize(size, 0);
        }
        self.data
            .decompress_entry(header, inflate, bytes)
            .map(drop)
            .map_err(|error| Why::Unreadable(format!("git's pack: {}", said(&error))))
    }
}
