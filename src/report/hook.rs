//! The report of a hook of git's: nothing where all is well, else what is in the way, in few words, and what to do about it.
//! On a server its lines stand behind `remote: ` on the screen of whoever pushed.

use std::io::{self, Write};

use super::Report;
use super::escape::visible;
use super::human::{BOLD, RED, YELLOW, count, place, style_of, styled, write_wrapped};
use crate::model::{Judged, JudgedFinding, Origin, OriginKind, Outcome, Verdict, Why};

/// How many findings, and how many things that were not looked at, are told one by one.
const MOST: usize = 20;

/// What whoever pushed can do. A command is not broken over lines.
const PUSHED: [&str; 5] = [
    "Take it out of every commit that is named: a new commit on top does not help.",
    "  git commit --amend       where that is the last commit",
    "  git rebase -i COMMIT^    where it is an earlier one",
    "Then push again. Where it was pushed or shared before, others may have it: make",
    "  a new secret and revoke this one.",
];

/// What is in the way of going on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// A commit is about to be made.
    Commit,
    /// A commit's message was written.
    Message,
    /// Commits are about to be pushed.
    Push,
    /// Somebody's push has arrived.
    Received,
}

impl Door {
    /// What is refused.
    pub const fn what(self) -> &'static str {
        match self {
            Door::Commit => "this commit",
            Door::Message => "this message",
            Door::Push | Door::Received => "this push",
        }
    }
}

/// What a hook says.
#[derive(Clone, Copy, Debug)]
pub struct HookReport {
    /// What is in the way.
    pub door: Door,
    /// What the line that says that it is refused begins with, so that a server shows it.
    pub prefix: &'static str,
    /// Whether what nobody had time to look at goes on.
    pub late_goes: bool,
}

impl HookReport {
    /// What an outcome means for whoever waits: whether it goes on, and why not.
    pub fn refusal(&self, outcome: &Outcome) -> Refusal {
        let late = |why: &Why| *why == Why::OutOfTime;
        let excused = |why| self.late_goes && late(why);
        let withheld = outcome.judged.iter().any(|judged| {
            let mut findings = judged.findings.iter();
            findings.any(|finding| finding.verdict == Verdict::Withheld)
        });
        match outcome.unscanned.iter().any(|it| !excused(&it.why)) {
            true => Refusal::NotLookedAt,
            false if withheld => Refusal::Withheld,
            false => Refusal::None,
        }
    }

    fn write_refusal(&self, outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
        let refusal = self.refusal(outcome);
        let found = findings(outcome)
            .filter(|(_, finding)| finding.verdict == Verdict::Withheld)
            .count() as u64;
        let what = self.door.what();
        let mut line = match refusal {
            Refusal::None => format!("withhold: {what} goes on"),
            Refusal::Withheld | Refusal::NotLookedAt => {
                format!("{}withhold refuses {what}", self.prefix)
            }
        };
        let mut reasons = Vec::new();
        if found > 0 {
            let finding = count(found, "finding");
            reasons.push(format!("{finding} must not go to {}", outcome.destination));
        }
        if !outcome.unscanned.is_empty() {
            reasons.push("not everything could be looked at".to_owned());
        }
        if !reasons.is_empty() {
            line += &format!(": {}", reasons.join(", and "));
        }
        let style = match refusal {
            Refusal::None => YELLOW,
            Refusal::Withheld | Refusal::NotLookedAt => RED,
        };
        writeln!(out, "{style}{line}{style:#}")
    }

    fn write_advice(&self, outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
        let mut withheld =
            findings(outcome).filter(|(_, finding)| finding.verdict == Verdict::Withheld);
        let Some((judged, _)) = withheld.next() else {
            return Ok(());
        };
        match self.door {
            Door::Commit => {
                say(
                    out,
                    "Take it out and stage the file again. `withhold scan --staged` shows more.",
                )?;
            }
            Door::Message => {
                say(
                    out,
                    "Commit again with another message; what you wrote is in the file that is named above.",
                )?;
            }
            Door::Push | Door::Received => {
                for line in PUSHED {
                    writeln!(out, "{line}")?;
                }
            }
        }
        let marked = matches!(
            judged.origin.kind,
            OriginKind::Staged | OriginKind::Commit | OriginKind::File
        );
        if marked {
            say(
                out,
                "If it is no secret, say so in a comment on its line, with a reason: withhold:allow RULE REASON",
            )?;
        }
        Ok(())
    }
}

