//! `withhold rules`.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail};
use withhold::config::{ConfigFiles, Loaded, Settings, load};
use withhold::model::Confidence;
use withhold::report::visible;
use withhold::rules::{
    Finds, RuleAbout, RuleFile, RuleSet, Sample, Samples, every_rule, made_samples, made_value,
    samples_in,
};
use withhold::source::{Gathered, Item};

use super::args::{
    ConfigFileArgs, ListFormat, NewRuleArgs, PolicyArgs, RulesArgs, RulesCommand, RulesListArgs,
    RulesShowArgs, RulesTestArgs,
};
use super::{Status, setup};

/// Runs a subcommand.
pub(super) fn run(args: &RulesArgs) -> anyhow::Result<Status> {
    match &args.command {
        RulesCommand::List(list) => self::list(list),
        RulesCommand::Show(show) => self::show(show),
        RulesCommand::Test(test) => self::test(test),
        RulesCommand::New(new) => self::new(new),
    }
}

/// Every rule of a run with these flags, and which of them are on.
fn rules_in_force(files: &ConfigFileArgs) -> anyhow::Result<Vec<RuleAbout>> {
    let policy = PolicyArgs::of_files(files.clone());
    let loaded = setup::settings(&policy, &[".".into()])?;
    // Rules that are switched but not there are an error here, too.
    setup::rules(&loaded)?;
    let switches = &loaded.settings.switches;
    let mut rules = every_rule(&setup::rule_files(&loaded))?;
    for rule in &mut rules {
        if let Some(&on) = switches.get(rule.card.id.as_ref()) {
            rule.enabled = on;
        }
    }
    rules.sort_by(|left, right| left.card.id.cmp(&right.card.id));
    Ok(rules)
}

/// A table, or an array of objects.
fn list(args: &RulesListArgs) -> anyhow::Result<Status> {
    let mut rules = rules_in_force(&args.files)?;
    rules.retain(|rule| {
        args.provider
            .as_ref()
            .is_none_or(|provider| is_of(rule, provider))
            && args.class.is_none_or(|class| rule.card.class == class)
            && args.level.is_none_or(|level| rule.card.level == level)
    });
    let mut out = BufWriter::new(io::stdout().lock());
    if args.format == ListFormat::Json {
        serde_json::to_writer_pretty(&mut out, &rules)?;
        writeln!(out)?;
        out.flush()?;
        return Ok(Status::Clear);
    }
    if rules.is_empty() {
        writeln!(out, "no rule is of this kind")?;
        out.flush()?;
        return Ok(Status::Clear);
    }
    let width = |text: fn(&RuleAbout) -> usize| rules.iter().map(text).max().unwrap_or_default();
    let id = width(|rule| rule.card.id.len());
    writeln!(
        out,
        "{:id$}  {:12}  {:12}  {:8}  TITLE",
        "ID", "CLASS", "LEVEL", "SEVERITY"
    )?;
    for rule in &rules {
        let card = &rule.card;
        let off = if rule.enabled { "" } else { " (off)" };
        writeln!(
            out,
            "{:id$}  {:12}  {:12}  {:8}  {}{off}",
            card.id,
            card.class.as_str(),
            card.level.as_str(),
            card.severity.as_str(),
            visible(&card.title)
        )?;
    }
    let providers: std::collections::BTreeSet<&str> =
        rules.iter().map(|rule| rule.provider.as_str()).collect();
    let on = rules.iter().filter(|rule| rule.enabled).count();
    writeln!(
        out,
        "{} rules ({on} on) of {} providers",
        rules.len(),
        providers.len()
    )?;
    out.flush()?;
    Ok(Status::Clear)
}

/// Whether a rule is of a provider, by any part of its name or of the rule's title.
fn is_of(rule: &RuleAbout, provider: &str) -> bool {
    let provider = provider.to_lowercase();
    rule.provider.contains(&provider) || rule.card.title.to_lowercase().contains(&provider)
}

/// Everything about one rule, in the words of its file.
fn show(args: &RulesShowArgs) -> anyhow::Result<Status> {
    let rules = rules_in_force(&args.files)?;
    let Some(rule) = rules.iter().find(|rule| rule.card.id == args.id) else {
        let close = close_ids(&rules, &args.id);
        bail!("there is no rule `{}`{close}", args.id);
    };
    let mut out = BufWriter::new(io::stdout().lock());
    if args.format == ListFormat::Json {
        serde_json::to_writer_pretty(&mut out, rule)?;
        writeln!(out)?;
    } else {
        for (key, value) in shown(rule) {
            writeln!(out, "{key:11} {}", visible(&value))?;
        }
        if let Some(example) = made_example(rule) {
            writeln!(out, "{:11} {}", "for example", visible(&example))?;
        }
    }
    out.flush()?;
    Ok(Status::Clear)
}

