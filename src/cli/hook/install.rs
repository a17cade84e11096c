//! `withhold hook install` and `uninstall` for one repository.

use std::path::{Path, PathBuf};

use withhold::source::{Git, HookFacts, PathSetting, SetBy};

use super::args::{HookName, InstallArgs};
use super::files::{Done, Found, find};
use super::managers::Manager;
use super::script::Also;
use super::{Status, console, files, print, program, shown};

/// Puts hooks into the folder in which git looks for them.
pub(super) fn install(args: &InstallArgs) -> anyhow::Result<Status> {
    let git = Git::discover(Path::new("."))?;
    let facts = git.hooks()?;
    let hooks = args.which.hooks(facts.top.is_none());
    if !args.force {
        if let Some(status) = left_to_manager(&facts, &hooks)? {
            return Ok(status);
        }
        if let Some(status) = left_to_all(&facts, &hooks)? {
            return Ok(status);
        }
    }
    put(&facts.folder, &hooks)?;
    let mut notes = Vec::new();
    if let Some(top) = &facts.top
        && facts.folder.starts_with(top)
        && facts.folder != facts.own_folder
    {
        notes.push(format!(
            "core.hooksPath names {}, which is part of the working tree: whoever gets these hooks with it needs withhold, or they refuse",
            shown(&facts.folder)
        ));
    }
    if facts.top.is_some() {
        notes.push(
            "`withhold hook status` tells whether they run and what gets around them".to_owned(),
        );
    }
    print(&notes)?;
    Ok(Status::Clear)
}

/// Puts hooks into a folder and says so.
pub(super) fn put(folder: &Path, hooks: &[HookName]) -> anyhow::Result<()> {
    let program = program()?;
    for hook in hooks {
        let name = hook.as_str();
        let done = files::install(folder, name, &program)?;
        let place = shown(&folder.join(name));
        let line = match done {
            Done::Nothing => format!("{name}: is there already: {place}"),
            Done::Renewed => format!("{name}: brought up to date: {place}"),
            Done::MovedAside(before) => format!(
                "{name}: installed: {place}; the hook that was there is {before} now and is called as well"
            ),
            Done::Written | Done::Removed | Done::PutBack => {
                format!("{name}: installed: {place}")
            }
        };
        print(&[line])?;
    }
    Ok(())
}

/// What to do where another program owns the hooks.
fn left_to_manager(facts: &HookFacts, hooks: &[HookName]) -> anyhow::Result<Option<Status>> {
    let (Some(manager), Some(top)) = (Manager::of(facts), facts.top.as_deref()) else {
        return Ok(None);
    };
    let missing: Vec<HookName> = hooks
        .iter()
        .copied()
        .filter(|hook| !manager.calls_withhold(top, *hook))
        .collect();
    let name = manager.name();
    if missing.is_empty() {
        print(&[format!(
            "{name} owns the hooks here and calls withhold already; nothing is changed"
        )])?;
        return Ok(Some(Status::Clear));
    }
    console::say(&format!(
        "{name} owns the hooks here; nothing is changed. Instead,"
    ));
    console::say(&manager.advice(&missing));
    console::say("Or take no notice of it, and install all the same: --force");
    Ok(Some(Status::Unsure))
}

/// What to do where the folder is that of all repositories.
fn left_to_all(facts: &HookFacts, hooks: &[HookName]) -> anyhow::Result<Option<Status>> {
    let Some(set) = facts
        .config
        .hooks_path
        .as_ref()
        .filter(|set| is_shared(set))
    else {
        return Ok(None);
    };
    let are_ours = hooks.iter().all(|hook| {
        let found = find(&facts.folder.join(hook.as_str()));
        matches!(found, Ok(Found::Ours(script)) if script.looks)
    });
    if are_ours {
        print(&[format!(
            "installed for all repositories already, in {}; nothing is changed",
            shown(&facts.folder)
        )])?;
        return Ok(Some(Status::Clear));
    }
    let file = set
        .file
        .as_deref()
        .map_or_else(|| "the environment".to_owned(), shown);
    console::say(&format!(
        "core.hooksPath is {} for all repositories ({file}); nothing is changed. Instead,\n  \
         withhold hook install --global            looks after all of them, or\n  \
         git config --local core.hooksPath {}      gives this one its own hooks again; then install, or\n  \
         withhold hook install --force             puts the hooks into the shared folder",
        shown(&set.path),
        shown(&facts.own_folder),
    ));
    Ok(Some(Status::Unsure))
}

/// Whether a folder of hooks is for more than one repository.
fn is_shared(set: &PathSetting) -> bool {
    match set.set_by {
        SetBy::System | SetBy::User => true,
        SetBy::Repository | SetBy::Command => false,
    }
}

/// Takes the hooks away, wherever `install` may have put them, and puts back what was there before.
pub(super) fn uninstall() -> anyhow::Result<Status> {
    let git = Git::discover(Path::new("."))?;
    let facts = git.hooks()?;
    let mut folders: Vec<PathBuf> = vec![facts.own_folder.clone()];
    if facts.folder != facts.own_folder {
        folders.push(facts.folder.clone());
    }
    let mut lines = Vec::new();
    for folder in folders {
        for hook in HookName::ALL {
            let place = folder.join(hook.as_str());
            // What is for all repositories is not this one's to take away.
            if matches!(find(&place), Ok(Found::Ours(script)) if script.also == Also::Own) {
                lines.push(format!(
                    "{}: is for all repositories: `withhold hook uninstall --global`",
                    hook.as_str()
                ));
                continue;
            }
            lines.extend(taken(&place)?);
        }
    }
    if lines.is_empty() {
        lines.push("no hook of withhold's is here".to_owned());
    }
    print(&lines)?;
    Ok(Status::Clear)
}

/// Takes one hook away; what is to be said about it.
pub(super) fn taken(place: &Path) -> anyhow::Result<Option<String>> {
    let name = place.file_name().unwrap_or_default().to_string_lossy();
    Ok(match files::uninstall(place)? {
        Done::PutBack => Some(format!(
            "{name}: taken away, and what was there before put back: {}",
            shown(place)
        )),
        Done::Removed => Some(format!("{name}: taken away: {}", shown(place))),
        Done::Nothing | Done::Written | Done::Renewed | Done::MovedAside(_) => None,
    })
}
