//! `withhold hook`: git's hooks, put in place, taken away, told about and run. Nothing here is on the way from bytes to
//! findings: a hook that runs differs from `scan` in what it looks at and in how it says so.

pub(super) mod args;
mod config_file;
mod files;
mod global;
mod install;
mod managers;
mod message;
mod run;
mod script;
mod status;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use withhold::report::visible;

use super::{Status, console};
use args::{HookArgs, HookCommand};

/// Runs a subcommand.
pub(super) fn run(args: &HookArgs) -> anyhow::Result<Status> {
    match &args.command {
        HookCommand::Install(install) if install.global => global::install(install),
        HookCommand::Install(install) => install::install(install),
        HookCommand::Uninstall(uninstall) if uninstall.global => global::uninstall(),
        HookCommand::Uninstall(_) => install::uninstall(),
        HookCommand::Status(status) => status::run(status),
        HookCommand::Run(run) => run::run(run),
    }
}

/// This very program, as hooks are to call it.
fn program() -> anyhow::Result<PathBuf> {
    let program = std::env::current_exe().context("where this program is cannot be told")?;
    if program.to_str().is_none_or(|text| text.contains('\n')) {
        bail!(
            "this program's path, {}, cannot stand in a script",
            program.display()
        );
    }
    Ok(program)
}

/// Lines on standard output, with nothing in them that acts on a terminal.
fn print(lines: &[String]) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    for line in lines.iter().flat_map(|lines| lines.split('\n')) {
        writeln!(out, "{}", visible(line))?;
    }
    out.flush()?;
    Ok(())
}

/// A path as people write it: below the working folder without that.
fn shown(path: &Path) -> String {
    let path = super::setup::relative(path);
    visible(&path.to_string_lossy()).into_owned()
}
