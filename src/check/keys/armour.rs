//! What stands between `-----BEGIN …-----` and `-----END …-----`, whatever a source's language did to its lines. Sources:
//! RFC 7468, RFC 1421 section 4.6 for header fields, RFC 4880 section 6.

use memchr::memmem;

use super::super::primitives::encoding::base64;
use super::{NO_BODY, Said, entropy, not_placeholder};

/// The shortest body, in characters: an Ed25519 key in PKCS #8 has 64.
const SHORTEST: usize = 32;

/// The least bits a character of a body has that is not a placeholder.
const LEAST_ENTROPY: f32 = 3.5;

const BEGIN: &[u8] = b"-----BEGIN ";

/// An armoured key, taken apart.
pub(super) struct Armour {
    /// What it says it is: `RSA PRIVATE KEY`.
    pub(super) label: Vec<u8>,
    /// Whether the last line has another label than the first.
    pub(super) mislabelled: bool,
    /// Whether a header field says that the body is encrypted.
    pub(super) encrypted: bool,
    /// The body's base64, without what is around it.
    pub(super) body: Vec<u8>,
    /// OpenPGP's checksum, without the `=` before it.
    pub(super) checksum: Option<Vec<u8>>,
}

impl Armour {
    /// Takes apart what begins in `text`, if anything does.
    pub(super) fn read(text: &[u8]) -> Option<Armour> {
        let begin = memmem::find(text, BEGIN)? + BEGIN.len();
        let label_length = memmem::find(&text[begin..], b"-----")?;
        let label = &text[begin..begin + label_length];
        let inside = &text[begin + label_length + 5..];
        let (inside, mislabelled) = match memmem::find(inside, b"-----") {
            Some(end) => {
                let footer = &inside[end + 5..];
                let last = footer.strip_prefix(b"END ");
                let fits = last.is_some_and(|last| last.starts_with(label));
                (&inside[..end], !fits)
            }
            None => (inside, false),
        };
        let mut armour = Armour {
            label: label.to_vec(),
            mislabelled,
            encrypted: false,
            body: Vec::with_capacity(inside.len()),
            checksum: None,
        };
        armour.read_lines(&unescaped(inside));
        Some(armour)
    }

    fn read_lines(&mut self, inside: &[u8]) {
        let mut lines: Vec<&[u8]> = inside
            .split(|byte| matches!(byte, b'\n' | b'\r'))
            .map(bare)
            .filter(|line| !line.is_empty())
            .collect();
        // Lines that a patch adds: a key's first line never begins with a plus of its own.
        if lines.len() > 1 && lines.iter().all(|line| line.starts_with(b"+")) {
            for line in &mut lines {
                *line = &line[1..];
            }
        }
        for line in lines {
            if line.contains(&b':') {
                self.encrypted |= memmem::find(line, b"ENCRYPTED").is_some();
            } else if line.len() == 5 && line[0] == b'=' {
                self.checksum = Some(line[1..].to_vec());
            } else {
                self.body.extend(line);
            }
        }
    }

    /// Why it is no key at all, if its body is missing or a placeholder.
    pub(super) fn rejected(&self) -> Option<Said> {
        if self.body.len() < SHORTEST || not_placeholder::is_placeholder(&self.body) {
            return Some(NO_BODY);
        }
        (entropy::bits_per_byte(&self.body) < LEAST_ENTROPY)
            .then_some(Said::Rejected("its body is a placeholder"))
    }

    /// The body's bytes.
    pub(super) fn decoded(&self) -> Option<Vec<u8>> {
        base64(&self.body)
    }
}

/// A text with its line ends real: `\n`, `\\n` and `\r` as escapes, `%0A`, and an end that HTML writes.
fn unescaped(text: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, after @ ..] = rest {
        rest = after;
        match first {
            b'\\' => {
                let slashes = rest.iter().take_while(|&&byte| byte == b'\\').count();
                rest = &rest[slashes..];
                if let [b'n' | b'r', behind @ ..] = rest {
                    plain.push(b'\n');
                    rest = behind;
                } else if let [b't', behind @ ..] = rest {
                    plain.push(b' ');
                    rest = behind;
                }
            }
            b'%' if matches!(rest, [b'0', b'A' | b'a' | b'D' | b'd', ..]) => {
                plain.push(b'\n');
                rest = &rest[2..];
            }
            b'&' => {
                let line_end = ["#10;", "#xA;", "#xa;", "#13;", "#xD;", "#xd;"]
                    .iter()
                    .find(|escape| rest.starts_with(escape.as_bytes()));
                match line_end {
                    Some(escape) => {
                        plain.push(b'\n');
                        rest = &rest[escape.len()..];
                    }
                    None => plain.push(b'&'),
                }
            }
            _ => plain.push(*first),
        }
    }
    plain
}