/// A rule's keys and values.
fn shown(rule: &RuleAbout) -> Vec<(&'static str, String)> {
    let card = &rule.card;
    let mut rows = vec![
        ("id", card.id.to_string()),
        ("title", card.title.to_string()),
        ("provider", rule.provider.clone()),
        ("class", card.class.to_string()),
        ("level", card.level.to_string()),
        ("severity", card.severity.to_string()),
        ("confidence", rule.confidence.to_string()),
        ("enabled", yes_no(rule.enabled)),
    ];
    if rule.fallback {
        rows.push((
            "fallback",
            "yes: gives way to other rules in the same place".to_owned(),
        ));
    }
    match &rule.finds {
        Finds::Pattern {
            anchors,
            pattern,
            near,
        } => {
            rows.push(("anchors", anchors.join(", ")));
            rows.push(("pattern", pattern.clone()));
            if let Some(near) = near {
                rows.push((
                    "near",
                    format!("within {} lines: {}", near.lines, near.pattern),
                ));
                let alone = near
                    .alone
                    .map_or_else(|| "not reported".to_owned(), confidence);
                rows.push(("alone", alone));
            }
        }
        Finds::Value { anchors, value } => {
            rows.push(("names with", anchors.join(", ")));
            rows.push(("value", value.clone()));
        }
        Finds::Context {
            words,
            ordinary,
            body,
        } => {
            let place = if *ordinary {
                " (in the value's name or in a host)"
            } else {
                ""
            };
            rows.push(("context", format!("{}{place}", words.join(", "))));
            rows.push(("body", body.clone()));
        }
        Finds::File {
            names,
            magic,
            line,
            holds,
        } => {
            rows.push(("file names", names.join(", ")));
            rows.push(("first bytes", magic.join(", ")));
            rows.push(("holds", holds.join(", ")));
            rows.push(("line", line.clone().unwrap_or_default()));
        }
    }
    rows.push(("checks", rule.checks.join(", ")));
    rows.push(("only in", rule.only.join(", ")));
    rows.push(("never in", rule.never.join(", ")));
    rows.push(("remedy", card.remedy.to_string()));
    rows.push(("docs", card.docs.to_string()));
    rows.retain(|(_, value)| !value.is_empty());
    rows
}

fn confidence(confidence: Confidence) -> String {
    format!("confidence {confidence}")
}

fn yes_no(yes: bool) -> String {
    if yes { "yes" } else { "no" }.to_owned()
}

/// A text that the rule finds, made from its pattern: one that opens nothing.
fn made_example(rule: &RuleAbout) -> Option<String> {
    if let Finds::Pattern { pattern, .. } = &rule.finds {
        return Some(made_value(&rule.card.id, pattern));
    }
    Some(made_samples(rule)?.examples.into_iter().next()?.text)
}

/// Ids that hold what was asked for.
fn close_ids(rules: &[RuleAbout], id: &str) -> String {
    const MOST: usize = 5;
    let close: Vec<&str> = rules
        .iter()
        .filter(|rule| rule.card.id.contains(id) || is_of(rule, id))
        .map(|rule| rule.card.id.as_ref())
        .take(MOST)
        .collect();
    if close.is_empty() {
        "; `withhold rules list` shows them all".to_owned()
    } else {
        format!("; there is {}", close.join(", "))
    }
}

