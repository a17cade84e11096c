//! `withhold hook run`: what the hooks call. Whatever goes wrong here, git must not go on.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use withhold::model::{Origin, OriginKind, Outcome, Unscanned, Why};
use withhold::report::{Door, HookReport, Refusal, Report, visible};
use withhold::source::{Changes, Gathered, Git, GitError, Item, Scope, Update, WalkSettings};

use super::args::{HookName, OnDeadline, RunArgs};
use super::{Status, message};
use crate::cli::{console, setup};

/// How long after the deadline the program waits for what it began before: what takes longer is given up.
const GRACE: Duration = Duration::from_millis(200);

/// The most that is read of what git gives a hook, in bytes.
const MOST_INPUT: u64 = 1 << 28;

/// Looks at what a hook is about and says what is in the way.
pub(super) fn run(args: &RunArgs) -> anyhow::Result<Status> {
    let begun = Instant::now();
    let report = HookReport {
        door: door(args.hook),
        prefix: prefix(args.hook),
        late_goes: args.on_deadline == OnDeadline::Allow,
    };
    let result = match args.deadline {
        None => look(args, None),
        Some(time) => look_until(args, begun + time),
    };
    let outcome = match result {
        Ok(outcome) => outcome,
        Err(error) => {
            let what = report.door.what();
            console::error(&error);
            console::say(&format!(
                "{}withhold refuses {what}: nothing was looked at",
                report.prefix
            ));
            return Ok(Status::Unsure);
        }
    };
    let mut out = BufWriter::new(console::styled(io::stdout().lock(), args.color.color));
    report.write(&outcome, &mut out)?;
    out.flush()?;
    Ok(match report.refusal(&outcome) {
        Refusal::None => Status::Clear,
        Refusal::Withheld => Status::Withheld,
        Refusal::NotLookedAt => Status::Unsure,
    })
}

const fn door(hook: HookName) -> Door {
    match hook {
        HookName::PreCommit | HookName::PreMergeCommit => Door::Commit,
        HookName::CommitMsg => Door::Message,
        HookName::PrePush => Door::Push,
        HookName::PreReceive | HookName::Update => Door::Received,
    }
}

/// GitLab shows lines that begin so to whoever pushed; it is known by a variable that it sets for its hooks.
#[expect(
    clippy::disallowed_methods,
    reason = "the command line is where the environment belongs"
)]
fn prefix(hook: HookName) -> &'static str {
    let is_gitlab = || env::var_os("GL_REPOSITORY").is_some() || env::var_os("GL_ID").is_some();
    match door(hook) {
        Door::Received if is_gitlab() => "GL-HOOK-ERR: ",
        _ => "",
    }
}

/// As [`look`], on a thread of its own, which is given up if it takes too long over one thing.
fn look_until(args: &RunArgs, deadline: Instant) -> anyhow::Result<Outcome> {
    let (sender, receiver) = mpsc::channel();
    let own = args.clone();
    thread::spawn(move || {
        let result = look(&own, Some(deadline));
        // Nobody listens where it took too long.
        let _ = sender.send(result);
    });
    let left = (deadline + GRACE).saturating_duration_since(Instant::now());
    match receiver.recv_timeout(left) {
        Ok(result) => result,
        Err(RecvTimeoutError::Timeout) => Ok(nothing_in_time(args.hook)),
        Err(RecvTimeoutError::Disconnected) => bail!("internal error"),
    }
}

/// The outcome where there was no time for anything.
fn nothing_in_time(hook: HookName) -> Outcome {
    let what = match door(hook) {
        Door::Commit => "what is staged",
        Door::Message => "the message",
        Door::Push | Door::Received => "what is pushed",
    };
    Outcome {
        judged: Vec::new(),
        unscanned: vec![Unscanned {
            origin: Origin::stdin(Some(what)),
            why: Why::OutOfTime,
        }],
        ..Outcome::default()
    }
}

fn look(args: &RunArgs, deadline: Option<Instant>) -> anyhow::Result<Outcome> {
    let git = Git::discover(Path::new("."))?;
    let root = git.top().unwrap_or_else(|| PathBuf::from("."));
    let loaded = setup::settings(&args.policy, &[root])?;
    let rules = setup::rules(&loaded)?;
    let gathered = gather(&git, args)?;
    let outcome = withhold::scan_until(gathered, rules, &loaded.settings, args.threads, deadline)?;
    Ok(outcome)
}

