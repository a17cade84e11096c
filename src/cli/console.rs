//! What goes to a terminal: colour only where it belongs, and nothing that acts on it.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use withhold::report::visible;

use super::args::Color;

/// A stream that strips styles unless colour is wanted. The environment's wishes (`NO_COLOR`, `CLICOLOR_FORCE`) count when
/// the flag leaves it to them.
pub(super) fn styled<
    S: anstream::stream::RawStream + anstream::stream::AsLockedWrite + IsTerminal,
>(
    stream: S,
    color: Color,
) -> AutoStream<S> {
    let choice = match color {
        Color::Always => ColorChoice::Always,
        Color::Never => ColorChoice::Never,
        Color::Auto => AutoStream::choice(&stream),
    };
    AutoStream::new(stream, choice)
}

/// A line to the user, on standard error; if that is gone there is nobody to tell.
pub(super) fn say(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// An error and its causes.
pub(super) fn error(error: &anyhow::Error) {
    let mut line = "error".to_owned();
    for cause in error.chain() {
        line = format!("{line}: {cause}");
    }
    // Messages may quote hostile text, such as keys of a configuration file or names of files.
    say(&visible_lines(&line));
}

/// A warning.
pub(super) fn warn(text: impl Display) {
    say(&visible_lines(&format!("warning: {text}")));
}

fn visible_lines(text: &str) -> String {
    text.lines()
        .map(|line| visible(line))
        .collect::<Vec<_>>()
        .join("\n")
}
