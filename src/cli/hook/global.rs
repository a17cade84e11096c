//! `withhold hook install --global` and `uninstall --global`: hooks for all of a user's repositories.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};
use etcetera::BaseStrategy;
use withhold::source::{GlobalHooks, SetBy, global_hooks};

use super::args::{GlobalWay, HookName, InstallArgs};
use super::config_file::{self, Section};
use super::files::{self, Found, find};
use super::install::{put, taken};
use super::script::{Also, Script, quoted};
use super::{Status, console, print, program, shown};

/// The first git that runs hooks named in its configuration.
const RUNS_CONFIGURED: (u32, u32) = (2, 54);

/// All that git calls in its folder of hooks. Two are left out: a `push-to-checkout` that is there changes what git does, and
/// `fsmonitor-watchman` is named by its path. Source: git's githooks.adoc.
const ALL: [&str; 26] = [
    "applypatch-msg",
    "commit-msg",
    "p4-changelist",
    "p4-post-changelist",
    "p4-pre-submit",
    "p4-prepare-changelist",
    "post-applypatch",
    "post-checkout",
    "post-commit",
    "post-index-change",
    "post-merge",
    "post-receive",
    "post-rewrite",
    "post-update",
    "pre-applypatch",
    "pre-auto-gc",
    "pre-commit",
    "pre-merge-commit",
    "pre-push",
    "pre-rebase",
    "pre-receive",
    "prepare-commit-msg",
    "proc-receive",
    "reference-transaction",
    "sendemail-validate",
    "update",
];

/// Installs for all repositories.
pub(super) fn install(args: &InstallArgs) -> anyhow::Result<Status> {
    let global = global_hooks()?;
    let hooks = args.which.hooks(false);
    let way = args.by.unwrap_or_else(|| match git_version() {
        Some(version) if version >= RUNS_CONFIGURED => GlobalWay::Config,
        Some(_) | None => GlobalWay::Folder,
    });
    match way {
        GlobalWay::Config => by_config(&global, &hooks),
        GlobalWay::Folder => by_folder(&global, &hooks, args.force),
    }
}

/// Names the hooks in the user's configuration. Other hooks run beside them.
fn by_config(global: &GlobalHooks, hooks: &[HookName]) -> anyhow::Result<Status> {
    let file = file(global)?;
    let program = program()?.to_string_lossy().into_owned();
    let program = match cfg!(windows) {
        true => program.replace('\\', "/"),
        false => program,
    };
    let section = |hook: &HookName| {
        let name = hook.as_str();
        let command = format!("{} hook run {name} --", quoted(&program));
        (
            format!("[hook \"withhold-{name}\"]"),
            vec![
                format!("command = {}", config_file::value(&command)),
                format!("event = {name}"),
            ],
        )
    };
    let sections: Vec<Section> = hooks.iter().map(section).collect();
    let changed = config_file::add(file, &sections, is_ours)?;
    remove_folder()?;
    let names: Vec<&str> = hooks.iter().map(|hook| hook.as_str()).collect();
    let names = names.join(", ");
    let mut lines = vec![match changed {
        true => format!("{names}: named for all repositories in {}", shown(file)),
        false => format!("{names}: named already in {}", shown(file)),
    }];
    if git_version().is_none_or(|version| version < RUNS_CONFIGURED) {
        lines.push(
            "the git that is installed here does not run hooks that its configuration names: that needs 2.54 or later".to_owned(),
        );
    }
    print(&lines)?;
    Ok(Status::Clear)
}

