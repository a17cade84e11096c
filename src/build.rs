//! Embeds `rules/` into the program: every file is parsed and validated here, every pattern compiled once, and what comes
//! out is a static table, so that no run of the program reads TOML for the builtin rules. A rule that is not valid stops the build.

#![expect(
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a build script talks to cargo"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use rules::data::{CheckKind, CheckSpec, Line, Literal, Method, RuleData, Text};
use rules::sieve::{Crowd, Place};
use rules::validate::{TakenIds, rules_in};

#[expect(
    dead_code,
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
    pub(crate) mod rarity;
    pub(crate) mod schema;
    mod settle;
    pub(crate) mod shape;
    pub(crate) mod sieve;
    pub(crate) mod spelling;
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
    for shared in ["src/build.rs", "src/toml_doc.rs", "src/rules", "src/model"] {
        println!("cargo:rerun-if-changed={shared}");
    }
    let mut files = Vec::new();
    collect(Path::new("rules"), &mut files)?;
    files.sort();
    let mut taken = TakenIds::new();
    let mut all = Vec::new();
    for file in files {
        all.extend(rules_in(&file, &fs::read_to_string(&file)?, &mut taken)?);
    }
    let places = places(&all);
    let mut code = String::from("pub(super) static BUILTIN: &[RuleData] = &[\n");
    for rule in &all {
        write_rule(&mut code, rule, &places)?;
    }
    code.push_str("];\n");
    fs::write(
        Path::new(&env::var("OUT_DIR")?).join("builtin_rules.rs"),
        code,
    )?;
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

/// Where each anchor has its key, and in which group, by the anchor in lower case.
type Places = BTreeMap<String, Place>;

fn places(rules: &[RuleData]) -> Places {
    let anchors = rules.iter().flat_map(|rule| match &rule.method {
        Method::Pattern { anchors, .. }
        | Method::Value { anchors, .. }
        | Method::Context { words: anchors, .. } => &anchors[..],
        Method::File { .. } => &[],
    });
    let anchors: BTreeSet<String> = anchors.map(|it| it.text.to_ascii_lowercase()).collect();
    let bytes: Vec<&[u8]> = anchors.iter().map(String::as_bytes).collect();
    let places = Crowd::new().settle(&bytes);
    anchors.into_iter().zip(places).collect()
}

fn write_rule(code: &mut String, rule: &RuleData, places: &Places) -> std::fmt::Result {
    let card = &rule.card;
    writeln!(
        code,
        "    RuleData {{
        card: RuleCard {{ id: Cow::Borrowed({:?}), title: Cow::Borrowed({:?}), class: Class::{:?}, level: Level::{:?}, severity: Severity::{:?}, remedy: Cow::Borrowed({:?}), docs: Cow::Borrowed({:?}) }},
        provider: Cow::Borrowed({:?}),
        confidence: Confidence::from_thousandths({}),
        method: {},
        checks: Cow::Borrowed(&[{}]),
        only: {},
        never: {},
        fallback: {},
        enabled: {},
    }},",
        card.id,
        card.title,
        card.class,
        card.level,
        card.severity,
        card.remedy,
        card.docs,
        rule.provider,
        rule.confidence.thousandths(),
        method(&rule.method, places),
        rule.checks.iter().map(check).collect::<String>(),
        texts(&rule.only),
        texts(&rule.never),
        rule.fallback,
        rule.enabled,
    )
}

fn method(method: &Method, places: &Places) -> String {
    match method {
        Method::Pattern {
            anchors,
            ignore_case,
            pattern,
            reach,
            lead,
            then,
            near,
        } => {
            let near = match near {
                None => "None".to_owned(),
                Some(near) => format!(
                    "Some(Near {{ pattern: Cow::Borrowed({:?}), lines: {}, alone: {} }})",
                    near.pattern,
                    near.lines,
                    match near.alone {
                        None => "None".to_owned(),
                        Some(alone) => format!(
                            "Some(Confidence::from_thousandths({}))",
                            alone.thousandths()
                        ),
                    }
                ),
            };
            format!(
                "Method::Pattern {{ anchors: {}, ignore_case: {ignore_case}, pattern: Cow::Borrowed({pattern:?}), reach: {reach}, lead: {lead}, then: {then:?}, near: {near} }}",
                literals(anchors, places)
            )
        }
        Method::Value { anchors, value } => {
            format!(
                "Method::Value {{ anchors: {}, value: Cow::Borrowed({value:?}) }}",
                literals(anchors, places)
            )
        }
        Method::Context {
            words,
            ordinary,
            body,
            distinctive,
            lengths,
        } => {
            format!(
                "Method::Context {{ words: {}, ordinary: {ordinary}, body: Cow::Borrowed({body:?}), distinctive: {distinctive}, lengths: {lengths:?} }}",
                literals(words, places)
            )
        }
        Method::File { names, magic, line } => {
            let magic: String = magic
                .iter()
                .map(|bytes| format!("Cow::Borrowed(&{bytes:?}),"))
                .collect();
            let line = match line {
                None => "None".to_owned(),
                Some(Line { pattern, holds }) => format!(
                    "Some(Line {{ pattern: Cow::Borrowed({pattern:?}), holds: {} }})",
                    texts(holds)
                ),
            };
            format!(
                "Method::File {{ names: {}, magic: Cow::Borrowed(&[{magic}]), line: {line} }}",
                texts(names)
            )
        }
    }
}

fn literals(literals: &[Literal], places: &Places) -> String {
    let list: String = literals
        .iter()
        .map(|Literal { text, .. }| {
            let Place { offset, group } = places[&text.to_ascii_lowercase()];
            format!("Literal {{ text: Cow::Borrowed({text:?}), place: Place {{ offset: {offset}, group: {group} }} }},")
        })
        .collect();
    format!("Cow::Borrowed(&[{list}])")
}

fn texts(texts: &[Text]) -> String {
    let list: String = texts
        .iter()
        .map(|text| format!("Cow::Borrowed({text:?}),"))
        .collect();
    format!("Cow::Borrowed(&[{list}])")
}

fn check(check: &CheckSpec) -> String {
    let CheckSpec { kind, parameter }: &CheckSpec = check;
    let kind: &CheckKind = kind;
    format!("CheckSpec {{ kind: CheckKind::{kind:?}, parameter: {parameter:?} }},")
}
