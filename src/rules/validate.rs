//! From a rule as written to a rule that can be used, or to an error that names file, line and key. Shared with
//! `build.rs`, so that a wrong rule never gets into the program.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use globset::Glob;
use regex_syntax::hir::{Hir, HirKind};
use toml::Spanned;

use super::bounds::least_run;
use super::compile::{compile, parse};
use super::data::{CheckKind, CheckSpec, Literal, Method, Near, RuleData, Text, UNPLACED};
use super::files;
use super::schema::{KEYS, RuleFile, WrittenLongtail, WrittenNear, WrittenRule};
use super::shape::{Shape, find, flatten};
use super::spelling::spellings;
use crate::model::{Class, Confidence, Level, RuleCard};
use crate::toml_doc::{TomlDoc, TomlError, suggestion};

/// The shortest anchor, in bytes: shorter ones are in every file.
const SHORTEST_ANCHOR: usize = 3;

/// The longest match of any rule, in bytes. Windows over a stream overlap by this much.
pub(crate) const LONGEST_REACH: usize = 32 * 1024;

/// How sure a rule's match is when the rule does not say.
const DEFAULT_CONFIDENCE: Confidence = Confidence::from_thousandths(900);

/// The ids that are taken, and by which file.
pub(crate) type TakenIds = BTreeMap<Text, PathBuf>;

/// The rules in a file's text; their ids are added to `taken`.
///
/// # Errors
/// The text is not TOML, a key is unknown, a rule is not valid, or its id is taken.
pub(crate) fn rules_in(
    file: &Path,
    text: &str,
    taken: &mut TakenIds,
) -> Result<Vec<RuleData>, TomlError> {
    let doc = TomlDoc { file, text };
    let written: RuleFile = doc.parse(&KEYS)?;
    let full = written.rules.into_iter().map(|rule| {
        let id = rule.id.clone();
        Ok((id, rule_data(doc, rule)?))
    });
    let short = written.longtail.into_iter().map(|rule| {
        let id = rule.id.clone();
        Ok((id, longtail_data(doc, rule)?))
    });
    let mut rules = Vec::new();
    for rule in full.chain(short) {
        let (id, data) = rule?;
        if let Some(other) = taken.insert(data.card.id.clone(), file.to_path_buf()) {
            return Err(doc.error(
                id.span(),
                format!(
                    "key `id`: `{}` is already a rule of {}",
                    id.get_ref(),
                    other.display()
                ),
            ));
        }
        rules.push(data);
    }
    Ok(rules)
}

/// How sure a value of a one-line rule is, by whether its format was seen anywhere but in hearsay.
const LONGTAIL_CONFIDENCE: Confidence = Confidence::from_thousandths(700);
const UNVERIFIED_CONFIDENCE: Confidence = Confidence::from_thousandths(550);

/// Bits a character that a value of a one-line rule has at least: hexadecimal digits have 4 at most.
const HEX_ENTROPY: f32 = 2.6;
const ENTROPY: f32 = 3.0;

/// A one-line rule says what differs; the rest is the same for all of them.
fn longtail_data(doc: TomlDoc<'_>, written: WrittenLongtail) -> Result<RuleData, TomlError> {
    let id = id(doc, &written.id)?;
    let provider = written.provider;
    let body = written.body.get_ref();
    let method = context_method(
        doc,
        &written.id,
        Some(&written.context),
        written.ordinary,
        &written.body,
    )?;
    let is_uuid = body.contains("{8}-[") && body.ends_with("{12}");
    let is_hex = !body.contains("z") && !body.contains("Z");
    let plain = |kind| CheckSpec {
        kind,
        parameter: 0.0,
    };
    let checks = if is_uuid {
        vec![plain(CheckKind::NotPlaceholder), plain(CheckKind::Uuid)]
    } else {
        let parameter = if is_hex { HEX_ENTROPY } else { ENTROPY };
        let entropy = CheckSpec {
            kind: CheckKind::Entropy,
            parameter,
        };
        vec![
            plain(CheckKind::NotPlaceholder),
            plain(CheckKind::NotWord),
            entropy,
        ]
    };
    Ok(RuleData {
        card: RuleCard {
            id: Cow::Owned(id),
            title: Cow::Owned(format!("{provider} {}", written.kind)),
            class: Class::Secret,
            level: Level::Restricted,
            severity: written.severity,
            remedy: Cow::Owned(format!(
                "Revoke it in the account settings of {provider}, then issue a new one."
            )),
            docs: Cow::Borrowed(""),
        },
        provider: Cow::Owned(slug(&provider)),
        confidence: if written.verified {
            LONGTAIL_CONFIDENCE
        } else {
            UNVERIFIED_CONFIDENCE
        },
        method,
        checks: Cow::Owned(checks),
        only: Cow::Borrowed(&[]),
        never: Cow::Borrowed(&[]),
        fallback: false,
        enabled: true,
    })
}

