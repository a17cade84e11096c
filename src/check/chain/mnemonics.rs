//! Seeds written as words. Sources: BIP 39 and its English list, Electrum's documentation of its seed versions, Algorand's
//! `mnemonic` package, Monero's `electrum-words`.

use std::sync::OnceLock;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256, Sha512, Sha512_256};

use super::{Said, Subject};

/// BIP 39's English list, a word a line, sorted.
const LIST: &str = include_str!("../../../rules/words/bip39-english.txt");

/// How many words a list has that is worth looking at.
const MOST_WORDS: usize = 64;

/// How many words a seed has.
const SIZES: [usize; 5] = [24, 21, 18, 15, 12];

fn list() -> &'static [&'static str] {
    static WORDS: OnceLock<Vec<&'static str>> = OnceLock::new();
    WORDS.get_or_init(|| LIST.lines().collect())
}

/// A word's number in the list.
fn index(word: &[u8]) -> Option<u16> {
    let found = list().binary_search_by(|known| known.as_bytes().cmp(word));
    found.ok().and_then(|index| u16::try_from(index).ok())
}

/// The words of a text in lower case, whatever stands between them.
fn words(text: &[u8]) -> Vec<Vec<u8>> {
    text.split(|byte| !byte.is_ascii_alphabetic())
        .filter(|word| !word.is_empty())
        .take(MOST_WORDS + 1)
        .map(<[u8]>::to_ascii_lowercase)
        .collect()
}

/// Words of the list in a row, with a right checksum. A pattern cannot know the list, and may have taken words around the seed for
/// words of it: then the first or the last words of the row count. One row of twelve in sixteen has the checksum by chance, but
/// prose has no such rows; the list itself is told by its order.
pub(in crate::check) fn bip39(subject: &Subject<'_>, _: f32) -> Said {
    let words = words(subject.secret);
    if words.len() > MOST_WORDS {
        return Said::Rejected("these are more words than a seed has");
    }
    let indices: Vec<Option<u16>> = words.iter().map(|word| index(word)).collect();
    let mut rows = false;
    for row in indices.split(Option::is_none) {
        let row: Vec<u16> = row.iter().copied().flatten().collect();
        if row.len() < SIZES[4] {
            continue;
        }
        if row.is_sorted_by(|left, right| left < right) {
            return Said::Rejected("these words are in the list's order");
        }
        rows = true;
        let right = if SIZES.contains(&row.len()) {
            is_seed(&row)
        } else {
            SIZES
                .iter()
                .filter(|size| **size < row.len())
                .any(|size| is_seed(&row[..*size]) || is_seed(&row[row.len() - size..]))
        };
        if right {
            return Said::Proven("these are words of BIP 39's list, and their checksum is right");
        }
    }
    if rows {
        Said::Rejected("these are words of BIP 39's list, but their checksum is wrong")
    } else {
        Said::Rejected("these are not enough words of BIP 39's list in a row")
    }
}

/// Whether the last bits of eleven a word are the first bits of the hash of those before them.
fn is_seed(row: &[u16]) -> bool {
    let bytes = eleven_bits(row.iter().copied());
    let checksum = row.len() / 3;
    let entropy = checksum * 4;
    let mask = 0xff_u8 << (8 - checksum);
    let (entropy, stated) = bytes.split_at(entropy);
    Sha256::digest(entropy)[0] & mask == stated[0] & mask
}

/// Groups of eleven bits as bytes, most significant first.
fn eleven_bits(groups: impl Iterator<Item = u16>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (mut bits, mut count) = (0_u32, 0);
    for group in groups {
        bits = bits << 11 | u32::from(group);
        count += 11;
        while count >= 8 {
            count -= 8;
            bytes.push((bits >> count & 0xff) as u8);
        }
        bits &= (1 << count) - 1;
    }
    if count > 0 {
        bytes.push((bits << (8 - count) & 0xff) as u8);
    }
    bytes
}

/// Electrum's seeds since version 2: the first digits of an HMAC of the words name the kind of wallet.
pub(in crate::check) fn electrum(subject: &Subject<'_>, _: f32) -> Said {
    let words = words(subject.secret);
    if !matches!(words.len(), 12..=24) {
        return Said::Rejected("it has not as many words as such a seed");
    }
    let phrase = words.join(&b' ');
    let Ok(mut mac) = Hmac::<Sha512>::new_from_slice(b"Seed version") else {
        return Said::Passed;
    };
    mac.update(&phrase);
    let tag = mac.finalize().into_bytes();
    // 01, 100, 101 or 102.
    if tag[0] == 0x01 || (tag[0] == 0x10 && matches!(tag[1] >> 4, 0..=2)) {
        Said::Proven("its HMAC begins with a version of Electrum's")
    } else {
        Said::Rejected("its HMAC begins with no version of Electrum's")
    }
}

