//! What a new file was before, if it was moved and changed on the way: the one among the files that are gone that is most like
//! it, as git's own rule has it, by half at least.

use std::collections::HashMap;
use std::sync::Arc;

use super::open::Git;
use super::reader::{Blob, Reader};

/// Of a hundred parts of the longer of two files, how many both must have.
const LEAST_SHARED: u64 = 50;

/// The largest file that is compared, in bytes, and how much all of them may come to.
const LARGEST: u64 = 16 << 20;
const MOST: u64 = 256 << 20;

/// The file among `gone` that is most like `new`, read.
pub(in crate::source) fn most_like(
    new: &[u8],
    gone: &[Blob],
    git: &Arc<Git>,
    reader: &mut Reader,
) -> Option<Vec<u8>> {
    let length = new.len() as u64;
    if length > LARGEST {
        return None;
    }
    let lines = lines(new);
    let (mut best, mut read) = (None, 0);
    let mut bytes = Vec::new();
    for &blob in gone {
        let size = reader.size(git, blob).unwrap_or(u64::MAX);
        let is_alike = |shared: u64| shared * 100 >= LEAST_SHARED * size.max(length);
        if size > LARGEST || !is_alike(size.min(length)) {
            continue;
        }
        read += size;
        if read > MOST {
            break;
        }
        // One that is not here was perhaps like it: then all of the new file counts.
        if reader.read(git, blob, &mut bytes).is_err() {
            continue;
        }
        let shared = shared(&lines, &bytes);
        if is_alike(shared) && best.as_ref().is_none_or(|(most, _)| shared > *most) {
            best = Some((shared, std::mem::take(&mut bytes)));
        }
    }
    best.map(|(_, bytes)| bytes)
}

/// How often a text has each line.
fn lines(text: &[u8]) -> HashMap<&[u8], u64> {
    let mut lines = HashMap::new();
    for line in text.split_inclusive(|&byte| byte == b'\n') {
        *lines.entry(line).or_default() += 1;
    }
    lines
}

/// How many bytes of whole lines two texts have in common.
fn shared(new: &HashMap<&[u8], u64>, old: &[u8]) -> u64 {
    let common = lines(old).into_iter().map(|(line, number)| {
        let both = new.get(line).copied().unwrap_or(0).min(number);
        both * line.len() as u64
    });
    common.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_lines_are_shared_as_often_as_both_have_them() {
        let new = lines(b"a\na\nbc\n");
        assert_eq!(shared(&new, b"a\na\na\nx\n"), 4);
        assert_eq!(shared(&new, b"bc\nbc"), 3);
    }
}
