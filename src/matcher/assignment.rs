//! The value that is given to a name: in code, JSON, YAML, TOML, INI, properties, XML, shell, dotenv, command lines and
//! headers. One parser for all of them, because a value is given in few ways: a name, something that assigns, a literal.
//! Knows no rule: which names matter is told by the anchor.

use super::literal::{Bare, Literal, Run, is_quote, literal};
use super::neighbours::last_line;
use super::{neighbours, prose};
use crate::model::{Candidate, Half, ViewRange};
use crate::rules::SHORT_NAME;

/// The longest name, in bytes to each side of the anchor.
const LONGEST_NAME: usize = 64;

/// How much white space may stand between a name, what assigns, and the value.
const LONGEST_GAP: usize = 64;

/// How much may stand between what assigns and a literal that a call or a list holds.
const LONGEST_CALL: usize = 64;

/// Words before the credential within a header's value.
const SCHEMES: &[&[u8]] = &[b"basic ", b"bearer ", b"token ", b"apikey "];

/// The value that is given to the name around `anchor`. The last value without quotes is kept in `bare`.
pub(super) fn around(text: &[u8], anchor: ViewRange, bare: &mut Run) -> Option<Candidate> {
    let name = name_around(text, anchor)?;
    // The last part of a path, such as `AWS::SecretsManager::Secret`, is a type.
    let is_type = text[..name.start].ends_with(b"::") && !name.of(text).contains(&b'.');
    if !stands_as_a_word(text, name, anchor) || is_type {
        return None;
    }
    let after = Name::end(text, name);
    let told = after.end;
    let given = value_place(text, name, after).and_then(|(at, how)| value_at(text, at, how, bare));
    let value = given
        .or_else(|| neighbours::before(text, name, bare))
        .or_else(|| prose::after(text, name, told))
        .or_else(|| prose::before(text, name.start))?;
    Some(Candidate {
        rule: 0,
        whole: ViewRange::new(
            name.start.min(value.range.start),
            name.end.max(value.range.end),
        ),
        secret: value.range,
        name: Some(name),
        quoted: value.quoted,
        half: Half::Whole,
        word: None,
    })
}

/// The literal at a place, or the one that the call or the list there holds, or what is taken where the environment has none.
fn value_at(text: &[u8], at: usize, how: Bare, bare: &mut Run) -> Option<Literal> {
    if how == Bare::Element {
        return literal(text, at, how, bare);
    }
    // Other calls take what is not for a lack of something else: `encode(password, "…")`.
    let asks = |end: usize| {
        [&b"env"[..], b"get", b"fetch"].iter().any(|word| {
            let mut parts = text[at..end].windows(word.len());
            parts.any(|part| part.eq_ignore_ascii_case(word))
        })
    };
    let value = match within_call(text, at) {
        Some(inner) => {
            let first = literal(text, inner, Bare::No, bare)?;
            let other = match asks(inner) {
                true => otherwise(text, first.range.end + 1, true),
                false => None,
            };
            match other {
                Some(other) => literal(text, other, Bare::No, bare)?,
                None => first,
            }
        }
        None => {
            let at = match how {
                Bare::Alone => at + scheme(text, at),
                _ => at,
            };
            let first = literal(text, at, how, bare)?;
            let other = match first.quoted {
                true => None,
                false => otherwise(text, first.range.end, asks(first.range.end)),
            };
            let other = other.and_then(|other| literal(text, other, Bare::No, bare));
            other.unwrap_or(first)
        }
    };
    Some(without_scheme(text, value))
}

/// Where a quoted literal begins that is the first thing in a call or a list: `Some("…")`, `[]byte("…")`, `["…"`.
fn within_call(text: &[u8], at: usize) -> Option<usize> {
    let window = &text[at..text.len().min(at + LONGEST_CALL)];
    let is_callee = |byte: u8| byte.is_ascii_alphanumeric() || b"_.:$&*@?<>([] ".contains(&byte);
    let length = window.iter().take_while(|&&byte| is_callee(byte)).count();
    let quote = window.get(length)?;
    // How the literal is to be read: `b'…'`.
    let prefix = window[..length]
        .iter()
        .rev()
        .take_while(|byte| b"brufL@$".contains(byte));
    let opening = window[..length - prefix.count().min(2)].trim_ascii_end();
    let opens = matches!(opening.last(), Some(b'(' | b'['));
    (opens && is_quote(*quote)).then_some(at + length)
}

