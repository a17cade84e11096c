//! The flags. clap is named here and in the commands only; what they say leaves as [`Overrides`] and settings.

use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use globset::{Glob, GlobBuilder};
use withhold::config::{Marks, Overrides};
use withhold::model::{Class, Confidence, Level, Question, Severity};
use withhold::source::{Scope, WalkSettings};

pub(crate) use super::hook::args::HookArgs;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// The heading of the flags about what is looked at, wherever they are declared.
const LOOKED_AT: &str = "What is looked at";

const EXIT_CODES: &str = "Exit codes: 0 nothing is withheld, 1 something is withheld, 2 not everything could be looked at, \
                          or bad usage, rules or configuration.";

/// Says which files and which text must not be handed to an external AI tool, and why
///
/// Nothing that is read leaves this machine.
#[derive(Debug, Parser)]
#[command(name = "withhold", version, styles = STYLES, after_help = EXIT_CODES, max_term_width = 100)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Look at files, folders or standard input and give a verdict on each
    #[command(after_help = EXIT_CODES)]
    Scan(Box<ScanArgs>),
    /// Pass standard input on only if nothing in it is withheld
    ///
    /// Reads standard input to its end. If nothing is withheld it is printed unchanged; else nothing is printed on standard
    /// output, and the report goes to standard error: `git diff | withhold filter | pbcopy`.
    #[command(after_help = EXIT_CODES)]
    Filter(FilterArgs),
    /// Have git ask withhold before commits and pushes, and on servers
    Hook(HookArgs),
    /// Look at the configuration
    Config(ConfigArgs),
    /// Look at the rules, try your own, and begin new ones
    Rules(RulesArgs),
    /// For those who work on withhold itself
    #[command(hide = true)]
    Dev(DevArgs),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct DevArgs {
    #[command(subcommand)]
    pub(crate) command: DevCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DevCommand {
    /// Print what the learned score knows of every candidate, as JSON lines
    Features(FeaturesArgs),
    /// Print how long the learned score takes for a candidate
    Timing(FeaturesArgs),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct FeaturesArgs {
    /// Files and folders to look at
    #[arg(value_name = "PATH", required = true)]
    pub(crate) paths: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) walk: WalkArgs,

    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ScanArgs {
    /// Files and folders to look at, or `.` if there are none; `-` is standard input; with --staged, all of what is staged if
    /// there are none
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) git: GitArgs,

    #[command(flatten)]
    pub(crate) walk: WalkArgs,

    #[command(flatten)]
    pub(crate) policy: PolicyArgs,

    #[command(flatten)]
    pub(crate) report: ReportArgs,

    /// The name of standard input, for rules that look at paths
    #[arg(long, value_name = "NAME", help_heading = LOOKED_AT)]
    pub(crate) stdin_name: Option<String>,

    /// Number of threads, at most 256; 0 for as many as there are cores
    #[arg(long, short = 'j', value_name = "N", default_value_t = 0, hide_default_value = true, value_parser = threads,
        help_heading = LOOKED_AT)]
    pub(crate) threads: usize,
}

#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "What of git is looked at")]
pub(crate) struct GitArgs {
    /// Look at what the next commit would hold: at lines that it adds or changes, in the whole repository or below PATH
    #[arg(long)]
    pub(crate) staged: bool,

    /// Look at what commits change, and at the texts about them: A..B, A...B for both sides, or one commit alone
    #[arg(long, value_name = "REVISIONS", allow_hyphen_values = true, conflicts_with_all = ["paths", "staged", "since_ref"])]
    pub(crate) range: Option<String>,

    /// Look at what commits change that HEAD has and REF has not, and at the texts about them
    #[arg(long, value_name = "REF", allow_hyphen_values = true, conflicts_with_all = ["paths", "staged"])]
    pub(crate) since_ref: Option<String>,

