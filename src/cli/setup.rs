//! What the commands share: from flags to settings and rules.

use std::env;
use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::Context;
use etcetera::BaseStrategy;
use withhold::config::{ConfigFiles, Loaded, load, project_file};
use withhold::rules::{RuleFile, RuleSet};

use super::args::PolicyArgs;
use super::console;

/// The settings for `roots`; a project that makes them looser than the defaults is named.
pub(super) fn settings(policy: &PolicyArgs, roots: &[PathBuf]) -> anyhow::Result<Loaded> {
    let here = working_folder()?;
    let loaded = load(
        &config_files(policy, roots, &here)?,
        &policy.overrides(here),
    )?;
    if !loaded.refused.is_empty() {
        let refused = loaded.refused.join("; ");
        console::warn(format_args!(
            "the project's configuration cannot loosen yours, and this does not hold: {refused}"
        ));
    }
    if !loaded.loosened.is_empty() {
        console::warn(format_args!(
            "the project's configuration lets go: {}",
            loaded.loosened.join("; ")
        ));
    }
    Ok(loaded)
}

/// The rules that `loaded` asks for. They last as long as the process: to give a thousand rules back one by one takes longer than
/// to look at most commits.
pub(super) fn rules(loaded: &Loaded) -> anyhow::Result<&'static RuleSet> {
    let rules = RuleSet::new(&rule_files(loaded), &loaded.settings.switches)?;
    for name in loaded
        .settings
        .paths
        .iter()
        .flat_map(|path| &path.rules)
        .filter(|name| *name != "*")
    {
        rules.check_name(name)?;
    }
    Ok(Box::leak(Box::new(rules)))
}

/// The user's own rule files.
pub(super) fn rule_files(loaded: &Loaded) -> Vec<RuleFile> {
    loaded
        .settings
        .rule_files
        .iter()
        .map(|(path, text)| RuleFile {
            path: path.clone(),
            text: text.clone(),
        })
        .collect()
}

fn config_files(
    policy: &PolicyArgs,
    roots: &[PathBuf],
    here: &Path,
) -> anyhow::Result<ConfigFiles> {
    if policy.files.no_config {
        return Ok(ConfigFiles::None);
    }
    if let Some(file) = &policy.files.config {
        return Ok(ConfigFiles::Named(file.clone()));
    }
    let roots: Vec<PathBuf> = roots
        .iter()
        .map(|root| fs::canonicalize(root).unwrap_or_else(|_| here.join(root)))
        .collect();
    Ok(ConfigFiles::Found {
        project: project_file(&roots)?,
        user: user_file(),
    })
}

/// The user's configuration file in the platform's folder, if there is one.
fn user_file() -> Option<PathBuf> {
    let folder = etcetera::choose_base_strategy().ok()?.config_dir();
    Some(folder.join("withhold").join("config.toml")).filter(|file| file.is_file())
}

#[expect(
    clippy::disallowed_methods,
    reason = "the command line is where the working folder belongs"
)]
fn working_folder() -> anyhow::Result<PathBuf> {
    env::current_dir().context("the working folder cannot be told")
}

/// `path` relative to the working folder, if it lies below it. A path with `..` stays as it is: what it means depends on
/// the links on the way, not on its text.
pub(super) fn relative(path: &Path) -> PathBuf {
    let is_plain =
        path.is_absolute() && !path.components().any(|part| part == Component::ParentDir);
    let below = working_folder()
        .ok()
        .filter(|_| is_plain)
        .and_then(|here| Some(path.strip_prefix(here).ok()?.to_path_buf()));
    match below {
        Some(rest) if rest.as_os_str().is_empty() => PathBuf::from("."),
        Some(rest) => rest,
        None => path.to_path_buf(),
    }
}
