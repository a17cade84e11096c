//! The rules of a run: which are on, the table of their anchors, and their patterns, each compiled when first needed.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use regex::bytes::Regex;

use super::anchors::{AnchorUser, Anchors};
use super::builtin::BUILTIN;
use super::compile::{compile, parse};
use super::data::{self, CheckSpec, RuleData, Text};
use super::names::FileNames;
use super::shape::Shape;
use super::validate::{TakenIds, rules_in};
use crate::model::{Class, Confidence, RuleCard, Secret};
use crate::toml_doc::{TomlError, suggestion};

/// How much of a confidentiality mark is shown, in bytes.
const LONGEST_MARK: usize = 60;

/// A user's rule file, read but not parsed.
#[derive(Clone, Debug)]
pub struct RuleFile {
    /// For errors.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
}

/// The rules of a run.
#[derive(Debug)]
pub struct RuleSet {
    pub(crate) rules: Vec<Rule>,
    pub(crate) anchors: Anchors,
    pub(crate) file_names: FileNames,
    /// The ids of the rules that are off.
    off: Vec<Text>,
}

/// Why a set of rules could not be made.
#[derive(Debug, thiserror::Error)]
pub enum RuleError {
    /// A rule file is not valid.
    #[error(transparent)]
    File(#[from] TomlError),
    /// A rule that was to be switched is not there.
    #[error("there is no rule `{0}`{1}")]
    Unknown(String, String),
    /// A rule that is to be explained is off.
    #[error("the rule `{0}` is off")]
    Off(String),
    /// Every rule is off: a scan would find nothing and say that all is well.
    #[error("no rule is on; a scan with no rules would clear everything")]
    NoneOn,
}

impl RuleSet {
    /// The builtin rules and those of `files`; `switches` turns rules on and off by id.
    ///
    /// # Errors
    /// A file is not valid, takes an id that is taken, a switch names no rule, or no rule is left on.
    pub fn new(
        files: &[RuleFile],
        switches: &BTreeMap<String, bool>,
    ) -> Result<RuleSet, RuleError> {
        let own = own_rules(files)?;
        let all = || BUILTIN.iter().chain(&own);
        if !switches.is_empty() {
            let ids: BTreeSet<&str> = all().map(|rule| rule.card.id.as_ref()).collect();
            if let Some(id) = switches.keys().find(|id| !ids.contains(id.as_str())) {
                return Err(RuleError::Unknown(id.clone(), close_id(id, &ids)));
            }
        }
        let is_on = |rule: &&RuleData| {
            switches
                .get(rule.card.id.as_ref())
                .copied()
                .unwrap_or(rule.enabled)
        };
        let rules: Vec<RuleData> = all().filter(is_on).cloned().collect();
        if rules.is_empty() {
            return Err(RuleError::NoneOn);
        }
        let off = all()
            .filter(|rule| !is_on(rule))
            .map(|rule| rule.card.id.clone())
            .collect();
        Ok(RuleSet::compile(rules, off))
    }

    /// Whether a rule of this id is there, on or off.
    ///
    /// # Errors
    /// It is not.
    pub fn check_name(&self, id: &str) -> Result<(), RuleError> {
        let ids: BTreeSet<&str> = self
            .ids()
            .chain(self.off.iter().map(|id| id.as_ref()))
            .collect();
        if ids.contains(id) {
            Ok(())
        } else {
            Err(RuleError::Unknown(id.to_owned(), close_id(id, &ids)))
        }
    }

    /// Whether a rule of this id is on.
    ///
    /// # Errors
    /// It is not, or there is none.
    pub fn check_on(&self, id: &str) -> Result<(), RuleError> {
        self.check_name(id)?;
        if self.ids().any(|on| on == id) {
            Ok(())
        } else {
            Err(RuleError::Off(id.to_owned()))
        }
    }

    /// How many rules are on.
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether no rule is on; a set that was made has at least one.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The ids of the rules that are on.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.rules.iter().map(|rule| rule.card.id.as_ref())
    }

    /// The rules that look at some paths only, by their index in the set.
    pub(crate) fn of_some_paths(&self) -> Vec<usize> {
        let rules = self.rules.iter().enumerate();
        rules
            .filter(|(_, rule)| !rule.only.is_empty() || !rule.never.is_empty())
            .map(|(index, _)| index)
            .collect()
    }