    /// Look at all that the repository ever held: every version of every file that refs and stashes lead to, and the texts of
    /// commits and tags
    #[arg(long, conflicts_with_all = ["paths", "staged", "range", "since_ref", "whole_files"])]
    pub(crate) history: bool,

    /// Look at objects that nothing leads to any more, too
    #[arg(long, requires = "history")]
    pub(crate) unreachable: bool,

    /// Look at whole files where some of their lines were added or changed
    #[arg(long)]
    pub(crate) whole_files: bool,
}

#[derive(Debug, ClapArgs)]
#[command(next_help_heading = LOOKED_AT)]
pub(crate) struct WalkArgs {
    /// Which part of a folder is looked at
    #[arg(long, value_enum, default_value_t = ScopeArg::Agent)]
    scope: ScopeArg,

    /// Look only at paths that match GLOB; may be given several times
    #[arg(long, value_name = "GLOB", value_parser = glob)]
    include: Vec<Glob>,

    /// Leave out paths that match GLOB; may be given several times
    #[arg(long, value_name = "GLOB", value_parser = glob)]
    exclude: Vec<Glob>,

    /// Leave out files longer than this, such as 500k, 10M or 2G; files named on the command line are always looked at
    #[arg(long, value_name = "SIZE", value_parser = size)]
    max_file_size: Option<u64>,

    /// Follow symbolic links, as far as they stay within the given folders
    #[arg(long)]
    follow_symlinks: bool,
}

/// Which part of a folder is looked at.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum ScopeArg {
    /// All that an assistant could read, hidden and git-ignored files among it; dependency, build and cache trees are left out
    Agent,
    /// What git would add: git's ignore files are honoured
    Commit,
    /// Everything but git's own folder
    All,
}

impl WalkArgs {
    pub(crate) fn settings(&self, threads: usize) -> WalkSettings {
        WalkSettings {
            scope: match self.scope {
                ScopeArg::Agent => Scope::Agent,
                ScopeArg::Commit => Scope::Commit,
                ScopeArg::All => Scope::All,
            },
            include: self.include.clone(),
            exclude: self.exclude.clone(),
            max_file_size: self.max_file_size,
            follow_links: self.follow_symlinks,
            threads,
        }
    }
}

#[derive(Clone, Debug, Default, ClapArgs)]
#[command(next_help_heading = "What is reported")]
pub(crate) struct PolicyArgs {
    /// Who would receive the content; its clearance decides what is withheld
    #[arg(long, value_name = "NAME")]
    destination: Option<String>,

    /// Leave out findings less sure than this, from 0 to 1
    #[arg(long, value_name = "NUMBER", value_parser = confidence, allow_negative_numbers = true)]
    min_confidence: Option<Confidence>,

    /// Leave out findings less severe than this: low, medium, high or critical
    #[arg(long, value_name = "SEVERITY")]
    min_severity: Option<Severity>,

    /// Whether marks in the text, such as `withhold:allow`, can lift a finding
    #[arg(long, value_enum, value_name = "WHETHER")]
    marks: Option<MarksArg>,

    #[command(flatten)]
    pub(crate) files: ConfigFileArgs,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum MarksArg {
    /// They can; each is counted
    Honour,
    /// They cannot: whoever wrote the text does not decide about it
    Refuse,
}

impl PolicyArgs {
    /// No flag but those about configuration files.
    pub(crate) fn of_files(files: ConfigFileArgs) -> PolicyArgs {
        PolicyArgs {
            files,
            ..PolicyArgs::default()
        }
    }

    pub(crate) fn overrides(&self, here: PathBuf) -> Overrides {
        Overrides {
            here,
            destination: self.destination.clone(),
            min_confidence: self.min_confidence,
            min_severity: self.min_severity,
            marks: self.marks.map(|marks| match marks {
                MarksArg::Honour => Marks::Honour,
                MarksArg::Refuse => Marks::Refuse,
            }),
        }
    }
}

#[derive(Clone, Debug, Default, ClapArgs)]
#[command(next_help_heading = "Configuration")]
pub(crate) struct ConfigFileArgs {
    /// Use this configuration file and no other
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub(crate) config: Option<PathBuf>,