/// Puts scripts into a folder that `core.hooksPath` points to from then on.
fn by_folder(global: &GlobalHooks, hooks: &[HookName], force: bool) -> anyhow::Result<Status> {
    let folder = folder()?;
    let others = global.config.hooks_path.as_ref();
    if let Some(set) = others.filter(|set| set.path != folder) {
        if !force {
            let file = set.file.as_deref().map(shown).unwrap_or_default();
            console::say(&format!(
                "core.hooksPath is {} for all repositories ({file}); nothing is changed.\n\
                 To put the hooks into that folder, with what is in it called as well: --force",
                shown(&set.path)
            ));
            return Ok(Status::Unsure);
        }
        if !set.path.is_absolute() {
            bail!(
                "core.hooksPath is {}, which is another folder in each repository",
                shown(&set.path)
            );
        }
        put(&set.path, hooks)?;
        return Ok(Status::Clear);
    }
    let file = file(global)?;
    let program = program()?;
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    for name in ALL {
        let looks = hooks.iter().any(|hook| hook.as_str() == name);
        let place = folder.join(name);
        let script = Script::new(name, looks, &program, Also::Own);
        match find(&place)? {
            Found::Another => bail!("{} is not withhold's", place.display()),
            Found::Ours(there) if there == script && files::is_executable(&place) => {}
            Found::Nothing | Found::Ours(_) | Found::OursChanged => {
                files::write(&place, &script.text())?;
            }
        }
    }
    let path = folder.to_string_lossy();
    let path = format!("hooksPath = {}", config_file::value(&path));
    let changed = config_file::add(file, &[("[core]".to_owned(), vec![path])], is_ours)?;
    let names: Vec<&str> = hooks.iter().map(|hook| hook.as_str()).collect();
    let names = names.join(", ");
    let already = if changed { "" } else { " already" };
    print(&[
        format!("{names}: installed{already} for all repositories in {}", shown(&folder)),
        format!("core.hooksPath in {} points there; each repository's own hooks are called as well", shown(file)),
        "a repository with a core.hooksPath of its own, as husky sets it, does not look there: `withhold hook status` tells".to_owned(),
    ])?;
    Ok(Status::Clear)
}

/// Takes away what was installed for all repositories.
pub(super) fn uninstall() -> anyhow::Result<Status> {
    let global = global_hooks()?;
    let mut lines = Vec::new();
    if let Some(file) = &global.file
        && config_file::remove(file, is_ours)?
    {
        lines.push(format!("{}: as it was", shown(file)));
    }
    if remove_folder()? {
        lines.push(format!("{}: removed", shown(&folder()?)));
    }
    // And what --force put into a folder of the user's.
    let others = global.config.hooks_path.as_ref();
    if let Some(set) = others.filter(|set| set.set_by == SetBy::User && set.path.is_absolute()) {
        for hook in HookName::ALL {
            lines.extend(taken(&set.path.join(hook.as_str()))?);
        }
    }
    if lines.is_empty() {
        lines.push("nothing of withhold's is installed for all repositories".to_owned());
    }
    print(&lines)?;
    Ok(Status::Clear)
}

/// The folder for hooks of all repositories.
fn folder() -> anyhow::Result<PathBuf> {
    let base = etcetera::choose_base_strategy().context("the user's folder cannot be told")?;
    Ok(base.config_dir().join("withhold").join("git-hooks"))
}

fn file(global: &GlobalHooks) -> anyhow::Result<&Path> {
    let file = global.file.as_deref();
    file.context("git has no configuration of the user's here: HOME is not set")
}

/// Removes the folder with the scripts of ours in it; what others put there stays. Whether there was any.
fn remove_folder() -> anyhow::Result<bool> {
    let folder = folder()?;
    let mut any = false;
    for name in ALL {
        any |= taken(&folder.join(name))?.is_some();
    }
    if any {
        // It stays where it is not empty.
        let _ = fs::remove_dir(&folder);
    }
    Ok(any)
}

/// Whether a line of the user's configuration is one that `install` writes.
fn is_ours(line: &str) -> bool {
    let value = |key: &str| line.strip_prefix(key);
    value("hooksPath = ").is_some_and(|path| path.trim_end_matches('"').ends_with("git-hooks"))
        || value("command = ").is_some_and(|command| command.contains(" hook run "))
        || value("event = ").is_some()
}

/// The version of the git that the user would run. No repository has a say in which one that is.
pub(super) fn git_version() -> Option<(u32, u32)> {
    let output = Command::new("git").arg("--version").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    version_in(&text)
}

fn version_in(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.strip_prefix("git version ")?.trim().split('.');
    let major = parts.next()?.parse().ok()?;
    Some((major, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_git_are_read() {
        let versions = [
            "git version 2.47.1\n",
            "git version 2.54.0.windows.1",
            "git version 2.39.5 (Apple Git-154)",
            "gut",
        ];
        assert_eq!(
            versions.map(version_in),
            [Some((2, 47)), Some((2, 54)), Some((2, 39)), None]
        );
    }

    #[test]
    fn every_hook_that_looks_is_a_hook_of_git() {
        assert!(
            HookName::ALL
                .iter()
                .all(|hook| ALL.contains(&hook.as_str()))
        );
    }
}
