//! Which rules about files an item's path or its first bytes call for. Most names are looked up in tables; the others are
//! globs that are compiled when a path has what they ask for, so that neither a start nor an item costs much. The tables of
//! the default set are made by `build.rs`, with which this file is shared.

use std::borrow::Cow;
use std::sync::OnceLock;

use globset::{GlobBuilder, GlobMatcher};

use super::data::{Magic, Method, RuleData, Text};

/// What a glob is made of beside letters.
const WILD: [char; 6] = ['*', '?', '[', '{', '\\', '}'];

/// The names and first bytes of every rule about files.
#[derive(Debug)]
pub(crate) struct FileNames {
    pub(super) tables: NameTables,
    /// What the globs of `tables.wild` ask for, and those that were needed.
    wild: Box<[(Pairs, OnceLock<Box<GlobMatcher>>)]>,
}

/// Which pairs of bytes stand side by side in a text, by a hash: what has not all pairs of another does not hold it. Most paths
/// are turned away by that alone.
#[derive(Debug, Default)]
struct Pairs([u64; 4]);

impl Pairs {
    fn of(text: &str) -> Pairs {
        let mut pairs = Pairs::default();
        for pair in text.as_bytes().windows(2) {
            let hash = pair[0].wrapping_mul(31) ^ pair[1];
            pairs.0[usize::from(hash) / 64] |= 1 << (hash % 64);
        }
        pairs
    }

    /// Whether all of another's are among these.
    fn hold(&self, other: &Pairs) -> bool {
        let missing = other.0.iter().zip(&self.0).map(|(other, own)| other & !own);
        missing.fold(0, |missing, more| missing | more) == 0
    }
}

/// What names and first bytes are looked up in.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct NameTables {
    /// Names, with the folders that must be above them, by the name alone: `**/.netrc`, `**/.aws/credentials`.
    pub(super) whole: Cow<'static, [Named]>,
    /// What names end in, by what is behind the last dot: `**/*.p12`, `**/*.tfstate.backup`.
    pub(super) ends: Cow<'static, [Named]>,
    /// All other globs.
    pub(super) wild: Cow<'static, [Wild]>,
    /// First bytes, and the rule that each is of.
    pub(super) magic: Cow<'static, [(Magic, usize)]>,
}

/// What a path ends in, and the rule that it calls for. Tables of these are sorted by their keys.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Named {
    pub(super) key: Text,
    pub(super) end: Text,
    pub(super) rule: usize,
}

/// A glob that no table can answer for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Wild {
    pub(super) glob: Text,
    /// What the name begins with, or what the path holds; asked first.
    pub(super) asks: Asks,
    pub(super) rule: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Asks {
    Begins(Text),
    Holds(Text),
}

impl NameTables {
    /// What a set of rules says, in order.
    pub(crate) fn of<'r>(rules: impl Iterator<Item = &'r RuleData>) -> NameTables {
        let mut tables = NameTables::default();
        for (rule, data) in rules.enumerate() {
            if let Method::File { names, magic, .. } = &data.method {
                tables.add(rule, names, magic);
            }
        }
        tables
    }

    /// Adds what a rule says.
    fn add(&mut self, rule: usize, names: &[Text], magic: &[Magic]) {
        for name in names {
            // Case does not count: on half of all machines it does not.
            self.add_name(rule, name.to_ascii_lowercase());
        }
        let magic = magic.iter().map(|magic| (magic.clone(), rule));
        self.magic.to_mut().extend(magic);
    }

    fn add_name(&mut self, rule: usize, glob: String) {
        if let Some(tail) = glob.strip_prefix("**/") {
            if !tail.contains(WILD) {
                return add_sorted(&mut self.whole, last_part(tail, '/'), tail, rule);
            }
            if let Some(end) = tail.strip_prefix('*')
                && end.contains('.')
                && !end.contains(WILD)
                && !end.contains('/')
            {
                return add_sorted(&mut self.ends, last_part(end, '.'), end, rule);
            }
        }
        self.wild.to_mut().push(Wild {
            asks: Asks::of(&glob),
            glob: Cow::Owned(glob),
            rule,
        });
    }
}

