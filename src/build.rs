//! Embeds `rules/` into the program: every file is parsed and validated here, every pattern compiled once, and what comes
//! out is packed rules and tables of what the default set needs, so that no run of the program reads TOML for the builtin rules. A rule that is not valid stops the build.

#![expect(
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a build script talks to cargo"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use rules::code;
use rules::data::{Method, RuleData};
use rules::names::NameTables;
use rules::pack::pack;
use rules::sieve::Crowd;
use rules::table::{AnchorTable, anchors_of};
use rules::validate::{TakenIds, rules_in};

#[expect(
    unreachable_pub,
    unused_imports,
    reason = "shared with the program, which uses all of it"
)]
mod model {
    mod grade;
    mod rule_card;
    pub use grade::{Class, Confidence, Level, ParseGradeError, Severity};
    pub use rule_card::RuleCard;
}
#[expect(dead_code, reason = "shared with the program, which uses all of it")]
mod rules {
    pub(crate) mod bounds;
    pub(crate) mod code;
    pub(crate) mod compile;
    pub(crate) mod data;
    pub(crate) mod files;
    pub(crate) mod names;
    pub(crate) mod pack;
    pub(crate) mod packed;
    pub(crate) mod rarity;
    pub(crate) mod ready;
    pub(crate) mod schema;
    mod settle;
    pub(crate) mod shape;
    pub(crate) mod sieve;
    pub(crate) mod spelling;
    pub(crate) mod table;
    pub(crate) mod validate;
}
#[expect(
    dead_code,
    unreachable_pub,
    reason = "shared with the program, which uses all of it"
)]
mod toml_doc;

#[expect(
    dead_code,
    unused_imports,
    reason = "shared with the program, which uses all of it"
)]
mod simd;

fn main() -> ExitCode {
    match embed() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn embed() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=rules");
    for shared in [
        "src/build.rs",
        "src/toml_doc.rs",
        "src/rules",
        "src/model",
        "src/simd",
    ] {
        println!("cargo:rerun-if-changed={shared}");
    }
    let mut files = Vec::new();
    collect(Path::new("rules"), &mut files)?;
    files.sort();
    let mut taken = TakenIds::new();
    let mut rules = Vec::new();
    for file in files {
        rules.extend(rules_in(&file, &fs::read_to_string(&file)?, &mut taken)?);
    }
    place_anchors(&mut rules);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let packed: Vec<Vec<u8>> = rules.iter().map(pack).collect();
    fs::write(out.join("builtin_rules.bin"), packed.concat())?;
    fs::write(out.join("builtin_rules.rs"), tables(&rules, &packed))?;
    Ok(())
}

/// Every rule file below `folder`.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path
            .extension()
            .is_some_and(|extension| extension == "toml")
        {
            files.push(path);
        }
    }
    Ok(())
}

/// Chooses where each anchor has its key, and in which group.
fn place_anchors(rules: &mut [RuleData]) {
    let texts = rules.iter().flat_map(|rule| rule.method.anchors());
    let texts: BTreeSet<String> = texts.map(|it| it.text.to_ascii_lowercase()).collect();
    let bytes: Vec<&[u8]> = texts.iter().map(String::as_bytes).collect();
    let places = Crowd::new().settle(&bytes);
    let places: BTreeMap<&String, _> = texts.iter().zip(places).collect();
    for rule in rules {
        let anchors = match &mut rule.method {
            Method::Pattern { anchors, .. }
            | Method::Value { anchors, .. }
            | Method::Context { words: anchors, .. } => anchors.to_mut(),
            Method::File { .. } => continue,
        };
        for anchor in anchors {
            anchor.place = places[&anchor.text.to_ascii_lowercase()];
        }
    }
}

/// The code of all that is known of the rules without unpacking them.
fn tables(rules: &[RuleData], packed: &[Vec<u8>]) -> String {
    let mut starts = vec![0];
    for bytes in packed {
        starts.push(starts[starts.len() - 1] + bytes.len());
    }
    let (on, off): (Vec<usize>, Vec<usize>) =
        (0..rules.len()).partition(|&number| rules[number].enabled);
    let default = || on.iter().map(|&number| &rules[number]);
    format!(
        "/// The rules, one behind the other, and where each begins.
static PACKED: &[u8] = include_bytes!(concat!(env!(\"OUT_DIR\"), \"/builtin_rules.bin\"));
static STARTS: [u32; {}] = {starts:?};
/// The rules that are on by default, and those that are not.
pub(super) static ON: &[u16] = &{on:?};
pub(super) static OFF: &[u16] = &{off:?};
/// What those that are on ask for.
pub(super) static ANCHORS: AnchorTable = {};
pub(super) const FILE_NAMES: NameTables = {};
",
        starts.len(),
        code::anchors(&AnchorTable::new(anchors_of(default()))),
        code::file_names(&NameTables::of(default())),
    )
}
