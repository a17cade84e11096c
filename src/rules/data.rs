//! A valid rule, ready to be compiled: what `build.rs` writes into the program and what a user's file becomes.
//! Compiles no pattern.

use std::borrow::Cow;

use crate::model::{Confidence, RuleCard};

/// Text that is in the program, or was read from a user's file.
pub(crate) type Text = Cow<'static, str>;

/// A rule whose every part is known to be valid.
#[derive(Clone, Debug)]
pub(crate) struct RuleData {
    /// What reports say about it.
    pub(crate) card: RuleCard,
    /// How sure a match is before any check has spoken.
    pub(crate) confidence: Confidence,
    /// How it finds.
    pub(crate) method: Method,
    /// The checks, in the order they run.
    pub(crate) checks: Cow<'static, [CheckSpec]>,
    /// Globs of which the item's path must match one; empty for any path.
    pub(crate) only: Cow<'static, [Text]>,
    /// Globs of which the item's path must match none.
    pub(crate) never: Cow<'static, [Text]>,
    /// Whether it gives way to any other finding in the same place.
    pub(crate) fallback: bool,
    /// Whether it is on by default.
    pub(crate) enabled: bool,
}

/// How a rule finds.
#[derive(Clone, Debug)]
pub(crate) enum Method {
    /// A pattern in a window around an anchor.
    Pattern {
        /// Literals of which every match holds one.
        anchors: Cow<'static, [Text]>,
        /// Whether the anchors count in any ASCII case.
        ignore_case: bool,
        /// The pattern; its group `secret` is what must not get out.
        pattern: Text,
        /// The longest match, in bytes: the window reaches that far behind the anchor's start.
        reach: usize,
        /// The most that a match has before its anchor, in bytes: the window begins that far before it.
        lead: usize,
        /// A byte that every match has behind its anchor: where it is missing, the pattern need not be tried.
        then: Option<u8>,
        /// A second pattern that must match close by.
        near: Option<Near>,
    },
    /// The value given to a name that holds an anchor.
    Value {
        /// Parts of names, in any ASCII case.
        anchors: Cow<'static, [Text]>,
        /// The pattern that the whole value must match.
        value: Text,
    },
    /// The file itself.
    File {
        /// Globs on its path.
        names: Cow<'static, [Text]>,
        /// What its first bytes may be.
        magic: Cow<'static, [Cow<'static, [u8]>]>,
    },
}

/// A second pattern that must match close to the first.
#[derive(Clone, Debug)]
pub(crate) struct Near {
    /// The pattern; if it has a group `secret`, that is what is reported.
    pub(crate) pattern: Text,
    /// How many lines away it may be, before or after.
    pub(crate) lines: usize,
}

/// A check and its parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct CheckSpec {
    /// Which check.
    pub(crate) kind: CheckKind,
    /// Its parameter; 0 for those that take none.
    pub(crate) parameter: f32,
}

/// The checks that rules can name. What they do is in the room `check`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum CheckKind {
    Base58Check,
    BasicAuth,
    Crc32Base62,
    Entropy,
    Jwt,
    KeyBody,
    Marking,
    NotPlaceholder,
    NotReference,
    NotWord,
    SecretName,
}

impl CheckKind {
    /// Every check, sorted by name.
    pub(crate) const ALL: &'static [(CheckKind, &'static str)] = &[
        (CheckKind::Base58Check, "base58check"),
        (CheckKind::BasicAuth, "basic-auth"),
        (CheckKind::Crc32Base62, "crc32-base62"),
        (CheckKind::Entropy, "entropy"),
        (CheckKind::Jwt, "jwt"),
        (CheckKind::KeyBody, "key-body"),
        (CheckKind::Marking, "marking"),
        (CheckKind::NotPlaceholder, "not-placeholder"),
        (CheckKind::NotReference, "not-reference"),
        (CheckKind::NotWord, "not-word"),
        (CheckKind::SecretName, "secret-name"),
    ];

    /// Whether it needs a number after a colon.
    pub(crate) const fn takes_parameter(self) -> bool {
        matches!(self, CheckKind::Entropy)
    }
}
