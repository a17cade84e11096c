//! The command line: flags, environment, streams and exit codes. The library never sees any of them.

mod args;
mod config;
mod console;
mod dev;
mod filter;
mod hook;
mod progress;
mod rules;
mod scan;
mod setup;

use std::io;
use std::panic;
use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};
use withhold::model::{Outcome, Verdict};

/// What a command came to. The numbers are a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    /// Nothing is withheld.
    Clear = 0,
    /// Something is withheld.
    Withheld = 1,
    /// Not everything could be looked at, or bad usage, rules or configuration.
    Unsure = 2,
}

impl Status {
    /// What an outcome comes to: not having looked wins over having found.
    fn of(outcome: &Outcome) -> Status {
        match outcome.verdict() {
            _ if !outcome.unscanned.is_empty() => Status::Unsure,
            Verdict::Withheld => Status::Withheld,
            Verdict::Warned | Verdict::Cleared => Status::Clear,
        }
    }
}

/// Runs the program.
pub(crate) fn run() -> ExitCode {
    // A panic's own words may quote what was being looked at: only its place is told.
    panic::set_hook(Box::new(|info| {
        let place = info.location().map_or_else(String::new, |location| {
            format!(" at {}:{}", location.file(), location.line())
        });
        console::say(&format!(
            "withhold: internal error{place}; please report it"
        ));
    }));
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // Help and version go to stdout and are no error.
            let status = if error.use_stderr() {
                Status::Unsure
            } else {
                Status::Clear
            };
            return if error.print().is_ok() {
                exit(status)
            } else {
                exit(Status::Unsure)
            };
        }
    };
    let result = panic::catch_unwind(|| match &args.command {
        Command::Scan(scan) => scan::run(scan),
        Command::Filter(filter) => filter::run(filter),
        Command::Hook(hook) => hook::run(hook),
        Command::Config(config) => config::run(config),
        Command::Rules(rules) => rules::run(rules),
        Command::Dev(dev) => dev::run(dev),
    });
    match result {
        Ok(Ok(status)) => exit(status),
        // Whoever read the output has heard enough; what was found is not known to them, though.
        Ok(Err(error)) if is_broken_pipe(&error) => exit(Status::Unsure),
        Ok(Err(error)) => {
            console::error(&error);
            exit(Status::Unsure)
        }
        Err(_) => exit(Status::Unsure),
    }
}

fn exit(status: Status) -> ExitCode {
    ExitCode::from(status as u8)
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let kind = match cause.downcast_ref::<io::Error>() {
            Some(error) => Some(error.kind()),
            // It does not name what it stands on as its source.
            None => cause
                .downcast_ref::<serde_json::Error>()
                .and_then(serde_json::Error::io_error_kind),
        };
        kind == Some(io::ErrorKind::BrokenPipe)
    })
}
