//! The report for people: by file, with the line, what is wrong with it and what to do, readable at 80 columns. Styles are
//! written always; whoever owns the stream strips them where they do not belong.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::Report;
use super::escape::visible;
use crate::model::{Excerpt, Judged, JudgedFinding, Origin, OriginKind, Outcome, Verdict};

/// How wide a line of text is, at most.
const WIDTH: usize = 80;

/// How many digits of a commit's id are shown.
const SHORT_ID: usize = 12;

pub(super) const RED: Style = AnsiColor::Red.on_default().bold();
pub(super) const YELLOW: Style = AnsiColor::Yellow.on_default().bold();
const GREEN: Style = AnsiColor::Green.on_default().bold();
const BLUE: Style = AnsiColor::Blue.on_default().bold();
pub(super) const BOLD: Style = Style::new().bold();

/// The format `human`.
#[derive(Clone, Copy, Debug)]
pub struct Human {
    /// Whether findings that somebody said may go are shown, too.
    pub suppressed: bool,
    /// Whether each thing that was left out is listed.
    pub skipped: bool,
}

impl Report for Human {
    fn write(&self, outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
        for judged in &outcome.judged {
            self.write_file(judged, out)?;
        }
        for unscanned in &outcome.unscanned {
            let path = visible(&unscanned.origin.shown);
            writeln!(out, "{}: {BOLD}{path}{BOLD:#}", styled(YELLOW, "unscanned"))?;
            if let Some(place) = place(&unscanned.origin) {
                write_note(&place, "  ", out)?;
            }
            write_note(&visible(&unscanned.why.to_string()), "  ", out)?;
            writeln!(out)?;
        }
        for answer in &outcome.not_reported {
            write_note(&visible(&answer.to_string()), "  ", out)?;
        }
        if !outcome.not_reported.is_empty() {
            writeln!(out)?;
        }
        if self.skipped && !outcome.skipped.is_empty() {
            for skipped in &outcome.skipped {
                writeln!(
                    out,
                    "{}: {} ({})",
                    styled(BLUE, "left out"),
                    visible(&skipped.origin.shown),
                    skipped.reason.words(false)
                )?;
            }
            writeln!(out)?;
        }
        self.write_summary(outcome, out)
    }
}

impl Human {
    fn write_file(&self, judged: &Judged, out: &mut dyn Write) -> io::Result<()> {
        let shown: Vec<&JudgedFinding> = judged
            .findings
            .iter()
            .filter(|finding| finding.is_shown(self.suppressed))
            .collect();
        if shown.is_empty() {
            return Ok(());
        }
        writeln!(
            out,
            "{}: {BOLD}{}{BOLD:#}",
            verdict(judged.verdict),
            visible(&judged.origin.shown)
        )?;
        if let Some(place) = place(&judged.origin) {
            write_note(&place, "  ", out)?;
        }
        for finding in shown {
            write_finding(finding, out)?;
        }
        writeln!(out)
    }

    fn write_summary(&self, outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
        let (withheld, warned) = (
            outcome.count(Verdict::Withheld),
            outcome.count(Verdict::Warned),
        );
        let unscanned = outcome.unscanned.len();
        let total = outcome.stats.items;
        let mut line = match (withheld, unscanned) {
            (0, 0) => format!(
                "{} {} may go to {}",
                styled(GREEN, "cleared:"),
                files(total),
                outcome.destination
            ),
            (0, _) => format!(
                "{} not everything could be looked at",
                styled(YELLOW, "unsure:")
            ),
            _ => format!(
                "{} {withheld} of {} must not go to {}",
                styled(RED, "withheld:"),
                files(total),
                outcome.destination
            ),
        };
        if warned > 0 {
            line += &format!(", {warned} with a warning");
        }
        if unscanned > 0 {
            line += &format!(", {unscanned} unscanned");
        }
        writeln!(out, "{line}")?;
        let stats = outcome.stats;
        write_note(
            &format!(
                "{} looked at with {} rules in {}",
                bytes(stats.bytes),
                stats.rules,
                duration(stats.milliseconds)
            ),
            "  ",
            out,
        )?;
        if !outcome.skipped.is_empty() {
            let list = if self.skipped {
                ""
            } else {
                " (list them with --show-skipped)"
            };
            write_note(
                &format!("left out: {}{list}", skip_counts(outcome)),
                "  ",
                out,
            )?;
        }
        let suppressed = outcome.suppressed();
        if suppressed > 0 {
            let list = if self.suppressed {
                ""
            } else {
                " (list them with --show-suppressed)"
            };
            write_note(
                &format!("suppressed: {}{list}", count(suppressed as u64, "finding")),
                "  ",
                out,
            )?;
        }
        if stats.below_threshold > 0 {
            let less = "(see them with --min-confidence 0 --min-severity low)";
            write_note(
                &format!(
                    "below the thresholds: {} {less}",
                    count(stats.below_threshold, "finding")
                ),
                "  ",
                out,
            )?;
        }
        Ok(())
    }
}