/// Where the literal begins that is taken if what ends at `at` gives none: `get("X", "…")` of a call that asks for something,
/// `env("X") or "…"`, `env.X || "…"`.
fn otherwise(text: &[u8], at: usize, asks: bool) -> Option<usize> {
    let mut at = skip_blanks(text, at);
    if text.get(at) == Some(&b',') {
        if !asks {
            return None;
        }
        at = skip_blanks(text, at + 1);
        return text
            .get(at)
            .is_some_and(|&byte| is_quote(byte))
            .then_some(at);
    }
    if matches!(text.get(at), Some(b')' | b']')) {
        at = skip_blanks(text, at + 1);
    }
    let rest = &text[at..];
    let operator = [&b"||"[..], b"??", b"?:", b"or "]
        .into_iter()
        .find(|it| rest.starts_with(it))?;
    at = skip_blanks(text, at + operator.len());
    text.get(at)
        .is_some_and(|&byte| is_quote(byte))
        .then_some(at)
}

/// How long the word is that says of what kind a header's value is, where it is not quoted. The basic and the bearer scheme have
/// rules of their own.
fn scheme(text: &[u8], at: usize) -> usize {
    let begins = |scheme: &&&[u8]| {
        let first = text.get(at..at + scheme.len());
        first.is_some_and(|first| first.eq_ignore_ascii_case(scheme))
    };
    let scheme = SCHEMES[2..].iter().find(begins);
    scheme.map_or(0, |scheme| scheme.len())
}

/// A header's value without the word that says of what kind it is.
fn without_scheme(text: &[u8], value: Literal) -> Literal {
    let of = value.range.of(text);
    let begins = |scheme: &&&[u8]| {
        let first = of.get(..scheme.len());
        first.is_some_and(|first| first.eq_ignore_ascii_case(scheme))
    };
    match SCHEMES.iter().find(begins) {
        Some(scheme) if value.quoted && !of[scheme.len()..].trim_ascii().is_empty() => Literal {
            range: ViewRange::new(value.range.start + scheme.len(), value.range.end),
            ..value
        },
        _ => value,
    }
}

/// What names are made of, for every byte.
static IN_NAMES: [bool; 256] = {
    let mut is_in = [false; 256];
    let mut at = 0;
    while at < 256 {
        let byte = at as u8;
        is_in[at] = byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'$');
        at += 1;
    }
    is_in
};

/// The run of name characters that the anchor is part of.
fn name_around(text: &[u8], anchor: ViewRange) -> Option<ViewRange> {
    let before = text[..anchor.start]
        .iter()
        .rev()
        .take(LONGEST_NAME + 1)
        .take_while(|&&byte| IN_NAMES[usize::from(byte)])
        .count();
    let after = text[anchor.end..]
        .iter()
        .take(LONGEST_NAME + 1)
        .take_while(|&&byte| IN_NAMES[usize::from(byte)])
        .count();
    if before > LONGEST_NAME || after > LONGEST_NAME {
        return None;
    }
    let (mut start, mut end) = (anchor.start - before, anchor.end + after);
    while start < anchor.start && matches!(text[start], b'-' | b'.' | b'$') {
        start += 1;
    }
    while end > anchor.end && matches!(text[end - 1], b'-' | b'.') {
        end -= 1;
    }
    Some(ViewRange::new(start, end))
}

/// Whether the anchor is a word of the name, and not by chance a part of another: `key` in `api_key` and `apiKey`, not
/// in `monkey` or `keyboard`; `token` in `accessToken`, not in `tokenizer`.
fn stands_as_a_word(text: &[u8], name: ViewRange, anchor: ViewRange) -> bool {
    let first = text[anchor.start];
    if anchor.len() <= SHORT_NAME && anchor.start > name.start && first.is_ascii_alphabetic() {
        let previous = text[anchor.start - 1];
        let camel = first.is_ascii_uppercase() && !previous.is_ascii_uppercase();
        if previous.is_ascii_alphabetic() && !camel {
            return false;
        }
    }
    // Of a name in camel case, one letter is no word: `bapiKey` is not the key of an API.
    let is_camel = anchor
        .of(text)
        .windows(2)
        .any(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase());
    if is_camel
        && first.is_ascii_lowercase()
        && anchor.start == name.start + 1
        && text[name.start].is_ascii_lowercase()
    {
        return false;
    }
    let last = text[anchor.end - 1];
    match text[anchor.end..name.end] {
        [next, ..] if next.is_ascii_lowercase() => !last.is_ascii_alphabetic(),
        [next, ..] if next.is_ascii_uppercase() => !last.is_ascii_uppercase(),
        _ => true,
    }
}

