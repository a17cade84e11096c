//! Objects that were unpacked lately: git stores most as what is other in them than in another one, which is then asked for
//! again at once.

use std::collections::HashMap;
use std::mem;

use gix::objs::Kind;
use gix::odb::pack::cache::DecodeEntry;

/// How many bytes a generation of objects holds; there are two at a time, for each thread.
const GENERATION: usize = 12 << 20;

/// The longest object that is kept, in bytes.
const LONGEST: usize = 1 << 20;

/// What is known of an object that was unpacked.
struct Kept {
    kind: Kind,
    packed: usize,
    data: Box<[u8]>,
}

/// By pack and place in it. When the younger generation is full it becomes the older, and the older goes.
#[derive(Default)]
struct Cache {
    size: usize,
    young: HashMap<(u32, u64), Kept>,
    old: HashMap<(u32, u64), Kept>,
}

/// An empty cache.
pub(super) fn new() -> Box<dyn DecodeEntry + Send> {
    Box::new(Cache::default())
}

impl Cache {
    fn keep(&mut self, key: (u32, u64), kept: Kept) {
        if self.size + kept.data.len() > GENERATION {
            self.old = mem::take(&mut self.young);
            self.size = 0;
        }
        self.size += kept.data.len();
        self.young.insert(key, kept);
    }
}

impl DecodeEntry for Cache {
    fn put(&mut self, pack: u32, offset: u64, data: &[u8], kind: Kind, packed: usize) {
        if data.len() <= LONGEST {
            let data = data.into();
            self.keep((pack, offset), Kept { kind, packed, data });
        }
    }

    fn get(&mut self, pack: u32, offset: u64, out: &mut Vec<u8>) -> Option<(Kind, usize)> {
        let key = (pack, offset);
        if let Some(kept) = self.old.remove(&key) {
            self.keep(key, kept);
        }
        let kept = self.young.get(&key)?;
        out.clear();
        out.extend_from_slice(&kept.data);
        Some((kept.kind, kept.packed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_stays_and_the_rest_goes() {
        let (mut cache, mut out) = (Cache::default(), Vec::new());
        let data = vec![7; LONGEST];
        for offset in 0..100 {
            cache.put(1, offset, &data, Kind::Blob, 3);
            assert_eq!(cache.get(1, 0, &mut out), Some((Kind::Blob, 3)));
            assert!(cache.young.len() + cache.old.len() <= 2 * GENERATION / LONGEST);
        }
        assert_eq!(out, data);
        assert_eq!(cache.get(1, 1, &mut out), None);
        assert_eq!(cache.get(2, 99, &mut out), None);
        cache.put(1, 200, &vec![7; LONGEST + 1], Kind::Blob, 3);
        assert_eq!(cache.get(1, 200, &mut out), None);
    }
}
