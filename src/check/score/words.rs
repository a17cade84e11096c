//! The words that programs are written in, and how much of a value is made of them. `rules/model/words.py` counts the words.

use std::sync::OnceLock;

use super::features::percent;

/// One word a line, in lower case.
const WORDS: &str = include_str!("../../../rules/model/words.txt");

/// Names of programs and words that stand for values: no crate need have them, and every setting may.
const MORE: &[&str] = &[
    "adm",
    "asdf",
    "bitnami",
    "cassandra",
    "changeit",
    "changeme",
    "changethis",
    "consul",
    "couchdb",
    "dbuser",
    "demo",
    "django",
    "docker",
    "drupal",
    "elastic",
    "elasticsearch",
    "foobar",
    "gitea",
    "gitlab",
    "grafana",
    "guest",
    "hello",
    "influx",
    "influxdb",
    "jenkins",
    "joomla",
    "kafka",
    "keycloak",
    "kibana",
    "laravel",
    "magento",
    "mariadb",
    "minio",
    "minioadmin",
    "mongo",
    "mongodb",
    "mysql",
    "nagios",
    "neo",
    "nexus",
    "nginx",
    "odoo",
    "oracle",
    "passwd",
    "password",
    "postgre",
    "postgres",
    "postgresql",
    "pwd",
    "qwerty",
    "rabbit",
    "rabbitmq",
    "redis",
    "sonar",
    "spring",
    "sqlserver",
    "symfony",
    "tomcat",
    "toor",
    "ubuntu",
    "vagrant",
    "wordpress",
    "zabbix",
    "zookeeper",
];

/// How many bits the table of words has. With 7,000 words two bits each, one of 80 other texts seems to be a word.
const BITS: usize = 1 << 17;

/// The shortest and the longest word, in letters.
const SHORTEST: usize = 3;
const LONGEST: usize = 12;

/// The longest run of letters that is looked through, in bytes.
const LONGEST_RUN: usize = 48;

/// How many bits the table of their first letters has.
const BEGINNINGS: usize = 1 << 15;

/// A set of words that says yes to all of them and to few others.
struct Table {
    words: Box<[u64; BITS / 64]>,
    /// The first letters of all words of more than the shortest: most texts have none that a word begins with.
    beginnings: Box<[u64; BEGINNINGS / 64]>,
}

/// How far a word's letters were hashed.
#[derive(Clone, Copy)]
struct Hash(u64);

impl Hash {
    const EMPTY: Hash = Hash(0xcbf2_9ce4_8422_2325);

    const fn with(self, letter: u8) -> Hash {
        Hash((self.0 ^ letter as u64).wrapping_mul(0x0000_0100_0000_01b3))
    }

    const fn bits(self) -> [usize; 2] {
        let mixed = self.0 ^ (self.0 >> 32);
        [mixed as usize % BITS, (mixed >> 20) as usize % BITS]
    }
}

impl Table {
    fn get() -> &'static Table {
        static TABLE: OnceLock<Table> = OnceLock::new();
        TABLE.get_or_init(|| {
            let mut table = Table {
                words: Box::new([0; BITS / 64]),
                beginnings: Box::new([0; BEGINNINGS / 64]),
            };
            for word in WORDS.lines().chain(MORE.iter().copied()) {
                let hash = word.bytes().fold(Hash::EMPTY, Hash::with);
                for bit in hash.bits() {
                    table.words[bit / 64] |= 1 << (bit % 64);
                }
                if let Some(letters) = word.as_bytes().first_chunk() {
                    let bit = beginning(*letters);
                    table.beginnings[bit / 64] |= 1 << (bit % 64);
                }
            }
            table
        })
    }

    /// Whether a word of more than the shortest may begin so.
    fn begins(&self, letters: [u8; 4]) -> bool {
        let bit = beginning(letters);
        self.beginnings[bit / 64] >> (bit % 64) & 1 == 1
    }

    fn holds(&self, hash: Hash) -> bool {
        hash.bits()
            .iter()
            .all(|bit| self.words[bit / 64] >> (bit % 64) & 1 == 1)
    }
}

/// The place of four letters in any case in the table of beginnings.
fn beginning(letters: [u8; 4]) -> usize {
    let lower = u32::from_le_bytes(letters) | 0x2020_2020;
    (lower.wrapping_mul(0x9e37_79b1) >> 17) as usize % BEGINNINGS
}

/// The runs of letters in a value, cut where case changes from lower to upper.
pub(super) fn runs(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    let goes_on = |left: &u8, right: &u8| {
        left.is_ascii_alphabetic()
            && right.is_ascii_alphabetic()
            && !(left.is_ascii_lowercase() && right.is_ascii_uppercase())
    };
    let runs = value.chunk_by(goes_on);
    runs.filter(|run| run[0].is_ascii_alphabetic())
}

/// How many of a value's letters are in known words, in hundredths.
pub(super) fn share(value: &[u8]) -> usize {
    let sum = |sum: (usize, usize), run: &[u8]| (sum.0 + known(run).letters, sum.1 + run.len());
    let (of_known, letters) = runs(value).fold((0, 0), sum);
    percent(of_known, letters)
}

/// What known words make of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Known {
    /// How many letters are in known words.
    pub(super) letters: usize,
    /// How many known words there are.
    pub(super) words: usize,
    /// How long the longest of them is, in letters.
    pub(super) longest: usize,
}

/// The known words in a run of letters; from the left, the longest that there is, and none that leaves one or two letters.
pub(super) fn known(run: &[u8]) -> Known {
    let table = Table::get();
    let run = &run[..run.len().min(LONGEST_RUN)];
    let mut known = Known::default();
    let mut at = 0;
    while at + SHORTEST <= run.len() {
        let more = run[at..].first_chunk();
        if run.len() > SHORTEST && !more.is_some_and(|letters| table.begins(*letters)) {
            at += 1;
            continue;
        }
        let mut hash = Hash::EMPTY;
        let mut length = 0;
        for (letter, count) in run[at..].iter().zip(1..=LONGEST) {
            hash = hash.with(letter.to_ascii_lowercase());
            // Three letters in a row are a word too often, unless they stand alone.
            let long_enough = count > SHORTEST || (count == SHORTEST && count == run.len());
            if long_enough && table.holds(hash) {
                length = count;
            }
        }
        if length > 0 {
            known.letters += length;
            known.words += 1;
            known.longest = known.longest.max(length);
            at += length;
        } else {
            at += 1;
        }
    }
    known
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_known_and_noise_is_not() {
        let letters = |text: &str| known(text.as_bytes()).letters;
        for word in [
            "password",
            "Secret",
            "user",
            "secretpassword",
            "changeme",
            "key",
        ] {
            assert_eq!(letters(word), word.len(), "{word}");
        }
        for noise in ["kubd", "ysho", "mdrzfpyodu", "esbbng", "xq", ""] {
            assert_eq!(letters(noise), 0, "{noise}");
        }
    }
}
