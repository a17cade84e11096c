//! Which rules about files an item's path or its first bytes call for. All globs are one set, so that an item costs one
//! look, however many rules there are.

use std::sync::OnceLock;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use super::data::{Magic, Text};

/// The names and first bytes of every rule about files.
#[derive(Debug, Default)]
pub(crate) struct FileNames {
    /// Globs in lower case, and the rule that each is of.
    names: Vec<(String, usize)>,
    /// First bytes, and the rule that each is of.
    magic: Vec<(Magic, usize)>,
    compiled: OnceLock<GlobSet>,
}

impl FileNames {
    /// Adds what a rule says. A set that was asked already must not grow.
    pub(super) fn add(&mut self, rule: usize, names: &[Text], magic: &[Magic]) {
        let lower = |name: &Text| (name.to_ascii_lowercase(), rule);
        self.names.extend(names.iter().map(lower));
        self.magic
            .extend(magic.iter().map(|magic| (magic.clone(), rule)));
    }

    /// Adds every rule that `path` calls for to `rules`, each once. Case does not count: on half of all machines it does not.
    pub(crate) fn of_path(&self, path: &str, rules: &mut Vec<usize>) {
        if self.names.is_empty() {
            return;
        }
        let set = self.compiled.get_or_init(|| {
            let mut set = GlobSetBuilder::new();
            for (name, _) in &self.names {
                // A set that tells case looks most names up in tables; a path in lower case comes to the same.
                let glob = GlobBuilder::new(name).literal_separator(true).build();
                set.add(glob.expect("globs are built once when they are validated"));
            }
            set.build().expect("a set of valid globs is valid")
        });
        let matched = set.matches(path.to_ascii_lowercase());
        rules.extend(matched.into_iter().map(|name| self.names[name].1));
        rules.sort_unstable();
        rules.dedup();
    }

    /// Adds every rule that an item's first bytes call for to `rules`.
    pub(crate) fn of_beginning(&self, beginning: &[u8], rules: &mut Vec<usize>) {
        let begins = |magic: &[Option<u8>]| {
            beginning.len() >= magic.len()
                && magic
                    .iter()
                    .zip(beginning)
                    .all(|(wanted, byte)| wanted.is_none_or(|wanted| wanted == *byte))
        };
        let matched = self.magic.iter().filter(|(magic, _)| begins(magic));
        rules.extend(matched.map(|(_, rule)| *rule));
        rules.sort_unstable();
        rules.dedup();
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    #[test]
    fn names_and_first_bytes_call_for_their_rules() {
        let mut names = FileNames::default();
        let globs = |globs: &[&'static str]| -> Vec<Text> {
            globs.iter().map(|&glob| Cow::Borrowed(glob)).collect()
        };
        names.add(3, &globs(&["**/.netrc", "**/*.P12"]), &[]);
        names.add(
            5,
            &globs(&["**/.aws/credentials", "**/AuthKey_[A-Z0-9]*.p8", "**/*.p12"]),
            &[Cow::Borrowed(&[Some(0x30), None, Some(2)])],
        );
        let of_path = |path: &str| {
            let mut rules = Vec::new();
            names.of_path(path, &mut rules);
            rules
        };
        assert_eq!(of_path(".netrc"), [3]);
        assert_eq!(of_path("home/.NetRC"), [3]);
        assert_eq!(of_path("home/x.netrc"), [0; 0]);
        assert_eq!(of_path("a/b.p12"), [3, 5]);
        assert_eq!(of_path(".aws/credentials"), [5]);
        assert_eq!(of_path("x/.aws/credentials"), [5]);
        assert_eq!(of_path("x.aws/credentials"), [0; 0]);
        assert_eq!(of_path("k/AuthKey_0A1B.p8"), [5]);
        let of_beginning = |bytes: &[u8]| {
            let mut rules = Vec::new();
            names.of_beginning(bytes, &mut rules);
            rules
        };
        assert_eq!(of_beginning(&[0x30, 0x99, 2, 1]), [5]);
        assert_eq!(of_beginning(&[0x30, 0x99]), [0; 0]);
        assert_eq!(of_beginning(&[0x30, 0x99, 3]), [0; 0]);
    }
}
