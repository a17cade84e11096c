//! `withhold hook status`: would the hooks really run, and what gets around them?

use std::env;
use std::path::{Path, PathBuf};

use serde_json::json;
use withhold::source::{Git, HookFacts, SetBy};

use super::args::{HookName, StatusArgs, StatusFormat};
use super::files::{Found, find, is_executable};
use super::managers::{Manager, names_withhold};
use super::script::{Also, Script};
use super::{Status, global, print, shown};

/// What is known about one hook.
struct About {
    hook: HookName,
    state: State,
    /// Whether withhold would be asked.
    runs: bool,
    /// The file that git would run, or the configuration's name for it.
    place: PathBuf,
    /// The script of ours, if that is what is there.
    script: Option<Script>,
    /// What else should be known, such as why it would not run.
    notes: Vec<String>,
}

/// Whose a hook is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Absent,
    Ours,
    OursChanged,
    /// Git's configuration names it.
    Configured,
    /// A program owns it that is told to call withhold, or not.
    Managed(Manager),
    Another,
}

impl State {
    const fn code(self) -> &'static str {
        match self {
            State::Absent => "absent",
            State::Ours => "installed",
            State::OursChanged => "changed",
            State::Configured => "configured",
            State::Managed(_) => "managed",
            State::Another => "another's",
        }
    }
}

/// A way around the hooks.
struct Bypass {
    how: String,
    /// What it gets around, or when.
    what: String,
    /// Whether it is in force here and now.
    now: bool,
}

/// Tells about the hooks of this repository.
pub(super) fn run(args: &StatusArgs) -> anyhow::Result<Status> {
    let git = Git::discover(Path::new("."))?;
    let facts = git.hooks()?;
    let about: Vec<About> = HookName::ALL
        .into_iter()
        .map(|hook| about(&facts, hook))
        .filter(|about| is_worth_telling(about, &facts))
        .collect();
    let gate = match facts.top {
        Some(_) => HookName::PreCommit,
        None => HookName::PreReceive,
    };
    let runs = about.iter().any(|about| about.hook == gate && about.runs);
    let bypasses = bypasses(&facts, &about);
    match args.format {
        StatusFormat::Human => print(&human(&facts, &about, &bypasses, gate, runs))?,
        StatusFormat::Json => print(&[json(&facts, &about, &bypasses, runs)])?,
    }
    Ok(match runs {
        true => Status::Clear,
        false => Status::Withheld,
    })
}

/// A server's hooks are told of on a server, and the others elsewhere, unless somebody put one there all the same.
fn is_worth_telling(about: &About, facts: &HookFacts) -> bool {
    let on_server = matches!(about.hook, HookName::PreReceive | HookName::Update);
    match about.hook {
        HookName::Update => about.script.is_some(),
        _ => on_server == facts.top.is_none() || about.script.is_some(),
    }
}

fn about(facts: &HookFacts, hook: HookName) -> About {
    let mut about = at(&facts.folder, hook, facts);
    if facts.folder != facts.own_folder {
        // Scripts for all repositories call the repository's own hooks; nothing else does.
        let calls_own = about.script.as_ref().is_some_and(|it| it.also == Also::Own);
        let own = at(&facts.own_folder, hook, facts);
        if calls_own && !about.runs && own.runs {
            about = own;
        } else if !calls_own && own.script.is_some() {
            about.notes.push(format!(
                "{} is withhold's, but git does not look there",
                shown(&own.place)
            ));
        }
    }
    add_configured(&mut about, facts);
    about
}

/// What is known about a hook's place in a folder.
fn at(folder: &Path, hook: HookName, facts: &HookFacts) -> About {
    let place = folder.join(hook.as_str());
    let mut about = About {
        hook,
        state: State::Absent,
        runs: false,
        place: place.clone(),
        script: None,
        notes: Vec::new(),
    };
    match find(&place) {
        Err(error) => {
            about.state = State::Another;
            about.notes.push(format!("{error:#}"));
        }
        Ok(Found::Nothing) => {}
        Ok(Found::Ours(script)) => {
            about.state = State::Ours;
            add_script(&mut about, &script);
            about.script = Some(script);
        }
        Ok(Found::OursChanged) => {
            about.state = State::OursChanged;
            about.notes.push(
                "it is not as withhold writes it now: `withhold hook install` brings it up to date"
                    .to_owned(),
            );
        }
        Ok(Found::Another) => add_another(&mut about, facts),
    }
    if about.state != State::Absent && !is_executable(&place) {
        about.runs = false;
        about.notes.push(format!(
            "git passes it over: it is not executable; `chmod +x {}`",
            shown(&place)
        ));
    }
    about
}

