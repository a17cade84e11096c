//! Short words as numbers, so that a look-up compares once: up to sixteen letters and digits of any case in a table, and text
//! eight bytes at a time.

/// Bit 5 of each of eight bytes: letters with it are in lower case, digits have it anyway.
pub(super) const LOWER: u64 = 0x2020_2020_2020_2020;

/// The lowest bytes of eight, as many as it says.
pub(super) const fn first(count: usize) -> u64 {
    if count >= 8 {
        u64::MAX
    } else {
        (1 << (8 * count)) - 1
    }
}

/// Up to eight bytes, the first in the lowest place.
pub(super) fn load(bytes: &[u8]) -> u64 {
    if let Some(eight) = bytes.first_chunk() {
        return u64::from_le_bytes(*eight);
    }
    let length = bytes.len();
    match (bytes.first_chunk(), bytes.last_chunk()) {
        // Two loads that overlap put the same bytes into the same places.
        (Some(head), Some(tail)) => {
            let tail = u64::from(u32::from_le_bytes(*tail));
            u64::from(u32::from_le_bytes(*head)) | tail << (8 * (length - 4))
        }
        _ => match bytes {
            [] => 0,
            [one] => u64::from(*one),
            [one, two] => u64::from(u16::from_le_bytes([*one, *two])),
            [one, two, rest @ ..] => {
                u64::from(u16::from_le_bytes([*one, *two])) | u64::from(rest[0]) << 16
            }
        },
    }
}

/// A word in lower case, as two numbers; longer ones are none that a table knows.
pub(super) fn word(bytes: &[u8]) -> Option<(u64, u64)> {
    let length = bytes.len();
    let low = (load(bytes) | LOWER) & first(length);
    match length {
        0..=8 => Some((low, 0)),
        9..=16 => {
            let high = (load(&bytes[8..]) | LOWER) & first(length - 8);
            Some((low, high))
        }
        _ => None,
    }
}

/// Where a word's row is looked for first.
const fn place(low: u64, high: u64) -> u64 {
    (low ^ high.rotate_left(29)).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40
}

/// What words in lower case stand for, a number for each; half of the rows must be empty.
pub(super) struct Table<const ROWS: usize> {
    words: [(u64, u64); ROWS],
    meanings: [u8; ROWS],
}

impl<const ROWS: usize> Table<ROWS> {
    /// Of lists of words, each with what they stand for, which is never 0.
    pub(super) const fn new(lists: &[(u8, &[&str])]) -> Table<ROWS> {
        assert!(ROWS.is_power_of_two());
        let mut table = Table {
            words: [(0, 0); ROWS],
            meanings: [0; ROWS],
        };
        let mut count = 0;
        let mut list = 0;
        while list < lists.len() {
            let (meaning, words) = lists[list];
            let mut at = 0;
            while at < words.len() {
                let (low, high) = halves(words[at].as_bytes());
                let mut row = place(low, high) as usize % ROWS;
                while table.meanings[row] != 0 {
                    row = (row + 1) % ROWS;
                }
                table.words[row] = (low, high);
                table.meanings[row] = meaning;
                count += 1;
                at += 1;
            }
            list += 1;
        }
        assert!(count * 2 <= ROWS);
        table
    }

    /// What a word stands for, whatever its case; 0 for none of them.
    pub(super) fn get(&self, bytes: &[u8]) -> u8 {
        let Some((low, high)) = word(bytes) else {
            return 0;
        };
        let mut row = place(low, high) as usize % ROWS;
        while self.meanings[row] != 0 {
            if self.words[row] == (low, high) {
                return self.meanings[row];
            }
            row = (row + 1) % ROWS;
        }
        0
    }
}

/// What [`word`] makes of a word in lower case, when the program is compiled.
const fn halves(bytes: &[u8]) -> (u64, u64) {
    assert!(bytes.len() <= 16);
    let (mut low, mut high) = (0, 0);
    let mut at = 0;
    while at < bytes.len() {
        assert!(bytes[at].is_ascii_lowercase() || bytes[at].is_ascii_digit());
        if at < 8 {
            low |= (bytes[at] as u64) << (8 * at);
        } else {
            high |= (bytes[at] as u64) << (8 * (at - 8));
        }
        at += 1;
    }
    (low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: Table<8> = Table::new(&[(1, &["key", "password"]), (2, &["authentication"])]);

    #[test]
    fn words_are_found_in_any_case() {
        for (word, meaning) in [
            ("key", 1),
            ("PassWord", 1),
            ("Authentication", 2),
            ("keys", 0),
            ("ke", 0),
            ("", 0),
            ("authenticationandmore", 0),
        ] {
            assert_eq!(TABLE.get(word.as_bytes()), meaning, "{word}");
        }
    }

    #[test]
    fn bytes_are_loaded_in_order() {
        let text = b"0123456789";
        for length in 0..=8 {
            let mut eight = [0; 8];
            eight[..length].copy_from_slice(&text[..length]);
            assert_eq!(load(&text[..length]), u64::from_le_bytes(eight));
        }
    }
}