fn write_finding(judged: &JudgedFinding, out: &mut dyn Write) -> io::Result<()> {
    let finding = &judged.finding;
    let rule = &finding.rule;
    let style = style_of(judged.verdict);
    let Some(excerpt) = &finding.excerpt else {
        writeln!(out, "   {BLUE}={BLUE:#} {style}{}{style:#}", rule.title)?;
        return write_notes(judged, 3, out);
    };
    let line = finding.span.start.line.to_string();
    let gutter = line.len().max(3);
    writeln!(out, "{:gutter$} {BLUE}|{BLUE:#}", "")?;
    let (before, marked, after) = split(excerpt, WIDTH - gutter - 3);
    writeln!(
        out,
        "{BLUE}{line:>gutter$} |{BLUE:#} {before}{style}{marked}{style:#}{after}"
    )?;
    let carets = "^".repeat(columns(&marked).max(1));
    writeln!(
        out,
        "{:gutter$} {BLUE}|{BLUE:#} {:indent$}{style}{carets}{style:#}",
        "",
        "",
        indent = columns(&before)
    )?;
    writeln!(
        out,
        "{:gutter$} {BLUE}={BLUE:#} {style}{}{style:#}",
        "", rule.title
    )?;
    write_notes(judged, gutter, out)
}

/// Where in git something is, unless its path says so.
pub(super) fn place(origin: &Origin) -> Option<String> {
    let kind = match origin.kind {
        OriginKind::File | OriginKind::Stdin => return None,
        OriginKind::Staged => "staged".to_owned(),
        OriginKind::Object => "in no commit".to_owned(),
        OriginKind::Commit | OriginKind::Message | OriginKind::Tag | OriginKind::Note => {
            let commit = origin.commit.as_ref()?;
            let id: String = commit.id.chars().take(SHORT_ID).collect();
            // A commit that is oddly made may not say when, or by whom.
            let when = match commit.date.is_empty() {
                true => String::new(),
                false => format!(" of {}", commit.date),
            };
            let by = match commit.author.is_empty() {
                true => String::new(),
                false => format!(" by {}", visible(&commit.author)),
            };
            format!("in commit {id}{when}{by}")
        }
    };
    let rest = match origin.in_head {
        Some(true) => ", still in HEAD",
        Some(false) => ", no longer in HEAD",
        None => "",
    };
    Some(kind + rest)
}

fn write_notes(judged: &JudgedFinding, gutter: usize, out: &mut dyn Write) -> io::Result<()> {
    let finding = &judged.finding;
    let rule = &finding.rule;
    let mut why = format!("{}: {}", rule.id, visible(&judged.reason.to_string()));
    why += &format!(
        " ({}, {} severity, confidence {}",
        rule.level, rule.severity, finding.confidence
    );
    for encoding in &finding.via {
        why += &format!(", in {}", encoding.as_str());
    }
    if let Some(also) = finding.also {
        why += &format!(", with what is in line {}", also.start.line);
    }
    why.push(')');
    let mark = format!("{:gutter$} {BLUE}={BLUE:#} ", "");
    let indent = " ".repeat(gutter + 3);
    write_wrapped(&why, &mark, &indent, out)?;
    if let Some(explanation) = &finding.explanation {
        write_wrapped(&visible(&explanation.to_string()), &mark, &indent, out)?;
    }
    if rule.remedy.is_empty() {
        Ok(())
    } else {
        write_wrapped(&visible(&rule.remedy), &mark, &indent, out)
    }
}

/// The three parts of an excerpt, harmless and at most `width` columns together, with dots where they were cut.
fn split(excerpt: &Excerpt, width: usize) -> (String, String, String) {
    let part = |text: &str| visible(&text.replace('\t', " ")).into_owned();
    let (start, end) = (excerpt.marked.start, excerpt.marked.end);
    let marked = part(&excerpt.text[start..end]);
    let room = width.saturating_sub(columns(&marked));
    let before = last_columns(&part(&excerpt.text[..start]), room / 2, excerpt.cut.0);
    let after = first_columns(
        &part(&excerpt.text[end..]),
        room.saturating_sub(columns(&before)),
        excerpt.cut.1,
    );
    (before, marked, after)
}

