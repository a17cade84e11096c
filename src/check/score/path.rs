//! What the path of a file says: its extension, and the words of its folders.

use super::features::{Feature, Features};
use super::packed::Table;
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

/// Notes what the path says.
pub(super) fn describe(path: &str, features: &mut Features) {
    let bytes = path.as_bytes();
    let file = memchr::memrchr(b'/', bytes).map_or(bytes, |slash| &bytes[slash + 1..]);
    let extension = memchr::memrchr(b'.', file).map_or(file, |dot| &file[dot + 1..]);
    features.set(Feature::PathKind, usize::from(KINDS.get(extension)));
    features.mark(Feature::PathTest, is_of_tests(path));
    for word in super::name::words(bytes) {
        let feature = WORDS.get(word);
        if feature != 0 {
            features.0[usize::from(feature)] = 1;
        }
    }
}
