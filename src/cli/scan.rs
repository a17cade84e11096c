//! `withhold scan`.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use withhold::model::{OriginKind, Outcome};
use withhold::report::{Human, Json, Jsonl, PathList, Report, Separator, Which, visible};
use withhold::source::{Changes, Depth, Gathered, Git, GitError, Item, WalkSettings};

use super::args::{Format, GitArgs, ReportArgs, ScanArgs};
use super::{Status, console, progress, setup};

/// How much of a report is written at once, in bytes: nearly all reports are shorter.
const AT_ONCE: usize = 64 << 10;

/// Looks at what the flags name and reports.
pub(super) fn run(args: &ScanArgs) -> anyhow::Result<Status> {
    let (stdin, paths): (Vec<PathBuf>, Vec<PathBuf>) = args
        .paths
        .iter()
        .cloned()
        .partition(|path| path == Path::new("-"));
    if args.stdin_name.is_some() && stdin.is_empty() {
        bail!(
            "--stdin-name names standard input, which `-` reads: withhold scan - --stdin-name NAME"
        );
    }
    if args.git.whole_files && !args.git.is_asked_for() {
        bail!(
            "--whole-files goes with --staged, --range or --since-ref; without them whole files are looked at anyway"
        );
    }
    if args.git.staged && !stdin.is_empty() {
        bail!("--staged and `-` ask for different things");
    }
    let git = args.git.open()?;
    let mut paths: Vec<PathBuf> = paths.iter().map(|path| setup::relative(path)).collect();
    if paths.is_empty() && stdin.is_empty() && git.is_none() {
        paths.push(PathBuf::from("."));
    }
    let roots = match &git {
        Some(git) => vec![git.top().unwrap_or_else(|| PathBuf::from("."))],
        None if paths.is_empty() => vec![PathBuf::from(".")],
        None => paths.clone(),
    };
    let loaded = setup::settings(&args.policy, &roots)?;
    let rules = setup::rules(&loaded)?;
    let question = args.report.explain.as_ref();
    if let Some(rule) = question.and_then(|question| question.rule.as_ref()) {
        rules.check_on(rule)?;
    }
    if let Some(git) = git.as_ref().filter(|_| args.git.history) {
        let with = (rules, &loaded.settings);
        let depth = args.git.depth();
        let outcome = progress::shown(|progress| {
            withhold::scan_history(git, depth, with, args.threads, question, progress)
        })?;
        return finish(outcome, args);
    }
    let walk = args.walk.settings(args.threads);
    let named = args.stdin_name.as_deref();
    let stdin: Vec<Item> = stdin.iter().map(|_| Item::stdin(named)).take(1).collect();
    let outcome = match &git {
        Some(git) => {
            let mut gathered = args.git.gather(git, &paths, &walk)?;
            gathered.items.extend(stdin);
            progress::shown(|progress| {
                let (settings, threads) = (&loaded.settings, args.threads);
                withhold::scan_answering(gathered, rules, settings, threads, question, progress)
            })
        }
        None => withhold::scan_paths(&paths, stdin, &walk, rules, &loaded.settings, question),
    }?;
    if git.is_none() && outcome.judged.is_empty() && outcome.unscanned.is_empty() {
        console::warn("no file was looked at");
    }
    finish(outcome, args)
}

/// Reports what a run came to.
fn finish(outcome: Outcome, args: &ScanArgs) -> anyhow::Result<Status> {
    write_report(&outcome, &args.report)?;
    let question = args.report.explain.as_ref();
    if let Some(line) = question.and_then(|question| question.line)
        && !is_told(&outcome, line)
    {
        console::say(&format!("no rule has an anchor on line {line}"));
    }
    let status = Status::of(&outcome);
    // The system takes it back faster than piece by piece.
    std::mem::forget(outcome);
    Ok(status)
}

impl GitArgs {
    /// The repository, if any of it is to be looked at.
    fn open(&self) -> Result<Option<Arc<Git>>, GitError> {
        if !self.is_asked_for() {
            return Ok(None);
        }
        Git::discover(Path::new(".")).map(Some)
    }

