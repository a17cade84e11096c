//! The value that belongs to a name but is not assigned to it: it stands in the next element, attribute, member or line, or before
//! the name. Looks at a bounded piece of text around the name; knows no rule, and does not know what the names mean.

use super::literal::{Bare, Literal, Run, is_quote, literal};
use crate::model::ViewRange;

/// How far before or behind a name its value may begin, in bytes.
const LONGEST: usize = 160;

/// How many members may stand between a name and its value: `"type": "string"`.
const MOST_MEMBERS: usize = 3;

/// The longest name that may be all that is on a line.
const LONGEST_HEADING: usize = 32;

/// What the other half of a pair is called.
const NAMED: &[&[u8]] = &[b"name", b"key", b"id"];

/// Calls that compare what they are given.
const COMPARES: &[&[u8]] = &[b"equals(", b"equalsignorecase(", b"compareto(", b"cmp("];

/// Methods that write into the field which the name finds.
const WRITES: &[&[u8]] = &[
    b".send_keys(",
    b".sendkeys(",
    b".type(",
    b".fill(",
    b".val(",
    b".setvalue(",
];

/// The text of an element that an attribute names, `<string name="password">…`, or of the element behind one that holds the
/// name: `<key>password</key><string>…`.
pub(super) fn element(text: &[u8], name: ViewRange, at: usize) -> Option<(usize, Bare)> {
    let before = back_over(&text[..name.start], is_quote);
    match text.get(at..)? {
        [b'>', ..] if before.len() < name.start && before.ends_with(b"=") => {
            let attribute = &before[..before.len() - 1];
            ends_with_any(attribute, &NAMED[..2]).then_some((at + 1, Bare::Element))
        }
        [b'<', b'/', ..] if text[..name.start].ends_with(b">") => {
            let window = &text[at..text.len().min(at + LONGEST)];
            let close = memchr::memchr(b'>', window)?;
            let next = at + close + 1 + blanks(&window[close + 1..]);
            let tag = [&b"<string>"[..], b"<value>", b"<val>"]
                .into_iter()
                .find(|tag| text[next..].starts_with(tag))?;
            Some((next + tag.len(), Bare::Element))
        }
        _ => None,
    }
}

/// The default of a variable that is declared: `variable "password" { default = "…" }`.
pub(super) fn default(text: &[u8], at: usize) -> Option<(usize, Bare)> {
    let window = &text[at..text.len().min(at + LONGEST)];
    let block = memchr::memchr(b'}', window).map_or(window, |end| &window[..end]);
    let word = memchr::memmem::find(block, b"default")?;
    let end = word + b"default".len();
    let operator = end + blanks(&block[end..]);
    (block.get(operator) == Some(&b'=')).then(|| {
        let value = operator + 1 + blanks(&block[operator + 1..]);
        (at + value, Bare::No)
    })
}

/// What is written into the field that the name finds: `("password").send_keys("…")`, `"Password", with: "…"`.
pub(super) fn written(text: &[u8], at: usize) -> Option<(usize, Bare)> {
    match text.get(at..)? {
        [b')', rest @ ..] => {
            let method = WRITES.iter().find(|it| begins_with(rest, it))?;
            Some((at + 1 + method.len(), Bare::No))
        }
        [b',', rest @ ..] => {
            let blank = blanks(rest);
            let with = rest[blank..].strip_prefix(b"with:")?;
            Some((at + 1 + blank + 5 + blanks(with), Bare::No))
        }
        _ => None,
    }
}