/// Whether a script of ours finds what it calls.
fn add_script(about: &mut About, script: &Script) {
    if !script.looks {
        about.notes.push(
            "calls the repository's own hook only; `withhold hook install --global` with the flag of this hook makes it look"
                .to_owned(),
        );
        return;
    }
    about.runs = true;
    let program = Path::new(&script.program);
    if !is_executable(program) {
        match on_path() {
            Some(other) => about.notes.push(format!(
                "{} is gone; {} from PATH runs instead",
                shown(program),
                shown(&other)
            )),
            None => {
                about.runs = false;
                about.notes.push(format!(
                    "{} is gone, and there is no withhold on PATH: everything is refused",
                    shown(program)
                ));
            }
        }
    }
    if cfg!(unix) && !is_executable(Path::new("/bin/sh")) {
        about.runs = false;
        about.notes.push("there is no /bin/sh".to_owned());
    }
    if script.version != env!("CARGO_PKG_VERSION") {
        about.notes.push(format!(
            "written by withhold {}; `withhold hook install` brings it up to date",
            script.version
        ));
    }
    if let Also::Before(before) = &script.also {
        let before = about.place.with_file_name(before);
        if is_executable(&before) {
            about
                .notes
                .push(format!("calls {} as well", shown(&before)));
        } else if before.exists() {
            about.notes.push(format!(
                "{} is kept, but not called: it is not executable, and was not run before either",
                shown(&before)
            ));
        }
    }
}

/// Whether another's hook would call withhold.
fn add_another(about: &mut About, facts: &HookFacts) {
    about.state = State::Another;
    let manager = Manager::that_wrote(&about.place).or_else(|| Manager::of(facts));
    if let (Some(manager), Some(top)) = (manager, facts.top.as_deref()) {
        about.state = State::Managed(manager);
        // The pre-commit program calls what was there before it under another name.
        let legacy = about.hook.as_str().to_owned() + ".legacy";
        let legacy = about.place.with_file_name(legacy);
        let is_kept = manager == Manager::PreCommit
            && is_executable(&legacy)
            && matches!(find(&legacy), Ok(Found::Ours(script)) if script.looks);
        about.runs = manager.calls_withhold(top, about.hook) || is_kept;
        let name = manager.name();
        about.notes.push(match about.runs {
            true => format!("{name} owns it, and its configuration names withhold"),
            false => format!(
                "{name} owns it, and its configuration does not name withhold:\n{}",
                manager.advice(&[about.hook])
            ),
        });
    } else if names_withhold(&about.place) {
        about.runs = true;
        about.notes.push(
            "withhold did not write it, but it names withhold; whether it heeds the answer is not known"
                .to_owned(),
        );
    } else {
        about
            .notes
            .push("withhold did not write it; `withhold hook install` has both called".to_owned());
    }
}

/// What git's configuration adds.
fn add_configured(about: &mut About, facts: &HookFacts) {
    let event = about.hook.as_str();
    for hook in &facts.config.configured {
        let command = hook.command.as_deref().unwrap_or_default();
        if !hook.events.iter().any(|it| it == event) || !command.contains("withhold") {
            continue;
        }
        let name = &hook.name;
        if about.state == State::Absent {
            about.state = State::Configured;
            about.place = PathBuf::from(format!("hook.{name}.command"));
        }
        if !hook.enabled || facts.config.switched_off.iter().any(|it| it == event) {
            about.notes.push(format!(
                "hook.{name} is switched off in git's configuration"
            ));
        } else if global::git_version().is_none_or(|version| version < (2, 54)) {
            about.notes.push(format!(
                "hook.{name} is in git's configuration, but the git that is installed here does not run it: that needs 2.54 or later"
            ));
        } else {
            about.runs = true;
            about
                .notes
                .push(format!("hook.{name} in git's configuration calls withhold"));
        }
    }
}

/// Where the shell would find the program.
#[expect(
    clippy::disallowed_methods,
    reason = "the command line is where the environment belongs"
)]
fn on_path() -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let name = if cfg!(windows) {
        "withhold.exe"
    } else {
        "withhold"
    };
    env::split_paths(&path)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(name))
        .find(|file| is_executable(file))
}

#[expect(
    clippy::disallowed_methods,
    reason = "the command line is where the environment belongs"
)]
fn is_set(variable: &str) -> bool {
    env::var_os(variable).is_some_and(|value| !value.is_empty())
}

