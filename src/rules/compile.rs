//! The one way in which rules' patterns are compiled. Knows no rule.

use regex::bytes::{Regex, RegexBuilder};
use regex_syntax::hir::Hir;

/// The most memory that a compiled pattern may take, in bytes.
pub(super) const SIZE_LIMIT: usize = 4 << 20;

/// A pattern over bytes with ASCII classes, so that it runs at the same speed on any input.
pub(crate) fn compile(pattern: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(pattern)
        .unicode(false)
        .size_limit(SIZE_LIMIT)
        .build()
}

/// A pattern's syntax, as it is compiled.
pub(crate) fn parse(pattern: &str) -> Result<Hir, Box<regex_syntax::Error>> {
    let mut parser = regex_syntax::ParserBuilder::new();
    let mut parser = parser.unicode(false).utf8(false).build();
    parser.parse(pattern).map_err(Box::new)
}
