//! What the path of a file says: its extension, and the words of its folders.

use super::features::{Feature, Features};
use crate::rules::is_of_tests;

/// Kinds of files, by extension; a file of none of them is of kind 0.
const KINDS: &[(u8, &[&str])] = &[
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
];

/// Notes what the path says.
pub(super) fn describe(path: &str, features: &mut Features) {
    let bytes = path.as_bytes();
    let file = memchr::memrchr(b'/', bytes).map_or(bytes, |slash| &bytes[slash + 1..]);
    let extension = memchr::memrchr(b'.', file).map_or(file, |dot| &file[dot + 1..]);
    let is = |word: &&str| extension.eq_ignore_ascii_case(word.as_bytes());
    let kind = KINDS.iter().find(|(_, words)| words.iter().any(is));
    features.set(
        Feature::PathKind,
        kind.map_or(0, |(kind, _)| usize::from(*kind)),
    );
    features.mark(Feature::PathTest, is_of_tests(path));
    for word in super::name::words(bytes) {
        if let Some(feature) = topic(word) {
            features.mark(feature, true);
        }
    }
}

/// What a word of a path speaks of.
fn topic(word: &[u8]) -> Option<Feature> {
    let mut buffer = [0; 16];
    let lower = buffer.get_mut(..word.len())?;
    lower.copy_from_slice(word);
    lower.make_ascii_lowercase();
    match &*lower {
        b"example" | b"examples" | b"sample" | b"samples" | b"demo" | b"demos" | b"template"
        | b"templates" | b"tutorial" => Some(Feature::PathSample),
        b"doc" | b"docs" | b"documentation" | b"readme" | b"changelog" | b"man" | b"wiki" => {
            Some(Feature::PathDocs)
        }
        b"vendor" | b"node" | b"third" | b"external" | b"deps" => Some(Feature::PathVendor),
        b"config" | b"conf" | b"settings" | b"setting" | b"env" | b"deploy" | b"docker"
        | b"compose" | b"application" | b"secrets" | b"secret" | b"credentials" => {
            Some(Feature::PathConfig)
        }
        _ => None,
    }
}
