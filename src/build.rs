//! Embeds `rules/` into the program: every file is parsed and validated here, every pattern compiled once, and what comes
//! out is packed rules and tables of what the default set needs, so that no run of the program reads TOML for the builtin rules. A rule that is not valid stops the build.

#![expect(
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a build script talks to cargo"
)]

use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use rules::data::{Method, RuleData};
use rules::names::{Asks, NameTables, Named, Wild};
use rules::pack::pack;
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
    pub(crate) mod compile;
    pub(crate) mod data;
    pub(crate) mod files;
    pub(crate) mod names;
    pub(crate) mod pack;
    pub(crate) mod packed;
    pub(crate) mod rarity;
    pub(crate) mod schema;
    pub(crate) mod spelling;
    pub(crate) mod validate;
}
#[expect(
    dead_code,
    unreachable_pub,
    reason = "shared with the program, which uses all of it"
)]
mod toml_doc;

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
    for shared in ["src/build.rs", "src/toml_doc.rs", "src/rules", "src/model"] {
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
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let packed: Vec<Vec<u8>> = rules.iter().map(pack).collect();
    fs::write(out.join("builtin_rules.bin"), packed.concat())?;
    fs::write(out.join("builtin_rules.rs"), tables(&rules, &packed)?)?;
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

/// The code of all that is known of the rules without unpacking them.
fn tables(rules: &[RuleData], packed: &[Vec<u8>]) -> Result<String, Box<dyn Error>> {
    let mut starts = vec![0];
    let mut names = NameTables::default();
    let (mut on, mut off) = (Vec::new(), Vec::new());
    for (number, (rule, bytes)) in rules.iter().zip(packed).enumerate() {
        starts.push(starts[number] + bytes.len());
        if !rule.enabled {
            off.push(number);
            continue;
        }
        if let Method::File {
            names: asked,
            magic,
            ..
        } = &rule.method
        {
            names.add(on.len(), asked, magic);
        }
        on.push(number);
    }
    let mut code = String::new();
    writeln!(
        code,
        "/// The rules, one behind the other, and where each begins.
static PACKED: &[u8] = include_bytes!(concat!(env!(\"OUT_DIR\"), \"/builtin_rules.bin\"));
static STARTS: [u32; {}] = {starts:?};
/// The rules that are on by default, and those that are not.
pub(super) static ON: &[u16] = &{on:?};
pub(super) static OFF: &[u16] = &{off:?};
{}",
        starts.len(),
        file_names(&names),
    )?;
    Ok(code)
}

/// The code of the tables of file names.
fn file_names(
    NameTables {
        whole,
        ends,
        wild,
        magic,
    }: &NameTables,
) -> String {
    let named = |Named { key, end, rule }: &Named| {
        format!(
            "Named {{ key: {}, end: {}, rule: {rule} }}",
            text(key),
            text(end)
        )
    };
    let wild_one = |Wild { glob, asks, rule }: &Wild| {
        let asks = match asks {
            Asks::Begins(part) => format!("Asks::Begins({})", text(part)),
            Asks::Holds(part) => format!("Asks::Holds({})", text(part)),
        };
        format!(
            "Wild {{ glob: {}, asks: {asks}, rule: {rule} }}",
            text(glob)
        )
    };
    format!(
        "const FILE_NAMES: NameTables = NameTables {{ whole: {}, ends: {}, wild: {}, magic: {} }};",
        list(whole, named),
        list(ends, named),
        list(wild, wild_one),
        list(magic, |(bytes, rule)| format!(
            "(Cow::Borrowed(&{bytes:?}), {rule})"
        )),
    )
}

fn text(text: &str) -> String {
    format!("Cow::Borrowed({text:?})")
}

fn list<T>(list: &[T], each: impl Fn(&T) -> String) -> String {
    let list: Vec<String> = list.iter().map(each).collect();
    format!("Cow::Borrowed(&[{}])", list.join(",\n"))
}