/// A provider's name in lower case, words joined by dashes.
fn slug(name: &str) -> String {
    name.split(|character: char| !character.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join("-")
        .to_ascii_lowercase()
}

fn id(doc: TomlDoc<'_>, written: &Spanned<String>) -> Result<String, TomlError> {
    let id = written.get_ref();
    if is_kebab_case(id) {
        return Ok(id.clone());
    }
    Err(doc.error(
        written.span(),
        format!("key `id`: `{id}` is not kebab-case (a-z, 0-9 and single dashes)"),
    ))
}

fn rule_data(doc: TomlDoc<'_>, written: WrittenRule) -> Result<RuleData, TomlError> {
    let id = id(doc, &written.id)?;
    let method = method(doc, &written)?;
    for glob in written.paths.only.iter().chain(&written.paths.never) {
        check_glob(doc, "paths", glob)?;
    }
    let confidence = match &written.confidence {
        None => DEFAULT_CONFIDENCE,
        Some(given) => Confidence::new(*given.get_ref())
            .ok_or_else(|| doc.error(given.span(), "key `confidence`: must be between 0 and 1"))?,
    };
    Ok(RuleData {
        card: RuleCard {
            id: Cow::Owned(id),
            title: Cow::Owned(written.title),
            class: written.class,
            level: written.level,
            severity: written.severity,
            remedy: Cow::Owned(written.remedy),
            docs: Cow::Owned(written.docs),
        },
        provider: Cow::Owned(
            doc.file
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .to_lowercase(),
        ),
        confidence,
        method,
        checks: written
            .checks
            .iter()
            .map(|check| check_spec(doc, check))
            .collect::<Result<_, _>>()?,
        only: texts(&written.paths.only),
        never: texts(&written.paths.never),
        fallback: written.fallback,
        enabled: written.enabled,
    })
}

fn method(doc: TomlDoc<'_>, written: &WrittenRule) -> Result<Method, TomlError> {
    let whole = written.id.span();
    let given = [
        written.pattern.is_some(),
        written.value.is_some(),
        written.body.is_some(),
        written.file.is_some(),
    ];
    if given.iter().filter(|&&given| given).count() != 1 {
        return Err(doc.error(
            whole,
            format!(
                "rule `{}`: needs exactly one of `pattern`, `value`, `body` and `file`",
                written.id.get_ref()
            ),
        ));
    }
    if let Some(file) = &written.file {
        return files::method(doc, file);
    }
    if let Some(body) = &written.body {
        return context_method(
            doc,
            &written.id,
            written.context.as_ref(),
            written.ordinary,
            body,
        );
    }
    let anchors = literals(doc, &written.id, "anchors", written.anchors.as_ref())?;
    if let Some(value) = &written.value {
        parse_pattern(doc, "value", value)?;
        return Ok(Method::Value {
            anchors,
            value: Cow::Owned(value.get_ref().clone()),
        });
    }
    let Some(pattern) = &written.pattern else {
        return Err(doc.error(whole, "needs a `pattern`"));
    };
    let hir = parse_pattern(doc, "pattern", pattern)?;
    if !has_secret_group(&hir) {
        return Err(doc.error(pattern.span(), "key `pattern`: has no group named `secret`"));
    }
    let reach = match (&written.window, hir.properties().maximum_len()) {
        (Some(window), _) => *window.get_ref(),
        (None, Some(longest)) => longest,
        (None, None) => {
            return Err(doc.error(
                pattern.span(),
                "key `pattern`: has no longest match; bound its repetitions or give `window`",
            ));
        }
    };
    if reach > LONGEST_REACH {
        let span = written
            .window
            .as_ref()
            .map_or(pattern.span(), Spanned::span);
        return Err(doc.error(
            span,
            format!(
                "key `pattern`: reaches over {reach} bytes; at most {LONGEST_REACH} are looked at"
            ),
        ));
    }
    let fold = ignores_case(pattern.get_ref());
    let texts = anchors.iter().map(|anchor| anchor.text.as_ref());
    // Where that cannot be told, a match may begin anywhere.
    let shape = Shape::of(&hir, texts, fold);
    let lead = shape.as_ref().map_or(reach, |shape| shape.lead.min(reach));
    Ok(Method::Pattern {
        ignore_case: fold,
        begins: shape.as_ref().is_some_and(|shape| shape.begins),
        run: shape.map_or(0, |shape| least_run(&shape.follow, shape.least)),
        pattern: Cow::Owned(pattern.get_ref().clone()),
        reach,
        lead,
        then: match &anchors[..] {
            [anchor] => then(&hir, &anchor.text),
            _ => None,
        },
        anchors,
        near: written
            .near
            .as_ref()
            .map(|near| self::near(doc, near))
            .transpose()?,
    })
}

fn context_method(
    doc: TomlDoc<'_>,
    id: &Spanned<String>,
    words: Option<&Spanned<Vec<String>>>,
    ordinary: bool,
    body: &Spanned<String>,
) -> Result<Method, TomlError> {
    let hir = parse_pattern(doc, "body", body)?;
    let (shortest, longest) = (
        hir.properties().minimum_len(),
        hir.properties().maximum_len(),
    );
    let (Some(shortest @ 1..), Some(longest @ ..=LONGEST_REACH)) = (shortest, longest) else {
        return Err(doc.error(
            body.span(),
            format!(
                "key `body`: must match 1 to {LONGEST_REACH} bytes; `{{20,60}}` bounds what repeats"
            ),
        ));
    };
    // A value with spaces in it is no run that could be looked for first.
    let shortest = if body.get_ref().contains(' ') {
        1
    } else {
        shortest
    };
    Ok(Method::Context {
        words: every_spelling(&literals(doc, id, "context", words)?),
        ordinary,
        body: Cow::Owned(body.get_ref().clone()),
        distinctive: is_distinctive(&hir),
        lengths: (shortest, longest),
    })
}

/// Words with all their spellings, each once.
fn every_spelling(words: &[Literal]) -> Cow<'static, [Literal]> {
    let mut all: Vec<Literal> = Vec::new();
    for spelling in words.iter().flat_map(|word| spellings(&word.text)) {
        if all.iter().all(|known| known.text != spelling) {
            all.push(literal(spelling));
        }
    }
    Cow::Owned(all)
}