    /// Use no configuration file
    #[arg(long)]
    pub(crate) no_config: bool,
}

#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "How it is reported")]
pub(crate) struct ReportArgs {
    /// The format of the report
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,

    /// Print only the paths that are withheld, one a line
    #[arg(long, short, conflicts_with_all = ["format", "files_cleared"])]
    pub(crate) quiet: bool,

    /// Print only the paths that may go, one a line
    #[arg(long, conflicts_with = "format")]
    pub(crate) files_cleared: bool,

    /// End each path with a zero byte instead of a line feed
    #[arg(short = '0', long)]
    pub(crate) null: bool,

    /// Tell of each finding which anchor led to it and what each check said; with LINE, also what was not reported there and
    /// why, with RULE of one rule: --explain=12:github-classic-token
    #[arg(long, value_name = "LINE[:RULE]", num_args = 0..=1, require_equals = true, default_missing_value = "",
        value_parser = question, conflicts_with_all = ["quiet", "files_cleared"])]
    pub(crate) explain: Option<Question>,

    /// Also report findings that a mark or a path rule suppresses
    #[arg(long)]
    pub(crate) show_suppressed: bool,

    /// List what was left out, and why
    #[arg(long)]
    pub(crate) show_skipped: bool,

    /// Write the report to FILE instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) color: ColorArgs,
}

