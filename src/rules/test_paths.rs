//! Which files are tests, told by their paths: what somebody made up to test with is a smaller matter than what runs somewhere.
//! Opens no file.

/// The longest word of a path that is looked up, in bytes.
const LONGEST: usize = 12;

/// Words of paths of tests, of what they read, and of what they recorded.
const WORDS: &[&[u8]] = &[
    b"test",
    b"tests",
    b"testing",
    b"testdata",
    b"testcase",
    b"testcases",
    b"unittest",
    b"unittests",
    b"spec",
    b"specs",
    b"fixture",
    b"fixtures",
    b"mock",
    b"mocks",
    b"cassette",
    b"cassettes",
    b"e2e",
];

/// Whether an item's path, with `/`, is that of a test: one of its words says so, cut at punctuation and where case changes. Of a
/// path from the root of the machine only the file's name counts: the folders above a project say nothing about it.
pub(crate) fn is_of_tests(path: &str) -> bool {
    let is_absolute = path.starts_with('/') || path.as_bytes().get(1) == Some(&b':');
    let path = match path.rsplit_once('/') {
        Some((_, name)) if is_absolute => name,
        _ => path,
    };
    let goes_on = |left: &u8, right: &u8| {
        left.is_ascii_alphanumeric()
            && right.is_ascii_alphanumeric()
            && !(left.is_ascii_lowercase() && right.is_ascii_uppercase())
    };
    let mut words = path.as_bytes().chunk_by(goes_on);
    words.any(|word| {
        word.len() <= LONGEST && WORDS.iter().any(|known| word.eq_ignore_ascii_case(known))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_known_by_their_paths() {
        for path in [
            "tests/login.rs",
            "src/app.test.ts",
            "spec/models/user_spec.rb",
            "pkg/auth_test.go",
            "src/LoginTest.java",
            "fixtures/config.yml",
            "a\\testdata\\b.json",
        ] {
            assert!(is_of_tests(path), "{path}");
        }
        for path in [
            "src/latest.rs",
            "contest/a.py",
            "inspector.rs",
            "",
            "/tmp/test/prod.env",
        ] {
            assert!(!is_of_tests(path), "{path}");
        }
    }
}