fn literal(text: String) -> Literal {
    Literal {
        text: Cow::Owned(text),
        place: UNPLACED,
    }
}

/// The literals of which a match must have one, under `key`.
fn literals(
    doc: TomlDoc<'_>,
    id: &Spanned<String>,
    key: &str,
    given: Option<&Spanned<Vec<String>>>,
) -> Result<Cow<'static, [Literal]>, TomlError> {
    let Some(literals) = given.filter(|literals| !literals.get_ref().is_empty()) else {
        let span = given.map_or(id.span(), Spanned::span);
        return Err(doc.error(
            span,
            format!(
                "rule `{}`: has no `{key}`; without one its pattern would never be tried",
                id.get_ref()
            ),
        ));
    };
    let short = |literal: &&String| literal.len() < SHORTEST_ANCHOR;
    if let Some(short) = literals.get_ref().iter().find(short) {
        return Err(doc.error(
            literals.span(),
            format!("key `{key}`: `{short}` is shorter than {SHORTEST_ANCHOR} bytes"),
        ));
    }
    Ok(literals.get_ref().iter().cloned().map(literal).collect())
}

fn near(doc: TomlDoc<'_>, near: &WrittenNear) -> Result<Near, TomlError> {
    parse_pattern(doc, "near.pattern", &near.pattern)?;
    Ok(Near {
        pattern: Cow::Owned(near.pattern.get_ref().clone()),
        lines: *near.lines.get_ref(),
        alone: match &near.alone {
            None => None,
            Some(given) => Some(Confidence::new(*given.get_ref()).ok_or_else(|| {
                doc.error(given.span(), "key `near.alone`: must be between 0 and 1")
            })?),
        },
    })
}