/// What the hook is about.
fn gather(git: &Arc<Git>, args: &RunArgs) -> anyhow::Result<Gathered> {
    let changes = match args.whole_files {
        true => Changes::WholeFiles,
        false => Changes::AddedLines,
    };
    let given: Vec<String> = args.args.iter().map(text).collect::<anyhow::Result<_>>()?;
    let gathered = match (args.hook, &args.args[..], &given[..]) {
        // The pre-commit program may give names of files; all that is staged is looked at anyway.
        (HookName::PreCommit | HookName::PreMergeCommit, ..) => {
            git.staged(changes, Path::new("."), &[], &all(args.threads))?
        }
        (HookName::CommitMsg, [file], _) => written(git, Path::new(file))?,
        (HookName::CommitMsg, ..) => {
            bail!("git gives commit-msg one thing: the file that the message is in")
        }
        // Who calls it by another program may know neither.
        (HookName::PrePush, ..) => {
            let by_pre_commit_program = variable("PRE_COMMIT_REMOTE_NAME").unwrap_or_default();
            let remote = given.first().unwrap_or(&by_pre_commit_program);
            let lines = match by_pre_commit(git)? {
                Some(line) => line.into_bytes(),
                None => input()?,
            };
            let lines = match lines.is_empty() {
                true => unpushed(git)?,
                false => lines,
            };
            git.pushed(remote, &Update::parse_pushed(&lines)?, changes)?
        }
        (HookName::PreReceive, ..) => git.received(&Update::parse_received(&input()?)?, changes)?,
        (HookName::Update, _, [reference, old, new]) => {
            let line = format!("{old} {new} {reference}\n");
            git.received(&Update::parse_received(line.as_bytes())?, changes)?
        }
        (HookName::Update, ..) => {
            bail!("git gives update three things: the ref, its old object and its new one")
        }
    };
    Ok(gathered)
}

/// No path is left out: what a repository says in a file of its own does not count for a hook.
fn all(threads: usize) -> WalkSettings {
    WalkSettings {
        scope: Scope::All,
        include: Vec::new(),
        exclude: Vec::new(),
        max_file_size: None,
        follow_links: false,
        threads,
    }
}

/// Git says nothing where there is nothing to push; a program between that keeps it to itself looks the same from here. So
/// what is checked out is looked at, of which there is nothing new in the first case, most of the time.
fn unpushed(git: &Git) -> Result<Vec<u8>, GitError> {
    let line = |id: String| {
        let nothing = "0".repeat(id.len());
        format!("HEAD {id} HEAD {nothing}\n").into_bytes()
    };
    // Before the first commit there is nothing.
    Ok(git.head_id()?.map(line).unwrap_or_default())
}

fn text(word: &OsString) -> anyhow::Result<String> {
    let text = word.to_str().map(str::to_owned);
    text.with_context(|| format!("not UTF-8: {}", visible(&word.to_string_lossy())))
}

/// What is pushed where the pre-commit program runs the hook: it reads what git says itself, and says it again in variables,
/// as a line of git's. It tells of one ref alone. Source: pre-commit's hook_impl.py.
fn by_pre_commit(git: &Git) -> anyhow::Result<Option<String>> {
    if variable("PRE_COMMIT").is_none() {
        return Ok(None);
    }
    let Some(remote) = variable("PRE_COMMIT_REMOTE_BRANCH") else {
        bail!(
            "pre-commit does not say what is pushed; it does as git's hook: `pre-commit install --hook-type pre-push`"
        );
    };
    let local = variable("PRE_COMMIT_LOCAL_BRANCH").unwrap_or_default();
    // It names no commits where all of the history is new.
    let new = match variable("PRE_COMMIT_TO_REF") {
        Some(new) => new,
        None => git.id_of(&local)?,
    };
    let nothing = "0".repeat(new.len());
    let old = variable("PRE_COMMIT_FROM_REF").unwrap_or(nothing);
    Ok(Some(format!("{local} {new} {remote} {old}\n")))
}

#[expect(
    clippy::disallowed_methods,
    reason = "the command line is where the environment belongs"
)]
fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// Whether somebody says something on standard input. Git does, through a pipe, even if it is nothing; a program between that
/// reads it itself leaves a device.
#[cfg(unix)]
fn is_told() -> io::Result<bool> {
    use std::os::fd::AsFd;
    use std::os::unix::fs::FileTypeExt;
    let input = fs::File::from(io::stdin().as_fd().try_clone_to_owned()?);
    Ok(!input.metadata()?.file_type().is_char_device())
}

#[cfg(not(unix))]
fn is_told() -> io::Result<bool> {
    use std::io::IsTerminal;
    Ok(!io::stdin().is_terminal())
}

/// What git gives a hook to read.
fn input() -> anyhow::Result<Vec<u8>> {
    if !is_told().context("standard input")? {
        bail!(
            "git says on standard input what is pushed, and nobody says anything there; lefthook passes it on with `use_stdin: true`"
        );
    }
    let mut input = Vec::new();
    io::stdin()
        .lock()
        .take(MOST_INPUT + 1)
        .read_to_end(&mut input)
        .context("standard input")?;
    if input.len() as u64 > MOST_INPUT {
        bail!("standard input is longer than {MOST_INPUT} bytes");
    }
    Ok(input)
}

/// The message in a file, as far as git will keep it.
#[expect(
    clippy::disallowed_methods,
    reason = "the command line is where the environment belongs"
)]
fn written(git: &Git, file: &Path) -> anyhow::Result<Gathered> {
    let text = fs::read(file).with_context(|| file.display().to_string())?;
    // What git tells hooks where it brings up no editor. Source: git's githooks.adoc.
    let edited = env::var_os("GIT_EDITOR").is_none_or(|editor| editor != ":");
    let kept = message::kept(&text, &git.message_cleanup()?, edited);
    let origin = Origin::git(OriginKind::Message, setup::relative(file), None);
    Ok(Gathered {
        items: vec![Item::bytes(origin, Arc::new(kept))],
        ..Gathered::default()
    })
}