/// Runs the rules of files against their own samples, and says what comes out as a test runner does.
fn test(args: &RulesTestArgs) -> anyhow::Result<Status> {
    let mut files = Vec::new();
    for path in &args.files {
        let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
        files.push(RuleFile {
            path: path.clone(),
            text,
        });
    }
    let rules = RuleSet::new(&files, &BTreeMap::new())?;
    let settings = defaults()?;
    let mut samples: Vec<Samples> = Vec::new();
    let mut ids = Vec::new();
    for file in &files {
        let of_file = samples_in(file)?;
        ids.extend(of_file.iter().map(|samples| samples.rule.clone()));
        samples.extend(of_file);
    }
    // One-line rules carry no samples; theirs are made.
    let builtin = every_rule(&[])?.len();
    let own = every_rule(&files)?.split_off(builtin);
    samples.extend(
        own.iter()
            .filter(|rule| !ids.iter().any(|id| *id == rule.card.id))
            .filter_map(made_samples),
    );
    let mut out = BufWriter::new(io::stdout().lock());
    let runner = Runner { rules, settings };
    let (mut passed, mut failures) = (0, Vec::new());
    for samples in &samples {
        for (kind, number, sample) in numbered(samples) {
            let name = format!("{} {kind} {number}", samples.rule);
            match runner.wrong(&samples.rule, kind, sample)? {
                None => {
                    passed += 1;
                    writeln!(out, "test {} ... ok", visible(&name))?;
                }
                Some(wrong) => {
                    writeln!(out, "test {} ... FAILED", visible(&name))?;
                    failures.push((name, wrong));
                }
            }
        }
        if samples.examples.is_empty() {
            let name = format!("{} examples", samples.rule);
            writeln!(out, "test {} ... FAILED", visible(&name))?;
            failures.push((
                name,
                "has no example: nothing shows that it finds anything".to_owned(),
            ));
        }
    }
    if !failures.is_empty() {
        writeln!(out, "\nfailures:")?;
        for (name, wrong) in &failures {
            writeln!(out, "    {}: {}", visible(name), visible(wrong))?;
        }
    }
    let result = if failures.is_empty() { "ok" } else { "FAILED" };
    writeln!(
        out,
        "\ntest result: {result}. {passed} passed; {} failed",
        failures.len()
    )?;
    out.flush()?;
    Ok(if failures.is_empty() {
        Status::Clear
    } else {
        Status::Withheld
    })
}

/// What a sample is for.
const EXAMPLE: &str = "example";
const NEGATIVE: &str = "negative";

/// A rule's samples, each with what it is for and its number, counted from 1.
fn numbered(samples: &Samples) -> impl Iterator<Item = (&'static str, usize, &Sample)> {
    let of = |kind, samples: &'_ [Sample]| -> Vec<(&'static str, usize)> {
        (1..=samples.len()).map(|number| (kind, number)).collect()
    };
    let examples = of(EXAMPLE, &samples.examples)
        .into_iter()
        .zip(&samples.examples);
    let negatives = of(NEGATIVE, &samples.negatives)
        .into_iter()
        .zip(&samples.negatives);
    examples
        .chain(negatives)
        .map(|((kind, number), sample)| (kind, number, sample))
}

/// The default settings; no configuration file decides whether a rule is right.
fn defaults() -> anyhow::Result<Settings> {
    let Loaded { settings, .. } = load(
        &ConfigFiles::None,
        &PolicyArgs::default().overrides(".".into()),
    )?;
    Ok(settings)
}

struct Runner {
    rules: RuleSet,
    settings: Settings,
}

impl Runner {
    /// What is wrong with a sample, if anything is.
    fn wrong(&self, rule: &str, kind: &str, sample: &Sample) -> anyhow::Result<Option<String>> {
        let bytes = Arc::new(sample.text.clone().into_bytes());
        let gathered = Gathered {
            items: vec![Item::stdin_bytes(Some(&sample.path), bytes)],
            ..Gathered::default()
        };
        let outcome = withhold::scan(gathered, &self.rules, &self.settings, 1)?;
        let found: Vec<String> = outcome
            .judged
            .iter()
            .flat_map(|judged| &judged.findings)
            .map(|judged| judged.finding.rule.id.to_string())
            .collect();
        let by_others = match &found[..] {
            [] => "no rule finds it".to_owned(),
            found => format!("found by {}", found.join(", ")),
        };
        let is_found = found.iter().any(|id| id == rule);
        Ok(match kind {
            EXAMPLE if !is_found => Some(format!("not found by its rule; {by_others}")),
            NEGATIVE if is_found => Some("found by its rule".to_owned()),
            _ => None,
        })
    }
}

/// Prints a template that passes its own test, or writes it to a file that is not there yet.
fn new(args: &NewRuleArgs) -> anyhow::Result<Status> {
    let Some(path) = &args.file else {
        io::stdout().lock().write_all(TEMPLATE.as_bytes())?;
        return Ok(Status::Clear);
    };
    write_new(path).with_context(|| path.display().to_string())?;
    Ok(Status::Clear)
}

fn write_new(path: &Path) -> io::Result<()> {
    let mut file = fs::File::create_new(path)?;
    file.write_all(TEMPLATE.as_bytes())
}

const TEMPLATE: &str = include_str!("new_rule.toml");