/// What closes a name: its quote and its bracket.
struct Name {
    quoted: bool,
    end: usize,
}

impl Name {
    fn end(text: &[u8], name: ViewRange) -> Name {
        let mut end = name.end;
        let escaped =
            text.get(end) == Some(&b'\\') && text.get(end + 1).is_some_and(|&byte| is_quote(byte));
        if escaped {
            end += 1;
        }
        let quoted = text.get(end).is_some_and(|&byte| is_quote(byte));
        if quoted {
            end += 1;
        }
        // In bold: `**Password**: …`.
        if is_bold(text, name) && text[end..].starts_with(BOLD) {
            end += BOLD.len();
        }
        match text.get(end) {
            Some(b']') => end += 1,
            // An array's length: `password[]`, `password[32]`.
            Some(b'[') if !quoted => {
                let digits = text[end + 1..]
                    .iter()
                    .take(6)
                    .take_while(|byte| byte.is_ascii_digit())
                    .count();
                if text.get(end + 1 + digits) == Some(&b']') {
                    end += digits + 2;
                }
            }
            _ => {}
        }
        Name { quoted, end }
    }
}

/// What Markdown has to both sides of what is bold.
const BOLD: &[u8] = b"**";

fn is_bold(text: &[u8], name: ViewRange) -> bool {
    text[..name.start].ends_with(BOLD)
}

/// Where the value begins, and how it may be written there.
fn value_place(text: &[u8], name: ViewRange, after: Name) -> Option<(usize, Bare)> {
    let at = skip_blanks(text, after.end);
    let rest = &text[at..];
    // On the next line only a quoted value counts: what stands there bare is another name.
    let value_after = |operator: usize, bare: Bare| {
        let same_line = skip_blanks(text, at + operator);
        match skip_blanks_and_a_line(text, same_line) {
            next if next == same_line => (same_line, bare),
            next => (next, Bare::No),
        }
    };
    if let Some(column) = neighbours::column(text, name, at) {
        return Some(column);
    }
    match rest {
        [b'!', b'=', b'=', ..] => Some(value_after(3, Bare::No)),
        [b'!', b'=', ..] => Some(value_after(2, Bare::No)),
        [b'=', b'=', b'=', ..] => Some(value_after(3, Bare::No)),
        [b'=', b'=', ..] => Some(value_after(2, Bare::No)),
        [b'=', b'>', ..] | [b':', b'=', ..] | [b'?', b'=', ..] => Some(value_after(2, Bare::Word)),
        [b'|', b'|', b'=', ..] => Some(value_after(3, Bare::Word)),
        [b'=', ..] => Some(value_after(1, Bare::Word)),
        // Not a path such as `Key::new`.
        [b':', b':', ..] => None,
        [b':', b'*', b'*', ..] if is_bold(text, name) => {
            Some(value_after(1 + BOLD.len(), Bare::Alone))
        }
        [b':', ..] => Some(
            typed_value(text, at + 1, after.quoted)
                .or_else(|| neighbours::below(text, at + 1))
                .unwrap_or_else(|| value_after(1, Bare::Alone)),
        ),
        [b'>', ..] if text[..name.start].ends_with(b"<") => Some((at + 1, Bare::Element)),
        [b'>', ..] | [b'<', b'/', ..] => neighbours::element(text, name, at),
        [b'{', ..] => neighbours::default(text, at),
        [b')', ..] if after.quoted => neighbours::written(text, at),
        [b'(', ..] if !after.quoted => Some(value_after(1, Bare::No)),
        // With the sign of a field's id: `fill("#password", "…")`.
        [b',', ..] if after.quoted && before(text, name, b'(', b'{') => {
            Some(value_after(1, Bare::No))
        }
        [b',', ..] if compares(text, name) => Some(value_after(1, Bare::No)),
        [b',', ..] if after.quoted && neighbours::written(text, at).is_some() => {
            neighbours::written(text, at)
        }
        // `set :password, "…"`, as Ruby has it.
        [b',', ..] if text[..name.start].ends_with(b":") => Some(value_after(1, Bare::No)),
        [b',', ..] => pair_value(text, name, at),
        [b'\r' | b'\n', ..] => {
            pair_value(text, name, at).or_else(|| neighbours::under(text, name, at))
        }
        _ if after.quoted => pair_value(text, name, at),
        [first, ..] if at > after.end => spaced_value(text, name, at, *first),
        _ => None,
    }
}

