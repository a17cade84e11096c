//! Dependency, build and cache trees: what tools make and can make again, and nobody hands over on purpose. Walks nothing.

use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Folders of these names are left out in the scope `agent` when git ignores them or a `CACHEDIR.TAG` marks them; the name
/// alone is not enough, and neither is the mark.
pub const BUILT_TREES: &[&str] = &[
    "__pycache__",
    "_build",
    ".cache",
    ".dart_tool",
    ".eggs",
    ".gradle",
    ".hypothesis",
    ".mypy_cache",
    ".next",
    ".nox",
    ".nuxt",
    ".nyc_output",
    ".parcel-cache",
    ".pnpm-store",
    ".pytest_cache",
    ".ruff_cache",
    ".sass-cache",
    ".stack-work",
    ".svelte-kit",
    ".tox",
    ".turbo",
    ".venv",
    ".yarn",
    ".zig-cache",
    "DerivedData",
    "Pods",
    "bower_components",
    "build",
    "coverage",
    "dist",
    "dist-newstyle",
    "elm-stuff",
    "jspm_packages",
    "node_modules",
    "obj",
    "out",
    "target",
    "vendor",
    "venv",
    "virtualenv",
    "zig-cache",
    "zig-out",
];

/// How a `CACHEDIR.TAG` begins. Source: the Cache Directory Tagging Specification.
const CACHEDIR_SIGNATURE: &[u8] = b"Signature: 8a477f597d28d172789f06886806bc55";

/// Whether a folder has the name of such a tree.
pub(super) fn has_tree_name(folder: &Path) -> bool {
    folder
        .file_name()
        .and_then(|name| name.to_str())
        .is_some_and(|name| BUILT_TREES.contains(&name))
}

/// Whether a tool marked the folder as a cache.
pub(super) fn is_tagged(folder: &Path) -> bool {
    let tag = folder.join("CACHEDIR.TAG");
    // A pipe of that name would be waited for.
    if !tag.metadata().is_ok_and(|metadata| metadata.is_file()) {
        return false;
    }
    let mut beginning = [0; CACHEDIR_SIGNATURE.len()];
    File::open(tag)
        .and_then(|mut file| file.read_exact(&mut beginning))
        .is_ok_and(|()| beginning == *CACHEDIR_SIGNATURE)
}
