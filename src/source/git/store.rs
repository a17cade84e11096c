//! All objects of a repository, wherever they lie: in packs, on their own, in the stores that it borrows from. Each has a number,
//! its place among all names in order, and is read once.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use gix::objs::Kind;
use gix::odb::loose;
use gix::{ObjectId, Repository, oid};
use rayon::prelude::*;

use super::error::{GitError, said};
use super::pack::{Pack, Visit, Worker};
use super::reader::LARGEST;
use crate::model::Why;

/// Every object that is here.
pub(super) struct Store {
    packs: Vec<Pack>,
    loose: Vec<loose::Store>,
    /// All names, end to end, in order, each once.
    names: Vec<u8>,
    name_length: usize,
    /// Where names begin that begin with two given bytes, and at the end how many names there are.
    fan: Vec<u32>,
    /// What each object is, and nothing where that cannot be told.
    kinds: Vec<Option<Kind>>,
    /// Objects that lie on their own, and the store that each is in.
    alone: Vec<(u32, u32)>,
    /// Packs and folders that cannot be read.
    pub(super) unread: Vec<(PathBuf, Why)>,
}

/// What threads keep from object to object, handed out for a while.
pub(super) struct Workers<S> {
    idle: Mutex<Vec<Worker<S>>>,
}

impl<S: Default> Workers<S> {
    pub(super) fn with(&self, work: impl FnOnce(&mut Worker<S>)) {
        let lock = || self.idle.lock().unwrap_or_else(|gone| gone.into_inner());
        let idle = lock().pop();
        let mut worker = idle.unwrap_or_default();
        work(&mut worker);
        lock().push(worker);
    }
}

/// Where an object is: in which pack or, beyond them, in which folder, and where there.
#[derive(Clone, Copy)]
struct Copy {
    holder: u32,
    at: u32,
}

impl Store {
    /// Finds all objects of a repository.
    ///
    /// # Errors
    /// The stores that it borrows from cannot be told, or there are more objects than can be counted.
    pub(super) fn open(repository: &Repository) -> Result<Store, GitError> {
        let hash = repository.object_hash();
        let folders = folders(repository)?;
        let mut unread = Vec::new();
        let mut indices = Vec::new();
        for folder in &folders {
            match files_in(&folder.join("pack")) {
                Ok(files) => {
                    indices.extend(files.into_iter().filter(|file| {
                        file.extension().is_some_and(|extension| extension == "idx")
                    }))
                }
                Err(why) => unread.push((folder.join("pack"), why)),
            }
        }
        let opened: Vec<_> = indices
            .par_iter()
            .map(|index| Pack::open(index, hash))
            .collect();
        let mut packs = Vec::new();
        for (index, opened) in indices.iter().zip(opened) {
            match opened {
                Ok(pack) => packs.push(pack),
                Err(why) => unread.push((index.with_extension("pack"), why)),
            }
        }
        let mut alone = Vec::new();
        let mut loose = Vec::new();
        for folder in &folders {
            alone.push(alone_in(folder, repository, &mut unread));
            loose.push(loose::Store::at(folder, hash));
        }
        let store = Store {
            packs,
            loose,
            names: Vec::new(),
            name_length: hash.len_in_bytes(),
            fan: Vec::new(),
            kinds: Vec::new(),
            alone: Vec::new(),
            unread,
        };
        store.numbered(&alone)
    }

    /// Gives every object its number.
    fn numbered(mut self, alone: &[Vec<ObjectId>]) -> Result<Store, GitError> {
        let packs = self.packs.len() as u32;
        let mut copies = Vec::new();
        for (holder, pack) in (0..).zip(&self.packs) {
            copies.extend((0..pack.len()).map(|at| Copy { holder, at }));
        }
        for (folder, ids) in (packs..).zip(alone) {
            copies.extend((0..ids.len() as u32).map(|at| Copy { holder: folder, at }));
        }
        if copies.len() >= super::graph::MISSING as usize {
            return Err(GitError::Broken("there are too many objects".to_owned()));
        }
        let name = |copy: &Copy| match self.packs.get(copy.holder as usize) {
            Some(pack) => pack.id(copy.at),
            None => alone[(copy.holder - packs) as usize][copy.at as usize].as_ref(),
        };
        // What is in order already, as each pack's index is, stays so.
        copies.sort_by(|left, right| (name(left), left.holder).cmp(&(name(right), right.holder)));
        copies.dedup_by(|next, first| name(next) == name(first));
        let mut names = Vec::with_capacity(copies.len() * self.name_length);
        for copy in &copies {
            names.extend_from_slice(name(copy).as_bytes());
        }
        self.names = names;
        let headers: Vec<Option<Kind>> = copies
            .par_iter()
            .map(|copy| match self.packs.get(copy.holder as usize) {
                Some(pack) => pack.kind(copy.at),
                None => {
                    let folder = (copy.holder - packs) as usize;
                    let id = &alone[folder][copy.at as usize];
                    let header = self.loose[folder].try_header(id).ok()??;
                    Some(header.1)
                }
            })
            .collect();
        self.kinds = headers;
        for (object, copy) in (0..).zip(&copies) {
            match self.packs.get_mut(copy.holder as usize) {
                Some(pack) => pack.set_object(copy.at, object),
                None => self.alone.push((object, copy.holder - packs)),
            }
        }
        self.fan = vec![0; (1 << 16) + 1];
        for name in self.names.chunks_exact(self.name_length) {
            self.fan[first_bytes(name) + 1] += 1;
        }
        for at in 0..1 << 16 {
            self.fan[at + 1] += self.fan[at];
        }
        Ok(self)
    }