/// A line without its indentation and quotes, comment signs before it, and signs that join it to the next.
fn bare(line: &[u8]) -> &[u8] {
    let mut line = line.trim_ascii();
    while let [
        b'"' | b'\'' | b'`' | b'|' | b'#' | b'>' | b'*' | b'-' | b' ' | b'\t' | b'\\',
        rest @ ..,
    ] = line
    {
        line = rest;
    }
    loop {
        line = match line {
            [
                rest @ ..,
                b'"' | b'\'' | b'`' | b',' | b';' | b'|' | b')' | b'\\' | b' ' | b'\t',
            ] => rest,
            // A join, not a character of the body: something stands between it and the body.
            [rest @ .., b'+' | b'.' | b'&' | b'_']
                if matches!(rest, [.., b'"' | b'\'' | b' ' | b'\t']) =>
            {
                rest
            }
            [b'+' | b'.' | b'&' | b'_'] => &[],
            _ => return line,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = "MC4CAQAwBQYDK2VwBCIEIAABAgMEBQYH~CAkKCwwNDg8QERITFBUWFxgZGhscHR4f";

    fn body(lines: &str) -> String {
        let text = format!("-----BEGIN X-----{lines}-----END X-----");
        String::from_utf8(Armour::read(text.as_bytes()).unwrap().body).unwrap()
    }

    #[test]
    fn bodies_are_read_however_their_lines_are_written() {
        let (first, last) = BODY.split_at(32);
        for lines in [
            format!("\n{first}\n{last}\n"),
            format!("\r\n{first}\r\n{last}\r\n"),
            format!("\\n{first}\\n{last}\\n"),
            format!("\\\\n{first}\\\\n{last}\\\\n"),
            format!("\\r\\n{first}\\r\\n{last}\\r\\n"),
            format!("\n  {first}\n\t{last}\n  "),
            format!("\\n\" +\n  \"{first}\\n\" +\n  \"{last}\\n\" +\n \""),
            format!("\\n\"\n  \"{first}\\n\"\n  \"{last}\\n\"\n \""),
            format!("\\n' .\n  '{first}\\n' .\n  '{last}\\n' .\n '"),
            format!("\",\n  \"{first}\",\n  \"{last}\",\n \""),
            format!("\n+{first}\n+{last}\n+"),
            format!("\n# {first}\n# {last}\n# "),
            format!("\n> {first}\n> {last}\n> "),
            format!("%0A{first}%0A{last}%0A"),
            format!("&#10;{first}&#xA;{last}&#10;"),
            format!("\n{first}\\\n{last}\\\n"),
        ] {
            assert_eq!(body(&lines), BODY, "{lines}");
        }
    }

    #[test]
    fn fields_and_checksums_are_no_part_of_the_body() {
        let text = format!(
            "-----BEGIN RSA-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES,00\n\n{BODY}\n=FFzr\n-----END DSA-----"
        );
        let armour = Armour::read(text.as_bytes()).unwrap();
        assert_eq!(armour.body, BODY.as_bytes());
        assert_eq!(armour.checksum.as_deref(), Some(&b"FFzr"[..]));
        assert!(armour.encrypted && armour.mislabelled);
        assert_eq!(armour.label, b"RSA");
        let escaped = text.replace('\n', "\\n");
        let armour = Armour::read(escaped.as_bytes()).unwrap();
        assert!(armour.encrypted && armour.body == BODY.as_bytes());
        assert!(Armour::read(b"-----BEGIN ").is_none());
        assert!(Armour::read(b"-----BEGIN X-----").unwrap().body.is_empty());
    }
}