/// `password: String = "…"`: a type between the colon and what assigns.
fn typed_value(text: &[u8], after_colon: usize, name_quoted: bool) -> Option<(usize, Bare)> {
    if name_quoted {
        return None;
    }
    let start = skip_blanks(text, after_colon);
    let is_type = |byte: u8| byte.is_ascii_alphanumeric() || b"_<>[]|?&:.*'".contains(&byte);
    let length = text[start..]
        .iter()
        .take(LONGEST_NAME)
        .take_while(|&&byte| is_type(byte))
        .count();
    let end = skip_blanks(text, start + length);
    let assigns = text
        .get(start)
        .is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'&')
        && end > start + length
        && text[end..].starts_with(b"= ");
    assigns.then(|| (skip_blanks(text, end + 1), Bare::No))
}

/// The name is itself a value, and what it names follows under `value`: `name: X` and `value: …` on the next line,
/// `"name": "x", "value": "…"`, `key="x" value="…"`.
fn pair_value(text: &[u8], name: ViewRange, at: usize) -> Option<(usize, Bare)> {
    if !before(text, name, b':', b'=') {
        return None;
    }
    let mut at = neighbours::value_member(text, at)?;
    if text.get(at).is_some_and(|&byte| is_quote(byte)) {
        at += 1;
    }
    let word = text.get(at..at + 5)?;
    if !word.eq_ignore_ascii_case(b"value") {
        return None;
    }
    at += 5;
    if text.get(at).is_some_and(|&byte| is_quote(byte)) {
        at += 1;
    }
    at = skip_blanks(text, at);
    matches!(text.get(at), Some(b':' | b'=')).then(|| (skip_blanks(text, at + 1), Bare::Alone))
}

/// A name, white space, and the value: `--password x`, `ENV PASSWORD x`, `login y password x`, `#define PASSWORD "x"`.
fn spaced_value(text: &[u8], name: ViewRange, at: usize, first: u8) -> Option<(usize, Bare)> {
    let before = &text[name.start.saturating_sub(LONGEST_NAME * 4)..name.start];
    let line = last_line(before).trim_ascii_start();
    let is_flag = line.ends_with(b"--")
        || (line.ends_with(b"-") && line.get(line.len().wrapping_sub(2)) == Some(&b' '));
    let is_docker = [&b"ENV "[..], b"ARG ", b"setx ", b"setenv "]
        .iter()
        .any(|word| line.starts_with(word));
    let is_netrc = name.of(text) == b"password" && memchr::memmem::find(line, b"login ").is_some();
    let is_sql = || {
        let name = name.of(text);
        name.eq_ignore_ascii_case(b"identified by")
            || name.eq_ignore_ascii_case(b"password")
                && [&b"CREATE "[..], b"ALTER ", b"LOGIN", b"create ", b"alter "]
                    .iter()
                    .any(|word| memchr::memmem::find(line, word).is_some())
    };
    if is_quote(first) || first == b'\\' {
        // Within a sentence a quoted word is no value of the word before it.
        let begins_line = line.is_empty() || line.starts_with(b"#define");
        let is_given = is_flag || is_docker || is_netrc || begins_line || is_sql();
        return is_given.then_some((at, Bare::No));
    }
    let is_identified = || name.of(text).eq_ignore_ascii_case(b"identified by");
    (is_flag || is_docker || is_netrc || is_identified()).then_some((at, Bare::Word))
}