/// Algorand: 24 words for the key, least significant bits first, and one for its checksum.
pub(in crate::check) fn algorand(subject: &Subject<'_>, _: f32) -> Said {
    let words = words(subject.secret);
    let indices: Option<Vec<u16>> = words.iter().map(|word| index(word)).collect();
    let Some((checksum, key)) = indices
        .as_deref()
        .filter(|indices| indices.len() == 25)
        .and_then(<[u16]>::split_last)
    else {
        return Said::Rejected("these are not 25 words of BIP 39's list");
    };
    let mut bytes = [0_u8; 33];
    for (bit, byte_bit) in (0..264).map(|bit| (bit, bit % 8)) {
        bytes[bit / 8] |= u8::from(key[bit / 11] >> (bit % 11) & 1 == 1) << byte_bit;
    }
    let hash = Sha512_256::digest(&bytes[..32]);
    let expected = u16::from_le_bytes([hash[0], hash[1]]) & 0x07ff;
    if bytes[32] == 0 && *checksum == expected {
        Said::Proven("the last word is the checksum of the others")
    } else {
        Said::Rejected("the last word is not the checksum of the others")
    }
}

/// Monero: the last of 25 words is one of the others, chosen by the CRC-32 of their first three letters. The list itself is not
/// needed for that.
pub(in crate::check) fn monero(subject: &Subject<'_>, _: f32) -> Said {
    const LETTERS: usize = 3;
    let words = words(subject.secret);
    let prefixes: Vec<&[u8]> = words
        .iter()
        .map(|word| &word[..word.len().min(LETTERS)])
        .collect();
    let Some((last, others)) = prefixes
        .split_last()
        .filter(|(_, others)| others.len() == 24)
    else {
        return Said::Rejected("these are not 25 words");
    };
    let sum = crc32fast::hash(&others.concat()) as usize;
    if others[sum % others.len()] == *last {
        Said::Proven("the last word is the checksum of the others")
    } else {
        Said::Rejected("the last word is not the checksum of the others")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{proves, said};

    fn phrase(indices: &[usize]) -> String {
        let words: Vec<&str> = indices.iter().map(|index| list()[*index]).collect();
        words.join(" ")
    }

    #[test]
    fn the_list_is_the_standard_s() {
        let digest = Sha256::digest(LIST.as_bytes());
        assert_eq!(
            data_encoding::HEXLOWER.encode(&digest),
            "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda"
        );
        assert_eq!(list().len(), 2048);
        assert!(list().is_sorted());
    }

    #[test]
    fn seeds_have_a_checksum() {
        let seed = [0, 64, 1030, 64, 643, 28, 257, 266, 88, 771, 540, 251];
        let text = phrase(&seed);
        assert_eq!(
            text,
            "abandon amount liar amount expire adjust cage candy arch gather drum buyer"
        );
        assert!(proves(bip39, &text));
        assert!(proves(bip39, &text.replace(' ', "\",\n  \"")));
        assert!(proves(bip39, &text.to_uppercase()));
        assert!(proves(bip39, &format!("the mnemonic is: {text}")));
        assert!(proves(bip39, &format!("zoo {text}")));
        assert!(proves(
            bip39,
            &phrase(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3])
        ));
        for (wrong, why) in [
            (
                phrase(&seed).replace("buyer", "buzz"),
                "these are words of BIP 39's list, but their checksum is wrong",
            ),
            (
                phrase(&(100..112).collect::<Vec<_>>()),
                "these words are in the list's order",
            ),
            (
                "these are twelve words that nobody would ever take for a seed".to_owned(),
                "these are not enough words of BIP 39's list in a row",
            ),
            (
                "abandon ".repeat(70),
                "these are more words than a seed has",
            ),
        ] {
            assert_eq!(said(bip39, &wrong), Said::Rejected(why), "{wrong}");
        }
    }

    #[test]
    fn longer_seeds_have_longer_checksums() {
        // All zeros; the checksum is the hash's first bits. Source: BIP 39's own examples.
        let zeros = |count: usize, last: &str| format!("{}{last}", "abandon ".repeat(count));
        assert!(proves(bip39, &zeros(17, "agent")));
        assert!(proves(bip39, &zeros(23, "art")));
        assert!(!proves(bip39, &zeros(23, "agent")));
    }

    #[test]
    fn electrum_seeds_name_their_version() {
        let seed = "force hidden knock method orient provide run soap task unveil yard artist";
        assert!(proves(electrum, seed));
        assert!(!proves(electrum, &seed.replace("yard", "year")));
        assert!(!proves(electrum, "force hidden"));
    }

    #[test]
    fn algorand_seeds_have_a_word_for_their_checksum() {
        let seed = [
            256, 64, 12, 642, 96, 14, 578, 80, 1035, 417, 1080, 7, 273, 1572, 1284, 168, 1814, 770,
            100, 1421, 449, 1082, 1991, 0, 433,
        ];
        assert!(proves(algorand, &phrase(&seed)));
        for at in 0..seed.len() {
            let mut wrong = seed;
            wrong[at] = (wrong[at] + 1) % 2048;
            assert!(!proves(algorand, &phrase(&wrong)), "{at}");
        }
    }

    #[test]
    fn monero_seeds_repeat_a_word() {
        assert_eq!(crc32fast::hash(b"abbabdabi"), 2_639_827_467);
        let words: Vec<String> = (b'a'..=b'x')
            .map(|letter| format!("{0}{0}bing", letter as char))
            .collect();
        let prefixes: String = words.iter().map(|word| &word[..3]).collect();
        let chosen = crc32fast::hash(prefixes.as_bytes()) as usize % 24;
        let seed = |last: usize| format!("{} {}", words.join(" "), words[last]);
        assert!(proves(monero, &seed(chosen)));
        assert!(!proves(monero, &seed((chosen + 1) % 24)));
        assert!(!proves(monero, "one two three"));
    }
}