/// What gets around the hooks.
fn bypasses(facts: &HookFacts, about: &[About]) -> Vec<Bypass> {
    let bypass = |how: &str, what: &str| Bypass {
        how: how.to_owned(),
        what: what.to_owned(),
        now: false,
    };
    if facts.top.is_none() {
        return vec![bypass(
            "whoever can write to this folder",
            "can take the hook away",
        )];
    }
    let mut all = vec![
        bypass(
            "--no-verify",
            "git commit, git merge and git push run no such hook then",
        ),
        bypass(
            "git rebase, git cherry-pick, git am, git commit-tree",
            "run no pre-commit hook; pre-push sees what they made",
        ),
        bypass(
            "another client",
            "editors and libraries that write commits themselves may run no hooks",
        ),
    ];
    let by_command = facts.config.hooks_path.as_ref();
    all.push(Bypass {
        how: "core.hooksPath".to_owned(),
        what: "git -c core.hooksPath=…, or the same in the configuration, makes git look elsewhere"
            .to_owned(),
        now: by_command.is_some_and(|set| set.set_by == SetBy::Command),
    });
    let mut managers: Vec<Manager> = Vec::new();
    for about in about {
        if let State::Managed(manager) = about.state
            && !managers.contains(&manager)
        {
            managers.push(manager);
        }
    }
    for (variable, how) in managers.iter().filter_map(|manager| manager.switch()) {
        all.push(Bypass {
            how: how.to_owned(),
            what: "in the environment switches it off".to_owned(),
            now: is_set(variable),
        });
    }
    for hook in &facts.config.configured {
        all.push(Bypass {
            how: format!("hook.{}.enabled=false", hook.name),
            what: "in git's configuration switches it off".to_owned(),
            now: !hook.enabled,
        });
    }
    if !facts.config.configured.is_empty() {
        all.push(Bypass {
            how: "hook.pre-commit.enabled=false".to_owned(),
            what: "in git's configuration switches off all that it names for the event (git 2.55)"
                .to_owned(),
            now: facts
                .config
                .switched_off
                .iter()
                .any(|event| event == "pre-commit"),
        });
    }
    all
}

fn human(
    facts: &HookFacts,
    about: &[About],
    bypasses: &[Bypass],
    gate: HookName,
    runs: bool,
) -> Vec<String> {
    let mut lines = Vec::new();
    let gate = gate.as_str();
    lines.push(match runs {
        true => format!("withhold is asked: {gate} would run"),
        false => format!("withhold is NOT asked: {gate} would not run it"),
    });
    lines.push(String::new());
    for about in about {
        let runs = if about.runs { "runs" } else { "does not run" };
        let state = match about.state {
            State::Managed(manager) => format!("{}'s", manager.name()),
            state => state.code().to_owned(),
        };
        let line = match about.state {
            State::Absent => format!("{:<17} absent", about.hook.as_str()),
            _ => format!(
                "{:<17} {runs}: {state}, {}",
                about.hook.as_str(),
                shown(&about.place)
            ),
        };
        lines.push(line);
        for note in &about.notes {
            lines.extend(note.lines().map(|line| format!("{:<17} {line}", "")));
        }
    }
    if let Some(set) = &facts.config.hooks_path {
        let file = set.file.as_deref().map(shown).unwrap_or_default();
        lines.push(String::new());
        lines.push(format!(
            "core.hooksPath = {} ({}{}{file})",
            set.value,
            said_by(set.set_by),
            if file.is_empty() { "" } else { ", " }
        ));
    }
    lines.push(String::new());
    lines.push("What gets around it:".to_owned());
    for bypass in bypasses {
        let now = if bypass.now { " (IN FORCE NOW)" } else { "" };
        lines.push(format!("  {}{now}: {}", bypass.how, bypass.what));
    }
    if facts.top.is_some() {
        lines.push("A hook on the server (`withhold hook run pre-receive`) or a CI step sees what got around.".to_owned());
    }
    lines
}

const fn said_by(set_by: SetBy) -> &'static str {
    match set_by {
        SetBy::System => "the machine's",
        SetBy::User => "yours, for all repositories",
        SetBy::Repository => "the repository's",
        SetBy::Command => "for this run only",
    }
}

fn json(facts: &HookFacts, about: &[About], bypasses: &[Bypass], runs: bool) -> String {
    let path = |path: &Path| path.to_string_lossy().replace('\\', "/");
    let hooks: Vec<_> = about
        .iter()
        .map(|about| {
            json!({
                "hook": about.hook.as_str(),
                "state": about.state.code(),
                "runs": about.runs,
                "path": (about.state != State::Absent).then(|| path(&about.place)),
                "manager": match about.state {
                    State::Managed(manager) => Some(manager.name()),
                    _ => None,
                },
                "program": about.script.as_ref().map(|script| &script.program),
                "version": about.script.as_ref().map(|script| &script.version),
                "notes": about.notes,
            })
        })
        .collect();
    let bypasses: Vec<_> = bypasses
        .iter()
        .map(|bypass| json!({"how": bypass.how, "what": bypass.what, "now": bypass.now}))
        .collect();
    let hooks_path = facts.config.hooks_path.as_ref().map(|set| {
        json!({
            "value": set.value,
            "set_by": match set.set_by {
                SetBy::System => "system",
                SetBy::User => "user",
                SetBy::Repository => "repository",
                SetBy::Command => "command",
            },
            "file": set.file.as_deref().map(path),
        })
    });
    let all = json!({
        "schema": 1,
        "runs": runs,
        "folder": path(&facts.folder),
        "hooks_path": hooks_path,
        "hooks": hooks,
        "bypasses": bypasses,
    });
    format!("{all:#}")
}