    fn compile(data: Vec<RuleData>, off: Vec<Text>) -> RuleSet {
        let mut anchors = Vec::new();
        let mut file_names = FileNames::default();
        for (rule, data) in data.iter().enumerate() {
            let (own, exact): (&[data::Literal], bool) = match &data.method {
                data::Method::Pattern {
                    anchors,
                    ignore_case,
                    ..
                } => (anchors, !ignore_case),
                data::Method::Value { anchors, .. } => (anchors, false),
                data::Method::Context { words, .. } => (words, false),
                data::Method::File { names, magic, .. } => {
                    file_names.add(rule, names, magic);
                    continue;
                }
            };
            anchors.extend(own.iter().map(|literal| {
                let user = AnchorUser {
                    rule,
                    exact: exact.then(|| literal.text.clone()),
                };
                (literal.text.as_bytes().into(), literal.place, user)
            }));
        }
        RuleSet {
            rules: data.into_iter().map(Rule::new).collect(),
            anchors: Anchors::new(anchors),
            file_names,
            off,
        }
    }
}

/// The rules of a user's files.
///
/// # Errors
/// A file is not valid, or takes an id that is taken.
pub(super) fn own_rules(files: &[RuleFile]) -> Result<Vec<RuleData>, RuleError> {
    let mut own = Vec::new();
    if files.is_empty() {
        return Ok(own);
    }
    let mut taken: TakenIds = BUILTIN
        .iter()
        .map(|rule| (rule.card.id.clone(), PathBuf::from("the builtin rules")))
        .collect();
    for file in files {
        own.extend(rules_in(&file.path, &file.text, &mut taken)?);
    }
    Ok(own)
}

fn close_id(id: &str, ids: &BTreeSet<&str>) -> String {
    // With hundreds of rules a list of them all would help nobody.
    let hint = suggestion(id, ids.iter().copied());
    if hint.starts_with(", did") {
        hint
    } else {
        String::new()
    }
}

/// One rule of a run.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) card: Arc<RuleCard>,
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
    fn new(data: RuleData) -> Rule {
        let prefixes = match &data.method {
            data::Method::Pattern { anchors, .. } => anchors.clone(),
            data::Method::Value { .. }
            | data::Method::Context { .. }
            | data::Method::File { .. } => Cow::Borrowed(&[][..]),
        };
        Rule {
            card: Arc::new(data.card),
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

    /// Whether the rule looks at an item of this path at all.
    pub(crate) fn looks_at(&self, path: &str) -> bool {
        (self.only.is_empty() || self.only.match_path(path)) && !self.never.match_path(path)
    }
}

/// How a rule finds, its patterns compiled when first used.
#[derive(Debug)]
pub(crate) enum Method {
    Pattern {
        pattern: Lazy,
        reach: usize,
        lead: usize,
        then: Option<u8>,
        shape: LazyShape,
        near: Option<Near>,
    },
    Value {
        value: Lazy,
    },
    Context {
        distinctive: bool,
        ordinary: bool,
        body: Lazy,
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
    pub(crate) pattern: Lazy,
    pub(crate) holds: Cow<'static, [Text]>,
}

/// A second pattern close by.
#[derive(Debug)]
pub(crate) struct Near {
    pub(crate) pattern: Lazy,
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
            } => Method::Pattern {
                shape: LazyShape {
                    text: pattern.clone(),
                    anchors,
                    ignore_case,
                    known: OnceLock::new(),
                },
                pattern: Lazy::new(pattern),
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

/// A pattern that is compiled when first used: compiling all of them would take longer than most scans.
#[derive(Debug)]
pub(crate) struct Lazy {
    text: Text,
    compiled: OnceLock<Regex>,
}

impl Lazy {
    fn new(text: Text) -> Lazy {
        Lazy {
            text,
            compiled: OnceLock::new(),
        }
    }

    /// A pattern that finds values of the shape `body`. What bounds a value is part of the match, so that of several shapes the
    /// one that fills the whole run is taken.
    pub(crate) fn bounded(body: &str) -> Lazy {
        Lazy::new(Cow::Owned(format!(
            r"(?:^|[^A-Za-z0-9_])(?<secret>{body})(?:[^A-Za-z0-9_]|$)"
        )))
    }

    pub(crate) fn get(&self) -> &Regex {
        self.compiled.get_or_init(|| {
            compile(&self.text).expect("patterns are compiled once when they are validated")
        })
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
