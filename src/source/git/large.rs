//! Files that git-lfs keeps beside git: git itself has a pointer to each.

use std::io::{self, Read};
use std::path::PathBuf;

use sha2::{Digest, Sha256};

use super::open::Git;

/// The longest pointer that git-lfs takes for one, in bytes.
const LONGEST: usize = 1024;

/// What a pointer points to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::source) struct LargeFile {
    /// The digest of its content, SHA-256 in lower-case hexadecimal digits.
    pub(in crate::source) digest: String,
    /// Its length in bytes.
    pub(in crate::source) size: u64,
}

impl LargeFile {
    /// What `bytes` points to, if they are a pointer and nothing else. So nothing can hide in one: all that it may hold
    /// besides are digests.
    pub(in crate::source) fn pointed_to_by(bytes: &[u8]) -> Option<LargeFile> {
        if bytes.len() > LONGEST || !bytes.starts_with(b"version https://") {
            return None;
        }
        let text = std::str::from_utf8(bytes).ok()?;
        let (mut digest, mut size) = (None, None);
        for (number, line) in text.strip_suffix('\n')?.split('\n').enumerate() {
            let (key, value) = line.split_once(' ')?;
            match key {
                "version" if number == 0 => {
                    let known = [
                        "https://git-lfs.github.com/spec/v1",
                        "https://hawser.github.com/spec/v1",
                    ];
                    known.contains(&value).then_some(())?;
                }
                "oid" if digest.is_none() => digest = Some(sha256(value)?),
                "size" if size.is_none() => size = Some(value.parse().ok()?),
                _ => {
                    let name = key.strip_prefix("ext-")?.split_once('-')?.1;
                    (name.len() <= 16 && name.bytes().all(|byte| byte.is_ascii_lowercase()))
                        .then_some(())?;
                    sha256(value)?;
                }
            }
        }
        Some(LargeFile {
            digest: digest?,
            size: size?,
        })
    }

    /// Where git-lfs keeps it.
    pub(in crate::source) fn path(&self, git: &Git) -> PathBuf {
        let (first, second) = (&self.digest[..2], &self.digest[2..4]);
        git.common()
            .join("lfs/objects")
            .join(first)
            .join(second)
            .join(&self.digest)
    }
}

fn sha256(value: &str) -> Option<String> {
    let digest = value.strip_prefix("sha256:")?;
    let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    (digest.len() == 64 && digest.bytes().all(is_hex)).then(|| digest.to_owned())
}

/// Takes the digest of what passes through.
pub(in crate::source) struct Checked<R> {
    inner: R,
    digest: Sha256,
}

impl<R> Checked<R> {
    pub(in crate::source) fn new(inner: R) -> Checked<R> {
        Checked {
            inner,
            digest: Sha256::new(),
        }
    }

    /// Whether what passed through is what was pointed to.
    pub(in crate::source) fn is(self, file: &LargeFile) -> bool {
        let digest = data_encoding::HEXLOWER.encode(&self.digest.finalize());
        digest == file.digest
    }
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(bytes)?;
        self.digest.update(&bytes[..read]);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_is_nothing_else() {
        let digest = "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393";
        let pointer = format!(
            "version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize 12345\n"
        );
        let file = LargeFile {
            digest: digest.to_owned(),
            size: 12345,
        };
        assert_eq!(LargeFile::pointed_to_by(pointer.as_bytes()), Some(file));
        for text in [
            "",
            "version https://git-lfs.github.com/spec/v1\n",
            &pointer.replace("sha256:4", "sha256:X"),
            &format!("{pointer}password = hidden\n"),
            &format!("{pointer}ext-0-password hidden\n"),
            &pointer.replace("12345", "12345 hidden"),
            &pointer.replace("size", "text hidden\nsize"),
        ] {
            assert_eq!(LargeFile::pointed_to_by(text.as_bytes()), None, "{text}");
        }
    }
}
