//! `withhold filter`.

use std::io::{self, BufWriter, Read, Write};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use withhold::report::{Human, Report};
use withhold::source::{Gathered, Item};

use super::args::FilterArgs;
use super::{Status, console, setup};

/// Passes standard input on if nothing in it is withheld.
pub(super) fn run(args: &FilterArgs) -> anyhow::Result<Status> {
    let loaded = setup::settings(&args.policy, &[PathBuf::from(".")])?;
    let rules = setup::rules(&loaded)?;
    let mut input = Vec::new();
    let limit = args.max_input;
    io::stdin()
        .lock()
        .take(limit.saturating_add(1))
        .read_to_end(&mut input)
        .context("standard input")?;
    if input.len() as u64 > limit {
        console::warn(format_args!(
            "standard input is longer than --max-input ({limit} bytes); nothing is passed on"
        ));
        return Ok(Status::Unsure);
    }
    let input = Arc::new(input);
    let item = Item::stdin_bytes(args.stdin_name.as_deref(), Arc::clone(&input));
    let gathered = Gathered {
        items: vec![item],
        ..Gathered::default()
    };
    let outcome = withhold::scan(gathered, rules, &loaded.settings, 1)?;
    let status = Status::of(&outcome);
    let has_findings = outcome.judged.iter().any(|judged| {
        judged
            .findings
            .iter()
            .any(|finding| finding.is_shown(false))
    });
    if status != Status::Clear || has_findings {
        let mut out = BufWriter::new(console::styled(io::stderr().lock(), args.color.color));
        Human {
            suppressed: false,
            skipped: false,
        }
        .write(&outcome, &mut out)?;
        out.flush()?;
    }
    if status == Status::Clear {
        let mut out = io::stdout().lock();
        out.write_all(&input)?;
        out.flush()?;
    }
    Ok(status)
}
