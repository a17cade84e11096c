//! `withhold dev`: for those who work on withhold itself.

use std::io::{self, BufWriter, Write};

use anyhow::bail;
use serde_json::json;
use withhold::source::gather;

use super::args::{DevArgs, DevCommand, FeaturesArgs};
use super::{Status, setup};

/// Runs a subcommand.
pub(super) fn run(args: &DevArgs) -> anyhow::Result<Status> {
    match &args.command {
        DevCommand::Features(features) => self::features(features),
        DevCommand::Timing(timing) => self::timing(timing),
    }
}

/// Prints every candidate of the rules that are scored, one a line: where it is and what is known of it, never what it is.
fn features(args: &FeaturesArgs) -> anyhow::Result<Status> {
    let loaded = setup::settings(&args.policy, &args.paths)?;
    let rules = setup::rules(&loaded)?;
    let gathered = gather(&args.paths, &args.walk.settings(1));
    let mut out = BufWriter::new(io::stdout().lock());
    let mut failed = None;
    let unscanned = withhold::describe(gathered, rules, |it| {
        // In the order in which the trees know them, which a map would not keep.
        let features: Vec<String> = it
            .features
            .iter()
            .map(|(name, value)| format!("\"{name}\":{value}"))
            .collect();
        let features = features.join(",");
        let place = json!({
            "path": it.path,
            "rule": it.rule,
            "line": it.span.start.line,
            "column": it.span.start.column,
            "end_line": it.span.end.line,
            "end_column": it.span.end.column,
            "sum": it.sum,
            "confidence": it.confidence,
        });
        let place = place.to_string();
        let place = place.trim_end_matches('}');
        if failed.is_none() {
            failed = writeln!(out, "{place},\"features\":{{{features}}}}}").err();
        }
    });
    if let Some(error) = failed {
        return Err(error.into());
    }
    out.flush()?;
    match unscanned.first() {
        Some(one) => bail!("{}: {}", one.origin.shown, one.why),
        None => Ok(Status::Clear),
    }
}

/// Prints how many candidates are scored and how long each takes, on an average.
fn timing(args: &FeaturesArgs) -> anyhow::Result<Status> {
    let loaded = setup::settings(&args.policy, &args.paths)?;
    let rules = setup::rules(&loaded)?;
    let gathered = gather(&args.paths, &args.walk.settings(1));
    let (timing, unscanned) = withhold::time_scores(gathered, rules);
    let withhold::Timing { glanced, weighed } = timing;
    let mut out = io::stdout();
    for (took, what) in [
        (glanced.and(weighed), "candidates"),
        (glanced, "told at a glance"),
        (weighed, "weighed by the trees"),
    ] {
        let each = took.each().as_nanos();
        writeln!(out, "{} {what}, {each} nanoseconds each", took.count)?;
    }
    match unscanned.first() {
        Some(one) => bail!("{}: {}", one.origin.shown, one.why),
        None => Ok(Status::Clear),
    }
}
