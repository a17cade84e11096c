//! The same text gives the same findings wherever it is cut into stretches. Stretches are short here, so that a few kilobytes
//! are cut at every place around a secret; all else is the engine as it is.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::scan;
use crate::config::{ConfigFiles, Overrides, Settings, load};
use crate::rules::{RuleFile, RuleSet, Samples, samples_in};
use crate::source::{Gathered, Item, Sizes};

/// What stands around a secret, line by line.
const LINE: &str = "nothing to see in this line, which is here to be one of many\n";

struct Engine {
    rules: RuleSet,
    settings: Settings,
}

impl Engine {
    fn new() -> Engine {
        let flags = Overrides {
            destination: None,
            min_confidence: None,
            min_severity: None,
            marks: None,
            here: PathBuf::new(),
        };
        Engine {
            rules: RuleSet::new(&[], &BTreeMap::new()).unwrap(),
            settings: load(&ConfigFiles::None, &flags).unwrap().settings,
        }
    }

    /// Everything that a report could say of an item.
    fn report(&self, item: Item) -> Vec<String> {
        let gathered = Gathered {
            items: vec![item],
            ..Gathered::default()
        };
        let outcome = scan(gathered, &self.rules, &self.settings, 1).unwrap();
        let findings = outcome.judged.iter().flat_map(|judged| &judged.findings);
        let findings = findings.map(|finding| format!("{finding:?}"));
        let unscanned = outcome.unscanned.iter().map(|it| format!("{it:?}"));
        findings.chain(unscanned).collect()
    }

    /// Compares what is found in a text as a whole and in stretches; returns how many findings there are.
    fn compare(&self, name: &str, path: &str, text: &[u8], sizes: Sizes) -> usize {
        let item = Item::stdin_bytes(Some(path), Arc::new(text.to_vec()));
        let whole = self.report(item.clone());
        let cut = self.report(item.cut(sizes));
        assert!(whole == cut, "{name}:\nwhole {whole:#?}\ncut {cut:#?}");
        whole.len()
    }
}

fn samples() -> Vec<Samples> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    let mut paths: Vec<PathBuf> = walk(&folder);
    paths.sort();
    let file = |path: PathBuf| RuleFile {
        text: fs::read_to_string(&path).unwrap(),
        path,
    };
    let samples = paths.into_iter().map(file);
    samples
        .flat_map(|file| samples_in(&file).unwrap())
        .collect()
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let below = paths.flat_map(|path| match path.is_dir() {
        true => walk(&path),
        false => vec![path],
    });
    below
        .filter(|path| path.extension().is_some_and(|it| it == "toml"))
        .collect()
}

/// `text` with so many bytes of lines before it, and many after it.
fn around(text: &str, before: usize, after: usize) -> String {
    let lines = LINE.repeat(before / LINE.len() + 1);
    let rest = LINE.repeat(after / LINE.len() + 1);
    format!("{}\n{text}\n{rest}", &lines[lines.len() - before..])
}

/// The first example of a rule.
fn example(samples: &[Samples], rule: &str) -> String {
    let of_rule = samples.iter().find(|samples| samples.rule == rule);
    let first = of_rule.and_then(|samples| samples.examples.first());
    first
        .unwrap_or_else(|| panic!("{rule} has no example"))
        .text
        .clone()
}

fn each(text: &str, escape: impl Fn(u8) -> String) -> String {
    text.bytes().map(escape).collect()
}

/// Secrets of every kind, plain and encoded.
fn kinds() -> Vec<(&'static str, String)> {
    let samples = samples();
    let plain = |rule: &'static str| (rule, example(&samples, rule));
    let line = example(&samples, "github-classic-token");
    let long = format!("{}{line}\n{}", LINE.repeat(3), LINE.repeat(3));
    let base64 = data_encoding::BASE64.encode(long.as_bytes());
    let lines: Vec<&str> = (0..base64.len())
        .step_by(64)
        .map(|at| &base64[at..base64.len().min(at + 64)])
        .collect();
    let twice = data_encoding::BASE64.encode(base64.as_bytes());
    let mut kinds: Vec<(&str, String)> = [
        "github-classic-token",
        "aws-access-key-pair",
        "google-oauth-client-secret",
        "generic-password",
        "generic-token",
        "connection-string-password",
        "jwt-signed",
        "private-key-pem",
        "airtable-api-key-legacy",
        "wallet-seed-phrase",
        "markings-proprietary-confidential",
    ]
    .into_iter()
    .filter(|rule| samples.iter().any(|samples| samples.rule == *rule))
    .map(plain)
    .collect();
    assert!(kinds.len() >= 10, "{}", kinds.len());
    kinds.extend([
        ("base64", base64.clone()),
        ("base64 in lines", lines.join("\n")),
        ("base64 twice", twice),
        ("hex", each(&line, |byte| format!("{byte:02x}"))),
        ("percent", each(&line, |byte| format!("%{byte:02x}"))),
        ("escaped", each(&line, |byte| format!("\\u{byte:04x}"))),
        (
            "a mark beside it",
            format!("{line} # withhold:allow * it is made up"),
        ),
        (
            "a mark above it",
            format!("# withhold:allow * it is made up\n{line}"),
        ),
        (
            "others beside it",
            format!("{line}\n{}", example(&samples, "generic-password")),
        ),
        (
            "UTF-16 among other bytes",
            each(&line, |byte| format!("{}\0", char::from(byte))),
        ),
    ]);
    kinds
}

#[test]
fn a_secret_is_the_same_wherever_a_stretch_ends_around_it() {
    let engine = Engine::new();
    // A stretch ends, and the next begins, every so many bytes: with so many beginnings every place was an end.
    let sizes = Sizes {
        own: 64,
        margin: 1024,
    };
    for (name, text) in kinds() {
        for shift in 0..sizes.own {
            let text = around(&text, 2 * sizes.margin + shift, sizes.margin + 128);
            let found = engine.compare(
                &format!("{name} at {shift}"),
                "a.txt",
                text.as_bytes(),
                sizes,
            );
            assert!(found > 0, "{name} at {shift}");
        }
    }
}

#[test]
fn so_it_is_in_utf_16() {
    let engine = Engine::new();
    let sizes = Sizes {
        own: 64,
        margin: 1024,
    };
    let line = example(&samples(), "github-classic-token");
    for shift in 0..sizes.own / 2 {
        let text = around(&line, sizes.margin + shift, 600);
        for to_bytes in [u16::to_le_bytes, u16::to_be_bytes] {
            let marked = format!("\u{feff}é{text}");
            let text: Vec<u8> = marked.encode_utf16().flat_map(to_bytes).collect();
            assert!(engine.compare(&format!("at {shift}"), "a.txt", &text, sizes) > 0);
        }
    }
}

#[test]
fn every_example_is_the_same_when_it_is_cut() {
    let engine = Engine::new();
    let sizes = Sizes {
        own: 512,
        margin: 4096,
    };
    let samples = samples();
    let examples = samples.iter().flat_map(|samples| {
        let examples = samples.examples.iter();
        examples.map(|example| (samples.rule.as_str(), example))
    });
    let mut found = 0;
    for (index, (rule, example)) in examples.enumerate() {
        // Rules about whole files look at how they begin.
        let text = around(
            &example.text,
            2 * sizes.margin + index * 67 % sizes.own,
            sizes.margin,
        );
        found += engine.compare(rule, &example.path, text.as_bytes(), sizes);
    }
    assert!(found > 700, "{found}");
}
