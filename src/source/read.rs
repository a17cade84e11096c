//! An item's bytes, stretch by stretch: a small item is one stretch, a large one is read in overlapping stretches into one
//! buffer, so that memory does not grow with what is read. A small file costs one `read`, and no memory that was not there.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

use super::git::{Checked, LargeFile, Reader, added_to, most_like};
use super::item::{Handle, Item};
use crate::model::{Added, Stretch, Why};

/// How many bytes of an item a stretch reports on, at most. Even, so that no stretch begins within a UTF-16 unit.
const OWN: usize = 3 << 20;

/// How many bytes of context a stretch has to each side. No window of any rule reaches further.
pub(crate) const MARGIN: usize = 64 << 10;

/// A stretch's length, but for the last one.
const FULL: usize = OWN + 2 * MARGIN;

/// How much a stretch reports on, and how much context it has to each side, in bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sizes {
    pub(crate) own: usize,
    pub(crate) margin: usize,
}

impl Sizes {
    /// Those that every run has. Tests have others, so that a short text is many stretches.
    const REAL: Sizes = Sizes {
        own: OWN,
        margin: MARGIN,
    };
}

/// How much is read of a file that says it is empty, in bytes.
const MOST_UNANNOUNCED: u64 = 64 << 20;

/// The least room that is made for what is read, in bytes.
const LEAST_ROOM: usize = 64 << 10;

/// What is used again for every item.
#[derive(Debug, Default)]
pub(crate) struct Buffer {
    /// Room for what is read from files; what is not overwritten is left over from others.
    room: Vec<u8>,
    /// An object of git's.
    object: Vec<u8>,
    git: Reader,
}

