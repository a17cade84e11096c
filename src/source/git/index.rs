//! Git's index, read by gix after a look at what gix takes on trust: how deep its lists are nested, how long its paths become
//! when they are put together, in which order they are, and that an index is shared once at most.

use std::fs;
use std::io;
use std::path::Path;

use gix::ObjectId;
use gix::hash::Kind;
use gix::index::{File, State, decode};

use super::error::GitError;
use super::files;

/// The longest index, and the most that all its paths may come to, in bytes.
const LONGEST: u64 = 1 << 30;

/// How deep folders may be nested in the index's own list of folders.
const DEEPEST: usize = 2_000;

/// The index that the next commit is made from; an empty one if there is none yet.
///
/// # Errors
/// It cannot be read, or is not as git writes it.
pub(super) fn open(repository: &gix::Repository) -> Result<State, GitError> {
    let (path, hash) = (repository.index_path(), repository.object_hash());
    let broken = |words: &str| GitError::Broken(format!("{}: {words}", path.display()));
    let Some(bytes) = bytes(&path).map_err(|words| broken(&words))? else {
        return Ok(State::new(hash));
    };
    if let Some(shared) = Look::at(&bytes, hash).map_err(broken)? {
        let shared = path.with_file_name(format!("sharedindex.{shared}"));
        let bytes = self::bytes(&shared).map_err(|words| broken(&words))?;
        let bytes = bytes.ok_or_else(|| {
            broken("the index that it shares is not here; `git update-index --no-split-index` makes one of the two")
        })?;
        if Look::at(&bytes, hash).map_err(broken)?.is_some() {
            return Err(broken("an index that is shared shares another one"));
        }
    }
    let options = decode::Options {
        thread_limit: Some(1),
        ..decode::Options::default()
    };
    let file = File::at(&path, hash, false, options)
        .map_err(|error| GitError::broken("the index cannot be read", &error))?;
    let state = State::from(file);
    let entries = state.entries();
    let order = |at: usize| (entries[at].path(&state), entries[at].stage_raw());
    match (1..entries.len()).all(|at| order(at - 1) < order(at)) {
        true => Ok(state),
        false => Err(broken("its entries are not in order")),
    }
}

/// What a file holds; nothing if there is none.
fn bytes(path: &Path) -> Result<Option<Vec<u8>>, String> {
    if let Some(kind) = files::odd_kind(path) {
        return Err(format!("is a {kind}"));
    }
    match fs::metadata(path) {
        Ok(metadata) if metadata.len() > LONGEST => return Err("is far too long".to_owned()),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.to_string()),
    }
    fs::read(path).map(Some).map_err(|error| error.to_string())
}

const CUT_SHORT: &str = "the index is cut short, or is none";

/// What is left to be looked at.
struct Look<'b> {
    bytes: &'b [u8],
    hash: usize,
}

impl<'b> Look<'b> {
    /// Looks at an index; tells which other index it shares, if it does.
    fn at(bytes: &'b [u8], hash: Kind) -> Result<Option<ObjectId>, &'static str> {
        let hash = hash.len_in_bytes();
        let end = bytes.len().checked_sub(hash).ok_or(CUT_SHORT)?;
        let mut look = Look {
            bytes: &bytes[..end],
            hash,
        };
        if look.take(4)? != b"DIRC" {
            return Err("is no index");
        }
        let version = look.number()?;
        if !(2..=4).contains(&version) {
            return Err("is an index of a version that is not known here");
        }
        look.entries(version)?;
        look.extensions()
    }

    fn take(&mut self, length: usize) -> Result<&'b [u8], &'static str> {
        let (taken, rest) = self.bytes.split_at_checked(length).ok_or(CUT_SHORT)?;
        self.bytes = rest;
        Ok(taken)
    }

    fn until(&mut self, end: u8) -> Result<&'b [u8], &'static str> {
        let length = memchr::memchr(end, self.bytes).ok_or(CUT_SHORT)?;
        let taken = self.take(length)?;
        self.take(1)?;
        Ok(taken)
    }

    fn number(&mut self) -> Result<u32, &'static str> {
        let bytes = self.take(4)?.try_into().map_err(|_| CUT_SHORT)?;
        Ok(u32::from_be_bytes(bytes))
    }