/// Adds what a path ends in behind all others of the same key.
fn add_sorted(table: &mut Cow<'static, [Named]>, key: &str, end: &str, rule: usize) {
    let table = table.to_mut();
    let place = table.partition_point(|named| *named.key <= *key);
    let named = Named {
        key: Cow::Owned(key.to_owned()),
        end: Cow::Owned(end.to_owned()),
        rule,
    };
    table.insert(place, named);
}

/// Those of a sorted table that have this key.
fn of_key<'t>(table: &'t [Named], key: &str) -> impl Iterator<Item = &'t Named> {
    let first = table.partition_point(|named| *named.key < *key);
    table[first..]
        .iter()
        .take_while(move |named| named.key == key)
}

impl From<NameTables> for FileNames {
    fn from(tables: NameTables) -> FileNames {
        FileNames {
            wild: tables
                .wild
                .iter()
                .map(|wild| (Pairs::of(wild.asks.part()), OnceLock::new()))
                .collect(),
            tables,
        }
    }
}

impl FileNames {
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
        let whole = of_key(&self.tables.whole, name).filter(|named| is_below(&named.end));
        rules.extend(whole.map(|named| named.rule));
        let ends = of_key(&self.tables.ends, last_part(name, '.'));
        let ends = ends.filter(|named| name.ends_with(&*named.end));
        rules.extend(ends.map(|named| named.rule));
        let pairs = Pairs::of(path);
        for (wild, (asked, compiled)) in self.tables.wild.iter().zip(&self.wild) {
            if pairs.hold(asked)
                && wild.asks.may_match(path, name)
                && compiled.get_or_init(|| wild.compile()).is_match(path)
            {
                rules.push(wild.rule);
            }
        }
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
        let matched = self.tables.magic.iter().filter(|(magic, _)| begins(magic));
        rules.extend(matched.map(|(_, rule)| *rule));
        rules.sort_unstable();
        rules.dedup();
    }
}

impl Wild {
    fn compile(&self) -> Box<GlobMatcher> {
        let glob = GlobBuilder::new(&self.glob).literal_separator(true).build();
        let glob = glob.expect("globs are built once when they are validated");
        Box::new(glob.compile_matcher())
    }
}

impl Asks {
    /// What every path that may match holds.
    fn part(&self) -> &str {
        match self {
            Asks::Begins(part) | Asks::Holds(part) => part,
        }
    }

    /// Whether a path, which ends in `name`, has it.
    fn may_match(&self, path: &str, name: &str) -> bool {
        match self {
            Asks::Begins(beginning) => name.starts_with(&**beginning),
            Asks::Holds(part) => path.contains(&**part),
        }
    }

    /// What every path that `glob` matches has; nothing where that is hard to tell.
    fn of(glob: &str) -> Asks {
        if glob.contains(['[', '{', '\\']) {
            return Asks::Holds(Cow::Borrowed(""));
        }
        let tail = glob.strip_prefix("**/");
        if let Some((beginning, rest)) = tail.and_then(|tail| tail.split_once('*'))
            && !beginning.is_empty()
            && !beginning.contains(['/', '?'])
            && !rest.contains('/')
        {
            return Asks::Begins(Cow::Owned(beginning.to_owned()));
        }
        // A folder may be the first of a path: what is asked for has no slash before it.
        let parts = glob.split(['*', '?']).map(|part| part.trim_matches('/'));
        let longest = parts.max_by_key(|part| part.len()).unwrap_or_default();
        Asks::Holds(Cow::Owned(longest.to_owned()))
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
        let mut names = NameTables::default();
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
        let names = FileNames::from(names);
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