impl Item {
    /// Gives every stretch of the item to `look`, in order; returns how many bytes there were.
    ///
    /// # Errors
    /// The item is not a regular file, or cannot be read.
    pub(crate) fn stretches(
        &self,
        buffer: &mut Buffer,
        look: impl FnMut(&Stretch<'_>),
    ) -> Result<u64, Why> {
        match &self.handle {
            Handle::Bytes(bytes) => Ok(slices(bytes, look)),
            #[cfg(test)]
            Handle::Cut { bytes, sizes } => Ok(slices_of(*sizes, bytes, look)),
            Handle::Stdin => stream(io::stdin().lock(), None, &mut buffer.room, look),
            Handle::Blob {
                git,
                blob,
                pointers,
            } => {
                let Buffer {
                    room,
                    object,
                    git: reader,
                } = buffer;
                reader.read(git, *blob, object)?;
                match LargeFile::pointed_to_by(object).filter(|_| *pointers) {
                    Some(large) => large_file(&large, &large.path(git), room, look),
                    None => Ok(slices(object, look)),
                }
            }
            Handle::Text { git, text } => {
                let Buffer {
                    object,
                    git: reader,
                    ..
                } = buffer;
                reader.read_text(git, *text, object)?;
                Ok(slices(object, look))
            }
            Handle::File { elsewhere, follow } => {
                let path = elsewhere.as_ref().unwrap_or(&self.origin.path);
                let (file, size) = open(path, *follow)?;
                stream(file, Some(size), &mut buffer.room, look)
            }
        }
    }

    /// The parts of the item that none of its older versions has.
    ///
    /// # Errors
    /// A version cannot be read.
    pub(crate) fn added(&self, buffer: &mut Buffer) -> Result<Added, Why> {
        let Handle::Blob {
            git,
            blob,
            pointers,
        } = &self.handle
        else {
            return Ok(Added::everything());
        };
        let (mut new, mut old) = (Vec::new(), Vec::new());
        buffer.git.read(git, *blob, &mut new)?;
        // A file that was only moved has nothing that is new, whatever it points to.
        let is_moved = self.before == [*blob];
        if *pointers && !is_moved && LargeFile::pointed_to_by(&new).is_some() {
            return Ok(Added::everything());
        }
        let mut added = Added::everything();
        if let Some(old) = most_like(&new, &self.gone, git, &mut buffer.git) {
            added = added_to(&old, &new);
        }
        for &blob in &self.before {
            buffer.git.read(git, blob, &mut old)?;
            added = added.and(&added_to(&old, &new));
        }
        Ok(added)
    }
}

/// Gives every stretch of `bytes` to `look`, in order; returns how many bytes there are.
pub(crate) fn slices(bytes: &[u8], look: impl FnMut(&Stretch<'_>)) -> u64 {
    slices_of(Sizes::REAL, bytes, look)
}

fn slices_of(sizes: Sizes, bytes: &[u8], mut look: impl FnMut(&Stretch<'_>)) -> u64 {
    let full = sizes.own + 2 * sizes.margin;
    let (mut base, mut own) = (0, 0);
    loop {
        let last = bytes.len() - base <= full;
        let slice = if last {
            &bytes[base..]
        } else {
            &bytes[base..base + full]
        };
        let stretch = stretch_of(sizes.margin, slice, base as u64, own, last);
        own = stretch.own.end;
        base += stretch.advance;
        look(&stretch);
        if last {
            return bytes.len() as u64;
        }
    }
}

/// A file of git-lfs, if it is here and is what was pointed to.
fn large_file(
    large: &LargeFile,
    path: &Path,
    room: &mut Vec<u8>,
    look: impl FnMut(&Stretch<'_>),
) -> Result<u64, Why> {
    let missing = || Why::MissingLargeFile(large.digest.clone());
    let (file, size) = match open(path, false) {
        Ok(file) => file,
        Err(_) if !path.exists() => return Err(missing()),
        Err(why) => return Err(why),
    };
    // What is not whole does not count as being here.
    if size != large.size {
        return Err(missing());
    }
    let mut file = Checked::new(file);
    let read = stream(&mut file, Some(size), room, look)?;
    match file.is(large) {
        true => Ok(read),
        false => Err(missing()),
    }
}

/// Gives what a reader gives; `size` is how much a file says it holds. One that says nothing and goes on is made by the system
/// while it is read, as in `/proc`, and may have no end.
fn stream(
    mut reader: impl Read,
    size: Option<u64>,
    room: &mut Vec<u8>,
    mut look: impl FnMut(&Stretch<'_>),
) -> Result<u64, Why> {
    let (mut base, mut own, mut filled) = (0_u64, 0_u64, 0);
    loop {
        // What is still to come, as far as anybody knows.
        let rest = size.map(|size| size.saturating_sub(base + filled as u64));
        let last = fill(&mut reader, room, &mut filled, rest)
            .map_err(|error| Why::Unreadable(error.to_string()))?;
        let read = base + filled as u64;
        if size == Some(0) && read > MOST_UNANNOUNCED {
            return Err(Why::TooLong(MOST_UNANNOUNCED));
        }
        let stretch = stretch(&room[..filled], base, own, last);
        look(&stretch);
        if last {
            return Ok(read);
        }
        own = stretch.own.end;
        let advance = stretch.advance;
        base += advance as u64;
        room.copy_within(advance..filled, 0);
        filled -= advance;
    }
}

/// Reads until there are as many bytes as a stretch has, or no more; returns whether there are no more. Where `rest` bytes are
/// to come and no more come although there is room for them, that is the end: nobody need ask again.
fn fill(
    reader: &mut impl Read,
    room: &mut Vec<u8>,
    filled: &mut usize,
    rest: Option<u64>,
) -> io::Result<bool> {
    let begun = *filled;
    // One byte more than there should be, so that the end is seen.
    let wanted = rest.map_or(LEAST_ROOM, |rest| usize::try_from(rest).unwrap_or(FULL));
    make_room(
        room,
        *filled,
        begun.saturating_add(wanted).saturating_add(1),
    );
    while *filled < FULL {
        if *filled == room.len() {
            make_room(room, *filled, 2 * room.len());
        }
        let end = room.len().min(FULL);
        let read = match reader.read(&mut room[*filled..end]) {
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        *filled += read;
        let is_all = rest.is_some_and(|rest| rest > 0 && rest == (*filled - begun) as u64);
        if read == 0 || is_all && *filled < end {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Makes room for so many bytes, up to a stretch; those that are `filled` are kept. Room grows in large steps, so that it soon
/// does for every item.
fn make_room(room: &mut Vec<u8>, filled: usize, wanted: usize) {
    if room.len() >= wanted.min(FULL) {
        return;
    }
    // What is zero from the start costs nothing until it is written to.
    let mut larger = vec![0; wanted.max(LEAST_ROOM).next_power_of_two().min(FULL)];
    larger[..filled].copy_from_slice(&room[..filled]);
    *room = larger;
}

fn stretch(bytes: &[u8], base: u64, own_start: u64, last: bool) -> Stretch<'_> {
    stretch_of(MARGIN, bytes, base, own_start, last)
}

fn stretch_of(margin: usize, bytes: &[u8], base: u64, own_start: u64, last: bool) -> Stretch<'_> {
    let own_end = if last {
        u64::MAX
    } else {
        base + (bytes.len() - margin) as u64
    };
    let advance = if last {
        bytes.len()
    } else {
        bytes.len() - 2 * margin
    };
    Stretch {
        bytes,
        base,
        own: own_start..own_end,
        last,
        advance,
    }
}

/// Opens a regular file, and nothing else: a pipe is not waited for, a device is not read.
fn open(path: &Path, follow: bool) -> Result<(File, u64), Why> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt;
        let follow = if follow {
            OFlags::empty()
        } else {
            OFlags::NOFOLLOW
        };
        let flags = OFlags::NONBLOCK | OFlags::NOCTTY | follow;
        options.custom_flags(flags.bits().cast_signed());
    }
    #[cfg(not(unix))]
    let _ = follow;
    let unreadable = |error: io::Error| match kind(path) {
        Some(kind) => Why::NotAFile(kind),
        None => Why::Unreadable(error.to_string()),
    };
    let file = options.open(path).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(Why::NotAFile(kind(path).unwrap_or("special file")));
    }
    Ok((file, metadata.len()))
}

/// What a path is, if it is something that is not read.
fn kind(path: &Path) -> Option<&'static str> {
    let file_type = path.metadata().ok()?.file_type();
    special(file_type)
}

#[cfg(unix)]
pub(super) fn special(file_type: std::fs::FileType) -> Option<&'static str> {
    use std::os::unix::fs::FileTypeExt;
    match () {
        () if file_type.is_fifo() => Some("named pipe"),
        () if file_type.is_socket() => Some("socket"),
        () if file_type.is_char_device() || file_type.is_block_device() => Some("device"),
        () => None,
    }
}

#[cfg(not(unix))]
pub(super) fn special(_: std::fs::FileType) -> Option<&'static str> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What each stretch reports on, laid end to end, is the whole; and each begins and ends with context.
    #[test]
    fn stretches_cover_everything_once_whether_sliced_or_streamed() {
        let bytes: Vec<u8> = (0..2 * FULL + 12_345).map(|at| (at % 251) as u8).collect();
        let mut sliced = Vec::new();
        slices(&bytes, |stretch| {
            sliced.push((
                stretch.bytes.to_vec(),
                stretch.base,
                stretch.own.clone(),
                stretch.last,
            ))
        });
        let mut streamed = Vec::new();
        let total = stream(&bytes[..], None, &mut Vec::new(), |stretch| {
            streamed.push((
                stretch.bytes.to_vec(),
                stretch.base,
                stretch.own.clone(),
                stretch.last,
            ));
        });
        assert_eq!(total, Ok(bytes.len() as u64));
        assert!(sliced == streamed);
        assert_eq!(sliced.len(), 3);
        let mut next = 0;
        for (part, base, own, last) in sliced {
            assert_eq!(own.start, next);
            assert!(base == 0 || own.start - base == MARGIN as u64);
            assert!(base.is_multiple_of(2));
            assert_eq!(&bytes[base as usize..][..part.len()], part);
            assert_eq!(last, own.end == u64::MAX);
            next = own.end;
        }
    }

    /// Gives at most so many bytes at a time, and counts how often it is asked.
    struct Slow<'b> {
        bytes: &'b [u8],
        at_once: usize,
        asked: usize,
    }