/// The value below a name and its colon, alone on its line: as the first item of a list, as a block of text, or just so.
pub(super) fn below(text: &[u8], after_colon: usize) -> Option<(usize, Bare)> {
    let window = &text[after_colon..text.len().min(after_colon + LONGEST)];
    let line_end = memchr::memchr(b'\n', window)?;
    let is_block = match window[..line_end].trim_ascii() {
        b"" => false,
        b"|" | b">" | b"|-" | b">-" | b"|+" | b">+" => true,
        _ => return None,
    };
    let line = &window[line_end + 1..];
    let indent = line
        .iter()
        .take_while(|&&byte| byte == b' ' || byte == b'\t');
    let mut start = indent.count();
    let is_item = line[start..].starts_with(b"- ");
    if is_item {
        start += 2 + blanks_of_line(&line[start + 2..]);
    }
    let value = line[start..]
        .split(|&byte| byte == b'\n')
        .next()?
        .trim_ascii_end();
    let is_quoted = is_item && value.first().is_some_and(|&byte| is_quote(byte));
    // What has a colon or another sign of a setting is the next name.
    let is_one_word = !value.iter().any(|byte| b" \t:={}[]()<>,;".contains(byte));
    let looks_random = is_block || is_item || is_mixed(value);
    let at = after_colon + line_end + 1 + start;
    (is_quoted || is_one_word && looks_random && !value.is_empty()).then_some((at, Bare::Alone))
}

/// The value on the line below a name that has a line to itself.
pub(super) fn under(text: &[u8], name: ViewRange, at: usize) -> Option<(usize, Bare)> {
    // A line of base64 is longer, or has letters and digits of all kinds.
    if name.len() > LONGEST_HEADING || is_motley(name.of(text)) {
        return None;
    }
    let head = &text[name.start.saturating_sub(LONGEST)..name.start];
    let line = last_line(head);
    let is_mark = |byte: &u8| byte.is_ascii_whitespace() || b"#*-".contains(byte);
    let window = &text[at..text.len().min(at + LONGEST)];
    let line_end = memchr::memchr(b'\n', window)?;
    let below = &window[line_end + 1..];
    let value = below.split(|&byte| byte == b'\n').next()?.trim_ascii();
    let is_one_word = !value
        .iter()
        .any(|byte| b" \t:={}[]()<>,;\"'`".contains(byte));
    (line.iter().all(is_mark) && is_one_word && is_motley(value))
        .then(|| (at + line_end + 1 + blanks_of_line(below), Bare::Alone))
}

/// The value in the column that the name heads: in the first row of a table in Markdown, or in the values that are inserted into
/// a table of a database.
pub(super) fn column(text: &[u8], name: ViewRange, at: usize) -> Option<(usize, Bare)> {
    let head = &text[name.start.saturating_sub(LONGEST_ROW)..name.start];
    match text.get(at)? {
        b'|' => below_a_head(text, head, at),
        b',' | b')' => inserted(text, head, at),
        _ => None,
    }
}

/// How long a table's row may be, to each side of a name, in bytes.
const LONGEST_ROW: usize = 400;

/// How many columns may be before that of the name.
const MOST_COLUMNS: usize = 32;

/// In the first row below a table's head, its line of dashes between them.
fn below_a_head(text: &[u8], head: &[u8], at: usize) -> Option<(usize, Bare)> {
    let line = last_line(head);
    let before = memchr::memchr_iter(b'|', line).count();
    if !line.trim_ascii_start().starts_with(b"|") || before > MOST_COLUMNS {
        return None;
    }
    let window = &text[at..text.len().min(at + 3 * LONGEST_ROW)];
    let dashes = memchr::memchr(b'\n', window)? + 1;
    let row = dashes + memchr::memchr(b'\n', &window[dashes..])? + 1;
    let is_rule = |byte: &u8| byte.is_ascii_whitespace() || b"|:-".contains(byte);
    if !window[dashes..row].iter().all(is_rule) {
        return None;
    }
    let line = window[row..].split(|&byte| byte == b'\n').next()?;
    let start = memchr::memchr_iter(b'|', line).nth(before.checked_sub(1)?)? + 1;
    let cell = line[start..].split(|&byte| byte == b'|').next()?;
    let cell = &cell[blanks_of_line(cell)..];
    let value = cell.split(u8::is_ascii_whitespace).next()?;
    let place = start + blanks_of_line(&line[start..]);
    is_mixed(value).then_some((at + row + place, Bare::Word))
}

