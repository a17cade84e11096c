//! What is known of a candidate, as small whole numbers: one number a feature, the same for training and for scoring. The
//! names are what `--explain` and `withhold dev features` print. Decides nothing.

use super::super::Subject;
use super::{around, name, value};

/// Declares the features: what each is called in the program, and what it is called outside.
macro_rules! features {
    ($($feature:ident $name:literal,)*) => {
        /// One thing that is known of a candidate.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub(super) enum Feature {
            $($feature,)*
        }

        /// Their names, in order.
        pub(super) const NAMES: &[&str] = &[$($name,)*];
    };
}

features! {
    // The name that the value is given to.
    NameLength "name-length",
    NameWords "name-words",
    NameCase "name-case",
    NameDotted "name-has-dots",
    NameLast "last-word-of-name",
    NamePassword "name-says-password",
    NameSecret "name-says-secret",
    NameToken "name-says-token",
    NameKey "name-says-key",
    NameAuth "name-says-auth",
    NameCredential "name-says-credential",
    NameApi "name-says-api",
    NamePrivate "name-says-private",
    NamePublic "name-says-public",
    NameCrypto "name-says-encryption",
    NameClient "name-says-client",
    NameUser "name-says-user",
    NameSample "name-says-sample",
    NameNever "name-says-not-secret",
    NameGlued "name-is-glued",
    NameBare "name-is-one-word",
    NameKeyOf "kind-of-key",
    // The value.
    ValueLength "value-length",
    ValueLower "lower-case-share",
    ValueUpper "upper-case-share",
    ValueDigits "digit-share",
    ValueSymbols "symbol-share",
    ValueSpaces "blanks",
    ValueForeign "not-ascii",
    ValueDistinct "different-characters",
    ValueMost "most-frequent-character",
    ValueRun "longest-repeat",
    ValueTurns "changes-of-kind",
    ValueDigitRuns "runs-of-digits",
    ValueLetterRuns "runs-of-letters",
    ValueLongestLetters "longest-run-of-letters",
    ValueLongestDigits "longest-run-of-digits",
    ValueSteps "neighbouring-characters",
    ValueRow "keys-in-a-row",
    ValueVowels "vowels",
    ValueSurprise "letters-surprise",
    ValueWorst "most-surprising-word",
    ValueKnown "letters-in-known-words",
    ValueWordsKnown "known-words",
    ValueLongestKnown "longest-known-word",
    ValueSecretWord "value-says-secret",
    ValueFirst "first-character",
    ValueLast "last-character",
    ValueHex "hexadecimal",
    ValueHexLength "length-of-a-digest",
    ValueBase64 "base64",
    ValueUuid "uuid",
    ValueIdentifier "identifier",
    ValueCamel "camel-case",
    ValueKebab "words-with-hyphens",
    ValueSnake "words-with-underscores",
    ValueDots "dots",
    ValueSlashes "slashes",
    ValueColons "colons",
    ValueAddress "address",
    ValueBrackets "brackets",
    ValueCode "code-in-value",
    ValueWordy "made-of-words",
    ValueStruck "words-or-keys-in-a-row",
    ValueBeginning "how-it-begins",
    ValueNumber "number",
    ValueTail "digits-at-the-end",
    ValueEscapes "escapes",
    ValueHash "password-hash",
    // How it is given.
    Quote "quotes",
    Between "how-it-is-given",
    BetweenLength "distance-to-name",
    BetweenCall "within-a-call",
    BetweenBytes "as-bytes",
    NameQuoted "name-is-quoted",
    After "what-follows",
    // The line, and what is near.
    LineLength "line-length",
    LineBefore "begins-its-line",
    LineIndent "indentation",
    LineComment "comment",
    LineQuotes "quotes-on-line",
    LineCode "code-on-line",
    LineShell "command-on-line",
    LineMarkup "markup-on-line",
    LineSample "line-says-example",
    LineUser "line-says-user",
    LineHost "line-says-host",
    LineUrl "address-on-line",
    NearUser "user-near",
    NearHost "host-near",
    NearSample "example-near",
    NearTest "test-near",
    NearSecrets "secrets-near",
    NearCrypto "encryption-near",
    NearSame "same-name-near",
    NearAgain "same-value-near",
    // The file.
    PathKind "kind-of-file",
    PathTest "path-says-test",
    PathSample "path-says-example",
    PathDocs "path-says-docs",
    PathVendor "path-says-vendored",
    PathConfig "path-says-settings",
}

/// How many features there are.
pub(super) const COUNT: usize = NAMES.len();

/// Room for them, a power of two: what is cut to seven bits need not be compared with the number of features.
pub(super) const ROOM: usize = 128;
const _: () = assert!(COUNT <= ROOM);

/// What is known of one candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Features(pub(super) [u8; ROOM]);

impl Features {
    /// Nothing is known.
    pub(super) const NONE: Features = Features([0; ROOM]);

    /// Every feature, in order.
    pub(super) fn known(&self) -> &[u8] {
        &self.0[..COUNT]
    }

    /// Everything about a candidate; `is_wordy` if its value is made of words.
    pub(super) fn of(subject: &Subject<'_>, is_wordy: bool) -> Features {
        let mut features = subject.path.features().clone();
        name::describe(subject, &mut features);
        value::describe(subject, is_wordy, &mut features);
        around::describe(subject, &mut features);
        features
    }

    /// Notes a number; more than fits counts as the most that does.
    pub(super) fn set(&mut self, feature: Feature, value: usize) {
        self.0[feature as usize] = u8::try_from(value).unwrap_or(u8::MAX);
    }

    /// Notes whether something is so.
    pub(super) fn mark(&mut self, feature: Feature, is_so: bool) {
        self.set(feature, usize::from(is_so));
    }
}

/// A share of a whole, in hundredths.
pub(super) const fn percent(part: usize, whole: usize) -> usize {
    match (part * 100).checked_div(whole) {
        Some(percent) => percent,
        None => 0,
    }
}
