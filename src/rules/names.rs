//! Which rules about files an item's path or its first bytes call for. Most names are looked up in tables; the others are
//! globs that are compiled when a path has what they ask for, so that neither a start nor an item costs much.

use std::collections::HashMap;
use std::sync::OnceLock;

use globset::{GlobBuilder, GlobMatcher};

use super::data::{Magic, Text};

/// What a glob is made of beside letters.
const WILD: [char; 6] = ['*', '?', '[', '{', '\\', '}'];

/// The names and first bytes of every rule about files.
#[derive(Debug, Default)]
pub(crate) struct FileNames {
    /// Names, with the folders that must be above them, by the name alone: `**/.netrc`, `**/.aws/credentials`.
    whole: HashMap<String, Vec<(String, usize)>>,
    /// What names end in, by what is behind the last dot: `**/*.p12`, `**/*.tfstate.backup`.
    ends: HashMap<String, Vec<(String, usize)>>,
    /// All other globs.
    wild: Vec<Wild>,
    /// First bytes, and the rule that each is of.
    magic: Vec<(Magic, usize)>,
}

/// A glob that no table can answer for.
#[derive(Debug)]
struct Wild {
    glob: String,
    /// What the name begins with, or what the path holds; asked first.
    asks: Asks,
    rule: usize,
    compiled: OnceLock<GlobMatcher>,
}

#[derive(Debug)]
enum Asks {
    Begins(String),
    Holds(String),
}

impl FileNames {
    /// Adds what a rule says.
    pub(super) fn add(&mut self, rule: usize, names: &[Text], magic: &[Magic]) {
        for name in names {
            // Case does not count: on half of all machines it does not.
            self.add_name(rule, name.to_ascii_lowercase());
        }
        self.magic
            .extend(magic.iter().map(|magic| (magic.clone(), rule)));
    }

    fn add_name(&mut self, rule: usize, glob: String) {
        if let Some(tail) = glob.strip_prefix("**/") {
            if !tail.contains(WILD) {
                let name = last_part(tail, '/').to_owned();
                let entry = (tail.to_owned(), rule);
                return self.whole.entry(name).or_default().push(entry);
            }
            if let Some(end) = tail.strip_prefix('*')
                && end.contains('.')
                && !end.contains(WILD)
                && !end.contains('/')
            {
                let key = last_part(end, '.').to_owned();
                let entry = (end.to_owned(), rule);
                return self.ends.entry(key).or_default().push(entry);
            }
        }
        let asks = Asks::of(&glob);
        self.wild.push(Wild {
            glob,
            asks,
            rule,
            compiled: OnceLock::new(),
        });
    }

    /// Adds every rule that `path` calls for to `rules`, each once; `folded` is room for the path in lower case.
    pub(crate) fn of_path(&self, path: &str, folded: &mut String, rules: &mut Vec<usize>) {
        folded.clear();
        folded.push_str(path);
        folded.make_ascii_lowercase();
        let path = &folded[..];
        let name = last_part(path, '/');
        let is_below = |tail: &str| {
            path.strip_suffix(tail)
                .is_some_and(|above| above.is_empty() || above.ends_with('/'))
        };
        let whole = self.whole.get(name).into_iter().flatten();
        rules.extend(
            whole
                .filter(|(tail, _)| is_below(tail))
                .map(|(_, rule)| rule),
        );
        let ends = self.ends.get(last_part(name, '.')).into_iter().flatten();
        rules.extend(
            ends.filter(|(end, _)| name.ends_with(end))
                .map(|(_, rule)| rule),
        );
        let wild = self.wild.iter().filter(|wild| wild.matches(path, name));
        rules.extend(wild.map(|wild| wild.rule));
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

impl Wild {
    fn matches(&self, path: &str, name: &str) -> bool {
        let may = match &self.asks {
            Asks::Begins(beginning) => name.starts_with(beginning),
            Asks::Holds(part) => path.contains(part),
        };
        may && self
            .compiled
            .get_or_init(|| {
                let glob = GlobBuilder::new(&self.glob).literal_separator(true).build();
                glob.expect("globs are built once when they are validated")
                    .compile_matcher()
            })
            .is_match(path)
    }
}

impl Asks {
    /// What every path that `glob` matches has; nothing where that is hard to tell.
    fn of(glob: &str) -> Asks {
        if glob.contains(['[', '{', '\\']) {
            return Asks::Holds(String::new());
        }
        let tail = glob.strip_prefix("**/");
        if let Some((beginning, rest)) = tail.and_then(|tail| tail.split_once('*'))
            && !beginning.is_empty()
            && !beginning.contains(['/', '?'])
            && !rest.contains('/')
        {
            return Asks::Begins(beginning.to_owned());
        }
        // A folder may be the first of a path: what is asked for has no slash before it.
        let parts = glob.split(['*', '?']).map(|part| part.trim_matches('/'));
        let longest = parts.max_by_key(|part| part.len()).unwrap_or_default();
        Asks::Holds(longest.to_owned())
    }
}

/// What is behind the last `mark`; all of a text that has none.
fn last_part(text: &str, mark: char) -> &str {
    text.rsplit(mark).next().unwrap_or(text)
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
            &globs(&[
                "**/.aws/credentials",
                "**/AuthKey_[A-Z0-9]*.p8",
                "**/*.p12",
                "**/wp-config*.php",
                "**/*dump*.txt",
                "**/.mutt/*",
                "**/*.state.*.backup",
                "*.top",
                "**/keys/**",
            ]),
            &[Cow::Borrowed(&[Some(0x30), None, Some(2)])],
        );
        let of_path = |path: &str| {
            let mut rules = Vec::new();
            names.of_path(path, &mut String::new(), &mut rules);
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
        for path in [
            "wp-config.php",
            "a/WP-config-old.php",
            "x/mydump1.txt",
            ".mutt/rc",
            "home/.mutt/rc",
            "a.state.1.backup",
            "a.top",
            "keys/a/b",
            "x/keys/a",
        ] {
            assert_eq!(of_path(path), [5], "{path}");
        }
        for path in [
            "my-wp-config.php",
            "wp-config/x.php",
            "dump/x.txt",
            ".mutt/a/b",
            "x/a.top",
            "keys",
            "a.state.backup",
        ] {
            assert_eq!(of_path(path), [0; 0], "{path}");
        }
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