#[derive(Clone, Debug, ClapArgs)]
#[command(next_help_heading = "How it is reported")]
pub(crate) struct ColorArgs {
    /// When to use colour; NO_COLOR and CLICOLOR_FORCE are honoured
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = Color::Auto)]
    pub(crate) color: Color,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people: by file, with the line, the reason and the remedy
    Human,
    /// One object with everything
    Json,
    /// One finding a line
    Jsonl,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct FilterArgs {
    #[command(flatten)]
    pub(crate) policy: PolicyArgs,

    /// The name of standard input, for rules that look at paths
    #[arg(long, value_name = "NAME", help_heading = LOOKED_AT)]
    pub(crate) stdin_name: Option<String>,

    /// The most that is read; above it nothing is passed on
    #[arg(long, value_name = "SIZE", value_parser = size, default_value = "256M",
        help_heading = LOOKED_AT)]
    pub(crate) max_input: u64,

    #[command(flatten)]
    pub(crate) color: ColorArgs,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ConfigArgs {
    #[command(subcommand)]
    pub(crate) command: ConfigCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Print the settings in force for a path and where each came from
    Show(ShowArgs),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ShowArgs {
    /// The files or folders that the settings are for
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct RulesArgs {
    #[command(subcommand)]
    pub(crate) command: RulesCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RulesCommand {
    /// List the rules
    List(RulesListArgs),
    /// Print everything about a rule
    Show(RulesShowArgs),
    /// Run rule files against their own examples and negatives
    ///
    /// Exit codes: 0 every sample comes out right, 1 one does not, 2 a file is not valid.
    Test(RulesTestArgs),
    /// Print a commented rule file to begin with
    New(NewRuleArgs),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct RulesListArgs {
    /// Only rules of this provider; any part of its name
    #[arg(long, value_name = "NAME")]
    pub(crate) provider: Option<String>,

    /// Only rules of this class: secret, confidential or personal
    #[arg(long, value_name = "CLASS")]
    pub(crate) class: Option<Class>,

    /// Only rules of this level: public, internal, confidential or restricted
    #[arg(long, value_name = "LEVEL")]
    pub(crate) level: Option<Level>,

    /// The format of the list
    #[arg(long, value_enum, default_value_t = ListFormat::Human)]
    pub(crate) format: ListFormat,

    #[command(flatten)]
    pub(crate) files: ConfigFileArgs,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct RulesShowArgs {
    /// The rule's id
    pub(crate) id: String,

    /// The format
    #[arg(long, value_enum, default_value_t = ListFormat::Human)]
    pub(crate) format: ListFormat,

    #[command(flatten)]
    pub(crate) files: ConfigFileArgs,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct RulesTestArgs {
    /// Rule files
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct NewRuleArgs {
    /// Write it to this file, which must not be there yet
    #[arg(value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    /// For people
    Human,
    /// For programs
    Json,
}

/// A glob on a whole relative path, or on a name anywhere if it holds no `/` but at its end; what lies below a folder that
/// matches, matches too.
fn glob(text: &str) -> Result<Glob, String> {
    let path = text.trim_end_matches('/');
    let anywhere = if path.contains('/') { "" } else { "**/" };
    let path = path.trim_start_matches("./").trim_start_matches('/');
    let with_all_below = format!("{anywhere}{{{path},{path}/**}}");
    GlobBuilder::new(&with_all_below)
        .literal_separator(true)
        .build()
        .map_err(|error| error.kind().to_string())
}

/// A number of bytes, with `k`, `M` or `G` for powers of 1024.
fn size(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|character: char| character.is_ascii_alphabetic());
    let factor: u64 = match text[digits.len()..]
        .to_ascii_lowercase()
        .trim_end_matches('b')
        .trim_end_matches('i')
    {
        "" => 1,
        "k" => 1 << 10,
        "m" => 1 << 20,
        "g" => 1 << 30,
        _ => return Err("is not a number of bytes, such as 500k, 10M or 2G".to_owned()),
    };
    let number: u64 = digits
        .parse()
        .map_err(|_| "is not a number of bytes, such as 500k, 10M or 2G".to_owned())?;
    number
        .checked_mul(factor)
        .ok_or_else(|| "is more than can be counted".to_owned())
}

/// A line counted from 1 and, behind a colon, a rule.
fn question(text: &str) -> Result<Question, String> {
    let (line, rule) = match text.split_once(':') {
        Some((line, rule)) => (line, Some(rule.to_owned())),
        None => (text, None),
    };
    if line.is_empty() && rule.is_none() {
        return Ok(Question::default());
    }
    match line.parse() {
        Ok(line @ 1..) => Ok(Question {
            line: Some(line),
            rule,
        }),
        _ => Err(
            "is not a line, such as 12, or a line and a rule, such as 12:github-classic-token"
                .to_owned(),
        ),
    }
}

pub(crate) fn threads(text: &str) -> Result<usize, String> {
    const MOST: usize = 256;
    text.parse()
        .ok()
        .filter(|&number| number <= MOST)
        .ok_or_else(|| format!("is not a number from 0 to {MOST}"))
}

fn confidence(text: &str) -> Result<Confidence, String> {
    text.parse()
        .ok()
        .and_then(Confidence::new)
        .ok_or_else(|| "is not a number between 0 and 1".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_flags_do_not_contradict_each_other() {
        Args::command().debug_assert();
    }

    #[test]
    fn globs_match_names_anywhere_and_what_lies_below() {
        let is_match =
            |text: &str, path: &str| glob(text).unwrap().compile_matcher().is_match(path);
        for text in ["fix", "fix/", "/fix", "./fix", "fi?", "{fix,other}"] {
            assert!(
                is_match(text, "fix") && is_match(text, "fix/a/b.txt"),
                "{text}"
            );
        }
        assert!(is_match("*.lock", "a/b.lock") && is_match("a/*.lock", "a/b.lock"));
        assert!(!is_match("a/*.lock", "c/a/b.lock") && !is_match("/fix", "a/fix"));
        assert!(glob("a[").is_err());
    }

    #[test]
    fn sizes_have_units() {
        assert_eq!(
            [size("7"), size("2k"), size("3MiB"), size("1G")],
            [Ok(7), Ok(2048), Ok(3 << 20), Ok(1 << 30)]
        );
        assert!(size("x").is_err() && size("-1").is_err() && size("99999999999G").is_err());
    }
}