    /// Each entry: 40 bytes about the file, its id, two bytes of flags or four, and its path, the length of which is in the
    /// flags unless it is too long for them; in version 4 what it shares with the path before is left out.
    fn entries(&mut self, version: u32) -> Result<(), &'static str> {
        let (mut before, mut all) = (0_u64, 0_u64);
        for _ in 0..self.number()? {
            let length = self.bytes.len();
            self.take(40 + self.hash)?;
            let flags = u16::from_be_bytes(self.take(2)?.try_into().map_err(|_| CUT_SHORT)?);
            if flags & 0x4000 != 0 {
                self.take(2)?;
            }
            if version == 4 {
                let kept = before.checked_sub(self.dropped()?).ok_or(CUT_SHORT)?;
                before = kept + self.until(0)?.len() as u64;
            } else {
                let path = usize::from(flags & 0x0fff);
                let path = match path {
                    0x0fff => memchr::memchr(0, self.bytes).ok_or(CUT_SHORT)?,
                    _ => path,
                };
                self.take(path)?;
                let entry = length - self.bytes.len();
                self.take(8 - entry % 8)?;
                before = path as u64;
            }
            all += before;
            if all > LONGEST {
                return Err("its paths are far too long");
            }
        }
        Ok(())
    }

    /// How much of the path before is left out at its end, in git's numbers of varying length.
    fn dropped(&mut self) -> Result<u64, &'static str> {
        let mut byte = self.take(1)?[0];
        let mut value = u64::from(byte & 0x7f);
        while byte & 0x80 != 0 {
            byte = self.take(1)?[0];
            value = (value + 1)
                .checked_mul(128)
                .and_then(|value| value.checked_add(u64::from(byte & 0x7f)))
                .ok_or(CUT_SHORT)?;
        }
        Ok(value)
    }

    fn extensions(&mut self) -> Result<Option<ObjectId>, &'static str> {
        let mut shared = None;
        while !self.bytes.is_empty() {
            let name = self.take(4)?;
            let length = self.number()?;
            let bytes = self.take(usize::try_from(length).map_err(|_| CUT_SHORT)?)?;
            let mut within = Look {
                bytes,
                hash: self.hash,
            };
            match name {
                b"TREE" => within.folders()?,
                b"link" => {
                    let id = ObjectId::try_from(within.take(self.hash)?).map_err(|_| CUT_SHORT)?;
                    // Gix would then leave out what is in the other index.
                    if within.bytes.is_empty() {
                        return Err(
                            "does not say what it shares; `git update-index --no-split-index` helps",
                        );
                    }
                    shared = Some(id);
                }
                _ => {}
            }
        }
        Ok(shared)
    }

    /// The list of folders: each with a name, how many entries it has, or -1 if that is not known, how many folders, and
    /// its id if it is known; then its folders.
    fn folders(&mut self) -> Result<(), &'static str> {
        let mut open: Vec<u64> = vec![1];
        while let Some(left) = open.last_mut() {
            if *left == 0 {
                open.pop();
                continue;
            }
            *left -= 1;
            self.until(0)?;
            let is_known = !self.until(b' ')?.starts_with(b"-");
            let folders = std::str::from_utf8(self.until(b'\n')?).ok();
            let folders = folders
                .and_then(|text| text.parse().ok())
                .ok_or(CUT_SHORT)?;
            if is_known {
                self.take(self.hash)?;
            }
            open.push(folders);
            if open.len() > DEEPEST {
                return Err("its folders are nested too deep");
            }
        }
        Ok(())
    }
}
