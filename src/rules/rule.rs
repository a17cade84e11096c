//! One rule of a run: its patterns and globs are compiled when first needed. Knows no other rule.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use super::compile::parse;
use super::data::{self, CheckKind, CheckSpec, RuleData, Text};
use super::program::Program;
use super::search::Search;
use super::shape::{Shape, bytes_of};
use crate::model::{Class, Confidence, RuleCard, Secret, Severity};

/// How severe at most a value in a test is that nothing but its looks speaks for: made up to test with, more often than not.
const IN_TESTS: Severity = Severity::Low;

/// How much of a confidentiality mark is shown, in bytes.
const LONGEST_MARK: usize = 60;

/// One rule of a run.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) card: Arc<RuleCard>,
    /// What reports say where it finds something in a test, if that is a smaller matter.
    in_tests: Option<Arc<RuleCard>>,
    pub(crate) confidence: Confidence,
    pub(crate) method: Method,
    pub(crate) checks: Cow<'static, [CheckSpec]>,
    /// Literals that the rule's secrets may begin with; they are public.
    pub(crate) prefixes: Cow<'static, [data::Literal]>,
    pub(crate) fallback: bool,
    only: Globs,
    never: Globs,
}

impl Rule {
    pub(super) fn new(data: RuleData) -> Rule {
        let prefixes = match &data.method {
            data::Method::Pattern { anchors, .. } => anchors.clone(),
            data::Method::Value { .. }
            | data::Method::Context { .. }
            | data::Method::File { .. } => Cow::Borrowed(&[][..]),
        };
        let is_scored = data
            .checks
            .iter()
            .any(|check| check.kind == CheckKind::Score);
        let in_tests = is_scored.then(|| {
            Arc::new(RuleCard {
                severity: data.card.severity.min(IN_TESTS),
                ..data.card.clone()
            })
        });
        Rule {
            card: Arc::new(data.card),
            in_tests,
            confidence: data.confidence,
            method: Method::new(data.method),
            checks: data.checks,
            prefixes,
            fallback: data.fallback,
            only: Globs::new(data.only),
            never: Globs::new(data.never),
        }
    }

    /// Whether what the rule finds must not be shown. A mark such as `TLP:RED` may be: what it stands on is the secret.
    pub(crate) fn hides_what_it_finds(&self) -> bool {
        self.card.class != Class::Confidential
    }

    /// Whether it knows what it finds by what stands around it only.
    pub(crate) const fn finds_by_context(&self) -> bool {
        matches!(self.method, Method::Context { .. })
    }

    /// Whether how sure it is comes from the learned score: it knows no more than what a value looks like.
    pub(crate) const fn is_scored(&self) -> bool {
        self.in_tests.is_some()
    }

    /// What reports say about it where it finds something in an item that is a test, or is none.
    pub(crate) fn card_in(&self, of_tests: bool) -> &Arc<RuleCard> {
        let in_tests = self.in_tests.as_ref().filter(|_| of_tests);
        in_tests.unwrap_or(&self.card)
    }

    /// What the rule found as reports may show it.
    pub(crate) fn mask(&self, secret: &[u8]) -> String {
        if !self.hides_what_it_finds() {
            return String::from_utf8_lossy(&secret[..secret.len().min(LONGEST_MARK)]).into_owned();
        }
        let prefix = self
            .prefixes
            .iter()
            .map(|prefix| prefix.text.as_bytes())
            .find(|prefix| secret.starts_with(prefix));
        Secret::new(secret).masked(prefix.unwrap_or_default())
    }

    /// Whether it looks at some paths only.
    pub(super) fn is_of_some_paths(&self) -> bool {
        !self.only.is_empty() || !self.never.is_empty()
    }

    /// Whether the rule looks at an item of this path at all.
    pub(crate) fn looks_at(&self, path: &str) -> bool {
        (self.only.is_empty() || self.only.match_path(path)) && !self.never.match_path(path)
    }
}

/// How a rule finds, its patterns compiled when first used.
#[derive(Debug)]
pub(crate) enum Method {
    Pattern {
        pattern: Tried,
        reach: usize,
        lead: usize,
        then: Option<u8>,
        shape: LazyShape,
        near: Option<Near>,
    },
    Value {
        value: Lazy<Program>,
    },
    Context {
        distinctive: bool,
        ordinary: bool,
        body: Lazy<Program>,
        bytes: LazyBytes,
        lengths: (usize, usize),
    },
    /// Which files it is about, the set knows.
    File {
        line: Option<Line>,
    },
}

/// What is reported of a file.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) pattern: Lazy<Search>,
    pub(crate) holds: Cow<'static, [Text]>,
}

/// A second pattern close by.
#[derive(Debug)]
pub(crate) struct Near {
    pub(crate) pattern: Lazy<Search>,
    pub(crate) lines: usize,
    pub(crate) alone: Option<Confidence>,
}