/// Whether something goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It does.
    None,
    /// It does not: something in it is withheld.
    Withheld,
    /// It does not: not everything could be looked at.
    NotLookedAt,
}

impl Report for HookReport {
    fn write(&self, outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
        let shown = findings(outcome).count();
        if shown == 0 && outcome.unscanned.is_empty() {
            return Ok(());
        }
        // A server shows the first line more prominently than the rest; on one's own screen the last is what is seen.
        if self.door == Door::Received {
            self.write_refusal(outcome, out)?;
        }
        for (judged, finding) in findings(outcome).take(MOST) {
            write_finding(judged, finding, out)?;
        }
        write_more(shown, "finding", out)?;
        for unscanned in outcome.unscanned.iter().take(MOST) {
            let path = visible(&unscanned.origin.shown);
            writeln!(out, "{}: {BOLD}{path}{BOLD:#}", styled(YELLOW, "unscanned"))?;
            if let Some(place) = place(&unscanned.origin).filter(|_| tells_place(&unscanned.origin))
            {
                write_wrapped(&place, "  ", "    ", out)?;
            }
            write_wrapped(&visible(&unscanned.why.to_string()), "  ", "    ", out)?;
        }
        write_more(outcome.unscanned.len(), "unscanned", out)?;
        if self.door != Door::Received {
            self.write_refusal(outcome, out)?;
        }
        self.write_advice(outcome, out)
    }
}

/// All that is worth a word, the worst first.
fn findings(outcome: &Outcome) -> impl Iterator<Item = (&Judged, &JudgedFinding)> {
    [Verdict::Withheld, Verdict::Warned]
        .into_iter()
        .flat_map(|verdict| {
            outcome.judged.iter().flat_map(move |judged| {
                let findings = judged.findings.iter();
                findings
                    .filter(move |finding| finding.verdict == verdict)
                    .map(move |finding| (judged, finding))
            })
        })
}

fn write_finding(judged: &Judged, finding: &JudgedFinding, out: &mut dyn Write) -> io::Result<()> {
    let path = visible(&judged.origin.shown);
    let line = match finding.finding.excerpt {
        Some(_) => format!(":{}", finding.finding.span.start.line),
        None => String::new(),
    };
    let style = style_of(finding.verdict);
    writeln!(
        out,
        "{style}{}{style:#}: {BOLD}{path}{line}{BOLD:#}",
        finding.verdict
    )?;
    let rule = &finding.finding.rule;
    let mut what = rule.title.to_string();
    if !finding.finding.masked.is_empty() {
        what += &format!(", {}", visible(&finding.finding.masked));
    }
    what += &format!(" ({})", rule.id);
    write_wrapped(&what, "  ", "    ", out)?;
    if let Some(place) = place(&judged.origin).filter(|_| tells_place(&judged.origin)) {
        write_wrapped(&place, "  ", "    ", out)?;
    }
    match rule.remedy.is_empty() {
        true => Ok(()),
        false => write_wrapped(&visible(&rule.remedy), "  ", "    ", out),
    }
}

fn say(out: &mut dyn Write, text: &str) -> io::Result<()> {
    write_wrapped(text, "", "  ", out)
}

/// Whether where something is must be said: what is staged is all that a commit is about.
fn tells_place(origin: &Origin) -> bool {
    origin.kind != OriginKind::Staged
}

fn write_more(all: usize, noun: &str, out: &mut dyn Write) -> io::Result<()> {
    match all.saturating_sub(MOST) {
        0 => Ok(()),
        more => writeln!(
            out,
            "… and {more} more {noun}{}",
            match (noun, more) {
                ("finding", 2..) => "s",
                _ => "",
            }
        ),
    }
}