/// Among the values of `INSERT INTO t (a, b) VALUES ('…', '…')`, of its first row.
fn inserted(text: &[u8], head: &[u8], at: usize) -> Option<(usize, Bare)> {
    let open = memchr::memrchr(b'(', head)?;
    let is_of_names = |byte: &u8| {
        byte.is_ascii_alphanumeric() || byte.is_ascii_whitespace() || b"_,.\"'`[]".contains(byte)
    };
    let before = &head[open + 1..];
    if !before.iter().all(is_of_names) {
        return None;
    }
    let table = back_over(trim_blanks(&head[..open]), |byte| {
        is_quote(byte) || byte == b']'
    });
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.$\"`[".contains(byte);
    let words = table.iter().rev().take_while(|byte| is_name(byte)).count();
    if !ends_in(trim_blanks(&table[..table.len() - words]), b" into") {
        return None;
    }
    let window = &text[at..text.len().min(at + LONGEST_ROW)];
    let close = memchr::memchr(b')', window)?;
    if !window[..close].iter().all(is_of_names) {
        return None;
    }
    let values = close + 1 + blanks(&window[close + 1..]);
    if !begins_with(&window[values..], b"values") {
        return None;
    }
    let mut next = values + b"values".len();
    next += blanks(&window[next..]);
    (window.get(next) == Some(&b'(')).then_some(())?;
    next += 1;
    for _ in 0..memchr::memchr_iter(b',', before).count().min(MOST_COLUMNS) {
        next += blanks(window.get(next..)?);
        let item = match window.get(next)? {
            b'\'' => next + 1 + memchr::memchr(b'\'', &window[next + 1..])? + 1,
            _ => next,
        };
        next = item + memchr::memchr2(b',', b')', window.get(item..)?)?;
        (window[next] == b',').then_some(())?;
        next += 1;
    }
    next += blanks(window.get(next..)?);
    Some((at + next, Bare::No))
}

/// Where in a list of members the next one is called `value`: from `at`, which is behind a name that is itself a member's value.
pub(super) fn value_member(text: &[u8], at: usize) -> Option<usize> {
    let end = text.len().min(at + LONGEST);
    let mut at = at;
    for _ in 0..=MOST_MEMBERS {
        let window = &text[at..end];
        let signs = window
            .iter()
            .take_while(|byte| byte.is_ascii_whitespace() || **byte == b',');
        at += signs.count();
        let start = at + usize::from(text.get(at).is_some_and(|&byte| is_quote(byte)));
        if begins_with(text.get(start..)?, b"value") {
            return Some(at);
        }
        let window = text.get(at..end)?;
        let next = window.iter().position(|byte| b",\n{}<>".contains(byte))?;
        if !matches!(window[next], b',' | b'\n') {
            return None;
        }
        at += next + 1;
    }
    None
}

/// The value that stands before its name: in the member or attribute before, or on the other side of a comparison.
pub(super) fn before(text: &[u8], name: ViewRange, run: &mut Run) -> Option<Literal> {
    let head = &text[name.start.saturating_sub(LONGEST)..name.start];
    let offset = name.start - head.len();
    let plain = trim_blanks(head);
    match plain.last()? {
        b'=' if plain.ends_with(b"==") || plain.ends_with(b"!=") => {
            let operator = plain.len()
                - plain
                    .iter()
                    .rev()
                    .take_while(|it| b"=!".contains(it))
                    .count();
            quoted_at_end(trim_blanks(&plain[..operator]), offset)
        }
        b'(' => {
            let call = COMPARES.iter().find(|call| ends_in(plain, call))?;
            let receiver = plain[..plain.len() - call.len()].strip_suffix(b".")?;
            quoted_at_end(receiver, offset)
        }
        b':' | b'=' | b'"' | b'\'' => member_before(text, head, offset, run),
        _ => None,
    }
}

