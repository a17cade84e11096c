//! The flags of `withhold hook`.

use std::ffi::OsString;
use std::time::Duration;

use clap::{Args as ClapArgs, Subcommand, ValueEnum};

use crate::cli::args::{ColorArgs, PolicyArgs, threads};

/// What a hook's exit code means, for the help.
const EXIT_CODES: &str = "Exit codes: 0 git may go on, 1 something is withheld, 2 not everything could be looked at, or bad usage, \
                          rules or configuration. Git goes on after 0 only.";

#[derive(Debug, ClapArgs)]
pub(crate) struct HookArgs {
    #[command(subcommand)]
    pub(crate) command: HookCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum HookCommand {
    /// Have git ask withhold before commits and pushes
    ///
    /// A hook that is there already is moved aside and goes on working. Where husky, lefthook, pre-commit or overcommit owns
    /// the hooks, nothing is changed, and what to add to its configuration is said.
    Install(InstallArgs),
    /// Take away what `install` wrote, and put back what was there before
    Uninstall(UninstallArgs),
    /// Tell whether the hooks would really run, and how they can be bypassed
    ///
    /// Exit codes: 0 the pre-commit hook (in a bare repository: pre-receive) would run, 1 it would not, 2 that cannot be told.
    Status(StatusArgs),
    /// What the hooks call; reads what git gives a hook
    #[command(after_help = EXIT_CODES)]
    Run(RunArgs),
}

/// The hooks of git's that withhold can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum HookName {
    /// Before a commit: what is staged
    PreCommit,
    /// Before a merge's commit: what is staged
    PreMergeCommit,
    /// Before a commit: its message
    CommitMsg,
    /// Before a push: what the remote lacks
    PrePush,
    /// On a server, before a push is taken: all that is new in it
    PreReceive,
    /// On a server, before one ref is changed: all that is new in it
    Update,
}

impl HookName {
    pub(crate) const ALL: [HookName; 6] = [
        HookName::PreCommit,
        HookName::PreMergeCommit,
        HookName::CommitMsg,
        HookName::PrePush,
        HookName::PreReceive,
        HookName::Update,
    ];

    /// As git spells it.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            HookName::PreCommit => "pre-commit",
            HookName::PreMergeCommit => "pre-merge-commit",
            HookName::CommitMsg => "commit-msg",
            HookName::PrePush => "pre-push",
            HookName::PreReceive => "pre-receive",
            HookName::Update => "update",
        }
    }
}

/// Which hooks are meant.
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct WhichArgs {
    /// The hook before commits, and the one before merges' commits
    #[arg(long)]
    pre_commit: bool,

    /// The hook before pushes
    #[arg(long)]
    pre_push: bool,

    /// The hook that sees commits' messages
    #[arg(long)]
    commit_msg: bool,

    /// The hook of a server, before a push is taken
    #[arg(long, conflicts_with = "global")]
    pre_receive: bool,
}

impl WhichArgs {
    /// The hooks that are asked for; without a wish, those before commits and pushes, or the one of a server.
    pub(crate) fn hooks(&self, bare: bool) -> Vec<HookName> {
        let any = self.pre_commit || self.pre_push || self.commit_msg || self.pre_receive;
        let (commit, push) = match any {
            true => (self.pre_commit, self.pre_push),
            false => (!bare, !bare),
        };
        let wanted = [
            (commit, HookName::PreCommit),
            (commit, HookName::PreMergeCommit),
            (self.commit_msg, HookName::CommitMsg),
            (push, HookName::PrePush),
            (self.pre_receive || (bare && !any), HookName::PreReceive),
        ];
        let wanted = wanted.into_iter().filter(|(wanted, _)| *wanted);
        wanted.map(|(_, hook)| hook).collect()
    }
}

#[derive(Debug, ClapArgs)]
pub(crate) struct InstallArgs {
    #[command(flatten)]
    pub(crate) which: WhichArgs,

    /// For all of your repositories
    #[arg(long)]
    pub(crate) global: bool,

    /// With --global: name the hooks in git's configuration (git 2.54 and later), or put them into a folder; chosen by the
    /// installed git if this is not given
    #[arg(long, value_enum, value_name = "HOW", requires = "global")]
    pub(crate) by: Option<GlobalWay>,

    /// Go on where another program owns the hooks, or all repositories share their folder
    #[arg(long)]
    pub(crate) force: bool,
}

/// How hooks for all repositories are told to git.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum GlobalWay {
    /// `hook.<name>.command` in git's configuration
    Config,
    /// A folder that `core.hooksPath` points to; the repositories' own hooks are called from there
    Folder,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct UninstallArgs {
    /// What was installed for all of your repositories
    #[arg(long)]
    pub(crate) global: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct StatusArgs {
    /// The format of the answer
    #[arg(long, value_enum, default_value_t = StatusFormat::Human)]
    pub(crate) format: StatusFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum StatusFormat {
    /// For people
    Human,
    /// One object
    Json,
}

#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct RunArgs {
    /// Which hook it is
    #[arg(value_enum)]
    pub(crate) hook: HookName,

    /// What git gives the hook: the message's file, or the remote and its URL
    #[arg(value_name = "ARG")]
    pub(crate) args: Vec<OsString>,

    /// Look at whole files where some of their lines were added or changed
    #[arg(long)]
    pub(crate) whole_files: bool,

    /// The most time that looking may take, such as 4s or 500ms; what was not looked at by then is unscanned
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) deadline: Option<Duration>,

    /// What becomes of what nobody had time to look at
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = OnDeadline::Deny, requires = "deadline")]
    pub(crate) on_deadline: OnDeadline,

    #[command(flatten)]
    pub(crate) policy: PolicyArgs,

    /// Number of threads, at most 256; 0 for as many as there are cores
    #[arg(long, short = 'j', value_name = "N", default_value_t = 0, hide_default_value = true, value_parser = threads)]
    pub(crate) threads: usize,

    #[command(flatten)]
    pub(crate) color: ColorArgs,
}

/// What becomes of what nobody had time to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OnDeadline {
    /// It is refused
    Deny,
    /// It goes on, unless something was found; a warning is printed
    Allow,
}

/// A number of seconds, or of what its unit says.
fn time(text: &str) -> Result<Duration, String> {
    let wrong = || "is not a time, such as 4s, 500ms or 2m".to_owned();
    let at = text
        .find(|character: char| !character.is_ascii_digit() && character != '.')
        .unwrap_or(text.len());
    let number: f64 = text[..at].parse().map_err(|_| wrong())?;
    let seconds = match &text[at..] {
        "ms" => number / 1000.0,
        "" | "s" => number,
        "m" | "min" => number * 60.0,
        _ => return Err(wrong()),
    };
    Duration::try_from_secs_f64(seconds).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_units() {
        let milliseconds = |text| time(text).map(|time| time.as_millis());
        assert_eq!(
            [
                milliseconds("4s"),
                milliseconds("500ms"),
                milliseconds("1.5"),
                milliseconds("2m"),
            ],
            [Ok(4000), Ok(500), Ok(1500), Ok(120_000)]
        );
        for wrong in ["", "s", "-1s", "4 s", "4h", "1e9s"] {
            assert!(time(wrong).is_err(), "{wrong}");
        }
    }
}