/// Whether a name is what a call compares first: `strcmp(password, "…")`.
fn compares(text: &[u8], name: ViewRange) -> bool {
    let head = &text[..name.start];
    [
        &b"cmp("[..],
        b".equals(",
        b".Equals(",
        b"compare(",
        b"compare_digest(",
    ]
    .iter()
    .any(|call| head.ends_with(call))
}

/// Whether one of two bytes stands before a name, its quote and blanks aside.
fn before(text: &[u8], name: ViewRange, this: u8, that: u8) -> bool {
    let before = text[..name.start].iter().rev().take(LONGEST_GAP);
    let mut others =
        before.skip_while(|&&byte| is_quote(byte) || matches!(byte, b' ' | b'\t' | b'\\' | b'#'));
    others
        .next()
        .is_some_and(|&byte| byte == this || byte == that)
}

fn skip_blanks(text: &[u8], at: usize) -> usize {
    at + text[at..]
        .iter()
        .take(LONGEST_GAP)
        .take_while(|&&byte| byte == b' ' || byte == b'\t')
        .count()
}

/// Over blanks and, if more than blanks is on the next line, over one line's end.
fn skip_blanks_and_a_line(text: &[u8], at: usize) -> usize {
    let at = skip_blanks(text, at);
    let line_end = match &text[at..] {
        [b'\r', b'\n', ..] => 2,
        [b'\n', ..] => 1,
        _ => return at,
    };
    skip_blanks(text, at + line_end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value<'t>(text: &'t str, anchor: &str) -> Option<&'t str> {
        let start = text.to_ascii_lowercase().find(anchor).unwrap();
        let found = around(
            text.as_bytes(),
            ViewRange::new(start, start + anchor.len()),
            &mut Run::default(),
        )?;
        Some(&text[found.secret.start..found.secret.end])
    }

    #[test]
    fn values_are_found_however_they_are_given() {
        for text in [
            r#"password = "s3cr3t""#,
            r#"password="s3cr3t""#,
            r#"DB_PASSWORD=s3cr3t"#,
            r#"export DB_PASSWORD='s3cr3t'"#,
            r#"{"password": "s3cr3t"}"#,
            r#"{\"password\": \"s3cr3t\"}"#,
            r#"  password: s3cr3t"#,
            r#"password: s3cr3t # why"#,
            r#"config['password'] = 's3cr3t'"#,
            r#":password => 's3cr3t'"#,
            r#"password := `s3cr3t`"#,
            r#"let password: &str = "s3cr3t";"#,
            r#"password: str = "s3cr3t""#,
            r#"char password[] = "s3cr3t";"#,
            r#"if password == "s3cr3t":"#,
            r#"setPassword("s3cr3t")"#,
            r#"env("PASSWORD", "s3cr3t")"#,
            r#"<password>s3cr3t</password>"#,
            r#"<add key="Password" value="s3cr3t"/>"#,
            r#"{"name": "PASSWORD", "value": "s3cr3t"}"#,
            "- name: PASSWORD\n  value: s3cr3t",
            "mysql --password s3cr3t -u x",
            "mysql --password=s3cr3t -u x",
            "ENV PASSWORD s3cr3t",
            "machine x login y password s3cr3t",
            r#"#define PASSWORD "s3cr3t""#,
            "server=x;password=s3cr3t;user=y",
            "https://x.example/?password=s3cr3t&user=y",
            "$password = 's3cr3t';",
            "spring.datasource.password=s3cr3t",
            "password =\n    's3cr3t'",
            r#"password = Some("s3cr3t")"#,
            r#"password: []byte("s3cr3t"),"#,
            r#"password = base64.b64decode(b's3cr3t')"#,
            r#""password":["s3cr3t","other"]"#,
            r#"password = os.environ.get("PW", "s3cr3t")"#,
            r#"password = os.environ.get("PW") or "s3cr3t""#,
            r#"password = process.env.PW || 's3cr3t'"#,
            r#"password = getenv(NAME, "s3cr3t")"#,
            r#"set :password, 's3cr3t'"#,
            r#"password: 'Basic s3cr3t'"#,
            "CREATE ROLE x LOGIN PASSWORD 's3cr3t';",
            r#"if (password != "s3cr3t") {"#,
            r#"if strcmp(password, "s3cr3t") == 0"#,
            r#"page.fill('#password', 's3cr3t')"#,
            "setx PASSWORD s3cr3t",
            "setenv PASSWORD s3cr3t",
            "password: Token s3cr3t",
        ] {
            assert_eq!(value(text, "password"), Some("s3cr3t"), "{text}");
        }
    }

    #[test]
    fn values_are_found_beside_their_name() {
        for text in [
            r#"<string name="password">s3cr3t</string>"#,
            r#"<entry key="db.password">s3cr3t</entry>"#,
            "<key>password</key>\n\t<string>s3cr3t</string>",
            "<name>db.password</name><value>s3cr3t</value>",
            "variable \"password\" {\n  type = string\n  default = \"s3cr3t\"\n}",
            r#"{"key": "password", "type": "string", "value": "s3cr3t"}"#,
            "- value: s3cr3t\n  name: PASSWORD",
            r#"{"value": "s3cr3t", "name": "PASSWORD"}"#,
            "{\n  \"value\": \"s3cr3t\",\n  \"name\": \"PASSWORD\"\n}",
            r#"<add value="s3cr3t" key="Password"/>"#,
            r#"if ("s3cr3t".equals(password)) {"#,
            r#"if "s3cr3t" == password:"#,
            r#"by_id("password").send_keys("s3cr3t")"#,
            "get('#password').type('s3cr3t')",
            r#"fill_in "Password", with: "s3cr3t""#,
            "password:\n  - s3cr3t\n",
            "password:\n  - 's3cr3t'\n",
            "password: |\n  s3cr3t\n",
            "password: >-\n  s3cr3t\n",
            "Password:\n  s3cr3t\n",
            "**Password:** s3cr3t",
            "**Password**: s3cr3t",
            "| user | password |\n|---|:--|\n| bob | s3cr3t |",
            "| password |\n|---|\n|s3cr3t|",
            "INSERT INTO users (name, password) VALUES ('bob', 's3cr3t');",
            "insert into `users` (`id`, `password`, `x`) values (1, 's3cr3t', 2)",
            "INSERT INTO t (a, b, password) VALUES ('x, (y)', NULL, 's3cr3t')",
        ] {
            assert_eq!(value(text, "password"), Some("s3cr3t"), "{text}");
        }
    }

    #[test]
    fn a_name_alone_on_its_line_gives_what_is_below_it() {
        for (text, given) in [
            ("Password\nk3Jx9vQ2mRt\n", Some("k3Jx9vQ2mRt")),
            ("# Password\r\n  k3Jx9vQ2mRt\r\n", Some("k3Jx9vQ2mRt")),
            (
                "9yLxkA2T26pEUpassword62oqx\nGxyhLrXHFub4qjySjmm2AcG1hp2J\n",
                None,
            ),
            ("Password\nuser1\n", None),
            ("Password\nuser_name_2\n", None),
            ("the password\nk3Jx9vQ2mRt\n", None),
            ("Password\nk3Jx9vQ2mRt(x)\n", None),
        ] {
            assert_eq!(value(text, "password"), given, "{text}");
        }
    }

    #[test]
    fn what_only_stands_near_a_name_is_no_value() {
        for text in [
            r#"<label for="password">s3cr3t</label>"#,
            "<key>password</key>\n<integer>3</integer>",
            r#"variable "password" { type = string }"#,
            r#"variable "password" {} variable "x" { default = "s3cr3t" }"#,
            "- value: s3cr3t\n- name: PASSWORD",
            r#"{"value": "s3cr3t"}, {"name": "PASSWORD"}"#,
            r#"{"value": "s3cr3t", "filename": "PASSWORD"}"#,
            r#"if form["s3cr3t"] == password"#,
            r#"by_id("password").click("s3cr3t")"#,
            "password:\n  secretKeyRef:\n    name: x1",
            "password:\n  user\n",
            "password: |\n  what 1 was told\n",
            "| password | needed |\n|---|---|\n| the word s3cr3t | yes |",
            "| password | s3cr3t |\n| x | y |",
            "select(a, password) values ('x', 's3cr3t')",
            "INSERT INTO users (name, password) VALUES (:name, :s3cr3t)",
            "password\ns3cr3t",
        ] {
            assert_eq!(value(text, "password"), None, "{text}");
        }
    }

    #[test]
    fn values_are_found_in_sentences() {
        for (anchor, text) in [
            ("password", "The password is k3Jx9vQ2."),
            ("password", "the password is: k3Jx9vQ2"),
            ("password", "root password set to k3Jx9vQ2 today"),
            (
                "password",
                "the password for the first box is k3Jx9vQ2, mind it",
            ),
            ("password", "user x, password k3Jx9vQ2 in the lab"),
            ("password", "Use k3Jx9vQ2 as the password."),
            ("password", "use `k3Jx9vQ2` as your password"),
            ("password", "password -> k3Jx9vQ2"),
            ("passwort", "Das Passwort lautet k3Jx9vQ2."),
            ("mot de passe", "le mot de passe est k3Jx9vQ2"),
            ("contraseña", "la contraseña es k3Jx9vQ2"),
            ("sen~ha", "a senha é k3Jx9vQ2"),
            ("wachtwoord", "het wachtwoord is k3Jx9vQ2"),
            ("hasło", "hasło to k3Jx9vQ2"),
            ("пароль", "пароль от сервера: k3Jx9vQ2"),
            ("密码", "密码是k3Jx9vQ2"),
            ("密码", "密码：k3Jx9vQ2。"),
            ("パスワード", "パスワードはk3Jx9vQ2です"),
            ("비밀번호", "비밀번호는 k3Jx9vQ2"),
        ] {
            let anchor = anchor.replace('~', "");
            assert_eq!(value(text, &anchor), Some("k3Jx9vQ2"), "{text}");
        }
    }

    #[test]
    fn sentences_about_a_password_give_no_value() {
        for text in [
            "the password is stored in vault2",
            "the password is required",
            "password for the database is kept elsewhere",
            "use it as the password",
            "#define MY_PASSWORD_QUANTIZER jI1Quant",
            "Password Md5Digest(x)",
            "Password Utf8Bytes = x",
            "%w[password gq18WBnJYNh2]",
            "the password and k3Jx9vQ2",
        ] {
            assert_eq!(value(text, "password"), None, "{text}");
        }
    }

    #[test]
    fn lists_of_names_give_no_value() {
        for text in [
            r#"["password", "s3cr3t"]"#,
            r#"["user", "password", "s3cr3t"]"#,
            "names = [\"password\"]\nvalue = '''s3cr3t'''",
        ] {
            assert_eq!(value(text, "password"), None, "{text}");
        }
    }

    #[test]
    fn prose_and_code_give_no_value() {
        for text in [
            "did not password \"s3cr3t\" on",
            "'Vault::Password' => 's3cr3t'",
            "the password is lost",
            "password: the word to use",
            "Password::new(x)",
            "password",
            "password)",
            "password.",
            "password\nuser: x",
        ] {
            assert_eq!(value(text, "password"), None, "{text}");
        }
    }

    #[test]
    fn what_a_call_takes_beside_a_name_is_no_value() {
        for text in [
            r#"passwordBytes = toUtf8Bytes(password, "NFKC")"#,
            r#"password = encode(word, 'utf-8')"#,
        ] {
            let given = value(text, "password").unwrap_or_default();
            assert!(
                !given.contains("NFKC") && !given.contains("utf-8"),
                "{text}"
            );
        }
    }

    #[test]
    fn a_short_anchor_is_a_word_of_its_own() {
        assert_eq!(value("monkey = 'banana'", "key"), None);
        assert_eq!(value("keyboard = 'qwerty'", "key"), None);
        assert_eq!(value("apiKey = 'banana'", "key"), Some("banana"));
        assert_eq!(value("API_KEY = 'banana'", "key"), Some("banana"));
        assert_eq!(value("tokenizer = 'banana'", "token"), None);
        assert_eq!(value("mytoken = 'banana'", "token"), Some("banana"));
        assert_eq!(value("compass = 'banana'", "pass"), None);
        assert_eq!(value("bapiKey = 'banana'", "apikey"), None);
        assert_eq!(value("myapiKey = 'banana'", "apikey"), Some("banana"));
        assert_eq!(value("MYPASSWORD = 'banana'", "password"), Some("banana"));
    }
}