    const fn depth(&self) -> Depth {
        match self.unreachable {
            true => Depth::Everything,
            false => Depth::Reachable,
        }
    }

    /// What git has that is asked for, and a word where that is not what it seems.
    fn gather(
        &self,
        git: &Arc<Git>,
        paths: &[PathBuf],
        settings: &WalkSettings,
    ) -> Result<Gathered, GitError> {
        let changes = match self.whole_files {
            true => Changes::WholeFiles,
            false => Changes::AddedLines,
        };
        let gathered = match (&self.range, &self.since_ref) {
            (Some(range), _) => git.range(range, changes),
            (_, Some(reference)) => git.since(reference, changes),
            _ => git.staged(changes, Path::new("."), paths, settings),
        }?;
        if !self.staged && gathered.items.is_empty() && gathered.unscanned.is_empty() {
            console::say("there are no commits in this range");
        }
        let is_file = |item: &&Item| item.origin.kind == OriginKind::File;
        if let number @ 1.. = gathered.items.iter().filter(is_file).count() {
            console::warn(format_args!(
                "`git add -N` has given git the names alone of {number} of the files: those of the working tree were looked at"
            ));
        }
        Ok(gathered)
    }

    const fn is_asked_for(&self) -> bool {
        self.staged || self.history || self.range.is_some() || self.since_ref.is_some()
    }
}

/// Whether anything on the line is reported, or is said not to be.
fn is_told(outcome: &Outcome, line: u64) -> bool {
    let findings = outcome.judged.iter().flat_map(|judged| &judged.findings);
    !outcome.not_reported.is_empty()
        || findings
            .into_iter()
            .any(|judged| judged.finding.span.start.line == line)
}

fn write_report(outcome: &Outcome, args: &ReportArgs) -> anyhow::Result<()> {
    let report = report(args);
    if let Some(path) = &args.output {
        let file = File::create(path).with_context(|| path.display().to_string())?;
        let mut file = BufWriter::with_capacity(AT_ONCE, anstream::StripStream::new(file));
        report
            .write(outcome, &mut file)
            .with_context(|| path.display().to_string())?;
        file.flush().with_context(|| path.display().to_string())?;
    } else if is_human(args) {
        let mut out = BufWriter::with_capacity(
            AT_ONCE,
            console::styled(io::stdout().lock(), args.color.color),
        );
        report.write(outcome, &mut out)?;
        out.flush()?;
    } else {
        let mut out = BufWriter::with_capacity(AT_ONCE, io::stdout().lock());
        report.write(outcome, &mut out)?;
        out.flush()?;
    }
    // One finding a line, and nothing else: the answer goes beside it.
    if args.format == Format::Jsonl {
        for answer in &outcome.not_reported {
            console::say(&visible(&answer.to_string()));
        }
    }
    // The human report and the JSON object hold it; whoever asked for less must hear of it all the same.
    if args.output.is_some()
        || !matches!(
            (args.format, args.quiet, args.files_cleared),
            (Format::Human | Format::Json, false, false)
        )
    {
        for unscanned in &outcome.unscanned {
            console::warn(format_args!(
                "unscanned: {}: {}",
                visible(&unscanned.origin.shown),
                unscanned.why
            ));
        }
    }
    Ok(())
}

const fn is_human(args: &ReportArgs) -> bool {
    matches!(args.format, Format::Human) && !args.quiet && !args.files_cleared
}

fn report(args: &ReportArgs) -> Box<dyn Report> {
    let (suppressed, skipped) = (args.show_suppressed, args.show_skipped);
    let separator = if args.null {
        Separator::Nul
    } else {
        Separator::Newline
    };
    match args.format {
        _ if args.quiet => Box::new(PathList {
            which: Which::Withheld,
            separator,
        }),
        _ if args.files_cleared => Box::new(PathList {
            which: Which::Cleared,
            separator,
        }),
        Format::Human => Box::new(Human {
            suppressed,
            skipped,
        }),
        Format::Json => Box::new(Json {
            suppressed,
            skipped,
        }),
        Format::Jsonl => Box::new(Jsonl { suppressed }),
    }
}