impl Method {
    fn new(data: data::Method) -> Method {
        match data {
            data::Method::Pattern {
                pattern,
                reach,
                lead,
                then,
                near,
                anchors,
                ignore_case,
                begins: _,
                run: _,
            } => Method::Pattern {
                shape: LazyShape {
                    text: pattern.clone(),
                    anchors,
                    ignore_case,
                    known: OnceLock::new(),
                },
                pattern: match lead {
                    0..=MOST_STARTS => Tried::Here(Lazy::new(pattern)),
                    _ => Tried::Around(Lazy::new(pattern)),
                },
                reach,
                lead,
                then,
                near: near.map(|near| Near {
                    pattern: Lazy::new(near.pattern),
                    lines: near.lines,
                    alone: near.alone,
                }),
            },
            // A value must match from end to end.
            data::Method::Value { value, .. } => Method::Value {
                value: Lazy::new(Cow::Owned(format!(r"\A(?:{value})\z"))),
            },
            data::Method::Context {
                ordinary,
                body,
                distinctive,
                lengths,
                ..
            } => Method::Context {
                distinctive,
                ordinary,
                body: Lazy::bounded(&body),
                bytes: LazyBytes {
                    text: body,
                    known: OnceLock::new(),
                },
                lengths,
            },
            data::Method::File { line, .. } => Method::File {
                line: line.map(|line| Line {
                    pattern: Lazy::new(line.pattern),
                    holds: line.holds,
                }),
            },
        }
    }
}

/// How a pattern is tried near its anchor.
#[derive(Debug)]
pub(crate) enum Tried {
    /// At each of the few places where a match can begin that holds the anchor.
    Here(Lazy<Program>),
    /// By searching all that is around the anchor.
    Around(Lazy<Search>),
}

/// The most places at which a pattern is tried.
const MOST_STARTS: usize = 256;

/// A pattern that is compiled when first used: compiling all of them would take longer than most scans.
#[derive(Debug)]
pub(crate) struct Lazy<P> {
    text: Text,
    compiled: OnceLock<Box<P>>,
}

/// What a pattern that is known to compile is compiled to.
pub(crate) trait Compiled {
    /// Compiles it.
    fn compiled(pattern: &str) -> Self;
}

impl Compiled for Program {
    fn compiled(pattern: &str) -> Program {
        Program::new(pattern)
    }
}

impl Compiled for Search {
    fn compiled(pattern: &str) -> Search {
        Search::new(pattern)
    }
}

impl<P: Compiled> Lazy<P> {
    pub(crate) fn new(text: Text) -> Lazy<P> {
        Lazy {
            text,
            compiled: OnceLock::new(),
        }
    }

    /// As its file writes it.
    #[cfg(test)]
    pub(crate) fn text(&self) -> &Text {
        &self.text
    }

    pub(crate) fn get(&self) -> &P {
        self.compiled
            .get_or_init(|| Box::new(P::compiled(&self.text)))
    }
}

impl Lazy<Program> {
    /// A pattern that finds values of the shape `body`. What bounds a value at its end is part of the match, so that of several
    /// shapes the one that fills the whole run is taken.
    pub(crate) fn bounded(body: &str) -> Lazy<Program> {
        Lazy::new(Cow::Owned(format!(r"(?<secret>{body})(?:[^A-Za-z0-9_]|$)")))
    }
}

/// What a pattern's syntax tells, read when first asked for: that takes less time than compiling it, which it may spare.
#[derive(Debug)]
pub(crate) struct LazyShape {
    text: Text,
    anchors: Cow<'static, [data::Literal]>,
    ignore_case: bool,
    known: OnceLock<Option<Shape>>,
}

impl LazyShape {
    pub(crate) fn get(&self) -> Option<&Shape> {
        let known = self.known.get_or_init(|| {
            let hir = parse(&self.text).ok()?;
            let anchors = self.anchors.iter().map(|anchor| anchor.text.as_ref());
            Shape::of(&hir, anchors, self.ignore_case)
        });
        known.as_ref()
    }
}

/// The bytes that a pattern's matches may be made of, read when first asked for.
#[derive(Debug)]
pub(crate) struct LazyBytes {
    text: Text,
    known: OnceLock<Box<[bool; 256]>>,
}

impl LazyBytes {
    #[cfg(test)]
    pub(crate) fn of(pattern: &'static str) -> LazyBytes {
        LazyBytes {
            text: Cow::Borrowed(pattern),
            known: OnceLock::new(),
        }
    }

    pub(crate) fn get(&self) -> &[bool; 256] {
        self.known.get_or_init(|| match parse(&self.text) {
            Ok(hir) => bytes_of(&hir),
            Err(_) => Box::new([true; 256]),
        })
    }
}

/// Globs that are compiled when first used.
#[derive(Debug)]
pub(crate) struct Globs {
    texts: Cow<'static, [Text]>,
    compiled: OnceLock<GlobSet>,
}

impl Globs {
    fn new(texts: Cow<'static, [Text]>) -> Globs {
        Globs {
            texts,
            compiled: OnceLock::new(),
        }
    }

    fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// Whether a path, with `/`, matches any of them. Case does not count: on half of all machines it does not.
    pub(crate) fn match_path(&self, path: &str) -> bool {
        !self.is_empty()
            && self
                .compiled
                .get_or_init(|| {
                    let mut set = GlobSetBuilder::new();
                    for text in self.texts.iter() {
                        let glob = GlobBuilder::new(text)
                            .literal_separator(true)
                            .case_insensitive(true)
                            .build();
                        set.add(glob.expect("globs are built once when they are validated"));
                    }
                    set.build().expect("a set of valid globs is valid")
                })
                .is_match(path)
    }
}
