//! `withhold config`.

use std::io::{self, Write};

use withhold::report::visible;

use super::args::{ConfigArgs, ConfigCommand, ShowArgs};
use super::{Status, setup};

/// Runs a subcommand.
pub(super) fn run(args: &ConfigArgs) -> anyhow::Result<Status> {
    match &args.command {
        ConfigCommand::Show(show) => self::show(show),
    }
}

/// Prints the settings in force and where each came from, in the configuration's own syntax.
fn show(args: &ShowArgs) -> anyhow::Result<Status> {
    let loaded = setup::settings(&args.policy, &args.paths)?;
    // Rules that are named but not there are an error here, too.
    let rules = setup::rules(&loaded)?;
    let mut out = io::stdout().lock();
    let width = loaded
        .shown
        .iter()
        .map(|setting| setting.key.len() + setting.value.len() + 3)
        .max()
        .unwrap_or_default();
    for setting in &loaded.shown {
        let text = format!("{} = {}", setting.key, setting.value);
        writeln!(
            out,
            "{:width$}  # {}",
            visible(&text),
            visible(&setting.source.to_string())
        )?;
    }
    writeln!(out, "# {} rules are on", rules.len())?;
    Ok(Status::Clear)
}
