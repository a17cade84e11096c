//! From a rule's `file` as written to names, first bytes and lines that can be used. Shared with `build.rs`.

use std::borrow::Cow;

use toml::Spanned;

use super::data::{Line, Method};
use super::schema::WrittenFile;
use super::validate::{LONGEST_REACH, check_glob, has_secret_group, parse_pattern, texts};
use crate::toml_doc::{TomlDoc, TomlError};

/// How a rule about files finds.
///
/// # Errors
/// It says nothing of which files, or not what to report of them.
pub(super) fn method(doc: TomlDoc<'_>, file: &Spanned<WrittenFile>) -> Result<Method, TomlError> {
    let written = file.get_ref();
    if written.names.is_empty() && written.magic.is_empty() {
        return Err(doc.error(file.span(), "key `file`: needs `names` or `magic`"));
    }
    for name in &written.names {
        check_glob(doc, "file.names", name)?;
    }
    let magic = written
        .magic
        .iter()
        .map(|magic| match first_bytes(magic.get_ref()) {
            Some(bytes) => Ok(Cow::Owned(bytes)),
            None => Err(doc.error(
                magic.span(),
                "key `file.magic`: is not an even number of hexadecimal digits, or `??` for any byte",
            )),
        })
        .collect::<Result<_, _>>()?;
    Ok(Method::File {
        names: texts(&written.names),
        magic,
        line: line(doc, file)?,
    })
}

fn line(doc: TomlDoc<'_>, file: &Spanned<WrittenFile>) -> Result<Option<Line>, TomlError> {
    let written = file.get_ref();
    let Some(pattern) = &written.line else {
        return match written.holds.first() {
            Some(held) => Err(doc.error(held.span(), "key `file.holds`: needs a `line`")),
            None => Ok(None),
        };
    };
    let hir = parse_pattern(doc, "file.line", pattern)?;
    let wrong = |what: String| Err(doc.error(pattern.span(), format!("key `file.line`: {what}")));
    if !written.magic.is_empty() {
        // A text has no first bytes of its own, and a later part of a large one has none at all.
        return wrong("goes with `names`, not with `magic`".to_owned());
    }
    if !has_secret_group(&hir) {
        return wrong("has no group named `secret`".to_owned());
    }
    match hir.properties().maximum_len() {
        Some(..=LONGEST_REACH) => {}
        Some(longest) => {
            return wrong(format!(
                "reaches over {longest} bytes; at most {LONGEST_REACH} are looked at"
            ));
        }
        None => return wrong("has no longest match; bound its repetitions".to_owned()),
    }
    if let Some(empty) = written.holds.iter().find(|held| held.get_ref().is_empty()) {
        return Err(doc.error(empty.span(), "key `file.holds`: is empty"));
    }
    Ok(Some(Line {
        pattern: Cow::Owned(pattern.get_ref().clone()),
        holds: texts(&written.holds),
    }))
}

/// Bytes as pairs of hexadecimal digits; `??` for any byte.
fn first_bytes(text: &str) -> Option<Vec<Option<u8>>> {
    if text.is_empty() || !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    (0..text.len())
        .step_by(2)
        .map(|at| match &text[at..at + 2] {
            "??" => Some(None),
            digits => u8::from_str_radix(digits, 16).ok().map(Some),
        })
        .collect()
}