    /// How many objects there are.
    pub(super) fn len(&self) -> usize {
        self.kinds.len()
    }

    /// The number of the object of this name.
    pub(super) fn find(&self, name: &oid) -> Option<u32> {
        let name = name.as_bytes();
        if name.len() != self.name_length {
            return None;
        }
        let bucket = first_bytes(name);
        let (mut low, mut high) = (self.fan[bucket], self.fan[bucket + 1]);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.name(middle).cmp(name) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Equal => return Some(middle),
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    fn name(&self, object: u32) -> &[u8] {
        let start = object as usize * self.name_length;
        &self.names[start..start + self.name_length]
    }

    /// An object's name.
    pub(super) fn id(&self, object: u32) -> ObjectId {
        ObjectId::from_bytes_or_panic(self.name(object))
    }

    /// A name that no object has.
    pub(super) fn null(&self) -> ObjectId {
        ObjectId::from_bytes_or_panic(&vec![0; self.name_length])
    }

    /// How long names are, in bytes.
    pub(super) fn name_length(&self) -> usize {
        self.name_length
    }

    /// What an object is, if that can be told.
    pub(super) fn kind(&self, object: u32) -> Option<Kind> {
        self.kinds[object as usize]
    }

    /// Gives every object that is wanted to `visit`, on all threads of the pool; returns what each thread kept.
    pub(super) fn walk<S: Default + Send, V: Visit<S>>(&self, visit: &V) -> Vec<S> {
        let workers = Workers {
            idle: Mutex::new(Vec::new()),
        };
        self.packs
            .par_iter()
            .for_each(|pack| pack.walk(visit, &workers));
        self.alone.par_chunks(64).for_each(|part| {
            workers.with(|worker| {
                let mut bytes = Vec::new();
                for &(object, folder) in part {
                    self.visit_alone(visit, worker, object, folder, &mut bytes);
                }
            });
        });
        let workers = workers.idle.into_inner();
        let workers = workers.unwrap_or_else(|gone| gone.into_inner());
        workers.into_iter().map(|worker| worker.scratch).collect()
    }

    fn visit_alone<S, V: Visit<S>>(
        &self,
        visit: &V,
        worker: &mut Worker<S>,
        object: u32,
        folder: u32,
        bytes: &mut Vec<u8>,
    ) {
        let Some(kind) = self.kind(object).filter(|&kind| visit.wants(object, kind)) else {
            return;
        };
        let broken = |error: &gix::Error| Why::Unreadable(format!("git's object: {}", said(error)));
        let store = &self.loose[folder as usize];
        let id = self.id(object);
        let read = match store.try_header(&id) {
            Ok(Some((size, _))) if size > LARGEST => Err(Why::TooLong(LARGEST)),
            Ok(Some(_)) => match store.try_find(&id, bytes) {
                Ok(Some(data)) => Ok(data.data),
                Ok(None) => Err(Why::MissingObject(id.to_string())),
                Err(error) => Err(broken(&error)),
            },
            Ok(None) => Err(Why::MissingObject(id.to_string())),
            Err(error) => Err(broken(&error)),
        };
        visit.visit(&mut worker.scratch, object, kind, read);
    }
}

fn first_bytes(name: &[u8]) -> usize {
    usize::from(name[0]) << 8 | usize::from(name[1])
}

/// The folder of the repository's objects and those that it borrows from.
fn folders(repository: &Repository) -> Result<Vec<PathBuf>, GitError> {
    let own = repository.objects.store_ref().path().to_path_buf();
    let borrowed = gix::odb::alternate::resolve(own.clone(), repository.current_dir());
    let borrowed = borrowed
        .map_err(|error| GitError::broken("the stores it borrows from cannot be told", &error))?;
    Ok(std::iter::once(own).chain(borrowed).collect())
}

/// The names of the objects that lie in a folder on their own.
fn alone_in(
    folder: &Path,
    repository: &Repository,
    unread: &mut Vec<(PathBuf, Why)>,
) -> Vec<ObjectId> {
    let mut ids = Vec::new();
    let digits = repository.object_hash().len_in_hex();
    for first in 0..=255_u8 {
        let first = format!("{first:02x}");
        let files = match files_in(&folder.join(&first)) {
            Ok(files) => files,
            Err(why) => {
                unread.push((folder.join(first), why));
                continue;
            }
        };
        let named = files.iter().filter_map(|file| {
            let name = file.file_name()?.to_str()?;
            let id = ObjectId::from_hex(format!("{first}{name}").as_bytes()).ok()?;
            (name.len() + 2 == digits).then_some((id, file))
        });
        for (id, file) in named {
            // A pipe of that name would be waited for.
            if file.metadata().is_ok_and(|metadata| metadata.is_file()) {
                ids.push(id);
            } else {
                let why = Why::Unreadable("is not a regular file".to_owned());
                unread.push((file.clone(), why));
            }
        }
    }
    ids.sort_unstable();
    ids
}

/// What is in a folder, in order; nothing if it is not there.
fn files_in(folder: &Path) -> Result<Vec<PathBuf>, Why> {
    let unreadable = |error: std::io::Error| Why::Unreadable(error.to_string());
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(unreadable)?,
    };
    let mut files = Vec::new();
    for entry in entries {
        files.push(entry.map_err(unreadable)?.path());
    }
    files.sort_unstable();
    Ok(files)
}