    impl Read for Slow<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            self.asked += 1;
            // Every third call is interrupted, and means nothing.
            if self.asked % 3 == 2 && self.at_once < FULL {
                return Err(io::ErrorKind::Interrupted.into());
            }
            let length = into.len().min(self.at_once);
            self.bytes.read(&mut into[..length])
        }
    }

    #[test]
    fn a_file_of_the_size_that_it_says_is_read_in_one_call() {
        let bytes = vec![b'a'; 3 * LEAST_ROOM];
        let mut room = Vec::new();
        for length in [
            1,
            10,
            LEAST_ROOM - 1,
            LEAST_ROOM,
            LEAST_ROOM + 1,
            bytes.len(),
        ] {
            let mut reader = Slow {
                bytes: &bytes[..length],
                at_once: FULL,
                asked: 0,
            };
            let size = Some(length as u64);
            let mut seen = Vec::new();
            let read = stream(&mut reader, size, &mut room, |stretch| {
                seen.push((stretch.bytes.len(), stretch.last));
            });
            assert_eq!(read, Ok(length as u64));
            assert_eq!(seen, [(length, true)]);
            assert_eq!(reader.asked, 1, "{length}");
        }
    }

    #[test]
    fn a_file_that_does_not_have_the_size_that_it_says_is_read_to_its_end() {
        let bytes: Vec<u8> = (0..FULL + 99).map(|at| (at % 251) as u8).collect();
        for (length, size) in [
            (0, 0),
            (0, 7),
            (5, 0),
            (5, 7),
            (7, 5),
            (LEAST_ROOM + 7, 5),
            (FULL - 1, FULL - 1),
            (FULL, FULL),
            (FULL + 1, FULL),
            (FULL, FULL + 1),
            (FULL + 99, FULL + 99),
            (FULL + 99, 10),
        ] {
            for at_once in [1 << 16, 1_000_003, FULL] {
                let mut reader = Slow {
                    bytes: &bytes[..length],
                    at_once,
                    asked: 0,
                };
                let mut seen: Vec<u8> = Vec::new();
                let mut lasts = Vec::new();
                let read = stream(&mut reader, Some(size as u64), &mut Vec::new(), |stretch| {
                    seen.truncate(stretch.base as usize);
                    seen.extend_from_slice(stretch.bytes);
                    lasts.push(stretch.last);
                });
                assert_eq!(read, Ok(length as u64));
                assert!(seen == bytes[..length], "{length} of {size}");
                assert_eq!(lasts.iter().filter(|last| **last).count(), 1);
                assert_eq!(lasts.last(), Some(&true));
            }
        }
    }
}
