//! How a name is spelled in the languages that use it: `acme_key` in one, `acme-key`, `acme.key` and `acmeKey` in others.
//! Knows no rule.

/// What joins the words of a name besides `_`.
const JOINTS: [&str; 3] = ["-", ".", ""];

/// A word that a rule looks for, as written, and if `_` joins its parts, with everything else that may.
pub(super) fn spellings(word: &str) -> Vec<String> {
    let mut all = vec![word.to_owned()];
    let is_joined = word.contains('_') && !word.starts_with('_') && !word.ends_with('_');
    if is_joined {
        all.extend(JOINTS.iter().map(|joint| word.replace('_', joint)));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_joins_the_parts_of_a_word_may_be_anything_that_joins_names() {
        assert_eq!(
            spellings("acme_api_key"),
            ["acme_api_key", "acme-api-key", "acme.api.key", "acmeapikey"]
        );
        for word in ["acme", "acme.io", "acme-key", "acme_", "_acme"] {
            assert_eq!(spellings(word), [word]);
        }
    }
}
