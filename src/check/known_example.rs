//! Values that vendors publish as examples: they open nothing, and are in every tutorial. This check runs on every secret;
//! no rule needs to name it.

use std::collections::HashSet;
use std::sync::OnceLock;

/// One value a line behind how it is matched, broken by `~` so that no scanner trips over the file.
const PUBLISHED: &str = include_str!("../../rules/known-examples.txt");

/// Whether `secret` is a value that some vendor publishes.
pub(super) fn is_published(secret: &[u8]) -> bool {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(Table::read).holds(secret)
}

struct Table {
    exact: HashSet<Vec<u8>>,
    prefixes: Vec<Vec<u8>>,
    suffixes: Vec<Vec<u8>>,
    parts: Vec<Vec<u8>>,
}

impl Table {
    fn read() -> Table {
        let mut table = Table {
            exact: HashSet::new(),
            prefixes: Vec::new(),
            suffixes: Vec::new(),
            parts: Vec::new(),
        };
        for line in PUBLISHED.lines().filter(|line| !line.starts_with('#')) {
            let Some((matched, value)) = line.split_once(' ') else {
                continue;
            };
            let value = value.replace('~', "").into_bytes();
            match matched {
                "exact" => drop(table.exact.insert(value)),
                "prefix" => table.prefixes.push(value),
                "suffix" => table.suffixes.push(value),
                _ => table.parts.push(value),
            }
        }
        table
    }

    fn holds(&self, secret: &[u8]) -> bool {
        let body = within_armour(secret);
        self.exact.contains(secret)
            || self
                .prefixes
                .iter()
                .any(|prefix| secret.starts_with(prefix) || body.starts_with(prefix))
            || self.suffixes.iter().any(|suffix| secret.ends_with(suffix))
            || self
                .parts
                .iter()
                .any(|part| memchr::memmem::find(secret, part).is_some())
    }
}

/// What follows the first line of a key in armour, as PEM has it, over line ends that may be escaped and quotes; nothing for
/// other secrets.
fn within_armour(secret: &[u8]) -> &[u8] {
    const DASHES: &[u8] = b"-----";
    let Some(header) = secret.strip_prefix(DASHES) else {
        return &[];
    };
    let Some(end) = memchr::memmem::find(header, DASHES) else {
        return &[];
    };
    let mut body = &header[end + DASHES.len()..];
    loop {
        body = match body {
            [b'\\', b'n' | b'r', rest @ ..] => rest,
            [b'"' | b'\'' | b',' | b'\\', rest @ ..] => rest,
            [space, rest @ ..] if space.is_ascii_whitespace() => rest,
            _ => return body,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_values_are_known_and_others_are_not() {
        let known = |text: &str| is_published(text.replace('~', "").as_bytes());
        assert!(known("AK~IAIOSFODNN7EXAMPLE"));
        assert!(known("sk~_test_4eC39HqLyjWDarjtT1zdp7dc"));
        assert!(!known("AK~IAQ3EGR5XBZT2WUYMN"));
        assert!(!known(""));
        let line = "MI~IEogIBAAKCAQEAnzyis1ZjfNB0bBgKFMSvvkTtwlvBsaJq7S5wA+kzeVOVpVWw";
        for end in ["\n", "\r\n", "\\n", "\\r\\n", "\n    ", "\\n\",\n  \""] {
            let pem = format!("-----BEGIN RSA PRIV~ATE KEY-----{end}{line}{end}x");
            assert!(known(&pem), "{pem}");
        }
        assert!(!known(
            "-----BEGIN RSA PRIV~ATE KEY-----\nMI~IEpAIBAAKCAQEA"
        ));
        assert!(!known("-----BEGIN"));
    }

    #[test]
    fn every_line_of_the_table_is_understood() {
        for line in PUBLISHED.lines().filter(|line| !line.starts_with('#')) {
            let (matched, value) = line.split_once(' ').expect(line);
            assert!(
                matches!(matched, "exact" | "prefix" | "suffix" | "contains"),
                "{line}"
            );
            assert!(value.len() >= 5, "{line}");
        }
    }
}