/// The beginning of a text, in at most so many columns, with dots if it was cut, now or before.
fn first_columns(text: &str, most: usize, cut: bool) -> String {
    if !cut && columns(text) <= most {
        return text.to_owned();
    }
    let mut used = 1;
    let fits = |character: &char| {
        used += columns(character.encode_utf8(&mut [0; 4]));
        used <= most
    };
    text.chars().take_while(fits).chain(['…']).collect()
}

/// The end of a text, likewise.
fn last_columns(text: &str, most: usize, cut: bool) -> String {
    let reversed: String = text.chars().rev().collect();
    first_columns(&reversed, most, cut).chars().rev().collect()
}

/// How many columns a text takes; wide characters count as two.
fn columns(text: &str) -> usize {
    let wide = |character: &char| matches!(character, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}' | '\u{1f300}'..='\u{1faff}');
    text.chars()
        .map(|character| 1 + usize::from(wide(&character)))
        .sum()
}

fn write_note(text: &str, indent: &str, out: &mut dyn Write) -> io::Result<()> {
    write_wrapped(text, indent, &format!("{indent}  "), out)
}

/// `text` in lines of at most [`WIDTH`] columns, the first behind `first`, the others behind `next`.
pub(super) fn write_wrapped(
    text: &str,
    first: &str,
    next: &str,
    out: &mut dyn Write,
) -> io::Result<()> {
    write!(out, "{first}")?;
    let mut used = next.len();
    let mut begun = false;
    for word in text.split(' ') {
        if begun && used + 1 + columns(word) > WIDTH {
            write!(out, "\n{next}{word}")?;
            used = next.len() + columns(word);
        } else {
            write!(out, "{}{word}", if begun { " " } else { "" })?;
            used += usize::from(begun) + columns(word);
        }
        begun = true;
    }
    writeln!(out)
}

fn skip_counts(outcome: &Outcome) -> String {
    let mut counts: BTreeMap<_, u64> = BTreeMap::new();
    for skipped in &outcome.skipped {
        *counts.entry(skipped.reason).or_default() += 1;
    }
    let counts: Vec<String> = counts
        .into_iter()
        .map(|(reason, number)| format!("{number} {}", reason.words(number > 1)))
        .collect();
    counts.join(", ")
}

pub(super) const fn style_of(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Cleared => GREEN,
        Verdict::Warned => YELLOW,
        Verdict::Withheld => RED,
    }
}

fn verdict(verdict: Verdict) -> String {
    styled(style_of(verdict), verdict)
}

pub(super) fn styled(style: Style, text: impl Display) -> String {
    format!("{style}{text}{style:#}")
}

fn files(number: u64) -> String {
    count(number, "file")
}

pub(super) fn count(number: u64, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

fn bytes(number: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if number < 1000 {
        return count(number, "byte");
    }
    let mut value = number as f64;
    let mut unit = "bytes";
    for larger in UNITS {
        if value < 1000.0 {
            break;
        }
        value /= 1000.0;
        unit = larger;
    }
    format!("{value:.1} {unit}")
}

fn duration(milliseconds: u64) -> String {
    if milliseconds < 1000 {
        format!("{milliseconds} ms")
    } else {
        format!("{:.2} s", milliseconds as f64 / 1000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_wrapped_at_eighty_columns() {
        let mut out = Vec::new();
        write_wrapped(&"word ".repeat(40), "  = ", "    ", &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.lines().all(|line| line.len() <= WIDTH), "{text}");
        assert!(text.lines().skip(1).all(|line| line.starts_with("    ")));
    }

    #[test]
    fn an_excerpt_fits_its_width_whatever_is_in_it() {
        let text = format!("{}****{}", "\u{1b}漢".repeat(30), "\u{202e}x".repeat(30));
        let start = text.find('*').unwrap();
        for (marked, cut) in [
            (start..start + 4, (true, true)),
            (0..text.len(), (false, true)),
            (start..start + 4, (false, false)),
        ] {
            let excerpt = Excerpt {
                text: text.clone(),
                marked,
                cut,
            };
            let (before, marked, after) = split(&excerpt, 40);
            assert!(
                columns(&before) + columns(&after)
                    <= 40_usize.saturating_sub(columns(&marked)).max(2)
            );
        }
    }

    #[test]
    fn sizes_and_times_are_in_units_that_people_read() {
        assert_eq!(
            [bytes(1), bytes(999), bytes(1_500), bytes(2_000_000_000)],
            ["1 byte", "999 bytes", "1.5 kB", "2.0 GB"]
        );
        assert_eq!([duration(3), duration(2_345)], ["3 ms", "2.35 s"]);
    }
}
