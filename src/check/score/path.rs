//! What the path of a file says: its extension, and the words of its folders.

use std::cell::OnceCell;

use super::features::{Feature, Features};
use crate::check::packed::Table;
use crate::check::secret_name::words;
use crate::rules::is_of_tests;

/// Kinds of files, by extension; a file of none of them is of kind 0.
static KINDS: Table<256> = Table::new(&[
    (1, &["yml", "yaml"]),
    (
        2,
        &[
            "properties",
            "env",
            "ini",
            "conf",
            "cfg",
            "cnf",
            "config",
            "toml",
            "tfvars",
            "cf",
            "sample",
            "dist",
            "example",
        ],
    ),
    (3, &["json", "jsonc", "tfstate", "ipynb"]),
    (4, &["xml", "plist", "xaml", "pom"]),
    (5, &["md", "rst", "txt", "adoc", "markdown", "mdx"]),
    (6, &["html", "htm", "vue", "svg", "erb", "jsp", "ejs"]),
    // One kind: which language a credential is written into says nothing about it.
    (
        7,
        &[
            "py", "rb", "php", "pl", "lua", "r", "ex", "exs", "js", "ts", "jsx", "tsx", "mjs",
            "cjs", "coffee", "java", "kt", "scala", "groovy", "gradle", "cs", "swift", "dart",
            "clj", "go", "rs", "c", "h", "cc", "cpp", "hpp", "m", "mm",
        ],
    ),
    (
        8,
        &["sh", "bash", "zsh", "ps1", "bat", "cmd", "dockerfile", "mk"],
    ),
    (9, &["sql", "ldif", "csv", "tsv", "log", "http"]),
    (10, &["tf", "hcl", "pp", "nix", "cue", "jsonnet"]),
    (
        11,
        &[
            "po", "pot", "strings", "resx", "lock", "sum", "snap", "map", "css", "scss",
        ],
    ),
]);

/// Words of paths, each with the feature that it sets.
static WORDS: Table<128> = Table::new(&[
    (
        Feature::PathSample as u8,
        &[
            "example",
            "examples",
            "sample",
            "samples",
            "demo",
            "demos",
            "template",
            "templates",
            "tutorial",
        ],
    ),
    (
        Feature::PathDocs as u8,
        &[
            "doc",
            "docs",
            "documentation",
            "readme",
            "changelog",
            "man",
            "wiki",
        ],
    ),
    (
        Feature::PathVendor as u8,
        &["vendor", "node", "third", "external", "deps"],
    ),
    (
        Feature::PathConfig as u8,
        &[
            "config",
            "conf",
            "settings",
            "setting",
            "env",
            "deploy",
            "docker",
            "compose",
            "application",
            "secrets",
            "secret",
            "credentials",
        ],
    ),
]);

/// The path of an item, as reports show it, and what it says of every candidate there: told when it is first asked for.
#[derive(Debug)]
pub(crate) struct ItemPath<'p> {
    path: &'p str,
    features: OnceCell<Features>,
}

impl<'p> ItemPath<'p> {
    /// Looks at nothing yet.
    pub(crate) const fn new(path: &'p str) -> ItemPath<'p> {
        ItemPath {
            path,
            features: OnceCell::new(),
        }
    }

    /// As reports show it.
    pub(crate) const fn as_str(&self) -> &'p str {
        self.path
    }

    /// What the path says; nothing else is known.
    pub(super) fn features(&self) -> &Features {
        self.features.get_or_init(|| said(self.path))
    }
}

/// What a path says.
fn said(path: &str) -> Features {
    let mut features = Features::NONE;
    let bytes = path.as_bytes();
    let file = memchr::memrchr(b'/', bytes).map_or(bytes, |slash| &bytes[slash + 1..]);
    let extension = memchr::memrchr(b'.', file).map_or(file, |dot| &file[dot + 1..]);
    features.set(Feature::PathKind, usize::from(KINDS.get(extension)));
    features.mark(Feature::PathTest, is_of_tests(path));
    for word in words(bytes) {
        let feature = WORDS.get(word);
        if feature != 0 {
            features.0[usize::from(feature)] = 1;
        }
    }
    features
}