/// `value: x` before `name: NAME`, in JSON, YAML or attributes.
fn member_before(text: &[u8], head: &[u8], offset: usize, run: &mut Run) -> Option<Literal> {
    let operator = trim_blanks(back_over(head, is_quote));
    let key = operator
        .strip_suffix(b":")
        .or_else(|| operator.strip_suffix(b"="))?;
    let key = back_over(trim_blanks(key), is_quote);
    let named = NAMED.iter().find(|named| ends_in(key, named))?;
    let members = back_over(&key[..key.len() - named.len()], is_quote);
    // It is a whole word: not `filename`.
    if members.last().is_some_and(u8::is_ascii_alphanumeric) {
        return None;
    }
    let word = memchr::memmem::rfind(members, b"alue")?;
    if !matches!(members[..word].last(), Some(b'v' | b'V')) {
        return None;
    }
    let mut at = word + 4;
    at += usize::from(members.get(at).is_some_and(|&byte| is_quote(byte)));
    at += blanks_of_line(&members[at..]);
    if !matches!(members.get(at), Some(b':' | b'=')) {
        return None;
    }
    at += 1;
    at += blanks_of_line(&members[at..]);
    let value = literal(text, offset + at, Bare::Alone, run)?;
    let end = value.range.end + usize::from(value.quoted);
    let between = text.get(end..offset + members.len())?;
    let is_gap = |byte: &u8| byte.is_ascii_whitespace() || *byte == b',';
    (!between.is_empty() && between.iter().all(is_gap)).then_some(value)
}

/// The quoted text that ends where `head` does, on one line.
fn quoted_at_end(head: &[u8], offset: usize) -> Option<Literal> {
    let (&quote, inner) = head.split_last()?;
    if !is_quote(quote) {
        return None;
    }
    let start = inner
        .iter()
        .rposition(|&byte| byte == quote || byte == b'\n')?
        + 1;
    // `form["field"] == password` compares with what the name stands for.
    let opens = &inner[..start - 1];
    let is_index = opens.ends_with(b"[") || opens.ends_with(b"\\");
    let range = ViewRange::new(offset + start, offset + inner.len());
    (inner[start - 1] == quote && !is_index && !range.is_empty()).then_some(Literal {
        range,
        quoted: true,
    })
}

/// Whether a word holds letters and digits, as few words of a text do.
pub(super) fn is_mixed(word: &[u8]) -> bool {
    word.len() >= 6
        && word.iter().any(u8::is_ascii_digit)
        && word.iter().any(u8::is_ascii_alphabetic)
}

/// The same of a longer word with capitals and small letters.
fn is_motley(word: &[u8]) -> bool {
    word.len() >= 8
        && is_mixed(word)
        && word.iter().any(u8::is_ascii_uppercase)
        && word.iter().any(u8::is_ascii_lowercase)
}

fn begins_with(text: &[u8], word: &[u8]) -> bool {
    text.get(..word.len())
        .is_some_and(|first| first.eq_ignore_ascii_case(word))
}

fn ends_in(text: &[u8], word: &[u8]) -> bool {
    let start = text.len().checked_sub(word.len());
    start.is_some_and(|start| text[start..].eq_ignore_ascii_case(word))
}

fn ends_with_any(text: &[u8], words: &[&[u8]]) -> bool {
    words.iter().any(|word| ends_in(text, word))
}

/// A text without its last byte, if that is of a kind.
fn back_over(text: &[u8], is_kind: impl Fn(u8) -> bool) -> &[u8] {
    match text.split_last() {
        Some((&last, rest)) if is_kind(last) => rest,
        _ => text,
    }
}

/// What is behind a text's last line end.
pub(super) fn last_line(text: &[u8]) -> &[u8] {
    &text[memchr::memrchr(b'\n', text).map_or(0, |end| end + 1)..]
}

fn trim_blanks(text: &[u8]) -> &[u8] {
    let blanks = text
        .iter()
        .rev()
        .take_while(|&&byte| byte == b' ' || byte == b'\t');
    &text[..text.len() - blanks.count()]
}

fn blanks(text: &[u8]) -> usize {
    text.iter()
        .take_while(|byte| byte.is_ascii_whitespace())
        .count()
}

fn blanks_of_line(text: &[u8]) -> usize {
    text.iter()
        .take_while(|&&byte| byte == b' ' || byte == b'\t')
        .count()
}