fn check_spec(doc: TomlDoc<'_>, check: &Spanned<String>) -> Result<CheckSpec, TomlError> {
    let text = check.get_ref();
    let (name, parameter) = match text.split_once(':') {
        Some((name, parameter)) => (name, Some(parameter)),
        None => (text.as_str(), None),
    };
    let Some(&(kind, _)) = CheckKind::ALL.iter().find(|(_, known)| *known == name) else {
        let known = CheckKind::ALL.iter().map(|(_, known)| *known);
        return Err(doc.error(
            check.span(),
            format!(
                "key `checks`: unknown check `{name}`{}",
                suggestion(name, known)
            ),
        ));
    };
    let parameter = match (kind.takes_parameter(), parameter) {
        (true, Some(parameter)) => parameter
            .parse()
            .ok()
            .filter(|number: &f32| number.is_finite()),
        (false, None) => Some(0.0),
        _ => None,
    };
    match parameter {
        Some(parameter) => Ok(CheckSpec { kind, parameter }),
        None if kind.takes_parameter() => Err(doc.error(
            check.span(),
            format!("key `checks`: `{name}` needs a number, as in `{name}:3.0`"),
        )),
        None => Err(doc.error(
            check.span(),
            format!("key `checks`: `{name}` takes no parameter"),
        )),
    }
}

/// A pattern as it will be compiled: bytes, ASCII classes.
pub(super) fn parse_pattern(
    doc: TomlDoc<'_>,
    key: &str,
    pattern: &Spanned<String>,
) -> Result<Hir, TomlError> {
    let hir = parse(pattern.get_ref()).map_err(|error| {
        doc.error(
            pattern.span(),
            format!("key `{key}`: {}", one_line(&error.to_string())),
        )
    })?;
    // Parsing does not tell whether the compiled program stays within its size limit; compiling does.
    compile(pattern.get_ref()).map_err(|error| {
        doc.error(
            pattern.span(),
            format!("key `{key}`: {}", one_line(&error.to_string())),
        )
    })?;
    Ok(hir)
}

/// Whether every match has two letters or digits in a row that are fixed.
fn is_distinctive(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Literal(literal) => {
            let mut pairs = literal.0.windows(2);
            pairs.any(|two| two.iter().all(u8::is_ascii_alphanumeric))
        }
        HirKind::Concat(parts) => parts.iter().any(is_distinctive),
        HirKind::Alternation(parts) => parts.iter().all(is_distinctive),
        HirKind::Capture(capture) => is_distinctive(&capture.sub),
        HirKind::Repetition(repetition) => repetition.min > 0 && is_distinctive(&repetition.sub),
        _ => false,
    }
}

pub(super) fn has_secret_group(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Capture(capture) => {
            capture.name.as_deref() == Some("secret") || has_secret_group(&capture.sub)
        }
        HirKind::Repetition(repetition) => has_secret_group(&repetition.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().any(has_secret_group),
        _ => false,
    }
}

/// The byte of a literal behind the anchor's that is the last to come, if there is one.
fn then(hir: &Hir, anchor: &str) -> Option<u8> {
    let mut parts = Vec::new();
    flatten(hir, &mut parts);
    let literal = |part: &Hir| match part.kind() {
        HirKind::Literal(literal) => Some(literal.0.to_vec()),
        _ => None,
    };
    let holds =
        |part: &&Hir| literal(part).is_some_and(|text| find(&text, anchor.as_bytes()).is_some());
    let place = parts.iter().position(holds)?;
    parts[place + 1..]
        .iter()
        .rev()
        .find_map(|part| literal(part))
        .and_then(|text| text.last().copied())
}

/// Whether a pattern disregards case anywhere: then its anchors must, too.
fn ignores_case(pattern: &str) -> bool {
    pattern.split("(?").skip(1).any(|group| {
        let flags = group.split([':', ')']).next().unwrap_or_default();
        flags.bytes().all(|flag| flag.is_ascii_lowercase()) && flags.contains('i')
    })
}

pub(super) fn check_glob(
    doc: TomlDoc<'_>,
    key: &str,
    glob: &Spanned<String>,
) -> Result<(), TomlError> {
    Glob::new(glob.get_ref())
        .map(drop)
        .map_err(|error| doc.error(glob.span(), format!("key `{key}`: {error}")))
}

pub(super) fn texts(written: &[Spanned<String>]) -> Cow<'static, [Text]> {
    written
        .iter()
        .map(|text| Cow::Owned(text.get_ref().clone()))
        .collect()
}

fn is_kebab_case(id: &str) -> bool {
    !id.is_empty()
        && id.split('-').all(|part| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        })
}

/// The engine's messages draw the pattern over several lines; the last line says what is wrong.
fn one_line(message: &str) -> &str {
    message
        .trim()
        .lines()
        .last()
        .unwrap_or(message)
        .trim_start_matches("error: ")
}
